package simulate

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
)

// maxScript is how large a script may be.
const maxScript = 256 << 10

// problem is one thing that is wrong with a script.
type problem struct {
	line, column int
	text         string
}

// reader turns a script into a Script and remembers everything that is wrong.
type reader struct {
	name     string
	problems []problem
}

// node is a value of the file with its place.
type node struct {
	line, column int
	text         string // of a single value
	single       bool
	items        []node // of a list
	list         bool
	keys         []key // of a group
	group        bool
}

type key struct {
	name         string
	line, column int
	value        node
}

func (r *reader) fail(n node, format string, args ...any) {
	r.problems = append(r.problems, problem{n.line, n.column, fmt.Sprintf(format, args...)})
}

// Error lists every problem with file, line and column, a line each.
func (r *reader) Error() string {
	slices.SortStableFunc(r.problems, func(a, b problem) int {
		return cmp.Or(cmp.Compare(a.line, b.line), cmp.Compare(a.column, b.column))
	})
	var lines []string
	for _, p := range r.problems {
		lines = append(lines, fmt.Sprintf("%s:%d:%d: %s", r.name, p.line, p.column, p.text))
	}
	return strings.Join(lines, "\n")
}

// tree reads the YAML. False means that it can't be read any further.
func (r *reader) tree(data []byte) (n node, ok bool) {
	defer func() {
		if p := recover(); p != nil {
			r.fail(node{line: 1, column: 1}, "this can't be read as YAML (%v)", p)
			ok = false
		}
	}()
	if len(data) > maxScript {
		r.fail(node{line: 1, column: 1}, "the script is larger than %d KiB", maxScript>>10)
		return n, false
	}
	file, err := parser.ParseBytes(data, 0, parser.AllowDuplicateMapKey())
	var known yaml.Error
	switch {
	case errors.As(err, &known):
		at := known.GetToken().Position
		r.fail(node{line: at.Line, column: at.Column}, "not valid YAML: %s", known.GetMessage())
		return n, false
	case err != nil:
		r.fail(node{line: 1, column: 1}, "not valid YAML: %v", err)
		return n, false
	case len(file.Docs) == 0 || file.Docs[0].Body == nil:
		r.fail(node{line: 1, column: 1}, "the script is empty; write \"format: %s\" as its first line", Format)
		return n, false
	case len(file.Docs) > 1:
		r.fail(place(file.Docs[1].Body), "a script is one document")
		return n, false
	}
	n = r.grow(file.Docs[0].Body)
	return n, len(r.problems) == 0
}

func place(n ast.Node) node {
	if n == nil || n.GetToken() == nil {
		return node{line: 1, column: 1}
	}
	at := n.GetToken().Position
	return node{line: at.Line, column: at.Column}
}

func (r *reader) grow(from ast.Node) node {
	n := place(from)
	switch from := from.(type) {
	case *ast.MappingNode:
		r.growGroup(&n, from.Values)
	case *ast.MappingValueNode:
		r.growGroup(&n, []*ast.MappingValueNode{from})
	case *ast.SequenceNode:
		n.list = true
		for _, item := range from.Values {
			n.items = append(n.items, r.grow(item))
		}
	case *ast.StringNode:
		n.single, n.text = true, from.Value
	case *ast.LiteralNode:
		n.single, n.text = true, from.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		n.single, n.text = true, from.GetToken().Value
	case *ast.NullNode:
		r.fail(n, "there is no value here")
	default:
		r.fail(n, "anchors, aliases and tags have no place in a script; write it out")
	}
	return n
}

func (r *reader) growGroup(n *node, values []*ast.MappingValueNode) {
	n.group = true
	for i, v := range values {
		k := key{name: v.Key.GetToken().Value}
		at := place(v.Key)
		k.line, k.column = at.line, at.column
		if i == 0 {
			n.line, n.column = k.line, k.column
		}
		if slices.ContainsFunc(n.keys, func(other key) bool { return other.name == k.name }) {
			r.fail(at, "the key %q is given twice", k.name)
			continue
		}
		k.value = r.grow(v.Value)
		n.keys = append(n.keys, k)
	}
}
