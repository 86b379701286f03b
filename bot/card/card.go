// Package card is the message that Tandem shows, before any platform gives it
// a form: a small closed set of blocks. All text in a card is plain. It holds
// no markup of any platform, so a renderer escapes every character of it.
package card

// Message is one card, read from top to bottom.
type Message struct {
	Blocks []Block
	// Refresh is for a card that says something else to some of its readers; nil
	// where it is the same to all.
	Refresh *Refresh
}

// Refresh says how a platform gets the card anew as it is for one person. One that
// shows all of them the same ignores it: the card holds for everybody.
type Refresh struct {
	Say string // the command whose reply is the card, for whoever says it
	// For are those for whom it differs, as each platform knows them.
	For map[string][]string
}

// Block is one of Heading, Paragraph, Facts, List, Table, Note, Buttons and Form.
type Block interface{ block() }

// Heading names what the card is about; a card has at most one, first.
type Heading string

// Paragraph is a sentence or more.
type Paragraph string

// Facts are labelled lines, such as Owner: Harbor Legal Group.
type Facts []Fact

// Fact is one labelled line. A label may hold the name of a side.
type Fact struct {
	Label string
	Value string
}

// List is items under a sentence; an ordered one is a path to be followed.
type List struct {
	Title   string
	Items   []string
	Ordered bool
}

// Note is small print: where the answer comes from.
type Note string

func (Heading) block()   {}
func (Paragraph) block() {}
func (Facts) block()     {}
func (List) block()      {}
func (Note) block()      {}

// New makes a card of the blocks.
func New(blocks ...Block) Message { return Message{Blocks: blocks} }

// IsZero reports whether the card says nothing.
func (m Message) IsZero() bool { return len(m.Blocks) == 0 }

// Add appends blocks.
func (m *Message) Add(blocks ...Block) { m.Blocks = append(m.Blocks, blocks...) }
