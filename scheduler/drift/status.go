package drift

import (
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// CadenceStatus is where one cadence stands.
type CadenceStatus struct {
	Cadence string      `json:"cadence"`
	Name    string      `json:"name"`
	Level   store.Level `json:"level"` // the worst of its open findings
	// Declared and Running are the rhythm in words: "weekly", "every 16 days".
	// Running is "" before it has been held four times.
	Declared string    `json:"declared,omitempty"`
	Running  string    `json:"running,omitempty"`
	Next     time.Time `json:"next,omitzero"`
	// Pause is the one that holds now, nil if none does.
	Pause    *store.Pause `json:"pause,omitempty"`
	Timeline Timeline     `json:"timeline,omitempty"`
}

// timelineLength is how many occurrences a status shows.
const timelineLength = 8

// Status returns where every cadence stands, in the order of the engagement.
func Status(in *Input, open []store.OpenFinding, now time.Time) []CadenceStatus {
	v := newView(in, now)
	byID := make(map[string]*rhythm)
	for _, r := range v.rhythms() {
		byID[r.cadence.ID] = r
	}
	out := make([]CadenceStatus, 0, len(in.Engagement.Cadences))
	for i := range in.Engagement.Cadences {
		c := &in.Engagement.Cadences[i]
		s := CadenceStatus{Cadence: c.ID, Name: c.Name, Level: worst(open, c.ID)}
		if r := byID[c.ID]; r != nil {
			s.Declared, s.Next = declared(r.Every), r.Next
			if p, ok := r.pace(); ok {
				s.Running = everyDays(p.mean)
			}
			if p, ok := r.paused(v.today); ok {
				s.Pause = &p
			}
			s.Timeline = r.timeline(timelineLength)
		}
		out = append(out, s)
	}
	return out
}

// worst returns the worst level of the cadence's open findings.
func worst(open []store.OpenFinding, id string) store.Level {
	level := store.LevelNone
	for i := range open {
		if f := &open[i]; ofCadence(f.Kind) && f.Subject == id {
			level = max(level, f.Level)
		}
	}
	return level
}

// declared says an interval as people do.
func declared(every float64) string {
	switch {
	case every <= 0:
		return ""
	case every == 1:
		return "daily"
	case every >= 6 && every <= 8:
		return "weekly"
	case every >= 13 && every <= 15:
		return "fortnightly"
	case every >= 27 && every <= 35:
		return "monthly"
	case every >= 84 && every <= 98:
		return "quarterly"
	case every >= 175 && every <= 190:
		return "half-yearly"
	case every >= 360 && every <= 372:
		return "yearly"
	default:
		return everyDays(every)
	}
}

// Entry is one occurrence in a timeline.
type Entry struct {
	Date store.Date `json:"date"`
	Word string     `json:"word"`
}

// Timeline is the last occurrences of a cadence, oldest first.
type Timeline []Entry

// NewTimeline returns the last n occurrences of the cadence up to the one that
// is due next; nil for a cadence that the input does not have.
func NewTimeline(in *Input, id string, n int, now time.Time) Timeline {
	for _, r := range newView(in, now).rhythms() {
		if r.Cadence == id {
			return r.timeline(n)
		}
	}
	return nil
}

// Words reads well aloud: "held, late, missed, skipped (a holiday), due".
func (t Timeline) Words() string {
	words := make([]string, len(t))
	for i, e := range t {
		words[i] = e.Word
	}
	return strings.Join(words, ", ")
}

// Row is for print: "2 Nov held, 9 Nov late, 16 Nov missed", with the year where
// it is not that of the last.
func (t Timeline) Row() string {
	entries := make([]string, len(t))
	for i, e := range t {
		day := noon(e.Date).Format("2 Jan")
		if e.Date.Year != t[len(t)-1].Date.Year {
			day = fullDate(e.Date)
		}
		entries[i] = day + " " + e.Word
	}
	return strings.Join(entries, ", ")
}

func (r *rhythm) timeline(n int) Timeline {
	end := 0
	for end < len(r.marks) {
		ahead := r.marks[end].Due.After(r.now)
		end++
		if ahead {
			break
		}
	}
	var t Timeline
	for i := max(0, end-n); i < end; i++ {
		t = append(t, Entry{r.marks[i].due, r.word(&r.marks[i])})
	}
	return t
}

// word is what became of an occurrence.
func (r *rhythm) word(m *mark) string {
	switch m.State {
	case store.Held:
		return r.heldWord(m)
	case store.Missed, store.Overdue:
		if m.paused {
			return "paused"
		}
		if m.State == store.Overdue {
			return "overdue"
		}
		if m.excused {
			return "missed (" + r.excuse(m) + ")"
		}
		return "missed"
	case store.Skipped:
		switch {
		case m.paused:
			return "paused"
		case m.Reason == "":
			return "skipped"
		}
		return "skipped (" + m.Reason + ")"
	default:
		if m.paused {
			return "paused"
		}
		return "due"
	}
}

// heldWord is how an occurrence was held, with what a reader must not miss.
func (r *rhythm) heldWord(m *mark) string {
	word := "held"
	if !m.onTime {
		word = "late"
	}
	switch {
	case r.cadence.Kind == store.KindQBR && !r.led(m):
		return word + " (without leadership)"
	case r.cadence.Kind == store.KindTestedRestore && m.Record.Result == store.ResultFail:
		return word + " (restore failed)"
	}
	return word
}
