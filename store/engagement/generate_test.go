package engagement_test

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"pgregory.net/rapid"

	"github.com/tandem-bot/tandem/store"
)

// hostile are texts that a careless writer or reader of YAML spoils.
var hostile = []string{
	"yes", "No", "ON", "off", "null", "~", "true", "42", "-1", "1e3", "0x1F", "1_000", "1:30", "08:00", "2026-11-27",
	".inf", ".NaN", "- dash", "-", "?", "? key", ": colon", "a: b", "a:b", "a #b", "#b", "[x]", "{x: y}", "a, b", "a]b}",
	"\"quoted\"", "'single'", "it's", "back\\slash", "\\n", "%TAG", "@at", "`tick`", "!tag", "&anchor", "*alias", "|", ">", "<<", "=",
	" leading", "trailing ", "\tleading tab", "tab\tinside", "trailing tab\t", "  ", "---", "...", "--- doc", "on-call:msp",
	"שלום עולם", "مرحبا", "a\u202eb", "👩\u200d💻 ok", "e\u0301", "\u00a0nbsp\u00a0", "\u3000wide", "𝔘nicode", "日本語", "ﬁ",
	"+1 352 555 0101", "4-1.6 file", "24/7", "tandem/v1", "C:\\path", "//", "x\u200by",
}

// hostileLines stand only where a text may have several lines.
var hostileLines = []string{
	"one\ntwo", "one\ntwo\n", "one\n\ntwo", "one\n\n\n\ntwo", "\nlead", "one\n", "\n", "\n\n", "one\n  two", "  one\ntwo", "one \ntwo",
	"# one\n# two", "- a\n- b", "a: b\nc: d", "---\nx", "one\n---\ntwo", "one\n...\ntwo", "one\n\ttwo", "a\u0085b", "a\u2028b", "a\u2029b", "one\n\"two\"", "one\n ",
}

func allowed(r rune) bool {
	return r != '\n' && r != 0x85 && r != 0x2028 && r != 0x2029 && r != 0xFEFF && r != 0xFFFE && r != 0xFFFF && r != unicode.ReplacementChar &&
		(r == '\t' || !unicode.IsControl(r)) && utf8.ValidRune(r)
}

func line(t *rapid.T, label string) string {
	s := rapid.OneOf(
		rapid.SampledFrom(hostile),
		rapid.StringMatching(`[A-Za-z][A-Za-z0-9 ,.'/()&-]{0,40}`),
		rapid.StringOfN(rapid.RuneFrom(nil, unicode.L, unicode.M, unicode.N, unicode.P, unicode.S, unicode.Zs, unicode.Cf).Filter(allowed), 1, 30, -1),
		rapid.StringOfN(rapid.SampledFrom([]rune(" \t:#-?,[]{}&*!|>'\"%@`\\ab01")), 1, 12, -1),
	).Draw(t, label)
	if strings.TrimSpace(s) == "" {
		return "x" + s
	}
	return s
}

// entry is a text of several lines that is more than space.
func entry(t *rapid.T, label string) string {
	return rapid.Custom(func(t *rapid.T) string { return lines(t, label) }).
		Filter(func(s string) bool { return strings.TrimSpace(s) != "" }).Draw(t, label)
}

func lines(t *rapid.T, label string) string {
	return rapid.OneOf(
		rapid.SampledFrom(hostileLines),
		rapid.Custom(func(t *rapid.T) string { return line(t, "line") }),
		rapid.StringOfN(rapid.SampledFrom([]rune(" \t\n:#-ab\u2028")), 1, 20, -1),
	).Draw(t, label)
}

func maybe(t *rapid.T, label string, draw func(*rapid.T, string) string) string {
	if rapid.Bool().Draw(t, "has "+label) {
		return draw(t, label)
	}
	return ""
}

func some(t *rapid.T, label string, most int, draw func(*rapid.T, string) string) []string {
	var out []string
	for i := range rapid.IntRange(0, most).Draw(t, "number of "+label) {
		out = append(out, draw(t, fmt.Sprintf("%s %d", label, i)))
	}
	return out
}

// slugs draws different ids, among them ones that YAML reads as other things.
func slugs(t *rapid.T, label string, least, most int) []string {
	slug := rapid.OneOf(
		rapid.SampledFrom([]string{"on", "no", "null", "true", "007", "1e3", "0x1f", "2026-10-01", "y", "a-b"}),
		rapid.StringMatching(`[a-z0-9]{1,8}(-[a-z0-9]{1,5})?`),
	).Filter(func(s string) bool { return s != "internal" && s != "msp" && s != "joint" })
	return rapid.SliceOfNDistinct(slug, least, most, rapid.ID[string]).Draw(t, label)
}

func subset(t *rapid.T, label string, from []string) []string {
	if len(from) == 0 {
		return nil
	}
	picked := rapid.SliceOfNDistinct(rapid.SampledFrom(from), 0, len(from), rapid.ID[string]).Draw(t, label)
	if len(picked) == 0 {
		return nil
	}
	return picked
}

func oneOrNone(t *rapid.T, label string, from []string) string {
	return rapid.SampledFrom(append([]string{""}, from...)).Draw(t, label)
}

func date(t *rapid.T, label string) store.Date {
	n := rapid.IntRange(0, 4000).Draw(t, label)
	return store.Date{Year: 2020, Month: time.January, Day: 1}.AddDays(n)
}

func dateOrNone(t *rapid.T, label string) store.Date {
	if rapid.Bool().Draw(t, "has "+label) {
		return date(t, label)
	}
	return store.Date{}
}

func duration(t *rapid.T, label string, units ...store.Unit) store.Duration {
	return store.Duration{N: rapid.IntRange(1, 99).Draw(t, label), Unit: rapid.SampledFrom(units).Draw(t, label+" unit")}
}

func durationOrNone(t *rapid.T, label string, units ...store.Unit) store.Duration {
	if rapid.Bool().Draw(t, "has "+label) {
		return duration(t, label, units...)
	}
	return store.Duration{}
}

func side(t *rapid.T, label string) store.Side {
	return rapid.SampledFrom([]store.Side{store.Internal, store.MSP}).Draw(t, label)
}

func sideOrNone(t *rapid.T, label string) store.Side {
	return rapid.SampledFrom([]store.Side{"", store.Internal, store.MSP}).Draw(t, label)
}

// engagements draws valid engagements.
func engagements() *rapid.Generator[*store.Engagement] {
	return rapid.Custom(func(t *rapid.T) *store.Engagement {
		e := &store.Engagement{
			ID: slugs(t, "id", 1, 1)[0], Client: line(t, "client"), MSP: line(t, "msp"),
			Users:           rapid.IntRange(0, 300).Draw(t, "users"),
			TimeZone:        rapid.SampledFrom([]string{"America/New_York", "Europe/Kyiv", "UTC", "Asia/Kolkata"}).Draw(t, "zone"),
			AfterHours:      sideOrNone(t, "after hours"),
			Holidays:        subset(t, "holidays", []string{"us-federal", "2026-11-27", "2026-12-24", "no"}),
			Patterns:        subset(t, "patterns", store.Patterns),
			Frameworks:      subset(t, "frameworks", []string{"hipaa", "fl-bar-4-1.6", "null", "1.5"}),
			OnboardingStart: dateOrNone(t, "start"),
		}
		for range rapid.IntRange(0, 2).Draw(t, "windows") {
			from := rapid.IntRange(0, 1439).Draw(t, "from")
			e.BusinessHours = append(e.BusinessHours, store.Window{
				Days: rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(n int) time.Weekday { return time.Weekday(n) }), 1, 7,
					rapid.ID[time.Weekday]).Draw(t, "days"),
				From: store.Clock(from), To: store.Clock(rapid.IntRange(from+1, 1440).Draw(t, "to")),
			})
		}
		people := drawPeople(t, e)
		steps := drawRotations(t, e, people)
		layers := drawTools(t, e)
		documents := drawArtifacts(t, e, people)
		drawMatrix(t, e, people, steps, layers, documents)
		drawRest(t, e, people, steps)
		return e
	})
}

func drawPeople(t *rapid.T, e *store.Engagement) []string {
	people := slugs(t, "people", 1, 5)
	for i, id := range people {
		p := store.Person{
			ID: id, Name: line(t, "name"), Side: side(t, "side"), Roles: subset(t, "roles", store.Roles),
			Title: maybe(t, "title", line), Phone: maybe(t, "phone", line),
		}
		if rapid.Bool().Draw(t, "has identities") {
			p.Email, p.Slack, p.Teams = "a@b.example", fmt.Sprintf("T01/U%d", i), strconv.Itoa(100+i)
		}
		e.People = append(e.People, p)
	}
	return people
}

func drawRotations(t *rapid.T, e *store.Engagement, people []string) []string {
	steps := append([]string{}, people...)
	for _, name := range slugs(t, "rotations", 0, 3) {
		owner := side(t, "rotation side")
		members := rapid.SliceOfNDistinct(rapid.SampledFrom(people), 1, len(people), rapid.ID[string]).Draw(t, "members")
		r := store.Rotation{
			Side: owner, Name: name, From: date(t, "rotation from"),
			Handoff: store.Handoff{Day: time.Weekday(rapid.IntRange(0, 6).Draw(t, "day")), Time: store.Clock(rapid.IntRange(0, 1439).Draw(t, "time"))},
			Every:   duration(t, "every", store.Days, store.Weeks), People: members,
		}
		if rapid.Bool().Draw(t, "unnamed") {
			r.Name = ""
		}
		e.OnCall = append(e.OnCall, r)
		step := r.Name
		if step == "" {
			step = string(r.Side)
		}
		steps = append(steps, store.OnCallPrefix+step)
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}

func drawTools(t *rapid.T, e *store.Engagement) []string {
	layers := slugs(t, "layers", 0, 3)
	for _, layer := range layers {
		tool := store.Tool{
			Layer: layer, Product: line(t, "product"), RunBy: sideOrNone(t, "run by"), Replaces: some(t, "replaces", 3, line),
			DataOwner: sideOrNone(t, "data owner"), Export: maybe(t, "export", lines),
		}
		for range rapid.IntRange(0, 2).Draw(t, "also") {
			tool.Also = append(tool.Also, store.AlsoProduct{Product: line(t, "product"), Where: maybe(t, "where", line)})
		}
		for range rapid.IntRange(0, 2).Draw(t, "grandfathered") {
			tool.Grandfathered = append(tool.Grandfathered, store.Grandfathered{
				Product: line(t, "product"), Where: maybe(t, "where", line), Until: dateOrNone(t, "until"),
			})
		}
		e.Tools = append(e.Tools, tool)
	}
	return layers
}

func drawArtifacts(t *rapid.T, e *store.Engagement, people []string) []string {
	documents := slugs(t, "artifacts", 0, 3)
	for _, id := range documents {
		e.Artifacts = append(e.Artifacts, store.Artifact{
			ID: id, Name: line(t, "name"), Aliases: some(t, "aliases", 3, line), Frameworks: subset(t, "frameworks", store.Frameworks),
			AuthoredBy: sideOrNone(t, "authored"), ExecutedBy: sideOrNone(t, "executed"), Owner: oneOrNone(t, "owner", people),
			LastReviewed: dateOrNone(t, "reviewed"), ReviewEvery: durationOrNone(t, "every", store.Months, store.Years, store.Days),
		})
	}
	return documents
}

func drawMatrix(t *rapid.T, e *store.Engagement, people, steps, layers, documents []string) {
	m := &e.Matrix
	m.Version = rapid.IntRange(0, 9).Draw(t, "version")
	m.Effective, m.Reason = dateOrNone(t, "effective"), maybe(t, "reason", lines)
	for _, id := range subset(t, "signers", people) {
		m.Signed = append(m.Signed, store.Signature{By: id, Date: date(t, "signed")})
	}
	for _, id := range slugs(t, "rows", 1, 5) {
		f := store.Function{
			ID: id, Name: line(t, "name"), Area: maybe(t, "area", line), Description: maybe(t, "description", lines),
			Aliases: some(t, "aliases", 8, line), Owner: rapid.SampledFrom([]store.Side{store.Internal, store.MSP, store.Joint}).Draw(t, "owner"),
			Support: sideOrNone(t, "support"), Lead: store.LeadRule{BusinessHours: sideOrNone(t, "day"), AfterHours: sideOrNone(t, "night")},
			Duties:     store.Duties{Internal: maybe(t, "duty", lines), MSP: maybe(t, "duty", lines)},
			Escalation: subset(t, "escalation", steps), Tool: oneOrNone(t, "tool", layers), Artifact: oneOrNone(t, "artifact", documents),
			Note: maybe(t, "note", lines),
		}
		if rapid.Bool().Draw(t, "has vendor") {
			f.Vendor = store.Vendor{Name: line(t, "vendor"), Contact: maybe(t, "contact", line)}
		}
		f.Accountable.Person = oneOrNone(t, "accountable", people)
		if f.Owner == store.Joint {
			f.Lead = store.LeadRule{BusinessHours: side(t, "day"), AfterHours: side(t, "night")}
			if rapid.Bool().Draw(t, "each side") {
				f.Accountable = store.Accountable{Internal: oneOrNone(t, "internal", people), MSP: oneOrNone(t, "msp", people)}
			}
		}
		m.Functions = append(m.Functions, f)
	}
	for range rapid.IntRange(0, 3).Draw(t, "exclusions") {
		m.OutOfScope = append(m.OutOfScope, store.Exclusion{Name: line(t, "name"), Aliases: some(t, "aliases", 3, line), Note: maybe(t, "note", lines)})
	}
}

func drawRest(t *rapid.T, e *store.Engagement, people, steps []string) {
	channels := slugs(t, "channels", 0, 3)
	for _, name := range channels {
		c := store.Channel{Name: name}
		if rapid.Bool().Draw(t, "has address") {
			c.Slack, c.Teams = "C01", "19:x@thread.tacv2"
		}
		e.Channels = append(e.Channels, c)
	}
	for level := range rapid.IntRange(0, 4).Draw(t, "severities") {
		e.Severities = append(e.Severities, store.Severity{
			Level: level + 1, Name: maybe(t, "name", line), Examples: some(t, "examples", 3, line),
			RespondWithin: durationOrNone(t, "respond", store.Minutes, store.Hours, store.Days),
			Lead:          store.LeadRule{BusinessHours: sideOrNone(t, "day"), AfterHours: sideOrNone(t, "night")},
			Page:          subset(t, "page", append([]string{"internal", "msp"}, people...)), BusinessResponse: oneOrNone(t, "business", people),
		})
	}
	e.Playbook = store.Playbook{
		MayIsolateEndpoint: subset(t, "isolate", steps), NotifiesLeadership: oneOrNone(t, "notifies", people), CallOrder: subset(t, "calls", steps),
	}
	for _, id := range slugs(t, "cadences", 0, 3) {
		c := store.Cadence{
			ID: id, Name: line(t, "name"), Kind: rapid.SampledFrom(store.CadenceKinds).Draw(t, "kind"),
			Schedule: rapid.SampledFrom([]string{"0 9 * * MON", "30 17 * JAN,JUL TUE", "5 0 * * 1,2"}).Draw(t, "schedule"),
			Week:     store.Week(rapid.IntRange(0, 5).Draw(t, "week")), Channel: oneOrNone(t, "channel", channels),
			Owner: oneOrNone(t, "owner", people), Expects: subset(t, "expects", people), Leadership: subset(t, "leadership", people),
			Questions: some(t, "questions", 3, entry), Agenda: some(t, "agenda", 3, entry), Grace: durationOrNone(t, "grace", store.BusinessDays, store.Days),
			OnHoliday: rapid.SampledFrom([]string{"", store.HolidayKeep, store.HolidaySkip, store.HolidayNextBusinessDay}).Draw(t, "holiday"),
		}
		for range rapid.IntRange(0, 3).Draw(t, "remind") {
			c.Remind = append(c.Remind, duration(t, "remind", store.Days, store.Hours, store.BusinessDays))
		}
		e.Cadences = append(e.Cadences, c)
	}
}
