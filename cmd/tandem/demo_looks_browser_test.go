//go:build browser

package main

import (
	"testing"

	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

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
	for _, c := range cards {
		b.Say(c.say)
		b.Until(`document.getElementById("say").value === ""`)
		b.Sees(c.holds)
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
			b.Show(c.holds)
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
	b := newDemoSite(t).tab(chrome.Start(t), "theo", "coordination")
	b.Press("After closing, Fri 17:31")
	b.Sees("The clock shows")
	b.Say("i'm locked out of my account, who do i call?")
	b.Sees("after hours until Mon 08:00 EST")
	b.Open(demoPage("theo", "coordination")) // without what was said of the clock
	b.Live()
	b.Sees("after hours until Mon 08:00 EST")
	b.Shot("demo")
}
