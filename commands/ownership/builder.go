package ownership

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// builder gathers an index in maps before it is frozen.
type builder struct {
	ix       *Index
	reading  reading
	text     string // that is read
	local    map[string]stemID
	stems    map[string]stemID // of local words
	postings map[stemID][]posting
	concepts map[int32][]holder
	words    map[string]bool // the vocabulary
	sum      []float32       // topics of the candidate being added
	touched  []int16
	place    vector // of the candidate being added
}

func newBuilder(e *store.Engagement) *builder {
	b := &builder{
		ix:    &Index{language: shared(), engagement: e},
		local: map[string]stemID{}, stems: map[string]stemID{}, postings: map[stemID][]posting{},
		concepts: map[int32][]holder{}, words: map[string]bool{},
	}
	b.sum = make([]float32, len(b.ix.language.thesaurus.concepts))
	names := map[string]bool{string(store.MSP): true} // "us or the msp" names a side, too
	for _, p := range e.People {
		for _, w := range words(p.Name) {
			names[strings.Clone(w)] = true
		}
	}
	for _, w := range words(e.Client + " " + e.MSP) {
		if known, ok := b.ix.language.lexicon.find(w); !ok || known.class == content {
			names[strings.Clone(w)] = true
		}
	}
	b.ix.people = slices.Sorted(maps.Keys(names))
	return b
}

// find makes the builder a dictionary: a word that nobody knows becomes one of
// this engagement.
func (b *builder) find(word string) (entry, bool) {
	lexicon := b.ix.language.lexicon
	if e, ok := lexicon.find(word); ok {
		return *e, true
	}
	stem, ok := b.local[word]
	if !ok {
		stem = b.stem(lexicon.stemOf(word))
		b.local[strings.Clone(word)] = stem // or the whole text would be kept with it
	}
	return entry{text: word, stem: stem, row: -1, rarity: 1}, true
}

func (b *builder) repair(string) (string, bool) { return "", false }

// means takes what a matrix writes in capitals for a name: it is no chat.
func (b *builder) means(word string) bool { return strings.Contains(b.text, strings.ToUpper(word)) }

func (b *builder) stem(text string) stemID {
	if id, ok := b.ix.language.lexicon.stems[text]; ok {
		return id
	}
	id, ok := b.stems[text]
	if !ok {
		id = localStems + stemID(len(b.stems))
		b.stems[text] = id
	}
	return id
}

// incidentDuties are what a playbook settles; they belong to the row that
// responds to incidents, so that asking for them finds it.
const incidentDuties = "who may isolate an endpoint, take a machine off the network, notify leadership, call order"

func (b *builder) addFunction(i int) {
	f := &b.ix.engagement.Matrix.Functions[i]
	extra := []string{f.Area, f.Duties.Internal, f.Duties.MSP, f.Note, f.Vendor.Name}
	if t, ok := b.ix.engagement.Tool(f.Tool); ok && f.Tool != "psa" {
		// Nearly every row of a helpdesk has its tickets in the PSA: that says nothing.
		extra = append(extra, t.Product)
	}
	incidents := runsIncidents(f)
	if incidents {
		extra = append(extra, incidentDuties)
	}
	h := b.add(i, classFunction, f.Name, f.Aliases, []string{f.Description}, extra)
	b.ix.candidates[h].incidents = incidents
	if incidents && len(b.ix.engagement.Playbook.MayIsolateEndpoint) > 0 {
		// The playbook says who may: asking for it means this row as if it were named so.
		b.light(h, b.ix.language.thesaurus.byName["endpoint-isolation"], fieldName, 1)
	}
}

func (b *builder) addTool(item int) {
	t := &b.ix.engagement.Tools[item]
	products := append([]string{t.Product}, t.Replaces...)
	var where []string
	for _, a := range t.Also {
		products = append(products, a.Product)
		where = append(where, a.Where)
	}
	for _, g := range t.Grandfathered {
		products = append(products, g.Product)
		where = append(where, g.Where)
	}
	i := b.add(item, classTool, strings.ReplaceAll(t.Layer, "-", " "), products, where, nil)
	if c, ok := b.ix.language.thesaurus.byName["layer-"+t.Layer]; ok {
		b.light(i, c, fieldName, 1)
	}
}

func (b *builder) add(item int, class outcomeClass, title string, aliases, description, extra []string) uint16 {
	i := uint16(len(b.ix.candidates))
	b.ix.candidates = append(b.ix.candidates, candidate{
		names: uint32(len(b.ix.names)), topics: uint32(len(b.ix.topics)), item: uint16(item), tool: i, class: class,
	})
	b.name(i, fieldName, title)
	for _, a := range aliases {
		b.name(i, fieldAlias, a)
	}
	for _, text := range description {
		b.field(i, fieldDescription, text)
	}
	for _, text := range extra {
		b.field(i, fieldExtra, text)
	}
	b.takeTopics()
	b.place.unit()
	b.ix.vectors = append(b.ix.vectors, b.place.pack())
	b.place = vector{}
	return i
}

// topicField is how much a field's words say about a candidate's topics, and
// about its place in the space of meanings.
var topicField = [fieldCount]float32{1, 1, 0.6, 0.2}

// takeTopics keeps the strongest topics gathered and starts afresh.
func (b *builder) takeTopics() {
	var list []topic
	for _, c := range b.touched {
		list = append(list, topic{c, b.sum[c]})
		b.sum[c] = 0
	}
	b.touched = b.touched[:0]
	slices.SortFunc(list, func(x, y topic) int {
		return cmp.Or(cmp.Compare(y.weight, x.weight), cmp.Compare(x.concept, y.concept))
	})
	list = list[:min(len(list), topicsOfCandidate)]
	var length float32
	for _, k := range list {
		length += k.weight * k.weight
	}
	for _, k := range list {
		b.ix.topics = append(b.ix.topics, k.concept)
		b.ix.topicShare = append(b.ix.topicShare, byteOf(k.weight/sqrt(length)))
	}
}

func (b *builder) name(i uint16, f field, text string) {
	b.field(i, f, text)
	n := name{stems: uint32(len(b.ix.nameStems))}
	for _, u := range b.reading.units {
		b.ix.nameStems = append(b.ix.nameStems, u.stem)
		b.ix.nameWeight = append(b.ix.nameWeight, byteOf(u.weight))
		n.weight += u.weight
	}
	b.ix.names = append(b.ix.names, n)
}

// field reads a text of candidate i into the builder.
func (b *builder) field(i uint16, f field, text string) {
	r := &b.reading
	b.text = text
	b.ix.language.read(r, text, b)
	for _, u := range r.units {
		if u.weight == 0 {
			continue
		}
		b.words[u.text] = true
		b.touched = b.ix.language.topics.project(b.sum, b.touched, u.stem, u.weight*topicField[f])
		b.ix.language.vectors.addStem(&b.place, u.stem, u.weight*topicField[f])
		b.post(u.stem, i, f)
		for _, alt := range u.alts {
			b.post(alt, i, max(f, fieldDescription))
		}
	}
	for _, m := range r.mentions {
		b.touched = touch(b.sum, b.touched, int16(m.concept), mentionTopic*m.strength*topicField[f])
		b.ix.language.vectors.addConcept(&b.place, m, topicField[f])
		b.light(i, m.concept, f, m.strength)
	}
}

func (b *builder) post(stem stemID, i uint16, f field) {
	list := b.postings[stem]
	if n := len(list); n == 0 || list[n-1].candidate != i {
		list = append(list, posting{candidate: i})
	}
	list[len(list)-1].fields |= 1 << f
	b.postings[stem] = list
}

// A text that only hints at a concept does not speak of it. What is no matter
// of IT must stand in a name: a row is not about lunch for mentioning it.
const (
	speaks        = 0.35
	speaksInName  = 0.2
	speaksOutside = 0.5
)

// light notes that candidate i speaks of a concept.
func (b *builder) light(i uint16, concept int32, f field, strength float32) {
	outside := b.ix.language.thesaurus.concepts[concept].outside
	inName := f <= fieldAlias
	if strength < speaksInName || !inName && strength < speaks || outside && (!inName || strength < speaksOutside) {
		return
	}
	list := b.concepts[concept]
	if n := len(list); n == 0 || list[n-1].candidate != i {
		list = append(list, holder{candidate: i})
	}
	h := &list[len(list)-1]
	switch f {
	case fieldName, fieldAlias:
		h.name = max(h.name, byteOf(strength))
	case fieldDescription:
		h.rest = max(h.rest, byteOf(strength))
	default:
		h.rest = max(h.rest, byteOf(0.4*strength))
	}
	b.concepts[concept] = list
}

func byteOf(share float32) uint8 { return uint8(math.Round(float64(min(share, 1)) * 255)) }

// linkTools points each row at the candidate that is its tool.
func (b *builder) linkTools() {
	e := b.ix.engagement
	first := len(e.Matrix.Functions) // tools stand behind the rows
	for i := range e.Matrix.Functions {
		for k := range e.Tools {
			if e.Tools[k].Layer != e.Matrix.Functions[i].Tool {
				continue
			}
			c := &b.ix.candidates[i]
			c.tool = uint16(first + k)
			for h := range e.Matrix.Functions {
				if e.Matrix.Functions[h].Tool == e.Tools[k].Layer && c.sharing < 255 {
					c.sharing++
				}
			}
		}
	}
}

// freeze turns the maps into sorted lists, each as long as it need be.
func (b *builder) freeze() *Index {
	ix := b.ix
	for _, w := range slices.Sorted(maps.Keys(b.local)) {
		ix.local = append(ix.local, localWord{w, b.local[w]})
	}
	for _, w := range slices.Sorted(maps.Keys(b.words)) {
		if id, ok := ix.language.lexicon.ids[w]; ok && len(w) >= minRepair {
			ix.vocabulary = append(ix.vocabulary, id)
		}
	}
	for i, w := range ix.local {
		if len(w.text) >= minRepair {
			ix.vocabulary = append(ix.vocabulary, int32(-i-1))
		}
	}
	slices.SortFunc(ix.vocabulary, func(a, b int32) int {
		x, _ := ix.word(a)
		y, _ := ix.word(b)
		return strings.Compare(x, y)
	})
	for _, stem := range slices.Sorted(maps.Keys(b.postings)) {
		ix.stems = append(ix.stems, stem)
		ix.stemAt.add(len(ix.postings))
		ix.postings = append(ix.postings, b.postings[stem]...)
	}
	ix.stemAt.add(len(ix.postings))
	for _, c := range slices.Sorted(maps.Keys(b.concepts)) {
		ix.concepts = append(ix.concepts, int16(c))
		ix.conceptAt.add(len(ix.holders))
		ix.holders = append(ix.holders, b.concepts[c]...)
	}
	ix.conceptAt.add(len(ix.holders))
	b.linkTools()
	ix.trim()
	return ix
}

// trim gives back what the lists of the index hold beyond their length.
func (ix *Index) trim() {
	ix.candidates, ix.names = trimmed(ix.candidates), trimmed(ix.names)
	ix.topics, ix.topicShare, ix.vectors = trimmed(ix.topics), trimmed(ix.topicShare), trimmed(ix.vectors)
	ix.nameStems, ix.nameWeight = trimmed(ix.nameStems), trimmed(ix.nameWeight)
	ix.stems, ix.postings = trimmed(ix.stems), trimmed(ix.postings)
	ix.concepts, ix.holders = trimmed(ix.concepts), trimmed(ix.holders)
	ix.vocabulary, ix.local, ix.people = trimmed(ix.vocabulary), trimmed(ix.local), trimmed(ix.people)
	ix.stemAt.small, ix.conceptAt.small = trimmed(ix.stemAt.small), trimmed(ix.conceptAt.small)
}

func trimmed[T any](list []T) []T { return append(make([]T, 0, len(list)), list...) }
