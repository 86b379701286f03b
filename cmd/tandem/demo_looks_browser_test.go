//go:build browser

package main

import (
	"strconv"
	"testing"

	"github.com/chromedp/chromedp"

	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

// said is what Tandem said on the page, the newest first.
const said = `Array.from(document.querySelectorAll(".message.tandem")).reverse()`

// TestBrowserDemoLooks keeps pictures of the cards that people see most, and
// has their page checked for accessibility, on a desktop and on a phone.
func TestBrowserDemoLooks(t *testing.T) {
	checker := chrome.Axe(t)
	s := newDemoSite(t)
	b := s.tab(chrome.Start(t), "maria", "coordination")
	b.Press("Weekly standup, Mon 23 Nov 09:00")
	b.Sees("Weekly standup, Mon 23 Nov 2026")
	cards := []struct{ name, say, holds string }{
		{"answer", "my password expired, who resets it?", "Leads now"},
		{"matrix", "matrix", "The responsibility matrix"},
		{"area", "matrix Helpdesk", "Helpdesk"},
		{"status", "status", "How Harbor Legal Group and Palmetto Ridge IT stand"},
		{"help", "help", "you get one name, now"},
		{"upcoming", "upcoming", "What is coming"},
		{"people", "people", "Managing Partner"},
		{"tools", "tools", "Defender for Business"},
		{"away", "away", "Somebody will be away"},
	}
	at := map[string]string{} // the message of each card
	for _, c := range cards {
		before := chrome.Eval[int](b, said+".length")
		b.Say(c.say)
		b.Until(`document.getElementById("say").value === "" && ` + said + ".length > " + strconv.Itoa(before))
		b.Sees(c.holds)
		at[c.name] = chrome.Eval[string](b, said+"[0].id")
	}
	b.Unguarded()
	for _, way := range []struct {
		name          string
		width, height int64
		dark          bool
	}{
		{"desktop-light", 1280, 860, false},
		{"desktop-dark", 1280, 860, true},
		{"phone-light", 360, 740, false},
		{"phone-dark", 360, 740, true},
	} {
		b.Size(way.width, way.height)
		b.Dark(way.dark)
		b.Open(demoPage("maria", "coordination"))
		b.Live()
		b.Narrow()
		for _, c := range cards {
			chrome.Eval[int](b, `document.getElementById("`+at[c.name]+`").scrollIntoView({block: "start"}); 0`)
			b.Shot("demo-" + way.name + "-" + c.name)
		}
		b.Show("Weekly standup, Mon 23 Nov 2026")
		b.Shot("demo-" + way.name + "-prompt")
		b.Accessible("demo, "+way.name, checker)
	}
}

// TestBrowserDemoPicture takes the picture that stands in the README, past
// closing time. make screenshot runs it with bot/web as the folder.
func TestBrowserDemoPicture(t *testing.T) {
	s := newDemoSite(t)
	browser := chrome.Start(t)
	maria := s.tab(browser, "maria", "coordination")
	maria.Press("After closing, Fri 17:31")
	maria.Sees("The clock shows Fri 20 Nov 2026, 17:31 EST.")
	dana := s.tab(browser, "dana", "coordination")
	dana.Say("i'm locked out of my account, who do i call?")
	maria.Sees("after hours until Mon 08:00 EST")
	maria.Run(chromedp.Click(chromedp.CSS("[name=to-people]")))
	maria.Say("Sam has the line tonight, Dana. He knows that you ring.")
	maria.Sees("He knows that you ring.")
	maria.Until(`document.getElementById("say").value === ""`)
	maria.Open(demoPage("maria", "coordination")) // without what was said of the clock
	maria.Live()
	maria.Size(1280, 940)
	maria.Shot("demo")
}
