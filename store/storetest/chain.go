package storetest

import (
	"crypto/sha256"
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

// testChain: every record is chained to the one before by a form that this
// suite reckons by itself.
func testChain(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	must(t, fill(t.Context(), s))
	for _, id := range []string{ours, theirs} {
		entries, err := s.Audit(t.Context(), id)
		must(t, err)
		previous := ""
		for _, e := range entries {
			var lines strings.Builder
			for _, v := range []string{
				previous, id, strconv.Itoa(e.Seq), e.At.UTC().Format("2006-01-02T15:04:05.000000000Z"), e.By, e.Action, string(e.Detail),
			} {
				fmt.Fprintf(&lines, "%d:%s\n", len(v), v)
			}
			if want := fmt.Sprintf("%x", sha256.Sum256([]byte(lines.String()))); e.SHA256 != want {
				t.Errorf("record %d of %s has the sum %s, want %s", e.Seq, id, e.SHA256, want)
			}
			previous = e.SHA256
		}
		check, err := s.VerifyAudit(t.Context(), id)
		must(t, err)
		wantEqual(t, "the check", check, store.AuditCheck{Engagement: id, Good: len(entries), Head: previous})
	}
}
