package commands

import (
	"slices"
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestPeopleAreReadAsTheyAreCalled(t *testing.T) {
	d := &Desk{e: &store.Engagement{People: []store.Person{
		{ID: "maria", Name: "Maria Ortega", Side: store.Internal, Email: "Maria@harbor.example"},
		{ID: "theo", Name: "Theo Lindqvist", Side: store.Internal},
		{ID: "sam", Name: "Sam Okafor", Side: store.MSP},
		{ID: "sam-two", Name: "Sam van der Berg", Side: store.MSP},
		{ID: "andrea", Name: "Andrea And", Side: store.MSP},
	}}}
	for text, want := range map[string]string{
		"maria":                               "maria",
		"Maria Ortega":                        "maria",
		"  @maria   ORTEGA ":                  "maria",
		"ortega; lindqvist":                   "maria theo",
		"maria@harbor.example":                "maria",
		"theo maria":                          "theo maria",
		"Theo Lindqvist and Maria":            "theo maria",
		"Sam van der Berg, @Sam Okafor":       "sam-two sam",
		"sam":                                 "sam", // an id
		"sam-two":                             "sam-two",
		"berg":                                "sam-two",
		"msp":                                 "sam sam-two andrea",
		"internal and Sam Okafor":             "maria theo sam",
		"everybody":                           "maria theo sam sam-two andrea",
		"theo, theo and Theo Lindqvist":       "theo",
		"Andrea And and maria":                "andrea maria",
		"":                                    "",
		"nobody":                              "! called \"nobody\"",
		"maria, nobody at all":                "! called \"nobody\"",
		"van":                                 "sam-two",
		"<!channel>":                          "! called \"<!channel>\"",
		strings.Repeat("maria ", 50) + "theo": "maria theo",
	} {
		got, err := d.group(text, "Nothing was done.")
		switch wrong, fails := strings.CutPrefix(want, "!"); {
		case fails:
			if store.ErrorCode(err) != store.CodeNotFound || !strings.Contains(err.Error(), wrong[1:]) || !strings.HasSuffix(err.Error(), "Nothing was done.") {
				t.Errorf("%q: %v, %v", text, got, err)
			}
		case err != nil || !slices.Equal(got, strings.Fields(want)):
			t.Errorf("%q is %v, %v; want %s", text, got, err, want)
		}
	}
	d.e.People[2].ID = "sam-one"
	if p, err := d.person("sam", "Nothing was done."); store.ErrorCode(err) != store.CodeInvalid || !strings.Contains(err.Error(), "Sam Okafor and Sam van der Berg") {
		t.Errorf("sam is %v, %v", p, err)
	}
}

func TestAbsencesOfPeopleAsTheyAreCalled(t *testing.T) {
	r := newMonday(t)
	r.expect(r.say("maria", "away Theo Lindqvist 2026-12-24..2026-12-28 cover Maria Ortega"), "Theo Lindqvist is away", "Maria Ortega")
	r.expect(r.say("maria", "away theo 2027-02-01 covered by nobody"), "Nobody here is called", "Nothing was changed")
	r.expect(r.say("theo", "away Sam Okafor 2026-12-24"), "Only Sam Okafor or the lead of Palmetto Ridge IT can say that")
}
