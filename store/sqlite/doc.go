// Package sqlite keeps a store in one SQLite file: how it is opened, what its
// errors mean, how it is locked and how it is copied. The use cases are those
// of package sqldb.
//
// One connection writes, and each of its transactions takes the lock when it
// begins, so none that has read fails to write. A pool of connections that
// can't write reads beside it, which the write-ahead log allows. A commit is on the
// disk when it returns (synchronous=FULL): signatures are evidence.
package sqlite
