package commands

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

func (o *Office) moveCommand() bot.Command {
	return bot.Command{
		Name: "move", Usage: "CADENCE to DATE [TIME] because REASON", Needs: bot.MayAnswer,
		Short:    "Move the next date of a cadence, with a reason",
		Examples: []string{"move qbr to 2027-01-19 10:00 because the board meets on the 12th"},
		Mine:     o.takesCadence, Run: o.move,
	}
}

func (o *Office) skipCommand() bot.Command {
	return bot.Command{
		Name: "skip", Usage: "CADENCE because REASON", Needs: bot.MayAnswer,
		Short:    "Skip the next date of a cadence, with a reason",
		Examples: []string{"skip weekly-standup because both teams are at the conference"},
		Mine:     o.takesCadence, Run: o.skip,
	}
}

func (o *Office) pauseCommand() bot.Command {
	return bot.Command{
		Name: "pause", Usage: "CADENCE until DATE because REASON", Needs: bot.MayManage,
		Short:    "Let a cadence rest until a day, with a reason",
		Examples: []string{"pause weekly-standup until 2027-01-04 because of the year's end"},
		Mine:     o.takesCadence, Run: o.pause,
	}
}

func (o *Office) resumeCommand() bot.Command {
	return bot.Command{
		Name: "resume", Usage: "CADENCE", Needs: bot.MayManage,
		Short: "End the pause of a cadence", Examples: []string{"resume weekly-standup"},
		Mine: o.takesCadence, Run: o.resume,
	}
}

var (
	moveLine  = regexp.MustCompile(`(?i)^to (\d{4}-\d\d-\d\d)(?:[ T](\d{1,2}:\d\d))?(?: because (.+))?$`)
	skipLine  = regexp.MustCompile(`(?i)^because (.+)$`)
	pauseLine = regexp.MustCompile(`(?i)^until (\d{4}-\d\d-\d\d)(?: because (.+))?$`)
)

// move gives an occurrence another date. Its name stays the day that the
// schedule gave it.
func (o *Office) move(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := o.runs(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	to, clock, reason := r.Value("date"), r.Value("time"), r.Value("reason")
	if parts := moveLine.FindStringSubmatch(afterFirst(r.Args)); parts != nil {
		to, clock, reason = parts[1], parts[2], parts[3]
	}
	if to == "" || reason == "" {
		return bot.Whisper(card.Heading("Move "+m.cadence.Name+" of "+m.when()), m.moveForm(to, clock, reason)), nil
	}
	due, err := m.moved(to, clock)
	if err != nil {
		return bot.Reply{}, err
	}
	if !due.After(r.At) {
		return bot.Reply{}, usage("%s lies behind us; move it to a time ahead.", moment(due))
	}
	grace, err := m.desk.graceOf(m.cadence, due)
	if err != nil {
		return bot.Reply{}, err
	}
	err = o.Beat.MoveOccurrence(ctx, r.Member.Engagement, store.Moving{
		Cadence: m.cadence.ID, Civil: m.Civil, Due: due, Grace: grace, Reason: card.Clean(reason), By: r.By(),
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading(m.cadence.Name+" is moved"), card.Facts{
		{Label: "From", Value: m.when()},
		{Label: "To", Value: moment(due)},
		{Label: "Because", Value: reason},
		{Label: "Moved by", Value: r.Member.Name},
	}), nil
}

// moved is the instant that a date and a time of day name; without a time of
// day it stays what it was.
func (m *meeting) moved(to, clock string) (time.Time, error) {
	day, err := store.ParseDate(to)
	if err != nil {
		return time.Time{}, usage("%q is no date; write it as 2026-12-24.", card.Clean(to))
	}
	local := m.Due.In(m.desk.zone)
	at := store.Clock(60*local.Hour() + local.Minute())
	if clock != "" {
		if len(clock) == len("9:00") {
			clock = "0" + clock
		}
		if at, err = store.ParseClock(clock); err != nil {
			return time.Time{}, usage("%q is no time of day; write it as 09:30.", card.Clean(clock))
		}
	}
	return m.desk.cal.Instant(day, at).In(m.desk.zone), nil
}

func (m *meeting) moveForm(to, clock, reason string) card.Form {
	local := m.Due.In(m.desk.zone)
	if to == "" {
		to = store.DateOf(local).String()
	}
	if clock == "" {
		clock = local.Format("15:04")
	}
	return card.Form{
		Title: "Another date", Say: "move " + m.ref(), Submit: "Move it", Typed: "move " + m.cadence.ID + " to DATE TIME because REASON",
		Fields: []card.Field{
			{Name: "date", Label: "Date", Kind: card.Day, Value: to, Required: true},
			{Name: "time", Label: "Time", Value: clock, Hint: "local, such as 09:30"},
			{Name: "reason", Label: "Because", Value: reason, Required: true},
		},
	}
}

// runs finds the occurrence that somebody decides about, who may.
func (o *Office) runs(ctx context.Context, r *bot.Request) (*meeting, error) {
	m, err := o.meeting(ctx, r)
	if err != nil {
		return nil, err
	}
	if err := m.mayRun(r); err != nil {
		return nil, err
	}
	return m, m.open()
}

func (o *Office) skip(ctx context.Context, r bot.Request) (bot.Reply, error) {
	m, err := o.runs(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	reason := r.Value("reason")
	if parts := skipLine.FindStringSubmatch(afterFirst(r.Args)); parts != nil {
		reason = parts[1]
	}
	if reason == "" {
		return bot.Whisper(card.Heading("Skip "+m.cadence.Name+" of "+m.when()), card.Form{
			Title: "Skip it", Say: "skip " + m.ref(), Submit: "Skip it", Typed: "skip " + m.cadence.ID + " because REASON",
			Fields: []card.Field{{Name: "reason", Label: "Because", Required: true}},
		}), nil
	}
	err = o.Beat.SkipOccurrence(ctx, r.Member.Engagement, store.Skipping{
		Cadence: m.cadence.ID, Civil: m.Civil, Reason: card.Clean(reason), By: r.By(),
	}, r.At)
	if err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading(m.cadence.Name+" of "+m.when()+" is skipped"), card.Facts{
		{Label: "Because", Value: reason}, {Label: "Skipped by", Value: r.Member.Name},
	}), nil
}

func (o *Office) pause(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, ok := d.cadenceOf(firstWord(r.Args))
	if !ok {
		return bot.Reply{}, notHere(firstWord(r.Args))
	}
	until, reason := r.Value("until"), r.Value("reason")
	if parts := pauseLine.FindStringSubmatch(afterFirst(r.Args)); parts != nil {
		until, reason = parts[1], parts[2]
	}
	if until == "" || reason == "" {
		return bot.Whisper(card.Heading("Pause "+c.Name), card.Form{
			Title: "Let it rest", Say: "pause " + c.ID, Submit: "Pause it", Typed: "pause " + c.ID + " until DATE because REASON",
			Fields: []card.Field{
				{Name: "until", Label: "The last day that rests", Kind: card.Day, Value: until, Required: true},
				{Name: "reason", Label: "Because", Value: reason, Required: true},
			},
		}), nil
	}
	p := store.Pause{Cadence: c.ID, From: store.DateOf(r.At.In(d.zone)), Reason: card.Clean(reason), By: r.By()}
	if p.Until, err = store.ParseDate(until); err != nil {
		return bot.Reply{}, usage("%q is no date; write it as 2026-12-24.", card.Clean(until))
	}
	if err := o.Beat.PauseCadence(ctx, r.Member.Engagement, p, r.At); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading(c.Name+" rests"), card.Facts{
		{Label: "Until", Value: "the end of " + day(p.Until)}, {Label: "Because", Value: p.Reason}, {Label: "Paused by", Value: r.Member.Name},
	}, card.Note("`resume "+c.ID+"` ends the pause.")), nil
}

func (o *Office) resume(ctx context.Context, r bot.Request) (bot.Reply, error) {
	d, err := o.desk(ctx, &r)
	if err != nil {
		return bot.Reply{}, err
	}
	c, ok := d.cadenceOf(firstWord(r.Args))
	if !ok || strings.TrimSpace(afterFirst(r.Args)) != "" {
		return bot.Reply{}, notHere(r.Args)
	}
	today := store.DateOf(r.At.In(d.zone))
	if err := o.Beat.ResumeCadence(ctx, r.Member.Engagement, store.Resuming{Cadence: c.ID, From: today, By: r.By()}, r.At); err != nil {
		return bot.Reply{}, err
	}
	return bot.Say(card.Heading(c.Name+" goes on"), card.Facts{{Label: "From", Value: day(today)}, {Label: "Resumed by", Value: r.Member.Name}}), nil
}

// graceOf is the end of the grace of an occurrence that is due then.
func (d *Desk) graceOf(c *store.Cadence, due time.Time) (time.Time, error) {
	grace := c.Grace
	if grace.IsZero() {
		grace = store.Duration{N: 1, Unit: store.BusinessDays}
	}
	return d.cal.Add(due, grace)
}
