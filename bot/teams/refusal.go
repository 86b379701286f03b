package teams

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/infracloudio/msbotbuilder-go/schema"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
)

// errSize is a message that Teams finds too large; nothing of it arrived.
var errSize = errors.New("teams: the message is too large")

// blocked are the codes of a refusal that have more to say than their status.
var blocked = map[string]string{
	"MessageWritesBlocked":       "the person has blocked Tandem, or has no chat with it any more",
	"BotNotInConversationRoster": "Tandem is not in the conversation: add it to the team or chat",
	"ConversationBlockedByUser":  "the person has blocked Tandem",
	"BotDisabledByAdmin":         "an administrator has disabled Tandem in Teams",
}

// judge says what an answer means for whoever wanted to send: a *bot.SendError
// where nothing arrived for sure. Anything else leaves it open.
func (t *Teams) judge(resp *http.Response, body []byte) error {
	status := resp.StatusCode
	if status >= 200 && status < 300 {
		return nil
	}
	var said schema.ErrorResponse
	_ = json.Unmarshal(body, &said) // what can't be read says nothing
	code := card.Clean(said.Error.Code)
	why := "Teams answers " + strconv.Itoa(status)
	if code != "" {
		why += " (" + head(code, 100) + ")"
	}
	switch status {
	case http.StatusTooManyRequests, http.StatusPreconditionFailed:
		return &bot.SendError{Reason: "Teams asks to wait", After: t.after(resp)}
	case http.StatusRequestEntityTooLarge:
		return errSize
	case http.StatusForbidden:
		if known := blocked[code]; known != "" {
			why = known + " (" + code + ")"
		} else {
			why = "Tandem may not write there: is it still installed? " + why
		}
		return &bot.SendError{Reason: why, Permanent: true}
	case http.StatusNotFound, http.StatusGone:
		return &bot.SendError{Reason: "there is no such conversation or message any more. " + why, Permanent: true}
	case http.StatusUnauthorized:
		return &bot.SendError{Reason: "Teams doesn't take Tandem's token: check the app's id, tenant and secret", After: time.Minute}
	case http.StatusBadRequest, http.StatusMethodNotAllowed, http.StatusNotAcceptable, http.StatusUnsupportedMediaType, http.StatusUnprocessableEntity:
		if code == "MessageSizeTooBig" {
			return errSize
		}
		return &bot.SendError{Reason: "Teams refuses the message. " + why, Permanent: true}
	}
	return fmt.Errorf("teams: %s", why) // 5xx and what else there may be: it may have arrived
}

// after is how long Teams asks to wait, with jitter so that not all come back at
// once.
func (t *Teams) after(resp *http.Response) time.Duration {
	asked := 2 * time.Second
	if h := resp.Header.Get("Retry-After"); h != "" {
		if s, err := strconv.Atoi(h); err == nil && s >= 0 {
			asked = time.Duration(min(s, 3600)) * time.Second
		} else if at, err := http.ParseTime(h); err == nil {
			asked = min(max(at.Sub(t.o.Now()), 0), time.Hour)
		}
	}
	asked = max(asked, time.Second)
	return asked + time.Duration(t.o.Jitter()*float64(asked)/4)
}
