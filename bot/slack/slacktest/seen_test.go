package slacktest

import (
	"slices"
	"testing"
)

// What Slack acts on is acted on, and all else stands as it is.
func TestMrkdwn(t *testing.T) {
	st := newStage(t)
	for _, c := range []struct {
		text, want      string
		mentions, links []string
	}{
		{text: "plain, a < b && c", want: "plain, a < b && c"},
		{text: "*bold* and _italic_ and ~struck~, `code`", want: "bold and italic and struck, code"},
		{text: "2 * 3 * 4, snake_case_name, * * *", want: "2 * 3 * 4, snake_case_name, * * *"},
		{text: "```a *b*```", want: "a *b*"},
		{text: "&lt;b&gt; &amp;amp;", want: "<b> &amp;"},
		{text: "&gt; quoted", want: "quoted"},
		{text: "<!channel> and <!here>", want: "@channel and @here", mentions: []string{"channel", "here"}},
		{text: "<@U0HY0VMD4PW>, look at <#C0ROOM00001>", want: "@Maria Ortega, look at #it", mentions: []string{"U0HY0VMD4PW"}},
		{text: "<https://evil.example|your bank>", want: "your bank", links: []string{"https://evil.example"}},
		{text: "see https://x.example/a", want: "see https://x.example/a", links: []string{"https://x.example/a"}},
		{text: "<script>alert(1)</script>", want: "<script>alert(1)</script>"},
		{text: ":fire: :nosuchemoji:", want: "🔥 :nosuchemoji:"},
		{text: "&lt;!channel&gt; &lt;https://x|y&gt;", want: "<!channel> <https://x|y>", links: []string{"https://x"}},
	} {
		r := &reader{s: st.Slack}
		if got := r.mrkdwn(c.text, linksAndMentions); got != c.want || !slices.Equal(r.mentions, c.mentions) || len(r.links) != len(c.links) {
			t.Errorf("%q is shown as %q, mentions %q, links to %q; want %q, %q, %q", c.text, got, r.mentions, r.links, c.want, c.mentions, c.links)
		}
	}
}

func TestSeenBlocks(t *testing.T) {
	st := newStage(t)
	rich := obj{"type": "rich_text", "elements": blocks(
		obj{"type": "rich_text_section", "elements": blocks(
			obj{"type": "text", "text": "*as it is* <!channel> :fire: "}, obj{"type": "user", "user_id": st.maria.ID},
			obj{"type": "link", "url": "https://x.example", "text": "here"},
		)},
		obj{"type": "rich_text_list", "style": "ordered", "elements": blocks(
			obj{"type": "rich_text_section", "elements": blocks(obj{"type": "text", "text": "one"})},
			obj{"type": "rich_text_section", "elements": blocks(obj{"type": "text", "text": "two"})},
		)},
	)}
	st.ok("chat.postMessage", obj{"channel": "C0ROOM00001", "text": "<!here> fallback", "blocks": blocks(
		obj{"type": "header", "text": obj{"type": "plain_text", "text": "*Heading* <@U0HY0VMD4PW> :fire:", "emoji": false}},
		rich,
		obj{"type": "section", "fields": blocks(mrkdwn("*Owner*"), plain("*Owner*"))},
		obj{"type": "table", "rows": blocks(blocks(obj{"type": "raw_text", "text": "a|b"}, obj{"type": "raw_text", "text": "*c*"}))},
		obj{"type": "markdown", "text": "# Title\n**bold** [bank](https://evil.example) \\*kept\\* `code` 2 * 3"},
		obj{"type": "context", "elements": blocks(plain("small"), mrkdwn("_print_"))},
		obj{"type": "divider"},
	)})
	m := st.one(st.theo, "C0ROOM00001")
	st.ok("chat.postMessage", obj{"channel": "C0COORD0001", "text": "@here https://x.example"})
	if bare := st.one(st.maria, "C0COORD0001"); len(bare.Mentions) > 0 || !slices.Equal(bare.Links, []string{"https://x.example"}) {
		t.Errorf("in a text that nobody has marked: %+v", bare)
	}
	st.ok("chat.postEphemeral", obj{"channel": "C0ROOM00001", "user": st.maria.ID, "text": "x", "blocks": blocks(section(mrkdwn("@here")))})
	if seen := st.seen(st.maria, "C0ROOM00001"); !slices.Equal(seen[1].Mentions, []string{"here"}) {
		t.Errorf("in a text object: %+v", seen[1])
	}
	want := "*Heading* <@U0HY0VMD4PW> :fire:\n*as it is* <!channel> :fire: @Maria Ortegahere\n1. one\n2. two\nOwner\n*Owner*\na|b | *c*\n" +
		"Title\nbold bank *kept* code 2 * 3\nsmall print"
	if m.Text != want {
		t.Errorf("seen:\n%s\nwant:\n%s", m.Text, want)
	}
	if m.Fallback != "@here fallback" || !slices.Equal(m.Mentions, []string{st.maria.ID, "here"}) || !slices.Equal(m.Links, []string{"https://x.example", "https://evil.example"}) {
		t.Errorf("%+v", m)
	}
}

func TestTyped(t *testing.T) {
	for text, want := range map[string]string{
		"a < b & c":                          "a &lt; b &amp; c",
		"see https://x.example/a?b=c, there": "see <https://x.example/a?b=c>, there",
		"write to bo@harbor.example":         "write to <mailto:bo@harbor.example|bo@harbor.example>",
		"@here and me@here":                  "<!here> and me@here",
		"*bold* stays":                       "*bold* stays",
	} {
		if got := Typed(text); got != want {
			t.Errorf("%q is kept as %q, want %q", text, got, want)
		}
	}
}
