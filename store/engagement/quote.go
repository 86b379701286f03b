package engagement

import (
	"regexp"
	"strings"
	"unicode"
)

// words that YAML 1.1 or 1.2 read as something other than a text.
var words = map[string]bool{
	"true": true, "false": true, "yes": true, "no": true, "on": true, "off": true,
	"y": true, "n": true, "null": true, "nil": true, "none": true, "nan": true, "inf": true,
}

// numeric matches what some reader takes for a number, a date or a time: digits
// and marks, an exponent, hexadecimal, octal or binary digits.
var numeric = regexp.MustCompile(`^([0-9][0-9_.,:+-]*|[0-9][0-9_.]*[eE][+-]?[0-9]+|0[xX][0-9a-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+)$`)

// leading are the characters that mean something at the start of a value.
const leading = "-?:,[]{}#&*!|>'\"%@`=<~.+\\/ "

// isPlain reports whether a text needs no quotes in a block. It is stricter
// than YAML: a colon or a hash anywhere is quoted, so that no reader has to
// know which of them count.
func isPlain(s string) bool {
	switch {
	case s == "" || strings.ContainsAny(s[:1], leading) || strings.HasSuffix(s, " "):
		return false
	case strings.ContainsAny(s, ":#\""):
		return false
	case words[strings.ToLower(s)]:
		return false
	case numeric.MatchString(s):
		return false
	}
	return strings.IndexFunc(s, unprintable) < 0
}

// unprintable are control and format characters, among them the marks that
// turn the direction of writing: they are written as escapes, so that whoever
// reads the file sees them.
func unprintable(r rune) bool {
	return r != ' ' && !unicode.IsPrint(r)
}

// quote writes a text in double quotes.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case unprintable(r):
			b.WriteString(escape(r))
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

// literal returns the lines of a block literal, its header first, or nil for a
// text that has one line or cannot be written so without doubt: readers differ
// on empty lines at the ends and on spaces around them.
func literal(s string) []string {
	body, header := s, "|-"
	if rest, ok := strings.CutSuffix(s, "\n"); ok {
		body, header = rest, "|"
	}
	if !strings.Contains(body, "\n") {
		return nil
	}
	lines := strings.Split(body, "\n")
	blank := 0
	for i, line := range lines {
		if strings.IndexFunc(line, unprintable) >= 0 || strings.TrimSpace(line) != line {
			return nil
		}
		blank++
		if line != "" {
			blank = 0
		}
		if blank > 1 || line == "" && (i == 0 || i == len(lines)-1) {
			return nil
		}
	}
	return append([]string{header}, lines...)
}
