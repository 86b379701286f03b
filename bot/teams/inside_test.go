package teams

import (
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestServiceURLs(t *testing.T) {
	local, err := url.Parse("http://127.0.0.1:9999")
	if err != nil {
		t.Fatal(err)
	}
	for raw, want := range map[string]bool{
		"https://smba.trafficmanager.net/emea/": true, "https://SMBA.trafficmanager.net/amer/3d/": true, "https://smba.infra.gcc.teams.microsoft.com/teams": true,
		"http://smba.trafficmanager.net/emea/": false, "https://evil.trafficmanager.net/emea/": false, "https://smba.trafficmanager.net.evil.example/": false,
		"https://smba.trafficmanager.net:8443/": false, "https://smba.trafficmanager.net@evil.example/": false, "https://x:y@smba.trafficmanager.net/": false,
		"https://smba.trafficmanager.net/?x": false, "https://smba.trafficmanager.net/#x": false, "//smba.trafficmanager.net/": false, "": false, "https:smba": false,
		"http://127.0.0.1:9999/": true, "http://127.0.0.1:9998/": false, "https://127.0.0.1:9999/": false, "http://169.254.169.254/": false,
	} {
		if _, err := (&Teams{emulator: local}).service(raw); (err == nil) != want {
			t.Errorf("%s: %v", raw, err)
		}
	}
	if _, err := (&Teams{}).service("http://127.0.0.1:9999/"); err == nil {
		t.Error("without an emulator this machine is taken")
	}
}

func TestPrivateAddresses(t *testing.T) {
	for address, want := range map[string]bool{
		"52.112.0.1:443": true, "[2603:1063::1]:443": true, "127.0.0.1:443": false, "10.0.0.1:443": false, "192.168.0.1:443": false, "172.16.0.1:443": false,
		"169.254.169.254:80": false, "100.64.0.1:443": false, "0.0.0.0:443": false, "[::1]:443": false, "[fe80::1]:443": false, "[fd00::1]:443": false,
		"[::ffff:10.0.0.1]:443": false, "224.0.0.1:443": false, "rubbish": false,
	} {
		if err := publicOnly("tcp", address, nil); (err == nil) != want {
			t.Errorf("%s: %v", address, err)
		}
	}
}

func TestPieces(t *testing.T) {
	for _, text := range []string{"", "a", strings.Repeat("word ", 500), strings.Repeat("日本語", 500), strings.Repeat("{", 500), strings.Repeat("👩‍💻", 300), strings.Repeat(`"\`, 300)} {
		text = strings.TrimSpace(text)
		parts := pieces(text, 400, costPlain)
		for _, p := range parts {
			if !utf8.ValidString(p) || costPlain(p) > 400 || size(run(p, plainly)) > 400+60 {
				t.Errorf("%q costs %d", p, costPlain(p))
			}
		}
		if strings.ReplaceAll(strings.Join(parts, ""), " ", "") != strings.ReplaceAll(text, " ", "") {
			t.Errorf("%.30q lost something", text)
		}
	}
}

func FuzzDelivery(f *testing.F) {
	for _, body := range []string{
		`{"type":"message","id":"1","text":"<at>Tandem</at> hi","recipient":{"id":"28:x"},"entities":[{"type":"mention","text":"<at>Tandem</at>","mentioned":{"id":"28:x"}}]}`,
		`{"type":"invoke","name":"adaptiveCard/action","value":{"action":{"data":{"say":"ack 1","fields":["a"],"field.a":1}}}}`,
		`{"type":"message","value":"text"}`, `{"type":"message","value":[1]}`, `{"type":"message","channelData":7,"entities":{}}`, `{}`, `null`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		d, err := readDelivery(body)
		if err != nil {
			return
		}
		if d.wanted() && d.say == "" && d.act.Type == "invoke" {
			t.Error("an invoke that says nothing is wanted")
		}
		e := d.event()
		if e.ID == "" || e.Platform != Platform || e.Say != "" && e.Text != "" {
			t.Errorf("%+v", e)
		}
	})
}
