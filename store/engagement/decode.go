package engagement

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// decode turns the tree into an engagement. It returns false where nothing
// more can be said about the file.
func decode(found *collector, root *node) (*store.Engagement, []string, bool) {
	d := &decoder{found: found}
	e := &store.Engagement{}
	if root.kind != mapKind {
		d.wrongKind(root, "", "a group of keys", "write \"format: tandem/v1\" as the first line")
		return nil, nil, false
	}
	if !d.format(root) {
		return nil, nil, false
	}
	d.require(root, "", "engagement", "people", "matrix")
	d.group(root, "",
		field{"format", func(*node, string) {}},
		field{"engagement", func(n *node, p string) { d.engagement(e, n, p) }},
		field{"people", groups(d, &e.People, d.person)},
		field{"channels", func(n *node, p string) { d.channels(&e.Channels, n, p) }},
		field{"matrix", func(n *node, p string) { d.matrix(&e.Matrix, n, p) }},
		field{"tools", groups(d, &e.Tools, d.tool)},
		field{"artifacts", groups(d, &e.Artifacts, d.artifact)},
		field{"severities", groups(d, &e.Severities, d.severity)},
		field{"playbook", func(n *node, p string) { d.playbook(&e.Playbook, n, p) }},
		field{"on_call", groups(d, &e.OnCall, d.rotation)},
		field{"cadences", groups(d, &e.Cadences, d.cadence)},
	)
	return e, d.unread, true
}

var formatName = regexp.MustCompile(`^tandem/v([0-9]+)$`)

// format checks the version of the file. False means that a newer Tandem wrote
// it, so that every other complaint would be about words not yet known here.
func (d *decoder) format(root *node) bool {
	en, ok := root.find("format")
	if !ok {
		d.found.errorAt(root.line, root.column, `missing "format"`, "write \"format: tandem/v1\" as the first line")
		return true
	}
	if en.value.kind != scalarKind {
		d.wrongKind(en.value, "format", "the name of a format", "write format: "+store.Format)
		return true
	}
	name := en.value.text
	if name == store.Format {
		return true
	}
	if m := formatName.FindStringSubmatch(name); m != nil {
		if version, err := strconv.Atoi(m[1]); err != nil || version > 1 {
			d.fail(en.value, "format", fmt.Sprintf("the file is in format %s, written for a newer Tandem", clip(name)),
				"this one reads "+store.Format+"; update Tandem, or export the file in that format")
			return false
		}
	}
	d.fail(en.value, "format", fmt.Sprintf("%q is not a format of Tandem", clip(name)), "write format: "+store.Format)
	return true
}

func (d *decoder) engagement(e *store.Engagement, n *node, path string) {
	d.group(n, path,
		field{"id", d.text(&e.ID)},
		field{"client", d.text(&e.Client)},
		field{"msp", d.text(&e.MSP)},
		field{"users", d.number(&e.Users)},
		field{"time_zone", d.text(&e.TimeZone)},
		field{"business_hours", groups(d, &e.BusinessHours, d.window)},
		field{"after_hours", d.side(&e.AfterHours)},
		field{"holidays", d.texts(&e.Holidays)},
		field{"patterns", d.texts(&e.Patterns)},
		field{"frameworks", d.texts(&e.Frameworks)},
		field{"onboarding_start", d.date(&e.OnboardingStart)},
	)
}

func (d *decoder) window(w *store.Window, n *node, path string) {
	if d.group(n, path,
		field{"days", values(d, &w.Days, "a day", weekday)},
		field{"from", d.clock(&w.From)},
		field{"to", d.clock(&w.To)},
	) {
		d.require(n, path, "from", "to")
	}
}

func (d *decoder) person(p *store.Person, n *node, path string) {
	d.group(n, path,
		field{"id", d.text(&p.ID)},
		field{"name", d.text(&p.Name)},
		field{"side", d.side(&p.Side)},
		field{"roles", d.texts(&p.Roles)},
		field{"title", d.text(&p.Title)},
		field{"email", d.text(&p.Email)},
		field{"phone", d.text(&p.Phone)},
		field{"slack", d.text(&p.Slack)},
		field{"teams", d.text(&p.Teams)},
	)
}

func (d *decoder) channels(into *[]store.Channel, n *node, path string) {
	if n.kind != mapKind {
		d.wrongKind(n, path, "a group of channels", "such as coordination: {slack: C0…}")
		return
	}
	for _, en := range n.entries {
		c := store.Channel{Name: en.key}
		at := join(path, en.key)
		d.value(en.value, at, func(n *node, at string) {
			d.group(n, at, field{"slack", d.text(&c.Slack)}, field{"teams", d.text(&c.Teams)})
		})
		*into = append(*into, c)
	}
}

func (d *decoder) matrix(m *store.Matrix, n *node, path string) {
	d.group(n, path,
		field{"version", d.version(&m.Version)},
		field{"effective", d.date(&m.Effective)},
		field{"reason", d.text(&m.Reason)},
		field{"signed", groups(d, &m.Signed, d.signature)},
		field{"functions", groups(d, &m.Functions, d.function)},
		field{"out_of_scope", groups(d, &m.OutOfScope, d.exclusion)},
	)
}

// version refuses a zero that is written out; in the record zero means that
// the file named none.
func (d *decoder) version(into *int) reader {
	return func(n *node, path string) {
		if n.kind == scalarKind && n.text == "0" && !n.quoted {
			d.fail(n, path, "the first version is 1", "")
			return
		}
		d.number(into)(n, path)
	}
}

func (d *decoder) signature(s *store.Signature, n *node, path string) {
	d.group(n, path, field{"by", d.text(&s.By)}, field{"date", d.date(&s.Date)})
}

func (d *decoder) function(f *store.Function, n *node, path string) {
	d.group(n, path,
		field{"id", d.text(&f.ID)},
		field{"name", d.text(&f.Name)},
		field{"area", d.text(&f.Area)},
		field{"description", d.text(&f.Description)},
		field{"aliases", d.texts(&f.Aliases)},
		field{"owner", d.side(&f.Owner)},
		field{"accountable", func(n *node, p string) { d.accountable(&f.Accountable, n, p) }},
		field{"support", d.side(&f.Support)},
		field{"lead", func(n *node, p string) { d.lead(&f.Lead, n, p) }},
		field{"duties", func(n *node, p string) { d.duties(&f.Duties, n, p) }},
		field{"escalation", d.texts(&f.Escalation)},
		field{"tool", d.text(&f.Tool)},
		field{"vendor", func(n *node, p string) { d.vendor(&f.Vendor, n, p) }},
		field{"artifact", d.text(&f.Artifact)},
		field{"note", d.text(&f.Note)},
	)
}

func (d *decoder) accountable(a *store.Accountable, n *node, path string) {
	if n.kind == scalarKind {
		a.Person = n.text
		return
	}
	d.group(n, path, field{"internal", d.text(&a.Internal)}, field{"msp", d.text(&a.MSP)})
}

func (d *decoder) lead(l *store.LeadRule, n *node, path string) {
	if n.kind == scalarKind {
		side := store.Side(n.text)
		*l = store.LeadRule{BusinessHours: side, AfterHours: side}
		return
	}
	d.group(n, path, field{"business_hours", d.side(&l.BusinessHours)}, field{"after_hours", d.side(&l.AfterHours)})
}

func (d *decoder) duties(u *store.Duties, n *node, path string) {
	d.group(n, path, field{"internal", d.text(&u.Internal)}, field{"msp", d.text(&u.MSP)})
}

func (d *decoder) vendor(v *store.Vendor, n *node, path string) {
	if n.kind == scalarKind {
		v.Name = n.text
		return
	}
	d.group(n, path, field{"name", d.text(&v.Name)}, field{"contact", d.text(&v.Contact)})
}

func (d *decoder) exclusion(x *store.Exclusion, n *node, path string) {
	if n.kind == scalarKind {
		x.Name = n.text
		return
	}
	d.group(n, path, field{"name", d.text(&x.Name)}, field{"aliases", d.texts(&x.Aliases)}, field{"note", d.text(&x.Note)})
}

func (d *decoder) tool(t *store.Tool, n *node, path string) {
	d.group(n, path,
		field{"layer", d.text(&t.Layer)},
		field{"product", d.text(&t.Product)},
		field{"run_by", d.side(&t.RunBy)},
		field{"also", groups(d, &t.Also, d.also)},
		field{"replaces", d.texts(&t.Replaces)},
		field{"grandfathered", groups(d, &t.Grandfathered, d.grandfathered)},
		field{"data_owner", d.side(&t.DataOwner)},
		field{"export", d.text(&t.Export)},
	)
}

func (d *decoder) also(a *store.AlsoProduct, n *node, path string) {
	d.group(n, path, field{"product", d.text(&a.Product)}, field{"where", d.text(&a.Where)})
}

func (d *decoder) grandfathered(g *store.Grandfathered, n *node, path string) {
	d.group(n, path, field{"product", d.text(&g.Product)}, field{"where", d.text(&g.Where)}, field{"until", d.date(&g.Until)})
}

func (d *decoder) artifact(a *store.Artifact, n *node, path string) {
	d.group(n, path,
		field{"id", d.text(&a.ID)},
		field{"name", d.text(&a.Name)},
		field{"aliases", d.texts(&a.Aliases)},
		field{"frameworks", d.texts(&a.Frameworks)},
		field{"authored_by", d.side(&a.AuthoredBy)},
		field{"executed_by", d.side(&a.ExecutedBy)},
		field{"owner", d.text(&a.Owner)},
		field{"last_reviewed", d.date(&a.LastReviewed)},
		field{"review_every", d.duration(&a.ReviewEvery)},
	)
}

func (d *decoder) severity(s *store.Severity, n *node, path string) {
	d.group(n, path,
		field{"level", d.number(&s.Level)},
		field{"name", d.text(&s.Name)},
		field{"examples", d.texts(&s.Examples)},
		field{"respond_within", d.duration(&s.RespondWithin)},
		field{"lead", func(n *node, p string) { d.lead(&s.Lead, n, p) }},
		field{"page", d.texts(&s.Page)},
		field{"business_response", d.text(&s.BusinessResponse)},
	)
}

func (d *decoder) playbook(b *store.Playbook, n *node, path string) {
	d.group(n, path,
		field{"may_isolate_endpoint", d.texts(&b.MayIsolateEndpoint)},
		field{"notifies_leadership", d.text(&b.NotifiesLeadership)},
		field{"call_order", d.texts(&b.CallOrder)},
	)
}

func (d *decoder) rotation(r *store.Rotation, n *node, path string) {
	if d.group(n, path,
		field{"side", d.side(&r.Side)},
		field{"name", d.text(&r.Name)},
		field{"from", d.date(&r.From)},
		field{"handoff", d.scalar("a day and a time", func(s string) error { return handoff(&r.Handoff, s) })},
		field{"every", d.duration(&r.Every)},
		field{"people", d.texts(&r.People)},
	) {
		d.require(n, path, "handoff")
	}
}

// handoff reads a day and a time, such as "mon 08:00".
func handoff(h *store.Handoff, s string) error {
	words := strings.Fields(s)
	if len(words) != 2 {
		return fmt.Errorf("%q is not a day and a time; write it like \"mon 08:00\"", clip(s))
	}
	day, err := weekday(words[0])
	if err != nil {
		return err
	}
	clock, err := store.ParseClock(words[1])
	if err != nil {
		return err
	}
	*h = store.Handoff{Day: day, Time: clock}
	return nil
}

func (d *decoder) cadence(c *store.Cadence, n *node, path string) {
	d.group(n, path,
		field{"id", d.text(&c.ID)},
		field{"name", d.text(&c.Name)},
		field{"kind", d.scalar("a kind", func(s string) error { c.Kind = store.CadenceKind(s); return nil })},
		field{"schedule", d.text(&c.Schedule)},
		field{"week", d.week(&c.Week)},
		field{"channel", d.text(&c.Channel)},
		field{"owner", d.text(&c.Owner)},
		field{"expects", d.texts(&c.Expects)},
		field{"leadership", d.texts(&c.Leadership)},
		field{"questions", d.texts(&c.Questions)},
		field{"agenda", d.texts(&c.Agenda)},
		field{"remind", values(d, &c.Remind, "a duration", store.ParseDuration)},
		field{"grace", d.duration(&c.Grace)},
		field{"on_holiday", d.text(&c.OnHoliday)},
	)
}

// week reads 1 to 5 or `last`.
func (d *decoder) week(into *store.Week) reader {
	return func(n *node, path string) {
		switch {
		case n.kind != scalarKind:
			d.wrongKind(n, path, "a week of the month", "write 1 to 4, or last")
		case n.text == "last":
			*into = store.LastWeek
		case len(n.text) == 1 && n.text >= "1" && n.text <= "5" && !n.quoted:
			*into = store.Week(n.text[0] - '0')
		default:
			d.fail(n, path, fmt.Sprintf("there is no week %q of a month", clip(n.text)), "write 1 to 4, or last, without quotes")
		}
	}
}
