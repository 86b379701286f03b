package commands

import (
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/bot"
)

// That slash commands don't reach somebody is said to people of another workspace
// of Slack alone: Teams has guests, and no slash commands.
func TestHelpTellsOfSlashCommandsOnlyWhereThereAreSome(t *testing.T) {
	help := helpCommand(All(&Office{}))
	for _, test := range []struct {
		platform      string
		foreign, told bool
	}{{"slack", true, true}, {"slack", false, false}, {"teams", true, false}, {"web", false, false}} {
		reply, err := help.Run(t.Context(), bot.Request{Event: bot.Event{Platform: test.platform, Foreign: test.foreign}})
		if err != nil {
			t.Fatal(err)
		}
		if told := strings.Contains(reply.Card.Plain(), "Slash commands"); told != test.told {
			t.Errorf("%s, foreign %t: told %t", test.platform, test.foreign, told)
		}
	}
}
