package install

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
)

func TestTheVaultOpensWhatItSealedThereAlone(t *testing.T) {
	v := vaultOf(t, keyOne)
	plain := []byte(`{"access":"xoxb-1"}`)
	sealed, err := v.Seal(plain, "T1", "E1")
	if err != nil || bytes.Contains(sealed, plain[:8]) {
		t.Fatalf("%q, %v", sealed, err)
	}
	if got, err := v.Open(sealed, "T1", "E1"); err != nil || !bytes.Equal(got, plain) {
		t.Fatalf("%q, %v", got, err)
	}
	again, err := v.Seal(plain, "T1", "E1")
	if err != nil || bytes.Equal(again, sealed) {
		t.Error("twice the same is sealed the same way")
	}
	// T1E 1 is the same letters as T1 E1.
	for _, of := range [][2]string{{"T2", "E1"}, {"T1", ""}, {"", "E1"}, {"T1E", "1"}, {"T1E1", ""}, {"", "T1E1"}} {
		if got, err := v.Open(sealed, of[0], of[1]); !errors.Is(err, ErrDamaged) || got != nil {
			t.Errorf("it opens in the place of %q: %q, %v", of, got, err)
		}
	}
	for i := range sealed {
		for _, bit := range []byte{1, 0x80} {
			bad := bytes.Clone(sealed)
			bad[i] ^= bit
			if got, err := v.Open(bad, "T1", "E1"); err == nil || got != nil {
				t.Fatalf("with byte %d changed it opens: %q", i, got)
			}
		}
		if got, err := v.Open(sealed[:i], "T1", "E1"); err == nil || got != nil {
			t.Fatalf("cut to %d bytes it opens: %q", i, got)
		}
	}
}

func TestAKeyCanBeChanged(t *testing.T) {
	old := vaultOf(t, keyOne)
	sealed, err := old.Seal([]byte("x"), "T1", "")
	if err != nil {
		t.Fatal(err)
	}
	both, other := vaultOf(t, keyTwo, keyOne), vaultOf(t, keyTwo)
	if got, err := both.Open(sealed, "T1", ""); err != nil || string(got) != "x" || both.newest(sealed) {
		t.Errorf("the older key doesn't open: %q, %v", got, err)
	}
	if sealed, err = both.Seal([]byte("y"), "T1", ""); err != nil || !both.newest(sealed) {
		t.Fatal(err)
	}
	if got, err := other.Open(sealed, "T1", ""); err != nil || string(got) != "y" {
		t.Errorf("the first key doesn't seal: %q, %v", got, err)
	}
	_, err = old.Open(sealed, "T1", "")
	if !errors.Is(err, ErrOtherKey) || !strings.Contains(err.Error(), "give that key as well") {
		t.Errorf("%v", err)
	}
}

func TestKeysAreReadAndNeverShown(t *testing.T) {
	raw := make([]byte, keySize)
	for i := range raw {
		raw[i] = byte(250 + i)
	}
	sealed, err := vaultOf(t, hex.EncodeToString(raw)).Seal([]byte("x"), "T1", "")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range []string{
		strings.ToUpper(hex.EncodeToString(raw)), base64.StdEncoding.EncodeToString(raw), base64.URLEncoding.EncodeToString(raw),
		base64.RawStdEncoding.EncodeToString(raw), " " + base64.RawURLEncoding.EncodeToString(raw) + "\n",
	} {
		v := vaultOf(t, text)
		if _, err := v.Open(sealed, "T1", ""); err != nil {
			t.Errorf("%q is another key: %v", text, err)
		}
		for _, shown := range []string{fmt.Sprint(v), fmt.Sprintf("%+v", v), fmt.Sprintf("%#v", v)} {
			if !strings.HasPrefix(shown, "vault (") || strings.Contains(shown, strings.TrimSpace(text)) {
				t.Errorf("it is shown as %s", shown)
			}
		}
	}
	for _, text := range []string{
		"", "swordfish", "correct horse battery staple", hex.EncodeToString(raw[:31]), hex.EncodeToString(append(raw, 1)),
		base64.StdEncoding.EncodeToString(raw[:16]), strings.Repeat("00", keySize), strings.Repeat("A", 43) + "=",
	} {
		if _, err := NewVault(dice(), keyOne, text); err == nil || text != "" && strings.Contains(err.Error(), text) || !strings.Contains(err.Error(), "key 2") || !strings.Contains(err.Error(), "openssl rand -base64 32") {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := NewVault(dice(), keyOne, keyTwo, keyOne); err == nil || !strings.Contains(err.Error(), "key 3") {
		t.Errorf("the same key twice: %v", err)
	}
	if _, err := NewVault(dice()); err == nil {
		t.Error("a vault without a key")
	}
	if _, err := NewVault(nil, keyOne); err == nil {
		t.Error("a vault without a random source")
	}
}

func TestWithoutRandomnessNothingIsSealed(t *testing.T) {
	v, err := NewVault(iotest.ErrReader(errors.New("empty")), keyOne)
	if err != nil {
		t.Fatal(err)
	}
	if sealed, err := v.Seal([]byte("x"), "T1", ""); err == nil || sealed != nil {
		t.Errorf("%q, %v", sealed, err)
	}
	s := states{vault: v}
	if state, secret, err := s.begin(morning); err == nil || state != "" || secret != "" {
		t.Errorf("a state of no randomness: %q", state)
	}
}

func TestTokensAreNeverPrinted(t *testing.T) {
	tk := tokens{Access: "xoxb-secret", Refresh: "xoxe-secret"}
	e := entry{tokens: tk}
	for _, shown := range []string{fmt.Sprint(tk), fmt.Sprintf("%+v %#v %s", tk, tk, tk), fmt.Sprintf("%v", tk.LogValue()), fmt.Sprintf("%+v", struct{ T tokens }{tk}), fmt.Sprintf("%v %+v %#v", e, e, e)} {
		if strings.Contains(shown, "secret") {
			t.Errorf("%s", shown)
		}
	}
	if e.installation().Token != "xoxb-secret" {
		t.Error("the adapter gets no token")
	}
}

// FuzzOpen puts anything before the vault: it never panics, and opens nothing
// but what it sealed.
func FuzzOpen(f *testing.F) {
	v := vaultOf(f, keyTwo, keyOne)
	sealed, err := v.Seal([]byte("tokens"), "T1", "E1")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(sealed, "T1", "E1")
	f.Add(sealed[:9], "T1", "E1")
	f.Add([]byte{sealVersion}, "", "")
	f.Add([]byte(nil), "T1", "")
	f.Fuzz(func(t *testing.T, data []byte, team, enterprise string) {
		got, err := v.Open(data, team, enterprise)
		same := bytes.Equal(data, sealed) && team == "T1" && enterprise == "E1"
		if (err == nil) != same || same && string(got) != "tokens" {
			t.Errorf("%x of %q %q opens as %q, %v", data, team, enterprise, got, err)
		}
		if err != nil && !errors.Is(err, ErrOtherKey) && !errors.Is(err, ErrDamaged) {
			t.Errorf("%v", err)
		}
	})
}
