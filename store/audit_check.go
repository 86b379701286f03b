package store

import "fmt"

// AuditCheck is what a check of an engagement's audit log found.
type AuditCheck struct {
	Engagement string `json:"engagement"`
	// Good counts the records from the first on that are as they were written.
	Good int `json:"good"`
	// Head is the sum of the last good record: whoever keeps it elsewhere can
	// tell later that nothing before it was changed.
	Head   string      `json:"head"`
	Broken *AuditBreak `json:"broken,omitempty"` // nil where all is well
}

// AuditBreak is the first record that is not as it was written.
type AuditBreak struct {
	Seq  int    `json:"seq"`
	What string `json:"what"` // differs, as a part of a sentence
}

// String is the check in one sentence.
func (c AuditCheck) String() string {
	if c.Broken == nil {
		records := fmt.Sprintf("%d records, every one", c.Good)
		if c.Good == 1 {
			records = "1 record,"
		}
		return fmt.Sprintf("%s: %s as it was written; the last has the sum %s.", c.Engagement, records, c.Head)
	}
	broken := fmt.Sprintf("%s: record %d is broken: %s.", c.Engagement, c.Broken.Seq, c.Broken.What)
	if c.Good > 0 {
		broken += " What stands before it is as it was written."
	}
	return broken
}
