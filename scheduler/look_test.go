package scheduler_test

import (
	"reflect"
	"testing"

	"github.com/tandem-bot/tandem/scheduler"
	"github.com/tandem-bot/tandem/store"
)

// Looking finds what the sweep has just found, and changes nothing.
func TestLook(t *testing.T) {
	h := newHouse(t, "2026-11-20T12:00", nil)
	if found, err := scheduler.Look(t.Context(), h.db, h.id, h.now); err != nil || len(found) != 0 {
		t.Errorf("at first: %+v, %v", found, err)
	}
	h.until("2026-12-15T10:00") // nobody answers three standups
	before, err := h.db.Rhythm(t.Context(), h.id)
	h.must(err)
	if len(before.Findings) == 0 {
		t.Fatal("the sweep found nothing")
	}
	found, err := scheduler.Look(t.Context(), h.db, h.id, h.now)
	h.must(err)
	byName := func(list []store.OpenFinding) map[string]store.OpenFinding {
		out := map[string]store.OpenFinding{}
		for _, f := range list {
			out[f.Fingerprint()] = f
		}
		return out
	}
	if got, want := byName(found), byName(before.Findings); !reflect.DeepEqual(got, want) {
		t.Errorf("looking found\n%+v\nthe sweep\n%+v", got, want)
	}
	after, err := h.db.Rhythm(t.Context(), h.id)
	h.must(err)
	if after.Seen != before.Seen {
		t.Error("looking changed something")
	}
}
