package commands

import (
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot"
	"github.com/tandem-bot/tandem/store"
)

func TestAConversationIsOpenedCountedAndClosedAsAnAlias(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	got := r.say("tomas", "who looks after the jukebox?")
	r.expect(got, "Not named", "it's a conversation, not an assumption", "Conversation 1 is open for both leads", "Pia Brandvold", "Quinn Abara")
	r.never(got, "close 1")
	r.at = r.at.AddDate(0, 0, 3)
	r.expect(r.say("ravi", "jukebox, whos that"), "Conversation 1 has been open since Tue 24 Nov 2026; asked 2 times now")
	r.expect(r.say("wen", "conversations"), "1. who looks after the jukebox?", "Asked by: Tomás Rey", "Age: 3 days", "Times: 2")

	r.expect(r.say("tomas", "close 1 as alias of taproom-tills"), "Not yours to do", "leads of both sides")
	r.say("pia", "conversations")
	r.expect(r.click("pia", "Close 1"), "Conversation 1", "who looks after the jukebox?", "Asked by: Tomás Rey")
	r.expect(r.click("pia", "Another word for a row"), "jukebox", "Mean this")
	r.expect(r.submit("pia", map[string]string{"phrase": "jukebox", "subject": "taproom-tills"}),
		`"jukebox" means Taproom tills from now on`, "Closed by: Pia Brandvold")
	r.expect(r.say("tomas", "who looks after the jukebox?"), "Taproom tills\nLeads now: Ravi Menon, on call")
	r.expect(r.say("pia", "close 1 as alias of taproom-tills"), "closed by Pia Brandvold", "Nothing was changed")
	r.expect(r.say("pia", "conversations"), "None")
	r.expect(r.say("pia", "conversations all"), `"jukebox" means Taproom tills`)
}

func TestAConversationClosesAsARowOrAnExclusion(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.say("tomas", "who looks after the jukebox?")
	r.say("tomas", "who washes the delivery vans")
	r.expect(r.say("quinn", "close 1 as row"), "A new row", "now: Jukebox", "Stonefly Brewing; High Line Networks")
	r.expect(r.submit("quinn", map[string]string{"name": "Jukebox", "owner": "internal", "accountable": "tomas"}),
		"Conversation 1 is closed", "version 5, an unsigned draft")
	r.expect(r.say("tomas", "who looks after the jukebox?"), "Jukebox\nLeads now: Tomás Rey", "unsigned draft")
	r.expect(r.say("pia", "close 2 as exclusion Delivery vans: the garage"), "Delivery vans is out of scope", "version 6")
	r.expect(r.say("tomas", "who washes the delivery vans"), "Out of scope", "the garage")
	r.say("tomas", "who waters the office plants")
	r.expect(r.say("pia", "close 3 as row Plants owned by internal, accountable wen"), "version 7")
	r.expect(r.say("pia", "close 3 as row Plants owned by somebody"), "closed by Pia Brandvold")
	r.expect(r.say("pia", "close 9"), "There is no conversation 9 here")
}

// unclear is a question of the brewery that several things are plausible for.
const unclear = "datto or mail filter"

func TestWhatWasChosenIsRememberedWhenALeadConfirmsIt(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.expect(r.say("tomas", unclear), "Which one?", "type `choose mail-filter for "+unclear+"`", "type `choose tool:backup for "+unclear+"`")
	r.expect(r.click("tomas", "Mail filter tuning"), "Mail filter tuning\nLeads now", "Suggested to the leads", "Until one of them confirms it, I go on asking")
	r.expect(r.say("tomas", unclear), "Which one?") // nobody has confirmed it
	r.expect(r.say("tomas", "remember 1"), "Not yours to do")
	r.expect(r.say("pia", "conversations"), "Chosen by people, for a lead to confirm", "chosen by Tomás Rey, 1 time")
	r.expect(r.click("pia", "Remember 1"), "Remembered", "answers with Mail filter tuning")
	r.expect(r.say("tomas", unclear), "Mail filter tuning\nLeads now")
}

func TestWhatALeadDismissesIsAskedAgain(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.say("tomas", unclear)
	r.click("tomas", "Datto SIRIS")
	r.say("quinn", "conversations")
	r.expect(r.click("quinn", "Dismiss 1"), "Dismissed", "is not an alias of Datto SIRIS")
	r.expect(r.say("tomas", unclear), "Which one?")
	r.say("pia", unclear)
	r.expect(r.click("pia", "Mail filter tuning"), "Shall I remember that")
	r.expect(r.click("pia", "Remember it"), "Remembered")
	r.expect(r.say("tomas", unclear), "Mail filter tuning\nLeads now")
}

func TestAStrangerSeesNamesAndSidesOnly(t *testing.T) {
	e := brewery(t, nil)
	r := newRoom(t, e)
	var secrets []string
	for _, f := range e.Matrix.Functions {
		secrets = append(secrets, f.Note, f.Vendor.Name, f.Vendor.Contact, f.Description, f.Duties.Internal, f.Duties.MSP)
	}
	for _, p := range e.People {
		secrets = append(secrets, p.Phone)
	}
	for _, tool := range e.Tools {
		secrets = append(secrets, tool.Export)
	}
	for _, x := range e.Matrix.OutOfScope {
		secrets = append(secrets, x.Note)
	}
	var asked []string
	for _, f := range e.Matrix.Functions {
		asked = append(asked, "who owns "+f.Name, "row "+f.ID, "escalate "+f.ID, "wrong "+f.ID+": x", "choose "+f.ID+" for "+f.Name, "explain "+f.Name)
	}
	for _, a := range e.Artifacts {
		asked = append(asked, "who has the "+a.Name)
	}
	for _, x := range e.Matrix.OutOfScope {
		asked = append(asked, "who owns "+x.Name)
	}
	asked = append(asked, "who washes the vans", "sev1", "who is on call", "people", "matrix", "tools", "artifacts", "status", "conversations", "away", "help", "help away", "what does Pia own")
	for _, q := range asked {
		for _, ev := range []bot.Event{
			{Platform: "web", User: "stonefly/?stranger", Channel: "stonefly/coordination", Text: q, At: r.at},
			{Platform: "web", User: "stonefly/?stranger", Channel: "stonefly/coordination", Say: q, At: r.at},
		} {
			reply := r.handle(ev)
			for _, secret := range secrets {
				if secret != "" && strings.Contains(reply.Card.Plain(), secret) {
					t.Errorf("%q shows a stranger %q:\n%s", q, secret, reply.Card.Plain())
				}
			}
		}
	}
	open, err := r.db.Conversations(t.Context(), "stonefly", false)
	if err != nil || len(open) > 0 {
		t.Errorf("a stranger opened %v, %v", open, err)
	}
}

func TestNumbersToRingAreForOnePersonAlone(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.say("tomas", "who owns the taproom tills?")
	ev := r.event("tomas")
	ev.Say = "escalate taproom-tills"
	reply := r.handle(ev)
	if !reply.Private {
		t.Error("phone numbers were said to the whole channel")
	}
	r.expect(reply.Card.Plain(), "Next: Pia Brandvold, Stonefly Brewing, +1 303 555 0101", "Tandem is no pager")
	r.expect(r.say("tomas", "escalate sev1"), "Leads now: Quinn Abara")
	r.expect(r.say("tomas", "escalate document:network-map"), "has no escalation path")
}

func TestAwayIsForOneselfAndALeadsSide(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.expect(r.say("tomas", "away 2026-11-25..2026-11-27 cover pia"), "Tomás Rey is away", "Wed 25 Nov 2026 to Fri 27 Nov 2026", "Pia Brandvold")
	r.expect(r.say("tomas", "away ravi 2026-12-01"), "Only Ravi Menon or the lead of High Line Networks")
	r.expect(r.say("pia", "away ravi 2026-12-01"), "Only Ravi Menon or the lead of High Line Networks")
	r.expect(r.say("quinn", "away ravi 2026-12-01"), "Ravi Menon is away")
	r.expect(r.say("pia", "away"), "1. Tomás Rey", "Cancel 1: type `away cancel 1`")
	r.never(r.say("pia", "away"), "away cancel 2")
	r.expect(r.say("pia", "away cancel 2"), "Only Ravi Menon or the lead of High Line Networks")
	r.at = r.at.AddDate(0, 0, 1)
	r.expect(r.say("ravi", "who owns the taproom tills?"), "Leads now: Pia Brandvold", "Standing in for: Tomás Rey")
	r.say("pia", "away")
	r.expect(r.click("pia", "Cancel 1"), "Tomás Rey is not away after all")
	r.expect(r.say("ravi", "who owns the taproom tills?"), "Leads now: Tomás Rey")
	r.say("tomas", "away")
	r.expect(r.submit("tomas", map[string]string{"person": "tomas", "from": "2026-12-24", "cover": ""}), "Thu 24 Dec 2026", "nobody is named")
	r.expect(r.say("tomas", "away pia tomorrow"), "Say it so: away PERSON FROM..TO")
	r.expect(r.say("tomas", "away from my desk, who locks the screen"), "") // a question
}

func TestWrongTellsBothLeads(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.say("tomas", "who owns the taproom tills?")
	r.expect(r.click("tomas", "This is wrong"), "What is wrong, and what would be right?")
	r.expect(r.submit("tomas", map[string]string{"what": "Wen does the tills since May"}), "Conversation 1 is open", "Pia Brandvold", "Quinn Abara")
	r.expect(r.say("quinn", "conversations"), "1. Taproom tills: Wen does the tills since May", "Nearest: Taproom tills")
	r.expect(r.say("ravi", "wrong taproom-tills: wen does the tills since May!"), "already, said 2 times now")
}

// TestLists keeps what each list looks like.
func TestLists(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.say("tomas", "away ravi 2026-11-24") // refused
	r.say("tomas", "who washes the delivery vans")
	r.at = r.at.Add(26 * time.Hour)
	var s sheet
	for _, c := range []struct{ who, say string }{
		{"tomas", "help"},
		{"pia", "help"},
		{"tomas", "help away"},
		{"tomas", "matrix"},
		{"tomas", "matrix taprooms"},
		{"tomas", "matrix backup"},
		{"tomas", "people"},
		{"tomas", "tools"},
		{"tomas", "artifacts"},
		{"tomas", "artifacts network-map"},
		{"tomas", "oncall"},
		{"pia", "away"},
		{"pia", "status"},
		{"pia", "conversations"},
		{"tomas", "explain who owns the taproom tills?"},
		{"tomas", "escalate taproom-tills"},
		{"tomas", "who owns the taproom tills?"},
		{"?stranger", "who owns the taproom tills?"},
		{"?stranger", "who washes the delivery vans"},
		{"?stranger", "people"},
	} {
		s.add(c.who+": "+c.say, r.say(c.who, c.say))
	}
	s.check(t, "lists")
}

func TestACommandsWordsCanBeginAQuestion(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	for _, q := range []string{
		"people can't print, who owns that", "tools are missing from the van", "matrix projector in the bar is broken",
		"help my screen is black", "away from the office and no vpn", "status page is down who fixes it", "close the ticket please",
		"row of tills is dead", "explain", "remember me checkbox is gone", "artifacts on my screen",
	} {
		got := r.say("tomas", q)
		r.never(got, "That doesn't work", "Not found")
	}
}

// TestOneFileACommand holds the house rule: a new command is one line in All.
func TestEveryCommandIsExplained(t *testing.T) {
	seen := map[string]bool{}
	for _, c := range All(&Office{}) {
		if c.Short == "" || len(c.Examples) == 0 || c.Needs == "" || strings.HasSuffix(c.Short, ".") {
			t.Errorf("%s lacks what help says of it: %+v", c.Name, c)
		}
		if seen[c.Name] {
			t.Errorf("%s is there twice", c.Name)
		}
		seen[c.Name] = true
		for _, e := range c.Examples {
			if word, _, _ := strings.Cut(e, " "); c.Name != Question && word != c.Name {
				t.Errorf("the example %q is none of %s", e, c.Name)
			}
		}
	}
}

func TestAnEngagementIsMadeReadyAgainWhenItChanges(t *testing.T) {
	r := newRoom(t, brewery(t, nil))
	r.expect(r.say("tomas", "who owns the taproom tills?"), "Matrix version 4")
	e := brewery(t, func(e *store.Engagement) {
		e.Matrix.Version, e.Matrix.Signed = 5, nil
		e.Matrix.Functions[0].Accountable.Person = "pia"
	})
	if _, err := r.db.ImportEngagement(t.Context(), e, "test", r.at); err != nil {
		t.Fatal(err)
	}
	r.expect(r.say("tomas", "who owns the taproom tills?"), "Leads now: Pia Brandvold", "Matrix version 5, unsigned draft")
}

func TestOnlyTheDesksAskedLastAreKept(t *testing.T) {
	one, other := brewery(t, nil), brewery(t, func(e *store.Engagement) { e.ID = "other" })
	r := newRoom(t, one, other)
	desks := NewDesks(r.db, 1)
	first, err := desks.Desk(t.Context(), "stonefly")
	if err != nil {
		t.Fatal(err)
	}
	if again, _ := desks.Desk(t.Context(), "stonefly"); again != first {
		t.Error("the desk was made twice")
	}
	if _, err := desks.Desk(t.Context(), "other"); err != nil {
		t.Fatal(err)
	}
	if again, _ := desks.Desk(t.Context(), "stonefly"); again == first {
		t.Error("two desks were kept where one may be")
	}
	if _, err := desks.Desk(t.Context(), "nowhere"); store.ErrorCode(err) != store.CodeNotFound {
		t.Errorf("got %v", err)
	}
}

func FuzzTyped(f *testing.F) {
	for _, c := range All(&Office{}) {
		for _, e := range c.Examples {
			f.Add(e)
		}
	}
	r := newRoom(f, readSample(f, "harbor-legal.yaml")) // a store takes longer to make than a text to say
	for _, say := range []string{
		"answer weekly-standup: a / b / the vpn is down", "record qbr@2027-01-12T10:00", "rsvp qbr yes", "unblock 1", "undo 1",
		"move weekly-standup@2026-11-30T09:00 to 2026-12-01 because x", "pause qbr until 2027-01-01 because x", "ack 1 for sam",
	} {
		f.Add(say)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > 500 {
			return
		}
		r.TB = t
		for _, who := range []string{"maria", "theo", "?stranger"} {
			for _, ev := range []bot.Event{{Text: text}, {Say: text}} {
				ev.Platform, ev.User, ev.Channel, ev.At = "web", r.id+"/"+who, r.id+"/coordination", r.at
				if reply := r.handle(ev); reply.Card.Plain() == "" {
					t.Errorf("%q said nothing to %s", text, who)
				}
			}
		}
	})
}
