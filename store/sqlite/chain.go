package sqlite

import (
	"database/sql/driver"
	"fmt"

	modernc "modernc.org/sqlite"

	"github.com/tandem-bot/tandem/store/sqldb"
)

// The chain of the audit log is reckoned by Go alone. The migration that made
// the log a chain needs it in SQL.
func init() {
	modernc.MustRegisterDeterministicScalarFunction("tandem_chain", 7, func(_ *modernc.FunctionContext, args []driver.Value) (driver.Value, error) {
		var texts [7]string
		for i, v := range args {
			texts[i] = fmt.Sprint(v)
		}
		return sqldb.Chain(texts[0], texts[1], texts[2], texts[3], texts[4], texts[5], texts[6]), nil
	})
}
