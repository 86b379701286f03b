package scheduler

import (
	"strconv"
	"time"

	"github.com/tandem-bot/tandem/store"
)

// failedRestores tells both leads at once of a restore that failed.
func (p *planner) failedRestores() {
	for i := range p.Prepared.cadences {
		c := &p.Prepared.cadences[i]
		if c.Kind != store.KindTestedRestore {
			continue
		}
		for _, o := range p.occurrences[c.ID] {
			if o.State != store.Held || o.Record.Result != store.ResultFail || p.now.Sub(o.Record.At) > newsFor {
				continue
			}
			p.post(store.Post{
				Key: "restore/" + ref(&o.Occurrence), Kind: kindRestore, Subject: about(o), Private: true, To: p.reach(p.leads()...),
			}, p.restoreCard(c, o))
		}
	}
}

// conversationsFor is how long a conversation counts as new. One can be opened
// on the command line while nobody is there to tell of it.
const conversationsFor = 7 * 24 * time.Hour

// conversations tells both leads of a question that the matrix does not name.
func (p *planner) conversations() {
	for i := range p.Conversations {
		c := &p.Conversations[i]
		if c.Closed != nil || p.now.Sub(c.Opened) > conversationsFor {
			continue
		}
		n := strconv.Itoa(c.ID)
		p.post(store.Post{
			Key: "conversation/" + n, Kind: kindConversation, Subject: "conversation:" + n, Private: true, To: p.reach(p.leads()...),
		}, p.conversationCard(c))
	}
}

// deadLetters tells the managers once of each message that could not be
// delivered. Where that can't be delivered either, nothing more is said: the
// list of dead deliveries holds both.
func (p *planner) deadLetters() {
	for i := range p.Dead {
		d := &p.Dead[i]
		if d.Kind == kindDead || p.now.Sub(d.At) > newsFor {
			continue
		}
		to := p.reach(p.leads()...)
		channel := ""
		if managers := p.Places.Channels[managersChannel]; len(managers) > 0 && managers[0] != d.To {
			channel, to = managersChannel, managers
		}
		p.post(store.Post{
			Key: "dead/" + d.Post + "/" + strconv.Itoa(d.N), Kind: kindDead, Subject: "dead:" + d.Post,
			Channel: channel, Private: channel == "", To: to,
		}, p.deadCard(d))
	}
}
