package teams

import (
	"strconv"

	"github.com/tandem-bot/tandem/bot/card"
)

func (p *pager) list(l card.List) {
	if title := card.Clean(l.Title); title != "" {
		for _, t := range pieces(title, p.piece, costPlain) {
			p.put(card.Paragraph(t), rich("", run(t, plainly)))
		}
	}
	for i, item := range l.Items {
		mark := "• "
		if l.Ordered {
			mark = strconv.Itoa(i+1) + ". "
		}
		for j, t := range pieces(card.Clean(item), p.piece, costPlain) {
			if j == 0 {
				t = mark + t
			}
			p.put(card.Paragraph(t), rich("small", run(t, plainly)))
		}
	}
}

// tableMost is how many columns a table has room for; a wider one is told row by row.
const tableMost = 6

// table draws a table, whose heading is repeated on each page. A row that is too
// long for a page is told as lines.
func (p *pager) table(t card.Table) {
	if title := card.Clean(t.Title); title != "" {
		for _, s := range pieces(title, p.piece, costPlain) {
			p.put(card.Paragraph(s), rich("", run(s, bold)))
		}
	}
	if len(t.Columns) == 0 || len(t.Columns) > tableMost {
		for _, row := range t.Rows {
			p.lines(t.Columns, row)
		}
		return
	}
	top := row(t.Columns, bold)
	var rows []object
	used, said := 0, card.Table{Columns: t.Columns}
	flush := func() {
		if len(rows) == 0 {
			return
		}
		columns := make([]object, len(t.Columns))
		for i := range columns {
			columns[i] = object{"width": 1}
		}
		p.put(said, object{"type": "Table", "columns": columns, "firstRowAsHeader": true, "rows": append([]object{top}, rows...)})
		p.full = p.full || len(t.Columns) > 2
		rows, used, said.Rows = nil, 0, nil
	}
	base := size(top) + 120 + 16*len(t.Columns)
	for _, cells := range t.Rows {
		r := row(cells, plainly)
		n := size(r) + 1
		if base+n > p.most/2 || len(cells) > len(t.Columns) {
			flush()
			p.lines(t.Columns, cells)
			continue
		}
		if len(rows) > 0 && p.used+base+used+n > p.most {
			flush()
		}
		if len(rows) == 0 && p.used+base+n > p.most {
			p.turn()
		}
		rows, used, said.Rows = append(rows, r), used+n, append(said.Rows, cells)
	}
	flush()
}

func row(cells []string, style object) object {
	out := make([]object, len(cells))
	for i, c := range cells {
		out[i] = object{"type": "TableCell", "items": []object{rich("", run(card.Clean(c), style))}}
	}
	return object{"type": "TableRow", "cells": out}
}

// lines tells a row as facts, each cell after its column's name.
func (p *pager) lines(columns, cells []string) {
	for i, c := range cells {
		if card.Clean(c) == "" {
			continue
		}
		f := card.Fact{Value: c}
		if i < len(columns) {
			f.Label = columns[i]
		}
		p.facts(card.Facts{f}, i > 0)
	}
}
