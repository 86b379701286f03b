package card

import (
	"testing"
	"time"
)

func TestWords(t *testing.T) {
	for got, want := range map[string]string{
		Count(1, "day"): "1 day", Count(12, "day"): "12 days", Count(0, "row"): "0 rows",
		And(nil): "", And([]string{"a"}): "a", And([]string{"a", "b"}): "a and b", And([]string{"a", "b", "c"}): "a, b and c",
		Or([]string{"a", "b", "c"}):                                                       "a, b or c",
		Zone(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)):                                 "UTC",
		Zone(time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("-03", -3*3600))):           "UTC-3",
		Zone(time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("+0545", 5*3600+45*60))):    "UTC+5:45",
		Zone(time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("EST", -5*3600))):           "EST",
		Zone(time.Date(2026, 1, 1, 0, 0, 0, 0, time.FixedZone("-0930", -(9*3600+30*60)))): "UTC-9:30",
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
