//go:build !unix

package sqlite_test

import "errors"

func readAsNobody(string) error { return errors.New("only Unix has this test") }
