package ownership

import (
	"bytes"
	"cmp"
	"encoding/json"
	"flag"
	"fmt"
	"io/fs"
	"math"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

var (
	fit   = flag.Bool("fit", false, "fit the weights and write data/weights.txt")
	check = flag.Bool("check", false, "fit the weights and compare them with data/weights.txt")
	tune  = flag.Bool("tune", false, "with -fit: print the best thresholds")
	show  = flag.Bool("show", false, "with -fit: print every failure on an engagement left out")
)

// example is a labelled question with its figures.
type example struct {
	Labelled
	ix       *Index
	features []figures
	signals  [signalCount]float32
	right    []int // positions among the shares
	weight   float32
}

// corpus is an engagement with questions: its own, and some that could be
// asked of any, which are for fitting alone.
type corpus struct {
	name     string
	ix       *Index
	examples []*example
	common   []*example
}

// training returns what the weights are fitted on.
func training(corpora ...corpus) []*example {
	var out []*example
	for _, c := range corpora {
		out = append(out, c.examples...)
		out = append(out, c.common...)
	}
	return out
}

// loadCommon reads the questions that could be asked of any engagement.
func loadCommon(tb testing.TB) []Labelled {
	tb.Helper()
	text, err := os.ReadFile("testdata/common.txt")
	if err != nil {
		tb.Fatal(err)
	}
	var out []Labelled
	var as Labelled
	for line := range strings.Lines(string(text)) {
		line = strings.TrimRight(line, "\n")
		switch {
		case line == "" || line[0] == '#':
		case line[0] == ' ':
			as.ID, as.Question = fmt.Sprintf("common %d", len(out)), strings.TrimSpace(line)
			out = append(out, as)
		default:
			expect, id, _ := strings.Cut(line, " ")
			as = Labelled{Expect: expect, IDs: []string{id}, Style: "common"}
			switch {
			case expect == "help":
				as.Expect = "other"
			case strings.HasPrefix(expect, "sev"):
				as.Expect, as.IDs = KindSeverity, []string{expect}
			}
		}
	}
	return out
}

// Each common question is asked of this many engagements, and counts for that
// much of one's own in each.
const (
	commonAsked  = 3
	commonWeight = 0.12
)

// addCommon deals the common questions out to the engagements that have an
// answer to them.
func addCommon(corpora []corpus, questions []Labelled) {
	for i, l := range questions {
		for k, asked := 0, 0; k < len(corpora) && asked < commonAsked; k++ {
			c := &corpora[(i+k)%len(corpora)]
			if x := prepare(c.ix, l); len(x.right) > 0 {
				x.weight = commonWeight
				c.common = append(c.common, x)
				asked++
			}
		}
	}
}

// loadCorpora reads every engagement with labelled questions: the samples, and
// those of testdata, which were written for fitting and measuring alone.
func loadCorpora(tb testing.TB) []corpus {
	tb.Helper()
	var out []corpus
	for _, from := range []fs.FS{sample.FS, os.DirFS("testdata")} {
		files, err := fs.Glob(from, "*.questions.jsonl")
		if err != nil {
			tb.Fatal(err)
		}
		for _, file := range files {
			out = append(out, loadCorpus(tb, from, strings.TrimSuffix(file, ".questions.jsonl")))
		}
	}
	addCommon(out, loadCommon(tb))
	return out
}

func loadCorpus(tb testing.TB, from fs.FS, name string) corpus {
	tb.Helper()
	text, err := fs.ReadFile(from, name+".yaml")
	if err != nil {
		tb.Fatal(err)
	}
	e, report := engagement.Parse(name+".yaml", text, engagement.Options{})
	if err := report.Err(); err != nil {
		tb.Fatal(err)
	}
	questions, err := fs.ReadFile(from, name+".questions.jsonl")
	if err != nil {
		tb.Fatal(err)
	}
	c := corpus{name: name, ix: NewIndex(e)}
	for line := range bytes.Lines(questions) {
		var l Labelled
		if err := json.Unmarshal(line, &l); err != nil {
			tb.Fatalf("%s: %v: %s", name, err, line)
		}
		x := prepare(c.ix, l)
		if len(x.right) == 0 {
			tb.Fatalf("%s: %s: the label %s %v names nothing", name, l.ID, l.Expect, l.IDs)
		}
		c.examples = append(c.examples, x)
	}
	return c
}

func prepare(ix *Index, l Labelled) *example {
	s := &scored{}
	s.score(ix, l.Question)
	s.describe()
	x := &example{Labelled: l, ix: ix, features: s.features, signals: s.signals(), weight: 1}
	switch l.Expect {
	case "unnamed":
		x.right = []int{len(ix.candidates)}
	case "other":
		x.right = []int{len(ix.candidates) + 1}
	}
	for h := range ix.candidates {
		if l.fits(ix.subject(h)) {
			x.right = append(x.right, h)
		}
	}
	return x
}

// shares applies weights to an example.
func (x *example) shares(w *weights) []float32 {
	s := &scored{ix: x.ix, features: x.features}
	w.weighSignals(s, x.signals)
	return s.shares
}

// train fits weights by full-batch gradient descent (Adam) with decay.
func train(examples []*example, rounds int) *weights {
	w, grad := &weights{}, &weights{}
	var params, grads []*float32
	var decay []float64
	w.each(func(class, name string, x *float32) {
		params = append(params, x)
		switch {
		case class == "any":
			decay = append(decay, 0.01)
		case strings.HasPrefix(name, "question."):
			decay = append(decay, 0.01)
		default:
			decay = append(decay, 0.05)
		}
	})
	grad.each(func(_, _ string, x *float32) { grads = append(grads, x) })
	m, v := make([]float64, len(params)), make([]float64, len(params))
	for round := 1; round <= rounds; round++ {
		*grad = weights{}
		for _, x := range examples {
			x.gradient(w, grad)
		}
		for i := range params {
			g := float64(*grads[i]) + decay[i]*float64(*params[i])
			m[i] = 0.9*m[i] + 0.1*g
			v[i] = 0.999*v[i] + 0.001*g*g
			mh := m[i] / (1 - math.Pow(0.9, float64(round)))
			vh := v[i] / (1 - math.Pow(0.999, float64(round)))
			*params[i] -= float32(0.05 * mh / (math.Sqrt(vh) + 1e-8))
		}
		w.total()
	}
	return w
}

// gradient adds the gradient of the log likelihood that any right position is meant.
func (x *example) gradient(w, grad *weights) {
	p := x.shares(w)
	var good float32
	for _, h := range x.right {
		good += p[h]
	}
	diff := append([]float32(nil), p...)
	for _, h := range x.right {
		diff[h] -= p[h] / max(good, 1e-9)
	}
	for h := range diff {
		diff[h] *= x.weight
	}
	for h, d := range diff {
		if max(d, -d) < 1e-5 {
			continue // moves nothing, and most are like that
		}
		c := classUnnamed
		if h < len(x.features) {
			c = x.ix.candidates[h].class
			for i, f := range x.features[h] {
				grad.base[i] += d * f
				grad.kind[c][i] += d * f
			}
		} else if h == len(x.features)+1 {
			c = classHelp
		}
		for i, g := range x.signals {
			grad.question[c][i] += d * g
		}
	}
}

// answer decides an example with weights.
func (x *example) answer(w *weights, t thresholds) Answer {
	s := &scored{ix: x.ix, features: x.features}
	w.weighSignals(s, x.signals)
	return s.answer(t)
}

// TestFit fits the weights anew. It leaves each engagement out in turn, fits
// on the others and measures on the one left out: those are the figures that
// count. With -fit it writes the weights of all of them together; with -check
// it only compares them with the ones written, so that the shipped weights are
// always what this code makes of this data.
func TestFit(t *testing.T) {
	if !*fit && !*check {
		t.Skip("fitting takes a minute: run `make fit`, or `make fit-check` to compare")
	}
	corpora := loadCorpora(t)
	all := training(corpora...)
	if *fit {
		measure(corpora)
		if err := os.WriteFile("data/weights.txt", []byte(train(all, rounds).String()), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	shipped := map[string]float32{}
	fitted().each(func(class, name string, x *float32) { shipped[class+" "+name] = *x })
	train(all, rounds).each(func(class, name string, x *float32) {
		if was := shipped[class+" "+name]; math.Abs(float64(was-*x)) > tolerance {
			t.Errorf("weights.txt has %.3f for %s %s, the fit makes %.3f: run `make fit`", was, class, name, *x)
		}
	})
}

const (
	rounds    = 600
	tolerance = 0.05 // processors differ in the last digits of long sums
)

// measure prints what the fit is worth on each engagement left out of it.
func measure(corpora []corpus) {
	total := NewTally()
	var folds []leftOut
	fitted := trainWithout(corpora)
	for out := range corpora {
		w, own := fitted[out], NewTally()
		left := leftOut{examples: corpora[out].examples}
		for _, x := range left.examples {
			left.shares = append(left.shares, x.shares(w))
			a := x.answer(w, chosen)
			own.Add(x.Labelled, a)
			if v := total.Add(x.Labelled, a); *show && v != Right {
				fmt.Printf("%s %s [%s %v] %q\n   %s\n", v, x.ID, x.Expect, x.IDs, x.Question, a)
			}
		}
		folds = append(folds, left)
		fmt.Printf("left out %-18s %s\n", corpora[out].name, own.Rows()[0])
	}
	for _, row := range total.Rows() {
		fmt.Println(row)
	}
	fmt.Println(standing(folds))
	for i := range 2 { // the two samples, each with weights that saw only the other
		w, own := train(training(corpora[1-i]), rounds), NewTally()
		for _, x := range corpora[i].examples {
			own.Add(x.Labelled, x.answer(w, chosen))
		}
		fmt.Printf("fitted on %s alone: %s %s\n", corpora[1-i].name, corpora[i].name, own.Rows()[0])
	}
	if *tune {
		search(folds)
	}
}

// trainWithout fits for each engagement on all the others, side by side.
func trainWithout(corpora []corpus) []*weights {
	out := make([]*weights, len(corpora))
	var wait sync.WaitGroup
	for i := range corpora {
		wait.Go(func() {
			out[i] = train(training(slices.Concat(corpora[:i], corpora[i+1:])...), rounds)
		})
	}
	wait.Wait()
	return out
}

// leftOut is a set of examples with weights that never saw them.
type leftOut struct {
	examples []*example
	shares   [][]float32
}

// standing says how the candidates stand, whatever is decided: the mean loss,
// and how often the right row is the first and among the first four. The loss
// moves evenly where the figures above jump by whole questions.
func standing(folds []leftOut) string {
	var n, loss, rows, first, four float64
	for _, f := range folds {
		for i, x := range f.examples {
			shares := f.shares[i]
			var good, best float32
			for _, h := range x.right {
				good += shares[h]
				best = max(best, shares[h])
			}
			n++
			loss -= math.Log(float64(max(good, 1e-4)))
			if x.Expect != KindFunction || len(x.right) == 0 {
				continue
			}
			better := 0
			for _, share := range shares[:len(x.features)] {
				if share > best {
					better++
				}
			}
			rows++
			if better == 0 {
				first++
			}
			if better < 4 {
				four++
			}
		}
	}
	return fmt.Sprintf("mean loss %.4f; the right row is first in %.1f%%, among four in %.1f%%", loss/n, 100*first/rows, 100*four/rows)
}

// search prints the best thresholds: right answers count for one, asking back
// for half of one, a wrong answer against.
func search(folds []leftOut) {
	type result struct {
		t     thresholds
		score float64
		tally *Tally
	}
	var best []result
	for _, answer := range []float32{0.5, 0.55, 0.6, 0.65, 0.7} {
		for _, margin := range []float32{2, 3, 4, 5, 100} {
			for _, silent := range []float32{0.2, 0.25, 0.3, 0.4, 0.5} {
				r := result{t: thresholds{answer, margin, silent, 0.1}, tally: NewTally()}
				for _, f := range folds {
					for i, x := range f.examples {
						s := &scored{ix: x.ix, features: x.features, shares: f.shares[i]}
						r.tally.Add(x.Labelled, s.answer(r.t))
					}
				}
				all := r.tally.Row("all")
				r.score = all.Share(Right) + 0.5*all.Share(Asked) - all.Share(Wrong)
				best = append(best, r)
			}
		}
	}
	slices.SortFunc(best, func(a, b result) int { return cmp.Compare(b.score, a.score) })
	for _, r := range best[:5] {
		fmt.Printf("n= %+v %.2f\n  %s\n  %s\n", r.t, r.score, r.tally.Row("all"), r.tally.Row("expect unnamed"))
	}
}
