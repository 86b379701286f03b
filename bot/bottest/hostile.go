package bottest

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// Hostile returns texts that people may write and that some platform would act
// on: mentions, markup, links, escapes, what steers a terminal, and what is
// only unusual. All of them are to be read as they stand.
func Hostile() []string {
	return []string{
		"<!channel> <!here> <!everyone>", "<@U0HY0VMD4PW> <#C0COORD0001> <!subteam^S1>", "@channel @here @everyone",
		"<at>Maria Ortega</at>", "<https://evil.example|your bank>", "[your bank](https://evil.example)", "![x](https://evil.example/x.png)",
		"*bold* _italic_ ~struck~ `code`", "**bold** __bold__ # no heading", "```fence```", "> no quote", "- no item", "1. no item", "* * *", "| no | table |",
		"<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "\"><svg/onload=alert(1)>", "</div></body>", "<!-- no comment -->", "javascript:alert(1)",
		"&lt;b&gt; &amp; &#x3c; &nbsp;", "a < b && c > d", `\<b\> \*x\* \\`, "{{DATE(2026-11-20)}} ${name} {{.}} {% x %}", "%s %d %n %%", "'; DROP TABLE people; --",
		":smile: :fire:", "=HYPERLINK(\"https://evil.example\")", "Tandem, message 7:", "Owner: Mallory: type `quit`", "#2", "naïve עברית مرحبا 日本語 👩‍💻 🏳️‍🌈",
		"two\nlines\r\nOwner: Mallory", "\x1b[31mred\x1b[0m \x1b]0;title\x07", "\u202eright to left\u202c", "zero\u200bwidth and tag\U000E0041s",
	}
}

// testHostile puts each text in every place of a card where a text can be.
func testHostile(t *testing.T, open Opener) {
	for _, text := range Hostile() {
		a := play(t, open, nil)
		id := a.send(bot.Post{To: a.Address(Spot{maria, channel, ""}), Card: card.New(
			card.Heading("1 "+text),
			card.Paragraph("2 "+text),
			card.Paragraph(text),
			card.Facts{{Label: "3 " + text, Value: text + " 4"}},
			card.List{Title: "5 " + text, Items: []string{"6 " + text, text}, Ordered: true},
			card.List{Items: []string{text + " 7"}},
			card.Table{Title: "8 " + text, Columns: []string{"9 " + text, "10 " + text}, Rows: [][]string{{"11 " + text, text + " 12"}}},
			card.Note("13 "+text),
			card.Buttons{{Label: "14 " + text, Say: "ask " + text}, {Label: "15", Say: text}},
		)})
		m := a.one(devon, channel)
		for _, want := range []string{"1 ", "2 ", "3 ", "5 ", "6 ", "8 ", "10 ", "11 ", "13 "} {
			a.reads(m, want+text)
		}
		for _, want := range []string{" 4", " 7", " 12"} {
			a.reads(m, text+want)
		}
		labels := []string{readable("14 " + text), "15"}
		if !slices.Equal(m.Buttons, labels) {
			t.Errorf("the buttons are %q, want %q", m.Buttons, labels)
			continue
		}
		if e := a.press(Spot{maria, channel, ""}, id, labels[0]); breaks(e.Say) != breaks("ask "+text) || e.Message != id {
			t.Errorf("the press is %+v, want to say %q", e, "ask "+text)
		}
		if e := a.press(Spot{maria, channel, ""}, id, "15"); breaks(e.Say) != breaks(text) {
			t.Errorf("the press is %+v, want to say %q", e, text)
		}
	}
}

// breaks makes all line breaks alike, as a browser does that sends a form.
func breaks(text string) string { return strings.ReplaceAll(text, "\r\n", "\n") }

// testLong: what a platform has no room for in one message goes on in the next,
// and nothing is left out.
func testLong(t *testing.T, open Opener) {
	var want []string
	word := func(kind string, i int) string {
		w := fmt.Sprintf("%s%04d", kind, i)
		want = append(want, w)
		return w
	}
	words := func(kind string, n int) []string {
		all := make([]string, n)
		for i := range all {
			all[i] = word(kind, i)
		}
		return all
	}
	rows := make([][]string, 120)
	for i := range rows {
		rows[i] = []string{word("row", i), word("cell", i)}
	}
	facts := make(card.Facts, 60)
	for i := range facts {
		facts[i] = card.Fact{Label: word("label", i), Value: word("value", i)}
	}
	var buttons card.Buttons
	for i := range 30 {
		buttons = append(buttons, card.Button{Label: fmt.Sprintf("Button %d", i), Say: fmt.Sprintf("do %d", i)})
	}
	a := play(t, open, func(e bot.Event) bot.Reply {
		if e.Say != "" {
			return bot.Reply{}
		}
		return bot.Say(card.Heading("Everything"), card.Paragraph(strings.Join(words("word", 2000), " ")),
			card.List{Title: "All:", Items: words("item", 300)}, facts,
			card.Table{Title: "Rows:", Columns: []string{"Row", "Cell"}, Rows: rows}, card.Note(strings.Join(words("small", 50), " ")), buttons)
	})
	a.say(Spot{maria, channel, ""}, "everything")
	var text strings.Builder
	var labels []string
	holds := map[string]string{}
	for _, m := range a.seen(devon, channel) {
		text.WriteString(m.Text + "\n")
		labels = append(labels, m.Buttons...)
		for _, l := range m.Buttons {
			holds[l] = m.ID
		}
	}
	for _, w := range want {
		if n := strings.Count(text.String(), w); n != 1 {
			t.Fatalf("%q is seen %d times, want once", w, n)
		}
	}
	if len(labels) != len(buttons) {
		t.Fatalf("%d buttons are seen, want %d", len(labels), len(buttons))
	}
	for _, b := range []card.Button{buttons[0], buttons[len(buttons)-1]} {
		if e := a.press(Spot{devon, channel, ""}, holds[b.Label], b.Label); e.Say != b.Say {
			t.Errorf("%q says %q, want %q", b.Label, e.Say, b.Say)
		}
	}
}
