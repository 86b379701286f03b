//go:build browser

// These tests drive the page in a real Chromium (make browser). CHROMIUM names
// it, TANDEM_AXE the axe.min.js of axe-core, TANDEM_SCREENSHOTS a folder for
// pictures, if any are wanted.

package web_test

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
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

	"github.com/tandem-bot/tandem/bot/web"
)

// composer is where messages are typed.
const composer = chromedp.CSS("#say")

// patience is how long a page may take for one thing.
const patience = 20 * time.Second

// chrome is a browser that runs.
type chrome struct{ ctx context.Context }

// chromium starts a browser of the test's own, without cookies or history.
func chromium(t *testing.T) chrome {
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
	return chrome{browser}
}

// site is a chat on an address of its own, that can be stopped and started.
type site struct {
	*world
	t      *testing.T
	addr   string
	server *http.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, addr: "127.0.0.1:0"}
	s.start(&memory{})
	t.Cleanup(s.stop)
	return s
}

func (s *site) start(m *memory) {
	s.t.Helper()
	s.world = open(s.t, m, func(o *web.Options) { o.Heartbeat = time.Second })
	l, err := net.Listen("tcp", s.addr)
	if err != nil {
		s.t.Fatal(err)
	}
	s.addr = l.Addr().String()
	server := web.Server(s.addr, s.web)
	s.server = server
	go func() {
		if err := server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			s.t.Errorf("serve: %v", err)
		}
	}()
}

func (s *site) stop() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := s.server.Shutdown(ctx); err != nil {
		s.t.Errorf("the server doesn't stop: %v", err)
	}
}

// tab is one page in the browser.
type tab struct {
	t    *testing.T
	ctx  context.Context
	site *site
}

func (s *site) tab(t *testing.T, browser chrome, path string) *tab {
	t.Helper()
	ctx, cancel := chromedp.NewContext(browser.ctx)
	t.Cleanup(cancel)
	b := &tab{t, ctx, s}
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
	b.size(1280, 860)
	b.open(path)
	return b
}

func (b *tab) run(actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.shot("failed")
		b.t.Fatalf("%v", err)
	}
}

func (b *tab) open(path string) {
	b.t.Helper()
	b.run(chromedp.Navigate("http://" + b.site.addr + path))
}

func (b *tab) size(width, height int64) {
	b.t.Helper()
	b.run(chromedp.EmulateViewport(width, height))
}

func (b *tab) dark(on bool) {
	b.t.Helper()
	scheme := "light"
	if on {
		scheme = "dark"
	}
	command(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
}

// eval returns what an expression is on the page.
func eval[T any](b *tab, expression string) T {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, patience)
	defer cancel()
	out, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.shot("failed")
		b.t.Fatalf("%s: %v", expression[:min(len(expression), 200)], err)
	}
	return out
}

// command gives the browser a command of its protocol.
func command[P, R any](b *tab, c cdp.Command[P, R], params P) {
	b.t.Helper()
	b.run(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, c, params)
		return err
	}))
}

// until waits for an expression to be true, over navigations too.
func (b *tab) until(expression string) {
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
			b.shot("failed")
			b.t.Fatalf("waited in vain for %s (%v)", expression, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// sees waits for a text to stand on the page.
func (b *tab) sees(text string) {
	b.t.Helper()
	b.until(fmt.Sprintf("document.body.innerText.includes(%q)", text))
}

// live waits for the page to be connected.
func (b *tab) live() {
	b.t.Helper()
	b.until(`document.body.dataset.live === "yes"`)
}

// enter presses Enter as a keyboard does. The library's own event would put a
// line break into a field whose page has taken the key for itself.
func (b *tab) enter() {
	b.t.Helper()
	for _, kind := range []input.DispatchKeyEventType{input.DispatchKeyEventTypeKeyDown, input.DispatchKeyEventTypeKeyUp} {
		press := input.DispatchKeyEventParams{Type: kind, Key: "Enter", Code: "Enter", WindowsVirtualKeyCode: 13}
		if kind == input.DispatchKeyEventTypeKeyDown {
			press.Text = "\r"
		}
		command(b, input.DispatchKeyEvent, press)
	}
}

func (b *tab) key(keys ...string) {
	b.t.Helper()
	for _, k := range keys {
		if k == kb.Enter {
			b.enter()
			continue
		}
		b.run(chromedp.KeyEvent(k))
	}
}

// say types a message and sends it by Enter.
func (b *tab) say(text string) {
	b.t.Helper()
	b.run(chromedp.Focus(composer))
	b.run(chromedp.KeyEvent(text))
	b.key(kb.Enter)
}

// press clicks the button with a label.
func (b *tab) press(label string) {
	b.t.Helper()
	find := fmt.Sprintf("Array.from(document.querySelectorAll('button')).findLast(b => b.textContent === %q)", label)
	b.until("Boolean(" + find + ")")
	b.run(chromedp.Evaluate[chromedp.Void](find + ".click()"))
}

// shot keeps a picture of the page, if pictures are wanted.
func (b *tab) shot(name string) {
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
