package ownership

import (
	"math"
	"slices"
	"sort"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// Kinds of a subject.
const (
	KindFunction   = "function"
	KindTool       = "tool"
	KindArtifact   = "artifact"
	KindSeverity   = "severity"
	KindOutOfScope = "out_of_scope"
	KindOnCall     = "on_call"
	KindPerson     = "person"
)

// Subject is what a question can be about.
type Subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

// field is a part of a candidate's text; an earlier one says more.
type field uint8

const (
	fieldName field = iota
	fieldAlias
	fieldDescription
	fieldExtra
	fieldCount
)

// Index is an engagement made ready for questions. It is read-only once built
// and small, since a store may hold thousands: sorted lists rather than maps,
// and shipped words by number rather than by text.
type Index struct {
	language   *language
	engagement *store.Engagement
	candidates []candidate
	names      []name
	nameStems  []stemID
	nameWeight []uint8        // of each stem of a name, 255 to one
	topics     []int16        // concepts of the candidates
	topicShare []uint8        // and how much each is one of the candidate's topics, 255 to one
	vectors    []packedVector // of the candidates, to length one

	stems     []stemID // sorted; postings of stems[i] are those from stemAt[i] to stemAt[i+1]
	stemAt    offsets
	postings  []posting
	concepts  []int16 // sorted, with holders in the same way
	conceptAt offsets
	holders   []holder

	vocabulary []int32     // entries of the engagement's words; below zero: of local
	local      []localWord // words of this engagement alone, sorted by text
	people     []string    // words of the names of people and companies, sorted
}

// candidate is a subject: item counts within its list of the engagement, and
// its names and topics go up to where the next candidate's begin.
type candidate struct {
	names, topics uint32
	item          uint16
	tool          uint16 // the candidate that is a row's tool; itself where there is none
	class         outcomeClass
	sharing       uint8 // rows with the same tool
	incidents     bool  // a row about responding to security incidents
}

// name is a candidate's name or one of its aliases; its stems go up to where
// the next name's begin.
type name struct {
	stems  uint32
	weight float32
}

// localWord is a word that only this engagement has.
type localWord struct {
	text string
	stem stemID
}

// offsets are places in a list: two bytes each where that is enough, which it
// is for any engagement but a monster.
type offsets struct {
	small []uint16
	large []uint32
}

func (o *offsets) add(at int) {
	if o.large == nil && at <= math.MaxUint16 {
		o.small = append(o.small, uint16(at))
		return
	}
	if o.large == nil {
		for _, x := range o.small {
			o.large = append(o.large, uint32(x))
		}
		o.small = nil
	}
	o.large = append(o.large, uint32(at))
}

// span returns the places i and i+1.
func (o *offsets) span(i int) (from, to int) {
	if o.large != nil {
		return int(o.large[i]), int(o.large[i+1])
	}
	return int(o.small[i]), int(o.small[i+1])
}

// posting says in which fields of a candidate a stem stands, a bit for each.
type posting struct {
	candidate uint16
	fields    uint8
}

// holder is a candidate that speaks of a concept: how strongly its names do,
// and the rest of its text, 255 to one.
type holder struct {
	candidate  uint16
	name, rest uint8
}

// NewIndex makes the index of an engagement, which must not change afterwards.
func NewIndex(e *store.Engagement) *Index {
	b := newBuilder(e)
	for i := range e.Matrix.Functions {
		b.addFunction(i)
	}
	for i := range e.Tools {
		b.addTool(i)
	}
	for i, a := range e.Artifacts {
		b.add(i, classArtifact, a.Name, a.Aliases, nil, a.Frameworks)
	}
	for i, x := range e.Matrix.OutOfScope {
		b.add(i, classExclusion, x.Name, append(parts(x.Name), x.Aliases...), []string{x.Note}, nil)
	}
	for i, s := range e.Severities {
		class := classSev1 + outcomeClass(min(max(s.Level, 1), 4)-1)
		b.add(i, class, "sev "+strconv.Itoa(s.Level), []string{s.Name}, s.Examples, nil)
	}
	return b.freeze()
}

// parts are the items of a list such as "chairs, compressors and sterilizers".
func parts(name string) []string {
	var out []string
	for piece := range strings.SplitSeq(name, ",") {
		for p := range strings.SplitSeq(piece, " and ") {
			if p = strings.TrimSpace(p); p != "" && p != name {
				out = append(out, p)
			}
		}
	}
	return out
}

// subject says what candidate h is.
func (ix *Index) subject(h int) Subject {
	e, c := ix.engagement, &ix.candidates[h]
	switch c.class {
	case classFunction:
		return Subject{KindFunction, e.Matrix.Functions[c.item].ID}
	case classTool:
		return Subject{KindTool, e.Tools[c.item].Layer}
	case classArtifact:
		return Subject{KindArtifact, e.Artifacts[c.item].ID}
	case classExclusion:
		return Subject{KindOutOfScope, e.Matrix.OutOfScope[c.item].Name}
	default:
		return Subject{KindSeverity, "sev" + strconv.Itoa(e.Severities[c.item].Level)}
	}
}

// RunsIncidents reports whether the row with the id is about responding to
// security incidents, so that the playbook belongs on its card.
func (ix *Index) RunsIncidents(id string) bool {
	for h := range ix.candidates {
		c := &ix.candidates[h]
		if c.incidents && ix.engagement.Matrix.Functions[c.item].ID == id {
			return true
		}
	}
	return false
}

// namesOf returns the names of candidate h.
func (ix *Index) namesOf(h int) (from, to int) {
	to = len(ix.names)
	if h+1 < len(ix.candidates) {
		to = int(ix.candidates[h+1].names)
	}
	return int(ix.candidates[h].names), to
}

// stemsOf returns the stems of name n and how much each says, 255 to one.
func (ix *Index) stemsOf(n int) ([]stemID, []uint8) {
	from, to := int(ix.names[n].stems), len(ix.nameStems)
	if n+1 < len(ix.names) {
		to = int(ix.names[n+1].stems)
	}
	return ix.nameStems[from:to], ix.nameWeight[from:to]
}

// topicsOf returns the topics of candidate h and the share of each, 255 to one.
func (ix *Index) topicsOf(h int) (concepts []int16, shares []uint8) {
	from, to := ix.candidates[h].topics, uint32(len(ix.topics))
	if h+1 < len(ix.candidates) {
		to = ix.candidates[h+1].topics
	}
	return ix.topics[from:to], ix.topicShare[from:to]
}

// find returns what is known of a word, shipped or of this engagement.
func (ix *Index) find(word string) (entry, bool) {
	if e, ok := ix.language.lexicon.find(word); ok {
		return *e, true
	}
	i, ok := slices.BinarySearchFunc(ix.local, word, func(w localWord, text string) int { return strings.Compare(w.text, text) })
	if !ok {
		return entry{}, false
	}
	return entry{text: ix.local[i].text, stem: ix.local[i].stem, row: -1, rarity: 1}, true
}

// means reports whether the engagement has a word that elsewhere is shorthand.
func (ix *Index) means(word string) bool {
	if ix.isName(word) {
		return true
	}
	e, ok := ix.find(word)
	return ok && e.class == content && len(ix.post(e.stem)) > 0
}

// word returns the text and stem of a word of the vocabulary.
func (ix *Index) word(id int32) (string, stemID) {
	if id < 0 {
		w := &ix.local[-id-1]
		return w.text, w.stem
	}
	e := &ix.language.lexicon.entries[id]
	return e.text, e.stem
}

// from returns the words of the vocabulary from the prefix on.
func (ix *Index) from(prefix string) []int32 {
	i := sort.Search(len(ix.vocabulary), func(i int) bool {
		text, _ := ix.word(ix.vocabulary[i])
		return text >= prefix
	})
	return ix.vocabulary[i:]
}

// isName reports whether a word is part of the name of a person or company, or
// says that something is theirs.
func (ix *Index) isName(word string) bool {
	_, ok := slices.BinarySearch(ix.people, word)
	if !ok && len(word) > 3 && word[len(word)-1] == 's' {
		_, ok = slices.BinarySearch(ix.people, word[:len(word)-1])
	}
	return ok
}

// post returns where a stem stands.
func (ix *Index) post(stem stemID) []posting {
	i := sort.Search(len(ix.stems), func(i int) bool { return ix.stems[i] >= stem })
	if i == len(ix.stems) || ix.stems[i] != stem {
		return nil
	}
	from, to := ix.stemAt.span(i)
	return ix.postings[from:to]
}

// held returns the candidates that speak of a concept.
func (ix *Index) held(concept int32) []holder {
	i, ok := slices.BinarySearch(ix.concepts, int16(concept))
	if !ok {
		return nil
	}
	from, to := ix.conceptAt.span(i)
	return ix.holders[from:to]
}
