package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/commands/ownership"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) answerCommand() bot.Command {
	return bot.Command{
		Name: "answer", Usage: "CADENCE: WHAT / WHAT / WHAT", Needs: bot.MayAnswer,
		Short:    "Answer a standup, one part for each of its questions; again to edit",
		Examples: []string{"answer weekly-standup", "answer weekly-standup: laptops rolled out / the printer move / waiting for the VPN licence"},
		Mine:     o.takesCadence, Run: o.answer,
	}
}

func (o *Office) nothingCommand() bot.Command {
	return bot.Command{
		Name: "nothing", Usage: "CADENCE", Needs: bot.MayAnswer, Hidden: true,
		Short: "Say that there is nothing to report", Examples: []string{"nothing weekly-standup"},
		Mine: o.takesCadence,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return o.answerShort(ctx, r, store.NothingToReport, "Nothing to report, noted")
		},
	}
}

func (o *Office) absentCommand() bot.Command {
	return bot.Command{
		Name: "absent", Usage: "CADENCE", Needs: bot.MayAnswer, Hidden: true,
		Short: "Say that you are away from a standup or meeting", Examples: []string{"absent weekly-standup"},
		Mine: o.takesCadence,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			return o.answerShort(ctx, r, store.SaidAway, "You are away; nobody waits for you")
		},
	}
}

// eveningFrom is the local time of the business day before, from which a
// standup can be answered.
const eveningFrom = store.Clock(16 * 60)

// answer records what somebody says to a standup, or opens its form.
func (o *Office) answer(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := o.standup(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	answers := m.given(&r)
	if slices.IndexFunc(answers, func(a string) bool { return a != "" }) < 0 {
		return bot.Whisper(card.Heading(m.cadence.Name+", "+m.when()), m.answerForm(r.Member.Person)), nil
	}
	a := store.Answer{
		Cadence: m.cadence.ID, Civil: m.Civil, Person: r.Member.Person, Kind: store.Answered, Answers: answers,
		Platform: r.Platform, How: how(&r), At: r.At,
	}
	blockers := m.blockers(answers, &r)
	if err := o.Beat.RecordAnswer(ctx, r.Member.Engagement, a, blockers, r.At); err != nil {
		return bot.Reply{}, err
	}
	thanks := "Thank you. The digest goes into the thread when everybody has answered, or when the time is up."
	if m.State == store.Held || m.State == store.Overdue {
		thanks = "Thank you, it is recorded. The digest is posted already and stays as it is: what others should see now, say in its thread."
	}
	done := card.New(card.Heading("Answered"), card.Facts{{Label: "For", Value: m.cadence.Name + ", " + m.when()}}, card.Paragraph(thanks))
	for _, b := range blockers {
		if f, ok := m.desk.e.Function(b.Function); ok {
			done.Add(card.Facts{{Label: "The blocker is about", Value: f.Name + ", led now by " + m.desk.leadText(m.desk.cal.Lead(f, r.At))}})
		}
	}
	done.Add(card.Buttons{{Label: "Edit my answer", Say: "answer " + m.ref()}})
	return bot.Reply{Card: done, Private: true}, nil
}

// answerShort records an answer that needs no form.
func (o *Office) answerShort(ctx context.Context, r bot.Request, kind store.AnswerKind, heading string) (bot.Reply, error) {
	m, err := o.standup(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	a := store.Answer{
		Cadence: m.cadence.ID, Civil: m.Civil, Person: r.Member.Person, Kind: kind,
		Platform: r.Platform, How: how(&r), At: r.At,
	}
	if err := o.Beat.RecordAnswer(ctx, r.Member.Engagement, a, nil, r.At); err != nil {
		return bot.Reply{}, err
	}
	return bot.Whisper(card.Heading(heading), card.Facts{{Label: "For", Value: m.cadence.Name + ", " + m.when()}},
		card.Buttons{{Label: "Answer after all", Say: "answer " + m.ref()}}), nil
}

// standup finds the occurrence to answer, and says so where it is too early
// or too late.
func (o *Office) standup(ctx context.Context, r *bot.Request) (*meeting, error) {
	m, err := o.meeting(ctx, r)
	if err != nil {
		return nil, err
	}
	if m.cadence.Kind != store.KindStandup {
		return nil, usage("%s is no standup; say `rsvp %s yes` or `rsvp %s no`.", m.cadence.Name, m.cadence.ID, m.cadence.ID)
	}
	opens, err := m.opens()
	if err != nil {
		return nil, err
	}
	switch {
	case r.At.Before(opens):
		return nil, store.Errorf(store.CodeConflict, "%s is on %s; it can be answered from %s on. Nothing was recorded.",
			m.cadence.Name, m.when(), instant(opens.In(m.desk.zone), r.At.In(m.desk.zone)))
	case r.At.After(m.Grace):
		return nil, store.Errorf(store.CodeConflict, "%s of %s closed on %s. Nothing was recorded; bring it to the next one.",
			m.cadence.Name, m.when(), moment(m.Grace.In(m.desk.zone)))
	case m.State == store.Skipped:
		return nil, m.open()
	}
	return m, nil
}

// opens is the evening of the business day before.
func (m *meeting) opens() (time.Time, error) {
	before, err := m.desk.cal.AddBusinessDays(store.DateOf(m.Due.In(m.desk.zone)), -1)
	if err != nil {
		return time.Time{}, err
	}
	return m.desk.cal.Instant(before, eveningFrom), nil
}

// questions are the cadence's own, or the three that everybody knows.
func (m *meeting) questions() []string {
	if len(m.cadence.Questions) > 0 {
		return m.cadence.Questions
	}
	return []string{"What did you finish?", "What is next?", "What is blocked?"}
}

// given reads the answers from the form, or as they were typed: one part for
// each question, with a stroke between them.
func (m *meeting) given(r *bot.Request) []string {
	questions := m.questions()
	answers := make([]string, len(questions))
	typed := strings.SplitN(afterFirst(r.Args), " / ", len(questions))
	for i := range questions {
		if value := strings.TrimSpace(r.Value("q" + strconv.Itoa(i+1))); value != "" {
			answers[i] = value
		} else if len(r.Values) == 0 && i < len(typed) {
			answers[i] = strings.TrimSpace(typed[i])
		}
	}
	return answers
}

func (m *meeting) answerForm(person string) card.Form {
	f := card.Form{
		Title: "Your answer", Say: "answer " + m.ref(), Submit: "Answer",
		Typed: "answer " + m.cadence.ID + ": " + strings.Repeat("WHAT / ", len(m.questions())-1) + "WHAT",
	}
	before := slices.IndexFunc(m.rhythm.Answers, func(a store.Answer) bool {
		return a.Cadence == m.cadence.ID && a.Civil == m.Civil && a.Person == person
	})
	for i, q := range m.questions() {
		field := card.Field{Name: "q" + strconv.Itoa(i+1), Label: q, Kind: card.Text}
		if before >= 0 && i < len(m.rhythm.Answers[before].Answers) {
			field.Value = m.rhythm.Answers[before].Answers[i]
		}
		f.Fields = append(f.Fields, field)
	}
	return f
}

// blocking are the beginnings of words by which a question asks for blockers.
var blocking = []string{"block", "stuck", "wrong side", "in the way", "impediment", "waiting"}

// noBlocker are answers that say that nothing is blocked.
var noBlocker = []string{"", "-", "--", "no", "none", "nope", "nothing", "nothing blocked", "n/a", "na", "nil", "all good", "not blocked"}

// blockers are the answers to the questions that ask what is blocked, each
// with the row that it is about, if one is clearly meant.
func (m *meeting) blockers(answers []string, r *bot.Request) []store.Blocker {
	var out []store.Blocker
	for i, q := range m.questions() {
		asks := slices.ContainsFunc(blocking, func(w string) bool { return strings.Contains(strings.ToLower(q), w) })
		text := card.Clean(answers[i])
		if !asks || slices.Contains(noBlocker, strings.ToLower(strings.Trim(text, " .!"))) {
			continue
		}
		b := store.Blocker{Cadence: m.cadence.ID, Civil: m.Civil, Person: r.Member.Person, Text: text, Opened: r.At}
		b.Function = m.desk.rowAbout(text)
		out = append(out, b)
	}
	return out
}

// rowEnough is the share from which a row counts as what a blocker is about,
// where it isn't the answer: a blocker often sounds like an incident.
const rowEnough = 0.2

// rowAbout returns the id of the row that a text is about, "" where none is
// clearly meant.
func (d *Desk) rowAbout(text string) string {
	found := d.find(text)
	for _, c := range found.Choices {
		if c.Kind == ownership.KindFunction && (c.Score >= rowEnough || c.Subject == found.Subject) {
			return c.ID
		}
		if found.Outcome != ownership.Answered || c.Kind != ownership.KindSeverity {
			return "" // the first is something else, or too faint
		}
	}
	return ""
}

func (o *Office) unblockCommand() bot.Command {
	return bot.Command{
		Name: "unblock", Usage: "NUMBER", Needs: bot.MayAnswer, Hidden: true,
		Short: "Close a blocker", Examples: []string{"unblock 4"}, Mine: isNumber,
		Run: func(ctx context.Context, r bot.Request) (bot.Reply, error) {
			n, err := strconv.Atoi(r.Args)
			if err != nil {
				return bot.Reply{}, usage("Which blocker? The standup's prompt lists them with their numbers.")
			}
			if err := o.Beat.CloseBlocker(ctx, r.Member.Engagement, n, r.By(), r.At); err != nil {
				return bot.Reply{}, err
			}
			return bot.Say(card.Heading("Blocker "+r.Args+" is closed"), card.Facts{{Label: "Closed by", Value: r.Member.Name}}), nil
		},
	}
}
