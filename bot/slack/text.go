package slack

import (
	"strings"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/bot/card"
)

// units is the length of a text as Slack counts it: in UTF-16 code units, so
// that no reading of "characters" makes it longer.
func units(text string) int {
	n := len(text)
	for i := range len(text) {
		switch c := text[i]; {
		case c < utf8.RuneSelf:
		case c&0xC0 == 0x80:
			n--
		case c >= 0xF0:
			n++
		}
	}
	return n
}

// cost is the length of a text once it is escaped.
func cost(text string) int {
	n := units(text)
	for i := range len(text) {
		switch text[i] {
		case '&':
			n += len("&amp;") - 1
		case '<', '>':
			n += len("&lt;") - 1
		}
	}
	return n
}

// escaper takes away the meaning of what begins a mention or a link.
var escaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// escape makes a text mean itself where Slack reads mrkdwn.
func escape(text string) string {
	if !strings.ContainsAny(text, "&<>") {
		return text
	}
	return escaper.Replace(text)
}

// shouts are the words that, after an @, some of Slack's readers of plain text
// take for everybody.
var shouts = strings.NewReplacer("@channel", "@\u2060channel", "@here", "@\u2060here", "@everyone", "@\u2060everyone")

// quiet is escape for the text beside blocks, where a typed @here is parted by a
// character without a shape, so that it calls nobody.
func quiet(text string) string {
	if strings.Contains(text, "@") {
		text = shouts.Replace(text)
	}
	return escape(text)
}

// unescaper turns back what Slack escaped, once.
var unescaper = strings.NewReplacer("&amp;", "&", "&lt;", "<", "&gt;", ">")

// fit returns the longest beginning of a text that has at most so many units,
// at a word's end if there is one in its second half, and what is left.
func fit(text string, most int) (head, rest string) {
	if len(text) <= most {
		return text, ""
	}
	n, end, space := 0, len(text), -1
	for i, r := range text {
		w := 1
		if r > 0xFFFF {
			w = 2
		}
		if n+w > most {
			end = i
			break
		}
		if r == ' ' && i > 0 {
			space = i
		}
		n += w
	}
	if end == len(text) {
		return text, ""
	}
	if text[end] == ' ' {
		space = end
	}
	if space >= end/2 && space > 0 {
		return text[:space], text[space+1:]
	}
	return text[:end], text[end:]
}

// pieces cuts a text into parts of at most so many units, at words. Nothing is
// left out but the space at a cut. An empty text has no pieces.
func pieces(text string, most int) []string {
	if text == "" {
		return nil
	}
	if len(text) <= most {
		return []string{text}
	}
	var out []string
	for text != "" {
		var head string
		head, text = fit(text, most)
		out = append(out, head)
	}
	return out
}

// shorten makes a label of at most so many units; a shortened one shows it.
func shorten(text string, most int) (short string, cut bool) {
	if units(text) <= most {
		return text, false
	}
	head, _ := fit(text, most-1)
	return head + "…", true
}

// read is a text as it is read: in one line.
func read(text string) string { return card.Clean(text) }
