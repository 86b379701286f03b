package ownership

// cue is a hint at what kind of question it is, apart from what it is about.
type cue uint8

const (
	cueWho       cue = iota // asks who owns, does, handles
	cueFiller               // politeness
	cueTool                 // asks which product
	cueArtifact             // asks for a document
	cueEveryone             // reports that everybody is stopped
	cueGroup                // a department or site is stopped
	cueOne                  // one person or device
	cueLow                  // cosmetic or how-to
	cueRate                 // asks how bad it is
	cueOnCall               // asks who is on call
	cueHelp                 // is no question about ownership
	cueDocument             // names a kind of document
	cueSmallTalk            // marks small talk wherever it stands
	cueCount
)

// cueFiles name the lists, in the order of the constants.
var cueFiles = [cueCount]string{
	"who", "filler", "tool", "artifact", "report_everyone", "report_group",
	"report_one", "report_low", "report_rate", "oncall", "help", "artifact_nouns", "help_marks",
}

// cueBook finds cue phrases word by word, small words included.
type cueBook struct {
	ids   map[string]uint32
	next  map[uint64]int32
	marks [][]cue // by node
}

func newCueBook(slang map[string][]string) *cueBook {
	b := &cueBook{ids: map[string]uint32{}, next: map[uint64]int32{}, marks: [][]cue{nil}}
	for c, file := range cueFiles {
		for _, line := range lines("cues/" + file + ".txt") {
			if node := b.grow(spellOut(words(line), slang)); node != root {
				b.marks[node] = append(b.marks[node], cue(c))
			}
		}
	}
	return b
}

// spellOut puts plain words in the place of chat shorthand.
func spellOut(text []string, slang map[string][]string) []string {
	var out []string
	for _, w := range text {
		if long, ok := slang[w]; ok {
			out = append(out, long...)
		} else {
			out = append(out, w)
		}
	}
	return out
}

// grow returns the node at the end of a phrase.
func (b *cueBook) grow(phrase []string) int32 {
	node := root
	for _, w := range phrase {
		id, ok := b.ids[w]
		if !ok {
			id = uint32(len(b.ids) + 1)
			b.ids[w] = id
		}
		key := uint64(node)<<32 | uint64(id)
		next, ok := b.next[key]
		if !ok {
			next = int32(len(b.marks))
			b.marks = append(b.marks, nil)
			b.next[key] = next
		}
		node = next
	}
	return node
}

// longest returns the marks of the longest phrase that starts at word i, and its end.
func (b *cueBook) longest(ids []uint32, i int) (marks []cue, end int) {
	node := root
	for j := i; j < len(ids) && ids[j] != 0; j++ {
		if node = b.next[uint64(node)<<32|uint64(ids[j])]; node == root {
			break
		}
		if b.marks[node] != nil {
			marks, end = b.marks[node], j+1
		}
	}
	return marks, end
}

// read counts the cue phrases of a text, and marks the words that only ask or
// are only polite.
func (b *cueBook) read(r *reading) {
	r.ids = r.ids[:0]
	for _, w := range r.words {
		r.ids = append(r.ids, b.ids[w])
	}
	if n := len(r.words); n > 2 && (r.words[0] == "is" || r.words[0] == "are") && r.words[n-1] == "ours" {
		r.cues[cueTool]++ // "is CrowdStrike ours?"
	}
	covered := 0
	for i := range r.words {
		marks, end := b.longest(r.ids, i)
		if end <= covered {
			continue
		}
		covered = end
		for _, c := range marks {
			if c == cueHelp && (i > 0 || end < len(r.words)) {
				continue // these are whole messages
			}
			r.cues[c]++
			if (c == cueWho || c == cueFiller) && end-i > 1 {
				for k := i; k < end; k++ {
					r.scaffold[k] = true
				}
			}
		}
	}
}
