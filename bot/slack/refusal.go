package slack

import (
	"errors"
	"fmt"
	"net/http"
	"time"

	sdk "github.com/slack-go/slack"

	"github.com/tandem-bot/tandem/bot"
)

// permanent are the refusals that trying again doesn't change, in words for
// managers and the log. Slack's own word is added.
var permanent = map[string]string{
	"channel_not_found":                        "there is no such channel, or Tandem can't see it: invite it with /invite @Tandem",
	"not_in_channel":                           "Tandem is not in the channel: invite it with /invite @Tandem",
	"is_archived":                              "the channel is archived",
	"message_not_found":                        "there is no such message any more",
	"thread_not_found":                         "there is no such thread any more",
	"cannot_reply_to_message":                  "the message can't be answered in a thread",
	"cant_update_message":                      "the message can't be changed",
	"edit_window_closed":                       "the message can't be changed any more",
	"user_not_found":                           "there is no such person at Slack",
	"users_not_found":                          "there is no such person at Slack",
	"user_not_visible":                         "Tandem can't see that person",
	"user_disabled":                            "that person's account is deactivated",
	"user_not_in_channel":                      "that person is not in the channel",
	"cannot_dm_bot":                            "that is a bot, which has no direct messages",
	"restricted_action":                        "the workspace doesn't let Tandem post there",
	"restricted_action_read_only_channel":      "only some may post in the channel, and Tandem is none of them",
	"restricted_action_thread_only_channel":    "only threads may be answered in the channel",
	"restricted_action_non_threadable_channel": "the channel has no threads",
	"ekm_access_denied":                        "the workspace has suspended access to its messages",
	"team_access_not_granted":                  "Tandem was not granted that workspace of the organisation",
	"org_login_required":                       "the workspace is being moved",
	"access_denied":                            "the workspace refuses it",
	"accesslimited":                            "the workspace refuses it",
	"token_revoked":                            "Tandem's token was revoked: install it again",
	"token_expired":                            "Tandem's token has expired: install it again",
	"invalid_auth":                             "Slack doesn't know Tandem's token: install it again",
	"not_authed":                               "Tandem has no token for the workspace: install it",
	"account_inactive":                         "Tandem was uninstalled from the workspace: install it again",
	"not_allowed_token_type":                   "Tandem's token is of the wrong kind: a bot token begins with xoxb-",
	"invalid_blocks":                           "Slack refuses the message's form; that is a fault of Tandem",
	"invalid_blocks_format":                    "Slack refuses the message's form; that is a fault of Tandem",
	"msg_blocks_too_long":                      "Slack finds the message too long; that is a fault of Tandem",
	"msg_too_long":                             "Slack finds the message too long; that is a fault of Tandem",
	"no_text":                                  "Slack finds the message empty; that is a fault of Tandem",
	"invalid_metadata_format":                  "Slack refuses the message's metadata; that is a fault of Tandem",
	"metadata_too_large":                       "Slack refuses the message's metadata; that is a fault of Tandem",
	"messages_tab_disabled":                    "the app's messages tab is turned off: turn it on under App Home",
	"method_not_supported_for_channel_type":    "that kind of conversation doesn't take messages",
}

// asks are the refusals that say to try again later.
var asks = map[string]bool{"ratelimited": true, "rate_limited": true, "message_limit_exceeded": true}

// defaultWait is how long to wait where Slack doesn't say.
const defaultWait = 30 * time.Second

// judge says what an error of Slack's means for whoever wanted to send: a
// *bot.SendError where Slack surely did nothing. Anything else leaves it open.
func (s *Slack) judge(c *client, method string, err error) error {
	if err == nil {
		return nil
	}
	if limited, ok := errors.AsType[*sdk.RateLimitedError](err); ok {
		return s.wait(c, method, limited.RetryAfter)
	}
	if status, ok := errors.AsType[sdk.StatusCodeError](err); ok && status.Code == http.StatusTooManyRequests {
		return s.wait(c, method, defaultWait)
	}
	refused, ok := errors.AsType[sdk.SlackErrorResponse](err)
	if !ok {
		return fmt.Errorf("slack: %s: %w", method, err)
	}
	switch why, known := permanent[refused.Err]; {
	case asks[refused.Err]:
		return s.wait(c, method, defaultWait)
	case refused.Err == "missing_scope":
		needed := refused.Needed
		if needed == "" {
			needed = "that Slack doesn't name"
		}
		return &bot.SendError{Reason: fmt.Sprintf("Tandem lacks the scope %s for %s: add it to the app and install it again", read(needed), method), Permanent: true}
	case known:
		return &bot.SendError{Reason: why + " (" + refused.Err + ")", Permanent: true}
	}
	return fmt.Errorf("slack: %s: %w", method, err)
}

func (s *Slack) wait(c *client, method string, after time.Duration) error {
	after = max(after, time.Second)
	s.gates.shut(c, method, s.o.Now().Add(after))
	return &bot.SendError{Reason: "Slack asks to wait with " + method, After: after}
}
