package commands

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

// contract is what a program on the other side of `tandem ask --json` reads:
// the fields of PRODUCT §1 and no other.
type contract struct {
	ID          *string         `json:"id"`
	Question    *string         `json:"question"`
	At          *time.Time      `json:"at"`
	Outcome     *string         `json:"outcome"`
	Subject     *subject        `json:"subject"`
	Owner       *string         `json:"owner"`
	Accountable []string        `json:"accountable"`
	LeadNow     *string         `json:"lead_now"`
	Hours       *string         `json:"hours"`
	Until       json.RawMessage `json:"until"`
	Choices     *[]choice       `json:"choices"`
	Text        *string         `json:"text"`
}

type subject struct {
	Kind string `json:"kind"`
	ID   string `json:"id"`
}

type choice struct {
	Kind  string   `json:"kind"`
	ID    string   `json:"id"`
	Score *float64 `json:"score"`
}

// decode reads an answer strictly, and returns the names of its fields in order.
func decode(t *testing.T, a Answer) (c contract, names []string) {
	t.Helper()
	data, err := json.Marshal(a)
	if err != nil {
		t.Fatal(err)
	}
	strict := json.NewDecoder(bytes.NewReader(data))
	strict.DisallowUnknownFields()
	if err := strict.Decode(&c); err != nil {
		t.Fatalf("%v in %s", err, data)
	}
	return c, fieldNames(t, data)
}

func fieldNames(t *testing.T, object []byte) []string {
	t.Helper()
	var names []string
	d := json.NewDecoder(bytes.NewReader(object))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		name, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		var value json.RawMessage
		if err := d.Decode(&value); err != nil {
			t.Fatal(err)
		}
		names = append(names, name.(string))
	}
	return names
}

func TestTheFieldsOfEachKind(t *testing.T) {
	d := desk(t, brewery(t, nil))
	for _, c := range []struct {
		kind, id string
		want     []string // besides question, at, outcome, subject first and choices, text last
	}{
		{ownership.KindFunction, "taproom-tills", []string{"owner", "accountable", "lead_now", "hours", "until"}},
		{ownership.KindFunction, "glycol-sensors", []string{"owner", "lead_now", "hours", "until"}},
		{ownership.KindSeverity, "sev1", []string{"lead_now", "hours", "until"}},
		{ownership.KindSeverity, "sev4", []string{"lead_now", "hours", "until"}},
		{ownership.KindTool, "rmm", []string{"owner"}},
		{ownership.KindTool, "backup", nil},
		{ownership.KindArtifact, "ir-plan", []string{"owner", "accountable"}},
		{ownership.KindArtifact, "asset-list", nil},
		{ownership.KindOutOfScope, "Website content", nil},
		{ownership.KindOnCall, "msp", nil},
		{ownership.KindPerson, "pia", []string{"owner"}},
	} {
		a := about(t, d, c.kind, c.id, "q", tuesday)
		_, got := decode(t, a)
		want := slices.Concat([]string{"question", "at", "outcome", "subject"}, c.want, []string{"choices", "text"})
		if !slices.Equal(got, want) {
			t.Errorf("%s %s: got %v, want %v", c.kind, c.id, got, want)
		}
	}
}

func TestTheContractsExample(t *testing.T) {
	d := desk(t, readSample(t, "harbor-legal.yaml"))
	a := d.Ask("Who owns password resets?", instantOf(t, "2026-11-20T23:12:00-05:00"))
	a.ID = "h001"
	c, names := decode(t, a)
	want := []string{"id", "question", "at", "outcome", "subject", "owner", "accountable", "lead_now", "hours", "until", "choices", "text"}
	if !slices.Equal(names, want) {
		t.Errorf("fields %v, want %v", names, want)
	}
	if *c.Outcome != "answer" || *c.Subject != (subject{"function", "password-resets"}) || *c.Owner != "internal" ||
		!slices.Equal(c.Accountable, []string{"theo"}) || *c.LeadNow != "msp" || *c.Hours != "after" ||
		string(c.Until) != `"2026-11-23T08:00:00-05:00"` || a.At != "2026-11-20T23:12:00-05:00" {
		t.Errorf("got %+v", a)
	}
	if len(*c.Choices) == 0 || (*c.Choices)[0].ID != "password-resets" || (*c.Choices)[0].Score == nil {
		t.Errorf("choices %+v", *c.Choices)
	}
}

func TestAtIsInTheEngagementsZone(t *testing.T) {
	d := desk(t, brewery(t, nil))
	a := d.Ask("Taproom tills", instantOf(t, "2026-11-24T17:00:00Z"))
	if a.At != "2026-11-24T10:00:00-07:00" {
		t.Errorf("at %s", a.At)
	}
	if until, ok := a.Until.Time(); !ok || until.Format(time.RFC3339) != "2026-11-24T17:00:00-07:00" {
		t.Errorf("until %v", until)
	}
}

// Where the hours never change, until stands and is null: a reader needs no
// special case for a missing field, and none takes "" for an instant.
func TestUntilIsNullAroundTheClock(t *testing.T) {
	d := desk(t, brewery(t, func(e *store.Engagement) { e.BusinessHours, e.Holidays = nil, nil }))
	for _, kind := range [][2]string{{ownership.KindFunction, "taproom-tills"}, {ownership.KindSeverity, "sev1"}} {
		c, names := decode(t, about(t, d, kind[0], kind[1], "q", tuesday))
		if !slices.Contains(names, "until") || string(c.Until) != "null" || *c.Hours != "business" {
			t.Errorf("%s: until %s, hours %s", kind[1], c.Until, *c.Hours)
		}
	}
}

func TestAccountable(t *testing.T) {
	d := desk(t, brewery(t, func(e *store.Engagement) {
		e.Matrix.Functions[7].Owner = store.Joint // dock-scanners
		e.Matrix.Functions[7].Accountable = store.Accountable{Internal: "wen"}
	}))
	for id, want := range map[string][]string{
		"taproom-tills":     {"tomas"},
		"glycol-sensors":    nil,
		"new-apps":          {"pia", "quinn"},
		"incident-response": {"pia", "quinn"}, // names nobody: each side's lead
		"offsite-backup":    {"quinn"},        // names one for both sides
		"dock-scanners":     {"wen", "quinn"}, // leaves the msp's to its lead
	} {
		if got := about(t, d, ownership.KindFunction, id, "q", tuesday).Accountable; !slices.Equal(got, want) {
			t.Errorf("%s: %v, want %v", id, got, want)
		}
	}
}

func TestChoicesAreAlwaysAList(t *testing.T) {
	d := desk(t, brewery(t, nil))
	for _, q := range []string{"", "thanks!", "who is on call?", "what does Pia own?", "Taproom tills", "\xff"} {
		if c, _ := decode(t, d.Ask(q, instantOf(t, tuesday))); c.Choices == nil || c.Text == nil || *c.Text == "" {
			t.Errorf("%q: %+v", q, c)
		}
	}
}

// For exact names every kind is answered through the whole desk.
func TestAskByName(t *testing.T) {
	d := desk(t, brewery(t, nil))
	for q, want := range map[string]ownership.Subject{
		"who owns Taproom tills?":                 {Kind: ownership.KindFunction, ID: "taproom-tills"},
		"who owns Glycol sensors?":                {Kind: ownership.KindFunction, ID: "glycol-sensors"},
		"who owns Brewing controls?":              {Kind: ownership.KindOutOfScope, ID: "Brewing controls"},
		"who has the Incident response plan?":     {Kind: ownership.KindArtifact, ID: "ir-plan"},
		"is NinjaOne ours?":                       {Kind: ownership.KindTool, ID: "rmm"},
		"what does Quinn Abara own?":              {Kind: ownership.KindPerson, ID: "quinn"},
		"who is on call?":                         {Kind: ownership.KindOnCall, ID: "internal"},
		"WHO OWNS DOCK SCANNERS":                  {Kind: ownership.KindFunction, ID: "dock-scanners"},
		"when was the Network map last reviewed?": {Kind: ownership.KindArtifact, ID: "network-map"},
	} {
		if a := d.Ask(q, instantOf(t, tuesday)); a.Subject == nil || *a.Subject != want {
			t.Errorf("%q: %s %+v, want %+v", q, a.Outcome, a.Subject, want)
		}
	}
}

// Whatever the index makes of an unknown product, nobody who asks whether it
// is ours is told what can be asked, or that another product is it.
func TestAnUnknownProductGetsAnAnswer(t *testing.T) {
	d := desk(t, readSample(t, "harbor-legal.yaml"))
	for _, q := range []string{"is CrowdStrike ours?", "is Carbonite ours", "do we use Trello?", "is Qwertzy ours"} {
		a := d.Ask(q, instantOf(t, tuesday))
		if a.Outcome == ownership.Help || strings.Contains(a.Text, "Yes, ") {
			t.Errorf("%q: %s\n%s", q, a.Outcome, a.Text)
		}
	}
}

func TestWhoIsOnCallFollowsTheClock(t *testing.T) {
	d := desk(t, brewery(t, nil))
	for at, want := range map[string]string{tuesday: "internal", evening: "msp"} {
		if a := d.Ask("who is on call?", instantOf(t, at)); a.Subject == nil || a.Subject.ID != want || a.Choices[0].ID != want {
			t.Errorf("%s: %+v", at, a.Subject)
		}
	}
}

func TestWhy(t *testing.T) {
	if got, want := (&Answer{Matched: []string{"tills", "bar"}}).Why(), "Matched on: tills, bar."; got != want {
		t.Errorf("got %q", got)
	}
	if got, want := (&Answer{}).Why(), "No word of the question matched a row."; got != want {
		t.Errorf("got %q", got)
	}
}
