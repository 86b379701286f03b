package engagement

import (
	"strconv"

	"github.com/tandem-bot/tandem/store"
)

// Format writes the canonical file of a valid engagement: fixed key order,
// short lists and groups on one line, quotes only where a reader of YAML 1.1
// or 1.2 could take the text for something else. Parse of the result gives the
// engagement again, and Format of that the same bytes. Comments of a file that
// was imported are not part of the engagement, and so are not written.
func Format(e *store.Engagement) []byte {
	root := block(
		pair("format", plain(store.Format)),
		pair("engagement", engagementValue(e)),
		pair("people", list(e.People, personValue)),
		pair("channels", channelsValue(e.Channels)),
		pair("matrix", matrixValue(e.Matrix)),
		pair("tools", list(e.Tools, toolValue)),
		pair("artifacts", list(e.Artifacts, artifactValue)),
		pair("severities", list(e.Severities, severityValue)),
		pair("playbook", playbookValue(e.Playbook)),
		pair("on_call", list(e.OnCall, rotationValue)),
		pair("cadences", list(e.Cadences, cadenceValue)),
	)
	root.spaced = true
	p := &printer{}
	p.block(root, 0)
	return p.out.Bytes()
}

func engagementValue(e *store.Engagement) value {
	return block(
		pair("id", text(e.ID)),
		pair("client", text(e.Client)),
		pair("msp", text(e.MSP)),
		pair("users", number(e.Users)),
		pair("time_zone", text(e.TimeZone)),
		pair("business_hours", list(e.BusinessHours, windowValue)),
		pair("after_hours", side(e.AfterHours)),
		pair("holidays", holidaysValue(e.Holidays)),
		pair("patterns", texts(e.Patterns)),
		pair("frameworks", texts(e.Frameworks)),
		pair("onboarding_start", date(e.OnboardingStart)),
	)
}

func windowValue(w store.Window) value {
	days := value{kind: listKind, flow: true}
	for _, d := range w.Days {
		days.items = append(days.items, plain(store.WeekdayName(d)))
	}
	return flow(
		pair("days", days),
		pair("from", text(w.From.String())),
		pair("to", text(w.To.String())),
	)
}

// holidaysValue leaves dates plain, as the format's other dates are.
func holidaysValue(names []string) value {
	v := value{kind: listKind, flow: true}
	for _, name := range names {
		if d, err := store.ParseDate(name); err == nil {
			v.items = append(v.items, date(d))
			continue
		}
		v.items = append(v.items, text(name))
	}
	return v
}

func personValue(p store.Person) value {
	return block(
		pair("id", text(p.ID)),
		pair("name", text(p.Name)),
		pair("side", side(p.Side)),
		pair("roles", texts(p.Roles)),
		pair("title", text(p.Title)),
		pair("email", text(p.Email)),
		pair("phone", text(p.Phone)),
		pair("slack", text(p.Slack)),
		pair("teams", text(p.Teams)),
	)
}

func channelsValue(channels []store.Channel) value {
	v := value{kind: mapKind}
	for _, c := range channels {
		address := flow(pair("slack", text(c.Slack)), pair("teams", text(c.Teams)))
		address.always = true
		v.pairs = append(v.pairs, pair(c.Name, address))
	}
	return v
}

func matrixValue(m store.Matrix) value {
	functions := list(m.Functions, functionValue)
	functions.spaced = true
	return block(
		pair("version", number(m.Version)),
		pair("effective", date(m.Effective)),
		pair("reason", text(m.Reason)),
		pair("signed", list(m.Signed, func(s store.Signature) value {
			return flow(pair("by", text(s.By)), pair("date", date(s.Date)))
		})),
		pair("functions", functions),
		pair("out_of_scope", list(m.OutOfScope, exclusionValue)),
	)
}

func functionValue(f store.Function) value {
	return block(
		pair("id", text(f.ID)),
		pair("name", text(f.Name)),
		pair("area", text(f.Area)),
		pair("description", text(f.Description)),
		pair("aliases", texts(f.Aliases)),
		pair("owner", side(f.Owner)),
		pair("accountable", accountableValue(f.Accountable)),
		pair("support", side(f.Support)),
		pair("lead", leadValue(f.Lead)),
		pair("duties", block(pair("internal", text(f.Duties.Internal)), pair("msp", text(f.Duties.MSP)))),
		pair("escalation", texts(f.Escalation)),
		pair("tool", text(f.Tool)),
		pair("vendor", flow(pair("name", text(f.Vendor.Name)), pair("contact", text(f.Vendor.Contact)))),
		pair("artifact", text(f.Artifact)),
		pair("note", text(f.Note)),
	)
}

func accountableValue(a store.Accountable) value {
	if a.Person != "" {
		return text(a.Person)
	}
	return flow(pair("internal", text(a.Internal)), pair("msp", text(a.MSP)))
}

func leadValue(l store.LeadRule) value {
	if l.BusinessHours == l.AfterHours {
		return side(l.BusinessHours)
	}
	return flow(pair("business_hours", side(l.BusinessHours)), pair("after_hours", side(l.AfterHours)))
}

func exclusionValue(x store.Exclusion) value {
	if len(x.Aliases) == 0 && x.Note == "" {
		return text(x.Name)
	}
	return flow(pair("name", text(x.Name)), pair("aliases", texts(x.Aliases)), pair("note", text(x.Note)))
}

func toolValue(t store.Tool) value {
	return block(
		pair("layer", text(t.Layer)),
		pair("product", text(t.Product)),
		pair("run_by", side(t.RunBy)),
		pair("also", list(t.Also, alsoValue)),
		pair("replaces", texts(t.Replaces)),
		pair("grandfathered", list(t.Grandfathered, grandfatheredValue)),
		pair("data_owner", side(t.DataOwner)),
		pair("export", text(t.Export)),
	)
}

func alsoValue(a store.AlsoProduct) value {
	return flow(pair("product", text(a.Product)), pair("where", text(a.Where)))
}

func grandfatheredValue(g store.Grandfathered) value {
	return flow(pair("product", text(g.Product)), pair("where", text(g.Where)), pair("until", date(g.Until)))
}

func artifactValue(a store.Artifact) value {
	return block(
		pair("id", text(a.ID)),
		pair("name", text(a.Name)),
		pair("aliases", texts(a.Aliases)),
		pair("frameworks", texts(a.Frameworks)),
		pair("authored_by", side(a.AuthoredBy)),
		pair("executed_by", side(a.ExecutedBy)),
		pair("owner", text(a.Owner)),
		pair("last_reviewed", date(a.LastReviewed)),
		pair("review_every", text(a.ReviewEvery.String())),
	)
}

func severityValue(s store.Severity) value {
	return block(
		pair("level", number(s.Level)),
		pair("name", text(s.Name)),
		pair("examples", texts(s.Examples)),
		pair("respond_within", text(s.RespondWithin.String())),
		pair("lead", leadValue(s.Lead)),
		pair("page", texts(s.Page)),
		pair("business_response", text(s.BusinessResponse)),
	)
}

func playbookValue(b store.Playbook) value {
	return block(
		pair("may_isolate_endpoint", texts(b.MayIsolateEndpoint)),
		pair("notifies_leadership", text(b.NotifiesLeadership)),
		pair("call_order", texts(b.CallOrder)),
	)
}

func rotationValue(r store.Rotation) value {
	return flow(
		pair("side", side(r.Side)),
		pair("name", text(r.Name)),
		pair("from", date(r.From)),
		pair("handoff", text(store.WeekdayName(r.Handoff.Day)+" "+r.Handoff.Time.String())),
		pair("every", text(r.Every.String())),
		pair("people", texts(r.People)),
	)
}

func cadenceValue(c store.Cadence) value {
	questions := texts(c.Questions)
	questions.flow = false
	remind := value{kind: listKind, flow: true}
	for _, d := range c.Remind {
		remind.items = append(remind.items, text(d.String()))
	}
	return block(
		pair("id", text(c.ID)),
		pair("name", text(c.Name)),
		pair("kind", text(string(c.Kind))),
		pair("schedule", quoted(c.Schedule)),
		pair("week", weekValue(c.Week)),
		pair("channel", text(c.Channel)),
		pair("owner", text(c.Owner)),
		pair("expects", texts(c.Expects)),
		pair("leadership", texts(c.Leadership)),
		pair("questions", questions),
		pair("agenda", texts(c.Agenda)),
		pair("remind", remind),
		pair("grace", text(c.Grace.String())),
		pair("on_holiday", text(c.OnHoliday)),
	)
}

func weekValue(w store.Week) value {
	if w == store.LastWeek {
		return plain("last")
	}
	return number(int(w))
}

// number writes a whole number, and nothing for zero: not given.
func number(n int) value {
	if n == 0 {
		return value{}
	}
	return plain(strconv.Itoa(n))
}

func date(d store.Date) value { return plain(d.String()) }

func side(s store.Side) value { return text(string(s)) }

func texts(all []string) value {
	v := list(all, text)
	v.flow = true
	for i := range v.items {
		if v.items[i].kind == nullKind { // an empty text would vanish from the list
			v.items[i] = quoted("")
		}
	}
	return v
}
