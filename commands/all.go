package commands

import (
	"context"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

// Ledger keeps what people asked that the matrix does not name, and the words
// that leads agreed on.
type Ledger interface {
	AskedUnnamed(ctx context.Context, id string, c store.Conversation, at time.Time) (store.Conversation, bool, error)
	Conversations(ctx context.Context, id string, open bool) ([]store.Conversation, error)
	CloseAsAlias(ctx context.Context, id string, conversation int, phrase string, subject store.SubjectRef, by string, at time.Time) error
	CloseAsRow(ctx context.Context, id string, conversation int, f store.Function, by string, at time.Time) (store.ImportResult, error)
	CloseAsExclusion(ctx context.Context, id string, conversation int, x store.Exclusion, by string, at time.Time) (store.ImportResult, error)
	SuggestAlias(ctx context.Context, id, phrase, key string, subject store.SubjectRef, asker store.Asker, at time.Time) error
	AliasSuggestions(ctx context.Context, id string) ([]store.AliasSuggestion, error)
	ConfirmAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error
	DismissAlias(ctx context.Context, id string, suggestion int, by string, at time.Time) error
}

// Absences keeps who is away.
type Absences interface {
	Absences(ctx context.Context, id string, since store.Date) ([]store.RecordedAbsence, error)
	RecordAbsence(ctx context.Context, id string, a store.Absence, by string, at time.Time) (int, error)
	CancelAbsence(ctx context.Context, id string, absence int, by string, at time.Time) error
}

// Office is what the commands work with.
type Office struct {
	Desks    *Desks
	Ledger   Ledger
	Absences Absences
	Beat     Beat
	Acks     Acknowledgements
}

// Question is the command that answers what is no command.
const Question = "who"

// All lists everything that people can say, in the order in which help does.
func All(o *Office) []bot.Command {
	all := []bot.Command{
		o.whoCommand(),
		o.onCallCommand(),
		o.matrixCommand(),
		o.rowCommand(),
		o.toolsCommand(),
		o.artifactsCommand(),
		o.peopleCommand(),
		o.awayCommand(),
		o.conversationsCommand(),
		o.closeCommand(),
		o.statusCommand(),
		o.upcomingCommand(),
		o.driftCommand(),
		o.answerCommand(),
		o.rsvpCommand(),
		o.recordCommand(),
		o.moveCommand(),
		o.skipCommand(),
		o.pauseCommand(),
		o.resumeCommand(),
		o.ackCommand(),
		o.acksCommand(),
		o.announceCommand(),
		o.nothingCommand(),
		o.absentCommand(),
		o.mineCommand(),
		o.unblockCommand(),
		o.undoCommand(),
		o.chooseCommand(),
		o.rememberCommand(),
		o.forgetCommand(),
		o.explainCommand(),
		o.escalateCommand(),
		o.wrongCommand(),
	}
	return append(all, helpCommand(all))
}

// desk returns the desk of the engagement that a request is about.
func (o *Office) desk(ctx context.Context, r *bot.Request) (*Desk, error) {
	return o.Desks.Desk(ctx, r.Member.Engagement)
}

// outside reports whether the reply may show names and sides only: to a
// stranger, or where strangers read along.
func outside(r *bot.Request) bool { return r.Member.Role == bot.Stranger || r.Member.Overheard }

// asker says who asks, for the ledger.
func asker(r *bot.Request) store.Asker {
	return store.Asker{Person: r.Member.Person, Platform: r.Platform, User: r.User, Name: r.Member.Name}
}

// usage is the refusal of a command that was begun and can't be meant so.
func usage(format string, args ...any) error {
	return store.Errorf(store.CodeInvalid, format+" Nothing was changed.", args...)
}
