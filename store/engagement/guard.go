package engagement

import (
	"fmt"
	"regexp"
	"strconv"

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
	switch tk.Type {
	case token.CommentType:
		return
	case token.DocumentHeaderType:
		g.header(tk)
	case token.DirectiveType, token.TagType, token.MergeKeyType, token.MappingKeyType:
		g.unwanted(tk)
	case token.AnchorType:
		g.anchors++
		g.limit(tk, g.anchors, maxAnchors, "anchors")
	case token.AliasType:
		g.aliases++
		g.limit(tk, g.aliases, maxAliases, "aliases")
	case token.StringType:
		g.plain(tk)
	default:
		g.structure(tk)
	}
	g.started = g.started || tk.Type != token.DocumentHeaderType
	if len(g.blocks)+len(g.brackets) > maxDepth && !g.stopped {
		g.refuse(tk, fmt.Sprintf("nested deeper than %d levels", maxDepth), "the format needs six; check the brackets and the indentation")
		g.stopped = true
	}
}

// header refuses a second document.
func (g *guard) header(tk *token.Token) {
	if g.started {
		g.refuse(tk, "a second document starts here", "keep one engagement in a file")
		g.stopped = true
	}
}

// unwanted refuses parts of YAML that the format does without.
func (g *guard) unwanted(tk *token.Token) {
	switch tk.Type {
	case token.DirectiveType:
		g.refuse(tk, "YAML directives have no use here", "delete this line")
		g.stopped = true // what follows one is read in another way
	case token.TagType:
		g.refuse(tk, fmt.Sprintf("YAML tags such as %q have no use here", clip(tk.Value)), "delete the tag")
	case token.MergeKeyType:
		g.refuse(tk, "merge keys (<<) have no use here", "write the keys out")
	default:
		g.refuse(tk, "keys that start with a question mark have no use here", "write key: value")
	}
}

// structure follows the lists and groups that open, go on and close.
func (g *guard) structure(tk *token.Token) {
	switch tk.Type {
	case token.SequenceStartType, token.MappingStartType:
		g.brackets = append(g.brackets, bracket{open: tk})
	case token.SequenceEndType, token.MappingEndType:
		g.close(tk)
	case token.CollectEntryType:
		if n := len(g.brackets); n > 0 {
			g.brackets[n-1].entries++
			g.limitEntries(tk, g.brackets[n-1].entries)
		}
	case token.SequenceEntryType:
		g.block(tk)
	case token.MappingValueType:
		if tk.Prev != nil && len(g.brackets) == 0 {
			g.block(tk.Prev)
		}
	default: // scalars
	}
}

// plain refuses a colon at the end of a word of unquoted text. YAML allows none
// there, but the library takes whole rows that are indented too far as one text.
func (g *guard) plain(tk *token.Token) {
	if !colonInside.MatchString(tk.Value) || inBlockText(tk) {
		return
	}
	g.refuse(tk, "a colon inside unquoted text: "+strconv.Quote(clip(tk.Value)),
		"put the text in double quotes, or check the indentation of the lines below")
}

var colonInside = regexp.MustCompile(`:(\s|$)`)

// inBlockText reports whether the token is the text below a | or >.
func inBlockText(tk *token.Token) bool {
	before := tk.Prev
	for before != nil && before.Type == token.CommentType {
		before = before.Prev
	}
	return before != nil && (before.Type == token.LiteralType || before.Type == token.FoldedType)
}

// close matches a closing bracket with the one that is open.
func (g *guard) close(tk *token.Token) {
	if len(g.brackets) == 0 {
		return // the parser tells
	}
	open := g.brackets[len(g.brackets)-1].open
	g.brackets = g.brackets[:len(g.brackets)-1]
	if (open.Type == token.SequenceStartType) != (tk.Type == token.SequenceEndType) {
		openLine, openColumn := place(open)
		g.refuse(tk, fmt.Sprintf("%q stands here, but the %q of line %d, column %d is still open", tk.Value, open.Value, openLine, openColumn),
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
	g.refuse(open, fmt.Sprintf("this %q is never closed", open.Value), "close it; "+restUnchecked)
}

// block counts an entry of the block at the token's column, and closes those to
// its right.
func (g *guard) block(tk *token.Token) {
	_, column := place(tk)
	for len(g.blocks) > 0 && g.blocks[len(g.blocks)-1].column > column {
		g.blocks = g.blocks[:len(g.blocks)-1]
	}
	if n := len(g.blocks); n == 0 || g.blocks[n-1].column < column {
		g.blocks = append(g.blocks, level{column: column})
	}
	top := &g.blocks[len(g.blocks)-1]
	top.entries++
	g.limitEntries(tk, top.entries)
}

func (g *guard) limitEntries(tk *token.Token, n int) {
	if n == maxEntries+1 {
		g.refuse(tk, fmt.Sprintf("more than %d entries in one list or group", maxEntries), "check that this is the right file")
		g.stopped = true
	}
}

// limit refuses the first of something that is one too many.
func (g *guard) limit(tk *token.Token, n, most int, what string) {
	if n == most+1 {
		g.refuse(tk, fmt.Sprintf("more than %d %s", most, what), "write the values out")
	}
}

func (g *guard) refuse(tk *token.Token, message, hint string) {
	line, column := place(tk)
	g.found.errorAt(line, column, message, hint)
}
