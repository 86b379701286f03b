package engagement

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// reader takes one value of the tree into a record. The path is that of the
// value, as in store.Problem.
type reader func(n *node, path string)

// field is one key that a group may have.
type field struct {
	key  string
	read reader
}

// decoder turns the tree into records. It checks kinds only; what the values
// must be is store's to say.
type decoder struct {
	found *collector
	// unread are the paths whose value could not be taken, so that store's
	// complaint of a missing value there is not told as well.
	unread []string
}

func (d *decoder) fail(n *node, path, message, hint string) {
	d.found.add(n.line, n.column, store.Problem{Path: path, Message: message, Hint: hint})
	d.unread = append(d.unread, path)
}

// group reads a map with known keys.
func (d *decoder) group(n *node, path string, fields ...field) bool {
	if n.kind != mapKind {
		d.wrongKind(n, path, "a group of keys", "such as "+fields[0].key+": …")
		return false
	}
	for i := range n.entries {
		en := &n.entries[i]
		if read := d.known(n, en, path, fields); read != nil {
			d.value(en.value, join(path, en.key), read)
		}
	}
	return true
}

// value reads what is given; nothing after a key is the same as no key.
func (d *decoder) value(n *node, path string, read reader) {
	switch n.kind {
	case nullKind:
	case brokenKind:
		d.unread = append(d.unread, path)
	default:
		read(n, path)
	}
}

// known returns the reader of the entry's key. A misspelled key is told and
// then read as the one that was meant, so that one slip is one error.
func (d *decoder) known(n *node, en *entry, path string, fields []field) reader {
	keys := make([]string, len(fields))
	for i, f := range fields {
		if f.key == en.key {
			return f.read
		}
		keys[i] = f.key
	}
	p := store.Problem{Path: path, Message: fmt.Sprintf("unknown key %q", clip(en.key))}
	meant, ok := store.Nearest(en.key, keys)
	if !ok {
		p.Hint = "the keys here are " + strings.Join(keys, ", ")
		d.found.add(en.line, en.column, p)
		return nil
	}
	p.Hint = fmt.Sprintf("did you mean %q?", meant)
	d.found.add(en.line, en.column, p)
	if _, taken := n.find(meant); taken {
		return nil
	}
	en.key = meant
	return fields[slices.Index(keys, meant)].read
}

// require tells of keys whose absence the record cannot show, because its
// zero value means something.
func (d *decoder) require(n *node, path string, keys ...string) {
	for _, key := range keys {
		if en, ok := n.find(key); !ok || en.value.kind == nullKind {
			d.fail(n, join(path, key), fmt.Sprintf("missing %q", key), "")
		}
	}
}

func (d *decoder) wrongKind(n *node, path, want, hint string) {
	if n.kind == brokenKind {
		return
	}
	d.fail(n, path, fmt.Sprintf("%s stands where %s belongs", article(n), want), hint)
}

func article(n *node) string {
	if n.kind == scalarKind {
		return strconv.Quote(clip(n.text))
	}
	return n.kind.describe()
}

// scalar reads a single value through a parser of its text.
func (d *decoder) scalar(want string, take func(text string) error) reader {
	return func(n *node, path string) {
		if n.kind != scalarKind {
			hint := ""
			if n.kind == mapKind {
				hint = "put a text with a colon in double quotes"
			}
			d.wrongKind(n, path, want, hint)
			return
		}
		if err := take(n.text); err != nil {
			d.fail(n, path, err.Error(), "")
		}
	}
}

func (d *decoder) text(into *string) reader {
	return d.scalar("a text", func(s string) error { *into = s; return nil })
}

func (d *decoder) side(into *store.Side) reader {
	return d.scalar("a side", func(s string) error { *into = store.Side(s); return nil })
}

func (d *decoder) date(into *store.Date) reader {
	return d.scalar("a date", func(s string) (err error) { *into, err = store.ParseDate(s); return err })
}

func (d *decoder) clock(into *store.Clock) reader {
	return d.scalar("a time of day", func(s string) (err error) { *into, err = store.ParseClock(s); return err })
}

func (d *decoder) duration(into *store.Duration) reader {
	return d.scalar("a duration", func(s string) (err error) { *into, err = store.ParseDuration(s); return err })
}

// number reads a whole number. One in quotes is a text, and is refused so that
// the canonical file stays the only spelling.
func (d *decoder) number(into *int) reader {
	return func(n *node, path string) {
		if n.kind != scalarKind {
			d.wrongKind(n, path, "a whole number", "")
			return
		}
		value, err := strconv.ParseInt(n.text, 10, 32)
		plain := err == nil && n.text == strconv.FormatInt(value, 10)
		switch {
		case plain && n.quoted:
			d.fail(n, path, fmt.Sprintf("%q in quotes is a text, not a number", n.text), "write "+n.text+" without quotes")
		case !plain:
			d.fail(n, path, fmt.Sprintf("%q is not a whole number", clip(n.text)), "write it in digits, like 3")
		default:
			*into = int(value)
		}
	}
}

// texts reads a list of texts.
func (d *decoder) texts(into *[]string) reader {
	return func(n *node, path string) {
		d.items(n, path, "", func(item *node, at string) {
			var s string
			if item.kind != nullKind {
				d.text(&s)(item, at)
			}
			if strings.TrimSpace(s) == "" && item.kind <= scalarKind {
				d.fail(item, at, "an empty entry", "write something, or delete it")
			}
			*into = append(*into, s)
		})
	}
}

// values reads a list of texts that a parser turns into values.
func values[T any](d *decoder, into *[]T, want string, parse func(string) (T, error)) reader {
	return func(n *node, path string) {
		d.items(n, path, "", func(item *node, at string) {
			d.scalar(want, func(s string) error {
				v, err := parse(s)
				if err == nil {
					*into = append(*into, v)
				}
				return err
			})(item, at)
		})
	}
}

// groups reads a list of groups, each into a record of its own. A group that
// cannot be read leaves an empty record, so that positions stay those of the file.
func groups[T any](d *decoder, into *[]T, read func(*T, *node, string)) reader {
	return func(n *node, path string) {
		d.items(n, path, "start each entry with a dash", func(item *node, at string) {
			var record T
			read(&record, item, at)
			*into = append(*into, record)
		})
	}
}

func (d *decoder) items(n *node, path, hint string, read reader) {
	if n.kind != listKind {
		if hint == "" && n.kind == scalarKind {
			hint = fmt.Sprintf("write [%s]", clip(n.text))
		}
		d.wrongKind(n, path, "a list", hint)
		return
	}
	for i, item := range n.items {
		at := fmt.Sprintf("%s[%d]", path, i)
		if item.kind == brokenKind {
			d.unread = append(d.unread, at)
		}
		read(item, at)
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func weekday(s string) (time.Weekday, error) {
	day, err := store.ParseWeekday(s)
	if err == nil {
		return day, nil
	}
	if short := strings.ToLower(s); len(short) >= 3 {
		if _, near := store.ParseWeekday(short[:3]); near == nil {
			return 0, fmt.Errorf("%q is not a day as the file writes it; write %s", clip(s), short[:3])
		}
	}
	return 0, err
}
