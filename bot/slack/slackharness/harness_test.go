package slackharness_test

import (
	"testing"

	"github.com/tandem-bot/tandem/bot/bottest"
	"github.com/tandem-bot/tandem/bot/slack/slackharness"
)

func TestSlackByHTTP(t *testing.T) { bottest.Run(t, slackharness.Open) }

func TestSlackBySocketMode(t *testing.T) { bottest.Run(t, slackharness.OpenSocket) }
