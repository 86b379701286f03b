package bottest

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
)

// Platform returns the Fake itself.
func (f *Fake) Platform() bot.Platform { return f }

// Address returns where a post for the spot goes.
func (f *Fake) Address(s Spot) bot.Address {
	engagement, person := f.w.Engagement(s.Person)
	a := bot.Address{Platform: f.name, Thread: s.Thread}
	if s.Place == "" {
		a.User = engagement + "/" + person
	} else {
		a.Channel = engagement + "/" + s.Place
	}
	return a
}

// Say types a text. A mention at its beginning is taken off.
func (f *Fake) Say(ctx context.Context, s Spot, text string) error {
	e := f.event(s)
	e.Text = strings.TrimPrefix(text, "@Tandem ")
	return f.handle(ctx, e)
}

// Press presses a button.
func (f *Fake) Press(ctx context.Context, s Spot, message, label string) error {
	m, err := f.message(s, message)
	if err != nil {
		return err
	}
	button, ok := Button(m.card, label)
	if !ok {
		return fmt.Errorf("message %s has no button %q", message, label)
	}
	e := f.event(s)
	e.Say, e.Message = button.Say, message
	return f.handle(ctx, e)
}

// Submit sends a form.
func (f *Fake) Submit(ctx context.Context, s Spot, message string, values map[string]string) error {
	m, err := f.message(s, message)
	if err != nil {
		return err
	}
	form, ok := Form(m.card)
	if !ok {
		return fmt.Errorf("message %s has no form", message)
	}
	e := f.event(s)
	e.Say, e.Message, e.Values = form.Say, message, map[string]string{}
	for _, field := range form.Fields {
		e.Values[field.Name] = field.Value
		if v, given := values[field.Name]; given {
			e.Values[field.Name] = v
		}
	}
	return f.handle(ctx, e)
}

// Again delivers the last event once more.
func (f *Fake) Again(ctx context.Context) error {
	f.mu.Lock()
	e := f.last
	f.mu.Unlock()
	return f.handle(ctx, e)
}

// Seen returns what the person sees in the place.
func (f *Fake) Seen(_ context.Context, person, place string) ([]Message, error) {
	at := f.Address(Spot{Person: person, Place: place})
	engagement, id := f.w.Engagement(person)
	f.mu.Lock()
	defer f.mu.Unlock()
	var seen []Message
	for i, s := range f.shown {
		if s.to.Channel != at.Channel || at.Channel == "" && s.to.User != at.User || s.only != "" && s.only != engagement+"/"+id {
			continue
		}
		m := See(s.card)
		m.ID, m.Thread, m.Private = "m"+strconv.Itoa(i+1), s.to.Thread, s.only != ""
		seen = append(seen, m)
	}
	return seen, nil
}

// message returns one that is seen from the spot.
func (f *Fake) message(s Spot, id string) (shown, error) {
	at := f.Address(Spot{Person: s.Person, Place: s.Place})
	f.mu.Lock()
	defer f.mu.Unlock()
	i := f.index(id)
	if i < 0 || f.shown[i].to.Channel != at.Channel || at.Channel == "" && f.shown[i].to.User != at.User {
		return shown{}, fmt.Errorf("there is no message %q there", id)
	}
	return f.shown[i], nil
}

// event begins one of the person in the place.
func (f *Fake) event(s Spot) bot.Event {
	engagement, person := f.w.Engagement(s.Person)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.events++
	return bot.Event{
		Platform: f.name, ID: "e" + strconv.Itoa(f.events),
		User: engagement + "/" + person, Name: f.w.name(engagement, person),
		Channel: f.Address(s).Channel, Thread: s.Thread, At: f.w.Clock.Now(),
	}
}

// name returns what a person or stranger is called.
func (w World) name(engagement, person string) string {
	for _, e := range w.Engagements {
		for _, p := range e.People {
			if e.ID == engagement && p.ID == person {
				return p.Name
			}
		}
	}
	return strings.TrimPrefix(person, "?")
}

// handle hands an event on and shows the reply.
func (f *Fake) handle(ctx context.Context, e bot.Event) error {
	f.mu.Lock()
	f.last = e
	f.mu.Unlock()
	r, fresh := f.w.Handler.Handle(ctx, e)
	if !fresh || r.Card.IsZero() {
		return nil
	}
	p := bot.Post{To: bot.Address{Platform: f.name, Channel: e.Channel, Thread: e.Thread}, Card: r.Card}
	only := ""
	switch {
	case e.Direct():
		p.To.User = e.User
	case r.Private:
		only = e.User
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if r.Replace && f.index(e.Message) >= 0 {
		p.Update = e.Message
	}
	f.log = append(f.log, Sent{Post: p, ID: f.put(p, only), At: e.At, Only: only, Reply: true})
	return nil
}
