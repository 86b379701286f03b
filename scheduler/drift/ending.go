package drift

import "github.com/tandem-bot/tandem/store"

// better is the sentence for a finding that was good once since.
func (s *stepper) better(f *store.OpenFinding) string {
	switch f.Kind {
	case store.FindingOneSided:
		return sentence(the(f.Name) + " was on time with both sides. Once more in a row closes this.")
	case store.FindingNoLeadership:
		return sentence(the(f.Name) + " was held on time with leadership. Once more in a row closes this.")
	default:
		return sentence(the(f.Name) + " was on time. Once more in a row closes this.")
	}
}

// closed is the sentence for a finding that is no more.
func (s *stepper) closed(f *store.OpenFinding) string {
	gone := false
	switch {
	case ofCadence(f.Kind):
		gone = s.rhythms[f.Subject] == nil
	case f.Kind == store.FindingArtifact:
		_, ok := s.Engagement.Artifact(f.Subject)
		gone = !ok
	}
	if gone {
		return sentence(the(f.Name) + " is no longer part of the engagement.")
	}
	switch f.Kind {
	case store.FindingStretching, store.FindingBecame:
		return sentence(the(f.Name) + " is back in its rhythm: it was on time twice in a row.")
	case store.FindingOneSided:
		return sentence(the(f.Name) + " was on time with both sides twice in a row.")
	case store.FindingNoLeadership:
		return sentence(the(f.Name) + " was held on time with leadership twice in a row.")
	case store.FindingNoNextDate:
		return sentence(the(f.Name) + " has a next date: " + fullDate(s.day(s.rhythms[f.Subject].Next)) + ".")
	case store.FindingMatrixStale:
		return "The matrix has been reviewed, and no signature is overdue."
	case store.FindingArtifact:
		return sentence("the review of " + the(f.Name) + " is no longer due.")
	case store.FindingUnanswered:
		return "“" + f.Name + "” no longer waits for acknowledgements."
	default:
		return sentence(the(f.Name) + " was on time twice in a row.")
	}
}
