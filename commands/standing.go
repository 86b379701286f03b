package commands

import (
	"slices"
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/scheduler/drift"
	"github.com/tandem-bot/tandem/store"
)

// standing says where each cadence stands: its rhythm in words, the next date,
// the level, and how the last dates went.
func (d *Desk) standing(beat *store.Rhythm, at time.Time) []card.Block {
	if len(d.rhythms) == 0 {
		return nil
	}
	in := d.driftInput(beat, at)
	words := map[string]string{}
	for _, r := range d.rhythms {
		words[r.Cadence().ID] = r.Words()
	}
	t := card.Table{Title: "The rhythm:", Columns: []string{"Cadence", "Stands", "Held", "Agreed", "Next"}}
	var past card.Facts
	for _, s := range drift.Status(in, beat.Findings, at) {
		state, next := s.Level.String(), "no date"
		if s.Pause != nil {
			state = "paused until " + date(s.Pause.Until) + " (" + s.Pause.Reason + ")"
		} else if s.Running != "" && s.Level > store.LevelNone {
			state += ", running " + s.Running
		}
		if !s.Next.IsZero() {
			next = instantDay(s.Next.In(d.zone), at)
		}
		t.Rows = append(t.Rows, []string{s.Name, state, heldText(beat, s.Cadence), words[s.Cadence], next})
		if slices.ContainsFunc(s.Timeline, func(e drift.Entry) bool { return e.Word != "due" }) {
			past = append(past, card.Fact{Label: s.Name, Value: s.Timeline.Words()})
		}
	}
	blocks := []card.Block{t}
	if len(past) > 0 {
		blocks = append(blocks, card.Paragraph("How the last dates went, oldest first:"), past)
	}
	return blocks
}

// heldText says how many of a cadence's last dates were held. What nobody's
// doing skipped doesn't count.
func heldText(beat *store.Rhythm, cadence string) string {
	held, all := 0, 0
	for i := range beat.Occurrences {
		x := &beat.Occurrences[i]
		if x.Cadence != cadence || !x.State.Done() || x.Outage() || x.State == store.Skipped && x.Reason == store.SkippedHoliday {
			continue
		}
		all++
		if x.State == store.Held {
			held++
		}
	}
	if all == 0 {
		return ""
	}
	return strconv.Itoa(held) + " of the last " + strconv.Itoa(all)
}

// instantDay is instant with the date always there: a status is read days later.
func instantDay(t, now time.Time) string {
	if t.Year() != now.Year() {
		return t.Format("Mon 2 Jan 2006 15:04 ") + card.Zone(t)
	}
	return t.Format("Mon 2 Jan 15:04 ") + card.Zone(t)
}

// driftInput is what the detector reads of the record.
func (d *Desk) driftInput(beat *store.Rhythm, at time.Time) *drift.Input {
	in := &drift.Input{Engagement: d.e, Calendar: d.cal}
	for _, r := range d.rhythms {
		c := r.Cadence()
		of := drift.Rhythm{Cadence: c.ID, Every: r.Interval(at)}
		for i := range beat.Occurrences {
			if x := &beat.Occurrences[i]; x.Cadence == c.ID {
				of.Occurrences = append(of.Occurrences, *x)
				if ahead := !x.State.Done() && !x.Due.Before(at); ahead && (of.Next.IsZero() || x.Due.Before(of.Next)) {
					of.Next = x.Due
				}
			}
		}
		slices.SortFunc(of.Occurrences, func(a, b store.Occurrence) int { return a.Due.Compare(b.Due) })
		for _, p := range beat.Pauses {
			if p.Cadence == c.ID {
				of.Pauses = append(of.Pauses, p)
			}
		}
		if of.Next.IsZero() {
			if due, ok := r.Next(at); ok {
				of.Next = due.Due
			}
		}
		in.Rhythms = append(in.Rhythms, of)
	}
	return in
}
