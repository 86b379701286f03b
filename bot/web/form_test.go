package web

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"
)

func TestMentions(t *testing.T) {
	for text, want := range map[string]string{
		"@Tandem who?": "who?", "@tandem, who?": "who?", "@TANDEM: who?": "who?", "/tandem password resets": "password resets",
		"@tandem": "", "@tandem\nwho": "who",
	} {
		if got, ok := forTandem(text); got != want || !ok {
			t.Errorf("%q says %q, %v", text, got, ok)
		}
	}
	for _, text := range []string{"who?", "@tandems", "/tandemic", "ask @tandem", "", "@tande", "@tandem.example"} {
		if got, ok := forTandem(text); got != text || ok {
			t.Errorf("%q says %q, %v", text, got, ok)
		}
	}
}

func TestOrigins(t *testing.T) {
	for _, text := range []string{"0", "7", "7p", "9223372036854775807p"} {
		if o, ok := parseOrigin(text); !ok || o.String() != text {
			t.Errorf("%q is %v, %v", text, o, ok)
		}
	}
	for _, text := range []string{"", "p", "-1", "+1", "07", "7P", "7pp", " 7", "9223372036854775808"} {
		if o, ok := parseOrigin(text); ok {
			t.Errorf("%q is %v", text, o)
		}
	}
}

func TestSpentNoncesAreBounded(t *testing.T) {
	var s spent
	for i := range 3 * maxSpent {
		s.add(strings.Repeat("x", i))
	}
	if len(s.known) != maxSpent || !s.has(strings.Repeat("x", 3*maxSpent-1)) || s.has("") {
		t.Errorf("%d are remembered", len(s.known))
	}
}

func TestPagesAreBounded(t *testing.T) {
	h := newHub()
	for range maxStreams {
		if _, ok := h.listen("a"); !ok {
			t.Fatal("no room")
		}
	}
	if _, ok := h.listen("a"); ok {
		t.Error("one more found room")
	}
	h.tell("a")
	h.tell("") // again, with nobody reading
	for c := range h.pages {
		h.leave(c)
		break
	}
	if _, ok := h.listen("b"); !ok {
		t.Error("the room of one that left isn't free")
	}
}

func FuzzForm(f *testing.F) {
	f.Add("application/x-www-form-urlencoded", "nonce=a&text=b&on=7p&field.x=y&say=z&by=1h")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\nhi\r\n--b--\r\n")
	f.Add("multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"text\"; filename=\"x\"\r\n\r\nhi\r\n--b--\r\n")
	f.Add("text/plain", "text=\xff%00%ff")
	f.Fuzz(func(t *testing.T, kind, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/say", strings.NewReader(body))
		r.Header.Set("Content-Type", kind)
		r.Body = http.MaxBytesReader(httptest.NewRecorder(), r.Body, bodyLimit)
		got, err := decodeForm(r)
		if err != nil {
			return
		}
		if r.MultipartForm != nil {
			_ = r.MultipartForm.RemoveAll()
		}
		texts := []string{got.Nonce, got.Text, got.Say}
		for name, value := range got.Values {
			texts = append(texts, name, value)
		}
		for _, value := range got.Clock {
			texts = append(texts, value)
		}
		for _, text := range texts {
			if !utf8.ValidString(text) || utf8.RuneCountInString(text) > maxText {
				t.Errorf("%q came through", text)
			}
		}
		if said, _ := forTandem(got.Text); !strings.HasSuffix(got.Text, said) {
			t.Errorf("%q became %q", got.Text, said)
		}
		_ = cleanLines(got.Text)
	})
}
