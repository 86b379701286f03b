package ownership

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// maxQuestion is how many bytes of a question are read. What follows is
// ignored: nobody asks who owns a thing in more than that.
const maxQuestion = 2_000

// words splits text into lower-case words of letters and digits: accents
// folded, apostrophes dropped (who's → whos), everything else a gap. A few
// written forms that would fall apart are kept together first.
func words(text string) []string {
	text = fold(text)
	var out []string
	start := -1
	for i := range len(text) {
		c := text[i]
		switch {
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80:
			if start < 0 {
				start = i
			}
		case start >= 0:
			out = append(out, text[start:i])
			start = -1
		}
	}
	if start >= 0 {
		out = append(out, text[start:])
	}
	return out
}

// written are forms whose punctuation carries the meaning.
var written = strings.NewReplacer(
	"24/7", "247", "24x7", "247", "w/o", "without ", "w/", "with ", "&", " and ",
	"a/c", "ac ", "a/v", "av ", "a/p", "accounts payable ", "a/r", "accounts receivable ",
	"'", "", "’", "", "‘", "", "`", "",
)

// fold lowers the text, takes off accents and resolves the written forms.
func fold(text string) string {
	if simple(text) {
		return text
	}
	if ascii(text) {
		return written.Replace(strings.ToLower(text))
	}
	text = strings.ToValidUTF8(text, " ")
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r < 0x80 || unicode.IsLetter(r) || unicode.IsNumber(r) || r == '’' || r == '‘':
			return unicode.ToLower(r)
		}
		return ' '
	}, norm.NFKD.String(text))
	return written.Replace(text)
}

// simple reports whether folding would change nothing.
func simple(text string) bool {
	for i := range len(text) {
		switch c := text[i]; {
		case c >= 'A' && c <= 'Z', c >= 0x80, c == '/', c == '&', c == '\'', c == '`', c == '2':
			return false // 2 may begin 24x7
		}
	}
	return true
}

func ascii(text string) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}

// clip cuts a question to [maxQuestion] bytes at a character's edge.
func clip(text string) string {
	if len(text) <= maxQuestion {
		return text
	}
	end := maxQuestion
	for end > 0 && text[end]&0xC0 == 0x80 {
		end--
	}
	return text[:end]
}
