package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// What it costs that Slack is answered only once what it sent is on the disk. What
// is measured is a process of its own, the test's program by another name, so that
// neither the client's time nor its memory counts.

const (
	intakeName   = "tandem-slack-intake"
	intakeSecret = "signing-secret-of-the-benchmark"
	kept         = "kept"   // deliveries are kept, and nobody works on them
	worked       = "worked" // they are worked on at the same time
	connections  = 32
	inARound     = 60 // requests by each connection
	rounds       = 5
)

func init() {
	if os.Args[0] == intakeName {
		if err := intake(os.Args[1], os.Args[2], os.Args[3] == worked); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
}

// silent is a handler that has nothing to say.
type silent struct{}

func (silent) Handle(context.Context, bot.Event) (bot.Reply, bool) { return bot.Reply{}, true }

// intake serves a bare handler and the adapter of Slack over a store until its
// input ends. It says where they are, and, for each line of its input, how many
// deliveries it has kept; where it works on them, once it has.
func intake(dir, api string, works bool) error {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	db, err := sqlite.Open(ctx, filepath.Join(dir, "tandem.db"), sqlite.Options{})
	if err != nil {
		return err
	}
	adapter, err := slack.New(slack.Options{
		Handler: silent{}, Inbox: &arrivals{db: db, platform: slack.Platform, owner: rand.Text(), now: time.Now, log: slog.New(slog.DiscardHandler)}, Now: time.Now, SigningSecret: intakeSecret,
		Installations: slack.Only{Team: "T0HARBOR001", Token: "xoxb-1", BotUser: "U0TANDEM001"}, API: api,
	})
	if err != nil {
		return err
	}
	bare := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
		}
	})
	for _, h := range []http.Handler{bare, adapter} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		server := healthServer(patient(h, platformAnswer, slog.New(slog.DiscardHandler)))
		defer func() { _ = server.Close() }()
		go func() { _ = server.Serve(l) }()
		fmt.Println(l.Addr())
	}
	var working sync.WaitGroup
	if works {
		working.Go(func() { err = adapter.Run(ctx) })
	}
	for asked := bufio.NewScanner(os.Stdin); asked.Scan(); {
		if works {
			if err := adapter.Idle(ctx); err != nil {
				return err
			}
		}
		fmt.Println(adapter.Counts()["accepted"])
	}
	cancel()
	working.Wait()
	return errors.Join(err, db.Close())
}

// BenchmarkSlackIntake sends the same signed requests to both handlers over 32
// connections, in turns. It tells how much of the bare one's rate is left where
// each answer waits for the commit (of-bare), what each request takes of the
// processor, which a busy machine says more truly, what the process held before and
// at most, and what of that was its own at the end: the rest is the program's code,
// which here holds all tests as well.
func BenchmarkSlackIntake(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("it reads /proc")
	}
	for _, how := range []string{kept, worked} {
		b.Run(how, func(b *testing.B) { benchmarkIntake(b, how) })
	}
}

func benchmarkIntake(b *testing.B, how string) {
	b.Helper()
	api := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = io.WriteString(w, `{"ok":false,"error":"user_not_found"}`)
	}))
	defer api.Close()
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	cmd := exec.Command(self)
	cmd.Args = []string{intakeName, b.TempDir(), api.URL + "/", how}
	cmd.Stderr = b.Output()
	in, err := cmd.StdinPipe()
	if err != nil {
		b.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	said := bufio.NewScanner(out)
	line := func() string {
		if !said.Scan() {
			b.Fatalf("the intake ended: %v", said.Err())
		}
		return said.Text()
	}
	bare, durable := line(), line()
	idle := statusMB(b, cmd.Process.Pid, "VmRSS")
	sent := 0
	var atBare, atDurable, cpuBare, cpuDurable time.Duration
	measured := func(address string, all [][][]byte, took, cpu *time.Duration) {
		before := cpuOf(b, cmd.Process.Pid)
		*took += flood(b, address, all)
		*cpu += cpuOf(b, cmd.Process.Pid) - before
	}
	for b.Loop() {
		for range rounds {
			all := make([][][]byte, connections)
			for c := range all {
				for range inARound {
					sent++
					all[c] = append(all[c], intakeRequest(sent, c))
				}
			}
			measured(bare, all, &atBare, &cpuBare)
			measured(durable, all, &atDurable, &cpuDurable)
			if _, err := io.WriteString(in, "idle?\n"); err != nil {
				b.Fatal(err)
			}
			if n := line(); n != strconv.Itoa(sent) {
				b.Fatalf("of %d deliveries %s were kept", sent, n)
			}
		}
	}
	most, own := statusMB(b, cmd.Process.Pid, "VmHWM"), statusMB(b, cmd.Process.Pid, "RssAnon")
	if err := in.Close(); err != nil {
		b.Fatal(err)
	}
	if err := cmd.Wait(); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(0, "ns/op")
	b.ReportMetric(float64(sent)/atBare.Seconds(), "bare/s")
	b.ReportMetric(float64(sent)/atDurable.Seconds(), "durable/s")
	b.ReportMetric(atBare.Seconds()/atDurable.Seconds(), "of-bare")
	b.ReportMetric(float64(cpuBare.Microseconds())/float64(sent), "cpu-µs/bare")
	b.ReportMetric(float64(cpuDurable.Microseconds())/float64(sent), "cpu-µs/durable")
	b.ReportMetric(idle, "MB-idle")
	b.ReportMetric(most, "MB-most")
	b.ReportMetric(own, "MB-own")
}

// intakeRequest is a mention as Slack sends it, signed.
func intakeRequest(n, person int) []byte {
	user := fmt.Sprintf("U0PERSON%03d", person)
	body := fmt.Appendf(nil, `{"token":"one-long-verification-token","team_id":"T0HARBOR001","context_team_id":"T0HARBOR001","context_enterprise_id":null,"api_app_id":"A0TANDEM001",`+
		`"event":{"user":"%s","type":"app_mention","ts":"1763956800.%06d","client_msg_id":"6a1f3a1e-0e57-4f8e-b0f5-000000%06d","text":"<@U0TANDEM001> who owns password resets?","team":"T0HARBOR001",`+
		`"channel":"C0OUFM616QQ","event_ts":"1763956800.%06d"},"type":"event_callback","event_id":"Ev%09d","event_time":1763956800,`+
		`"authorizations":[{"enterprise_id":null,"team_id":"T0HARBOR001","user_id":"U0TANDEM001","is_bot":true,"is_enterprise_install":false}],"is_ext_shared_channel":false}`,
		user, n, n, n, n)
	h := slacktest.App{SigningSecret: intakeSecret}.Sign(body, time.Now())
	h.Set("Host", "tandem.example")
	h.Set("Content-Type", "application/json")
	h.Set("User-Agent", "Slackbot 1.0 (+https://api.slack.com/robots)")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	var out bytes.Buffer
	out.WriteString("POST /slack/events HTTP/1.1\r\n")
	_ = h.Write(&out) // to memory
	out.WriteString("\r\n")
	out.Write(body)
	return out.Bytes()
}

// flood sends each connection's requests over it, one after the other, and
// returns how long all of it took.
func flood(b *testing.B, address string, all [][][]byte) time.Duration {
	b.Helper()
	conns := make([]net.Conn, len(all))
	for i := range conns {
		var err error
		if conns[i], err = net.Dial("tcp", address); err != nil {
			b.Fatal(err)
		}
		defer func() { _ = conns[i].Close() }()
	}
	began := time.Now()
	var wg sync.WaitGroup
	for i, requests := range all {
		wg.Go(func() {
			answers := bufio.NewReader(conns[i])
			for _, r := range requests {
				if _, err := conns[i].Write(r); err != nil {
					b.Error(err)
					return
				}
				if err := accepted(answers); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	return time.Since(began)
}

// accepted reads an answer, which must be a 200 without a body. The client is to
// cost little, so it reads no more of it.
func accepted(r *bufio.Reader) error {
	first, err := r.ReadString('\n')
	empty := false
	for line := first; err == nil && line != "\r\n"; {
		if line, err = r.ReadString('\n'); strings.EqualFold(line, "Content-Length: 0\r\n") {
			empty = true
		}
	}
	if err == nil && (!strings.HasPrefix(first, "HTTP/1.1 200 ") || !empty) {
		err = fmt.Errorf("the answer is %q", first)
	}
	return err
}

// statusMB is a size that the kernel tells of a process.
func statusMB(tb testing.TB, pid int, name string) float64 {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		tb.Fatal(err)
	}
	found := regexp.MustCompile(name + `:\s+(\d+) kB`).FindSubmatch(text)
	if found == nil {
		tb.Fatalf("no %s", name)
	}
	n, err := strconv.Atoi(string(found[1]))
	if err != nil {
		tb.Fatal(err)
	}
	return float64(n) / 1024
}

// cpuOf is how long a process has had a processor. The kernel counts it in
// hundredths of a second.
func cpuOf(tb testing.TB, pid int) time.Duration {
	tb.Helper()
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		tb.Fatal(err)
	}
	_, after, _ := strings.Cut(string(text), ") ") // its name may hold anything
	fields := strings.Fields(after)
	ticks := 0
	for _, f := range fields[11:13] { // in its own code, and in the kernel's for it
		n, err := strconv.Atoi(f)
		if err != nil {
			tb.Fatal(err)
		}
		ticks += n
	}
	return time.Duration(ticks) * 10 * time.Millisecond
}
