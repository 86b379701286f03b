package ownership

import (
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
	nameUnits  []nameUnit

	stems     []stemID // sorted; postings of stems[i] are those from stemAt[i] to stemAt[i+1]
	stemAt    []uint32
	postings  []posting
	concepts  []int16 // sorted, with holders in the same way
	conceptAt []uint32
	holders   []holder

	vocabulary []int32  // entries of the engagement's words; below zero: of local
	local      []entry  // words of this engagement alone, sorted by text
	people     []string // words of the names of people and companies, sorted
}

type candidate struct {
	Subject
	class           outcomeClass
	names, namesEnd uint32
	topics          []topic // to length one, by concept
}

// name is a candidate's name or one of its aliases.
type name struct {
	units, unitsEnd uint32
	weight          float32
}

type nameUnit struct {
	stem   stemID
	weight float32
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
		b.addFunction(&e.Matrix.Functions[i])
	}
	for i := range e.Tools {
		b.addTool(&e.Tools[i])
	}
	for i := range e.Artifacts {
		a := &e.Artifacts[i]
		b.add(Subject{KindArtifact, a.ID}, classArtifact, a.Name, a.Aliases, nil, a.Frameworks)
	}
	for i := range e.Matrix.OutOfScope {
		x := &e.Matrix.OutOfScope[i]
		b.add(Subject{KindOutOfScope, x.Name}, classExclusion, x.Name, append(parts(x.Name), x.Aliases...), []string{x.Note}, nil)
	}
	for i := range e.Severities {
		s := &e.Severities[i]
		level := strconv.Itoa(s.Level)
		class := classSev1 + outcomeClass(min(max(s.Level, 1), 4)-1)
		b.add(Subject{KindSeverity, "sev" + level}, class, "sev "+level, []string{s.Name}, s.Examples, nil)
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

// find returns what is known of a word, shipped or of this engagement.
func (ix *Index) find(word string) (*entry, bool) {
	if e, ok := ix.language.lexicon.find(word); ok {
		return e, true
	}
	i, ok := slices.BinarySearchFunc(ix.local, word, func(e entry, w string) int { return strings.Compare(e.text, w) })
	if !ok {
		return nil, false
	}
	return &ix.local[i], true
}

// entry returns a word of the vocabulary.
func (ix *Index) entry(id int32) *entry {
	if id < 0 {
		return &ix.local[-id-1]
	}
	return &ix.language.lexicon.entries[id]
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
	return ix.postings[ix.stemAt[i]:ix.stemAt[i+1]]
}

// held returns the candidates that speak of a concept.
func (ix *Index) held(concept int32) []holder {
	i, ok := slices.BinarySearch(ix.concepts, int16(concept))
	if !ok {
		return nil
	}
	return ix.holders[ix.conceptAt[i]:ix.conceptAt[i+1]]
}
