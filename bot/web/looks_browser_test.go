//go:build browser

package web_test

import (
	"testing"

	"github.com/chromedp/cdproto/page"
)

// TestBrowserLooks opens every page in light, dark and on a phone, keeps pictures, and has
// each checked for accessibility.
func TestBrowserLooks(t *testing.T) {
	checker := axe(t)
	s := newSite(t)
	browser := chromium(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	command(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true}) // for the checker alone
	b.open(chatURL("maria", "coordination"))
	b.live()
	for _, said := range []string{"who owns password resets?", "matrix", "away", "who leads?"} {
		b.say(said)
		b.until(`document.getElementById("say").value === ""`)
	}
	b.press("Why this row?")
	b.sees("Only you see this")
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
		b.size(way.width, way.height)
		b.dark(way.dark)
		for _, p := range []struct{ name, path, prepare string }{
			{"chat", chatURL("maria", "coordination"), ""},
			{"answer", chatURL("maria", "coordination"), `document.getElementById("m2").scrollIntoView({block: "start"})`},
			{"table-form", chatURL("maria", "coordination"), `document.getElementById("m4").scrollIntoView({block: "start"})`},
			{"clock", chatURL("maria", "coordination"), `document.getElementById("clock").open = true`},
			{"speaker", chatURL("?stranger", ""), `document.querySelector(".speaker").open = true`},
			{"people", "/people", ""},
			{"refused", "/nowhere", ""},
		} {
			b.open(p.path)
			if p.prepare != "" {
				b.live()
				eval[int](b, p.prepare+"; 0")
			}
			narrow(t, b)
			b.shot(way.name + "-" + p.name)
			eval[int](b, checker+"; 0")
			found := eval[[]string](b, `axe.run().then(r => r.passes.length < 5 ? ["nothing was checked"] : r.violations.filter(v => v.impact === "serious" || v.impact === "critical" || v.impact === "moderate")
				.map(v => v.impact + " " + v.id + ": " + v.help + " " + v.nodes.map(n => n.html.slice(0, 160)).join(" | ")))`)
			for _, f := range found {
				t.Errorf("%s, %s: %s", way.name, p.name, f)
			}
		}
	}
}
