package ownership

// conceptual matches what the question speaks of with what candidates speak of.
func (s *scored) conceptual() {
	s.concepts = s.concepts[:0]
	thesaurus := s.ix.language.thesaurus
	for _, m := range s.reading.mentions {
		holders := s.ix.held(m.concept)
		weight := s.weigh(m)
		c := &thesaurus.concepts[m.concept]
		if attackConcepts[c.name] {
			s.attack = max(s.attack, m.strength)
		}
		switch {
		case len(holders) > 0:
			s.inside = max(s.inside, m.strength*weight)
			s.light(m, weight, holders)
		case c.outside:
			s.outside = max(s.outside, m.strength*weight)
		default:
			s.unheld = max(s.unheld, m.strength*weight)
			for _, b := range c.broader {
				if holders := s.ix.held(b.concept); len(holders) > 0 {
					wider := mention{m.from, m.to, sense{b.concept, m.strength * b.strength}}
					s.inside = max(s.inside, wider.strength*weight)
					s.light(wider, weight, holders)
				}
			}
		}
	}
	for _, l := range s.concepts {
		holders := s.ix.held(l.concept)
		rare := s.ix.rareness(len(holders))
		for _, h := range holders {
			e := &s.evidence[h.candidate]
			e.name += l.strength * l.weight * rare * float32(h.name) / 255
			e.rest += l.strength * l.weight * rare * float32(h.rest) / 255
		}
	}
}

// weigh is how much the words of a mention say together; a phrase of words
// that say nothing alone says something, and no phrase says everything.
func (s *scored) weigh(m mention) float32 {
	var w float32
	for _, u := range s.reading.units[m.from:m.to] {
		if !u.denied {
			w += max(u.weight, 0.3)
		}
	}
	return min(w, 2)
}

// light notes a mention of a concept. Mentioned twice, it counts once, as its
// stronger mention.
func (s *scored) light(m mention, weight float32, holders []holder) {
	rare := s.ix.rareness(len(holders))
	for _, h := range holders {
		gain := m.strength * rare * max(float32(h.name), conceptMatch*float32(h.rest)) / 255
		for i := m.from; i < m.to; i++ {
			s.match(h.candidate, i, gain)
		}
	}
	for i := range s.concepts {
		if l := &s.concepts[i]; l.concept == m.concept {
			if m.strength*weight > l.strength*l.weight {
				l.strength, l.weight = m.strength, weight
			}
			return
		}
	}
	s.concepts = append(s.concepts, lit{m.concept, m.strength, weight})
}

// topical projects the question into the space of concepts, and into that of meanings.
func (s *scored) topical() {
	thesaurus := s.ix.language.thesaurus
	if len(s.topics) == 0 {
		s.topics = make([]float32, len(thesaurus.concepts))
	}
	for _, c := range s.touched {
		s.topics[c] = 0
	}
	s.touched = s.touched[:0]
	s.place = vector{}
	vectors := s.ix.language.vectors
	for i := range s.reading.units {
		if u := &s.reading.units[i]; u.weight > 0 {
			vectors.addStem(&s.place, u.stem, u.weight)
			s.touched = s.ix.language.topics.project(s.topics, s.touched, u.stem, u.weight)
		}
	}
	for _, m := range s.reading.mentions {
		s.touched = touch(s.topics, s.touched, int16(m.concept), mentionTopic*m.strength)
		vectors.addConcept(&s.place, m, 1)
	}
	s.place.unit()
	var length, outside float32
	for _, c := range s.touched {
		square := s.topics[c] * s.topics[c]
		length += square
		if thesaurus.concepts[c].outside {
			outside += square
		}
	}
	s.stray = 0
	if length > 0 {
		s.stray = outside / length
		length = sqrt(length)
	}
	for _, c := range s.touched {
		s.topics[c] /= length
	}
}
