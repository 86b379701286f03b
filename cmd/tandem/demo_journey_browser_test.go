//go:build browser

package main

import (
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

// TestBrowserDemoAsking: ask, choose, a conversation that a lead closes with an
// alias, the same question again, a form, and another lead past closing time.
func TestBrowserDemoAsking(t *testing.T) {
	s := newDemoSite(t)
	browser := chrome.Start(t)
	theo := s.tab(browser, "theo", "coordination")
	theo.Shot("demo-empty")
	theo.Say("who owns updates?")
	theo.Sees("Which one?")
	theo.Shot("demo-choose")
	theo.Press("Patch management cadence")
	theo.Sees("Leads now")

	theo.Say("who looks after the espresso machine?")
	theo.Sees("it's a conversation, not an assumption")
	theo.Shot("demo-unnamed")
	maria := s.tab(browser, "maria", "")
	maria.Sees("A question without a name")
	maria.Shot("demo-nudge")
	maria.Press("Close 1")
	maria.Press("Another word for a row")
	maria.Sees("Another word for")
	maria.Fill("subject", "printers")
	maria.Shot("demo-alias-form")
	maria.Press("Close it")
	maria.Sees("from now on")
	theo.Say("who looks after the espresso machine?")
	theo.Sees("Printers and copiers")

	theo.Say("who owns password resets?")
	theo.Sees("business hours until Fri 17:30 EST")
	theo.Press("After closing, Fri 17:31")
	theo.Sees("The clock shows Fri 20 Nov 2026, 17:31 EST.")
	maria.Until(`document.getElementById("clock-time").textContent.includes("17:31")`)
	theo.Say("who owns password resets?")
	theo.Sees("after hours until Mon 08:00 EST")
	theo.Show("after hours until Mon 08:00 EST")
	theo.Shot("demo-after-hours")

	theo.Say("away")
	theo.Fill("from", "2026-11-25")
	theo.Fill("to", "2026-11-27")
	theo.Fill("cover", "maria")
	theo.Shot("demo-away")
	theo.Press("Record it")
	theo.Sees("Theo Lindqvist is away")
}

// TestBrowserDemoStandup: the clock goes to Monday 09:00, the prompt is there,
// it is answered by its form, the digest stands in its thread, live in two
// tabs; and a restart over the same store loses nothing.
func TestBrowserDemoStandup(t *testing.T) {
	s := newDemoSite(t)
	browser := chrome.Start(t)
	maria, devon := s.tab(browser, "maria", "coordination"), s.tab(browser, "devon", "coordination")
	maria.Press("Weekly standup, Mon 23 Nov 09:00")
	maria.Sees("Weekly standup, Mon 23 Nov 2026")
	devon.Sees("Weekly standup, Mon 23 Nov 2026")
	maria.Press("Answer")
	maria.Fill("q1", "Laptops rolled out")
	maria.Fill("q2", "The printer move")
	maria.Fill("q3", "The VPN is down for the partners")
	maria.Shot("demo-standup")
	maria.Press("Answer") // the form's own, which stands below
	maria.Sees("The blocker is about")
	if devon.Has("The VPN is down") {
		t.Error("Devon sees an answer that is Maria's alone")
	}
	devon.Press("Nothing to report")
	for _, person := range []string{"theo", "sam"} {
		b := s.tab(browser, person, "coordination")
		b.Press("Nothing to report")
		b.Sees("noted")
	}
	devon.Press("+1 hour")
	devon.Sees("Both sides answered")
	maria.Sees("The VPN is down for the partners (Maria Ortega")
	devon.Show("Both sides answered")
	devon.Shot("demo-digest")
	if thread := chrome.Eval[bool](devon, `Array.from(document.querySelectorAll(".message")).findLast(m => m.innerText.includes("Both sides answered")).querySelector("a.thread") !== null`); !thread {
		t.Error("the digest doesn't stand in the thread")
	}

	before := chrome.Eval[int](maria, `document.querySelectorAll(".message").length`)
	s.stop()
	maria.Sees("Tandem has stopped; trying again")
	s.start()
	maria.Live()
	maria.Say("who owns vpn?")
	devon.Sees("who owns vpn?")
	maria.Sees("Leads now")
	maria.Open(demoPage("maria", "coordination"))
	maria.Until(`document.querySelectorAll(".message").length === ` + strconv.Itoa(before+2))
	maria.Sees("Both sides answered")
	if !strings.Contains(chrome.Eval[string](maria, `document.getElementById("clock-time").textContent`), "Mon 23 Nov 2026, 10:") {
		t.Error("the restart turned the clock back")
	}
}

// TestBrowserDemoKeyboard asks, chooses and moves the clock without a pointer.
func TestBrowserDemoKeyboard(t *testing.T) {
	s := newDemoSite(t)
	b := s.tab(chrome.Start(t), "theo", "coordination")
	b.Key(kb.Tab, kb.Enter) // past everything, to the composer
	b.Key("who owns updates?", kb.Enter)
	b.Sees("Which one?")
	b.To("Patch management cadence", true)
	b.Key(kb.Enter)
	b.Sees("Leads now")
	b.To("Why this row?", false)
	b.Key(kb.Enter)
	b.Sees("Only you see this")
	b.Shot("demo-keyboard")
	b.To("Clock", true)
	b.Key(kb.Enter)
	b.To("After closing, Fri 17:31", false)
	b.Key(kb.Enter)
	b.Sees("The clock shows Fri 20 Nov 2026, 17:31 EST.")
}

// TestBrowserDemoHostile asks what nobody should ask, and reads it as it stands.
func TestBrowserDemoHostile(t *testing.T) {
	s := newDemoSite(t)
	browser := chrome.Start(t)
	b := s.tab(browser, "theo", "coordination")
	b.Size(360, 740)
	said := []string{
		`who owns <script>parent.stolen = true</script>?`,
		"who owns <!channel> <@U0HY0VMD4PW>?",
		"מי אחראי על מכונת הקפה?",
		"who owns the 👩‍💻 🏳️‍🌈 robot?",
		strings.Repeat("0123456789", 1000),
	}
	for i, text := range said {
		b.Run(chromedp.SetValue(chrome.Composer, text), chromedp.Focus(chrome.Composer))
		b.Key(kb.Enter)
		b.Until(`document.querySelectorAll(".message.tandem").length === ` + strconv.Itoa(i+1))
		b.Narrow()
		b.Shot("demo-hostile-" + strconv.Itoa(i+1))
	}
	for i, want := range said {
		if got := chrome.Eval[[]string](b, `Array.from(document.querySelectorAll(".said"), s => s.textContent)`)[i]; got != want {
			t.Errorf("message %d is %.80q", i, got)
		}
	}
	if chrome.Eval[bool](b, `parent.stolen === true`) {
		t.Error("a script ran")
	}
	maria := s.tab(browser, "maria", "")
	maria.Say("conversations")
	maria.Sees("<script>")
	maria.Narrow()
}
