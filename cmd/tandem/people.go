package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/bot/slack"
	"github.com/tandem-bot/tandem/bot/teams"
	"github.com/tandem-bot/tandem/bot/web"
	"github.com/tandem-bot/tandem/cmd/tandem/config"
	"github.com/tandem-bot/tandem/store"
	"github.com/tandem-bot/tandem/store/sqlite"
)

type peopleFlags struct {
	file, engagement string
	json             bool
}

func (a *app) peopleCommand() *cobra.Command {
	cmd := a.peopleTable("people [ENGAGEMENT]", "List by what each person is known on Slack and Teams, or find them by e-mail")
	cmd.Long = `List the people of an engagement, and by what each is known on the platforms: by
the id in its file, by their e-mail address, or not at all, with what to do about it.
With --config those platforms count that it turns on, else those that the
engagement's channels name. Nobody is asked: tandem people link asks.

Exit status 3 if somebody can be reached on no platform.`
	cmd.Example = "  tandem people\n  tandem people harbor-legal --json\n  tandem people link --config tandem.yaml"
	list := a.peopleTable("list [ENGAGEMENT]", "List by what each person is known on Slack and Teams")
	list.Long = cmd.Long
	list.Example = "  tandem people list\n  tandem people list harbor-legal --config tandem.yaml"
	cmd.AddCommand(list, a.peopleLinkCommand())
	return cmd
}

// peopleTable is the command that prints what is known already.
func (a *app) peopleTable(use, short string) *cobra.Command {
	return a.peopleRun(use, short, func(ctx context.Context, f peopleFlags) error {
		var c *config.Config
		if f.file != "" {
			var err error
			if c, err = a.configuredFor(f.file); err != nil {
				return err
			}
		}
		return a.withStore(ctx, true, func(db *sqlite.DB) error {
			l := &linker{maker: a.maker(c, db, slog.New(slog.DiscardHandler)), app: a}
			return l.people(ctx, f, nil)
		})
	})
}

func (a *app) peopleLinkCommand() *cobra.Command {
	cmd := a.peopleRun("link [ENGAGEMENT]", "Find people on Slack and Teams by their e-mail address", func(ctx context.Context, f peopleFlags) error {
		if f.file == "" {
			return usagef("people link wants --config FILE, since it asks the platforms that the configuration turns on")
		}
		c, err := a.configuredFor(f.file)
		if err != nil {
			return err
		}
		return a.withStore(ctx, false, func(db *sqlite.DB) error {
			l := &linker{maker: a.maker(c, db, slog.New(slog.DiscardHandler)), app: a}
			return l.people(ctx, f, l.link)
		})
	})
	cmd.Long = `Look for each person of an engagement who has an e-mail address in its file, and no
id on a platform that the configuration turns on: in Slack among the members of the
workspace (the scope users:read.email), in Teams among those of the channels that
Tandem is in. Who is found is remembered, and the table of tandem people is printed.
Who is known already isn't looked for; again is harmless. The file is not changed,
and an id in it goes before what was found.

Slack doesn't find people of other workspaces, who are in a shared channel, by their
address. They are known when they first write to Tandem, once somebody else of their
workspace and mail domain stands in the file as slack: TEAM/USER.

Exit status 3 if somebody can be reached on no platform, 1 if a platform could not be
asked; what was found before is kept.`
	cmd.Example = "  tandem people link --config tandem.yaml\n  tandem people link harbor-legal --config tandem.yaml --json"
	return cmd
}

// peopleRun is a command about the people of an engagement.
func (a *app) peopleRun(use, short string, do func(context.Context, peopleFlags) error) *cobra.Command {
	var f peopleFlags
	cmd := &cobra.Command{
		Use: use, Short: short, Args: wants(0, 1),
		ValidArgsFunction: a.completeIDs(1, cobra.ShellCompDirectiveNoFileComp),
		RunE: func(cmd *cobra.Command, args []string) error {
			if len(args) > 0 {
				f.engagement = args[0]
			}
			return do(cmd.Context(), f)
		},
	}
	a.engagementFlag(cmd, &f.engagement)
	cmd.Flags().StringVar(&f.file, "config", "", "the configuration of serve")
	_ = cmd.MarkFlagFilename("config", "yaml", "yml") // fails only for a flag that is not there
	cmd.Flags().BoolVar(&f.json, "json", false, "print one JSON object a line")
	return cmd
}

// known says how somebody is known on a platform.
type known string

// The ways in which somebody can be known.
const (
	byFile  known = "file"
	byEmail known = "email"
	unknown known = "missing"
	noEmail known = "no-email" // and so can't be found
)

// account is somebody on a platform.
type account struct {
	Known known  `json:"known"`
	ID    string `json:"id,omitempty"`
	Do    string `json:"do,omitempty"` // about somebody who isn't known
}

// personRow is somebody of an engagement. A platform that isn't on is nil.
type personRow struct {
	Engagement string     `json:"engagement"`
	Person     string     `json:"person"`
	Name       string     `json:"name"`
	Side       store.Side `json:"side"`
	Email      string     `json:"email,omitempty"`
	Slack      *account   `json:"slack,omitempty"`
	Teams      *account   `json:"teams,omitempty"`
	Reachable  bool       `json:"reachable"` // on a platform that is on
}

// on returns the person's account on Slack or Teams.
func (r *personRow) on(platform string) *account {
	if platform == slack.Platform {
		return r.Slack
	}
	return r.Teams
}

// linker is one run of people.
type linker struct {
	maker
	app   *app
	e     *store.Engagement
	found map[string]int // how many, by platform
}

// people prints the table, after whatever finds people.
func (l *linker) people(ctx context.Context, f peopleFlags, find func(ctx context.Context) error) error {
	id, err := l.app.only(ctx, l.db, f.engagement)
	if err != nil {
		return err
	}
	if l.e, err = l.db.Engagement(ctx, id); err != nil {
		return err
	}
	var failed error
	if find != nil {
		if failed = find(ctx); ctx.Err() != nil {
			return failed
		}
	}
	rows, err := l.rows(ctx, find != nil)
	if err != nil {
		return errors.Join(failed, err)
	}
	if f.json {
		for i := range rows {
			if err := encode(l.app.stdout, &rows[i]); err != nil {
				return err
			}
		}
	} else if err := l.print(rows); err != nil {
		return err
	}
	switch {
	case failed != nil:
		return failed
	case slices.ContainsFunc(rows, func(r personRow) bool { return !r.Reachable }):
		return status(exitProblems)
	}
	return nil
}

// platforms are those that are on; without a configuration, those that the
// engagement's channels name.
func (l *linker) platforms() []string {
	if l.config != nil {
		return l.config.Platforms()
	}
	var on []string
	for name, id := range map[string]func(c *store.Channel) string{
		slack.Platform: func(c *store.Channel) string { return c.Slack }, teams.Platform: func(c *store.Channel) string { return c.Teams },
	} {
		if slices.ContainsFunc(l.e.Channels, func(c store.Channel) bool { return id(&c) != "" }) {
			on = append(on, name)
		}
	}
	return on
}

// rows are the people of the engagement with what is known of them.
func (l *linker) rows(ctx context.Context, asked bool) ([]personRow, error) {
	learned, err := l.db.Identities(ctx, l.e.ID)
	if err != nil {
		return nil, err
	}
	on := l.platforms()
	rows := make([]personRow, len(l.e.People))
	for i := range l.e.People {
		p := &l.e.People[i]
		r := &rows[i]
		*r = personRow{Engagement: l.e.ID, Person: p.ID, Name: p.Name, Side: p.Side, Email: p.Email}
		if slices.Contains(on, slack.Platform) {
			r.Slack = accountOf(slack.Platform, p, p.Slack, learned)
		}
		if slices.Contains(on, teams.Platform) {
			r.Teams = accountOf(teams.Platform, p, p.Teams, learned)
		}
		// In the browser everybody is, and where nothing is on nobody is looked for.
		r.Reachable = r.Slack == nil && r.Teams == nil || slices.Contains(on, web.Platform)
		for _, who := range []*account{r.Slack, r.Teams} {
			r.Reachable = r.Reachable || who != nil && who.ID != ""
		}
	}
	hosts := hostSide(rows)
	for i := range rows {
		r := &rows[i]
		if r.Slack != nil && r.Slack.ID == "" {
			r.Slack.Do = l.slackAdvice(r, asked, r.Side == hosts)
		}
		if r.Teams != nil && r.Teams.ID == "" {
			r.Teams.Do = teamsAdvice(r, asked)
		}
	}
	return rows, nil
}

func accountOf(platform string, p *store.Person, id string, learned []store.Identity) *account {
	if id != "" {
		return &account{Known: byFile, ID: id}
	}
	if i := slices.IndexFunc(learned, func(i store.Identity) bool { return i.Person == p.ID && i.Platform == platform }); i >= 0 {
		return &account{Known: byEmail, ID: learned[i].User}
	}
	if p.Email == "" {
		return &account{Known: noEmail}
	}
	return &account{Known: unknown}
}

// hostSide is the side whose workspace Tandem seems to be in: the one with more
// people who are known without a team before their id.
func hostSide(rows []personRow) store.Side {
	n := map[store.Side]int{}
	for i := range rows {
		if s := rows[i].Slack; s != nil && s.ID != "" && !strings.Contains(s.ID, "/") {
			n[rows[i].Side]++
		}
	}
	if n[store.MSP] > n[store.Internal] {
		return store.MSP
	}
	return store.Internal
}

const findThem = "`tandem people link` looks for them by their e-mail address"

// slackAdvice says what to do about somebody who isn't known in Slack.
func (l *linker) slackAdvice(r *personRow, asked, host bool) string {
	switch {
	case r.Slack.Known == noEmail && host:
		return "add `slack: USER`, or their e-mail address, in the engagement file, and import it"
	case r.Slack.Known == noEmail:
		return "add `slack: TEAM/USER`, or their e-mail address, in the engagement file, and import it"
	case !asked:
		return findThem
	case host:
		return "nobody in the workspace has this address: correct it in the engagement file, or add `slack: USER` there (TEAM/USER for somebody of another workspace), and import it"
	case l.vouched(r.Email):
		return "Slack finds people of another workspace by no address: they are known when they first write to Tandem; or add `slack: TEAM/USER` in the engagement file, and import it"
	}
	return "Slack finds people of another workspace by no address: add `slack: TEAM/USER` in the engagement file for one of them, and import it; whoever has an address of the same domain is known then when they first write to Tandem"
}

// vouched reports whether the file names somebody of another workspace with an
// address of the same domain, which LearnIdentity asks for.
func (l *linker) vouched(email string) bool {
	_, domain, _ := strings.Cut(strings.ToLower(email), "@")
	return slices.ContainsFunc(l.e.People, func(p store.Person) bool {
		return strings.Contains(p.Slack, "/") && strings.HasSuffix(strings.ToLower(p.Email), "@"+domain)
	})
}

// teamsAdvice says what to do about somebody who isn't known in Teams.
func teamsAdvice(r *personRow, asked bool) string {
	switch {
	case r.Teams.Known == noEmail:
		return "add `teams: ID` (their Entra object id), or their e-mail address, in the engagement file, and import it"
	case !asked:
		return findThem
	}
	return "nobody in the channels that Tandem is in has this address: add them to the team, or correct it in the engagement file, or add `teams: ID` there (their Entra object id), and import it"
}

// print prints the table, and under it what to do.
func (l *linker) print(rows []personRow) error {
	out := l.app.stdout
	var on []string
	for _, platform := range []string{slack.Platform, teams.Platform} {
		if len(rows) > 0 && rows[0].on(platform) != nil {
			on = append(on, platform)
		}
	}
	title := map[string]string{slack.Platform: "Slack", teams.Platform: "Teams"}
	table := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprint(table, "PERSON\tSIDE\tE-MAIL")
	for _, platform := range on {
		fmt.Fprint(table, "\t"+strings.ToUpper(platform))
	}
	fmt.Fprintln(table)
	for i := range rows {
		r := &rows[i]
		email := r.Email
		if email == "" {
			email = "-"
		}
		fmt.Fprintf(table, "%s\t%s\t%s", card.Clean(r.Name), card.Clean(l.e.SideName(r.Side)), card.Clean(email))
		for _, platform := range on {
			fmt.Fprint(table, "\t"+card.Clean(r.on(platform).String()))
		}
		fmt.Fprintln(table)
	}
	if err := table.Flush(); err != nil {
		return err
	}
	if len(on) == 0 {
		fmt.Fprintln(out, "Neither Slack nor Teams is on; --config FILE names the configuration that turns them on.")
	}
	for _, platform := range on {
		if n := l.found[platform]; n > 0 {
			fmt.Fprintf(out, "%s found in %s by their e-mail address.\n", plural(n, "person was", "people were"), title[platform])
		}
	}
	for _, platform := range on {
		var order []string
		names := map[string][]string{}
		for i := range rows {
			if who := rows[i].on(platform); who.Do != "" {
				if names[who.Do] == nil {
					order = append(order, who.Do)
				}
				names[who.Do] = append(names[who.Do], rows[i].Name)
			}
		}
		for _, do := range order {
			fmt.Fprintln(out, card.Clean(fmt.Sprintf("Not known in %s: %s. Fix: %s.", title[platform], strings.Join(names[do], ", "), do)))
		}
	}
	var nowhere []string
	for i := range rows {
		if !rows[i].Reachable {
			nowhere = append(nowhere, rows[i].Name)
		}
	}
	if len(nowhere) > 0 {
		fmt.Fprintln(out, card.Clean(fmt.Sprintf("Can be reached on no platform: %s.", strings.Join(nowhere, ", "))))
	}
	return nil
}

// String says how somebody is known, in the table.
func (a *account) String() string {
	switch a.Known {
	case byFile:
		return a.ID + " (in the file)"
	case byEmail:
		return a.ID + " (by e-mail)"
	case noEmail:
		return "no e-mail"
	case unknown:
	}
	return "missing"
}
