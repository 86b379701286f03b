package slack

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"time"

	sdk "github.com/slack-go/slack"
	"github.com/slack-go/slack/socketmode"
)

// ackTime is how long an answer may wait to be sent. Slack sends again what
// wasn't answered, so it is no loss.
const ackTime = 250 * time.Millisecond

// socket receives by Socket Mode until the context ends. Where Slack refuses the
// app-level token it says so and tries again: what Tandem sends, and the other
// platforms, need no connection.
func (s *Slack) socket(ctx context.Context) error {
	for ctx.Err() == nil {
		err := s.connected(ctx)
		if err == nil { // the context has ended
			continue
		}
		s.o.Log.ErrorContext(ctx, "Slack refuses Socket Mode, and nothing comes in from it: look at the app-level token (xapp-…), "+
			"with connections:write, and whether Socket Mode is on at the app's page; it is tried again", "again", s.o.Again, "error", err)
		wait := time.NewTimer(s.o.Again)
		select {
		case <-ctx.Done():
		case <-wait.C:
		}
		wait.Stop()
	}
	return nil
}

// connected receives until the context ends, or Slack refuses the token.
func (s *Slack) connected(ctx context.Context) error {
	silent := log.New(io.Discard, "", 0)
	api := sdk.New("", sdk.OptionAppLevelToken(s.o.AppToken), sdk.OptionAPIURL(s.o.API), sdk.OptionHTTPClient(s.o.HTTP), sdk.OptionLog(silent))
	client := socketmode.New(api, socketmode.OptionReadLimit(maxBody), socketmode.OptionLog(silent))
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, 1)
	go func() { ended <- client.RunContext(ctx) }()
	for {
		select {
		case err := <-ended:
			if errors.Is(err, context.Canceled) {
				return nil
			}
			return fmt.Errorf("slack: Socket Mode: %w", err)
		case e := <-client.Events:
			s.hear(ctx, client, e)
		}
	}
}

// hear takes one event of the connection.
func (s *Slack) hear(ctx context.Context, client *socketmode.Client, e socketmode.Event) {
	switch data := e.Data.(type) {
	case *socketmode.ErrorBadMessage:
		// An event that the SDK doesn't know; Slack wants an answer all the same.
		var r socketmode.Request
		if json.Unmarshal(data.Message, &r) == nil && r.EnvelopeID != "" {
			s.envelope(ctx, client, &r)
			return
		}
		s.counts.add(countUnread)
		return
	case *sdk.ConnectionErrorEvent:
		s.o.Log.WarnContext(ctx, "no connection to Slack", "attempt", data.Attempt, "again", data.Backoff.Round(time.Second), "error", data.ErrorObj)
		return
	}
	switch e.Type {
	case socketmode.EventTypeConnected:
		s.o.Log.InfoContext(ctx, "connected to Slack by Socket Mode")
	case socketmode.EventTypeErrorWriteFailed, socketmode.EventTypeIncomingError:
		s.o.Log.WarnContext(ctx, "the connection to Slack failed; what wasn't answered comes again", "kind", e.Type)
	default:
	}
	if e.Request != nil && e.Request.EnvelopeID != "" {
		s.envelope(ctx, client, e.Request)
	}
}

// envelope keeps what an envelope holds, and answers it then. One that could
// not be kept isn't answered, and Slack sends it again.
func (s *Slack) envelope(ctx context.Context, client *socketmode.Client, r *socketmode.Request) {
	kind, known := map[string]byte{
		socketmode.RequestTypeEventsAPI: kindEvent, socketmode.RequestTypeInteractive: kindInteraction, socketmode.RequestTypeSlashCommands: kindCommand,
	}[r.Type]
	if !known {
		s.counts.add(countUnknown + kindName(r.Type))
	} else if _, err := s.accept(ctx, kind, r.Payload); err != nil {
		s.o.Log.ErrorContext(ctx, "a delivery of Slack could not be kept; Slack will send it again", "error", err)
		return
	}
	// The answers wait for a connection, and a new connection waits for hear.
	ack, cancel := context.WithTimeout(ctx, ackTime)
	defer cancel()
	if err := client.AckCtx(ack, r.EnvelopeID, nil); err != nil && ctx.Err() == nil {
		s.o.Log.WarnContext(ctx, "Slack was not answered; it will send a delivery again", "error", err)
	}
}
