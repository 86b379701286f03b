package commands

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) recordCommand() bot.Command {
	return bot.Command{
		Name: "record", Usage: "CADENCE[: LINK]", Needs: bot.MayAnswer,
		Short:    "Record that a meeting, report, restore or exercise took place, with who was there and the next date",
		Examples: []string{"record qbr", "record monthly-report: https://example.com/november.pdf"},
		Mine:     o.takesCadence, Run: o.record,
	}
}

// record keeps how an occurrence was held. Nothing is done until the next one
// has a date.
func (o *Office) record(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := o.meeting(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	if err := m.mayRun(&r); err != nil {
		return bot.Reply{}, err
	}
	rec := store.Record{At: r.At, By: r.By(), Evidence: strings.TrimSpace(r.Value("evidence"))}
	if link := afterFirst(r.Args); link != "" {
		rec.Evidence = link
	}
	if len(r.Values) == 0 && (rec.Evidence == "" || m.cadence.Kind != store.KindReport) {
		return bot.Whisper(card.Heading("Record: "+m.cadence.Name+", "+m.when()), m.recordForm(rec.Evidence)), nil
	}
	if m.State == store.Held { // a correction: it was held when it was held
		rec.At = m.Record.At
	}
	if err := m.readRecord(&r, &rec); err != nil {
		return bot.Reply{}, err
	}
	if err := o.Beat.RecordOccurrence(ctx, r.Member.Engagement, m.cadence.ID, m.Civil, rec, r.At); err != nil {
		return bot.Reply{}, err
	}
	moved, err := o.dateNext(ctx, &r, m, rec.Next)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Reply{Card: m.recordedCard(&rec, moved)}, nil
}

// readRecord reads the form.
func (m *meeting) readRecord(r *bot.Request, rec *store.Record) error {
	attended, err := m.desk.group(r.Value("attended"), "Nothing was recorded.")
	if err != nil {
		return err
	}
	for _, person := range attended {
		if !slices.Contains(rec.Attended, person) {
			rec.Attended = append(rec.Attended, person)
		}
		rec.Leadership = rec.Leadership || slices.Contains(m.cadence.Leadership, person)
	}
	rec.Result, rec.Findings = card.Clean(r.Value("result")), card.Clean(r.Value("findings"))
	if text := strings.TrimSpace(r.Value("minutes")); text != "" {
		n, err := strconv.Atoi(text)
		if err != nil || n < 0 {
			return usage("%q is no number of minutes.", card.Clean(text))
		}
		rec.Minutes = n
	}
	if text := strings.TrimSpace(r.Value("next")); text != "" {
		next, err := store.ParseDate(text)
		if err != nil {
			return usage("%q is no date; write it as 2026-12-24.", card.Clean(text))
		}
		if !store.DateOf(r.At.In(m.desk.zone)).Before(next) {
			return usage("The next date, %s, must lie ahead.", date(next))
		}
		rec.Next = next
	}
	return nil
}

func (m *meeting) recordForm(evidence string) card.Form {
	f := card.Form{Title: "How it went", Say: "record " + m.ref(), Submit: "Record it"}
	add := func(field card.Field) { f.Fields = append(f.Fields, field) }
	if m.cadence.Kind == store.KindReport {
		f.Typed = "record " + m.cadence.ID + ": LINK"
		add(card.Field{Name: "evidence", Label: "Link to the report", Value: evidence, Required: true})
		return f
	}
	add(card.Field{Name: "attended", Label: "Who was there", Hint: "Names with commas", Value: strings.Join(m.cadence.Expects, ", "), Required: true})
	switch m.cadence.Kind {
	case store.KindTestedRestore:
		add(card.Field{Name: "result", Label: "Result", Kind: card.Choice, Required: true, Options: []card.Option{
			{Value: store.ResultPass, Label: "The restore passed"}, {Value: store.ResultFail, Label: "The restore failed"},
		}})
		add(card.Field{Name: "minutes", Label: "Minutes that it took", Kind: card.Number})
	case store.KindTabletop:
		add(card.Field{Name: "findings", Label: "Findings", Kind: card.Text, Required: true})
	default:
		add(card.Field{Name: "result", Label: "What came of it", Kind: card.Text})
	}
	add(card.Field{Name: "evidence", Label: "Link to the notes or the evidence", Value: evidence})
	add(card.Field{
		Name: "next", Label: "The next date", Kind: card.Day, Value: m.nextDate().String(),
		Hint: "nothing is done until the next one is dated", Required: m.cadence.Kind != store.KindStandup,
	})
	return f
}

// nextDate is the day of the occurrence after this one; zero if none is known.
func (m *meeting) nextDate() store.Date {
	if next, ok := m.next(); ok {
		return store.DateOf(next.Due.In(m.desk.zone))
	}
	return store.Date{}
}

// next is the occurrence of the cadence after this one that is still ahead.
func (m *meeting) next() (store.Occurrence, bool) {
	var next store.Occurrence
	for _, x := range m.rhythm.Occurrences {
		if x.Cadence == m.cadence.ID && !x.State.Done() && x.Due.After(m.Due) && (next.Civil == "" || x.Due.Before(next.Due)) {
			next = x
		}
	}
	return next, next.Civil != ""
}

// dateNext moves the next occurrence to the day that was agreed, if that is
// another than its own. It reports whether it did.
func (o *Office) dateNext(ctx context.Context, r *bot.Request, m *meeting, day store.Date) (bool, error) {
	next, ok := m.next()
	if !ok || day.IsZero() || day == store.DateOf(next.Due.In(m.desk.zone)) {
		return false, nil
	}
	local := next.Due.In(m.desk.zone)
	due := m.desk.cal.Instant(day, store.Clock(60*local.Hour()+local.Minute()))
	grace, err := m.desk.graceOf(m.cadence, due)
	if err != nil {
		return false, err
	}
	err = o.Beat.MoveOccurrence(ctx, r.Member.Engagement, store.Moving{
		Cadence: m.cadence.ID, Civil: next.Civil, Due: due, Grace: grace, By: r.By(),
		Reason: "dated when the one before was recorded",
	}, r.At)
	return err == nil, err
}

func (m *meeting) recordedCard(rec *store.Record, moved bool) card.Message {
	d := m.desk
	facts := card.Facts{{Label: "Due", Value: m.when()}}
	add := func(label, value string) {
		if value != "" {
			facts = append(facts, card.Fact{Label: label, Value: value})
		}
	}
	var people []string
	for _, id := range rec.Attended {
		people = append(people, d.personName(id))
	}
	add("There", card.And(people))
	add("Result", rec.Result)
	if rec.Minutes > 0 {
		add("Took", card.Count(rec.Minutes, "minute"))
	}
	add("Findings", rec.Findings)
	add("Evidence", rec.Evidence)
	if len(m.cadence.Leadership) > 0 {
		add("Leadership", map[bool]string{true: "was there", false: "was not there"}[rec.Leadership])
	}
	if !rec.Next.IsZero() {
		next := day(rec.Next)
		if moved {
			next += ", moved from the schedule"
		}
		add("Next", next)
	}
	add("Recorded by", d.personName(rec.By))
	if m.State == store.Held {
		return card.New(card.Heading(m.cadence.Name+" is recorded anew"), facts, card.Note("The record before this one stays in the audit log."))
	}
	return card.New(card.Heading(m.cadence.Name+" is recorded"), facts)
}
