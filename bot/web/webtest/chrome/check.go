//go:build browser

package chrome

import (
	"fmt"
	"os"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Narrow checks that nothing is wider than the window.
func (b *Tab) Narrow() {
	b.t.Helper()
	if got := Eval[[]int](b, `[document.documentElement.scrollWidth, innerWidth]`); got[0] > got[1] {
		b.t.Errorf("the page is %d wide in a window of %d", got[0], got[1])
	}
	if got := Eval[[]string](b, `Array.from(document.querySelectorAll(".scroll")).filter(s => s.scrollWidth > s.clientWidth).map(s => s.scrollWidth + " of " + s.clientWidth)`); len(got) > 0 {
		b.t.Errorf("the messages are %v wide", got)
	}
}

// Axe is the accessibility checker, or the reason why there is none.
func Axe(t *testing.T) string {
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

// Accessible has the page checked by axe, which Axe returned.
func (b *Tab) Accessible(name, axe string) {
	b.t.Helper()
	Eval[int](b, axe+"; 0")
	found := Eval[[]string](b, `axe.run().then(r => r.passes.length < 5 ? ["nothing was checked"] : r.violations.filter(v => v.impact === "serious" || v.impact === "critical" || v.impact === "moderate")
				.map(v => v.impact + " " + v.id + ": " + v.help + " " + v.nodes.map(n => n.html.slice(0, 160)).join(" | ")))`)
	for _, f := range found {
		b.t.Errorf("%s: %s", name, f)
	}
}

// Fill puts a value into the last field of a name.
func (b *Tab) Fill(name, value string) {
	b.t.Helper()
	find := fmt.Sprintf("Array.from(document.getElementsByName(%q)).at(-1)", "field."+name)
	b.Until("Boolean(" + find + ")")
	Eval[int](b, fmt.Sprintf("%s.value = %q; 0", find, value))
}

// Show scrolls to the last message that holds a text.
func (b *Tab) Show(text string) {
	b.t.Helper()
	find := fmt.Sprintf("Array.from(document.querySelectorAll('.message')).findLast(m => m.innerText.includes(%q))", text)
	b.Until("Boolean(" + find + ")")
	Eval[int](b, find+".scrollIntoView({block: 'start'}); 0")
}

// Has reports whether a text stands on the page now.
func (b *Tab) Has(text string) bool {
	b.t.Helper()
	return Eval[bool](b, fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// Unguarded lets the page run what axe adds to it, from the next page on.
func (b *Tab) Unguarded() {
	b.t.Helper()
	Command(b, page.SetBypassCSP, page.SetBypassCSPParams{Enabled: true})
}

// To goes by Tab, or backwards, to what has a text or begins with it.
func (b *Tab) To(text string, backwards bool) {
	b.t.Helper()
	for range 80 {
		if Eval[bool](b, fmt.Sprintf("document.activeElement.textContent.trim().startsWith(%q)", text)) && Eval[bool](b, "document.activeElement !== document.body") {
			return
		}
		var held []chromedp.KeyOption
		if backwards {
			held = append(held, chromedp.KeyModifiers(chromedp.ModifierShift))
		}
		b.Run(chromedp.KeyEvent(kb.Tab, held...))
	}
	b.Shot("failed")
	b.t.Fatalf("no way to %q by Tab", text)
}
