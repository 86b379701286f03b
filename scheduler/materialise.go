package scheduler

import (
	"slices"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Why an occurrence is skipped that nobody skipped.
const (
	skippedSchedule = "the schedule was changed"
	skippedCadence  = "the cadence is not agreed any more"
)

const (
	// mostAtOnce bounds what is written down of a cadence after a very long time.
	mostAtOnce = 500
	// farthest is how many years ahead the next occurrence is looked for, where
	// holidays skip one after the other.
	farthest = 5
)

// cadence brings one cadence up to the present.
func (p *planner) cadence(c *cadence) {
	p.materialise(c)
	list := p.occurrences[c.ID]
	for _, o := range list {
		for range 4 { // states that an occurrence can run through at once
			before := o.State
			p.occurrence(c, o)
			if o.State == before {
				break
			}
		}
	}
	p.settle(c, list)
}

func (p *planner) occurrence(c *cadence, o *occurrence) {
	switch o.State {
	case store.Scheduled:
		p.scheduled(c, o)
	case store.Prompted, store.Overdue:
		if c.Kind == store.KindStandup {
			p.standup(c, o)
		} else {
			p.recorded(c, o)
		}
	default:
	}
}

// materialise writes down the occurrences ahead, at least the next one, and
// those that came due since the last one that is known. One that the schedule
// doesn't have any more, and nobody moved, is skipped.
func (p *planner) materialise(c *cadence) {
	list := p.occurrences[c.ID]
	known := make(map[string]*occurrence, len(list))
	from, ahead := p.now, false
	for _, o := range list {
		known[o.Civil] = o
		if !o.Due.After(p.now) {
			from = o.Due // they are in order; the last one counts
		}
	}
	// By whole days, so that it is no other a second later.
	tonight := p.cal.Instant(store.DateOf(p.cal.Local(p.now)).AddDays(1), 0)
	end := tonight.Add(p.Ahead + c.remind)
	scheduled := map[string]bool{}
	looked := end
	for due := range c.rhythm.From(from) {
		beyond := due.Due.After(end)
		if beyond && (ahead || due.Due.After(p.now.AddDate(farthest, 0, 0))) || len(p.change.Create) >= mostAtOnce {
			break
		}
		looked = due.Due
		scheduled[due.Civil] = true
		if beyond && due.Skipped != "" {
			continue // it has time
		}
		// One that is done before its time, as a report posted early, is not ahead.
		was := known[due.Civil]
		if due.Due.After(p.now) && due.Skipped == "" && (was == nil || !was.State.Done()) {
			ahead = true
		}
		if was != nil {
			continue
		}
		o := due.Occurrence(c.ID)
		o.Due, o.Grace = o.Due.UTC(), o.Grace.UTC()
		p.change.Create = append(p.change.Create, o)
		list = append(list, &occurrence{Occurrence: o, created: len(p.change.Create)})
	}
	sortByDue(list)
	p.occurrences[c.ID] = list
	for _, o := range list {
		if o.State == store.Scheduled && o.Moved.IsZero() && o.Due.After(p.now) && !o.Due.After(looked) && !scheduled[o.Civil] {
			p.move(o, store.Skipped, skippedSchedule, false, store.Record{})
		}
	}
}

// retire skips what is still to come of cadences that the engagement has no more.
func (p *planner) retire() {
	var gone []string
	for id := range p.occurrences {
		if !slices.ContainsFunc(p.e.Cadences, func(c store.Cadence) bool { return c.ID == id }) {
			gone = append(gone, id)
		}
	}
	slices.Sort(gone)
	for _, id := range gone {
		for _, o := range p.occurrences[id] {
			if !o.State.Done() {
				p.move(o, store.Skipped, skippedCadence, false, store.Record{})
			}
		}
	}
}

// scheduled reminds of an occurrence, or when it has come due prompts for it.
func (p *planner) scheduled(c *cadence, o *occurrence) {
	if p.now.Before(o.Due) {
		p.remind(c, o)
		p.wake(o.Due)
		return
	}
	late := p.now.Sub(o.Due)
	switch pause, paused := p.pausedOn(c.ID, o.Due); {
	case paused:
		p.move(o, store.Skipped, "paused: "+pause.Reason, false, store.Record{})
	case p.overtaken(o) || late > p.patience(c, o):
		p.move(o, store.Skipped, store.SkippedOutage, false, store.Record{})
	default:
		o.begun = p.now
		p.move(o, store.Prompted, "", late >= lateFrom, store.Record{})
		p.prompt(c, o)
	}
}

// patience is how late it is still worth to prompt. A standup or a report of
// this morning is stale in the evening. A meeting was held whether or not Tandem
// was up, so whoever owns it is asked to record it as long as its grace lasts.
func (p *planner) patience(c *cadence, o *occurrence) time.Duration {
	if c.Kind == store.KindStandup || c.Kind == store.KindReport {
		return p.CatchUp
	}
	return max(p.CatchUp, o.Grace.Sub(o.Due))
}

// promptKey names the prompt of an occurrence. One that is moved is prompted anew.
func promptKey(o *occurrence) string { return "prompt/" + place(o) }

// place names an occurrence in keys: with its due date where somebody moved it.
func place(o *occurrence) string {
	if o.Moved.IsZero() {
		return ref(&o.Occurrence)
	}
	return ref(&o.Occurrence) + "/" + o.Due.UTC().Format("20060102T1504")
}

// begin is when the occurrence was prompted: at its due date, or after it where
// that was late.
func (p *planner) begin(o *occurrence) time.Time {
	if !o.Late {
		return o.Due
	}
	if post := p.posts[promptKey(o)]; post != nil {
		return later(post.At, o.Due)
	}
	return later(o.begun, o.Due)
}

// end is the end of its grace, which is as long after a late prompt as after
// any other.
func (p *planner) end(o *occurrence) time.Time { return o.Grace.Add(p.begin(o).Sub(o.Due)) }

// half is the middle of its grace.
func (p *planner) half(o *occurrence) time.Time {
	begin := p.begin(o)
	return begin.Add(p.end(o).Sub(begin) / 2)
}
