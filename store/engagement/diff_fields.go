package engagement

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

func material(name, words string) attribute { return attribute{name, words, true} }
func other(name, words string) attribute    { return attribute{name, words, false} }

// listed writes a list so that two different lists never look the same: an
// entry with a comma is quoted.
func listed(all []string) string {
	parts := make([]string, len(all))
	for i, s := range all {
		parts[i] = s
		if s == "" || strings.ContainsAny(s, ",\"") || strings.TrimSpace(s) != s {
			parts[i] = quote(s)
		}
	}
	return strings.Join(parts, ", ")
}

// inTurn writes ids that follow each other.
func inTurn(steps []string) string { return strings.Join(steps, ", then ") }

// inOneLine is the canonical text of a value between brackets, which is
// different for different values.
func inOneLine(v value) string {
	if v.empty() {
		return ""
	}
	s, _ := v.oneLine()
	return s
}

func matrixFields(m store.Matrix) []attribute {
	signed := make([]string, len(m.Signed))
	for i, s := range m.Signed {
		signed[i] = s.By + " on " + s.Date.String()
	}
	return []attribute{
		other("version", orEmpty(m.Version)),
		other("effective", m.Effective.String()),
		other("reason", m.Reason),
		other("signed", listed(signed)),
	}
}

func orEmpty(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func rowEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Matrix.Functions))
	for i, f := range e.Matrix.Functions {
		items[i] = item{id: f.ID, name: f.Name, summary: rowSummary(f), material: true, fields: rowFields(f)}
	}
	return items
}

func rowSummary(f store.Function) string {
	s := "owner " + string(f.Owner)
	if people := f.Accountable.People(); len(people) > 0 {
		s += ", accountable " + strings.Join(people, " and ")
	}
	return s
}

func rowFields(f store.Function) []attribute {
	return []attribute{
		material("owner", string(f.Owner)),
		material("accountable", accountableWords(f.Accountable)),
		material("lead", leadWords(f.Lead)),
		material("escalation", inTurn(f.Escalation)),
		other("name", f.Name),
		other("area", f.Area),
		other("description", f.Description),
		other("aliases", listed(f.Aliases)),
		other("support", string(f.Support)),
		other("duties.internal", f.Duties.Internal),
		other("duties.msp", f.Duties.MSP),
		other("tool", f.Tool),
		other("vendor.name", f.Vendor.Name),
		other("vendor.contact", f.Vendor.Contact),
		other("artifact", f.Artifact),
		other("note", f.Note),
	}
}

func accountableWords(a store.Accountable) string {
	if a.Person != "" {
		return a.Person
	}
	var parts []string
	if a.Internal != "" {
		parts = append(parts, a.Internal+" for internal")
	}
	if a.MSP != "" {
		parts = append(parts, a.MSP+" for msp")
	}
	return strings.Join(parts, ", ")
}

func leadWords(l store.LeadRule) string {
	if l.BusinessHours == l.AfterHours {
		return string(l.BusinessHours)
	}
	var parts []string
	if l.BusinessHours != "" {
		parts = append(parts, string(l.BusinessHours)+" in business hours")
	}
	if l.AfterHours != "" {
		parts = append(parts, string(l.AfterHours)+" after hours")
	}
	return strings.Join(parts, ", ")
}

// exclusionEntries are told apart by name; one whose name changes is another.
func exclusionEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Matrix.OutOfScope))
	seen := map[string]int{}
	for i, x := range e.Matrix.OutOfScope {
		seen[x.Name]++
		items[i] = item{id: numbered(x.Name, seen[x.Name]), name: x.Name, material: true, fields: []attribute{
			other("aliases", listed(x.Aliases)), other("note", x.Note),
		}}
	}
	return items
}

// numbered keeps entries apart that share what they are told apart by.
func numbered(id string, n int) string {
	if n == 1 {
		return id
	}
	return fmt.Sprintf("%s (%d)", id, n)
}

// engagementFields: the hours and the side that takes calls outside them decide
// who leads, and the pattern is the shape of the agreement, so these are material.
func engagementFields(e *store.Engagement) []attribute {
	return []attribute{
		other("id", e.ID),
		other("client", e.Client),
		other("msp", e.MSP),
		other("users", orEmpty(e.Users)),
		material("time_zone", e.TimeZone),
		material("business_hours", inOneLine(list(e.BusinessHours, windowValue))),
		material("after_hours", string(e.AfterHours)),
		other("holidays", listed(e.Holidays)),
		material("patterns", listed(e.Patterns)),
		other("frameworks", listed(e.Frameworks)),
		other("onboarding_start", e.OnboardingStart.String()),
	}
}

func personEntries(e *store.Engagement) []item {
	items := make([]item, len(e.People))
	for i, p := range e.People {
		items[i] = item{id: p.ID, name: p.Name, summary: string(p.Side), fields: []attribute{
			other("name", p.Name),
			other("side", string(p.Side)),
			other("roles", listed(p.Roles)),
			other("title", p.Title),
			other("email", p.Email),
			other("phone", p.Phone),
			other("slack", p.Slack),
			other("teams", p.Teams),
		}}
	}
	return items
}

func channelEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Channels))
	for i, c := range e.Channels {
		items[i] = item{id: c.Name, name: c.Name, fields: []attribute{other("slack", c.Slack), other("teams", c.Teams)}}
	}
	return items
}

func toolEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Tools))
	for i, t := range e.Tools {
		items[i] = item{id: t.Layer, name: t.Layer, summary: t.Product, fields: []attribute{
			other("product", t.Product),
			other("run_by", string(t.RunBy)),
			other("also", inOneLine(list(t.Also, alsoValue))),
			other("replaces", listed(t.Replaces)),
			other("grandfathered", inOneLine(list(t.Grandfathered, grandfatheredValue))),
			other("data_owner", string(t.DataOwner)),
			other("export", t.Export),
		}}
	}
	return items
}

func artifactEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Artifacts))
	for i, a := range e.Artifacts {
		items[i] = item{id: a.ID, name: a.Name, summary: a.Owner, fields: []attribute{
			other("name", a.Name),
			other("aliases", listed(a.Aliases)),
			other("frameworks", listed(a.Frameworks)),
			other("authored_by", string(a.AuthoredBy)),
			other("executed_by", string(a.ExecutedBy)),
			other("owner", a.Owner),
			other("last_reviewed", a.LastReviewed.String()),
			other("review_every", a.ReviewEvery.String()),
		}}
	}
	return items
}

func severityEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Severities))
	for i, s := range e.Severities {
		id := "sev" + strconv.Itoa(s.Level)
		items[i] = item{id: id, name: strings.TrimSpace(strconv.Itoa(s.Level) + " " + s.Name), summary: leadWords(s.Lead), fields: []attribute{
			material("lead", leadWords(s.Lead)),
			other("name", s.Name),
			other("examples", listed(s.Examples)),
			other("respond_within", s.RespondWithin.String()),
			other("page", listed(s.Page)),
			other("business_response", s.BusinessResponse),
		}}
	}
	return items
}

func playbookFields(b store.Playbook) []attribute {
	return []attribute{
		other("may_isolate_endpoint", listed(b.MayIsolateEndpoint)),
		other("notifies_leadership", b.NotifiesLeadership),
		material("call_order", inTurn(b.CallOrder)),
	}
}

// rotationEntries are told apart by their name, or where they have none by
// their side and, beyond its first, a number.
func rotationEntries(e *store.Engagement) []item {
	items := make([]item, len(e.OnCall))
	unnamed := map[store.Side]int{}
	for i, r := range e.OnCall {
		name := r.Name
		if name == "" {
			name = string(r.Side)
			if unnamed[r.Side]++; unnamed[r.Side] > 1 {
				name += fmt.Sprintf(" (%d)", unnamed[r.Side])
			}
		}
		items[i] = item{id: store.OnCallPrefix + name, name: name, summary: inTurn(r.People), fields: []attribute{
			other("side", string(r.Side)),
			other("name", r.Name),
			other("from", r.From.String()),
			other("handoff", store.WeekdayName(r.Handoff.Day)+" "+r.Handoff.Time.String()),
			other("every", r.Every.String()),
			other("people", inTurn(r.People)),
		}}
	}
	return items
}

func cadenceEntries(e *store.Engagement) []item {
	items := make([]item, len(e.Cadences))
	for i, c := range e.Cadences {
		remind := make([]string, len(c.Remind))
		for j, d := range c.Remind {
			remind[j] = d.String()
		}
		items[i] = item{id: c.ID, name: c.Name, summary: string(c.Kind) + ", " + c.Schedule, fields: []attribute{
			other("name", c.Name),
			other("kind", string(c.Kind)),
			other("schedule", c.Schedule),
			other("week", weekValue(c.Week).text),
			other("channel", c.Channel),
			other("owner", c.Owner),
			other("expects", listed(c.Expects)),
			other("leadership", listed(c.Leadership)),
			other("questions", listed(c.Questions)),
			other("agenda", listed(c.Agenda)),
			other("remind", listed(remind)),
			other("grace", c.Grace.String()),
			other("on_holiday", c.OnHoliday),
		}}
	}
	return items
}
