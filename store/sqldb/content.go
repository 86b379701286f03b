package sqldb

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strconv"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

// content is a stored aggregate: JSON, and the SHA-256 of exactly those bytes
// in lower-case hex, so that anyone can check it with other tools.
type content struct{ json, sum string }

// revisionContent is an engagement without its matrix, which has a life of its own.
type revisionContent struct {
	store.Engagement
	Matrix *struct{} `json:"matrix,omitempty"` // hides the embedded one; always nil
}

// matrixContent is what a signature covers: everything of a matrix but its
// number and the signatures themselves. Fields may be added to it and to what
// it holds only with omitempty or omitzero, or old sums no longer compare.
type matrixContent struct {
	Effective  store.Date        `json:"effective,omitzero"`
	Reason     string            `json:"reason,omitempty"`
	Functions  []store.Function  `json:"functions"`
	OutOfScope []store.Exclusion `json:"out_of_scope,omitempty"`
}

// encode returns the content of v. It refuses what would not come back as it
// went in, such as text that is no UTF-8 or a day that no calendar has:
// better no import than an engagement that can't be read any more.
func encode[T any](v T) (content, error) {
	first, err := marshal(v)
	if err != nil {
		return content{}, unstorable(err)
	}
	var back T
	if err := json.Unmarshal(first, &back); err != nil {
		return content{}, unstorable(err)
	}
	second, err := marshal(back)
	if err != nil {
		return content{}, unstorable(err)
	}
	if !bytes.Equal(first, second) {
		return content{}, unstorable(nil)
	}
	return content{json: string(first), sum: sumOf(first)}, nil
}

// marshal is json.Marshal without the escapes for HTML: what is hashed should
// be what a person reads.
func marshal(v any) ([]byte, error) {
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimSuffix(b.Bytes(), []byte("\n")), nil
}

func sumOf(b []byte) string {
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:])
}

func unstorable(err error) error {
	return &store.Error{
		Code: store.CodeInvalid, Err: err,
		Message: "The engagement holds a value that can't be stored as it is (text that is no UTF-8, or a date, time or duration that does not exist). Nothing was changed.",
	}
}

// decode reads stored content after checking its sum. what names it in the
// message, such as "matrix version 3 of harbor-legal".
func decode[T any](c content, what string) (T, error) {
	var v T
	if sumOf([]byte(c.json)) != c.sum {
		return v, damaged(what, nil)
	}
	if err := json.Unmarshal([]byte(c.json), &v); err != nil {
		return v, damaged(what, err)
	}
	return v, nil
}

func damaged(what string, err error) error {
	return &store.Error{
		Code: store.CodeUnavailable, Err: err,
		Message: "The stored " + what + " does not match its SHA-256: it was changed outside Tandem, or the disk is damaged. Nothing was changed now. Keep the file and restore the last backup.",
	}
}

// same reports whether stored content means the same as incoming. The bytes
// may differ where an older Tandem wrote them; then the stored ones are
// written again as today's would be.
func same[T any](stored, incoming content) bool {
	if stored.sum == incoming.sum {
		return true
	}
	var v T
	if json.Unmarshal([]byte(stored.json), &v) != nil {
		return false
	}
	again, err := marshal(v)
	return err == nil && string(again) == incoming.json
}

// quoted makes a name from outside safe and short enough for a sentence.
func quoted(s string) string {
	const most = 64
	if len(s) > most {
		cut := most
		for cut > 0 && !utf8.RuneStart(s[cut]) {
			cut--
		}
		s = s[:cut] + "…"
	}
	return strconv.Quote(s)
}
