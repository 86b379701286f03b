//go:build browser

package web_test

import (
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

func TestBrowserAsksPressesAndFillsIn(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, "/people")
	b.sees("Who speaks?")
	b.shot("people")
	b.run(chromedp.Click(chromedp.CSS(`a[href*="maria"]`)))
	b.sees("Ask who owns something")
	b.live()
	b.shot("empty")
	b.press("who owns password resets?")
	b.sees("Theo Lindqvist, Harbor Legal Group (internal)")
	b.shot("answer")

	// In a channel: a private reply is the speaker's alone.
	b.open(chatURL("maria", "coordination"))
	b.live()
	b.say("who owns password resets?")
	b.press("Why this row?")
	b.sees("Matched on: password, resets.")
	b.sees("Only you see this")
	b.shot("private")
	other := s.tab(t, browser, chatURL("devon", "coordination"))
	other.sees("Escalation path")
	if eval[bool](other, `document.body.innerText.includes("Matched on")`) {
		t.Error("Devon sees what only Maria may")
	}
	// A button puts a new card in the place of the old, for both.
	b.press("Escalate")
	b.sees("By Maria Ortega.")
	other.sees("By Maria Ortega.")
	if eval[bool](other, `document.body.innerText.includes("Escalation path")`) {
		t.Error("the old card is still there")
	}

	b.say("away")
	b.sees("Who is away?")
	b.until(`document.querySelector("form.card-form input[type=date]") !== null`)
	b.run(chromedp.SetValue(chromedp.CSS(`form.card-form input[type=date]`), "2026-12-24"),
		chromedp.SendKeys(chromedp.CSS(`form.card-form textarea`), "Back in the new year"))
	b.shot("form")
	b.press("Record")
	b.sees("from 2026-12-24")

	// The clock, past closing time: the lead is another.
	b.press("17:31 today")
	b.sees("The clock shows Wed 25 Nov 2026, 17:31 EST.")
	other.until(`document.getElementById("clock-time").textContent.includes("17:31")`)
	b.say("who leads password resets now?")
	b.sees("after hours until Fri 08:00 EST")
	b.open(chatURL("maria", "coordination"))
	b.sees("after hours until Fri 08:00 EST")
	b.shot("channel")
}

func TestBrowserTwoTabs(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	a := s.tab(t, browser, chatURL("maria", "coordination"))
	b := s.tab(t, browser, chatURL("devon", "coordination"))
	a.live()
	b.live()
	a.say("matrix")
	b.sees("Endpoint patching")
	b.say("good morning")
	a.sees("good morning")
	// Somebody who is in the middle of something isn't disturbed.
	a.run(chromedp.Focus(composer), chromedp.KeyEvent("half a se"))
	fill(t, s.world, 3)
	a.sees("post 2.")
	if got := eval[string](a, `document.activeElement.id + " " + document.activeElement.value`); got != "say half a se" {
		t.Errorf("focus and draft are %q", got)
	}
	// A reload loses nothing, the draft included.
	before := eval[int](a, `document.querySelectorAll(".message").length`)
	a.run(chromedp.Reload())
	a.live()
	if after := eval[int](a, `document.querySelectorAll(".message").length`); after != before {
		t.Errorf("%d messages after the reload, %d before", after, before)
	}
	if got := eval[string](a, `document.getElementById("say").value`); got != "half a se" {
		t.Errorf("the draft is %q", got)
	}
}

func TestBrowserStopAndStart(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	b.live()
	fill(t, s.world, 2)
	b.sees("post 1.")
	s.stop()
	b.sees("Tandem has stopped; trying again")
	b.shot("stopped")
	b.say("are you there?")
	b.sees("What you wrote is still here")
	s.start(s.memory)
	fill(t, s.world, 4) // said while the page was away
	b.sees("post 3.")
	b.until(`!document.body.innerText.includes("Tandem has stopped")`)
	b.run(chromedp.Focus(composer))
	b.key(kb.Enter) // the same form again, drawn before the restart
	b.until(`document.querySelector(".mine .said")?.textContent === "are you there?"`)
	if got := eval[int](b, `document.querySelectorAll(".mine").length`); got != 1 {
		t.Errorf("the message stands there %d times", got)
	}
	if got := eval[string](b, `Array.from(document.querySelectorAll(".message"), m => m.id).join()`); got != "m1,m2,m3,m4,m5,m6,m7,m8" {
		t.Errorf("the messages are %s", got)
	}
}

// TestBrowserKeyboardOnly asks, presses a button and fills in a form without a pointer.
func TestBrowserKeyboardOnly(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, chatURL("theo", "coordination"))
	b.live()
	b.key(kb.Tab)
	if got := eval[string](b, `document.activeElement.className`); got != "skip" {
		t.Fatalf("the first stop is %q", got)
	}
	b.shot("skip-link")
	b.key(kb.Enter)
	b.until(`document.activeElement.id === "say"`)
	b.key("who owns password resets?", kb.Enter)
	b.sees("Escalation path")
	if got := eval[string](b, `document.activeElement.id`); got != "say" {
		t.Errorf("after sending, focus is on %q", got)
	}
	back := func(want string) { // shift+tab to a button
		t.Helper()
		for range 30 {
			if eval[string](b, `document.activeElement.textContent`) == want {
				return
			}
			b.run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		}
		t.Fatalf("no way back to %q by Tab", want)
	}
	back("Why this row?")
	b.shot("focus")
	b.key(kb.Enter)
	b.sees("Only you see this")
	if got := eval[string](b, `document.activeElement.textContent`); got != "Why this row?" {
		t.Errorf("after the press, focus is on %q", got)
	}
	// A card that is replaced keeps the focus.
	back("Escalate")
	b.key(kb.Enter)
	b.sees("By Theo Lindqvist.")
	b.until(`document.activeElement.closest(".message") !== null`)

	b.run(chromedp.Focus(composer))
	b.key("away", kb.Enter)
	b.sees("Who is away?")
	back("Record")
	b.run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)), chromedp.KeyEvent("Skiing"))
	for range 12 { // over the number and the parts of the date
		b.run(chromedp.KeyEvent(kb.Tab, chromedp.KeyModifiers(chromedp.ModifierShift)))
		if eval[string](b, `document.activeElement.type`) == "select-one" {
			break
		}
	}
	b.key(kb.Tab, "12242026")
	b.key(kb.Enter)
	b.sees("from 2026-12-24")
	b.sees("Skiing")
}

func TestBrowserHostileText(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	b.live()
	long := strings.Repeat("0123456789", 1000)
	said := []string{
		`<script>document.title = "stolen"</script><img src=x onerror="document.title = 'stolen'">`,
		"<!channel> <@U123> *bold* `code` javascript:alert(1)",
		"שלום עולם, מי אחראי על סיסמאות?",
		"🙂 👩‍💻 🏳️‍🌈 who owns emoji?",
		long,
	}
	for _, text := range said {
		b.run(chromedp.SetValue(composer, text), chromedp.Focus(composer))
		b.key(kb.Enter)
		b.until(`document.getElementById("say").value === ""`)
	}
	b.until(`document.querySelectorAll(".said").length === 5`)
	for i, want := range said {
		if got := eval[[]string](b, `Array.from(document.querySelectorAll(".said"), s => s.textContent)`)[i]; got != want {
			t.Errorf("message %d is %.80q", i, got)
		}
	}
	if got := eval[string](b, `getComputedStyle(document.querySelectorAll(".said")[2]).direction`); got != "rtl" {
		t.Errorf("Hebrew runs %s", got)
	}
	b.run(chromedp.SetValue(composer, long+"1"), chromedp.Focus(composer))
	b.key(kb.Enter)
	b.sees("Nothing was sent")
	if eval[int](b, `document.getElementById("say").value.length`) != 10_001 {
		t.Error("what was too long is lost")
	}
	// None of it widens the page, nor do the names of an engagement that tries to.
	b.size(360, 740)
	narrow(t, b)
	b.shot("hostile-phone")
	b.open("/people")
	narrow(t, b)
	b.open("/chat?as=evil%2Fx&in=a%2Fb+%3F%26%23")
	b.live()
	b.say("hello")
	b.sees("Not named")
	narrow(t, b)
	if got := eval[string](b, `document.title`); strings.Contains(got, "stolen") {
		t.Error("a script ran")
	}
}

func narrow(t *testing.T, b *tab) {
	t.Helper()
	if got := eval[[]int](b, `[document.documentElement.scrollWidth, innerWidth]`); got[0] > got[1] {
		t.Errorf("the page is %d wide in a window of %d", got[0], got[1])
	}
	if got := eval[[]string](b, `Array.from(document.querySelectorAll(".scroll")).filter(s => s.scrollWidth > s.clientWidth).map(s => s.scrollWidth + " of " + s.clientWidth)`); len(got) > 0 {
		t.Errorf("the messages are %v wide", got)
	}
}

// TestBrowserWithoutAScript sends a form as a browser without JavaScript does.
func TestBrowserWithoutAScript(t *testing.T) {
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	command(b, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	b.open(chatURL("maria", "coordination"))
	b.run(chromedp.SendKeys(composer, "who owns password resets?"), chromedp.Click(chromedp.CSS(".composer button")))
	b.run(chromedp.WaitVisible(chromedp.CSS(".card-lead")))
	b.run(chromedp.Click(chromedp.CSS(`button[value="escalate password-resets"]`)))
	b.run(chromedp.WaitNotPresent(chromedp.CSS(".card-lead")))
	b.shot("without-script")
	if got := len(s.script.all()); got != 2 {
		t.Errorf("%d events", got)
	}
}

// axe is the accessibility checker, or the reason why there is none.
func axe(t *testing.T) string {
	t.Helper()
	path := os.Getenv("TANDEM_AXE")
	if path == "" {
		t.Fatal("TANDEM_AXE doesn't say where axe.min.js of axe-core is (npm install axe-core)")
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
