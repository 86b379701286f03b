package ownership

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"unicode/utf8"

	"github.com/tandem-bot/tandem/store"
)

func corpusNamed(tb testing.TB, name string) corpus {
	tb.Helper()
	for _, c := range loadCorpora(tb) {
		if c.name == name {
			return c
		}
	}
	tb.Fatalf("there is no corpus %s", name)
	return corpus{}
}

// TestEveryRowAnswersToItsName asks each row, document and exclusion of every
// engagement by its name, as a lead who reads the matrix aloud would.
func TestEveryRowAnswersToItsName(t *testing.T) {
	missed, asked := 0, 0
	for _, c := range loadCorpora(t) {
		for _, f := range c.ix.engagement.Matrix.Functions {
			a := c.ix.Ask("who owns " + f.Name + "?")
			asked++
			if a.Subject.ID != f.ID && !slices.ContainsFunc(a.Choices, func(x Choice) bool { return x.ID == f.ID }) {
				missed++
				t.Logf("%s: %q: %s", c.name, f.Name, a)
			}
		}
	}
	if 100*missed > 2*asked {
		t.Errorf("%d of %d rows do not even come up when asked by name", missed, asked)
	}
}

func TestKinds(t *testing.T) {
	ix := corpusNamed(t, "harbor-legal").ix
	for question, want := range map[string]Subject{
		"who may isolate a laptop":  {KindFunction, "incident-response"},
		"who leads a sev1":          {KindSeverity, "sev1"},
		"what happens on a sev 2":   {KindSeverity, "sev2"},
		"severity 3":                {KindSeverity, "sev3"},
		"who owns password resets?": {KindFunction, "password-resets"},
		"is TeamViewer still ours":  {KindTool, "rmm"},
		"who keeps the cloud vendor due-diligence list, is it current": {KindArtifact, "vendor-list"},
		"website content and social media":                             {KindOutOfScope, "Website content and social media"},
		"what does sev1 mean here, who leads":                          {KindSeverity, "sev1"},
		"severity 2":                                                   {KindSeverity, "sev2"},
		"who is on call":                                               {KindOnCall, ""},
		"who's on call for the msp tonight":                            {KindOnCall, "msp"},
		"what does Devon own?":                                         {KindPerson, "devon"},
		"What is Maria Ortega responsible for":                         {KindPerson, "maria"},
	} {
		if a := ix.Ask(question); a.Outcome != Answered || a.Subject != want {
			t.Errorf("%q: %s, want %v", question, a, want)
		}
	}
	for _, question := range []string{"thanks!", "hello", "what can you do", "", "   ", "?!", "who owns", "is it us or them?"} {
		if a := ix.Ask(question); a.Outcome != Help {
			t.Errorf("%q: %s, want help", question, a)
		}
	}
}

// A text that says something and that nothing here explains is never taken for
// small talk, whatever language it is in: it would be lost.
func TestNothingSaidIsLost(t *testing.T) {
	for _, c := range loadCorpora(t) {
		for _, question := range []string{
			"quién se encarga de las impresoras?", "qui gère les mots de passe ?", "wer ist für drucker zuständig",
			"מי אחראי על איפוס סיסמאות?", "кто отвечает за резервные копии?",
		} {
			if a := c.ix.Ask(question); a.Outcome == Help {
				t.Errorf("%q: %s", question, a)
			}
		}
		for _, question := range []string{"good morning team", "lol that is funny", "the weather is nice today", "who owns it", "what is this thing?"} {
			if a := c.ix.Ask(question); a.Outcome != Help {
				t.Errorf("%q: %s", question, a)
			}
		}
	}
}

func TestAChoiceOffersTwoToFour(t *testing.T) {
	for _, c := range loadCorpora(t) {
		for _, x := range c.examples {
			a := c.ix.Ask(x.Question)
			if n := len(a.Choices); a.Outcome == Choose && (n < 2 || n > 4) || n > 4 {
				t.Errorf("%s: %q offers %d: %s", c.name, x.Question, n, a)
			}
			if a.Outcome == Answered && a.Choices[0].Subject != a.Subject {
				t.Errorf("%q: the answer %v is not the first choice: %s", x.Question, a.Subject, a)
			}
			if !slices.IsSortedFunc(a.Choices, func(p, q Choice) int { return int(1000*q.Score) - int(1000*p.Score) }) {
				t.Errorf("%q: not best first: %s", x.Question, a)
			}
		}
	}
}

// TestIsolation asks every engagement the questions of all others at the same
// time: no answer may name a subject that its own engagement does not have.
func TestIsolation(t *testing.T) {
	corpora := loadCorpora(t)
	var wait sync.WaitGroup
	for _, c := range corpora {
		own := map[Subject]bool{}
		for h := range c.ix.candidates {
			own[c.ix.subject(h)] = true
		}
		wait.Go(func() {
			for _, other := range corpora {
				for _, x := range other.examples {
					for _, choice := range c.ix.Ask(x.Question).Choices {
						if !own[choice.Subject] && choice.Kind != KindOnCall && choice.Kind != KindPerson {
							t.Errorf("%s was shown %v of %s", c.name, choice.Subject, other.name)
						}
					}
				}
			}
		})
	}
	wait.Wait()
}

func TestTheSameQuestionHasTheSameAnswer(t *testing.T) {
	c := corpusNamed(t, "lakeside-dental")
	again := NewIndex(c.ix.engagement)
	for _, x := range c.examples {
		first, second := c.ix.Ask(x.Question), again.Ask(x.Question)
		if first.String() != second.String() {
			t.Errorf("%q: %s, then %s", x.Question, first, second)
		}
	}
}

func TestAnyTextHasAnOutcome(t *testing.T) {
	ix := corpusNamed(t, "harbor-legal").ix
	for _, text := range []string{
		strings.Repeat("who owns the printer ", 500), strings.Repeat("x", 10_000), strings.Repeat("é", 10_000),
		"מי אחראי על הדפסות", "\u202ewho owns printers", "🖨️🔥", "\x00\x1b[31m\x7f", "\xff\xfe", "who\u200bowns\u2028VPN",
		"'", "''''", "w/", "24/7", "& & &", strings.Repeat("not the ", 400),
	} {
		switch a := ix.Ask(text); a.Outcome {
		case Answered, Choose, Unnamed, Help:
		default:
			t.Errorf("%.40q has outcome %q", text, a.Outcome)
		}
	}
	empty := NewIndex(&store.Engagement{})
	if a := empty.Ask("who owns the printers"); a.Outcome != Unnamed && a.Outcome != Help {
		t.Errorf("an empty engagement answers %s", a)
	}
}

func FuzzAsk(f *testing.F) {
	c := corpusNamed(f, "harbor-legal")
	for _, x := range c.examples[:20] {
		f.Add(x.Question)
	}
	f.Add("\u202e\xff not the a/v w/o 24/7 'tis who's")
	f.Fuzz(func(t *testing.T, question string) {
		a := c.ix.Ask(question)
		if a.Outcome == "" || len(a.Choices) > 4 {
			t.Errorf("%q: %s", question, a)
		}
		for _, w := range a.Matched {
			if !utf8.ValidString(w) {
				t.Errorf("%q matched invalid text %q", question, w)
			}
		}
	})
}

func FuzzIndex(f *testing.F) {
	f.Add("Printers & copiers", "jams, toner; \x00", "mfp", "who has the toner")
	f.Fuzz(func(t *testing.T, name, description, alias, question string) {
		e := &store.Engagement{
			ID: "x", Client: alias, MSP: name, People: []store.Person{{ID: "p", Name: description, Side: store.MSP}},
			Matrix: store.Matrix{
				Functions:  []store.Function{{ID: "f", Name: name, Description: description, Aliases: []string{alias}}},
				OutOfScope: []store.Exclusion{{Name: description}},
			},
			Tools: []store.Tool{{Layer: alias, Product: name}},
		}
		if a := NewIndex(e).Ask(question); a.Outcome == "" {
			t.Errorf("no outcome for %q", question)
		}
	})
}

// TestShorthandThatIsAName asks for what a matrix calls by a word that is chat
// shorthand elsewhere, and asks in that shorthand where nothing is called so.
func TestShorthandThatIsAName(t *testing.T) {
	e := *loadCorpora(t)[0].ix.engagement
	e.Matrix.Functions = append(slices.Clone(e.Matrix.Functions), store.Function{
		ID: "load-board", Name: "DAT load board", Description: "Postings and searches on DAT.", Owner: store.Internal,
	})
	e.People = append(slices.Clone(e.People), store.Person{ID: "ty", Name: "Ty Nguyen", Side: store.MSP})
	ix := NewIndex(&e)
	for question, want := range map[string]Subject{
		"who owns DAT":              {KindFunction, "load-board"},
		"what does ty own":          {KindPerson, "ty"},
		"who does the printers thx": {KindFunction, "printers"},
	} {
		if a := ix.Ask(question); a.Subject != want {
			t.Errorf("%q: %s, want %v", question, a, want)
		}
	}
}
