package slack_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/inbox"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/slack/slacktest"
	"github.com/tandem-bot/tandem/store"
)

func TestLookup(t *testing.T) {
	all := several{}
	st := newStage(t, func(o *staged) { o.slack.Installations = all })
	all[st.home.ID] = slack.Installation{Team: st.home.ID, Token: st.in.Token}
	theo := st.home.Person(slacktest.User{Name: "theo", Email: "theo@harborlegal.example"})
	st.home.Person(slacktest.User{Name: "gone", Email: "gone@harborlegal.example", Deleted: true})
	st.away.Person(slacktest.User{Name: "imani", Email: "imani@ridge.example", ShareEmail: true})
	for email, want := range map[string]string{
		"Theo@HarborLegal.example": theo.ID, "gone@harborlegal.example": "", "imani@ridge.example": "", "nobody@nowhere.example": "", "": "",
	} {
		who, found, err := st.adapter.Lookup(t.Context(), st.home.ID, email)
		if err != nil || found != (want != "") || found && who != (slack.Account{Tenant: st.home.ID, User: want}) {
			t.Errorf("%q is %+v %t %v", email, who, found, err)
		}
	}
	if _, _, err := st.adapter.Lookup(t.Context(), st.away.ID, "imani@ridge.example"); store.ErrorCode(err) != store.CodeNotFound {
		t.Errorf("where Tandem is not installed: %v", err)
	}
	before := len(st.Calls("users.lookupByEmail"))
	st.Fail("users.lookupByEmail", slacktest.TooMany)
	if _, found, err := st.adapter.Lookup(t.Context(), st.home.ID, theo.Email); err != nil || !found || len(st.Calls("users.lookupByEmail")) != before+2 {
		t.Errorf("it didn't wait: %t %v", found, err)
	}
	st.Fail("users.lookupByEmail", slacktest.Broken)
	if _, found, err := st.adapter.Lookup(t.Context(), st.home.ID, theo.Email); err == nil || found {
		t.Error("what failed is no answer")
	}
	st.in.Drop("users:read.email")
	_, _, err := st.adapter.Lookup(t.Context(), st.home.ID, theo.Email)
	if refused, ok := errors.AsType[*bot.SendError](err); !ok || !strings.Contains(refused.Reason, "users:read.email") {
		t.Errorf("%v", err)
	}
}

// Where there is one installation and nobody said of which workspace, Slack is asked.
func TestLookupInTheOnlyWorkspace(t *testing.T) {
	st := newStage(t, nil)
	st.stop()
	st.start(slack.Options{Inbox: &inbox.Memory{}, Now: st.time, Installations: slack.Only{Token: st.in.Token}})
	theo := st.home.Person(slacktest.User{Name: "theo", Email: "theo@harborlegal.example"})
	who, found, err := st.adapter.Lookup(t.Context(), "", theo.Email)
	if err != nil || !found || who != (slack.Account{Tenant: st.home.ID, User: theo.ID}) {
		t.Errorf("%+v %t %v", who, found, err)
	}
}
