package teamsharness

import (
	"testing"

	"github.com/tandem-bot/tandem/bot/bottest"
)

// Teams passes what every platform must do.
func TestTeams(t *testing.T) { bottest.Run(t, Open) }
