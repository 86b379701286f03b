package sqldb

import (
	"strconv"
	"strings"
)

// Chain is the sum of one record of the audit log: the SHA-256, in lower-case
// hex, of seven lines. Each is one value after its length in bytes and a colon,
// and ends with a line feed:
//
//	64:… the sum of the record before; of the first record 0: and nothing
//	12:harbor-legal
//	1:2
//	30:2026-10-01T12:00:00.000000000Z
//	5:maria
//	16:absence.recorded
//	…:{"id":1,…}
//
// So no two records have the same lines, and any tool that knows SHA-256 can
// check them. The values are those of the columns, byte for byte. Records from
// before the log was a chain were chained when the store was brought up to
// date: from then on they can't be changed unseen either.
func Chain(previous, engagement, seq, at, by, action, detail string) string {
	var b strings.Builder
	for _, v := range []string{previous, engagement, seq, at, by, action, detail} {
		b.WriteString(strconv.Itoa(len(v)))
		b.WriteByte(':')
		b.WriteString(v)
		b.WriteByte('\n')
	}
	return sumOf([]byte(b.String()))
}
