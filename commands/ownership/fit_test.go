package ownership

import (
	"bufio"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

var (
	fit  = flag.Bool("fit", false, "fit the weights and write data/weights.txt")
	show = flag.Bool("show", false, "with -fit: print every failure on an engagement left out")
)

// example is a labelled question with its figures.
type example struct {
	Labelled
	ix       *Index
	features [][featureCount]float32
	signals  [signalCount]float32
	right    []int // positions among the shares
}

type corpus struct {
	name     string
	ix       *Index
	examples []*example
}

func loadCorpora(t testing.TB) []corpus {
	files, _ := filepath.Glob(os.Getenv("LAB") + "/questions/*.jsonl")
	var out []corpus
	for _, f := range files {
		name, _, _ := strings.Cut(filepath.Base(f), ".")
		raw, err := os.ReadFile(os.Getenv("LAB") + "/json/" + name + ".json")
		if err != nil {
			t.Log(err)
			continue
		}
		var e store.Engagement
		if err := json.Unmarshal(raw, &e); err != nil {
			t.Fatal(name, err)
		}
		c := corpus{name: name, ix: NewIndex(&e)}
		qs, _ := os.ReadFile(f)
		for sc := bufio.NewScanner(bytes.NewReader(qs)); sc.Scan(); {
			var l Labelled
			if err := json.Unmarshal(sc.Bytes(), &l); err != nil {
				t.Fatal(name, err, sc.Text())
			}
			x := prepare(c.ix, l)
			if len(x.right) == 0 {
				t.Logf("%s: %s %s %v has no candidate", name, l.ID, l.Expect, l.IDs)
				continue
			}
			c.examples = append(c.examples, x)
		}
		out = append(out, c)
	}
	return out
}

func prepare(ix *Index, l Labelled) *example {
	s := &scored{}
	s.score(ix, l.Question)
	s.describe()
	x := &example{Labelled: l, ix: ix, features: s.features, signals: s.signals()}
	switch l.Expect {
	case "unnamed":
		x.right = []int{len(ix.candidates)}
	case "other":
		x.right = []int{len(ix.candidates) + 1}
	}
	for h := range ix.candidates {
		if l.fits(ix.candidates[h].Subject) {
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
	for h, d := range diff {
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
func (x *example) answer(w *weights) Answer {
	s := &scored{ix: x.ix, features: x.features}
	w.weighSignals(s, x.signals)
	return s.answer()
}

func TestFit(t *testing.T) {
	if !*fit {
		t.Skip("fits only with -fit")
	}
	corpora := loadCorpora(t)
	total := NewTally()
	var all []*example
	for out := range corpora {
		var rest []*example
		for i, c := range corpora {
			if i != out {
				rest = append(rest, c.examples...)
			}
		}
		all = append(all, corpora[out].examples...)
		w := train(rest, 600)
		own := NewTally()
		for _, x := range corpora[out].examples {
			a := x.answer(w)
			v := total.Add(x.Labelled, a)
			own.Add(x.Labelled, a)
			if *show && v != Right {
				fmt.Printf("%s %s [%s %v] %q\n   %s\n", v, x.ID, x.Expect, x.IDs, x.Question, a)
			}
		}
		fmt.Printf("left out %-18s %s\n", corpora[out].name, own.Rows()[0])
	}
	for _, row := range total.Rows() {
		fmt.Println(row)
	}
	if err := os.WriteFile("data/weights.txt", []byte(train(all, 600).String()), 0o644); err != nil {
		t.Fatal(err)
	}
}
