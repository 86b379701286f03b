//go:build browser

package web_test

import (
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

func TestBrowserAsksPressesAndFillsIn(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, "/people")
	b.Sees("Who speaks?")
	b.Shot("people")
	b.Run(chromedp.Click(chromedp.CSS(`a[href*="maria"]`)))
	b.Sees("Ask who owns something")
	b.Live()
	b.Shot("empty")
	b.Press("who owns password resets?")
	b.Sees("Theo Lindqvist, Harbor Legal Group (internal)")
	b.Shot("answer")

	// In a channel: a private reply is the speaker's alone.
	b.Open(chatURL("maria", "coordination"))
	b.Live()
	b.Say("who owns password resets?")
	b.Press("Why this row?")
	b.Sees("Matched on: password, resets.")
	b.Sees("Only you see this")
	b.Shot("private")
	other := s.tab(t, browser, chatURL("devon", "coordination"))
	other.Sees("Escalation path")
	if chrome.Eval[bool](other, `document.body.innerText.includes("Matched on")`) {
		t.Error("Devon sees what only Maria may")
	}
	// A button puts a new card in the place of the old, for both.
	b.Press("Escalate")
	b.Sees("By Maria Ortega.")
	other.Sees("By Maria Ortega.")
	if chrome.Eval[bool](other, `document.body.innerText.includes("Escalation path")`) {
		t.Error("the old card is still there")
	}

	b.Say("away")
	b.Sees("Who is away?")
	b.Until(`document.querySelector("form.card-form input[type=date]") !== null`)
	b.Run(chromedp.SetValue(chromedp.CSS(`form.card-form input[type=date]`), "2026-12-24"),
		chromedp.SendKeys(chromedp.CSS(`form.card-form textarea`), "Back in the new year"))
	b.Shot("form")
	b.Press("Record")
	b.Sees("from 2026-12-24")

	// The clock, past closing time: the lead is another.
	b.Press("17:31 today")
	b.Sees("The clock shows Wed 25 Nov 2026, 17:31 EST.")
	other.Until(`document.getElementById("clock-time").textContent.includes("17:31")`)
	b.Say("who leads password resets now?")
	b.Sees("after hours until Fri 08:00 EST")
	b.Open(chatURL("maria", "coordination"))
	b.Sees("after hours until Fri 08:00 EST")
	b.Shot("channel")
}

func TestBrowserTwoTabs(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	a := s.tab(t, browser, chatURL("maria", "coordination"))
	b := s.tab(t, browser, chatURL("devon", "coordination"))
	a.Live()
	b.Live()
	a.Say("matrix")
	b.Sees("Endpoint patching")
	b.Say("good morning")
	a.Sees("good morning")
	// Somebody who is in the middle of something isn't disturbed.
	a.Run(chromedp.Focus(chrome.Composer), chromedp.KeyEvent("half a se"))
	fill(t, s.world, 3)
	a.Sees("post 2.")
	if got := chrome.Eval[string](a, `document.activeElement.id + " " + document.activeElement.value`); got != "say half a se" {
		t.Errorf("focus and draft are %q", got)
	}
	// A reload loses nothing, the draft included.
	before := chrome.Eval[int](a, `document.querySelectorAll(".message").length`)
	a.Run(chromedp.Reload())
	a.Live()
	if after := chrome.Eval[int](a, `document.querySelectorAll(".message").length`); after != before {
		t.Errorf("%d messages after the reload, %d before", after, before)
	}
	if got := chrome.Eval[string](a, `document.getElementById("say").value`); got != "half a se" {
		t.Errorf("the draft is %q", got)
	}
}

func TestBrowserStopAndStart(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	b.Live()
	fill(t, s.world, 2)
	b.Sees("post 1.")
	s.stop()
	b.Sees("Tandem has stopped; trying again")
	b.Shot("stopped")
	b.Say("are you there?")
	b.Sees("What you wrote is still here")
	s.start(s.memory)
	fill(t, s.world, 4) // said while the page was away
	b.Sees("post 3.")
	b.Until(`!document.body.innerText.includes("Tandem has stopped")`)
	b.Run(chromedp.Focus(chrome.Composer))
	b.Key(kb.Enter) // the same form again, drawn before the restart
	b.Until(`document.querySelector(".mine .said")?.textContent === "are you there?"`)
	if got := chrome.Eval[int](b, `document.querySelectorAll(".mine").length`); got != 1 {
		t.Errorf("the message stands there %d times", got)
	}
	if got := chrome.Eval[string](b, `Array.from(document.querySelectorAll(".message"), m => m.id).join()`); got != "m1,m2,m3,m4,m5,m6,m7,m8" {
		t.Errorf("the messages are %s", got)
	}
}

// TestBrowserKeyboardOnly asks, presses a button and fills in a form without a pointer.
func TestBrowserKeyboardOnly(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, chatURL("theo", "coordination"))
	b.Live()
	b.Key(kb.Tab)
	if got := chrome.Eval[string](b, `document.activeElement.className`); got != "skip" {
		t.Fatalf("the first stop is %q", got)
	}
	b.Shot("skip-link")
	b.Key(kb.Enter)
	b.Until(`document.activeElement.id === "say"`)
	b.Key("who owns password resets?", kb.Enter)
	b.Sees("Escalation path")
	if got := chrome.Eval[string](b, `document.activeElement.id`); got != "say" {
		t.Errorf("after sending, focus is on %q", got)
	}
	back := func(want string) { // shift+tab to a button
		t.Helper()
		for range 30 {
			if chrome.Eval[string](b, `document.activeElement.textContent`) == want {
				return
			}
			b.Run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		}
		t.Fatalf("no way back to %q by Tab", want)
	}
	back("Why this row?")
	b.Shot("focus")
	b.Key(kb.Enter)
	b.Sees("Only you see this")
	if got := chrome.Eval[string](b, `document.activeElement.textContent`); got != "Why this row?" {
		t.Errorf("after the press, focus is on %q", got)
	}
	// A card that is replaced keeps the focus.
	back("Escalate")
	b.Key(kb.Enter)
	b.Sees("By Theo Lindqvist.")
	b.Until(`document.activeElement.closest(".message") !== null`)

	b.Run(chromedp.Focus(chrome.Composer))
	b.Key("away", kb.Enter)
	b.Sees("Who is away?")
	back("Record")
	b.Run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)), chromedp.KeyEvent("Skiing"))
	for range 12 { // over the number and the parts of the date
		b.Run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		if chrome.Eval[string](b, `document.activeElement.type`) == "select-one" {
			break
		}
	}
	b.Key(kb.Tab, "12242026")
	b.Key(kb.Enter)
	b.Sees("from 2026-12-24")
	b.Sees("Skiing")
}

func TestBrowserHostileText(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	b.Live()
	long := strings.Repeat("0123456789", 1000)
	said := []string{
		`<script>document.title = "stolen"</script><img src=x onerror="document.title = 'stolen'">`,
		"<!channel> <@U123> *bold* `code` javascript:alert(1)",
		"שלום עולם, מי אחראי על סיסמאות?",
		"🙂 👩‍💻 🏳️‍🌈 who owns emoji?",
		long,
	}
	for _, text := range said {
		b.Run(chromedp.SetValue(chrome.Composer, text), chromedp.Focus(chrome.Composer))
		b.Key(kb.Enter)
		b.Until(`document.getElementById("say").value === ""`)
	}
	b.Until(`document.querySelectorAll(".said").length === 5`)
	for i, want := range said {
		if got := chrome.Eval[[]string](b, `Array.from(document.querySelectorAll(".said"), s => s.textContent)`)[i]; got != want {
			t.Errorf("message %d is %.80q", i, got)
		}
	}
	if got := chrome.Eval[string](b, `getComputedStyle(document.querySelectorAll(".said")[2]).direction`); got != "rtl" {
		t.Errorf("Hebrew runs %s", got)
	}
	b.Run(chromedp.SetValue(chrome.Composer, long+"1"), chromedp.Focus(chrome.Composer))
	b.Key(kb.Enter)
	b.Sees("Nothing was sent")
	if chrome.Eval[int](b, `document.getElementById("say").value.length`) != 10_001 {
		t.Error("what was too long is lost")
	}
	// None of it widens the page, nor do the names of an engagement that tries to.
	b.Size(360, 740)
	b.Narrow()
	b.Shot("hostile-phone")
	b.Open("/people")
	b.Narrow()
	b.Open("/chat?as=evil%2Fx&in=a%2Fb+%3F%26%23")
	b.Live()
	b.Say("hello")
	b.Sees("Not named")
	b.Narrow()
	if got := chrome.Eval[string](b, `document.title`); strings.Contains(got, "stolen") {
		t.Error("a script ran")
	}
}

// TestBrowserWithoutAScript sends a form as a browser without JavaScript does.
func TestBrowserWithoutAScript(t *testing.T) {
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	chrome.Command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.Open(chatURL("maria", "coordination"))
	b.Run(chromedp.SendKeys(chrome.Composer, "who owns password resets?"), chromedp.Click(chromedp.CSS(".composer button")))
	b.Run(chromedp.WaitVisible(chromedp.CSS(".card-lead")))
	b.Run(chromedp.Click(chromedp.CSS(`button[value="escalate password-resets"]`)))
	b.Run(chromedp.WaitNotPresent(chromedp.CSS(".card-lead")))
	b.Shot("without-script")
	if got := len(s.script.all()); got != 2 {
		t.Errorf("%d events", got)
	}
}
