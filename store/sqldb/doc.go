// Package sqldb is the storage of Tandem in SQL, written once for every
// engine: numbered placeholders, RETURNING and ON CONFLICT, which SQLite and
// Postgres both speak. What an engine does its own way (opening, locking, error codes,
// the text of the migrations) comes in with an [Engine].
//
// Each method of [DB] is one use case in one transaction. It takes the
// engagement and the instant as arguments and fails with a *store.Error whose
// sentence says what was kept. A method that fails has changed nothing.
//
// Use cases read before they write, so an engine must let one writing
// transaction run at a time, or open them serializable.
package sqldb
