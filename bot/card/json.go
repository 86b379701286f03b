package card

import (
	"encoding/json"
	"fmt"
)

// The names of the blocks in JSON. They stand in stored messages and never change.
const (
	jsonHeading   = "heading"
	jsonParagraph = "paragraph"
	jsonFacts     = "facts"
	jsonList      = "list"
	jsonTable     = "table"
	jsonNote      = "note"
	jsonButtons   = "buttons"
	jsonForm      = "form"
	jsonRefresh   = "refresh" // no block; it stands among them, since it came later
)

// jsonBlock is a block in JSON: its name, and one of text and value.
type jsonBlock struct {
	Block string          `json:"block"`
	Text  string          `json:"text,omitempty"`
	Value json.RawMessage `json:"value,omitempty"`
}

// MarshalJSON writes the card so that it can be kept and read again.
func (m Message) MarshalJSON() ([]byte, error) {
	blocks := make([]jsonBlock, len(m.Blocks))
	for i, b := range m.Blocks {
		var err error
		if blocks[i], err = encodeBlock(b); err != nil {
			return nil, err
		}
	}
	if m.Refresh != nil {
		value, err := json.Marshal(m.Refresh)
		if err != nil {
			return nil, err
		}
		blocks = append(blocks, jsonBlock{Block: jsonRefresh, Value: value})
	}
	return json.Marshal(blocks)
}

func encodeBlock(b Block) (jsonBlock, error) {
	var out jsonBlock
	switch b := b.(type) {
	case Heading:
		return jsonBlock{Block: jsonHeading, Text: string(b)}, nil
	case Paragraph:
		return jsonBlock{Block: jsonParagraph, Text: string(b)}, nil
	case Note:
		return jsonBlock{Block: jsonNote, Text: string(b)}, nil
	case Facts:
		out.Block = jsonFacts
	case List:
		out.Block = jsonList
	case Table:
		out.Block = jsonTable
	case Buttons:
		out.Block = jsonButtons
	case Form:
		out.Block = jsonForm
	default:
		return out, fmt.Errorf("card: a block of type %T", b)
	}
	var err error
	out.Value, err = json.Marshal(b)
	return out, err
}

// UnmarshalJSON reads what MarshalJSON wrote. A block that it does not know,
// from a newer Tandem, is an error: half a card would say something else.
func (m *Message) UnmarshalJSON(data []byte) error {
	var blocks []jsonBlock
	if err := json.Unmarshal(data, &blocks); err != nil {
		return err
	}
	m.Blocks, m.Refresh = make([]Block, 0, len(blocks)), nil
	for _, b := range blocks {
		if b.Block == jsonRefresh {
			if err := json.Unmarshal(b.Value, &m.Refresh); err != nil {
				return fmt.Errorf("card: block %s: %w", b.Block, err)
			}
			continue
		}
		block, err := decodeBlock(b)
		if err != nil {
			return err
		}
		m.Blocks = append(m.Blocks, block)
	}
	return nil
}

func decodeBlock(b jsonBlock) (Block, error) {
	switch b.Block {
	case jsonHeading:
		return Heading(b.Text), nil
	case jsonParagraph:
		return Paragraph(b.Text), nil
	case jsonNote:
		return Note(b.Text), nil
	case jsonFacts:
		return value[Facts](b)
	case jsonList:
		return value[List](b)
	case jsonTable:
		return value[Table](b)
	case jsonButtons:
		return value[Buttons](b)
	case jsonForm:
		return value[Form](b)
	}
	return nil, fmt.Errorf("card: no block %q is known", b.Block)
}

func value[B Block](b jsonBlock) (Block, error) {
	var v B
	if err := json.Unmarshal(b.Value, &v); err != nil {
		return nil, fmt.Errorf("card: block %s: %w", b.Block, err)
	}
	return v, nil
}
