package ackexport_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/cmd/tandem/ackexport"
	"github.com/tandem-bot/tandem/store"
)

var update = flag.Bool("update", false, "write the golden files anew")

var monday = time.Date(2026, 11, 23, 14, 0, 0, 0, time.UTC)

func rows() []ackexport.Row {
	e := &store.Engagement{ID: "harbor-legal", People: []store.Person{
		{ID: "maria", Name: "Maria Ortega", Side: store.Internal},
		{ID: "theo", Name: "Théo \"T\" Lindqvist", Side: store.Internal},
		{ID: "devon", Name: "Devon Pruitt", Side: store.MSP},
	}}
	return ackexport.Rows(e, []store.Acknowledgement{
		{
			AckRequest: store.AckRequest{ID: 3, What: store.AckVersion, Version: 2, Title: "-2+3", Mode: store.AckEach, Asked: []string{"gone"}, By: store.ByTandem, At: monday},
			Closed:     monday.Add(time.Hour), Why: "\r=1", Reminders: 1,
		},
		{
			AckRequest: store.AckRequest{ID: 2, What: store.AckDrift, Subject: "missed:standup", Title: "@SUM(A1)\nsecond line", Mode: store.AckFirst, Asked: []string{"maria", "devon"}, By: store.ByTandem, At: monday},
			Given:      []store.Given{{Person: "devon", By: "devon", Platform: "slack", Identity: "+U1", Message: "1700.1", How: store.ByButton, At: monday.Add(time.Minute), Seq: 9}},
			Closed:     monday.Add(time.Minute),
		},
		{
			AckRequest: store.AckRequest{ID: 1, What: store.AckAnnouncement, Title: `=HYPERLINK("http://x","VPN, Friday")`, Mode: store.AckEach, Asked: []string{"maria", "theo"}, By: "devon", At: monday},
			Given:      []store.Given{{Person: "theo", By: "maria", Platform: "web", Identity: "\tx", Message: "7", How: store.ByTyping, At: monday.Add(2 * time.Minute), Seq: 7}},
		},
	})
}

func TestGolden(t *testing.T) {
	for name, write := range map[string]func(*bytes.Buffer) error{
		"acks.csv":   func(b *bytes.Buffer) error { return ackexport.CSV(b, rows()) },
		"acks.jsonl": func(b *bytes.Buffer) error { return ackexport.JSON(b, rows()) },
	} {
		var got bytes.Buffer
		if err := write(&got); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got.Bytes(), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil || !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s: %v, got\n%s", name, err, got.String())
		}
	}
}

// No cell begins as a formula does, every line has all columns, and lines end as
// RFC 4180 has it.
func TestCSVIsHarmless(t *testing.T) {
	var got bytes.Buffer
	if err := ackexport.CSV(&got, rows()); err != nil {
		t.Fatal(err)
	}
	if strings.Count(got.String(), "\n") != strings.Count(got.String(), "\r\n") {
		t.Error("a line ends without a carriage return")
	}
	lines, err := csv.NewReader(&got).ReadAll()
	if err != nil || len(lines) != 6 {
		t.Fatalf("%d lines, %v", len(lines), err)
	}
	for _, cell := range slices.Concat(lines...) {
		if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r") {
			t.Errorf("%q is a formula", cell)
		}
	}
}

func TestJSONLines(t *testing.T) {
	var got bytes.Buffer
	if err := ackexport.JSON(&got, rows()); err != nil {
		t.Fatal(err)
	}
	want := rows()
	for i, line := range strings.Split(strings.TrimSpace(got.String()), "\n") {
		var r ackexport.Row
		if err := json.Unmarshal([]byte(line), &r); err != nil || r != want[i] {
			t.Errorf("%v: %s", err, line)
		}
	}
}
