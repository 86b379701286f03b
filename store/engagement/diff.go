package engagement

import (
	"fmt"
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// Op says what happened to an entry between two versions.
type Op string

// What can happen to an entry.
const (
	Added   Op = "added"
	Removed Op = "removed"
	Changed Op = "changed"
	Moved   Op = "moved" // the entries are the same in another order
)

// Change is one difference between two versions of an engagement. Old and New
// are words for people, "" where there was nothing.
type Change struct {
	Op      Op     `json:"op"`
	Kind    string `json:"kind"`              // row, person, tool, engagement, …
	ID      string `json:"id,omitempty"`      // of the entry, where it has one
	Subject string `json:"subject,omitempty"` // its name, the new one if it changed
	Field   string `json:"field,omitempty"`   // of a changed entry, as the file writes it
	Old     string `json:"old,omitempty"`
	New     string `json:"new,omitempty"`
	// Material says that it changes who answers for what: the scope, an owner, a
	// lead, an accountable person or an escalation path.
	Material bool `json:"material"`
}

// Diff returns the differences from old to new: the matrix first, then the
// rest in the order of the file. It returns nothing exactly if both have the
// same canonical file.
func Diff(old, now *store.Engagement) []Change {
	d := &differ{}
	d.fields("matrix", "", "", matrixFields(old.Matrix), matrixFields(now.Matrix))
	d.entries("row", rowEntries(old), rowEntries(now))
	d.entries("exclusion", exclusionEntries(old), exclusionEntries(now))
	d.fields("engagement", "", "", engagementFields(old), engagementFields(now))
	d.entries("person", personEntries(old), personEntries(now))
	d.entries("channel", channelEntries(old), channelEntries(now))
	d.entries("tool", toolEntries(old), toolEntries(now))
	d.entries("artifact", artifactEntries(old), artifactEntries(now))
	d.entries("severity", severityEntries(old), severityEntries(now))
	d.fields("playbook", "", "", playbookFields(old.Playbook), playbookFields(now.Playbook))
	d.entries("rotation", rotationEntries(old), rotationEntries(now))
	d.entries("cadence", cadenceEntries(old), cadenceEntries(now))
	return d.changes
}

// String is the change on one line, such as
//
//	row Password resets: owner internal → msp [material]
func (c Change) String() string {
	var b strings.Builder
	b.WriteString(c.Kind)
	if c.Subject != "" {
		b.WriteString(" " + c.Subject)
	}
	switch c.Op {
	case Added, Removed:
		b.WriteString(" " + string(c.Op))
		if detail := c.Old + c.New; detail != "" {
			b.WriteString(" (" + detail + ")")
		}
	case Moved:
		b.WriteString(" order: " + c.Old + " → " + c.New)
	default:
		fmt.Fprintf(&b, ": %s %s → %s", c.Field, orNothing(c.Old), orNothing(c.New))
	}
	if c.Material {
		b.WriteString(" [material]")
	}
	return visible(b.String())
}

func orNothing(s string) string {
	if s == "" {
		return "nothing"
	}
	return s
}

// DiffText renders changes for a terminal, one a line, with a mark in front:
// + added, - removed, ~ changed or moved. No change gives "No changes.\n".
func DiffText(changes []Change) string {
	if len(changes) == 0 {
		return "No changes.\n"
	}
	var b strings.Builder
	material := 0
	for _, c := range changes {
		mark := map[Op]string{Added: "+", Removed: "-"}[c.Op]
		if mark == "" {
			mark = "~"
		}
		b.WriteString(mark + " " + c.String() + "\n")
		if c.Material {
			material++
		}
	}
	fmt.Fprintf(&b, "%s, %d material\n", count(len(changes), "change"), material)
	return b.String()
}

// attribute is a field of an entry in words.
type attribute struct {
	name, words string
	material    bool
}

// item is an entry of a list as the differ sees it.
type item struct {
	id, name string
	summary  string // who holds it, for an added or removed one
	material bool   // whether coming and going is
	fields   []attribute
}

type differ struct{ changes []Change }

func (d *differ) add(c Change) { d.changes = append(d.changes, c) }

// entries matches two lists by id.
func (d *differ) entries(kind string, old, now []item) {
	before := map[string]item{}
	for _, it := range old {
		before[it.id] = it
	}
	after := map[string]bool{}
	for _, it := range now {
		after[it.id] = true
		was, known := before[it.id]
		if !known {
			d.add(Change{Op: Added, Kind: kind, ID: it.id, Subject: it.name, New: it.summary, Material: it.material})
			continue
		}
		d.fields(kind, it.id, it.name, was.fields, it.fields)
	}
	for _, it := range old {
		if !after[it.id] {
			d.add(Change{Op: Removed, Kind: kind, ID: it.id, Subject: it.name, Old: it.summary, Material: it.material})
		}
	}
	d.order(kind, old, now, before, after)
}

// order tells when the entries that both lists have stand in another order.
func (d *differ) order(kind string, old, now []item, before map[string]item, after map[string]bool) {
	var first, second []string
	for _, it := range old {
		if after[it.id] {
			first = append(first, it.id)
		}
	}
	for _, it := range now {
		if _, known := before[it.id]; known {
			second = append(second, it.id)
		}
	}
	if !slices.Equal(first, second) {
		d.add(Change{Op: Moved, Kind: kind, Old: strings.Join(first, ", "), New: strings.Join(second, ", ")})
	}
}

// fields compares two versions of one entry. Both lists have the same names in
// the same order.
func (d *differ) fields(kind, id, name string, old, now []attribute) {
	for i, a := range now {
		if was := old[i]; was.words != a.words {
			d.add(Change{
				Op: Changed, Kind: kind, ID: id, Subject: name, Field: a.name,
				Old: was.words, New: a.words, Material: a.material,
			})
		}
	}
}
