//go:build browser

// CHROMIUM names the browser, TANDEM_AXE the axe.min.js of axe-core, and
// TANDEM_SCREENSHOTS a folder for pictures, if any are wanted.

package chrome

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Composer is where messages are typed.
const Composer = chromedp.CSS("#say")

// patience is how long a page may take for one thing.
const patience = 20 * time.Second

// Browser is a browser that runs.
type Browser struct{ ctx context.Context }

// Start starts a browser of the test's own, without cookies or history.
func Start(t *testing.T) Browser {
	t.Helper()
	path := os.Getenv("CHROMIUM")
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path == "" {
			path, _ = exec.LookPath(name)
		}
	}
	if path == "" {
		t.Fatal("there is no Chromium: install it, or say in CHROMIUM where it is")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(t.TempDir()),
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("lang", "en-US"))
	allocator, cancel := chromedp.NewExecAllocator(t.Context(), options...)
	t.Cleanup(cancel)
	browser, cancel := chromedp.NewContext(allocator)
	t.Cleanup(cancel)
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("Chromium doesn't start: %v", err)
	}
	return Browser{browser}
}

// Tab is one page in the browser. What fails in it, fails the test.
type Tab struct {
	t    *testing.T
	ctx  context.Context
	site string
}

// Tab opens a path of a site, such as http://127.0.0.1:8737, on a desktop.
func (browser Browser) Tab(t *testing.T, site, path string) *Tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser.ctx)
	t.Cleanup(cancel)
	b := &Tab{t, ctx, site}
	if err := chromedp.Do(ctx); err != nil { // it starts the tab
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*runtime.EventExceptionThrown); ok {
			t.Errorf("the page's script failed: %v", e.ExceptionDetails)
		}
	}); err != nil {
		t.Fatal(err)
	}
	b.Size(1280, 860)
	b.Open(path)
	return b
}

// Run does what the library can do.
func (b *Tab) Run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Shot("failed")
		b.t.Fatalf("%v", err)
	}
}

// Open goes to a path of the site.
func (b *Tab) Open(path string) {
	b.t.Helper()
	b.Run(chromedp.Navigate(b.site + path))
}

// Size gives the window a size.
func (b *Tab) Size(width, height int64) {
	b.t.Helper()
	b.Run(chromedp.EmulateViewport(width, height))
}

// Dark prefers dark or light.
func (b *Tab) Dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	Command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// Eval returns what an expression is on the page.
func Eval[T any](b *Tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.Shot("failed")
		b.t.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return out
}

// Command gives the browser a command of its protocol.
func Command[P, R any](b *Tab, c cdp.Command[P, R], params P) {
	b.t.Helper()
	b.Run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	}))
}

// Until waits for an expression to be true, over navigations too.
func (b *Tab) Until(expression string) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	for {
		is, err := chromedp.Run(ctx, chromedp.Evaluate[bool](expression))
		if err == nil && is {
			return
		}
		select {
		case <-ctx.Done():
			b.Shot("failed")
			b.t.Fatalf("waited in vain for %s (%v)", expression, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// Sees waits for a text to stand on the page.
func (b *Tab) Sees(text string) {
	b.t.Helper()
	b.Until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// Live waits for the page to be connected.
func (b *Tab) Live() {
	b.t.Helper()
	b.Until(`document.body.dataset.live === "yes"`)
}

// enter presses Enter as a keyboard does. The library's own event would put a
// line break into a field whose page has taken the key for itself.
func (b *Tab) enter() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		press := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			press.Text = "\r"
		}
		Command(b, input.DispatchKeyEvent, press)
	}
}

// Key presses keys.
func (b *Tab) Key(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		if k == kb.Enter {
			b.enter()
			continue
		}
		b.Run(chromedp.KeyEvent(k))
	}
}

// Say types a message and sends it by Enter.
func (b *Tab) Say(text string) {
	b.t.Helper()
	b.Run(chromedp.Focus(Composer))
	b.Run(chromedp.KeyEvent(text))
	b.Key(kb.Enter)
}

// Press clicks the button with a label.
func (b *Tab) Press(label string) {
	b.t.Helper()
	find := fmt.Sprintf("Array.from(document.querySelectorAll('button')).findLast(b => b.textContent === %q)", label)
	b.Until("Boolean(" + find + ")")
	b.Run(chromedp.Evaluate[chromedp.Void](find + ".click()"))
}

// Shot keeps a picture of the page, if pictures are wanted.
func (b *Tab) Shot(name string) {
	b.t.Helper()
	folder := os.Getenv("TANDEM_SCREENSHOTS")
	if folder == "" {
		return
	}
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	png, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		b.t.Logf("no picture: %v", err)
		return
	}
	if name == "failed" {
		name += "-" + filepath.Base(b.t.Name())
	}
	if err := os.MkdirAll(folder, 0o750); err != nil {
		b.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(folder, name+".png"), png, 0o600); err != nil {
		b.t.Fatal(err)
	}
}
