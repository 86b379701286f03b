package console

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"golang.org/x/term"
)

var (
	errInterrupted = errors.New("interrupted")
	errCleared     = errors.New("interrupted with something typed, which is gone")
	errTooLong     = errors.New("that line was too long and was not sent")
)

// input is where lines come from and output goes. Writing is safe while
// somebody types.
type input interface {
	// line waits for a line. It is for the history where keep is set.
	line(prompt string, keep bool) (string, error)
	io.Writer
	// live reports whether a person sees the prompt.
	live() bool
	// stop ends a line that is waited for, where the input can be told so, and
	// waits until that is done. Elsewhere it goes on until something is typed.
	stop(done <-chan struct{})
}

// newInput takes In and Out as a terminal where both are one.
func newInput(in io.Reader, out io.Writer) input {
	keys, ok := in.(*os.File)
	screen, also := out.(*os.File)
	if ok && also && term.IsTerminal(fd(keys)) && term.IsTerminal(fd(screen)) {
		return newTerminal(keys, screen)
	}
	return newPlain(in, out)
}

// longest is the longest line that is read from a script.
const longest = 1 << 20

// plain reads lines of text without a prompt. The questions of a form are
// printed, so that a transcript can be followed.
type plain struct {
	in    io.Reader
	lines *bufio.Reader
	out   io.Writer
}

func newPlain(in io.Reader, out io.Writer) *plain {
	return &plain{in, bufio.NewReader(in), out}
}

func (p *plain) line(prompt string, keep bool) (string, error) {
	if !keep {
		fmt.Fprintln(p.out, strings.TrimSpace(prompt))
	}
	var line []byte
	for long := false; ; {
		part, err := p.lines.ReadSlice('\n')
		if long = long || len(line)+len(part) > longest; !long {
			line = append(line, part...)
		}
		switch {
		case errors.Is(err, bufio.ErrBufferFull):
		case long && (err == nil || errors.Is(err, io.EOF)):
			return "", errTooLong
		case errors.Is(err, io.EOF) && len(line) > 0, err == nil:
			return strings.TrimRight(string(line), "\r\n"), nil
		default:
			return "", err
		}
	}
}

func (p *plain) Write(b []byte) (int, error) { return p.out.Write(b) }
func (p *plain) live() bool                  { return false }
func (p *plain) stop(done <-chan struct{})   { expire(p.in, done) }

// patience is how long to wait for the end of a read that was told to end.
const patience = time.Second

// expire ends a read that goes on, where the reader can be told so.
func expire(in io.Reader, done <-chan struct{}) {
	d, ok := in.(interface{ SetReadDeadline(t time.Time) error })
	if !ok || d.SetReadDeadline(time.Unix(1, 0)) != nil {
		return
	}
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case <-done:
	case <-timer.C:
	}
	_ = d.SetReadDeadline(time.Time{})
}

// fd returns the descriptor of a file. File.Fd would make its reads wait for
// ever, whatever their deadline.
func fd(f *os.File) int {
	n := -1
	if c, err := f.SyscallConn(); err == nil {
		_ = c.Control(func(d uintptr) { n = int(d) })
	}
	return n
}
