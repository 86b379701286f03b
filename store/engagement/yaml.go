package engagement

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/scanner"
	"github.com/goccy/go-yaml/token"
)

const restUnchecked = "the rest of the file was not checked"

// parseYAML returns the tree of the text. A syntax error ends it at once, for
// what follows one is guesswork.
func parseYAML(found *collector, text string) (*node, bool) {
	tokens, err := scan(text)
	if err != nil {
		found.errorAt(0, 0, "this is not YAML", restUnchecked)
		return nil, false
	}
	if refuseQuotedTab(found, tokens) {
		return nil, false
	}
	if bad := tokens.InvalidToken(); bad != nil {
		syntaxError(found, tokens, bad, bad.Error)
		return nil, false
	}
	if !checkTokens(found, tokens) {
		return nil, false
	}
	file, err := parser.Parse(tokens, 0, parser.AllowDuplicateMapKey())
	if err != nil {
		var known yaml.Error
		if errors.As(err, &known) {
			syntaxError(found, tokens, known.GetToken(), known.GetMessage())
		} else {
			found.errorAt(0, 0, "this is not YAML: "+clip(err.Error()), restUnchecked)
		}
		return nil, false
	}
	if len(file.Docs) == 0 || file.Docs[0].Body == nil {
		found.errorAt(0, 0, "the file is empty", "write \"format: tandem/v1\" as its first line")
		return nil, false
	}
	root := grow(found, file.Docs[0].Body)
	return root, true
}

// scan returns the tokens of the text. It stops at the first bad one, which
// stands last.
func scan(text string) (token.Tokens, error) {
	var s scanner.Scanner
	s.Init(text)
	var tokens token.Tokens
	for {
		some, err := s.Scan()
		tokens.Add(some...)
		if errors.Is(err, io.EOF) {
			return tokens, nil
		}
		if err != nil {
			if tokens.InvalidToken() != nil {
				return tokens, nil
			}
			return tokens, err
		}
	}
}

// refuseQuotedTab tells of a tab inside double quotes: for each, the library
// swallows a character after the closing quotes, so that what follows it in the
// file cannot be trusted.
func refuseQuotedTab(found *collector, tokens token.Tokens) bool {
	for _, tk := range tokens {
		if tk.Type == token.DoubleQuoteType && tabInside(tk.Origin) {
			line, column := place(tk)
			found.errorAt(line, column, "a tab inside double quotes", "write \\t, or a space; "+restUnchecked)
			return true
		}
	}
	return false
}

// syntaxWords are the library's complaints that people meet, by a part of each,
// in the words of somebody who does not know how a parser works.
var syntaxWords = []struct{ part, message, hint string }{
	{"cannot start any token", "a tab where only spaces are read", "use spaces"},
	{"tab character", "a tab where only spaces are read", "use spaces"},
	{"end character of", "the quotes opened here are never closed", "close them"},
	{"reserved character", "a text cannot begin like this", "put it in double quotes"},
	{"mapping value is not allowed", "a colon inside a text", "put the text in double quotes, or check the indentation"},
	{"unexpected key name", "a key without a value", "write a colon and a space after it"},
	{"non-map value", "a text where a key belongs", "write a colon and a space after it, and check the indentation"},
	{"not allowed in this context", "this does not belong here", "check the indentation, and what is still open above"},
	{"unknown escape character", "a backslash that means nothing", "write two of them, or use single quotes"},
}

// syntaxError tells of the first thing that is no YAML.
func syntaxError(found *collector, tokens token.Tokens, tk *token.Token, message string) {
	line, column := place(tk)
	if line > len(found.lines) {
		line, column = len(found.lines), 1
	}
	message, hint := clip(message), ""
	for _, w := range syntaxWords {
		if strings.Contains(message, w.part) {
			message, hint = w.message, w.hint+"; "
			break
		}
	}
	if opened := quotesOver(tokens, line); opened > 0 {
		hint = fmt.Sprintf("the quotes opened on line %d are closed only here; close them there; ", opened)
	}
	found.errorAt(line, column, "not valid YAML: "+message, hint+restUnchecked)
}

// quotesOver returns the line of the last quoted text before the given line
// that runs over several lines: most likely its quotes were forgotten. Zero
// means that there is none.
func quotesOver(tokens token.Tokens, line int) int {
	opened := 0
	for _, tk := range tokens {
		at, _ := place(tk)
		if at >= line {
			break
		}
		if isQuoted(tk) && strings.Contains(strings.TrimSpace(tk.Origin), "\n") {
			opened = at
		}
	}
	return opened
}
