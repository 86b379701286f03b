package webtest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/net/html"

	"github.com/tandem-bot/tandem/bot/bottest"
)

// Seen returns what the person sees of Tandem's in the place.
func (p *Page) Seen(ctx context.Context, person, place string) ([]bottest.Message, error) {
	page, err := p.open(ctx, bottest.Spot{Person: person, Place: place})
	if err != nil {
		return nil, err
	}
	var seen []bottest.Message
	for _, article := range all(page, is("article", "", "")) {
		if !classed(article, "tandem") {
			continue
		}
		card := first(article, is("div", "class", "card"))
		if card == nil {
			return nil, fmt.Errorf("message %s of Tandem has no card", attr(article, "data-id"))
		}
		m := bottest.Message{
			ID: attr(article, "data-id"), Text: strings.Join(read(card), "\n"),
			Private: first(article, is("span", "class", "only")) != nil,
		}
		if root := first(article, is("a", "class", "thread")); root != nil {
			m.Thread = strings.TrimPrefix(attr(root, "href"), "#m")
		}
		for _, form := range all(card, is("form", "", "")) {
			for _, button := range all(form, is("button", "name", "say")) {
				m.Buttons = append(m.Buttons, line(button))
			}
			for _, field := range all(form, isField) {
				if name, ok := strings.CutPrefix(attr(field, "name"), fieldPrefix); ok {
					m.Fields = append(m.Fields, name)
				}
			}
		}
		seen = append(seen, m)
	}
	return seen, nil
}

// read says a card in lines, as somebody would who reads it to another: what
// the page tells by its form, such as a step's number or a cell's column, is
// told in words. Forms are not read, but for their title.
func read(card *html.Node) []string {
	var out []string
	for block := range card.ChildNodes() {
		if block.Type != html.ElementNode {
			continue
		}
		switch block.Data {
		case "dl":
			for _, fact := range all(block, is("div", "", "")) {
				out = append(out, said(fact, "dt")+": "+said(fact, "dd"))
			}
		case "form":
			if title := first(block, is("p", "class", "card-title")); title != nil {
				out = append(out, line(title))
			}
		case "div":
			out = append(out, readList(block)...)
			out = append(out, readTable(block)...)
		default:
			out = append(out, line(block))
		}
	}
	return out
}

// said is the text of the first element of a tag; "" where there is none.
func said(n *html.Node, tag string) string {
	if d := first(n, is(tag, "", "")); d != nil {
		return line(d)
	}
	return ""
}

// readList says a list: a title, and a line for each item.
func readList(list *html.Node) []string {
	var out []string
	if title := first(list, is("p", "class", "card-title")); title != nil {
		out = append(out, line(title))
	}
	for i, item := range all(list, is("li", "", "")) {
		mark := "  - "
		if item.Parent.Data == "ol" {
			mark = "  " + strconv.Itoa(i+1) + ". "
		}
		out = append(out, mark+line(item))
	}
	return out
}

// readTable says a table: a line for each row, with its columns' names.
func readTable(table *html.Node) []string {
	var out, columns []string
	if title := first(table, is("caption", "", "")); title != nil {
		out = append(out, line(title))
	}
	for _, c := range all(table, is("th", "scope", "col")) {
		columns = append(columns, line(c))
	}
	body := first(table, is("tbody", "", ""))
	if body == nil {
		return out
	}
	for _, row := range all(body, is("tr", "", "")) {
		var cells []string
		for i, cell := range all(row, func(n *html.Node) bool { return n.Data == "td" || n.Data == "th" }) {
			text := line(cell)
			if text == "" {
				continue
			}
			if i > 0 && i < len(columns) {
				text = columns[i] + ": " + text
			}
			cells = append(cells, text)
		}
		out = append(out, "  - "+strings.Join(cells, "; "))
	}
	return out
}
