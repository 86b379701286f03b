package sqlite_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

// keepForever opens requests and acknowledges them from many sides at once,
// and tells each acknowledgement after it was kept and each post that it sends.
func keepForever(path string) error {
	db, err := sqlite.Open(ctx, path, sqlite.Options{BusyTimeout: time.Minute})
	if err != nil {
		return err
	}
	owner := fmt.Sprint("keeper-", os.Getpid())
	var told sync.Mutex
	tell := func(words string) {
		told.Lock()
		defer told.Unlock()
		fmt.Println(words)
	}
	failed := make(chan error)
	for n := range 4 {
		go func() {
			for i := 0; ; i++ {
				r := store.AckRequest{
					Key: fmt.Sprintf("%s-%d-%d", owner, n, i), What: store.AckAnnouncement, Title: "VPN", Mode: store.AckEach, Asked: []string{"maria"}, By: "devon",
				}
				number, err := db.RequestAcknowledgement(ctx, "harbor-legal", r, noon)
				if err == nil {
					_, err = db.Acknowledge(ctx, "harbor-legal", store.Acknowledging{Request: number, Person: "maria", How: store.ByButton}, noon)
				}
				if err != nil {
					failed <- err
					return
				}
				tell(fmt.Sprint("acknowledged ", number))
				// SQLite's lock knows no queue: who never pauses starves the other.
				time.Sleep(10 * time.Millisecond)
			}
		}()
	}
	go func() {
		for i := 0; ; i++ {
			// A killed keeper's lease runs out by the next minute of this clock.
			at := time.Now()
			list, err := db.ClaimDeliveries(ctx, owner, at, at.Add(50*time.Millisecond), 3)
			for _, d := range list {
				if !d.Unknown { // else it looks first, and here finds it
					tell("sent " + d.Post)
				}
				if err == nil {
					err = db.FinishDelivery(ctx, d, store.Outcome{Kind: store.OutcomeSent, Message: "m"}, at)
				}
				if store.ErrorCode(err) == store.CodeConflict {
					err = nil // too late; somebody else has it
				}
			}
			if err != nil {
				failed <- err
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return <-failed
}

// TestKillKeepers: two processes keep the rhythm of one store and are killed in
// the middle. Every acknowledgement that was told is there, the chain holds,
// and no post was sent twice.
func TestKillKeepers(t *testing.T) {
	const posts, rounds = 200, 3
	path := newPath(t)
	db := open(t, path, sqlite.Options{})
	importing(t, db, client("harbor-legal"))
	var c store.Change
	for i := range posts {
		c.Posts = append(c.Posts, store.Post{
			Key: fmt.Sprint("post-", i), Kind: "prompt", Card: []byte(`[]`), To: []store.Address{{Platform: "web", Channel: fmt.Sprint("c", i)}},
		})
	}
	if _, err := db.ClaimSweeps(ctx, "test", noon, noon.Add(time.Minute), 1); err != nil {
		t.Fatal(err)
	}
	c.Seen = 1
	if err := db.ApplySweep(ctx, "harbor-legal", "test", c, time.Now()); err == nil {
		t.Fatal("a lease in the past holds")
	}
	if err := db.ApplySweep(ctx, "harbor-legal", "test", c, noon); err != nil {
		t.Fatal(err)
	}
	// Waiting since today, or they would be given up.
	run(t, db.Writer(), "UPDATE deliveries SET first_at = '"+time.Now().UTC().Format("2006-01-02T15:04:05.000000000Z")+"'")

	told := map[string]int{}
	for round := range rounds {
		var cmds [2]*exec.Cmd
		var outs [2]*bufio.Scanner
		for i := range cmds {
			cmds[i], outs[i] = start(t, roleKeeper, path, nil)
		}
		read := func(out *bufio.Scanner) bool {
			if !out.Scan() {
				return false
			}
			if strings.HasPrefix(out.Text(), "failed:") {
				t.Fatal(out.Text())
			}
			told[out.Text()]++
			return true
		}
		for range 10 + 10*round {
			for _, out := range outs {
				if !read(out) {
					t.Fatalf("a keeper stopped: %v", out.Err())
				}
			}
		}
		for _, cmd := range cmds {
			if err := cmd.Process.Kill(); err != nil {
				t.Fatal(err)
			}
		}
		for _, out := range outs {
			for read(out) {
			}
		}
		for _, cmd := range cmds {
			if err := cmd.Wait(); err == nil {
				t.Fatal("a killed keeper ended well")
			}
		}
	}
	wantIntact(t, db)
	check, err := db.VerifyAudit(ctx, "harbor-legal")
	if err != nil || check.Broken != nil {
		t.Errorf("%s, %v", check, err)
	}
	list, err := db.Acknowledgements(ctx, "harbor-legal", store.AckFilter{})
	if err != nil {
		t.Fatal(err)
	}
	kept := map[string]bool{}
	for _, a := range list {
		kept[fmt.Sprint("acknowledged ", a.ID)] = len(a.Given) == 1
	}
	acknowledged, sent := 0, 0
	for words, n := range told {
		if strings.HasPrefix(words, "sent ") {
			sent++
		} else {
			acknowledged++
		}
		if n != 1 {
			t.Errorf("%s: %d times", words, n)
		}
		if strings.HasPrefix(words, "acknowledged ") && !kept[words] {
			t.Errorf("%s: it is not there", words)
		}
	}
	t.Logf("%d kills: %d acknowledgements told, all kept; %d posts sent, none twice", 2*rounds, acknowledged, sent)
	if sent == 0 || acknowledged == 0 {
		t.Error("the test does not test")
	}
}
