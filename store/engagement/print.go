package engagement

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// value is what the canonical file is made of. The kinds are those of node; a
// value of kind null is not written.
type value struct {
	kind   kind
	text   string // as it stands in a block
	inline string // as it stands between brackets
	lines  []string
	items  []value
	pairs  []keyed
	flow   bool // on one line if it fits
	spaced bool // an empty line between the entries
	always bool // written even if it has no entries
}

type keyed struct {
	key string
	value
}

// flowWidth is the longest list or group that is written on one line, in
// characters from its bracket on.
const flowWidth = 110

func pair(key string, v value) keyed { return keyed{key, v} }

func block(pairs ...keyed) value { return value{kind: mapKind, pairs: present(pairs)} }

func flow(pairs ...keyed) value { return value{kind: mapKind, pairs: present(pairs), flow: true} }

func list[T any](all []T, item func(T) value) value {
	v := value{kind: listKind}
	for _, one := range all {
		v.items = append(v.items, item(one))
	}
	return v
}

// plain is a text that is known to need no quotes.
func plain(s string) value {
	if s == "" {
		return value{}
	}
	return value{kind: scalarKind, text: s, inline: s}
}

// quoted is a text that has quotes by habit, though it may not need them.
func quoted(s string) value {
	q := quote(s)
	return value{kind: scalarKind, text: q, inline: q}
}

// text is a text with quotes where it needs them, and with lines of its own
// where it has several.
func text(s string) value {
	if s == "" {
		return value{}
	}
	v := quoted(s)
	if isPlain(s) {
		v.text = s
		if !strings.ContainsAny(s, ",[]{}") {
			v.inline = s
		}
	}
	v.lines = literal(s)
	return v
}

// present drops what is not given.
func present(pairs []keyed) []keyed {
	var out []keyed
	for _, p := range pairs {
		if p.always || !p.empty() {
			out = append(out, p)
		}
	}
	return out
}

func (v value) empty() bool {
	switch v.kind {
	case listKind:
		return len(v.items) == 0
	case mapKind:
		return len(v.pairs) == 0
	default:
		return v.kind == nullKind
	}
}

// oneLine renders a value between brackets, and reports whether it may stand
// so in the file: no part of it has lines of its own.
func (v value) oneLine() (string, bool) {
	fits := v.lines == nil
	var parts []string
	for _, item := range v.items {
		part, ok := item.oneLine()
		parts, fits = append(parts, part), fits && ok
	}
	for _, p := range v.pairs {
		part, ok := p.oneLine()
		parts, fits = append(parts, keyText(p.key)+": "+part), fits && ok
	}
	switch v.kind {
	case listKind:
		return "[" + strings.Join(parts, ", ") + "]", fits
	case mapKind:
		return "{" + strings.Join(parts, ", ") + "}", fits
	default:
		return v.inline, fits
	}
}

func keyText(key string) string {
	if isPlain(key) {
		return key
	}
	return quote(key)
}

// printer writes values as indented blocks.
type printer struct{ out bytes.Buffer }

func (p *printer) indent(depth int) {
	for range depth {
		p.out.WriteString("  ")
	}
}

// block writes a map, each key on its own line, from the current position of
// the first line on.
func (p *printer) block(v value, depth int) {
	for i, pair := range v.pairs {
		if i > 0 {
			if v.spaced {
				p.out.WriteByte('\n')
			}
			p.indent(depth)
		}
		p.out.WriteString(keyText(pair.key) + ":")
		p.after(pair.value, depth)
	}
}

// after writes a value that follows a key.
func (p *printer) after(v value, depth int) {
	if p.short(v, depth+1) {
		return
	}
	p.out.WriteByte('\n')
	if v.kind == mapKind {
		p.indent(depth + 1)
		p.block(v, depth+1)
		return
	}
	p.list(v, depth+1)
}

// short writes a scalar, or a list or group that fits on the line; the text of
// several lines is indented to the depth. False means that it wrote nothing.
func (p *printer) short(v value, depth int) bool {
	switch {
	case v.kind == scalarKind && v.lines != nil:
		p.out.WriteString(" " + v.lines[0] + "\n")
		for _, line := range v.lines[1:] {
			if line != "" {
				p.indent(depth)
			}
			p.out.WriteString(line + "\n")
		}
		return true
	case v.kind == scalarKind:
		p.out.WriteString(" " + v.text + "\n")
		return true
	case v.flow:
		if s, ok := v.oneLine(); ok && utf8.RuneCountInString(s) <= flowWidth {
			p.out.WriteString(" " + s + "\n")
			return true
		}
	}
	return false
}

func (p *printer) list(v value, depth int) {
	for i, item := range v.items {
		if i > 0 && v.spaced {
			p.out.WriteByte('\n')
		}
		p.indent(depth)
		p.out.WriteByte('-')
		if p.short(item, depth+1) {
			continue
		}
		p.out.WriteByte(' ')
		p.block(item, depth+1)
	}
}
