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

// Limits of the structure, counted on tokens because the library's parser
// calls itself for each level and compares each key with all before it.
const (
	maxDepth   = 32
	maxEntries = 2_000 // keys or items of one collection
	maxAnchors = 100
	maxAliases = 1_000
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

// syntaxWords are the library's complaints that people meet, by a part of each,
// in the words of somebody who does not know how a parser works.
var syntaxWords = []struct{ part, message, hint string }{
	{"cannot start any token", "a tab in the indentation", "indent with spaces"},
	{"tab character", "a tab in the indentation", "indent with spaces"},
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

// checkTokens refuses what the format does without and what would make the
// parser slow or deep.
func checkTokens(found *collector, tokens token.Tokens) bool {
	g := &guard{found: found}
	for _, tk := range tokens {
		if g.stopped {
			break
		}
		g.token(tk)
	}
	g.end()
	return !found.failed
}

// guard walks the tokens and keeps the columns of the open blocks and the
// brackets, each with a count of its entries.
type guard struct {
	found            *collector
	blocks           []level
	brackets         []bracket
	anchors, aliases int
	started, stopped bool
}

type level struct{ column, entries int }

type bracket struct {
	open    *token.Token
	entries int
}

func (g *guard) token(tk *token.Token) {
	line, column := place(tk)
	switch tk.Type {
	case token.CommentType:
		return
	case token.DocumentHeaderType:
		if g.started {
			g.refuse(line, column, "a second document starts here", "keep one engagement in a file")
			g.stopped = true
		}
	case token.DirectiveType:
		g.refuse(line, column, "YAML directives have no use here", "delete this line")
		g.stopped = true
	case token.TagType:
		g.refuse(line, column, fmt.Sprintf("YAML tags such as %q have no use here", clip(tk.Value)), "delete the tag")
	case token.MergeKeyType:
		g.refuse(line, column, "merge keys (<<) have no use here", "write the keys out")
	case token.MappingKeyType:
		g.refuse(line, column, "keys that start with a question mark have no use here", "write key: value")
	case token.AnchorType:
		g.anchors++
		if g.anchors == maxAnchors+1 {
			g.refuse(line, column, fmt.Sprintf("more than %d anchors", maxAnchors), "write the values out")
		}
	case token.AliasType:
		g.aliases++
		if g.aliases == maxAliases+1 {
			g.refuse(line, column, fmt.Sprintf("more than %d aliases", maxAliases), "write the values out")
		}
	case token.SequenceStartType, token.MappingStartType:
		g.brackets = append(g.brackets, bracket{open: tk})
	case token.SequenceEndType, token.MappingEndType:
		g.close(tk)
	case token.CollectEntryType:
		if n := len(g.brackets); n > 0 {
			g.brackets[n-1].entries++
			g.limitEntries(g.brackets[n-1].entries, line, column)
		}
	case token.SequenceEntryType:
		g.block(line, column)
	case token.MappingValueType:
		if tk.Prev != nil && len(g.brackets) == 0 {
			g.block(place(tk.Prev))
		}
	}
	if tk.Type != token.DocumentHeaderType && tk.Type != token.DirectiveType {
		g.started = true
	}
	if len(g.blocks)+len(g.brackets) > maxDepth {
		g.refuse(line, column, fmt.Sprintf("nested deeper than %d levels", maxDepth), "the format needs six; check the brackets and the indentation")
		g.stopped = true
	}
}

// close matches a closing bracket with the one that is open.
func (g *guard) close(tk *token.Token) {
	if len(g.brackets) == 0 {
		return // the parser tells
	}
	open := g.brackets[len(g.brackets)-1].open
	g.brackets = g.brackets[:len(g.brackets)-1]
	if (open.Type == token.SequenceStartType) != (tk.Type == token.SequenceEndType) {
		line, column := place(tk)
		openLine, openColumn := place(open)
		g.refuse(line, column, fmt.Sprintf("%q stands here, but the %q of line %d, column %d is still open", tk.Value, open.Value, openLine, openColumn),
			"close that one first; "+restUnchecked)
		g.stopped = true
	}
}

// end tells of a bracket that is still open.
func (g *guard) end() {
	if len(g.brackets) == 0 || g.stopped {
		return
	}
	open := g.brackets[len(g.brackets)-1].open
	line, column := place(open)
	g.refuse(line, column, fmt.Sprintf("this %q is never closed", open.Value), "close it; "+restUnchecked)
}

// block counts an entry of the block at the column, and closes those to its right.
func (g *guard) block(line, column int) {
	for len(g.blocks) > 0 && g.blocks[len(g.blocks)-1].column > column {
		g.blocks = g.blocks[:len(g.blocks)-1]
	}
	if n := len(g.blocks); n == 0 || g.blocks[n-1].column < column {
		g.blocks = append(g.blocks, level{column: column})
	}
	top := &g.blocks[len(g.blocks)-1]
	top.entries++
	g.limitEntries(top.entries, line, column)
}

func (g *guard) limitEntries(n, line, column int) {
	if n == maxEntries+1 {
		g.refuse(line, column, fmt.Sprintf("more than %d entries in one list or group", maxEntries), "check that this is the right file")
		g.stopped = true
	}
}

func (g *guard) refuse(line, column int, message, hint string) {
	g.found.errorAt(line, column, message, hint)
}
