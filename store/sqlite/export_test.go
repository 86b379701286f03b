package sqlite

import "database/sql"

// Writer is the writing connection, for tests that make it fail or go round
// the use cases.
func (db *DB) Writer() *sql.DB { return db.write }
