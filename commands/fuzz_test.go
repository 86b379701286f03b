package commands

import (
	"encoding/json"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/commands/ownership"
)

// FuzzAsk asks anything at any time: there is always an outcome with a text,
// and the JSON form reads back as what was said.
func FuzzAsk(f *testing.F) {
	d := desk(f, readSample(f, "harbor-legal.yaml"))
	for _, q := range []string{
		"", "who owns password resets?", "is SentinelOne ours?", "is  ours", "who is on call", "what does Devon own?", "ransomware!!",
		"\x00\xff\u202E", "🙂🙂🙂", "من يملك كلمات المرور؟", "hello", strings.Repeat("vpn ", 2500),
	} {
		f.Add(q, int64(1_795_666_320))
	}
	f.Add("vpn", int64(-62_135_596_800)) // the year 1
	f.Add("vpn", int64(253_402_300_799)) // the end of 9999
	f.Add("vpn", int64(1<<62))
	f.Add("vpn", int64(-1<<62))
	f.Fuzz(func(t *testing.T, question string, seconds int64) {
		a := d.Ask(question, time.Unix(seconds, 0))
		switch a.Outcome {
		case ownership.Answered:
			if a.Subject == nil || len(a.Choices) == 0 || a.Choices[0].Subject != *a.Subject {
				t.Errorf("an answer about %+v among %+v", a.Subject, a.Choices)
			}
		case ownership.Choose:
			if n := len(a.Choices); n < 2 || n > 4 {
				t.Errorf("a choice among %d", n)
			}
		case ownership.Unnamed, ownership.Help:
		default:
			t.Errorf("outcome %q", a.Outcome)
		}
		if a.Text == "" || !utf8.ValidString(a.Text) || strings.ContainsAny(a.Text, "\x00\x1b\r\u202E") {
			t.Errorf("text %q", a.Text)
		}
		readsBack(t, a)
	})
}

func readsBack(t *testing.T, a Answer) {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	var back Answer
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	again, err := json.Marshal(back)
	if err != nil || string(again) != string(data) {
		t.Errorf("reads back as %s, was %s (%v)", again, data, err)
	}
	back.Card, back.Matched = a.Card, a.Matched
	back.Until, a.Until = Until{}, Until{} // the same instant in another *Location
	if !reflect.DeepEqual(back, a) {
		t.Errorf("reads back as %+v, was %+v", back, a)
	}
}
