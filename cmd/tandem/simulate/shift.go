package simulate

import "github.com/tandem-bot/tandem/store"

// Shift moves every date of an engagement by days, so that a sample that was
// written for one year can be played in another: what was signed and reviewed
// lately still was. Single holidays stay on their dates.
func Shift(e *store.Engagement, days int) {
	move := func(d *store.Date) {
		if !d.IsZero() {
			*d = d.AddDays(days)
		}
	}
	move(&e.OnboardingStart)
	move(&e.Matrix.Effective)
	for i := range e.Matrix.Signed {
		move(&e.Matrix.Signed[i].Date)
	}
	for i := range e.Tools {
		for j := range e.Tools[i].Grandfathered {
			move(&e.Tools[i].Grandfathered[j].Until)
		}
	}
	for i := range e.Artifacts {
		move(&e.Artifacts[i].LastReviewed)
	}
	for i := range e.OnCall {
		move(&e.OnCall[i].From)
	}
}
