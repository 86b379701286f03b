package store

import (
	"errors"
	"fmt"
)

// Code says what kind of failure an [Error] is. Each surface maps it once: to
// a sentence in chat, to an exit status on the command line, to an HTTP status.
type Code string

// The codes. Anything that is no *Error counts as CodeInternal.
const (
	CodeInvalid     Code = "invalid"     // what was given breaks a rule; nothing was changed
	CodeNotFound    Code = "not_found"   // the thing named does not exist here
	CodeConflict    Code = "conflict"    // it clashes with what is already stored
	CodeForbidden   Code = "forbidden"   // the person may not do this
	CodeUnavailable Code = "unavailable" // it could work later: locked, full, read-only, unreachable
	CodeInternal    Code = "internal"    // a fault of Tandem itself
)

// Error is the one error type that people see. Message is a whole sentence
// that says what happened, what was kept and what to do; Field names the
// input that it is about, if any.
type Error struct {
	Code    Code
	Message string
	Field   string
	Err     error // the cause, for the log; never shown in chat

	told bool // Message holds the text of Err already
}

// Error returns the sentence, and the cause behind it if there is one that the
// sentence does not tell.
func (e *Error) Error() string {
	if e.Err == nil || e.told {
		return e.Message
	}
	return e.Message + " (" + e.Err.Error() + ")"
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// Errorf makes an *Error. The cause behind a %w verb stands in the sentence
// and stays reachable by errors.Is and errors.As; there is one at most.
func Errorf(code Code, format string, args ...any) *Error {
	wrapped := fmt.Errorf(format, args...)
	cause := errors.Unwrap(wrapped)
	return &Error{Code: code, Message: wrapped.Error(), Err: cause, told: cause != nil}
}

// ErrorCode returns the code of the first *Error in err's chain, "" for nil,
// and CodeInternal for any other error.
func ErrorCode(err error) Code {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Code
	}
	return CodeInternal
}

// ErrorMessage returns the sentence that a person may see. The text of an
// internal error is for the log only and is replaced.
func ErrorMessage(err error) string {
	if err == nil {
		return ""
	}
	if e, ok := errors.AsType[*Error](err); ok && e.Code != CodeInternal {
		return e.Message
	}
	return "Something went wrong inside Tandem."
}
