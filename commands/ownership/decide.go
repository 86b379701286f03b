package ownership

import (
	"cmp"
	"slices"
)

// Thresholds of the decision, on the model's shares. They were chosen with the
// weights, on engagements left out of the fit.
const (
	answerShare = 0.50 // from here the first candidate answers alone
	silentShare = 0.50 // from here the question is not named
	offerShare  = 0.10 // of the first candidate's: from here another is worth offering
	nearShare   = 0.02 // from here a candidate counts as considered
	offered     = 4    // candidates in a choice, at most
)

// decide turns the shares into an outcome and the candidates to show with it.
func (s *scored) decide() (Outcome, []int) {
	n := len(s.features)
	s.order = s.order[:0]
	for h := range n {
		s.order = append(s.order, h)
	}
	slices.SortStableFunc(s.order, func(a, b int) int { return cmp.Compare(s.shares[b], s.shares[a]) })
	var top float32
	if n > 0 {
		top = s.shares[s.order[0]]
	}
	unnamed, help := s.shares[n], s.shares[n+1]
	switch {
	case help > top && help > unnamed:
		return Help, nil
	case top >= answerShare:
		return Answered, s.above(nearShare)
	case unnamed >= silentShare || n < 2:
		return Unnamed, s.above(nearShare)
	}
	if list := s.above(offerShare * top); len(list) > 1 {
		return Choose, list
	}
	return Choose, s.order[:2]
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
