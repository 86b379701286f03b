package ownership

import (
	"slices"
	"strings"
	"sync"

	"github.com/tandem-bot/tandem/store"
)

// onCallWeight bounds what else a question may speak of, to be about nothing
// but who is on call: "who is on call for the x-ray sensors" asks for the row.
const onCallWeight = 1.2

// special answers the two questions that the matrix need not be searched for:
// who is on call, and what a person owns.
func (s *scored) special() (Subject, bool) {
	if id, ok := s.askedPerson(); ok {
		return Subject{KindPerson, id}, true
	}
	if s.reading.cues[cueOnCall] > 0 && len(s.ix.engagement.OnCall) > 0 && s.total < onCallWeight {
		return Subject{KindOnCall, s.askedRotation()}, true
	}
	return Subject{}, false
}

// askedRotation returns the rotation or side that the question names, or "".
func (s *scored) askedRotation() string {
	e := s.ix.engagement
	for _, r := range e.OnCall {
		for _, w := range s.reading.words {
			if r.Name != "" && w == strings.ToLower(r.Name) || w == string(r.Side) {
				return w
			}
		}
	}
	return ""
}

// personPhrases ask what a person owns; NAME stands for the person.
var personPhrases = sync.OnceValue(func() [][]string {
	var out [][]string
	for _, line := range lines("cues/person.txt") {
		out = append(out, strings.Fields(line))
	}
	return out
})

// askedPerson finds a question that is nothing but "what does NAME own".
func (s *scored) askedPerson() (string, bool) {
	asked := s.reading.words
	if len(asked) > 12 || !slices.ContainsFunc(asked, s.ix.isName) {
		return "", false
	}
	for _, p := range s.ix.engagement.People {
		full := words(p.Name)
		if len(full) == 0 {
			continue
		}
		for _, phrase := range personPhrases() {
			for _, name := range [][]string{full, full[:1], full[len(full)-1:]} {
				if matchesPhrase(asked, phrase, name) {
					return p.ID, true
				}
			}
		}
	}
	return "", false
}

// matchesPhrase compares word by word, with the name in place of NAME or NAMEs.
func matchesPhrase(asked, phrase, name []string) bool {
	for _, w := range phrase {
		want := []string{w}
		if w == "NAME" || w == "NAMEs" {
			want = slices.Clone(name)
			want[len(want)-1] += strings.TrimPrefix(w, "NAME")
		}
		if len(asked) < len(want) || !slices.Equal(asked[:len(want)], want) {
			return false
		}
		asked = asked[len(want):]
	}
	return len(asked) == 0
}

// incidentConcepts are the thesaurus's concepts of responding to incidents.
var incidentConcepts = map[string]bool{"incident-response": true, "endpoint-isolation": true}

// attackConcepts are those of an attack under way.
var attackConcepts = map[string]bool{"incident-response": true, "ransomware": true, "soc-mdr": true, "stolen-laptop": true}

// RunsIncidents reports whether a row is about responding to security
// incidents, so that the playbook belongs on its card.
func RunsIncidents(f *store.Function) bool {
	g := shared()
	var r reading
	for _, title := range append([]string{f.Name}, f.Aliases...) {
		g.read(&r, title, shippedOnly{g})
		for _, m := range r.mentions {
			if m.strength >= 0.7 && incidentConcepts[g.thesaurus.concepts[m.concept].name] {
				return true
			}
		}
	}
	return false
}

// shippedOnly is the dictionary of the shipped words alone.
type shippedOnly struct{ g *language }

func (d shippedOnly) repair(string) (string, bool) { return "", false }

func (d shippedOnly) find(word string) (entry, bool) {
	if e, ok := d.g.lexicon.find(word); ok {
		return *e, true
	}
	return entry{}, false
}
