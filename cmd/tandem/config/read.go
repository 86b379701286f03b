package config

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

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
			key{"hosts", r.texts(&r.c.Web.Hosts)},
			key{"open_to_network", r.flag(&r.c.Web.OpenToNetwork)},
		)},
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
	for i, k := range keys {
		names[i] = k.name
	}
	for _, v := range values {
		name := v.Key.GetToken().Value
		i := slices.Index(names, name)
		if i < 0 {
			hint := "there are " + strings.Join(names, ", ")
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

// text reads a single value. It is not told back where it is wrong, since it
// may be a secret at the wrong key.
func (r *reader) text(path string, n ast.Node) (string, bool) {
	switch v := n.(type) {
	case *ast.StringNode:
		return v.Value, true
	case *ast.LiteralNode:
		return v.Value.Value, true
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return n.GetToken().Value, true
	case *ast.NullNode:
		return "", true
	}
	r.wrong(n, path+" is one text", "write it behind the colon")
	return "", false
}

func (r *reader) flag(to *bool) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		switch strings.ToLower(text) {
		case "true", "yes", "on":
			*to = true
		case "false", "no", "off":
			*to = false
		default:
			r.wrong(n, path+" is yes or no", "")
		}
	}
}

func (r *reader) path(to *string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		switch {
		case !ok:
		case text == "":
			r.wrong(n, path+" needs the path of a file", "or leave the key out")
		default:
			*to = r.relative(text)
		}
	}
}

// relative is a path as seen from the file.
func (r *reader) relative(path string) string {
	if filepath.IsAbs(path) {
		return path
	}
	return filepath.Join(r.folder, path)
}

func (r *reader) address(to *string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		_, port, err := net.SplitHostPort(text)
		number, bad := strconv.Atoi(port)
		if err != nil || bad != nil || number < 0 || number > 65535 {
			r.wrong(n, path+" is an address and a port", "write it like 127.0.0.1:8737, or 0.0.0.0:8737 for every address of the machine")
			return
		}
		*to = text
	}
}

func (r *reader) addressOrNone(to *string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		if text, ok := r.text(path, n); ok && (text == "" || text == "off" || text == "no" || text == "false") {
			*to = ""
			return
		}
		r.address(to)(path, n)
	}
}

func (r *reader) length(to *time.Duration) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		d, err := time.ParseDuration(text)
		if err != nil || d <= 0 || d > 7*24*time.Hour {
			r.wrong(n, path+" is a length of time", "write it like 4h, 90m or 10s; a week at most")
			return
		}
		*to = d
	}
}

func (r *reader) level(path string, n ast.Node) {
	text, ok := r.text(path, n)
	if !ok {
		return
	}
	levels := map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError}
	if r.c.Log.Level, ok = levels[text]; !ok {
		r.wrong(n, path+" is debug, info, warn or error", "")
	}
}

func (r *reader) format(path string, n ast.Node) {
	text, ok := r.text(path, n)
	if ok && text != "text" && text != "json" {
		r.wrong(n, path+" is text or json", "")
	}
	r.c.Log.JSON = text == "json"
}

func (r *reader) texts(to *[]string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		list, ok := n.(*ast.SequenceNode)
		if !ok {
			r.wrong(n, path+" is a list", "write [one, two]")
			return
		}
		for _, v := range list.Values {
			text, ok := r.text(path, v)
			switch {
			case !ok:
			case text == "" || strings.ContainsAny(text, "/ \t") || strings.Contains(text, "://"):
				r.wrong(v, path+" holds the names of hosts", "without scheme, port and path, like tandem.example.com")
			default:
				*to = append(*to, text)
			}
		}
	}
}

// secret makes the three keys of a secret: itself, a file that holds it, and
// the name of an environment variable that does.
func (r *reader) secret(name string, to *Secret) []key {
	given := ""
	take := func(path string, n ast.Node, get func(string) (string, error)) {
		text, ok := r.text(path, n)
		if !ok {
			return
		}
		if given != "" {
			r.wrong(n, fmt.Sprintf("%s and %s say the same secret", given, path), "keep one of them")
			return
		}
		given = path
		value, err := get(text)
		if err == nil && value == "" {
			err = errors.New("it is empty")
		}
		if err != nil {
			r.wrong(n, fmt.Sprintf("%s gives no secret: %v", path, err), "")
			return
		}
		*to = Secret(value)
	}
	return []key{
		{name, func(path string, n ast.Node) {
			take(path, n, func(text string) (string, error) { return text, nil })
		}},
		{name + "_file", func(path string, n ast.Node) {
			take(path, n, func(file string) (string, error) {
				data, err := r.ReadFile(r.relative(file))
				return strings.TrimRight(string(data), "\r\n"), err
			})
		}},
		{name + "_env", func(path string, n ast.Node) {
			take(path, n, func(variable string) (string, error) {
				if value := r.Getenv(variable); value != "" {
					return value, nil
				}
				return "", fmt.Errorf("the environment has no %s", strconv.Quote(variable))
			})
		}},
	}
}

// together checks what the keys say together.
func (r *reader) together() {
	c := &r.c
	if !c.Web.Chat {
		r.wrongAt("web.chat", "no chat is on, so nobody could be reached", "turn web.chat on")
	}
	if c.Web.Chat && !Loopback(c.Listen) && !c.Web.OpenToNetwork {
		r.wrongAt("listen", "listen is open to the network, and whoever reaches the web chat can speak as anybody",
			"say web.open_to_network: yes if that is meant, or listen on 127.0.0.1")
	}
	if len(c.Web.Hosts) > 0 && !c.Web.OpenToNetwork {
		r.wrongAt("web.hosts", "web.hosts lets others reach the web chat, and whoever does can speak as anybody",
			"say web.open_to_network: yes if that is meant, or leave web.hosts out")
	}
	if c.Health.Listen != "" && !Loopback(c.Health.Listen) && !c.Health.OpenToNetwork {
		r.wrongAt("health.listen", "health.listen is open to the network",
			"say health.open_to_network: yes if that is meant, or listen on 127.0.0.1")
	}
	if c.Health.Listen == c.Listen && !strings.HasSuffix(c.Listen, ":0") {
		r.wrongAt("health.listen", "health.listen and listen are the same address", "give each its own port")
	}
}
