// Package ackexport writes who was asked to acknowledge what, and who did, for
// auditors: as CSV that a spreadsheet can open without harm, and as JSON Lines.
package ackexport

import (
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// State is how far one person's acknowledgement has come.
type State string

// The states.
const (
	Acknowledged State = "acknowledged"
	Waiting      State = "waiting"
	NotNeeded    State = "not needed" // it was closed without theirs
)

// Row is one person who was asked about one message.
type Row struct {
	Engagement string        `json:"engagement"`
	Request    int           `json:"request"`
	What       store.AckWhat `json:"what"`
	Subject    string        `json:"subject,omitempty"`
	Version    int           `json:"version,omitempty"` // of the matrix, or of the message
	Title      string        `json:"title"`
	Mode       store.AckMode `json:"mode"`
	AskedBy    string        `json:"asked_by"`
	AskedAt    time.Time     `json:"asked_at"`
	Person     string        `json:"person"`
	Name       string        `json:"name"`
	Side       store.Side    `json:"side,omitempty"`
	State      State         `json:"state"`
	At         time.Time     `json:"acknowledged_at,omitzero"`
	By         string        `json:"by,omitempty"` // who pressed
	OnBehalf   bool          `json:"on_behalf,omitempty"`
	How        store.How     `json:"how,omitempty"`
	Platform   string        `json:"platform,omitempty"`
	Identity   string        `json:"identity,omitempty"` // of By on the platform
	Message    string        `json:"message,omitempty"`  // the platform's id of the message
	Record     int           `json:"record,omitempty"`   // in the audit log
	Reminders  int           `json:"reminders,omitempty"`
	ClosedAt   time.Time     `json:"closed_at,omitzero"`
	Why        string        `json:"why,omitempty"` // it was closed, where nobody's acknowledgement did
}

// Rows lists one row for each person of each request, the oldest request first
// and its people in the order in which they were asked.
func Rows(e *store.Engagement, list []store.Acknowledgement) []Row {
	list = slices.SortedFunc(slices.Values(list), func(a, b store.Acknowledgement) int { return a.ID - b.ID })
	var rows []Row
	for i := range list {
		a := &list[i]
		for _, id := range a.Asked {
			r := Row{
				Engagement: e.ID, Request: a.ID, What: a.What, Subject: a.Subject, Version: a.Version, Title: a.Title, Mode: a.Mode,
				AskedBy: a.By, AskedAt: a.At.UTC(), Person: id, Name: id, State: Waiting,
				Reminders: a.Reminders, ClosedAt: a.Closed.UTC(), Why: a.Why,
			}
			if p, ok := e.Person(id); ok {
				r.Name, r.Side = p.Name, p.Side
			}
			if g, ok := a.Of(id); ok {
				r.State, r.At, r.By, r.OnBehalf = Acknowledged, g.At.UTC(), g.By, g.OnBehalf()
				r.How, r.Platform, r.Identity, r.Message, r.Record = g.How, g.Platform, g.Identity, g.Message, g.Seq
			} else if !a.Closed.IsZero() || a.Satisfied() {
				r.State = NotNeeded
			}
			rows = append(rows, r)
		}
	}
	return rows
}

// columns are the CSV's, in its order.
var columns = []struct {
	name string
	of   func(*Row) string
}{
	{"engagement", func(r *Row) string { return r.Engagement }},
	{"request", func(r *Row) string { return strconv.Itoa(r.Request) }},
	{"what", func(r *Row) string { return string(r.What) }},
	{"subject", func(r *Row) string { return r.Subject }},
	{"version", func(r *Row) string { return number(r.Version) }},
	{"title", func(r *Row) string { return r.Title }},
	{"mode", func(r *Row) string { return string(r.Mode) }},
	{"asked_by", func(r *Row) string { return r.AskedBy }},
	{"asked_at", func(r *Row) string { return instant(r.AskedAt) }},
	{"person", func(r *Row) string { return r.Person }},
	{"name", func(r *Row) string { return r.Name }},
	{"side", func(r *Row) string { return string(r.Side) }},
	{"state", func(r *Row) string { return string(r.State) }},
	{"acknowledged_at", func(r *Row) string { return instant(r.At) }},
	{"by", func(r *Row) string { return r.By }},
	{"on_behalf", func(r *Row) string { return map[bool]string{true: "yes", false: "no"}[r.OnBehalf] }},
	{"how", func(r *Row) string { return string(r.How) }},
	{"platform", func(r *Row) string { return r.Platform }},
	{"identity", func(r *Row) string { return r.Identity }},
	{"message", func(r *Row) string { return r.Message }},
	{"record", func(r *Row) string { return number(r.Record) }},
	{"reminders", func(r *Row) string { return strconv.Itoa(r.Reminders) }},
	{"closed_at", func(r *Row) string { return instant(r.ClosedAt) }},
	{"why", func(r *Row) string { return r.Why }},
}

func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

func instant(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// CSV writes the rows as RFC 4180 has it, with a line of headings. What a
// spreadsheet would take for a formula begins with an apostrophe.
func CSV(w io.Writer, rows []Row) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	line := make([]string, len(columns))
	for i, c := range columns {
		line[i] = c.name
	}
	if err := out.Write(line); err != nil {
		return err
	}
	for i := range rows {
		for j, c := range columns {
			line[j] = harmless(c.of(&rows[i]))
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a cell from being a formula.
func harmless(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}

// JSON writes the rows as JSON Lines.
func JSON(w io.Writer, rows []Row) error {
	out := json.NewEncoder(w)
	out.SetEscapeHTML(false)
	for i := range rows {
		if err := out.Encode(&rows[i]); err != nil {
			return err
		}
	}
	return nil
}
