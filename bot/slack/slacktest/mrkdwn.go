package slacktest

import (
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	angle     = regexp.MustCompile(`<[^<>\n]+>`)
	bareURL   = regexp.MustCompile(`https?://[^\s<>|]+`)
	broadcast = regexp.MustCompile(`(?:^|\s)@(channel|here|everyone)\b`)
	emoji     = regexp.MustCompile(`:[a-z0-9_+-]+:`)
	scheme    = regexp.MustCompile(`^(?:https?|mailto|tel|slack):`)
)

// glyphs are some of Slack's emoji; one that it doesn't know stays as it is.
var glyphs = map[string]string{
	":smile:": "😄", ":fire:": "🔥", ":white_check_mark:": "✅", ":x:": "❌", ":warning:": "⚠️", ":tada:": "🎉", ":wave:": "👋",
	":eyes:": "👀", ":calendar:": "📆", ":lock:": "🔒", ":bell:": "🔔", ":rocket:": "🚀", ":+1:": "👍", ":-1:": "👎", ":heart:": "❤️",
}

func emojis(text string) string {
	return emoji.ReplaceAllStringFunc(text, func(name string) string {
		if g, ok := glyphs[name]; ok {
			return g
		}
		return name
	})
}

// parse is what Slack finds in a text beyond what is marked.
type parse int

const (
	markedOnly       parse = iota // verbatim
	justLinks                     // the text of a message, unless it is asked for more
	linksAndMentions              // a text object: Slack's documents speak of certain mentions
)

// mrkdwn is a text as Slack shows it: mentions and links by their names,
// formatting acted on, its marks gone. What looks like a link or a mention
// without being marked as one counts as one as far as parse goes.
func (r *reader) mrkdwn(text string, parse parse) string {
	if parse == linksAndMentions {
		for _, m := range broadcast.FindAllStringSubmatch(text, -1) {
			r.mentions = append(r.mentions, m[1])
		}
	}
	if parse != markedOnly {
		for _, u := range bareURL.FindAllStringIndex(text, -1) {
			if u[0] == 0 || text[u[0]-1] != '<' && text[u[0]-1] != '|' {
				r.links = append(r.links, unescape(text[u[0]:u[1]]))
			}
		}
	}
	// What is marked is kept aside, so that formatting doesn't touch it.
	var kept []string
	keep := func(shown string) string {
		kept = append(kept, shown)
		return "\x00" + string(rune(0xF0000+len(kept)-1))
	}
	text = angle.ReplaceAllStringFunc(text, func(m string) string {
		if shown, ok := r.marked(m[1 : len(m)-1]); ok {
			return keep(shown)
		}
		return m
	})
	text = fenced(text, "```", keep)
	text = fenced(text, "`", keep)
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		for _, quote := range []string{"&gt;&gt;&gt;", ">>>", "&gt;", ">"} {
			if rest, ok := strings.CutPrefix(line, quote); ok {
				line = strings.TrimPrefix(rest, " ")
				break
			}
		}
		for _, mark := range []byte{'*', '_', '~'} {
			line = unmark(line, mark)
		}
		lines = append(lines, line)
	}
	text = unescape(emojis(strings.Join(lines, "\n")))
	for i, k := range slices.Backward(kept) {
		text = strings.ReplaceAll(text, "\x00"+string(rune(0xF0000+i)), k)
	}
	return text
}

// marked is what stands between < and >; ok is false where Slack knows nothing
// that is written so, and leaves it.
func (r *reader) marked(inner string) (shown string, ok bool) {
	target, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(inner, "@"):
		return r.mention(target[1:]), true
	case strings.HasPrefix(inner, "#C"):
		return r.channelName(target[1:]), true
	case strings.HasPrefix(inner, "!subteam^"):
		r.mentions = append(r.mentions, strings.TrimPrefix(target, "!subteam^"))
		return "@" + strings.TrimPrefix(target, "!subteam^"), true
	case strings.HasPrefix(inner, "!date^"):
		return unescape(label), true
	case target == "!channel" || target == "!here" || target == "!everyone":
		r.mentions = append(r.mentions, target[1:])
		return "@" + target[1:], true
	case scheme.MatchString(target):
		r.links = append(r.links, unescape(target))
		if labelled {
			return unescape(label), true
		}
		return unescape(target), true
	}
	return "", false
}

// mention is somebody's name, who is notified.
func (r *reader) mention(id string) string {
	r.mentions = append(r.mentions, id)
	if p := r.s.person(id); p != nil {
		if p.DisplayName != "" {
			return "@" + p.DisplayName
		}
		return "@" + p.RealName
	}
	for _, w := range r.s.workspaces {
		if w.install != nil && w.install.UserID == id {
			return "@" + r.s.app.Name
		}
	}
	return "@unknown user"
}

func (r *reader) channelName(id string) string {
	if ch := r.s.channel(id); ch != nil && ch.name != "" {
		return "#" + ch.name
	}
	return "#private channel"
}

// fenced takes code out of a text, without its fence.
func fenced(text, fence string, keep func(string) string) string {
	var b strings.Builder
	for {
		before, after, opens := strings.Cut(text, fence)
		code, rest, closes := strings.Cut(after, fence)
		if !opens || !closes || code == "" || fence == "`" && strings.Contains(code, "\n") {
			b.WriteString(text)
			return b.String()
		}
		b.WriteString(before)
		b.WriteString(keep(unescape(code)))
		text = rest
	}
}

// unmark takes a mark of formatting away where it opens before a word and
// closes after one.
func unmark(line string, mark byte) string {
	for from := 0; ; {
		i := strings.IndexByte(line[from:], mark)
		if i < 0 {
			return line
		}
		open := from + i
		end := -1
		for j := open + 2; j < len(line); j++ {
			if line[j] == mark && line[j-1] != ' ' && line[j-1] != mark && !wordAt(line, j+1) {
				end = j
				break
			}
		}
		if end < 0 || wordBefore(line, open) || line[open+1] == ' ' || line[open+1] == mark {
			from = open + 1
			continue
		}
		line = line[:open] + line[open+1:end] + line[end+1:]
		from = end - 1
	}
}

func wordAt(line string, i int) bool {
	r, n := utf8.DecodeRuneInString(line[i:])
	return n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}

func wordBefore(line string, i int) bool {
	r, n := utf8.DecodeLastRuneInString(line[:i])
	return n > 0 && (unicode.IsLetter(r) || unicode.IsDigit(r))
}
