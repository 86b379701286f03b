package config

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/tandem-bot/tandem/store"
)

// Options are what a file may refer to.
type Options struct {
	Getenv   func(string) string
	ReadFile func(string) ([]byte, error)
}

// Problem is one thing that is wrong with a file.
type Problem struct {
	Line    int    `json:"line"` // from 1; 0 for the file as a whole
	Column  int    `json:"column"`
	Message string `json:"message"`
	Hint    string `json:"hint,omitempty"`
}

// InvalidError is everything that is wrong with a file, in its order. Lines of the file are
// not quoted: one may hold a secret.
type InvalidError struct {
	Name     string
	Problems []Problem
}

// Error is a line for each.
func (e *InvalidError) Error() string {
	lines := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		lines[i] = fmt.Sprintf("%s:%d:%d: error: %s", e.Name, max(p.Line, 1), max(p.Column, 1), p.Message)
		if p.Hint != "" {
			lines[i] += "; " + p.Hint
		}
	}
	return strings.Join(lines, "\n")
}

// maxSize bounds what is read.
const maxSize = 1 << 20

// Read reads a configuration. What the file at path leaves out is as in
// Defaults; relative paths begin at its folder. The error is an *InvalidError.
func Read(path string, data []byte, o Options) (Config, error) {
	r := &reader{Options: o, folder: filepath.Dir(path), c: Defaults(), at: map[string]Problem{}}
	r.file(data)
	if len(r.problems) == 0 {
		r.together()
	}
	if len(r.problems) > 0 {
		slices.SortStableFunc(r.problems, func(a, b Problem) int { return cmp.Or(a.Line-b.Line, a.Column-b.Column) })
		return Config{}, &InvalidError{Name: path, Problems: r.problems}
	}
	return r.c, nil
}

type reader struct {
	Options
	folder   string
	c        Config
	at       map[string]Problem // where a key stands, by its path
	problems []Problem
}

// key is a key of a section, and what reads its value.
type key struct {
	name string
	read func(path string, value ast.Node)
}

func (r *reader) file(data []byte) {
	if len(data) > maxSize {
		r.problems = append(r.problems, Problem{Message: "the file is larger than a configuration can be", Hint: "check that this is the right file"})
		return
	}
	file, err := parser.ParseBytes(data, 0)
	if err != nil {
		p := Problem{Message: "not valid YAML"}
		var known yaml.Error
		if errors.As(err, &known) {
			if tk := known.GetToken(); tk != nil && tk.Position != nil {
				p.Line, p.Column = tk.Position.Line, tk.Position.Column
			}
			p.Message += ": " + known.GetMessage()
		}
		r.problems = append(r.problems, p)
		return
	}
	var bodies []ast.Node
	for _, d := range file.Docs {
		if d.Body != nil {
			bodies = append(bodies, d.Body)
		}
	}
	switch len(bodies) {
	case 0:
		return // all is as in Defaults
	case 1:
	default:
		r.wrong(bodies[1], "a second document starts here", "keep one configuration in a file")
		return
	}
	r.section("", bodies[0], []key{
		{"store", r.path(&r.c.Store)},
		{"listen", r.address(&r.c.Listen)},
		{"catch_up", r.length(&r.c.CatchUp)},
		{"drain", r.length(&r.c.Drain)},
		{"log", r.group(key{"level", r.level}, key{"format", r.format})},
		{"web", r.group(
			key{"chat", r.flag(&r.c.Web.Chat)},
			key{"hosts", r.hosts(&r.c.Web.Hosts)},
			key{"open_to_network", r.flag(&r.c.Web.OpenToNetwork)},
		)},
		{"slack", r.slack},
		{"teams", r.teams},
		{"health", r.group(append(
			r.secret("metrics_token", &r.c.Health.MetricsToken),
			key{"listen", r.addressOrNone(&r.c.Health.Listen)},
			key{"open_to_network", r.flag(&r.c.Health.OpenToNetwork)},
		)...)},
	})
}

// section reads a group of keys; each one that is unknown or twice there is told.
func (r *reader) section(path string, node ast.Node, keys []key) {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	case *ast.NullNode:
		return
	default:
		r.wrong(node, named(path)+" is a group of keys", "write each on a line of its own, as key: value")
		return
	}
	names := make([]string, len(keys))
	var told []string // each secret once
	for i, k := range keys {
		names[i] = k.name
		if secret := strings.TrimSuffix(strings.TrimSuffix(k.name, "_env"), "_file"); !slices.Contains(told, secret) {
			told = append(told, k.name)
		}
	}
	for _, v := range values {
		name := v.Key.GetToken().Value
		i := slices.Index(names, name)
		if i < 0 {
			hint := "there are " + strings.Join(told, ", ")
			if near, ok := store.Nearest(name, names); ok {
				hint = fmt.Sprintf("did you mean %q?", near)
			}
			r.wrong(v.Key, fmt.Sprintf("unknown key %q", in(path, name)), hint)
			continue
		}
		r.at[in(path, name)] = place(v.Key)
		keys[i].read(in(path, name), v.Value)
	}
}

func named(path string) string {
	if path == "" {
		return "a configuration"
	}
	return path
}

func in(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}

func place(n ast.Node) Problem {
	if tk := n.GetToken(); tk != nil && tk.Position != nil {
		return Problem{Line: tk.Position.Line, Column: tk.Position.Column}
	}
	return Problem{}
}

func (r *reader) wrong(n ast.Node, message, hint string) {
	p := place(n)
	p.Message, p.Hint = message, hint
	r.problems = append(r.problems, p)
}

func (r *reader) wrongAt(path, message, hint string) {
	p := r.at[path]
	p.Message, p.Hint = message, hint
	r.problems = append(r.problems, p)
}

func (r *reader) group(keys ...key) func(string, ast.Node) {
	return func(path string, n ast.Node) { r.section(path, n, keys) }
}
