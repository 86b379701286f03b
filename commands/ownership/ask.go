package ownership

import (
	"math"
	"sync"
)

// Outcome is what a question comes to.
type Outcome string

// The outcomes.
const (
	Answered Outcome = "answer"  // one subject is clearly meant
	Choose   Outcome = "choose"  // two to four are plausible
	Unnamed  Outcome = "unnamed" // the matrix does not name it
	Help     Outcome = "help"    // no question about ownership
)

// Choice is a subject that was considered, with the model's share for it, 0 to 1.
type Choice struct {
	Subject
	Score float64 `json:"score"`
}

// Answer is what became of a question. Choices are best first: exactly the
// ones to offer where Outcome is Choose, the nearest ones otherwise.
type Answer struct {
	Outcome Outcome
	Subject Subject // of an answer
	Choices []Choice
	Matched []string // words of the question that spoke for the first choice
}

// saysNothing is the weight below which a text names no matter at all, such as
// "who owns" or "is it us or them": there is nothing to have a conversation about.
const saysNothing = 0.1

var scratch = sync.Pool{New: func() any { return &scored{} }}

// Ask finds what a question is about. It never fails: any text has an outcome,
// and the same text always the same one.
func (ix *Index) Ask(question string) Answer {
	s := scratch.Get().(*scored)
	defer scratch.Put(s)
	s.score(ix, question)
	if subject, ok := s.special(); ok {
		return Answer{Outcome: Answered, Subject: subject, Choices: []Choice{{subject, 1}}}
	}
	if s.total < saysNothing {
		return Answer{Outcome: Help, Choices: []Choice{}}
	}
	s.describe()
	fitted().weigh(s)
	a := s.answer(chosen)
	if len(s.order) > 0 && len(a.Choices) > 0 {
		a.Matched = s.matching(s.order[0])
	}
	return a
}

// answer turns the shares into an answer.
func (s *scored) answer(t thresholds) Answer {
	outcome, list := s.decide(t)
	a := Answer{Outcome: outcome, Choices: make([]Choice, len(list))}
	for i, h := range list {
		a.Choices[i] = Choice{s.ix.subject(h), math.Round(1000*float64(s.shares[h])) / 1000}
	}
	if outcome == Answered {
		a.Subject = a.Choices[0].Subject
	}
	return a
}
