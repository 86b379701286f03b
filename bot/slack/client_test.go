package slack

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// renewed is an installation whose token changes each time.
type renewed struct {
	n    int
	team string
}

func (r *renewed) Installation(_ context.Context, team, _ string) (Installation, error) {
	if team != r.team {
		return Installation{}, store.Errorf(store.CodeNotFound, "Tandem is not installed in %s. Ask an admin.", team)
	}
	r.n++
	return Installation{Team: team, Token: fmt.Sprintf("xoxb-%d", r.n), BotUser: "UBOT"}, nil
}

func TestANewTokenMakesANewClientAndTheOldOneIsForgotten(t *testing.T) {
	s, _ := receiver(t, func(o *Options) { o.Installations = &renewed{team: "T1"} })
	for n := 1; n <= 100; n++ {
		c, err := s.client(t.Context(), []string{"T9", "T1"}, "")
		if err != nil || c.Token != fmt.Sprintf("xoxb-%d", n) {
			t.Fatalf("%+v, %v", c, err)
		}
	}
	if len(s.clients) != 1 {
		t.Errorf("%d clients are kept", len(s.clients))
	}
	s.o.Installations = Only{Team: "T1", Token: "xoxb-same", BotUser: "UBOT"}
	first, err := s.client(t.Context(), nil, "")
	if err != nil {
		t.Fatal(err)
	}
	if again, err := s.client(t.Context(), []string{"T1"}, ""); again != first || err != nil {
		t.Errorf("the same token has two clients: %v", err)
	}
}

func TestAPostWithoutAnInstallationSaysWhatToDo(t *testing.T) {
	s, _ := receiver(t, func(o *Options) { o.Installations = &renewed{team: "T1"} })
	_, err := s.Send(t.Context(), bot.Post{To: bot.Address{Platform: Platform, Tenant: "T9", Channel: "C1"}, Card: card.New(card.Paragraph("x"))})
	refused, ok := errors.AsType[*bot.SendError](err)
	if !ok || !refused.Permanent || refused.Reason != "Tandem is not installed in T9. Ask an admin" {
		t.Errorf("%v", err)
	}
}

func TestWhoseInstallationADeliveryConcerns(t *testing.T) {
	for name, c := range map[string]struct {
		kind byte
		raw  string
		want string
	}{
		"an event": {
			kindEvent, `{"type":"event_callback","team_id":"TFAR","enterprise_id":"EFAR","authorizations":[{"team_id":"T1","enterprise_id":"E1","is_bot":true}],"event":{"type":"app_mention","user":"U1","channel":"C1","text":"x"}}`,
			"T1 of E1",
		},
		"an event in an organisation": {
			kindEvent, `{"type":"event_callback","team_id":"T1","enterprise_id":"E1","authorizations":[{"team_id":null,"enterprise_id":"E1","is_enterprise_install":true}],"event":{"type":"app_mention","user":"U1","channel":"C1","text":"x"}}`,
			"T1 of E1",
		},
		"removed from a workspace of an organisation": {
			kindEvent, `{"type":"event_callback","team_id":"T1","enterprise_id":"E1","authorizations":[{"team_id":"T1","enterprise_id":"E1"}],"event":{"type":"app_uninstalled"}}`,
			"T1 of E1",
		},
		"removed from an organisation": {
			kindEvent, `{"type":"event_callback","team_id":"T1","enterprise_id":"E1","authorizations":[{"team_id":null,"enterprise_id":"E1","is_enterprise_install":true}],"event":{"type":"app_uninstalled"}}`,
			" of E1",
		},
		"a button in a message of Tandem": {
			kindInteraction, `{"type":"block_actions","api_app_id":"A1","team":{"id":"TFAR"},"user":{"id":"U1","team_id":"TFAR"},"message":{"ts":"1.1","team":"T1","app_id":"A1"},"actions":[{"action_id":"say/0","value":"x"}]}`,
			"T1 TFAR TFAR of ",
		},
		"a button in a message of another app": {
			kindInteraction, `{"type":"block_actions","api_app_id":"A1","team":{"id":"TFAR"},"user":{"id":"U1","team_id":"TFAR"},"message":{"ts":"1.1","team":"T1","app_id":"A2"},"actions":[{"action_id":"say/0","value":"x"}]}`,
			"TFAR TFAR of ",
		},
		"a button without a message": {
			kindInteraction, `{"type":"block_actions","team":{"id":"T1"},"user":{"id":"U1","team_id":"T1"},"actions":[{"action_id":"say/0","value":"x"}]}`,
			"T1 T1 of ",
		},
	} {
		d := parse(c.kind, []byte(c.raw))
		if got := strings.Join(d.teams, " ") + " of " + d.enterprise; got != c.want || d.act == actNone {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}
