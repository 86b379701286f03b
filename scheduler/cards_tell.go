package scheduler

import (
	"strconv"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// conversationCard tells both leads of a question that has no name in the matrix.
func (p *planner) conversationCard(c *store.Conversation) card.Message {
	n := strconv.Itoa(c.ID)
	m := card.New(card.Heading("A question without a name"),
		card.Paragraph("“"+c.Question+"” isn't named in the matrix, so it's a conversation, not an assumption."),
		card.Facts{{Label: "Conversation", Value: n}, {Label: "Asked by", Value: p.asker(c.Asker) + ", " + p.when(c.Opened)}})
	var nearest []string
	for _, s := range c.Nearest {
		if f, ok := p.e.Function(s.ID); ok && s.Kind == "function" {
			nearest = append(nearest, f.Name)
		}
	}
	if len(nearest) > 0 {
		m.Add(card.List{Title: "The nearest rows:", Items: nearest})
	}
	m.Add(card.Buttons{{Label: "Close " + n, Say: "close " + n, Tone: card.Primary}, {Label: "All conversations", Say: "conversations"}},
		card.Note("Both leads hear this, once. It closes by a row, an exclusion or an alias."))
	return m
}

func (p *planner) asker(a store.Asker) string {
	if person, ok := p.e.Person(a.Person); ok {
		return person.Name
	}
	if a.Name != "" {
		return a.Name
	}
	return "somebody who is on no list"
}

// deadCard tells managers of a message that could not be delivered.
func (p *planner) deadCard(d *store.Delivery) card.Message {
	reason := d.Error
	if reason == "" {
		reason = "the platform gave no reason"
	}
	facts := card.Facts{{Label: "Message", Value: kindWord(d.Kind)}, {Label: "To", Value: p.placeName(d.To)}, {Label: "Why", Value: reason}}
	if !d.First.IsZero() {
		facts = append(facts, card.Fact{Label: "Waiting since", Value: p.when(d.First)})
	}
	text := "Tandem has given up on it, so that it is said here rather than lost. What it was about is kept."
	if d.Update != "" {
		text = "The message stands where it was, without its last change. What it was about is kept."
	}
	return card.New(card.Heading("A message could not be delivered"), card.Paragraph(text), facts,
		card.Note("If a channel was archived or the bot removed from it, invite it again or name another channel in the engagement's file."))
}

// placeName says an address by the name that the engagement has for it.
func (p *planner) placeName(a store.Address) string {
	for i := range p.e.Channels {
		name := p.e.Channels[i].Name
		for _, other := range p.Places.Channels[name] {
			if other == a {
				return "the channel " + name + " on " + a.Platform
			}
		}
	}
	for i := range p.e.People {
		for _, other := range p.Places.People[p.e.People[i].ID] {
			if other == a {
				return p.e.People[i].Name + " on " + a.Platform
			}
		}
	}
	return "a place on " + a.Platform + " that the engagement no longer names"
}

// kindWord is what people call a kind of post.
func kindWord(kind string) string {
	switch kind {
	case kindPrompt:
		return "the prompt of a standup"
	case kindNudge, kindReminder, kindAckReminder:
		return "a reminder"
	case kindDigest:
		return "the digest of a standup"
	case kindRecord:
		return "a request to record"
	case kindAck:
		return "a request for an acknowledgement"
	case kindAlert:
		return "an alert of drift"
	case kindLeadership:
		return "a note about leadership"
	case kindRestore:
		return "that a restore failed"
	case kindConversation:
		return "a new conversation"
	default:
		return "a message"
	}
}
