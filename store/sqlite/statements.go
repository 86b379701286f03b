package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"

	sqlite "modernc.org/sqlite"
)

// connector opens connections that keep their statements. To parse and plan
// the SQL of a use case takes SQLite about as long as to run it, and the driver
// would do it anew each time.
type connector struct{ driver.Connector }

func newConnector(dsn string) (connector, error) {
	plain, err := sqlite.NewConnector(dsn)
	return connector{plain}, err
}

// Connect opens one connection.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	plain, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &conn{driverConn: plain.(driverConn), kept: map[string]*statement{}}, nil
}

// driverConn is what is used of the driver's connection. It leaves out what
// runs a text at once (driver.ExecerContext, driver.QueryerContext): without
// it, database/sql asks for a statement, runs that, and closes it when its
// last row is read.
type driverConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.Pinger
	driver.SessionResetter
	driver.Validator
	IsReadOnly(schema string) (bool, error)
}

// conn is one connection and the statements that nobody runs just now, by
// their text. database/sql lets one at a time use it.
type conn struct {
	driverConn
	kept map[string]*statement
}

// mostKept is well above the number of texts that the use cases have, and
// bounds what a connection holds all the same.
const mostKept = 400

// PrepareContext hands out the kept statement of that text, or a new one. Who
// asks for the same text meanwhile, as between two rows, gets another.
func (c *conn) PrepareContext(ctx context.Context, text string) (driver.Stmt, error) {
	if s, ok := c.kept[text]; ok {
		delete(c.kept, text)
		return s, nil
	}
	plain, err := c.driverConn.PrepareContext(ctx, text)
	if err != nil || !keepable(text) {
		return plain, err
	}
	return &statement{driverStmt: plain.(driverStmt), text: text, conn: c}, nil
}

// Close closes the statements first: SQLite keeps a file open, with its locks,
// as long as it has any.
func (c *conn) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.driverStmt.Close())
	}
	clear(c.kept)
	return errors.Join(append(errs, c.driverConn.Close())...)
}

// keepable tells whether a statement does the same each time. Not so a PRAGMA:
// it may take effect when it is prepared, and never again.
func keepable(text string) bool {
	text = strings.TrimSpace(text)
	for _, first := range []string{"SELECT ", "INSERT ", "UPDATE ", "DELETE ", "WITH ", "SAVEPOINT ", "RELEASE "} {
		if strings.HasPrefix(text, first) {
			return true
		}
	}
	return false
}

// driverStmt is what is used of the driver's statement.
type driverStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// statement goes back to its connection instead of being closed.
type statement struct {
	driverStmt
	text string
	conn *conn
}

// Close keeps the statement. It is reset by then: the driver does that when
// it has run, or when its rows are closed.
func (s *statement) Close() error {
	if _, another := s.conn.kept[s.text]; another || len(s.conn.kept) >= mostKept {
		return s.driverStmt.Close()
	}
	s.conn.kept[s.text] = s
	return nil
}
