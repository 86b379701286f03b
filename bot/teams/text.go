package teams

import (
	"strings"
	"unicode/utf8"
)

// markdown are the characters that a TextBlock might act on. Each is escaped
// wherever it stands, since clients differ in what they take for markup. An
// ampersand begins a character reference and a brace a {{DATE()}}.
const markdown = "\\`*_{}[]()<>#+-.!|~&:=\"'^$@"

// escape makes a text mean itself in a TextBlock.
func escape(text string) string {
	if !strings.ContainsAny(text, markdown) {
		return text
	}
	var b strings.Builder
	for i := range len(text) {
		if strings.IndexByte(markdown, text[i]) >= 0 {
			b.WriteByte('\\')
		}
		b.WriteByte(text[i])
	}
	return b.String()
}

// braces cuts a text between braces that stand together.
func braces(text string) []string {
	var out []string
	for {
		i := strings.Index(text, "{{")
		if i < 0 {
			return append(out, text)
		}
		out = append(out, text[:i+1])
		text = text[i+1:]
	}
}

// aloud is a text to be spoken, in which nothing can be SSML.
func aloud(text string) string {
	return strings.Join(strings.Fields(strings.NewReplacer("<", " ", ">", " ", "&", " and ").Replace(text)), " ")
}

// head is the beginning of a text of at most so many bytes, at a word's end if
// it can be; what was cut shows it.
func head(text string, most int) string {
	if len(text) <= most {
		return text
	}
	h, _ := fit(text, most-len("…"))
	return h + "…"
}

// fit cuts a text in two, the first of at most so many bytes, at a word's end
// where there is one in its second half.
func fit(text string, most int) (first, rest string) {
	if len(text) <= most {
		return text, ""
	}
	end := max(most, utf8.UTFMax)
	for end > 0 && !utf8.RuneStart(text[end]) {
		end--
	}
	if i := strings.LastIndexByte(text[:end+1], ' '); i > end/2 {
		return text[:i], text[i+1:]
	}
	return text[:end], text[end:]
}

// pieces cuts a text at words into parts that cost at most so many bytes as JSON.
// Nothing is left out but the space at a cut.
func pieces(text string, most int, cost func(string) int) []string {
	if cost(text) <= most {
		return []string{text}
	}
	first, rest := fit(text, min(len(text)/2+1, most))
	if rest == "" {
		return []string{text}
	}
	return append(pieces(first, most, cost), pieces(rest, most, cost)...)
}

// costPlain is what a text costs as runs, which are apart where braces are.
func costPlain(text string) int {
	n := len(text) + strings.Count(text, `"`) + strings.Count(text, `\`)
	for i := 1; i < len(text); i++ {
		if text[i] == '{' && text[i-1] == '{' {
			n += len(`{"text":"","type":"TextRun","isSubtle":true,"size":"small"},`)
		}
	}
	return n
}

// costHeading is what a text costs once it was escaped.
func costHeading(text string) int {
	n := len(text)
	for i := range len(text) {
		if strings.IndexByte(markdown, text[i]) >= 0 {
			n += len(`\\\`)
		}
	}
	return n
}

// within is the beginning of a text that costs at most so many bytes as JSON once
// it was made safe.
func within(text string, most int, safe func(string) string) string {
	n := most
	for {
		if s := safe(head(text, n)); size(s) <= most || n < 16 {
			return s
		}
		n = n * 2 / 3
	}
}
