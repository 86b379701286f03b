package ownership

import (
	"fmt"
	"os"
	"testing"
)

func TestDebug(t *testing.T) {
	q, name := os.Getenv("Q"), os.Getenv("C")
	if q == "" {
		t.Skip()
	}
	for _, c := range loadCorpora(t) {
		if c.name != name {
			continue
		}
		s := &scored{}
		s.score(c.ix, q)
		s.describe()
		fitted().weigh(s)
		fmt.Println(s.reading.words, s.reading.cues)
		for _, u := range s.reading.units {
			fmt.Printf("  %s stem=%d w=%.2f df=%d\n", u.text, u.stem, u.weight, len(c.ix.post(u.stem)))
		}
		for _, m := range s.reading.mentions {
			fmt.Printf("  %v %s %.2f held=%d\n", s.reading.units[m.from:m.to], c.ix.language.thesaurus.concepts[m.concept].name, m.strength, len(c.ix.held(m.concept)))
		}
		g := s.signals()
		for i, x := range g {
			fmt.Printf(" %s=%.2f", signal(i), x)
		}
		fmt.Println()
		_, list := s.decide(chosen)
		fmt.Println(s.answer(chosen))
		for _, h := range append(list, s.order[:2]...) {
			fmt.Println(c.ix.subject(h), s.shares[h])
			for i, x := range s.features[h] {
				fmt.Printf(" %s=%.2f", featureNames[i], x)
			}
			fmt.Println()
		}
	}
}
