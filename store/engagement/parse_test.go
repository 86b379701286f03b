package engagement_test

import (
	"testing"
	_ "time/tzdata"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/engagement/sample"
)

func TestSamples(t *testing.T) {
	for _, name := range []string{"harbor-legal.yaml", "lakeside-dental.yaml"} {
		data, err := sample.FS.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		e, r := engagement.Parse(name, data, engagement.Options{Today: store.Date{Year: 2026, Month: 11, Day: 23}})
		if e == nil {
			t.Fatal(r.String())
		}
		t.Log(len(e.Matrix.Functions), len(e.People), "\n"+r.String())
	}
}
