package slack

import (
	"strings"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot/card"
)

// tableOf adds a table as one where Slack has room for it, and as a list
// otherwise: a line for each row that says its columns.
func (b *builder) tableOf(t card.Table) {
	title := read(t.Title)
	rows, need, ok := cells(t)
	if !ok || b.view || need+cost(title) > b.budget {
		items := make([]string, len(t.Rows))
		for i, row := range t.Rows {
			items[i] = rowLine(t.Columns, row)
		}
		b.items(title, items, false)
		return
	}
	need += cost(title)
	if b.table || b.used+need > b.budget || len(b.blocks)+2 > b.most {
		b.flush()
	}
	if title != "" {
		b.line("", title)
	}
	b.room(need-cost(title), true)
	settings := make([]sdk.ColumnSetting, len(t.Columns))
	for i := range settings {
		settings[i] = sdk.ColumnSetting{Align: sdk.ColumnAlignmentLeft, IsWrapped: true}
	}
	b.blocks = append(b.blocks, &sdk.TableBlock{Type: sdk.MBTTable, Rows: rows, ColumnSettings: settings})
	b.table = true
	for _, row := range t.Rows {
		b.say("  - ", rowLine(t.Columns, row))
	}
}

// cells returns the rows of a table with its head, and the length of its texts.
func cells(t card.Table) (rows [][]sdk.TableCell, need int, ok bool) {
	if len(t.Rows) == 0 || len(t.Rows) >= maxRows || len(t.Columns) == 0 || len(t.Columns) > maxColumns {
		return nil, 0, false
	}
	for i := -1; i < len(t.Rows); i++ {
		from := t.Columns
		if i >= 0 {
			from = t.Rows[i]
		}
		if len(from) > len(t.Columns) {
			return nil, 0, false
		}
		row := make([]sdk.TableCell, len(t.Columns))
		for k := range row {
			text := emptyCell
			if k < len(from) {
				if said := read(from[k]); said != "" {
					text = said
				}
			}
			need += cost(text)
			row[k] = &sdk.TableRawTextCell{Type: sdk.TableCellRawText, Text: text}
		}
		rows = append(rows, row)
	}
	return rows, need, true
}

// rowLine says a row: its first cell, then each other after its column's name.
func rowLine(columns, row []string) string {
	var out strings.Builder
	for i, cell := range row {
		if cell = read(cell); cell == "" {
			continue
		}
		if out.Len() > 0 {
			out.WriteString("; ")
		}
		if i > 0 && i < len(columns) {
			out.WriteString(read(columns[i]) + ": ")
		}
		out.WriteString(cell)
	}
	return out.String()
}
