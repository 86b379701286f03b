package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"io/fs"
	"runtime"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqldb"
)

// Memory is the path of a store that lives in memory and ends with its DB.
const Memory = ":memory:"

// Options are how to open a store. The zero value is right for most.
type Options struct {
	// ReadOnly opens a store that exists and writes nothing to it, not even a
	// newer schema. It works where the file and its folder can't be written.
	ReadOnly bool
	// AnyOlder, with ReadOnly, also opens a store that an older Tandem wrote.
	// It is good for Backup alone: other methods may miss what is not there yet.
	AnyOlder bool
	// BusyTimeout is how long to wait for another process that holds the
	// lock. Zero means five seconds.
	BusyTimeout time.Duration
	// Readers is the number of reading connections. Zero, and anything above
	// it, means one for each core: more only slow the writer down.
	Readers int
}

func (o Options) busyTimeout() time.Duration {
	if o.BusyTimeout <= 0 {
		return 5 * time.Second
	}
	return o.BusyTimeout
}

func (o Options) readers() int {
	cores := runtime.GOMAXPROCS(0)
	if o.Readers <= 0 {
		return cores
	}
	return min(o.Readers, cores)
}

// DB is an open store.
type DB struct {
	*sqldb.DB
	write *sql.DB // nil when read-only
	file  file
}

// Open opens the store at path, or makes one with its folder; both are for
// their owner alone (0600 and 0700). An older schema is brought up to date.
//
// Everything it can fail with is a *store.Error: a path that is a folder or
// another program's database is store.CodeInvalid, a missing file for reading
// store.CodeNotFound; a store that is locked, damaged, written by a newer
// Tandem or not to be written is store.CodeUnavailable. Nothing is changed then.
func Open(ctx context.Context, path string, o Options) (*DB, error) {
	f := file{path: path, options: o}
	db, err := f.open(ctx)
	if err != nil {
		return nil, f.explain(err)
	}
	return db, nil
}

func (f file) open(ctx context.Context) (*DB, error) {
	if f.path == Memory {
		return f.openMemory(ctx)
	}
	f, err := f.prepare()
	if err != nil {
		return nil, err
	}
	migrations, err := sqldb.Migrations(engine.Name)
	if err != nil {
		return nil, err
	}
	f, have, err := f.inspect(ctx, migrations)
	if err != nil {
		return nil, err
	}
	if f.options.ReadOnly {
		read, err := connect(ctx, f.dsn(reading), f.options.readers())
		if err != nil {
			return nil, err
		}
		return &DB{DB: sqldb.New(engine, nil, read), file: f}, nil
	}
	return f.openBoth(ctx, migrations, have)
}

// openBoth opens the writing connection, brings the schema up to date, and
// only then opens the pool that reads.
func (f file) openBoth(ctx context.Context, migrations fs.FS, have int64) (*DB, error) {
	write, err := f.connectWriter(ctx)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, write, migrations, have); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	read, err := connect(ctx, f.dsn(reading), f.options.readers())
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return &DB{DB: sqldb.New(engine, write, read), write: write, file: f}, nil
}

// openMemory uses one connection for everything: another would see another
// database.
func (f file) openMemory(ctx context.Context) (*DB, error) {
	if f.options.ReadOnly {
		return nil, store.Errorf(store.CodeInvalid, "A store in memory begins empty; there is nothing to read. Open it for writing.")
	}
	migrations, err := sqldb.Migrations(engine.Name)
	if err != nil {
		return nil, err
	}
	both, err := connect(ctx, f.dsn(writing), 1)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, both, migrations, 0); err != nil {
		return nil, errors.Join(err, both.Close())
	}
	return &DB{DB: sqldb.New(engine, both, both), write: both, file: f}, nil
}

// connectWriter opens the one connection that writes. Of two processes that
// turn a new store's write-ahead log on at once, SQLite fails one without
// waiting, so that neither waits for ever; that one tries again.
func (f file) connectWriter(ctx context.Context) (*sql.DB, error) {
	patience, cancel := context.WithTimeout(ctx, f.options.busyTimeout())
	defer cancel()
	again := time.NewTicker(5 * time.Millisecond)
	defer again.Stop()
	for {
		db, err := connect(ctx, f.dsn(writing), 1)
		if err == nil {
			return db, mustWrite(ctx, db)
		}
		if !busy(err) {
			return nil, err
		}
		select {
		case <-patience.Done():
			return nil, err
		case <-again.C:
		}
	}
}

// mustWrite closes a connection that can only read: SQLite opens a file that
// can't be written all the same, and would tell at the first use case.
func mustWrite(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return errors.Join(err, db.Close())
	}
	var readOnly bool
	err = conn.Raw(func(c any) error {
		var err error
		readOnly, err = c.(interface{ IsReadOnly(string) (bool, error) }).IsReadOnly("main")
		return err
	})
	if readOnly {
		err = errors.Join(err, notWritable())
	}
	err = errors.Join(err, conn.Close())
	if err != nil {
		err = errors.Join(err, db.Close())
	}
	return err
}

// connect opens a pool and makes its first connection, so that a file that
// can't be used is told here and not by the first use case.
func connect(ctx context.Context, dsn string, most int) (*sql.DB, error) {
	c, err := newConnector(dsn)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(most)
	db.SetMaxIdleConns(most)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return db, nil
}
