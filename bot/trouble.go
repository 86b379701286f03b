package bot

import (
	"context"
	"errors"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// headings name a failure before its sentence.
var headings = map[store.Code]string{
	store.CodeInvalid:     "That doesn't work",
	store.CodeNotFound:    "Not found",
	store.CodeConflict:    "That can't be",
	store.CodeForbidden:   "Not yours to do",
	store.CodeUnavailable: "Not now",
}

// failed is the one place where an error becomes a reply. A fault of Tandem
// itself is logged once, under the event's id, which the person sees as well.
func (r *Router) failed(ctx context.Context, ev *Event, err error) Reply {
	code := store.ErrorCode(err)
	if code == store.CodeInternal {
		r.Log.ErrorContext(ctx, "an event failed", "event", ev.ID, "platform", ev.Platform, "error", err)
		return Whisper(card.Heading("Something went wrong"),
			card.Paragraph("That is a fault of Tandem, and it has been logged. What you wrote was not acted on; please try again."),
			card.Note("Reference: "+ev.ID))
	}
	if code == store.CodeUnavailable {
		cause := err
		if e, ok := errors.AsType[*store.Error](err); ok && e.Err != nil {
			cause = e.Err
		}
		r.Log.WarnContext(ctx, "an event was refused", "event", ev.ID, "platform", ev.Platform, "error", cause)
	}
	return Whisper(card.Heading(headings[code]), card.Paragraph(store.ErrorMessage(err)))
}
