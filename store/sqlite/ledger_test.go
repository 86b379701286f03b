package sqlite_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

var row0 = store.SubjectRef{Kind: store.SubjectFunction, ID: "row-0"}

// fillLedger puts something in every table of the ledger of a store that has
// harbor-legal: conversation 1 is open and 2 closed, alias 2 is forgotten,
// suggestion 1 confirmed, 2 dismissed and 3 undecided.
func fillLedger(t *testing.T, db *sqlite.DB) {
	t.Helper()
	theo := store.Asker{Platform: "slack", User: "UTHEO", Name: "Theo"}
	ask := func(key string) error {
		_, _, err := db.AskedUnnamed(ctx, "harbor-legal", store.Conversation{
			Question: "Who has the " + key + "?", Key: key, Nearest: []store.SubjectRef{row0}, Asker: theo,
		}, noon)
		return err
	}
	suggest := func(phrase string) error {
		return db.SuggestAlias(ctx, "harbor-legal", phrase, phrase, row0, theo, noon)
	}
	post := func(m store.WebMessage) error {
		m.Place, m.At = "harbor-legal/coordination", noon
		_, err := db.AppendWebMessage(ctx, m)
		return err
	}
	for i, step := range []func() error{
		func() error { return ask("keys") },
		func() error { return ask("keys") },
		func() error { return ask("doors") },
		func() error { return db.CloseAsAlias(ctx, "harbor-legal", 2, "doors", row0, "maria", noon) },
		func() error { return suggest("printers") },
		func() error { return suggest("scanners") },
		func() error { return suggest("faxes") },
		func() error { return db.ConfirmAlias(ctx, "harbor-legal", 1, "maria", noon) },
		func() error { return db.DismissAlias(ctx, "harbor-legal", 2, "maria", noon) },
		func() error { return db.ForgetAlias(ctx, "harbor-legal", "printers", "devon", noon) },
		func() error { return db.ChooseEngagement(ctx, "slack", "T1", "UTHEO", "harbor-legal", noon) },
		func() error { _, err := db.AcceptEvent(ctx, "slack", "T1", "Ev1", noon); return err },
		func() error { return post(store.WebMessage{Author: "harbor-legal/maria", Text: "keys?", Key: "k1"}) },
		func() error { return post(store.WebMessage{Thread: 1, Card: json.RawMessage(`{"a":"<b>"}`)}) },
		func() error { return db.SetWebSetting(ctx, "clock", "2026-11-20T23:12") },
	} {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
	}
}

// wantLedger checks what fillLedger stored.
func wantLedger(t *testing.T, db *sqlite.DB) {
	t.Helper()
	list, err := db.Conversations(ctx, "harbor-legal", false)
	if err != nil || len(list) != 2 || list[0].Times != 2 || list[0].Closed != nil || list[1].Closed == nil || list[1].Closed.Alias != "doors" {
		t.Errorf("conversations: %+v, %v", list, err)
	}
	aliases, err := db.LearnedAliases(ctx, "harbor-legal")
	if err != nil || len(aliases) != 1 || aliases[0].Phrase != "doors" || aliases[0].Subject != row0 {
		t.Errorf("aliases: %+v, %v", aliases, err)
	}
	suggestions, err := db.AliasSuggestions(ctx, "harbor-legal")
	if err != nil || len(suggestions) != 1 || suggestions[0].Phrase != "faxes" {
		t.Errorf("suggestions: %+v, %v", suggestions, err)
	}
	if id, at, err := db.ChosenEngagement(ctx, "slack", "T1", "UTHEO"); id != "harbor-legal" || !at.Equal(noon) || err != nil {
		t.Errorf("chosen: %q at %s, %v", id, at, err)
	}
	if fresh, err := db.AcceptEvent(ctx, "slack", "T1", "Ev1", noon); fresh || err != nil {
		t.Errorf("an event came twice: %t, %v", fresh, err)
	}
	messages, err := db.WebMessages(ctx, "harbor-legal/coordination", "", 0, 9)
	if err != nil || len(messages) != 2 || messages[1].Thread != 1 || string(messages[1].Card) != `{"a":"<b>"}` {
		t.Errorf("messages: %+v, %v", messages, err)
	}
	if clock, err := db.WebSetting(ctx, "clock"); clock != "2026-11-20T23:12" || err != nil {
		t.Errorf("the clock is %q, %v", clock, err)
	}
	if stamp, err := db.EngagementStamp(ctx, "harbor-legal"); err != nil || stamp.Changes == 0 {
		t.Errorf("the stamp is %+v, %v", stamp, err)
	}
}

// TestUpgradeFindsPeople: the people and channels of a store of schema 1 are
// found by their addresses once it is open, those of old revisions are not,
// and an engagement that is damaged keeps nobody from the others.
func TestUpgradeFindsPeople(t *testing.T) {
	e := small()
	e.ID, e.Client = "lakeside-dental", "Lakeside Dental"
	e.People[0].Slack, e.People[0].Teams, e.People[0].Email = "TLAKE/UMARIA", "ABCD-É", "MARIA@Harborlegal.example"
	e.Channels = []store.Channel{{Name: "coordination", Slack: "C0LAKE"}, {Name: "managers", Teams: "19:Man@thread.tacv2"}}
	before := clone(e)
	before.People[0].Slack, before.Channels = "UOLD", []store.Channel{{Name: "old", Slack: "C0OLD"}}
	source := newPath(t)
	db := open(t, source, sqlite.Options{})
	importing(t, db, before)
	importing(t, db, e)

	path := newPath(t)
	old := raw(t, path)
	old.SetMaxOpenConns(1)
	run(t, old, string(read(t, dumpName(1))))
	run(t, old, "ATTACH '"+filepath.ToSlash(source)+"' AS source")
	for _, table := range []string{"engagement_revisions", "matrix_versions", "matrix_signatures"} {
		run(t, old, "INSERT INTO main."+table+" SELECT * FROM source."+table)
	}
	run(t, old, "INSERT INTO main.audit_log SELECT engagement_id, seq, at, by, action, detail FROM source.audit_log")
	const columns = "id, client, msp, revision, matrix_version, updated_at"
	run(t, old, "INSERT INTO main.engagements SELECT "+columns+" FROM source.engagements")
	for id, content := range map[string]string{"broken": "{", "odd": `{"people":[{},{"id":7},3],"channels":{"a":1}}`} {
		run(t, old, "INSERT INTO main.engagements SELECT '"+id+"', client, msp, 1, matrix_version, updated_at FROM source.engagements")
		run(t, old, "INSERT INTO main.engagement_revisions SELECT '"+id+"', 1, '"+content+"', sha256, imported_at, imported_by FROM source.engagement_revisions WHERE revision = 1")
		run(t, old, "INSERT INTO main.matrix_versions SELECT '"+id+"', version, content, sha256, effective, reason, created_at FROM source.matrix_versions")
	}
	run(t, old, "DETACH source")

	upgraded := open(t, path, sqlite.Options{})
	wantIntact(t, upgraded)
	for _, c := range []struct{ platform, tenant, user, want string }{
		{"slack", "TLAKE", "UMARIA", "lakeside-dental/maria"},
		{"slack", "TLAKE", "UOLD", ""},
		{"teams", "", "abcd-É", "lakeside-dental/maria"},
		{"web", "", "lakeside-dental/devon", "harbor-legal/devon lakeside-dental/devon"},
		{"web", "", "harbor-legal/maria", "harbor-legal/maria lakeside-dental/maria"},
	} {
		list, err := upgraded.Memberships(ctx, c.platform, c.tenant, c.user)
		var got []string
		for _, m := range list {
			got = append(got, m.Engagement+"/"+m.Person)
		}
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s %s is %v, %v; want %s", c.platform, c.user, got, err, c.want)
		}
	}
	for _, c := range []struct{ platform, channel, want string }{
		{"slack", "C0LAKE", "lakeside-dental"},
		{"slack", "C0OLD", ""},
		{"teams", "19:Man@thread.tacv2", "lakeside-dental"},
		{"web", "lakeside-dental/managers", "lakeside-dental"},
	} {
		got, err := upgraded.ChannelEngagements(ctx, c.platform, "T1", c.channel)
		if err != nil || strings.Join(got, " ") != c.want {
			t.Errorf("%s %s is of %v, %v; want %s", c.platform, c.channel, got, err, c.want)
		}
	}
	_, err := upgraded.Engagement(ctx, "broken")
	wantError(t, err, store.CodeUnavailable, "does not match its SHA-256")
	// What an import lists is what the migration listed.
	for _, table := range []string{"people", "channels"} {
		query := "SELECT json_array(" + strings.Join(column(t, db.Writer(), "SELECT name FROM pragma_table_info('"+table+"')"), ", ") +
			") FROM " + table + " WHERE engagement_id = 'lakeside-dental' ORDER BY 1"
		if got, want := column(t, upgraded.Writer(), query), column(t, db.Writer(), query); !slices.Equal(got, want) || len(got) != 2 {
			t.Errorf("%s: %v, want %v", table, got, want)
		}
	}
}

// TestBackupOfLedger: the copy holds the ledger as well.
func TestBackupOfLedger(t *testing.T) {
	db := open(t, history(t), sqlite.Options{})
	copied := newPath(t)
	if err := db.Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	again := open(t, copied, sqlite.Options{})
	wantIntact(t, again)
	wantHistory(t, again)
	wantLedger(t, again)
}

// TestBackupOfOlder: a store of schema 1 can be copied as it is, before this
// Tandem changes it.
func TestBackupOfOlder(t *testing.T) {
	path := newPath(t)
	run(t, raw(t, path), string(read(t, dumpName(1))))
	_, err := sqlite.Open(ctx, path, sqlite.Options{ReadOnly: true})
	wantError(t, err, store.CodeUnavailable, "an older Tandem (schema 1", "make a backup")
	copied := newPath(t)
	if err := open(t, path, sqlite.Options{ReadOnly: true, AnyOlder: true}).Backup(ctx, copied); err != nil {
		t.Fatal(err)
	}
	if got := column(t, raw(t, copied), "SELECT MAX(version_id) FROM goose_db_version"); got[0] != "1" {
		t.Errorf("the copy has schema %s", got[0])
	}
	wantHistory(t, open(t, copied, sqlite.Options{}))
}

// TestIndexed: what is looked up for every message is found by an index.
func TestIndexed(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	for query, index := range map[string]string{
		"SELECT 1 FROM people WHERE slack IN ('a', 'b') AND slack <> ''":                            "people_by_slack",
		"SELECT 1 FROM people WHERE teams = 'a' AND teams <> ''":                                    "people_by_teams",
		"SELECT 1 FROM people WHERE email = 'a' AND email <> ''":                                    "people_by_email",
		"SELECT 1 FROM channels WHERE slack IN ('a', 'b') AND slack <> ''":                          "channels_by_slack",
		"SELECT 1 FROM channels WHERE teams = 'a' AND teams <> ''":                                  "channels_by_teams",
		"DELETE FROM inbox WHERE accepted_at < 'a'":                                                 "inbox_by_age",
		"SELECT * FROM web_messages WHERE place = 'a' AND change > 1":                               "web_messages_of_place",
		"SELECT * FROM web_messages WHERE key = 'a' AND key <> ''":                                  "web_messages_by_key",
		"SELECT 1 FROM conversations WHERE engagement_id = 'a' AND key = 'b' AND closed_at IS NULL": "conversations_open",
	} {
		first := plan(t, db, query)[0]
		if !strings.Contains(first, "SEARCH") || !strings.Contains(first, index) {
			t.Errorf("%s: %s", query, first)
		}
	}
}

// TestIndexedAcknowledgements: what came of a request is found by an index,
// whatever else ever came in the engagement.
func TestIndexedAcknowledgements(t *testing.T) {
	db := open(t, newPath(t), sqlite.Options{})
	for _, where := range []string{"r.id = 2", "(r.closed_at = '' OR r.changed = 1)"} {
		got := strings.Join(plan(t, db, `SELECT r.title, v.person FROM acknowledgement_requests r
			LEFT JOIN acknowledgement_events i ON i.engagement_id = r.engagement_id AND i.request = r.id
			LEFT JOIN acknowledgement_events v ON v.engagement_id = i.engagement_id AND v.audit_seq = i.audit_seq
			WHERE r.engagement_id = 'a' AND `+where+` ORDER BY r.id, i.audit_seq`), "; ")
		for _, step := range []string{"SEARCH i USING COVERING INDEX acknowledgement_events_of (engagement_id=? AND request=?)", "(engagement_id=? AND audit_seq=?)"} {
			if !strings.Contains(got, step) || strings.Contains(got, "B-TREE") {
				t.Errorf("%s: %s", where, got)
			}
		}
	}
}

// plan is how SQLite would run a query, step by step.
func plan(t *testing.T, db *sqlite.DB, query string) []string {
	t.Helper()
	rows, err := db.Writer().Query("EXPLAIN QUERY PLAN " + query)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var steps []string
	for rows.Next() {
		var a, b, c int
		var step string
		if err := rows.Scan(&a, &b, &c, &step); err != nil {
			t.Fatal(err)
		}
		steps = append(steps, step)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return steps
}

const eventsEach = 300

// acceptAll tells how many of the events were new to this process.
func acceptAll(path string) error {
	db, err := sqlite.Open(ctx, path, sqlite.Options{})
	if err != nil {
		return err
	}
	n := 0
	for i := range eventsEach {
		fresh, err := db.AcceptEvent(ctx, "slack", "T1", fmt.Sprint("Ev", i), noon)
		if err != nil {
			return err
		}
		if fresh {
			n++
		}
	}
	fmt.Println(n)
	return db.Close()
}

// TestProcessesAcceptAtOnce: of two processes that get the same events at
// once, one takes each.
func TestProcessesAcceptAtOnce(t *testing.T) {
	path := newPath(t)
	one, first := start(t, roleAccepter, path, nil)
	two, second := start(t, roleAccepter, path, nil)
	sum := 0
	if first.Scan() && second.Scan() {
		a, errA := strconv.Atoi(first.Text())
		b, errB := strconv.Atoi(second.Text())
		if errA != nil || errB != nil {
			t.Errorf("the children say %q and %q", first.Text(), second.Text())
		}
		sum = a + b
	}
	if err := one.Wait(); err != nil {
		t.Error(err)
	}
	if err := two.Wait(); err != nil {
		t.Error(err)
	}
	if sum != eventsEach {
		t.Errorf("%d of %d events were new", sum, eventsEach)
	}
}

// clone is a deep copy.
func clone(e *store.Engagement) *store.Engagement {
	var c store.Engagement
	b, err := json.Marshal(e)
	if err == nil {
		err = json.Unmarshal(b, &c)
	}
	if err != nil {
		panic(err) // only a fault of this test
	}
	return &c
}
