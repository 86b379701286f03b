//go:build browser

package web_test

import (
	"testing"

	"github.com/tandem-bot/tandem/bot/web/webtest/chrome"
)

// TestBrowserLooks opens every page in light, dark and on a phone, keeps pictures, and has
// each checked for accessibility.
func TestBrowserLooks(t *testing.T) {
	checker := chrome.Axe(t)
	s := newSite(t)
	browser := chrome.Start(t)
	b := s.tab(t, browser, chatURL("maria", "coordination"))
	b.Unguarded() // for the checker alone
	b.Open(chatURL("maria", "coordination"))
	b.Live()
	for _, said := range []string{"who owns password resets?", "matrix", "away", "who leads?"} {
		b.Say(said)
		b.Until(`document.getElementById("say").value === ""`)
	}
	b.Press("Why this row?")
	b.Sees("Only you see this")
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
		for _, p := range []struct{ name, path, prepare string }{
			{"chat", chatURL("maria", "coordination"), ""},
			{"answer", chatURL("maria", "coordination"), `document.getElementById("m2").scrollIntoView({block: "start"})`},
			{"table-form", chatURL("maria", "coordination"), `document.getElementById("m4").scrollIntoView({block: "start"})`},
			{"clock", chatURL("maria", "coordination"), `document.getElementById("clock").open = true`},
			{"speaker", chatURL("?stranger", ""), `document.querySelector(".speaker").open = true`},
			{"people", "/people", ""},
			{"refused", "/nowhere", ""},
		} {
			b.Open(p.path)
			if p.prepare != "" {
				b.Live()
				chrome.Eval[int](b, p.prepare+"; 0")
			}
			b.Narrow()
			b.Shot(way.name + "-" + p.name)
			b.Accessible(way.name+", "+p.name, checker)
		}
	}
}
