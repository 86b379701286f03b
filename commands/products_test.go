package commands

import (
	"strings"
	"testing"

	"github.com/tandem-bot/tandem/store"
)

func TestAskedProduct(t *testing.T) {
	for q, want := range map[string]string{
		"is SentinelOne ours?":                     "SentinelOne",
		"Is Sentinel One still ours??":             "Sentinel One",
		"is  Cisco Umbrella  one of ours":          "Cisco Umbrella",
		"is Huntress ours or theirs?":              "Huntress",
		"do we still use Trello?":                  "Trello",
		"are we using Slack":                       "Slack",
		"is the antivirus ours?":                   "", // a layer, not a name
		"is our backup ours":                       "",
		"is anything ours":                         "",
		"is a laptop that fell into the tank ours": "", // too long for a name
		"is ??? ours":                              "",
		"is ours":                                  "",
		"who owns SentinelOne?":                    "",
		"is " + strings.Repeat("x", 200) + " ours": "",
	} {
		if got, ok := askedProduct(q); got != want || ok != (want != "") {
			t.Errorf("%q: got %q, %v, want %q", q, got, ok, want)
		}
	}
}

// A verdict is never a guess: words that stand in many names, words that fit
// two products and names that only begin alike give none.
func TestVerdict(t *testing.T) {
	tool := &store.Tool{
		Layer: "edr", Product: "Microsoft Defender for Business",
		Replaces:      []string{"Sophos Intercept", "Windows Backup"},
		Grandfathered: []store.Grandfathered{{Product: "SentinelOne", Where: "two Macs"}},
		Also:          []store.AlsoProduct{{Product: "Sophos Mobile"}, {Product: "Cisco Umbrella"}, {Product: "Duo"}},
	}
	d := &Desk{e: &store.Engagement{Tools: []store.Tool{*tool}}}
	const none = ""
	for q, want := range map[string]string{
		"is defender ours":                   "Yes, Microsoft Defender",
		"is Microsoft Defender ours":         "Yes, Microsoft Defender",
		"is sentinel one ours?":              "As an exception: SentinelOne (two Macs), no end agreed.",
		"is SENTINELONE on the front desk?":  "As an exception: SentinelOne",
		"is duo ours":                        "Yes, Duo is ours too",
		"is Sophos Intercept ours":           "No, Sophos Intercept is retired",
		"is Sophos ours":                     none, // two products
		"is Microsoft ours":                  none, // a maker
		"is Microsoft Teams ours":            "The tool list names no product called",
		"is Cisco Meraki ours":               "The tool list names no product called",
		"is Sophos Firewall ours":            none, // near two of ours, and neither
		"is sentinelon ours":                 none, // a slip: not unknown, and not certain
		"is Windows Backup ours":             "No, Windows Backup is retired",
		"is backup ours":                     none,
		"what replaced the Sophos Intercept": "Sophos Intercept is retired",
		"who looks at alerts":                none,
	} {
		got := d.verdict(tool, q, store.Date{Year: 2026, Month: 11, Day: 24})
		if want == none && got != none || !strings.HasPrefix(got, want) {
			t.Errorf("%q: got %q, want %q", q, got, want)
		}
	}
}
