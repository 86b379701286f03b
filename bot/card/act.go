package card

// Buttons are what a person can do next. Pressing one says its command, so a
// platform without buttons loses nothing: the command can be typed.
type Buttons []Button

// Button says Say, a command as it could be typed, in the name of whoever
// presses it. Whether they may is decided then, not when the card was drawn.
type Button struct {
	Label string
	Say   string
	Tone  Tone
}

// Tone is how much a button stands out. It never says anything alone.
type Tone string

// The tones.
const (
	Plain   Tone = ""
	Primary Tone = "primary" // what most people want next
	Danger  Tone = "danger"  // what can't be undone
)

// Form asks for several things at once. Sending it says Say with what was
// filled in beside it. A card has at most one form, last.
type Form struct {
	Title  string
	Say    string // the command that the form completes
	Submit string // the label of its button; "" means Send
	Fields []Field
	// Typed is the same as one line to be typed, with capitals for what to fill in.
	Typed string
}

// Field is one thing that a form asks for.
type Field struct {
	Name     string // the key of its value; unique in the form
	Label    string
	Hint     string
	Kind     FieldKind
	Value    string   // what stands in it already; of a Choice an option's Value
	Options  []Option // of a Choice
	Required bool
}

// FieldKind is what can be filled in.
type FieldKind string

// The kinds.
const (
	Line   FieldKind = ""       // one line of text
	Text   FieldKind = "text"   // several lines
	Choice FieldKind = "choice" // one of Options
	Day    FieldKind = "date"   // an ISO date
	Number FieldKind = "number" // a whole number
)

// Option is one of a choice.
type Option struct {
	Value string
	Label string
}

// Table is rows under headings. Every row has as many cells as there are columns.
type Table struct {
	Title   string
	Columns []string
	Rows    [][]string
}

func (Buttons) block() {}
func (Form) block()    {}
func (Table) block()   {}
