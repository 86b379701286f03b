package console

import (
	"bytes"
	"context"
	"errors"
	"os"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/creack/pty"
	"golang.org/x/term"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// desk is a person at a real terminal.
type desk struct {
	t       *testing.T
	keys    *os.File // what the person's side of the terminal is
	tty     *os.File
	console *Console
	cancel  context.CancelFunc
	ended   chan error
	found   *term.State // how the terminal was before

	mu     sync.Mutex
	screen bytes.Buffer
	seen   int // how much of it was waited for
}

func sitDown(t *testing.T, p *parrot) *desk {
	t.Helper()
	keys, tty, err := pty.Open()
	if err != nil {
		t.Skipf("no terminal here: %v", err)
	}
	d := &desk{t: t, keys: keys, tty: tty, ended: make(chan error, 1)}
	if err := pty.Setsize(keys, &pty.Winsize{Rows: 24, Cols: 200}); err != nil {
		t.Fatal(err)
	}
	if d.found, err = term.GetState(fd(tty)); err != nil {
		t.Fatal(err)
	}
	o := options(p, "", nil, harbor)
	o.In, o.Out = tty, tty
	o.Complete = func(line string) []string {
		var could []string
		for _, l := range []string{"who owns vpn", "who owns voip", "status"} {
			if strings.HasPrefix(l, line) {
				could = append(could, l)
			}
		}
		return could
	}
	if d.console, err = New(o); err != nil {
		t.Fatal(err)
	}
	var ctx context.Context
	ctx, d.cancel = context.WithCancel(t.Context())
	watched := make(chan struct{})
	go func() {
		defer close(watched)
		b := make([]byte, 4096)
		for {
			n, err := keys.Read(b)
			d.mu.Lock()
			d.screen.Write(b[:n])
			d.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	go func() { d.ended <- d.console.Run(ctx) }()
	t.Cleanup(func() {
		d.cancel()
		if err := errors.Join(tty.Close(), keys.Close()); err != nil {
			t.Error(err)
		}
		<-watched
	})
	d.sees("Maria Ortega, direct message, Fri 20 Nov 23:12> ")
	return d
}

func (d *desk) types(keys string) {
	d.t.Helper()
	if _, err := d.keys.WriteString(keys); err != nil {
		d.t.Fatal(err)
	}
}

// sees waits until the screen has shown the text, after what was seen before.
func (d *desk) sees(text string) {
	d.t.Helper()
	var screen string
	for range 1000 {
		d.mu.Lock()
		screen = d.screen.String()[d.seen:]
		at := strings.Index(screen, text)
		if at >= 0 {
			d.seen += at + len(text)
		}
		d.mu.Unlock()
		if at >= 0 {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
	d.t.Fatalf("the screen shows %q, want %q", screen, text)
}

// ends waits for the end, and for a terminal that is as it was before.
func (d *desk) ends(want error) {
	d.t.Helper()
	select {
	case err := <-d.ended:
		if !errors.Is(err, want) {
			d.t.Errorf("it ended with %v, want %v", err, want)
		}
	case <-time.After(5 * time.Second):
		d.t.Fatal("it does not end")
	}
	if now, err := term.GetState(fd(d.tty)); err != nil || !reflect.DeepEqual(now, d.found) {
		d.t.Errorf("the terminal is left in another state (%v)", err)
	}
}

func TestATerminalHasHistory(t *testing.T) {
	d := sitDown(t, &parrot{})
	d.types("who owns vpn?\r")
	d.sees("Tandem to Maria Ortega, message 1:\r\n  Heard\r\n\r\n  who owns vpn?\r\n")
	d.types("hello\r")
	d.sees("message 2:")
	d.types("\x1b[A\x1b[A\r") // up, up
	d.sees("message 3:\r\n  Heard\r\n\r\n  who owns vpn?\r\n")
	d.types("/quit\r")
	d.ends(nil)
}

func TestATerminalCompletes(t *testing.T) {
	p := &parrot{}
	d := sitDown(t, p)
	d.types("/as d\t\r")
	d.sees("You are Devon Pruitt, in a direct message.")
	d.types("/in i\t\r")
	d.sees("Devon Pruitt, #incidents, ")
	d.types("who\t")
	d.sees("who owns v")
	d.types("\t")
	d.sees("who owns vpn\r\nwho owns voip\r\n")
	d.types("p\t\r")
	d.sees("  Heard\r\n\r\n  who owns vpn\r\n")
	d.types("xyz\t/\t\r") // nothing to complete
	d.sees("  xyz/\r\n")
	d.types("/\t")
	d.sees("/people\r\n")
	d.types("\x03\x03")
	d.ends(nil)
}

func TestInterrupts(t *testing.T) {
	p := &parrot{}
	d := sitDown(t, p)
	d.types("half a quest\x03")
	d.sees("23:12> ") // the line is gone, the chat goes on
	d.types("hello\r")
	d.sees("  hello\r\n")
	d.types("half\x1b\x03") // also within a key's sequence
	d.sees("23:12> ")
	d.types("away\r")
	d.sees("Who (Maria Ortega, Devon Pruitt): ")
	d.types("devon\r")
	d.sees("From (first day) [2026-12-24]: ")
	d.types("\x03")
	d.sees("Given up; nothing was sent.")
	d.types("\x1b[A\r") // what was typed into the form is no history
	d.sees("Who (")
	d.types("dev\x03")
	d.sees("Given up; nothing was sent.")
	d.types("\x03")
	d.ends(nil)
	if len(p.events) != 3 {
		t.Errorf("the events are %+v", p.events)
	}
}

func TestTheEndOfInput(t *testing.T) {
	d := sitDown(t, &parrot{})
	d.types("\x04")
	d.ends(nil)
	d = sitDown(t, &parrot{})
	d.types("away\r")
	d.sees("Who (")
	d.types("\x04")
	d.sees("The input ended before the form did; nothing was sent.")
	d.ends(nil)
}

// What Tandem says while somebody types stands above their line.
func TestSendingWhileSomebodyTypes(t *testing.T) {
	d := sitDown(t, &parrot{})
	d.types("who owns")
	d.sees("who owns")
	if _, err := d.console.Send(t.Context(), bot.Post{
		To: bot.Address{Platform: Platform, Channel: "harbor-legal/coordination"}, Card: card.New(card.Paragraph("Standup!")),
	}); err != nil {
		t.Fatal(err)
	}
	d.sees("Tandem in #coordination, message 1:\r\n  Standup!\r\n")
	d.sees("23:12> who owns")
	d.types(" vpn\r")
	d.sees("  who owns vpn\r\n")
	d.types("\x04")
	d.ends(nil)
}

func TestATerminalEndsWithItsContext(t *testing.T) {
	d := sitDown(t, &parrot{})
	d.types("who owns")
	d.sees("who owns")
	d.cancel()
	d.ends(context.Canceled)
}

func TestALineThatIsTooLong(t *testing.T) {
	p := &parrot{}
	d := sitDown(t, p)
	for range 50 {
		d.types(strings.Repeat("word ", 20))
		d.sees("word word word word word word word word word word")
	}
	d.types("\r")
	d.sees("That line was too long and was not sent.")
	d.types("\x04")
	d.ends(nil)
	if len(p.events) != 0 {
		t.Errorf("%d events came", len(p.events))
	}
}
