package ownership

import (
	"fmt"
	"math"
	"strconv"
	"strings"
	"sync"
)

// outcomeClass is what the model weighs apart: the kinds of subject, a
// severity by its level, and the two outcomes without a subject.
type outcomeClass uint8

const (
	classFunction outcomeClass = iota
	classTool
	classArtifact
	classExclusion
	classSev1
	classSev2
	classSev3
	classSev4
	classUnnamed
	classHelp
	classCount
)

var classNames = [classCount]string{
	"function", "tool", "artifact", "out_of_scope", "sev1", "sev2", "sev3", "sev4", "unnamed", "help",
}

// signal is a figure about the question as a whole.
type signal int

const (
	gBias          signal = iota
	gCues                 // the first of one for each cue
	gWeight        = gCues + signal(cueCount) + iota - 2
	gAsks          // says who, or asks for it in other words
	gWhat          // asks what or which, or for a name
	gAttack        // speaks of an attack under way
	gStray         // share of its topics that are no matter of IT
	gBestTopic     // the best candidate's topics
	gLength        // how many words it has
	gMatched       // share of its weight that any candidate explains
	gUnmatched     // weight that none explains
	gOutside       // see scored
	gInside        //
	gOutsideOnly   // outside and not inside
	gUnheld        //
	gUnheldOnly    // unheld and not inside
	gBestExplained // the best function's share of the question
	gBestConcept   // the best candidate's concepts
	gBestField     // the best candidate's words
	gBestTool      // the best tool's share of the question
	gBestArtifact  // the best document's
	gBestExclusion // the best exclusion's
	signalCount
)

var signalNames = [...]string{
	"weight", "asks", "what", "attack", "stray", "best_topic", "length", "matched", "unmatched", "outside", "inside", "outside_only", "unheld", "unheld_only",
	"best_function", "best_concept", "best_field", "best_tool", "best_artifact", "best_exclusion",
}

func (g signal) String() string {
	switch {
	case g == gBias:
		return "bias"
	case g < gWeight:
		return "cue_" + cueFiles[g-gCues]
	}
	return signalNames[g-gWeight]
}

// weights of the model. A candidate's score is (base + kind of its class)
// times its features plus question of its class times the signals; unnamed and
// help have no features.
type weights struct {
	base     [featureCount]float32
	kind     [classCount][featureCount]float32
	question [classCount][signalCount]float32
	sum      [classCount][featureCount]float32 // base and kind together; see total
}

// total works out sum after the weights have changed.
func (w *weights) total() {
	for c := range classCount {
		for i := range featureCount {
			w.sum[c][i] = w.base[i] + w.kind[c][i]
		}
	}
}

// signals works out the figures of the question as a whole.
func (s *scored) signals() [signalCount]float32 {
	var g [signalCount]float32
	g[gBias] = 1
	for c := range signal(cueCount) {
		g[gCues+c] = min(s.reading.cues[c], 2) / 2
	}
	total := max(s.total, 0.5)
	g[gWeight] = min(s.total, 6) / 6
	if s.reading.asks() {
		g[gAsks] = 1
	}
	if s.reading.asksWhat() {
		g[gWhat] = 1
	}
	g[gAttack] = min(1, s.attack)
	g[gStray] = s.stray
	g[gLength] = min(float32(len(s.reading.words)), 30) / 30
	g[gMatched] = s.matched / total
	g[gUnmatched] = min(s.total-s.matched, 4) / 4
	g[gOutside] = min(s.outside, 2) / 2
	g[gInside] = min(s.inside, 2) / 2
	g[gUnheld] = min(s.unheld, 2) / 2
	g[gOutsideOnly] = max(0, g[gOutside]-g[gInside])
	g[gUnheldOnly] = max(0, g[gUnheld]-g[gInside])
	for h := range s.features {
		f := &s.features[h]
		best := gBestExplained
		switch s.ix.candidates[h].class {
		case classFunction:
		case classTool:
			best = gBestTool
		case classArtifact:
			best = gBestArtifact
		case classExclusion:
			best = gBestExclusion
		default:
			continue
		}
		g[best] = max(g[best], f[fExplained])
		g[gBestTopic] = max(g[gBestTopic], f[fTopic])
		g[gBestConcept] = max(g[gBestConcept], f[fConceptName])
		g[gBestField] = max(g[gBestField], f[fName], f[fAlias], f[fDescription])
	}
	return g
}

// weigh fills s.shares: how likely each candidate is meant, then unnamed, then
// help. They sum to one.
func (w *weights) weigh(s *scored) { w.weighSignals(s, s.signals()) }

func (w *weights) weighSignals(s *scored, g [signalCount]float32) {
	s.speaks = s.speaking(g)
	s.chatty = g[gCues+signal(cueHelp)] > 0 || g[gCues+signal(cueSmallTalk)] > 0 || g[gMatched] < chattyMatch
	var question [classCount]float32
	for c := range classCount {
		for i, x := range g {
			question[c] += w.question[c][i] * x
		}
	}
	z := zeroed(s.shares, len(s.features)+2)
	for h := range s.features {
		c := s.ix.candidates[h].class
		score := question[c]
		f, sum := &s.features[h], &w.sum[c]
		for i := range f {
			score += sum[i] * f[i]
		}
		z[h] = score
	}
	z[len(s.features)] = question[classUnnamed]
	z[len(s.features)+1] = question[classHelp]
	softmax(z)
	s.shares = z
}

// speaking reports whether a text says something, whatever it is about.
func (s *scored) speaking(g [signalCount]float32) bool {
	cue := func(c cue) bool { return g[gCues+signal(c)] > 0 }
	if cue(cueHelp) || cue(cueSmallTalk) {
		return false
	}
	said, strange := 0, 0
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.says {
			if said++; u.row < 0 {
				strange++
			}
		}
	}
	if (cue(cueWho) || cue(cueOne) || cue(cueGroup) || cue(cueEveryone)) && s.total >= asksWeight && said > 1 {
		return true
	}
	return strange >= strangeWords && 2*strange >= said || s.asks && s.total >= speaksWeight && said >= speaksWords
}

// softmax turns scores into shares that sum to one.
func softmax(z []float32) {
	top := z[0]
	for _, x := range z {
		top = max(top, x)
	}
	var sum float32
	for i, x := range z {
		z[i] = float32(math.Exp(float64(x - top)))
		sum += z[i]
	}
	for i := range z {
		z[i] /= sum
	}
}

// each visits every weight with its class and the name of its figure.
func (w *weights) each(visit func(class, name string, x *float32)) {
	for i := range w.base {
		visit("any", featureNames[i], &w.base[i])
	}
	for c := range classCount {
		for i := range w.kind[c] {
			visit(classNames[c], featureNames[i], &w.kind[c][i])
		}
		for i := range w.question[c] {
			visit(classNames[c], "question."+signal(i).String(), &w.question[c][i])
		}
	}
}

// String writes the weights as weights.txt holds them: class, figure, weight.
func (w *weights) String() string {
	var b strings.Builder
	w.each(func(class, name string, x *float32) {
		fmt.Fprintf(&b, "%s %s %.3f\n", class, name, *x)
	})
	return b.String()
}

var fitted = sync.OnceValue(func() *weights {
	values := map[string]float32{}
	for _, line := range lines("weights.txt") {
		name, number, _ := cutLast(line, " ")
		x, err := strconv.ParseFloat(number, 32)
		if err != nil {
			panic(err) // embedded, and every test reads it
		}
		values[name] = float32(x)
	}
	w := &weights{}
	w.each(func(class, name string, x *float32) { *x = values[class+" "+name] })
	w.total()
	return w
})

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}
