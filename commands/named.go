package commands

import (
	"slices"
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// person returns the person that a text names: by id, by whole name, by e-mail
// address, or by a part of the name that nobody else here has. What was left
// undone is for the sentence where it names nobody, such as "Nothing was changed."
func (d *Desk) person(text, undone string) (*store.Person, error) {
	name := folded(text)
	var part []*store.Person
	for i := range d.e.People {
		p := &d.e.People[i]
		full := folded(p.Name)
		if name == p.ID || name == full || p.Email != "" && name == strings.ToLower(p.Email) {
			return p, nil
		}
		if slices.Contains(strings.Fields(full), name) {
			part = append(part, p)
		}
	}
	switch {
	case len(part) == 1:
		return part[0], nil
	case len(part) > 1:
		names := make([]string, len(part))
		for i, p := range part {
			names[i] = p.Name
		}
		return nil, store.Errorf(store.CodeInvalid, "%q is the name of %s; say the whole name. %s", card.Clean(text), card.And(names), undone)
	}
	return nil, store.Errorf(store.CodeNotFound, "Nobody here is called %q; `people` lists everybody. %s", card.Clean(text), undone)
}

// folded is a name as it is compared: small, with single spaces, without the @
// that people write before it.
func folded(text string) string {
	return strings.Join(strings.Fields(strings.ToLower(strings.TrimLeft(strings.TrimSpace(text), "@"))), " ")
}

// sideOf reads the words for all people, whose side is "", and for those of one.
func sideOf(word string) (side store.Side, ok bool) {
	switch word = folded(word); word {
	case "everybody", "everyone", "all":
		return "", true
	}
	return store.Side(word), store.Side(word).Valid()
}

// group returns the people that a text lists: with commas or "and", by what person
// takes, and by the words internal, msp and everybody. Names may also follow each
// other with nothing but spaces between.
func (d *Desk) group(text, undone string) ([]string, error) {
	var out []string
	add := func(id string) {
		if !slices.Contains(out, id) {
			out = append(out, id)
		}
	}
	for part := range strings.FieldsFuncSeq(text, func(c rune) bool { return c == ',' || c == ';' }) {
		for words := strings.Fields(part); len(words) > 0; {
			if strings.EqualFold(words[0], "and") {
				words = words[1:]
				continue
			}
			if side, ok := sideOf(words[0]); ok {
				for i := range d.e.People {
					if p := &d.e.People[i]; side == "" || p.Side == side {
						add(p.ID)
					}
				}
				words = words[1:]
				continue
			}
			p, n, err := d.first(words, undone)
			if err != nil {
				return nil, err
			}
			add(p.ID)
			words = words[n:]
		}
	}
	return out, nil
}

// first returns the person that words begin with, and of how many words the name
// is: the longest name goes before a shorter.
func (d *Desk) first(words []string, undone string) (*store.Person, int, error) {
	const longest = 6
	for n := min(len(words), longest); n > 1; n-- {
		if p, err := d.person(strings.Join(words[:n], " "), undone); err == nil {
			return p, n, nil
		}
	}
	p, err := d.person(words[0], undone)
	return p, 1, err
}
