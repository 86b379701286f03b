package config

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/goccy/go-yaml/ast"
)

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

// each reads a list of single values.
func (r *reader) each(path string, n ast.Node, take func(v ast.Node, text string)) {
	list, ok := n.(*ast.SequenceNode)
	if !ok {
		r.wrong(n, path+" is a list", "write [one, two]")
		return
	}
	for _, v := range list.Values {
		if text, ok := r.text(path, v); ok {
			take(v, text)
		}
	}
}

func (r *reader) hosts(to *[]string) func(string, ast.Node) {
	return func(path string, n ast.Node) {
		r.each(path, n, func(v ast.Node, text string) {
			if text == "" || strings.ContainsAny(text, "/ \t") || strings.Contains(text, "://") {
				r.wrong(v, path+" holds the names of hosts", "without scheme, port and path, like tandem.example.com")
				return
			}
			*to = append(*to, text)
		})
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
