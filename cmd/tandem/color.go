package main

import (
	"fmt"
	"regexp"
	"strings"
)

// The colors of a terminal. A color only ever repeats what a word says.
const (
	bold   = "\x1b[1m"
	red    = "\x1b[1;31m"
	yellow = "\x1b[1;33m"
	reset  = "\x1b[0m"
)

func paint(shown bool, color, text string) string {
	if !shown || text == "" {
		return text
	}
	return color + text + reset
}

// heading is a card's text with its first line bold on a terminal.
func (a *app) heading(text string) string {
	first, rest, more := strings.Cut(text, "\n")
	first = paint(a.color && a.terminal, bold, first)
	if !more {
		return first
	}
	return first + "\n" + rest
}

// complaint is a sentence for stderr.
func (a *app) complaint(text string) string {
	return paint(a.color && a.live, red, "tandem:") + " " + text
}

// complain tells one on stderr, where the command goes on.
func (a *app) complain(text string) { fmt.Fprintln(a.stderr, a.complaint(text)) }

// marked finds the word that says how bad a problem is. The lines of the file
// that a report quotes are indented, and stay as they are.
var marked = regexp.MustCompile(`(?m)^(\S.*?: )(error|warning): `)

// report is what a file's check found, its marks colored on a terminal.
func (a *app) report(text string, terminal bool) string {
	if !a.color || !terminal {
		return text
	}
	return marked.ReplaceAllStringFunc(text, func(line string) string {
		parts := marked.FindStringSubmatch(line)
		color := red
		if parts[2] == "warning" {
			color = yellow
		}
		return parts[1] + paint(true, color, parts[2]+":") + " "
	})
}
