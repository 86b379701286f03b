package engagement

import (
	"bytes"
	"fmt"
	"strings"
	"unicode/utf8"
)

// Limits of a file, checked before the YAML library sees it, because the
// library takes quadratic time on runs of empty lines and on tabs in quotes.
// They are far above any real engagement: one of 50 rows has 26 kB.
const (
	// MaxSize is the largest file that is read, in bytes.
	MaxSize = 512 << 10
	// MaxLine is the longest line, in bytes.
	MaxLine     = 64 << 10
	maxBlankRun = 100 // lines of nothing but space, in a row
	maxTabs     = 100 // in one line
)

// clean returns the text of the file: without byte order mark, with \n as
// line end. It tells of everything that is no text at all; false means that
// reading cannot go on.
func clean(found *collector, data []byte) (string, bool) {
	if len(data) > MaxSize {
		found.errorAt(0, 0, tooLarge(len(data)),
			"an engagement file is text written by people; check that this is the right file")
		return "", false
	}
	if bytes.HasPrefix(data, []byte("\xff\xfe")) || bytes.HasPrefix(data, []byte("\xfe\xff")) {
		found.errorAt(0, 0, "the file is in UTF-16", "save it as UTF-8")
		return "", false
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(data) {
		refuseBytes(found, data)
		return "", false
	}
	text := strings.ReplaceAll(string(data), "\r\n", "\n")
	found.lines = strings.Split(text, "\n")
	ok := checkLines(found)
	if ok && onlyComments(found.lines) {
		what := "has only comments"
		if strings.TrimSpace(text) == "" {
			what = "is empty"
		}
		found.errorAt(0, 0, "the file "+what, "write \"format: tandem/v1\" as its first line")
		ok = false
	}
	return text, ok
}

// tooLarge says how large the file is. With a reader that is not known: one
// byte beyond the limit ended it.
func tooLarge(n int) string {
	if n == MaxSize+1 {
		return fmt.Sprintf("the file is too large: more than the %d KiB that are read", MaxSize>>10)
	}
	return fmt.Sprintf("the file is too large: %d KiB, of at most %d", n>>10, MaxSize>>10)
}

// refuseBytes tells where the first byte stands that is no UTF-8.
func refuseBytes(found *collector, data []byte) {
	at := 0
	for at < len(data) {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		at += size
	}
	before := data[:at]
	start := bytes.LastIndexByte(before, '\n') + 1
	line := bytes.Count(before, []byte("\n")) + 1
	found.lines = strings.Split(strings.ToValidUTF8(string(data), "\uFFFD"), "\n")
	found.errorAt(line, utf8.RuneCount(data[start:at])+1,
		fmt.Sprintf("byte 0x%02x at offset %d is not UTF-8", data[at], at), "save the file as UTF-8")
}

// checkLines tells of control characters and of what the library is slow on.
func checkLines(found *collector) bool {
	blank := 0
	for i, line := range found.lines {
		if at := strings.IndexFunc(line, forbidden); at >= 0 {
			r, _ := utf8.DecodeRuneInString(line[at:])
			found.errorAt(i+1, utf8.RuneCountInString(line[:at])+1,
				fmt.Sprintf("a control character (%s)", escape(r)), "delete it")
		}
		if len(line) > MaxLine {
			found.errorAt(i+1, 1, fmt.Sprintf("the line is too long: %d KiB, of at most %d", len(line)>>10, MaxLine>>10), "break it up")
		}
		if strings.Count(line, "\t") > maxTabs {
			found.errorAt(i+1, 1, fmt.Sprintf("the line has more than %d tabs", maxTabs), "use spaces")
		}
		blank++
		if strings.TrimSpace(line) != "" {
			blank = 0
		}
		if blank == maxBlankRun+1 && i+1 < len(found.lines) {
			found.errorAt(i+1, 1, fmt.Sprintf("more than %d empty lines in a row", maxBlankRun), "delete them")
		}
	}
	return !found.failed
}

// forbidden is what YAML allows in no file: control characters other than tab
// and NEL. A carriage return counts unless it ends a line together with \n.
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' || r >= 0x7f && r < 0xa0 && r != 0x85 || r == '\uFEFF' || r == 0xFFFE || r == 0xFFFF
}

func onlyComments(lines []string) bool {
	for _, line := range lines {
		line = strings.TrimSpace(line)
		if line != "" && !strings.HasPrefix(line, "#") && line != "---" && line != "..." {
			return false
		}
	}
	return true
}

// escape writes a character as a double-quoted YAML text does.
func escape(r rune) string {
	if r <= 0xFFFF {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// tabInside reports whether a tab stands between the characters of a text.
func tabInside(origin string) bool {
	return strings.Contains(strings.TrimSpace(origin), "\t")
}
