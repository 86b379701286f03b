package calendar

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Lead is who acts at one instant: the side by the agreed rules, and a person of it.
type Lead struct {
	Side    store.Side // internal or msp
	Hours   string     // BusinessHours or AfterHours
	Until   time.Time  // when Hours changes next; see [Hours.Until]
	Holiday string     // today's holiday, or ""

	// Person is the id of who acts for the side. It is empty only where the side
	// has nobody. A stand-in may come from the other side, if the row's
	// escalation path says so; Side stays the one that the rules name.
	Person string
	// PersonUntil is the next instant at which somebody else acts, zero if that
	// is not foreseeable.
	PersonUntil time.Time

	// OnCall is the rotation by which Person acts, or by which the absent person
	// would, nil if none was asked; Turn is its current turn.
	OnCall *store.Rotation
	Turn   Turn

	// StandsInFor is the absent person whom Person replaces, "" if nobody is;
	// Reason says how the stand-in was found, and Absence why it was needed.
	StandsInFor string
	Reason      StandInReason
	Absence     store.Absence
	// Absent reports that Person is away and nobody could be found to stand in.
	Absent bool
}

// matter is what is being led: a row, a severity, or an incident on a row.
type matter struct {
	rule        store.LeadRule
	owner       store.Side // "" for a severity
	accountable store.Accountable
	path        []string
}

// Lead returns who leads the row at the instant: by the row's own lead rule,
// else after hours by the engagement's after_hours if the row is the client's,
// else by the owner. A joint row without a rule for these hours, which the file
// format refuses, is led by the side of its accountable person.
//
// In business hours the side's accountable person acts, or its lead
// (internal-lead, msp-lead) where the row names none. After hours it is whoever
// is on call for the side, by the rotation on the row's escalation path or else
// the side's first; a side without a rotation is as by day.
func (k *Calendar) Lead(f *store.Function, at time.Time) Lead {
	return k.lead(&matter{f.Lead, f.Owner, f.Accountable, f.Escalation}, at)
}

// SeverityLead returns who leads an incident of that severity: by its own rule,
// else by after_hours, else the client. The escalation path is the playbook's
// call order.
func (k *Calendar) SeverityLead(s *store.Severity, at time.Time) Lead {
	return k.lead(&matter{rule: s.Lead, path: k.engagement.Playbook.CallOrder}, at)
}

// IncidentLead returns who leads an incident of that severity on that row. The
// severity's rule goes before the row's; accountable and path are the row's.
func (k *Calendar) IncidentLead(s *store.Severity, f *store.Function, at time.Time) Lead {
	m := matter{s.Lead, f.Owner, f.Accountable, f.Escalation}
	if !m.rule.BusinessHours.Valid() {
		m.rule.BusinessHours = f.Lead.BusinessHours
	}
	if !m.rule.AfterHours.Valid() {
		m.rule.AfterHours = f.Lead.AfterHours
	}
	return k.lead(&m, at)
}

func (k *Calendar) lead(m *matter, at time.Time) Lead {
	c := k.zone.clock(at)
	hours := k.hours(c)
	who := k.acting(m, hours.Business, c)
	lead := Lead{
		Side:        k.side(m, hours.Business),
		Hours:       hours.Name(),
		Until:       hours.Until,
		Holiday:     hours.Holiday,
		Person:      who.person,
		PersonUntil: k.personUntil(m, c, who.person),
		OnCall:      who.rotation,
		StandsInFor: who.standsInFor,
		Reason:      who.reason,
		Absence:     who.absence,
		Absent:      who.person != "" && who.person == who.absence.Person,
	}
	if who.rotation != nil {
		lead.Turn = k.turn(who.rotation, c)
	}
	return lead
}

func (k *Calendar) side(m *matter, business bool) store.Side {
	rule := m.rule.AfterHours
	if business {
		rule = m.rule.BusinessHours
	}
	if rule.Valid() {
		return rule
	}
	clients := m.owner == store.Internal || m.owner == ""
	if after := k.engagement.AfterHours; !business && clients && after.Valid() {
		return after
	}
	if m.owner.Valid() {
		return m.owner
	}
	if p, ok := k.people[m.accountable.Person]; ok {
		return p.Side
	}
	return store.Internal
}

// accountableOf returns the person whom the row names for the side, or "".
func (k *Calendar) accountableOf(m *matter, side store.Side) string {
	named := m.accountable.Internal
	if side == store.MSP {
		named = m.accountable.MSP
	}
	if k.isOf(named, side) {
		return named
	}
	if k.isOf(m.accountable.Person, side) {
		return m.accountable.Person
	}
	return ""
}

func (k *Calendar) isOf(id string, side store.Side) bool {
	p, ok := k.people[id]
	return ok && p.Side == side
}

// rotationOf returns the side's rotation: the one on the path goes first.
func (k *Calendar) rotationOf(m *matter, side store.Side) *store.Rotation {
	for _, step := range m.path {
		if r, ok := k.engagement.Rotation(step); ok && r.Side == side {
			return r
		}
	}
	r, _ := k.engagement.SideRotation(side)
	return r
}
