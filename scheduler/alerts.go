package scheduler

import (
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
)

// drift looks for drift and tells what changed: in business hours, and at any
// hour at which something just came of an occurrence. Nobody is woken by what
// can wait for the morning.
func (p *planner) drift() {
	p.wake(p.morning())
	for i := range p.Rhythm.Findings {
		p.wake(p.sameTimeAfter(p.Rhythm.Findings[i].Climbed))
	}
	if !p.cal.Hours(p.now).Business && !p.justHappened() {
		return
	}
	in := p.driftInput()
	found := drift.Detect(&in, p.now)
	open, transitions := drift.Step(&in, p.Rhythm.Findings, found, p.now)
	for i := range transitions {
		p.tell(&in, &transitions[i])
	}
	p.keepFindings(open, transitions)
}

// justHappened reports whether this change, or a person in the last hour,
// brought an occurrence to its end.
func (p *planner) justHappened() bool {
	for _, t := range p.change.Transitions {
		if t.To.Done() || t.To == store.Overdue {
			return true
		}
	}
	for _, o := range p.Rhythm.Occurrences {
		if ago := p.now.Sub(o.Record.At); o.State == store.Held && ago >= 0 && ago < time.Hour {
			return true
		}
	}
	return false
}

// morning is when business hours begin next: the daily look at an engagement.
func (p *planner) morning() time.Time {
	h := p.cal.Hours(p.now)
	if h.Business && !h.Until.IsZero() {
		h = p.cal.Hours(h.Until)
	}
	if !h.Until.IsZero() {
		return h.Until
	}
	const nine = 9 * 60
	today := store.DateOf(p.cal.Local(p.now))
	if at := p.cal.Instant(today, nine); at.After(p.now) {
		return at
	}
	return p.cal.Instant(today.AddDays(1), nine)
}

// sameTimeAfter is the next instant at which the local clock shows what it
// showed at t: when a finding may climb.
func (p *planner) sameTimeAfter(t time.Time) time.Time {
	local := p.cal.Local(t)
	clock := store.Clock(local.Hour()*60 + local.Minute())
	rest := time.Duration(local.Second())*time.Second + time.Duration(local.Nanosecond())
	today := store.DateOf(p.cal.Local(p.now))
	if at := p.cal.Instant(today, clock).Add(rest); at.After(p.now) {
		return at
	}
	return p.cal.Instant(today.AddDays(1), clock).Add(rest)
}

// driftInput is what drift is read from, as the change leaves it.
func (p *planner) driftInput() drift.Input {
	in := drift.Input{Engagement: p.e, Calendar: p.cal, Matrix: p.Matrix}
	for i := range p.Prepared.cadences {
		c := &p.Prepared.cadences[i]
		r := drift.Rhythm{Cadence: c.ID, Every: c.every}
		list := p.occurrences[c.ID]
		for _, o := range list[beyondDepth(list):] {
			r.Occurrences = append(r.Occurrences, o.Occurrence)
			if o.State == store.Scheduled && o.Due.After(p.now) && (r.Next.IsZero() || o.Due.Before(r.Next)) {
				r.Next = o.Due
			}
		}
		for _, pause := range p.Rhythm.Pauses {
			if pause.Cadence == c.ID {
				r.Pauses = append(r.Pauses, pause)
			}
		}
		in.Rhythms = append(in.Rhythms, r)
	}
	for i := range p.requests {
		a := &p.requests[i]
		if !a.Closed.IsZero() {
			continue
		}
		r := drift.Request{
			ID: strconv.Itoa(a.ID), Title: a.Title, By: a.By, Asked: a.At, Waiting: len(a.Missing()), Of: len(a.Asked),
			Alert: a.What == store.AckDrift,
		}
		if a.Mode == store.AckFirst {
			r.Waiting, r.Of = 1, 1
		}
		if a.Reminders >= len(remindAfter) {
			r.LastReminder = a.Reminded
		}
		in.Requests = append(in.Requests, r)
	}
	return in
}

// beyondDepth counts the oldest occurrences that the store will leave out when it
// is read next, since the change has made others done.
func beyondDepth(list []*occurrence) int {
	done := 0
	for i, o := range slices.Backward(list) {
		if !o.State.Done() {
			continue
		}
		if done++; done > store.RhythmDepth {
			return i + 1
		}
	}
	return 0
}

// keepFindings writes down the findings that are not as they were.
func (p *planner) keepFindings(open []store.OpenFinding, transitions []drift.Transition) {
	before := make(map[string]store.OpenFinding, len(p.Rhythm.Findings))
	for _, f := range p.Rhythm.Findings {
		before[f.Fingerprint()] = f
	}
	for _, f := range open {
		was, there := before[f.Fingerprint()]
		delete(before, f.Fingerprint())
		if !there || !reflect.DeepEqual(was, f) {
			p.change.Findings = append(p.change.Findings, store.FindingChange{OpenFinding: f})
		}
		if f.Level < store.LevelStalled {
			p.wake(p.sameTimeAfter(f.Climbed))
		}
	}
	for _, f := range p.Rhythm.Findings { // in their order
		if _, gone := before[f.Fingerprint()]; !gone {
			continue
		}
		for i := range transitions {
			if t := &transitions[i]; t.Change == drift.Closed && t.Finding.Fingerprint() == f.Fingerprint() {
				f.Facts, f.OnTime = t.Facts, t.Finding.OnTime
			}
		}
		p.change.Findings = append(p.change.Findings, store.FindingChange{OpenFinding: f, Closed: true})
	}
}

// tell posts one transition to those who hear of it. From the level drift on it
// asks them to acknowledge, and takes the place of the alert before.
func (p *planner) tell(in *drift.Input, t *drift.Transition) {
	f := &t.Finding
	for i := range p.requests {
		if a := &p.requests[i]; a.What == store.AckDrift && sameLife(a.Subject, f) {
			why := "a newer alert took its place"
			if t.Change == drift.Closed {
				why = "the finding is closed"
			}
			p.close(i, why)
		}
	}
	key := strings.Join([]string{
		"drift", f.Fingerprint(), f.Opened.UTC().Format(stamp), string(t.Change), t.To.String(), p.now.UTC().Format(stamp),
	}, "/")
	post := store.Post{Key: key, Kind: kindAlert, Subject: store.AboutFinding(f.Fingerprint())}
	p.addressAlert(t, &post)
	alert := p.alert(in, t)
	if t.To < store.LevelDrift || t.Change != drift.Opened && t.Change != drift.Worse || len(t.Audience) == 0 {
		p.post(post, p.alertCard(&alert))
		return
	}
	r := store.AckRequest{
		Key: key, What: store.AckDrift, Subject: f.Fingerprint(), Title: alert.title, Text: strings.Join(alert.lines, "\n"),
		Mode: store.AckFirst, Asked: t.Audience,
	}
	r.ID = p.ask(r)
	post.Subject = store.AboutRequest(r.ID)
	p.post(post, p.ackCard(&store.Acknowledgement{AckRequest: r}))
}

// stamp is an instant in keys.
const stamp = "20060102T150405"

// sameLife reports whether a request is about the finding, or about what it was
// before the cadence became another.
func sameLife(subject string, f *store.OpenFinding) bool {
	if subject == f.Fingerprint() {
		return true
	}
	slower := []store.FindingKind{store.FindingStretching, store.FindingBecame}
	kind, of, _ := strings.Cut(subject, ":")
	return of == f.Subject && slices.Contains(slower, f.Kind) && slices.Contains(slower, store.FindingKind(kind))
}

// addressAlert sends a watch to its owner alone. What both sides' managers hear
// goes to their channel, and directly to those who are not in it; without such a
// channel directly to each.
func (p *planner) addressAlert(t *drift.Transition, post *store.Post) {
	channel := p.Places.Channels[managersChannel]
	if max(t.From, t.To) < store.LevelDrift || len(channel) == 0 {
		post.Private, post.To = true, p.reach(t.Audience...)
		if len(t.Audience) == 1 {
			post.Person = t.Audience[0]
		}
		return
	}
	post.Channel, post.To = managersChannel, slices.Clone(channel)
	leads := p.leads()
	var others []string
	for _, id := range t.Audience {
		if !slices.Contains(leads, id) {
			others = append(others, id)
		}
	}
	post.To = append(post.To, p.reach(others...)...)
}
