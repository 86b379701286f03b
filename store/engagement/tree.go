package engagement

import (
	"fmt"
	"strings"
	"unicode"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

type kind int

const (
	nullKind kind = iota
	scalarKind
	brokenKind // told of already; nothing is to be said about it
	listKind
	mapKind
)

// describe names a kind as a lead would.
func (k kind) describe() string {
	switch k {
	case scalarKind:
		return "a single value"
	case listKind:
		return "a list"
	case mapKind:
		return "a group of keys"
	default:
		return "nothing"
	}
}

// node is the library's tree reduced to what the format needs: no tags, no
// comments, aliases replaced by what they stand for, and a place for each
// value. The rest of the package sees only this.
type node struct {
	kind         kind
	text         string
	quoted       bool
	items        []*node
	entries      []entry
	line, column int
}

type entry struct {
	key          string
	line, column int
	value        *node
}

// find returns the value of the key, if the node is a map that has it.
func (n *node) find(key string) (*entry, bool) {
	for i := range n.entries {
		if n.entries[i].key == key {
			return &n.entries[i], true
		}
	}
	return nil, false
}

// maxAliased bounds the nodes that aliases may add to a file: enough for a
// lead rule shared by every row, far too few for an alias bomb.
const maxAliased = 10_000

// grower turns the library's tree into ours.
type grower struct {
	found    *collector
	anchors  map[string]ast.Node
	open     map[string]bool // anchors being expanded, to refuse one inside itself
	inAlias  int             // how many aliases deep
	aliased  int             // nodes made inside aliases
	overflow bool
}

func grow(found *collector, root ast.Node) *node {
	g := &grower{found: found, anchors: map[string]ast.Node{}, open: map[string]bool{}}
	return g.node(root)
}

func (g *grower) node(n ast.Node) *node {
	if n == nil {
		return &node{}
	}
	if g.inAlias > 0 {
		g.aliased++
		if g.aliased > maxAliased {
			return g.tooMany(n)
		}
	}
	line, column := g.place(n.GetToken())
	out := &node{kind: scalarKind, line: line, column: column}
	switch n := n.(type) {
	case *ast.NullNode:
		out.kind = nullKind
	case *ast.StringNode:
		out.text, out.quoted = n.Value, isQuoted(n.Token)
		g.refuseTab(n.Token)
	case *ast.LiteralNode:
		out.text, out.quoted = n.Value.Value, true
	case *ast.MappingNode:
		g.mapping(out, n.Values, n.IsFlowStyle)
		if n.IsFlowStyle {
			out.line, out.column = g.place(n.Start)
		}
	case *ast.MappingValueNode:
		g.mapping(out, []*ast.MappingValueNode{n}, n.IsFlowStyle)
	case *ast.SequenceNode:
		out.kind = listKind
		for _, item := range n.Values {
			out.items = append(out.items, g.node(item))
		}
	case *ast.AnchorNode:
		return g.anchor(n)
	case *ast.AliasNode:
		return g.alias(n)
	default:
		out.text = n.GetToken().Value
	}
	return out
}

func (g *grower) mapping(out *node, values []*ast.MappingValueNode, flow bool) {
	out.kind = mapKind
	first := map[string]int{}
	for i, v := range values {
		tk := v.Key.GetToken()
		line, column := g.place(tk)
		key := tk.Value
		if text, ok := v.Key.(*ast.StringNode); ok {
			key = text.Value
			g.refuseTab(text.Token)
		}
		if i == 0 {
			out.line, out.column = line, column
		}
		if before, twice := first[key]; twice {
			g.found.errorAt(line, column, fmt.Sprintf("the key %q is given twice", clip(key)),
				fmt.Sprintf("the first is on line %d; keep one of them", before))
			continue
		}
		first[key] = line
		value := g.node(v.Value)
		if !flow && value.kind == scalarKind && value.line > line && value.column <= column {
			g.found.errorAt(value.line, value.column, "a text where a key belongs",
				fmt.Sprintf("write a colon and a space after the key, or indent the text below %q", clip(key)))
		}
		if value.line == 0 || value.kind == nullKind {
			value.line, value.column = line, column
		}
		out.entries = append(out.entries, entry{key: key, line: line, column: column, value: value})
	}
}

func (g *grower) anchor(n *ast.AnchorNode) *node {
	name := n.Name.GetToken().Value
	g.open[name] = true
	g.anchors[name] = n.Value
	out := g.node(n.Value)
	delete(g.open, name)
	return out
}

func (g *grower) alias(n *ast.AliasNode) *node {
	name := n.Value.GetToken().Value
	line, column := g.place(n.Start)
	target, known := g.anchors[name]
	switch {
	case !known:
		g.found.errorAt(line, column, fmt.Sprintf("*%s stands for nothing", clip(name)),
			fmt.Sprintf("mark the value that it repeats with &%s, earlier in the file, or write it out", clip(name)))
		return &node{kind: brokenKind, line: line, column: column}
	case g.open[name]:
		g.found.errorAt(line, column, fmt.Sprintf("*%s stands inside the value that it repeats", clip(name)), "write the value out")
		return &node{kind: brokenKind, line: line, column: column}
	}
	g.open[name] = true
	g.inAlias++
	out := g.node(target)
	g.inAlias--
	delete(g.open, name)
	// A problem with the value is told where it is used, since the same value
	// may be right elsewhere.
	out.line, out.column = line, column
	return out
}

func (g *grower) tooMany(n ast.Node) *node {
	line, column := g.place(n.GetToken())
	if !g.overflow {
		g.overflow = true
		g.found.errorAt(line, column, fmt.Sprintf("the aliases of this file repeat more than %d values", maxAliased),
			"write the values out")
	}
	return &node{kind: brokenKind, line: line, column: column}
}

// refuseTab tells of a tab inside an unquoted text, which the library would drop.
func (g *grower) refuseTab(tk *token.Token) {
	if isQuoted(tk) || !tabInside(tk.Origin) {
		return
	}
	line, column := g.place(tk)
	g.found.errorAt(line, column, "a tab inside unquoted text", "use spaces, or put the text in double quotes with \\t")
}

// place corrects the column that the library gives, which does not count tabs
// between values.
func (g *grower) place(tk *token.Token) (line, column int) {
	line, column = place(tk)
	if line < 1 || line > len(g.found.lines) || !strings.Contains(g.found.lines[line-1], "\t") {
		return line, column
	}
	runes := []rune(g.found.lines[line-1])
	for at := column; at <= len(runes); at++ {
		if !unicode.IsSpace(runes[at-1]) {
			return line, at
		}
	}
	return line, column
}

func place(tk *token.Token) (line, column int) {
	if tk == nil || tk.Position == nil {
		return 0, 0
	}
	return tk.Position.Line, max(tk.Position.Column, 1)
}

func isQuoted(tk *token.Token) bool {
	return tk != nil && (tk.Type == token.DoubleQuoteType || tk.Type == token.SingleQuoteType)
}
