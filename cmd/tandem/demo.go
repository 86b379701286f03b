package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/simulate"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/engagement"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// demoAddress is where the demo's page is, unless something else is there.
const demoAddress = "127.0.0.1:8737"

type demoFlags struct {
	address string
	data    string
	fresh   bool
	story   string
}

func (a *app) demoCommand() *cobra.Command {
	var f demoFlags
	cmd := &cobra.Command{
		Use:   "demo [FILE...]",
		Short: "Try Tandem in the browser: no account, no set-up",
		Long: `Start a chat in the browser with the sample engagement, or with your own files.
Speak as anybody of the engagement or as a stranger, ask, press buttons, and
move the clock past closing time. Everything stays on this machine, in a store of
its own, and is there again the next time; --fresh begins anew.

--story fills an empty store by playing months of the sample up to now, so that
the page opens on a rhythm with a past: ` + strings.Join(simulate.Stories(), ", ") + `.

The page answers to this machine only. --address with another address opens it
to the network: whoever reaches it can speak as anybody, so do that only where
that is meant.`,
		Example:           "  tandem demo\n  tandem demo harbor.yaml\n  tandem demo --fresh\n  tandem demo --fresh --story fading",
		Args:              wants(0, anyNumber),
		ValidArgsFunction: yamlFiles,
		RunE: func(cmd *cobra.Command, files []string) error {
			return a.demo(cmd.Context(), files, f)
		},
	}
	cmd.Flags().StringVar(&f.address, "address", "", "where the page is (default "+demoAddress+", or a free port)")
	cmd.Flags().StringVar(&f.data, "data", "", "the folder of the demo's store (default: demo in the folder of the user's data)")
	cmd.Flags().BoolVar(&f.fresh, "fresh", false, "throw the demo's store away and begin anew")
	cmd.Flags().StringVar(&f.story, "story", "", "begin with months that were played: "+strings.Join(simulate.Stories(), ", "))
	_ = cmd.RegisterFlagCompletionFunc("story", cobra.FixedCompletions(simulate.Stories(), cobra.ShellCompDirectiveNoFileComp)) // fails only for a flag that is not there
	_ = cmd.MarkFlagDirname("data")                                                                                             // fails only for a flag that is not there
	return cmd
}

// demo runs the page until it is stopped.
func (a *app) demo(ctx context.Context, files []string, f demoFlags) (err error) {
	if f.data == "" {
		f.data = filepath.Join(a.dataFolder(), "demo")
	}
	path := filepath.Join(f.data, "tandem.db")
	switch {
	case f.story != "" && len(files) > 0:
		return usagef("a story is of the sample; leave the files out, or --story")
	case f.story != "":
		err = a.fillWithStory(ctx, path, f)
	case f.fresh:
		err = discard(path)
	}
	if err != nil {
		return err
	}
	db, err := sqlite.Open(ctx, path, sqlite.Options{BusyTimeout: a.patience})
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, db.Close()) }()
	if err := a.fill(ctx, db, files, a.now()); err != nil {
		return err
	}
	listener, err := listen(ctx, f.address)
	if err != nil {
		return err
	}
	chat, err := a.chatPage(ctx, db, listener.Addr())
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	if f.story != "" {
		chat.tries = []string{"status", "drift explain", "upcoming", "acks"}
	}
	a.welcome(chat.tries, listener.Addr(), path)
	keeping := make(chan error, 1)
	go func() { keeping <- chat.office.sweeper.Run(ctx) }()
	err = serve(ctx, web.Server("", chat.Web), listener)
	return errors.Join(err, <-keeping)
}

// discard removes the demo's store, and nothing else that may be in its folder.
func discard(path string) error {
	for _, suffix := range []string{"", "-wal", "-shm"} {
		if err := os.Remove(path + suffix); err != nil && !os.IsNotExist(err) {
			return store.Errorf(store.CodeUnavailable, "The demo's store could not be thrown away: %w.", err)
		}
	}
	return nil
}

// fill imports the files, or the sample into a store that is empty.
func (a *app) fill(ctx context.Context, db *sqlite.DB, files []string, at time.Time) error {
	for _, path := range files {
		e, err := a.goodFile(path)
		if err != nil {
			return err
		}
		if _, err := db.ImportEngagement(ctx, e, a.or(""), at); err != nil {
			return err
		}
	}
	there, err := db.Engagements(ctx)
	if err != nil || len(there) > 0 {
		return err
	}
	data, err := sampleText(sampleFile)
	if err != nil {
		return err
	}
	e, report := engagement.Parse(sampleFile, data, engagement.Options{})
	if err := report.Err(); err != nil {
		return err
	}
	_, err = db.ImportEngagement(ctx, e, "the sample", at)
	return err
}

// listen opens the address. Nobody asked for the usual one, so a free port
// does as well where that is taken.
func listen(ctx context.Context, address string) (net.Listener, error) {
	var l net.ListenConfig
	asked := address
	if asked == "" {
		address = demoAddress
	}
	listener, err := l.Listen(ctx, "tcp", address)
	if err != nil && asked == "" {
		listener, err = l.Listen(ctx, "tcp", "127.0.0.1:0")
	}
	if err != nil {
		return nil, store.Errorf(store.CodeUnavailable, "The page can't be at %s: %w. Choose another with --address.", address, err)
	}
	return listener, nil
}

// chatPage is the page with what to try on it.
type chatPage struct {
	*web.Web
	office *office
	tries  []string
}

func (a *app) chatPage(ctx context.Context, db *sqlite.DB, addr net.Addr) (*chatPage, error) {
	log := slog.New(slog.NewTextHandler(a.stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	clock, err := web.OpenClock(ctx, db, a.now)
	if err != nil {
		return nil, err
	}
	who := newGuests(db)
	engagements, err := who.all(ctx)
	if err != nil {
		return nil, err
	}
	o := newOffice(db, log)
	w, err := web.New(ctx, web.Options{
		Engagements: who.all, Handler: o, Transcript: db, Settings: db, Clock: clock,
		Random: rand.Reader, Hosts: hosts(addr), Log: log, Stops: o.stops,
		Moved: func(ctx context.Context, now time.Time) {
			if err := o.sweep(ctx, now); err != nil {
				log.ErrorContext(ctx, "what came due could not be done", "error", err)
			}
		},
	})
	if err != nil {
		return nil, err
	}
	o.keep(clock.Now, w)
	o.after = o.kick
	return &chatPage{w, o, engagements[0].Tries}, nil
}

// hosts are the names that the page answers to beside the machine's own: where
// somebody opened it to the network, the address that they opened.
func hosts(addr net.Addr) []string {
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() && !tcp.IP.IsUnspecified() {
		return []string{tcp.IP.String()}
	}
	return nil
}

// welcome says where the page is, what to try, and how to start afresh.
func (a *app) welcome(tries []string, addr net.Addr, path string) {
	fmt.Fprintln(a.stdout, a.heading("Tandem is ready at http://"+addr.String()))
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		fmt.Fprintln(a.stdout, "It is open to the network: whoever reaches it can speak as anybody.")
	}
	fmt.Fprintln(a.stdout, "\nOpen it in a browser, choose who you are, and try:")
	for _, t := range tries {
		fmt.Fprintln(a.stdout, "  - "+t)
	}
	fmt.Fprintf(a.stdout, "\nThen move the clock past closing time and ask again.\nIts store is %s; `tandem demo --fresh` begins anew. Ctrl-C stops it.\n", path)
}

// drain is how long requests under way may take once the server is stopped.
const drain = 5 * time.Second

// serve runs a server until the context ends, then lets what is under way finish.
func serve(ctx context.Context, s *http.Server, l net.Listener) error {
	failed := make(chan error, 1)
	go func() { failed <- s.Serve(l) }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), drain)
	defer cancel()
	if err := s.Shutdown(ending); err != nil {
		return errors.Join(err, s.Close())
	}
	return nil
}
