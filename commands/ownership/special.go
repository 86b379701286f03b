package ownership

import (
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/tandem-bot/tandem/store"
)

// onCallWeight bounds what else a question may speak of, to be about nothing
// but who is on call: "who is on call for the x-ray sensors" asks for the row.
const onCallWeight = 1.2

// levelWeight bounds the same for a question about a severity by its number:
// "sev 2" asks for the level, "printer down, is that a sev 2" how to rate it.
const levelWeight = 1.2

// special answers the questions that the matrix need not be searched for: who
// is on call, what a person owns, and a severity by its number.
func (s *scored) special() (Subject, bool) {
	if id, ok := s.askedPerson(); ok {
		return Subject{KindPerson, id}, true
	}
	if s.reading.cues[cueOnCall] > 0 && len(s.ix.engagement.OnCall) > 0 {
		rotation := s.askedRotation()
		if s.total-s.weightOf(rotation) < onCallWeight {
			return Subject{KindOnCall, rotation}, true
		}
	}
	if level, weight := s.askedLevel(); level != "" && s.total-weight < levelWeight {
		return Subject{KindSeverity, level}, true
	}
	return Subject{}, false
}

// askedLevel returns the one severity of the engagement that the question names
// by its number (sev2, sev 2, severity 2), and the weight of those words; "" if
// it names none or several.
func (s *scored) askedLevel() (level string, weight float32) {
	asked := s.reading.words
	for i, w := range asked {
		number, short := strings.CutPrefix(w, "sev")
		words := []string{w}
		if (w == "sev" || w == "severity") && i+1 < len(asked) {
			number, short = asked[i+1], true
			words = append(words, number)
		}
		n, err := strconv.Atoi(number)
		if !short || err != nil {
			continue
		}
		if _, ok := s.ix.engagement.Severity(n); !ok || level != "" {
			return "", 0
		}
		level = "sev" + strconv.Itoa(n)
		for _, w := range words {
			weight += s.weightOf(w)
		}
	}
	return level, weight
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

// weightOf is how much of the question's weight is a word's.
func (s *scored) weightOf(word string) float32 {
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.text == word {
			return u.weight
		}
	}
	return 0
}

// personPhrases ask what a person owns; NAME stands for the person.
var personPhrases = sync.OnceValue(func() map[string]bool {
	phrases := map[string]bool{}
	for _, line := range lines("cues/person.txt") {
		phrases[strings.Join(spellOut(strings.Fields(line), shared().slang), " ")] = true
	}
	return phrases
})

// longestPersonPhrase bounds the words of a question that asks nothing else.
const longestPersonPhrase = 12

// askedPerson finds a question that is nothing but "what does NAME own".
func (s *scored) askedPerson() (string, bool) {
	asked := s.reading.words
	if len(asked) > longestPersonPhrase {
		return "", false
	}
	first := slices.IndexFunc(asked, s.ix.isName)
	if first < 0 {
		return "", false
	}
	for _, p := range s.ix.engagement.People {
		full := words(p.Name)
		if len(full) == 0 {
			continue
		}
		for _, name := range [][]string{full, full[:1], full[len(full)-1:]} {
			if phrase, ok := withName(asked, first, name); ok && personPhrases()[phrase] {
				return p.ID, true
			}
		}
	}
	return "", false
}

// withName returns the question with NAME, or NAMEs, in the place of a name
// that begins at the word given.
func withName(asked []string, at int, name []string) (string, bool) {
	end := at + len(name)
	if end > len(asked) || !slices.Equal(asked[at:end-1], name[:len(name)-1]) {
		return "", false
	}
	mark := "NAME"
	switch asked[end-1] {
	case name[len(name)-1]:
	case name[len(name)-1] + "s":
		mark = "NAMEs"
	default:
		return "", false
	}
	return strings.Join(slices.Concat(asked[:at], []string{mark}, asked[end:]), " "), true
}

// incidentConcepts are the thesaurus's concepts of responding to incidents.
var incidentConcepts = map[string]bool{"incident-response": true, "endpoint-isolation": true}

// attackConcepts are those of an attack under way.
var attackConcepts = map[string]bool{"incident-response": true, "ransomware": true, "soc-mdr": true, "stolen-laptop": true}

// runsIncidents reports whether a row is about responding to security incidents.
func runsIncidents(f *store.Function) bool {
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

func (d shippedOnly) means(string) bool { return false }

func (d shippedOnly) find(word string) (entry, bool) {
	if e, ok := d.g.lexicon.find(word); ok {
		return *e, true
	}
	return entry{}, false
}
