package webtest

import (
	"strings"

	"golang.org/x/net/html"
)

// attr returns an attribute of an element; "" where it has none.
func attr(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// has reports whether an element has an attribute, of whatever value.
func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

// is tells elements of a tag, with an attribute of a value where one is named.
// Of a class it is enough to be among others.
func is(tag, name, value string) func(*html.Node) bool {
	return func(n *html.Node) bool {
		if n.Type != html.ElementNode || n.Data != tag {
			return false
		}
		if name == "class" {
			return classed(n, value)
		}
		return name == "" || has(n, name) && attr(n, name) == value
	}
}

// classed reports whether an element is of a class.
func classed(n *html.Node, class string) bool {
	return strings.Contains(" "+attr(n, "class")+" ", " "+class+" ")
}

// isField tells what is sent with a form, but for its buttons.
func isField(n *html.Node) bool {
	return n.Type == html.ElementNode && (n.Data == "input" || n.Data == "textarea" || n.Data == "select") && attr(n, "name") != ""
}

// all returns the elements below a node that fit, in the order of the page.
func all(n *html.Node, fits func(*html.Node) bool) []*html.Node {
	var out []*html.Node
	for d := range n.Descendants() {
		if fits(d) {
			out = append(out, d)
		}
	}
	return out
}

// first returns the first element below a node that fits, or nil.
func first(n *html.Node, fits func(*html.Node) bool) *html.Node {
	for d := range n.Descendants() {
		if fits(d) {
			return d
		}
	}
	return nil
}

// raw returns the text of a node as it is written.
func raw(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return b.String()
}

// line returns the text of a node in one line, as a page shows it.
func line(n *html.Node) string { return strings.Join(strings.Fields(raw(n)), " ") }

// valueOf is what a field holds.
func valueOf(n *html.Node) string {
	switch n.Data {
	case "textarea":
		return raw(n)
	case "select":
		options := all(n, is("option", "", ""))
		for _, o := range options {
			if has(o, "selected") {
				return attr(o, "value")
			}
		}
		if len(options) == 0 {
			return ""
		}
		return attr(options[0], "value")
	}
	return attr(n, "value")
}
