package store_test

import (
	"errors"
	"fmt"
	"io/fs"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestErrorTellsItsCauseOnce(t *testing.T) {
	later := store.Errorf(store.CodeUnavailable, "The store is away.")
	later.Err = fs.ErrPermission
	tests := []struct {
		name string
		err  error
		want string
	}{
		{"no cause", store.Errorf(store.CodeInvalid, "%q is no side.", "mps"), `"mps" is no side.`},
		{"cause in the sentence", store.Errorf(store.CodeInvalid, "a.yaml cannot be read: %w.", fs.ErrPermission), "a.yaml cannot be read: permission denied."},
		{"cause beside the sentence", &store.Error{Message: "The store is away.", Err: fs.ErrPermission}, "The store is away. (permission denied)"},
		{"cause added later", later, "The store is away. (permission denied)"},
		{"wrapped again", fmt.Errorf("import: %w", store.Errorf(store.CodeInvalid, "no: %w", fs.ErrPermission)), "import: no: permission denied"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := tt.err.Error(); got != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
			if want := tt.name != "no cause"; errors.Is(tt.err, fs.ErrPermission) != want {
				t.Errorf("the cause is reachable: %v", !want)
			}
		})
	}
}

func TestErrorCodeAndMessage(t *testing.T) {
	for _, tt := range []struct {
		err     error
		code    store.Code
		message string
	}{
		{nil, "", ""},
		{errors.New("sql: broken"), store.CodeInternal, "Something went wrong inside Tandem."},
		{store.Errorf(store.CodeInternal, "sql: broken"), store.CodeInternal, "Something went wrong inside Tandem."},
		{fmt.Errorf("import: %w", store.Errorf(store.CodeConflict, "It is there.")), store.CodeConflict, "It is there."},
		{&store.Error{Code: store.CodeUnavailable, Message: "Locked.", Err: errors.New("busy")}, store.CodeUnavailable, "Locked."},
	} {
		if code, message := store.ErrorCode(tt.err), store.ErrorMessage(tt.err); code != tt.code || message != tt.message {
			t.Errorf("%v: %s, %q", tt.err, code, message)
		}
	}
}
