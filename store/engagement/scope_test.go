package engagement

import (
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestAGrowingScopeIsSaid(t *testing.T) {
	with := func(owners ...store.Side) *store.Engagement {
		e := &store.Engagement{MSP: "Big IT"}
		for i, o := range owners {
			e.Matrix.Functions = append(e.Matrix.Functions, store.Function{ID: string(rune('a' + i)), Name: "Row " + string(rune('A'+i)), Owner: o})
		}
		return e
	}
	for _, c := range []struct {
		old, now *store.Engagement
		want     string
	}{
		{with(store.Internal, store.MSP), with(store.Internal, store.MSP), ""},
		{with(store.MSP), with(store.Internal), ""},
		{with(store.Internal), with(store.MSP), "1 row moves to Big IT: Row A. The scope grows, so the price is a conversation, too."},
		{with(store.Joint), with(store.MSP, store.MSP), "2 rows move to Big IT: Row A, Row B. The scope grows, so the price is a conversation, too."},
	} {
		if got := ScopeNote(c.old, c.now); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
}
