package drift

import (
	"time"

	"github.com/tandem-bot/tandem/store"
)

// Balance is how often each side took part, of so many: sides, never people.
type Balance struct {
	Internal int `json:"internal"`
	MSP      int `json:"msp"`
	Of       int `json:"of"`
}

// Participation returns the balance of the cadence's last n occurrences that were
// held or missed, without those that are excused.
func Participation(in *Input, id string, n int, now time.Time) Balance {
	var b Balance
	for _, r := range newView(in, now).rhythms() {
		if r.Cadence != id {
			continue
		}
		for i := len(r.marks) - 1; i >= 0 && b.Of < n; i-- {
			m := &r.marks[i]
			if m.excused || m.State != store.Held && m.State != store.Missed {
				continue
			}
			b.Of++
			internal, msp := r.sides(m)
			if internal {
				b.Internal++
			}
			if msp {
				b.MSP++
			}
		}
		break
	}
	return b
}
