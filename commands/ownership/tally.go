package ownership

import (
	"fmt"
	"slices"
	"strings"
)

// Labelled is a question with the answer that a person gave it. Expect is a
// kind, or any (a function, any of IDs), unnamed, or other (no question).
type Labelled struct {
	ID       string   `json:"id"`
	Question string   `json:"q"`
	Expect   string   `json:"expect"`
	IDs      []string `json:"ids"`
	Style    string   `json:"style"`
}

// Verdict says what an answer to a labelled question was worth.
type Verdict string

// The verdicts.
const (
	Right  Verdict = "right"
	Asked  Verdict = "asked"  // offered among at most four
	Wrong  Verdict = "wrong"  // another subject, with confidence or among those offered
	Missed Verdict = "missed" // refused, though it has a subject, or not refused
)

// Judge compares an answer with the label.
func (l *Labelled) Judge(a Answer) Verdict {
	switch a.Outcome {
	case Answered:
		if l.fits(a.Subject) {
			return Right
		}
		return Wrong
	case Choose:
		if l.Expect == "unnamed" {
			return Asked
		}
		for _, c := range a.Choices[:min(4, len(a.Choices))] {
			if l.fits(c.Subject) {
				if l.Expect == "any" {
					return Right
				}
				return Asked
			}
		}
		return Wrong
	case Unnamed:
		if l.Expect == "unnamed" {
			return Right
		}
	case Help:
		if l.Expect == "other" {
			return Right
		}
	}
	return Missed
}

// fits reports whether the subject is one that the label allows. An id that
// names both a row and a document is right as either.
func (l *Labelled) fits(s Subject) bool {
	if !slices.Contains(l.IDs, s.ID) {
		return false
	}
	switch l.Expect {
	case "any", KindFunction, KindArtifact:
		return s.Kind == KindFunction || s.Kind == KindArtifact
	}
	return s.Kind == l.Expect
}

// Count is how many verdicts of each sort a group of questions got.
type Count struct {
	Name string
	N    int
	by   map[Verdict]int
}

// Share returns the verdict's share in percent.
func (c Count) Share(v Verdict) float64 {
	if c.N == 0 {
		return 0
	}
	return 100 * float64(c.by[v]) / float64(c.N)
}

// Tally counts verdicts by kind and by style.
type Tally struct {
	names  []string
	counts map[string]*Count
}

// NewTally makes an empty tally.
func NewTally() *Tally { return &Tally{counts: map[string]*Count{}} }

// Add judges an answer and counts it.
func (t *Tally) Add(l Labelled, a Answer) Verdict {
	v := l.Judge(a)
	for _, name := range []string{"all", "expect " + l.Expect, "style " + l.Style} {
		c, ok := t.counts[name]
		if !ok {
			c = &Count{Name: name, by: map[Verdict]int{}}
			t.counts[name] = c
			t.names = append(t.names, name)
		}
		c.N++
		c.by[v]++
	}
	return v
}

// Row returns the count of a name that [Tally.Rows] returned, or an empty one.
func (t *Tally) Row(name string) Count {
	if c, ok := t.counts[name]; ok {
		return *c
	}
	return Count{Name: name}
}

// Rows returns every count: all, then by expected kind, then by style.
func (t *Tally) Rows() []Count {
	names := slices.Clone(t.names)
	slices.Sort(names)
	var out []Count
	for _, n := range names {
		out = append(out, *t.counts[n])
	}
	return out
}

// String says an answer in a line: what came out, and what was considered.
func (a Answer) String() string {
	var b strings.Builder
	b.WriteString(string(a.Outcome))
	for _, c := range a.Choices {
		fmt.Fprintf(&b, " %s:%s %.2f", c.Kind, c.ID, c.Score)
	}
	return b.String()
}

// String says the count in a line.
func (c Count) String() string {
	return fmt.Sprintf("%-22s n=%4d  right %5.1f%%  asked %5.1f%%  wrong %5.1f%%  missed %5.1f%%", c.Name, c.N,
		c.Share(Right), c.Share(Asked), c.Share(Wrong), c.Share(Missed))
}
