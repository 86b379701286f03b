package teams

import (
	"strings"

	"github.com/tandem-bot/tandem/bot/card"
)

// Most is how many bytes an Adaptive Card takes at most. Teams refuses messages
// beyond about 28 KB; the envelope and the texts beside the card take the rest.
const Most = 24 << 10

// Render draws a card as Adaptive Cards of version 1.5, one a message. What one
// has no room for goes on in the next. It depends on nothing but the card.
func Render(m card.Message) []Content { return RenderWithin(m, Most) }

// RenderWithin is Render for messages of another size, as after a refusal.
func RenderWithin(m card.Message, most int) []Content {
	p := pager{most: most - overhead, piece: max(most/4, 200)}
	for i, b := range m.Blocks {
		p.block(b, i == 0)
	}
	p.turn()
	return p.pages
}

// overhead is what a card takes beside its body.
const overhead = fallbackMost + speakMost + 300

// pager lays elements out on pages.
type pager struct {
	most, piece int
	pages       []Content

	body  []object
	used  int
	full  bool
	plain card.Message // what stands on the page
}

// turn ends a page.
func (p *pager) turn() {
	if len(p.body) == 0 {
		return
	}
	text := strings.Join(strings.Fields(p.plain.Plain()), " ")
	summary := text
	for _, b := range p.plain.Blocks { // the heading says it shortest
		if h, ok := b.(card.Heading); ok {
			summary = card.Clean(string(h))
			break
		}
	}
	p.pages = append(p.pages, Content{Body: p.body, Full: p.full, Summary: head(summary, summaryMost), plain: text})
	p.body, p.used, p.full, p.plain = nil, 0, false, card.Message{}
}

// put adds elements that stay together, on a new page where this one is full.
func (p *pager) put(of card.Block, elements ...object) {
	n := 0
	for _, e := range elements {
		n += size(e) + 1
	}
	if p.used+n > p.most {
		p.turn()
	}
	p.body = append(p.body, elements...)
	p.used += n
	p.plain.Add(of)
}

// block lays a block out, in pieces where it is long.
func (p *pager) block(b card.Block, first bool) {
	switch b := b.(type) {
	case card.Heading:
		for _, t := range pieces(card.Clean(string(b)), p.piece, costHeading) {
			p.put(card.Heading(t), heading(t))
		}
	case card.Paragraph:
		for _, t := range pieces(card.Clean(string(b)), p.piece, costPlain) {
			p.put(card.Paragraph(t), rich("", run(t, plainly)))
		}
	case card.Note:
		for _, t := range pieces(card.Clean(string(b)), p.piece, costPlain) {
			p.put(card.Note(t), rich("", run(t, small)))
		}
	case card.Facts:
		p.facts(b, first)
	case card.List:
		p.list(b)
	case card.Table:
		p.table(b)
	case card.Buttons:
		p.buttons(b)
	case card.Form:
		p.form(b)
	}
}

func (p *pager) facts(facts card.Facts, first bool) {
	for i, f := range facts {
		spacing := "small"
		if i == 0 && !first {
			spacing = ""
		}
		label, value := card.Clean(f.Label)+": ", card.Clean(f.Value)
		labels := pieces(label, p.piece, costPlain)
		last := labels[len(labels)-1]
		for _, l := range labels[:len(labels)-1] {
			p.put(card.Paragraph(l), rich(spacing, run(l, bold)))
		}
		for j, v := range pieces(value, p.piece, costPlain) {
			if j > 0 {
				p.put(card.Paragraph(v), rich("none", run(v, plainly)))
				continue
			}
			p.put(card.Paragraph(last+v), rich(spacing, run(last, bold), run(v, plainly)))
		}
	}
}
