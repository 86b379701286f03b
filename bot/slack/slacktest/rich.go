package slacktest

import (
	"fmt"
	"regexp"
	"strings"
)

// rich is a rich_text block: its texts stand as they are, since what is to be
// acted on is an element of its own.
func (r *reader) rich(b obj) {
	for _, e := range objects(list(b, "elements")) {
		if str(e, "type") != "rich_text_list" {
			r.line(strings.TrimRight(r.richLine(e), "\n"))
			continue
		}
		first, _ := e["offset"].(float64)
		indent, _ := e["indent"].(float64)
		for i, item := range objects(list(e, "elements")) {
			bullet := "• "
			if str(e, "style") == "ordered" {
				bullet = fmt.Sprintf("%d. ", i+1+int(first))
			}
			r.line(strings.Repeat("    ", int(indent)) + bullet + r.richLine(item))
		}
	}
}

func (r *reader) richLine(section obj) string {
	var b strings.Builder
	for _, e := range objects(list(section, "elements")) {
		switch str(e, "type") {
		case "text":
			b.WriteString(str(e, "text"))
		case "link":
			r.links = append(r.links, str(e, "url"))
			if t := str(e, "text"); t != "" {
				b.WriteString(t)
			} else {
				b.WriteString(str(e, "url"))
			}
		case "user":
			b.WriteString(r.mention(str(e, "user_id")))
		case "usergroup":
			r.mentions = append(r.mentions, str(e, "usergroup_id"))
			b.WriteString("@" + str(e, "usergroup_id"))
		case "channel":
			b.WriteString(r.channelName(str(e, "channel_id")))
		case "broadcast":
			r.mentions = append(r.mentions, str(e, "range"))
			b.WriteString("@" + str(e, "range"))
		case "emoji":
			b.WriteString(emojis(":" + str(e, "name") + ":"))
		case "date":
			b.WriteString(str(e, "fallback"))
		case "color":
			b.WriteString(str(e, "value"))
		}
	}
	return b.String()
}

var (
	mdLink  = regexp.MustCompile(`!?\[([^\]]*)\]\(([^)\s]*)\)`)
	mdStart = regexp.MustCompile(`^ {0,3}(?:#{1,6} |> ?|[-*+] )`)
	mdBold  = regexp.MustCompile(`(\*\*|__|\*|_|~~|` + "`" + `)(\S(?:.*?\S)?)(\*\*|__|\*|_|~~|` + "`" + `)`)
	mdEsc   = regexp.MustCompile(`\\([!-/:-@\[-` + "`" + `{-~])`)
)

// markdown is a markdown block, roughly as it is shown: marks are gone, links
// are their labels. An escaped mark is none.
func (r *reader) markdown(text string) string {
	var kept []string
	text = mdEsc.ReplaceAllStringFunc(text, func(m string) string {
		kept = append(kept, m[1:])
		return "\x00" + string(rune(0xF0000+len(kept)-1))
	})
	text = mdLink.ReplaceAllStringFunc(text, func(m string) string {
		part := mdLink.FindStringSubmatch(m)
		r.links = append(r.links, part[2])
		return part[1]
	})
	r.links = append(r.links, bareURL.FindAllString(text, -1)...)
	text = angle.ReplaceAllStringFunc(text, func(m string) string {
		if shown, ok := r.marked(m[1 : len(m)-1]); ok {
			return shown
		}
		return m
	})
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		line = mdStart.ReplaceAllString(line, "")
		lines[i] = mdBold.ReplaceAllStringFunc(line, func(m string) string {
			part := mdBold.FindStringSubmatch(m)
			if part[1] != part[3] {
				return m
			}
			return part[2]
		})
	}
	text = unescape(emojis(strings.Join(lines, "\n")))
	for i, k := range kept {
		text = strings.ReplaceAll(text, "\x00"+string(rune(0xF0000+i)), k)
	}
	return text
}
