package teams

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/tandem-bot/tandem/bot"
)

// verbRefresh is the verb of what a client asks by itself when somebody looks at a
// card, in place of a press.
const verbRefresh = "refresh"

// readersMost is for how many people a card may be had anew without being asked:
// https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/user-specific-views
const readersMost = 60

// rosterWait is how long a post waits for Teams to tell who its readers are. Whoever
// isn't known by then sees the card as everybody does.
const rosterWait = 5 * time.Second

// anew lets a card be had anew by people, as Teams calls them: no more than there is
// room for.
func (c *Content) anew(say string, people []string) {
	people = people[:min(len(people), readersMost)]
	for ; len(people) > 0; people = people[:len(people)-1] {
		c.refresh = object{"type": "Refresh", "userIds": people, "action": object{
			"type": "Action.Execute", "title": "Refresh", "verb": verbRefresh, "data": object{dataSay: say}, "associatedInputs": "None",
		}}
		if size(c) <= Most {
			return
		}
	}
	c.refresh = nil
}

// readers lets a card be had anew by those of its readers that Teams knows in the
// place. One of several messages is the same to all: an answer holds only one.
func (t *Teams) readers(ctx context.Context, at place, p *bot.Post, pages []Content) {
	if p.Card.Refresh == nil || len(pages) != 1 {
		return
	}
	users := p.Card.Refresh.For[Platform]
	if p.To.Channel == "" { // nobody else reads the chat with somebody
		users = slices.DeleteFunc(slices.Clone(users), func(user string) bool { return user != p.To.User })
	}
	ctx, cancel := context.WithTimeout(ctx, rosterWait)
	defer cancel()
	pages[0].anew(p.Card.Refresh.Say, t.called(ctx, at, users))
}

// renewed answers who looks at a card with the card as it is for them; it can be had
// anew again. Where there is none the card stays as it is.
func (d *delivery) renewed(r bot.Reply) answer {
	pages := Render(r.Card)
	if len(pages) != 1 {
		return unchanged()
	}
	pages[0].anew(d.say, []string{d.act.From.ID})
	return answer{http.StatusOK, "application/vnd.microsoft.card.adaptive", pages[0]}
}

// unchanged answers a refresh that has nothing to show: no error, which a client
// would show in the card's place.
func unchanged() answer { return message("This is how it stands.") }
