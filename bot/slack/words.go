package slack

import "strings"

// spoken turns a text of Slack's into what the person typed: without the
// mention of the bot, mentions and links as they are read, entities as the
// characters that they stand for. name returns what to call a person, or "".
func spoken(text, bot string, name func(user string) string) string {
	var out strings.Builder
	mentioned := false
	for text != "" {
		open := strings.IndexByte(text, '<')
		if open < 0 {
			break
		}
		end := strings.IndexByte(text[open:], '>')
		if end < 0 {
			break
		}
		out.WriteString(unescaper.Replace(text[:open]))
		inside := text[open+1 : open+end]
		text = text[open+end+1:]
		id, _, _ := strings.Cut(strings.TrimPrefix(inside, "@"), "|")
		if !mentioned && bot != "" && strings.HasPrefix(inside, "@") && id == bot {
			mentioned = true
			text = strings.TrimLeft(text, " ,:\u00a0")
			continue
		}
		out.WriteString(link(inside, name))
	}
	out.WriteString(unescaper.Replace(text))
	return strings.TrimSpace(out.String())
}

// link is what stands between angle brackets, as it is read.
func link(inside string, name func(user string) string) string {
	what, label, labelled := strings.Cut(inside, "|")
	label = unescaper.Replace(label)
	switch {
	case strings.HasPrefix(what, "@"):
		if label = strings.TrimPrefix(label, "@"); label == "" {
			label = name(what[1:])
		}
		if label == "" {
			label = what[1:]
		}
		return "@" + label
	case strings.HasPrefix(what, "#"):
		if label == "" {
			label = what[1:]
		}
		return "#" + strings.TrimPrefix(label, "#")
	case strings.HasPrefix(what, "!"):
		if labelled && label != "" {
			return label
		}
		word, _, _ := strings.Cut(what[1:], "^")
		return "@" + word
	}
	what = unescaper.Replace(strings.TrimPrefix(what, "mailto:"))
	_, bare, _ := strings.Cut(what, "://")
	if !labelled || label == what {
		return what
	}
	if label == bare || label == strings.TrimSuffix(bare, "/") {
		return label // Slack made a link of what was typed
	}
	return label + " (" + what + ")"
}
