package storetest

import (
	"fmt"
	"time"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// Engagement draws a valid engagement with anything in it that the format
// allows. A list without entries is nil, as the parser leaves it.
func Engagement(t *rapid.T, id string) *store.Engagement {
	e := &store.Engagement{
		ID: id, Client: line(t, "client"), MSP: line(t, "msp"), Users: rapid.IntRange(0, 1000).Draw(t, "users"),
		TimeZone:        rapid.SampledFrom([]string{"America/New_York", "UTC", "Asia/Kathmandu"}).Draw(t, "zone"),
		AfterHours:      maybeSide(t, "after hours"),
		Patterns:        subset(t, "patterns", store.Patterns),
		Frameworks:      subset(t, "frameworks", store.Frameworks),
		Holidays:        subset(t, "holidays", []string{"us-federal", "2026-11-27", "2026-12-24"}),
		OnboardingStart: maybeDate(t, "onboarding"),
	}
	e.BusinessHours = list(t, "windows", 2, func(int) store.Window {
		from := rapid.IntRange(0, 24*60-1).Draw(t, "from")
		return store.Window{
			Days: []time.Weekday{weekday(t)}, From: store.Clock(from),
			To: store.Clock(rapid.IntRange(from+1, 24*60).Draw(t, "to")),
		}
	})
	people(t, e)
	e.Channels = list(t, "channels", 2, func(i int) store.Channel {
		return store.Channel{Name: fmt.Sprint("channel-", i), Slack: fmt.Sprint("C", i)}
	})
	e.Tools = list(t, "tools", 3, func(i int) store.Tool { return tool(t, i) })
	e.Artifacts = list(t, "artifacts", 2, func(i int) store.Artifact {
		return store.Artifact{
			ID: fmt.Sprint("artifact-", i), Name: line(t, "artifact"), Aliases: lines(t, "aliases"),
			AuthoredBy: maybeSide(t, "author"), ExecutedBy: maybeSide(t, "executor"), Owner: maybePerson(t, e),
			LastReviewed: maybeDate(t, "reviewed"), ReviewEvery: duration(t, store.Days, store.Months, store.Years),
		}
	})
	e.OnCall = list(t, "rotations", 2, func(i int) store.Rotation {
		return store.Rotation{
			Side: store.Internal, Name: fmt.Sprint("rota-", i), From: day(2026, 1, 1+i),
			Handoff: store.Handoff{Day: weekday(t), Time: store.Clock(rapid.IntRange(0, 24*60-1).Draw(t, "hand-off"))},
			Every:   store.Duration{N: 1 + i, Unit: store.Weeks}, People: []string{e.People[0].ID},
		}
	})
	rows(t, e)
	rhythm(t, e)
	return e
}

// people draws at least one of each side.
func people(t *rapid.T, e *store.Engagement) {
	for i := range rapid.IntRange(2, 5).Draw(t, "people") {
		p := store.Person{
			ID: fmt.Sprint("person-", i), Name: line(t, "name"), Side: store.Internal,
			Roles: subset(t, "roles", store.Roles), Title: maybeLine(t, "title"), Phone: maybeLine(t, "phone"),
			Slack: fmt.Sprint("U", i), Teams: fmt.Sprint("teams-", i),
		}
		if i == 1 || i > 1 && rapid.Bool().Draw(t, "msp") {
			p.Side, p.Email = store.MSP, fmt.Sprintf("p%d@example.com", i)
		}
		e.People = append(e.People, p)
	}
}

func rows(t *rapid.T, e *store.Engagement) {
	e.Matrix = store.Matrix{
		Version: rapid.IntRange(0, 5).Draw(t, "version"), Effective: maybeDate(t, "effective"), Reason: text(t, "reason"),
		OutOfScope: list(t, "exclusions", 3, func(int) store.Exclusion {
			return store.Exclusion{Name: line(t, "exclusion"), Aliases: lines(t, "aliases"), Note: text(t, "note")}
		}),
	}
	for i := range rapid.IntRange(1, 5).Draw(t, "rows") {
		e.Matrix.Functions = append(e.Matrix.Functions, function(t, e, i))
	}
	for _, p := range e.People {
		if rapid.Bool().Draw(t, "signs") {
			e.Matrix.Signed = append(e.Matrix.Signed, store.Signature{By: p.ID, Date: day(2026, 9, 1)})
		}
	}
}

func function(t *rapid.T, e *store.Engagement, i int) store.Function {
	f := store.Function{
		ID: fmt.Sprint("row-", i), Name: line(t, "row"), Area: maybeLine(t, "area"), Description: text(t, "description"),
		Aliases: lines(t, "aliases"), Owner: rapid.SampledFrom([]store.Side{store.Internal, store.MSP, store.Joint}).Draw(t, "owner"),
		Support: maybeSide(t, "support"), Note: text(t, "note"),
	}
	if f.Owner == store.Joint {
		f.Lead = store.LeadRule{BusinessHours: store.Internal, AfterHours: store.MSP}
		f.Accountable = store.Accountable{Internal: e.People[0].ID, MSP: e.People[1].ID}
		f.Duties = store.Duties{Internal: text(t, "duty"), MSP: text(t, "duty")}
	} else {
		f.Accountable.Person = maybePerson(t, e)
	}
	for _, p := range e.People {
		if rapid.Bool().Draw(t, "escalates") {
			f.Escalation = append(f.Escalation, p.ID)
		}
	}
	if rapid.Bool().Draw(t, "vendor") {
		f.Vendor = store.Vendor{Name: line(t, "vendor"), Contact: maybeLine(t, "contact")}
	}
	if len(e.Tools) > 0 {
		f.Tool = e.Tools[0].Layer
	}
	if len(e.Artifacts) > 0 {
		f.Artifact = e.Artifacts[0].ID
	}
	return f
}

func tool(t *rapid.T, i int) store.Tool {
	return store.Tool{
		Layer: fmt.Sprint("layer-", i), Product: line(t, "product"), RunBy: maybeSide(t, "run by"), DataOwner: maybeSide(t, "data"),
		Replaces: lines(t, "replaces"), Export: text(t, "export"),
		Also: list(t, "also", 2, func(int) store.AlsoProduct {
			return store.AlsoProduct{Product: line(t, "also"), Where: maybeLine(t, "where")}
		}),
		Grandfathered: list(t, "grandfathered", 2, func(int) store.Grandfathered {
			return store.Grandfathered{Product: line(t, "old"), Where: maybeLine(t, "where"), Until: maybeDate(t, "until")}
		}),
	}
}

// rhythm draws severities, the playbook and cadences.
func rhythm(t *rapid.T, e *store.Engagement) {
	e.Severities = list(t, "severities", 3, func(i int) store.Severity {
		return store.Severity{
			Level: i + 1, Name: maybeLine(t, "severity"), Examples: lines(t, "examples"), Page: subset(t, "page", []string{"internal", "msp"}),
			RespondWithin: duration(t, store.Minutes, store.Hours), Lead: store.LeadRule{BusinessHours: store.MSP},
		}
	})
	if rapid.Bool().Draw(t, "playbook") {
		e.Playbook = store.Playbook{CallOrder: []string{e.People[1].ID, e.People[0].ID}, NotifiesLeadership: maybePerson(t, e)}
	}
	e.Cadences = list(t, "cadences", 3, func(i int) store.Cadence {
		return store.Cadence{
			ID: fmt.Sprint("cadence-", i), Name: line(t, "cadence"), Kind: rapid.SampledFrom(store.CadenceKinds).Draw(t, "kind"),
			Schedule: "0 9 * * MON", Week: store.Week(rapid.IntRange(0, int(store.LastWeek)).Draw(t, "week")),
			Owner: maybePerson(t, e), Questions: lines(t, "questions"), Agenda: lines(t, "agenda"),
			Expects: []string{e.People[0].ID}, Remind: []store.Duration{{N: 14, Unit: store.Days}, {N: 1, Unit: store.Hours}},
			Grace:     duration(t, store.BusinessDays),
			OnHoliday: rapid.SampledFrom([]string{"", store.HolidayKeep, store.HolidaySkip}).Draw(t, "holiday"),
		}
	})
}

// list draws up to most entries; none is nil.
func list[T any](t *rapid.T, label string, most int, draw func(i int) T) []T {
	var out []T
	for i := range rapid.IntRange(0, most).Draw(t, label) {
		out = append(out, draw(i))
	}
	return out
}

func subset(t *rapid.T, label string, of []string) []string {
	var out []string
	for _, v := range of {
		if rapid.Bool().Draw(t, label) {
			out = append(out, v)
		}
	}
	return out
}

// awkward are texts that an encoding, a query or a column may spoil.
var awkward = []string{
	"<script>&amp;", `"quoted" 'single' \back`, "'; DROP TABLE engagements; --", "שלום", "👩\u200d💻", "e\u0301", "\ufffd", "%s $1 ?1", "007", "null", "1e3",
}

func line(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.SampledFrom(awkward), rapid.StringMatching(`[A-Za-z][A-Za-z0-9 ,.'/()&-]{0,40}`)).Draw(t, label)
}

func lines(t *rapid.T, label string) []string {
	return list(t, label, 3, func(int) string { return line(t, label) })
}

func text(t *rapid.T, label string) string {
	return rapid.OneOf(rapid.Just(""), rapid.SampledFrom(awkward), rapid.SampledFrom([]string{"a\nb", "\n", "a\tb \u2028 c\u0085"})).Draw(t, label)
}

func maybeLine(t *rapid.T, label string) string {
	if rapid.Bool().Draw(t, label) {
		return line(t, label)
	}
	return ""
}

func maybeSide(t *rapid.T, label string) store.Side {
	return rapid.SampledFrom([]store.Side{"", store.Internal, store.MSP}).Draw(t, label)
}

func maybePerson(t *rapid.T, e *store.Engagement) string {
	if rapid.Bool().Draw(t, "named") {
		return rapid.SampledFrom(e.People).Draw(t, "person").ID
	}
	return ""
}

func maybeDate(t *rapid.T, label string) store.Date {
	if !rapid.Bool().Draw(t, label) {
		return store.Date{}
	}
	return day(1, 1, 1).AddDays(rapid.IntRange(0, 3_652_058).Draw(t, label)) // to 9999-12-31
}

func weekday(t *rapid.T) time.Weekday {
	return time.Weekday(rapid.IntRange(0, 6).Draw(t, "weekday"))
}

func duration(t *rapid.T, units ...store.Unit) store.Duration {
	if !rapid.Bool().Draw(t, "given") {
		return store.Duration{}
	}
	return store.Duration{N: rapid.IntRange(1, 10_000).Draw(t, "n"), Unit: rapid.SampledFrom(units).Draw(t, "unit")}
}
