package simulate

import (
	"context"
	"strconv"

	"github.com/tandem-bot/tandem/bot"
)

// Memory is a stage without a screen: posts arrive and are forgotten, since the
// transcript has them.
type Memory struct {
	Handler interface {
		Handle(ctx context.Context, ev bot.Event) (bot.Reply, bool)
	}
	last int
}

// Name is the console's: everybody of an engagement has a place there.
func (*Memory) Name() string { return "console" }

// Send takes a post.
func (m *Memory) Send(_ context.Context, p bot.Post) (string, error) {
	if p.Update != "" {
		return p.Update, nil
	}
	m.last++
	return strconv.Itoa(m.last), nil
}

// Act answers what somebody did.
func (m *Memory) Act(ctx context.Context, ev bot.Event) (bot.Reply, error) {
	reply, _ := m.Handler.Handle(ctx, ev)
	return reply, nil
}
