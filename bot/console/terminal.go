package console

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"unicode/utf8"

	"golang.org/x/term"
)

const (
	keyInterrupt = 3    // what the terminal sends for Ctrl-C
	keyEscape    = 0x1b // begins a sequence of several
	// keyCleared stands for an interrupt inside of term.Terminal, which would
	// take it for the end of the input and lose the rest.
	keyCleared = 0x1c
)

// mostRunes is the longest line that term.Terminal holds; what is typed beyond
// it is lost, so a line of that length is refused.
const mostRunes = 4096

// terminal edits lines with history and completion. The terminal is in raw
// mode while a line is waited for, and as it was otherwise, so that an
// interrupt ends a command that hangs.
type terminal struct {
	keys     *os.File
	screen   *os.File
	editor   *term.Terminal
	complete func(line string) []string
	history  *history

	interrupted bool // the line being read ends by an interrupt
	had         bool // and something was typed on it

	mu  sync.Mutex // guards raw, and what is written by it
	raw *term.State
}

func newTerminal(keys, screen *os.File) *terminal {
	t := &terminal{keys: keys, screen: screen, history: &history{}}
	t.editor = term.NewTerminal(&keyboard{t: t}, "")
	t.editor.History = t.history
	t.editor.AutoCompleteCallback = t.pressed
	return t
}

func (t *terminal) live() bool { return true }

// Write prints above the line that is being typed.
func (t *terminal) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.raw == nil { // the terminal itself returns the carriage
		return t.screen.Write(b)
	}
	return t.editor.Write(b)
}

func (t *terminal) line(prompt string, keep bool) (string, error) {
	if w, h, err := term.GetSize(fd(t.screen)); err == nil && w > 0 && h > 0 {
		if err := t.editor.SetSize(w, h); err != nil {
			return "", err
		}
	}
	t.interrupted, t.had, t.history.keep = false, false, keep
	if err := t.enter(); err != nil {
		return "", err
	}
	defer t.leave()
	t.editor.SetPrompt(prompt)
	line, err := t.editor.ReadLine()
	switch {
	case err != nil: // also the end, with the prompt still there
		t.editor.SetPrompt("")
		fmt.Fprint(t.screen, "\r\n")
		return "", err
	case t.interrupted && t.had:
		return "", errCleared
	case t.interrupted:
		return "", errInterrupted
	case utf8.RuneCountInString(line) >= mostRunes:
		return "", errTooLong
	}
	return line, nil
}

func (t *terminal) enter() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	state, err := term.MakeRaw(fd(t.keys))
	if err == nil {
		t.raw = state
	}
	return err
}

func (t *terminal) leave() {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.raw != nil {
		_ = term.Restore(fd(t.keys), t.raw)
		t.raw = nil
	}
}

// stop leaves the terminal as it was found, whether or not the read ends.
func (t *terminal) stop(done <-chan struct{}) {
	expire(t.keys, done)
	t.leave()
}

// pressed sees every key that isn't the editor's own.
func (t *terminal) pressed(line string, pos int, key rune) (string, int, bool) {
	switch {
	case key == keyCleared && t.interrupted:
		t.had = line != ""
		return "", 0, true
	case key == '\t':
		return t.tab(line, pos)
	}
	return "", 0, false
}

// tab completes the line as far as all that it could become agree, and lists
// them where that is no further.
func (t *terminal) tab(line string, pos int) (string, int, bool) {
	if t.complete == nil || pos != len(line) {
		return line, pos, true
	}
	could := t.complete(line)
	switch common := agreed(could); {
	case len(could) == 1:
		line = could[0] + " "
	case len(common) > len(line):
		line = common
	case len(could) > 1:
		fmt.Fprintln(t.editor, strings.Join(could, "\n"))
	}
	return line, len(line), true
}

// agreed returns what all lines begin with, in whole characters.
func agreed(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	common := lines[0]
	for _, l := range lines[1:] {
		for !strings.HasPrefix(l, common) {
			_, size := utf8.DecodeLastRuneInString(common)
			common = common[:len(common)-size]
		}
	}
	return common
}

// keyboard hands keys to the editor, an interrupt as the end of its line.
type keyboard struct {
	t       *terminal
	read    []byte // from the terminal, and not looked at
	pending []byte // for the editor
	last    byte
}

// Read returns an interrupt apart from the keys before it, so that these have
// been edited in by then.
func (k *keyboard) Read(p []byte) (int, error) {
	if len(k.pending) == 0 {
		if err := k.fetch(); err != nil {
			return 0, err
		}
	}
	n := copy(p, k.pending)
	k.last, k.pending = k.pending[n-1], k.pending[n:]
	return n, nil
}

// fetch fills pending up to the next interrupt, or with one.
func (k *keyboard) fetch() error {
	if len(k.read) == 0 {
		keys := make([]byte, 256)
		n, err := k.t.keys.Read(keys)
		if n == 0 && err != nil {
			return err
		}
		if k.read = keys[:n]; n == 0 {
			return io.EOF
		}
	}
	n := bytes.IndexByte(k.read, keyInterrupt)
	switch {
	case n < 0:
		k.pending, k.read = k.read, nil
	case n > 0:
		k.pending, k.read = k.read[:n], k.read[n:]
	default:
		k.t.interrupted = true
		k.pending, k.read = []byte{keyCleared, '\r'}, k.read[1:]
		if k.last == keyEscape { // any letter ends the sequence that it began
			k.pending = []byte{'a', keyCleared, '\r'}
		}
	}
	return nil
}

func (k *keyboard) Write(b []byte) (int, error) { return k.t.screen.Write(b) }

// history keeps what was typed in this session, without repeats in a row.
type history struct {
	keep    bool
	entries []string
}

// Add keeps a line, unless it is empty, a repeat or the answer to a form.
func (h *history) Add(entry string) {
	if h.keep && entry != "" && (len(h.entries) == 0 || h.entries[len(h.entries)-1] != entry) {
		h.entries = append(h.entries, entry)
	}
}

// Len returns how many lines there are.
func (h *history) Len() int { return len(h.entries) }

// At returns a line, the latest first.
func (h *history) At(i int) string { return h.entries[len(h.entries)-1-i] }
