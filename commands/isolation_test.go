package commands

import (
	"encoding/json"
	"os"
	"strings"
	"sync"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// The pottery has the ids, the rows and the shape of the brewery; whatever a
// card could show has another name.
var pottery = strings.NewReplacer(
	"Stonefly Brewing", "Otter Ceramics", "High Line Networks", "Bluestem IT",
	"Pia Brandvold", "Greta Holm", "Tomás Rey", "Ivo Baric", "Wen Li", "Noor Aziz", "Quinn Abara", "Lena Fox",
	"Ravi Menon", "Otis Kane", "Sol Ekberg", "Mia Duarte", "Ada Moss", "Jo Park",
	"NinjaOne", "Kaseya VSA", "Splashtop", "RustDesk", "AnyDesk", "Chrome Remote", "TeamViewer", "ScreenConnect",
	"LogMeIn Rescue", "Bomgar", "Jamf Now", "Mosyle", "Datto SIRIS", "Veeam", "Datto Alto", "Arcserve", "Untappd", "Menufy",
	"Chalkboard", "Papier", "Microsoft Defender for Office 365", "Mimecast", "Tapworks", "Kilnworks", "303 555 0190", "303 555 0777",
	"outdoor bar runs on a hotspot", "kiln room has no network",
)

// secrets are words of the brewery that the pottery must never say; the same
// words in the pottery's own terms are those that the brewery must not.
var secrets = []string{
	"Stonefly", "High Line", "Brandvold", "Tomás", "Wen Li", "Abara", "Menon", "Ekberg", "Ada Moss", "NinjaOne",
	"Splashtop", "TeamViewer", "Datto", "Untappd", "Defender", "Tapworks", "0190", "hotspot",
}

var theirSecrets = []string{
	"Otter", "Bluestem", "Holm", "Ivo", "Noor", "Fox", "Kane", "Duarte", "Jo Park", "Kaseya",
	"RustDesk", "ScreenConnect", "Veeam", "Menufy", "Mimecast", "Kilnworks", "0777", "kiln room",
}

// Two desks with the same ids, asked in turns and at once, never show anything
// of each other.
func TestADeskShowsNothingOfAnother(t *testing.T) {
	data, err := os.ReadFile("testdata/stonefly.yaml")
	if err != nil {
		t.Fatal(err)
	}
	ours := desk(t, brewery(t, nil), absence(t, "pia", "2026-11-23", "2026-12-04", "tomas"))
	theirs := desk(t, parse(t, "pottery.yaml", []byte(pottery.Replace(string(data)))))
	silent := func(d *Desk, words []string) {
		for _, text := range everyCard(t, d) {
			for _, w := range words {
				if strings.Contains(text, w) {
					t.Errorf("%s says %q:\n%s", d.e.Client, w, text)
				}
			}
		}
	}
	asked := func(d *Desk, words []string) {
		for _, q := range []string{"who owns Taproom tills?", "is NinjaOne or Kaseya in use", "what does Pia own", "what does Greta own", "who is on call?", "updates", "hello"} {
			a := d.Ask(q, instantOf(t, evening))
			a.Question = ""
			data, err := json.Marshal(a)
			if err != nil {
				t.Error(err)
			}
			for _, w := range words {
				if strings.Contains(string(data), w) {
					t.Errorf("%s, asked %q, says %q:\n%s", d.e.Client, q, w, data)
				}
			}
		}
	}
	var all sync.WaitGroup
	for range 4 {
		for _, side := range []struct {
			desk  *Desk
			words []string
		}{{ours, theirSecrets}, {theirs, secrets}} {
			all.Go(func() {
				silent(side.desk, side.words)
				asked(side.desk, side.words)
			})
		}
	}
	all.Wait()
	if a, b := ours.Ask("who owns Taproom tills?", instantOf(t, tuesday)), theirs.Ask("who owns Taproom tills?", instantOf(t, tuesday)); a.Text == b.Text {
		t.Error("both desks answer alike; the test shows nothing")
	}
}
