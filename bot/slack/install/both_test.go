package install

import (
	"context"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
)

// echo answers everything with what it heard, and remembers from where.
type echo struct {
	mu   sync.Mutex
	from []string
}

func (h *echo) Handle(_ context.Context, e bot.Event) (bot.Reply, bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.from = append(h.from, e.Tenant)
	said := e.Text
	if said == "" {
		said = e.Say
	}
	return bot.Say(card.Paragraph("You said "+said), card.Buttons{{Label: "Again", Say: "again"}}), true
}

func (h *echo) took() []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	from := h.from
	h.from = nil
	return from
}

// changes hand removals to the installer, as serve does.
type changes struct{ *Installer }

func (changes) ChannelMoved(context.Context, string, string, string) error { return nil }

// adapter runs the Slack adapter over the installer.
func (st *stage) adapter() (*slack.Slack, *echo) {
	st.t.Helper()
	h := &echo{}
	a, err := slack.New(slack.Options{
		Handler: h, Inbox: &inbox.Memory{}, Installations: st.inst, Changes: changes{st.inst}, SigningSecret: st.App().SigningSecret,
		Now: st.time, API: st.APIURL(), HTTP: st.o.HTTP, Log: st.o.Log,
	})
	if err != nil {
		st.t.Fatal(err)
	}
	server := httptest.NewServer(a)
	ctx, cancel := context.WithCancel(context.WithoutCancel(st.t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.Run(ctx) }()
	st.t.Cleanup(func() {
		server.Close()
		cancel()
		if err := <-ended; err != nil {
			st.t.Error(err)
		}
	})
	st.Configure(func(app *slacktest.App) {
		app.EventsURL, app.InteractivityURL, app.CommandsURL = server.URL+"/slack/events", server.URL+"/slack/events", server.URL+"/slack/events"
	})
	return a, h
}

// done waits for what a delivery caused.
func (st *stage) done(a *slack.Slack, d *slacktest.Delivery, err error) {
	st.t.Helper()
	if err != nil {
		st.t.Fatal(err)
	}
	if !d.OK() {
		st.t.Fatalf("%+v", d)
	}
	if err := a.Idle(st.t.Context()); err != nil {
		st.t.Fatal(err)
	}
}

// posts are the workspaces whose token posted, and what Slack said to it.
func (st *stage) posts() []string {
	var out []string
	for _, c := range st.Calls("chat.postMessage") {
		out = append(out, strings.TrimSpace(c.Team+" "+c.Error))
	}
	return out
}

func TestTwoWorkspacesInOneProcess(t *testing.T) {
	st := rotating(t)
	a, h := st.adapter()
	room := st.harbor.Channel(slacktest.NewChannel{ID: "C0ROOM00001", Name: "it", Members: []*slacktest.Person{st.maria}, Bot: true})
	far := st.ridge.Channel(slacktest.NewChannel{ID: "C0FAR000001", Name: "desk", Members: []*slacktest.Person{st.devon}, Bot: true})
	speak := func() {
		t.Helper()
		d, err := st.maria.Mention(t.Context(), slacktest.In{Channel: room.ID()}, "hello")
		st.done(a, d, err)
		d, err = st.devon.Mention(t.Context(), slacktest.In{Channel: far.ID()}, "hello")
		st.done(a, d, err)
		if from := h.took(); !slices.Equal(from, []string{st.harbor.ID, st.ridge.ID}) {
			t.Errorf("it was heard of %v", from)
		}
	}
	speak()
	want := []string{st.harbor.ID, st.ridge.ID}
	if got := st.posts(); !slices.Equal(got, want) {
		t.Fatalf("posted by %v\n%s", got, st.log())
	}
	// Three days, in which the tokens expire six times.
	for range 6 {
		st.pass(12 * time.Hour)
		speak()
		want = append(want, st.harbor.ID, st.ridge.ID)
	}
	if got := st.posts(); !slices.Equal(got, want) {
		t.Errorf("posted by %v\n%s", got, st.log())
	}
	if st.renewals() != 12 {
		t.Errorf("%d renewals", st.renewals())
	}
	// What is sent unasked finds its workspace too.
	for _, ch := range []*slacktest.Channel{room, far} {
		team := map[*slacktest.Channel]string{room: st.harbor.ID, far: st.ridge.ID}[ch]
		if _, err := a.Send(t.Context(), bot.Post{To: bot.Address{Platform: slack.Platform, Tenant: team, Channel: ch.ID()}, Card: card.New(card.Paragraph("due"))}); err != nil {
			t.Error(err)
		}
		if _, err := a.Send(t.Context(), bot.Post{To: bot.Address{Platform: slack.Platform, Channel: team + "/" + ch.ID()}, Card: card.New(card.Paragraph("due"))}); err != nil {
			t.Error(err)
		}
	}
	_, err := a.Send(t.Context(), bot.Post{To: bot.Address{Platform: slack.Platform, Channel: room.ID()}, Card: card.New(card.Paragraph("due"))})
	if err == nil || !strings.Contains(err.Error(), "nothing says which one is meant") {
		t.Errorf("without a workspace: %v", err)
	}
	// One takes Tandem out; the other is answered as before.
	for _, d := range st.harbor.Install().Uninstall(t.Context()) {
		st.done(a, d, nil)
	}
	if rows := st.store.all(); len(rows) != 1 || rows[0].Team != st.ridge.ID {
		t.Errorf("left is %v", rows)
	}
	d, err := st.devon.Mention(t.Context(), slacktest.In{Channel: far.ID()}, "hello")
	st.done(a, d, err)
	if got := st.posts(); got[len(got)-1] != st.ridge.ID {
		t.Errorf("posted by %v", got)
	}
	// And installs it again.
	st.installed(st.maria)
	room.Invite(t.Context(), st.maria, st.harbor.Install())
	d, err = st.maria.Mention(t.Context(), slacktest.In{Channel: room.ID()}, "hello")
	st.done(a, d, err)
	if got := st.posts(); got[len(got)-1] != st.harbor.ID {
		t.Errorf("posted by %v\n%s", got, st.log())
	}
}

func TestNewsOfOnePersonsTokenRemovesNothing(t *testing.T) {
	st := rotating(t)
	a, _ := st.adapter()
	in := st.harbor.Install()
	in.Revoke() // so that it would go, if anybody asked
	d := in.Tell(t.Context(), map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []any{st.maria.ID}, "bot": []any{}}})
	st.done(a, d, nil)
	if n := len(st.store.all()); n != 2 {
		t.Errorf("%d installations are left", n)
	}
	d = in.Tell(t.Context(), map[string]any{"type": "tokens_revoked", "tokens": map[string]any{"oauth": []any{}, "bot": []any{in.UserID}}})
	st.done(a, d, nil)
	if n := len(st.store.all()); n != 1 {
		t.Errorf("%d installations are left", n)
	}
}

// Somebody of a third workspace presses a button in a channel that is shared
// with one of the two: the button's message says whose it is.
func TestAClickFromTheOtherSideOfASharedChannel(t *testing.T) {
	st := rotating(t)
	a, h := st.adapter()
	nora := st.Workspace("T0THIRD0001", "Third").Person(slacktest.User{ID: "U0NORA00001", Name: "nora"})
	for _, w := range []*slacktest.Workspace{st.harbor, st.ridge} {
		p := map[*slacktest.Workspace]*slacktest.Person{st.harbor: st.maria, st.ridge: st.devon}[w]
		room := w.Channel(slacktest.NewChannel{Name: "shared", Members: []*slacktest.Person{p, nora}, Bot: true})
		d, err := p.Mention(t.Context(), slacktest.In{Channel: room.ID()}, "hello")
		st.done(a, d, err)
		seen, err := nora.Seen(room.ID())
		if err != nil {
			t.Fatal(err)
		}
		before := len(st.posts())
		h.took()
		d, err = nora.Press(t.Context(), slacktest.In{Channel: room.ID()}, seen[len(seen)-1].TS, "Again")
		st.done(a, d, err)
		if from, got := h.took(), st.posts(); !slices.Equal(from, []string{w.ID}) || len(got) != before+1 || got[before] != w.ID {
			t.Errorf("heard of %v, posted by %v\n%s", from, got, st.log())
		}
	}
}
