package simulate

import (
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestTheStoriesThatComeAlongCanBeRead(t *testing.T) {
	names := Stories()
	if len(names) != 3 {
		t.Errorf("the stories are %v", names)
	}
	for _, name := range names {
		if s, err := Story(name); err != nil || s.Name == "" || s.About == "" || s.Days == 0 {
			t.Errorf("%s: %+v, %v", name, s, err)
		}
	}
	if _, err := Story("nowhere"); store.ErrorCode(err) == store.CodeInternal || err == nil {
		t.Errorf("a story that is not there: %v", err)
	}
}

func TestEveryMistakeOfAScriptIsTold(t *testing.T) {
	_, err := Read("bad.yaml", []byte(`format: tandem-story/v2
anser: []
days: -3
away:
  - {who: maria, from: day x}
rsvp:
  - {says: perhaps}
say:
  - {in: coordination}
`))
	if store.ErrorCode(err) != store.CodeInvalid {
		t.Fatalf("got %v", err)
	}
	for _, want := range []string{"bad.yaml:1", "tandem-story/v1", "bad.yaml:2", "answer", "bad.yaml:3", "bad.yaml:5", "perhaps", "what is said needs who, at and text"} {
		if !strings.Contains(err.Error(), want) {
			t.Errorf("%q is missing from:\n%s", want, err)
		}
	}
}

func FuzzRead(f *testing.F) {
	for _, name := range Stories() {
		data, err := stories.ReadFile("stories/" + name + ".yaml")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte("format: [&a *a]"))
	f.Fuzz(func(t *testing.T, data []byte) {
		if s, err := Read("fuzz.yaml", data); (s == nil) == (err == nil) {
			t.Errorf("read %v and %v", s, err)
		}
	})
}
