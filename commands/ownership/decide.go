package ownership

// thresholds of the decision, on the model's shares.
type thresholds struct {
	answer float32 // from here the first candidate answers alone
	margin float32 // or when it is that many times the next and unnamed
	silent float32 // from here the question is not named
	offer  float32 // of the first candidate's: from here another is worth offering
}

// chosen with the weights, on engagements left out of the fit.
var chosen = thresholds{answer: 0.55, margin: 4, silent: 0.3, offer: 0.05}

const (
	chattyShare = 0.1 // below it no candidate stands in the way of small talk
	// A text speaks of something where it asks who, or reports that something is wrong,
	// and has so much weight; where it ends in a question mark and has more, in some
	// words; or where it is in another language: that many words, and half of all, are
	// none that are known.
	asksWeight                = 1
	speaksWeight, speaksWords = 2, 3
	strangeWords              = 2

	chattyMatch = 0.5 // small talk speaks of nothing that the engagement knows, unless it says that it is small talk

	nearShare = 0.02 // from here a candidate counts as considered
	offered   = 4    // candidates in a choice, at most
)

// decide turns the shares into an outcome and the candidates to show with it.
func (s *scored) decide(t thresholds) (Outcome, []int) {
	n := len(s.features)
	s.rank(n)
	var top, next float32
	if n > 0 {
		top = s.shares[s.order[0]]
	}
	if n > 1 {
		next = s.shares[s.order[1]]
	}
	unnamed, help := s.shares[n], s.shares[n+1]
	switch {
	case help > top && help > unnamed && (s.chatty || top < chattyShare):
		if s.speaks { // of something, if in another language: silence would lose it
			return Unnamed, s.above(nearShare)
		}
		return Help, nil
	case top >= t.answer || top >= t.margin*max(next, unnamed, help):
		return Answered, s.above(nearShare)
	case unnamed >= t.silent || n < 2:
		return Unnamed, s.above(nearShare)
	}
	if list := s.above(t.offer * top); len(list) > 1 {
		return Choose, list
	}
	return Choose, s.order[:2]
}

// rank puts the first few of n candidates into s.order, best first.
func (s *scored) rank(n int) {
	s.order = s.order[:0]
	for h := range n {
		if len(s.order) == offered && s.shares[h] <= s.shares[s.order[offered-1]] {
			continue
		}
		if len(s.order) < offered {
			s.order = append(s.order, h)
		} else {
			s.order[offered-1] = h
		}
		for i := len(s.order) - 1; i > 0 && s.shares[s.order[i]] > s.shares[s.order[i-1]]; i-- {
			s.order[i], s.order[i-1] = s.order[i-1], s.order[i]
		}
	}
}

// above returns the first candidates whose share is at least the given one.
func (s *scored) above(share float32) []int {
	list := s.order[:min(offered, len(s.order))]
	for i, h := range list {
		if s.shares[h] < share {
			return list[:i]
		}
	}
	return list
}
