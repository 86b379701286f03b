package webtest

import (
	"testing"

	"go.uber.org/goleak"

	"github.com/tandem-bot/tandem/bot/bottest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestWeb(t *testing.T) { bottest.Run(t, Open) }
