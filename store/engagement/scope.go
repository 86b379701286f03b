package engagement

import (
	"fmt"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

// ScopeNote says which rows move to the MSP from one version to another, new
// ones among them: the scope grows, and with it the price is to be talked of. It
// is "" where none does.
func ScopeNote(old, now *store.Engagement) string {
	var moved []string
	for i := range now.Matrix.Functions {
		f := &now.Matrix.Functions[i]
		if before, ok := old.Function(f.ID); f.Owner == store.MSP && (!ok || before.Owner != store.MSP) {
			moved = append(moved, f.Name)
		}
	}
	if len(moved) == 0 {
		return ""
	}
	rows := "1 row moves"
	if len(moved) > 1 {
		rows = fmt.Sprintf("%d rows move", len(moved))
	}
	return fmt.Sprintf("%s to %s: %s. The scope grows, so the price is a conversation, too.", rows, now.MSP, strings.Join(moved, ", "))
}
