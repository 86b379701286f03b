package slacktest

import (
	"context"
	"errors"
	"io"
	"log"
	"testing"

	sdk "github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

// slack-go, which the adapter is built on, finds its way in, hears and answers.
func TestSlackGo(t *testing.T) {
	st := newStage(t, func(o *Options) { o.App.SocketMode = true })
	silent := sdk.OptionLog(log.New(io.Discard, "", 0))
	bot := sdk.New(st.in.Token, sdk.OptionAPIURL(st.APIURL()), silent)
	channel, ts, err := bot.PostMessageContext(t.Context(), "C0ROOM00001", sdk.MsgOptionText("hello", false))
	if err != nil || channel != "C0ROOM00001" || st.one(st.maria, "C0ROOM00001").TS != ts {
		t.Errorf("posted: %q, %q, %v", channel, ts, err)
	}
	st.Fail("chat.postMessage", TooMany)
	_, _, err = bot.PostMessageContext(t.Context(), "C0ROOM00001", sdk.MsgOptionText("hello", false))
	if limited, ok := errors.AsType[*sdk.RateLimitedError](err); !ok || limited.RetryAfter.Seconds() != 1 {
		t.Errorf("limited: %v", err)
	}
	app := sdk.New("", sdk.OptionAppLevelToken(st.App().AppToken), sdk.OptionAPIURL(st.APIURL()), silent)
	client := socketmode.New(app, socketmode.OptionLog(log.New(io.Discard, "", 0)))
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	heard := make(chan slackevents.EventsAPIEvent, 1)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			select {
			case e := <-client.Events:
				if api, ok := e.Data.(slackevents.EventsAPIEvent); ok {
					if err := client.AckCtx(ctx, e.Request.EnvelopeID, nil); err != nil {
						t.Error(err)
					}
					heard <- api
				}
			case <-ctx.Done():
				return
			}
		}
	}()
	if err := st.AwaitConnections(t.Context(), 1); err != nil {
		t.Fatal(err)
	}
	st.done(st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello"))
	e := <-heard
	if m, ok := e.InnerEvent.Data.(*slackevents.AppMentionEvent); !ok || m.User != st.maria.ID || e.TeamID != st.home.ID {
		t.Errorf("heard: %+v", e)
	}
	if err := st.Disconnect("refresh_requested"); err != nil {
		t.Fatal(err)
	}
	if err := st.AwaitConnections(t.Context(), 1); err != nil {
		t.Error(err)
	}
	st.done(st.maria.Mention(t.Context(), In{Channel: "C0ROOM00001"}, "hello again"))
	<-heard
	cancel()
	if err := <-ended; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	<-done
}
