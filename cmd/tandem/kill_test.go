package main

import (
	"bufio"
	"database/sql"
	"fmt"
	mathrand "math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/calendar"
	"github.com/tandem-bot/tandem/store/rhythm"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// kills is how often a keeper is killed, and killSeed what decides when.
const (
	kills    = 40
	killSeed = 20261125
)

// TestKilledKeepers kills a process that keeps the rhythm with SIGKILL at
// random points, with a remote service that refuses, fails and loses answers.
// Nothing that was told as recorded is lost, no prompt is missing, and nothing
// is posted twice.
func TestKilledKeepers(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a process is killed by a signal here")
	}
	dir := t.TempDir()
	path, remote := filepath.Join(dir, "tandem.db"), filepath.Join(dir, "remote.db")
	dice := mathrand.New(mathrand.NewPCG(killSeed, 0))
	told := map[string]bool{}
	killed, seconds := 0, time.Now()
	for run := 0; ; run++ {
		when := strike{}
		if killed < kills { // far enough apart to come through the days in the end
			when = strike{1 + dice.IntN(24), time.Duration(dice.IntN(3000)) * time.Microsecond}
		}
		if runKeeper(t, path, remote, strconv.FormatUint(dice.Uint64(), 10), when, told) {
			break
		}
		killed++
	}
	t.Logf("%d kills in %s, %d acknowledgements told as recorded", killed, time.Since(seconds).Round(time.Second), len(told))
	if killed < kills {
		t.Errorf("the keeper was done after %d kills; it was to be killed %d times", killed, kills)
	}
	db, err := sqlite.Open(t.Context(), path, sqlite.Options{})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = db.Close() }()
	wantAcknowledged(t, db, told)
	wantPrompts(t, db, remote)
	if check, err := db.VerifyAudit(t.Context(), "keeper"); err != nil || check.Broken != nil {
		t.Errorf("the audit log: %s, %v", check, err)
	}
}

// strike is when a keeper is killed: so long after it printed so many lines. At
// no line it is left alone.
type strike struct {
	lines int
	after time.Duration
}

// runKeeper runs a keeper until it is done, or until it is struck. It reports
// whether it came to its end.
func runKeeper(t *testing.T, path, remote, seed string, when strike, told map[string]bool) bool {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	child := exec.CommandContext(t.Context(), self)
	child.Args = []string{keeperProgram, path, remote, seed}
	var trouble strings.Builder
	child.Stderr = &trouble
	out, err := child.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := child.Start(); err != nil {
		t.Fatal(err)
	}
	var timer *time.Timer
	done := false
	lines := bufio.NewScanner(out)
	for n := 1; lines.Scan(); n++ {
		if n == when.lines {
			timer = time.AfterFunc(when.after, func() { _ = child.Process.Kill() })
		}
		switch line := lines.Text(); {
		case strings.HasPrefix(line, "recorded "):
			told[strings.TrimPrefix(line, "recorded ")] = true
		case line == "done":
			done = true
		}
	}
	if timer != nil {
		timer.Stop()
	}
	if err := child.Wait(); err != nil && trouble.Len() > 0 {
		t.Fatalf("the keeper failed by itself: %v\n%s", err, trouble.String())
	}
	return done
}

// wantAcknowledged finds everything that was told as recorded.
func wantAcknowledged(t *testing.T, db *sqlite.DB, told map[string]bool) {
	t.Helper()
	all, err := db.Acknowledgements(t.Context(), "keeper", store.AckFilter{})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for i := range all {
		for _, g := range all[i].Given {
			kept[fmt.Sprint(all[i].ID, " ", g.Person)] = true
		}
	}
	lost := 0
	for what := range told {
		if !kept[what] {
			lost++
		}
	}
	t.Logf("%d acknowledgements kept, %d lost", len(kept), lost)
	if lost > 0 || len(told) < 20 {
		t.Errorf("%d of %d acknowledgements that were told as recorded are lost", lost, len(told))
	}
}

// wantPrompts finds the prompt of every standup in the remote service, and
// nothing there twice.
func wantPrompts(t *testing.T, db *sqlite.DB, remote string) {
	t.Helper()
	raw, err := sql.Open("sqlite", remote)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = raw.Close() }()
	rows, err := raw.QueryContext(t.Context(), `SELECT key, COUNT(*) FROM web_messages WHERE key <> '' GROUP BY key`)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	posted, doubled := map[string]int{}, 0
	for rows.Next() {
		var key string
		var n int
		if err := rows.Scan(&key, &n); err != nil {
			t.Fatal(err)
		}
		posted[key] = n
		if n > 1 {
			doubled++
			t.Errorf("%s is there %d times", key, n)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	e, err := db.Engagement(t.Context(), "keeper")
	if err != nil {
		t.Fatal(err)
	}
	cal, err := calendar.New(e, nil)
	if err != nil {
		t.Fatal(err)
	}
	begin, err := time.Parse(time.RFC3339, keeperBegin)
	if err != nil {
		t.Fatal(err)
	}
	due, missing := 0, 0
	r, err := rhythm.New(cal, &e.Cadences[0])
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range r.Between(begin, begin.AddDate(0, 0, keeperDays-1)) {
		due++
		if posted["keeper/prompt/daily@"+d.Civil+" in keeper/coordination"] == 0 {
			missing++
			t.Errorf("the prompt of %s is missing", d.Civil)
		}
	}
	// An announcement goes to each of those who were asked.
	all, err := db.Acknowledgements(t.Context(), "keeper", store.AckFilter{})
	if err != nil {
		t.Fatal(err)
	}
	for i := range all {
		if all[i].What != store.AckAnnouncement {
			continue
		}
		for _, person := range all[i].Asked {
			key := fmt.Sprintf("keeper/ack/%d in @keeper/%s", all[i].ID, person)
			if posted[key] == 0 && posted[fmt.Sprintf("keeper/ack/%d in keeper/coordination", all[i].ID)] == 0 {
				missing++
				t.Errorf("%s was not told of announcement %d", person, all[i].ID)
			}
		}
	}
	t.Logf("%d messages, %d posted twice; %d prompts due and %d announcements, %d missing", len(posted), doubled, due, len(all), missing)
}
