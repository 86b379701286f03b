package engagement_test

import (
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store/engagement"
)

// The caret stands below the character that the problem is about, whatever
// stands before it.
func TestCaret(t *testing.T) {
	tests := []struct{ name, old, now string }{
		{"caret-emoji", "{level: 1, name: Critical,", "{name: 😀 ünï, level: 0,"},
		{"caret-tab", "level: 1, name: Critical,", "level:\t0, name: 'Criti\tcal',"},
		{"caret-long", "aliases: [service desk]", "aliases: [" + strings.Repeat("service desk, ", 30) + "{x: y}, " + strings.Repeat("help, ", 40) + "end]"},
		{"caret-long-end", "name: Helpdesk", "name: " + strings.Repeat("a very long name ", 20) + "# why\n      colour: red"},
		{"caret-rtl", "escalation: [bo,", "escalation: [שלום,"},
		{"caret-quoted", "client: Bay Clinic", `"client" : "Bay\u202e\u0007"`},
		{"caret-literal", "name: Helpdesk", "name: |\n        Help\n        desk"},
		{"caret-crlf", "  users: 40\n", "  users: x\r\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, r := engagement.Parse("bay.yaml", []byte(change(t, tt.old, tt.now)), options)
			golden(t, tt.name, r.String())
		})
	}
}

func TestHeadlineWithoutPlaceOrName(t *testing.T) {
	_, r := engagement.Parse("", nil, options)
	if got, want := r.String(), "error: the file is empty; write \"format: tandem/v1\" as its first line\n1 error; nothing was changed\n"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
	_, r = engagement.Parse("a\x1bb", []byte("x"), options)
	if !strings.HasPrefix(r.String(), `a\u001bb:1:1: error: `) {
		t.Error(r)
	}
}
