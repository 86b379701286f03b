package slacktest

import (
	"bufio"
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"
)

// TestOfficialClients drives Slack's own clients against the stand-in. `make
// slack-clients` installs them and says where they are.
func TestOfficialClients(t *testing.T) {
	where := os.Getenv("SLACK_CLIENTS")
	if where == "" {
		t.Skip("make slack-clients runs this")
	}
	st := newStage(t, func(o *Options) {
		o.App.SocketMode = true
		o.Deadline = 2 * time.Second // a busy machine is slow to acknowledge
		o.Retries = []time.Duration{time.Minute}
	})
	ada := st.away.Person(User{Name: "ada"})
	st.shared.Add(ada)
	poor := st.away.Install("users:read")
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	about := encode(obj{
		"api": st.APIURL(), "token": st.in.Token, "bot": st.in.BotID, "poor": poor.Token, "app": st.App().AppToken,
		"channel": st.room.ID(), "person": st.maria.ID, "people": 3,
	})
	cmd := exec.CommandContext(ctx, "node", "testdata/clients/check.mjs", string(about))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if name, ok := strings.CutPrefix(lines.Text(), "act "); ok {
			answer, err := st.actFor(ctx, name)
			if err != nil {
				answer = obj{"failed": err.Error()}
			}
			if _, err := in.Write(append(encode(answer), '\n')); err != nil {
				t.Error(err)
			}
			continue
		}
		t.Log(lines.Text())
	}
	if err := cmd.Wait(); err != nil {
		t.Fatal(err)
	}
}

// actFor does what the script asks people to do.
func (st *stage) actFor(ctx context.Context, name string) (obj, error) {
	room := In{Channel: st.room.ID()}
	told := func(d *Delivery, err error) (obj, error) {
		if err != nil {
			return nil, err
		}
		return obj{"failed": d.Failed, "shown": d.Shown}, nil
	}
	switch name {
	case "seen":
		seen, err := st.maria.Seen(room.Channel)
		if err != nil {
			return nil, err
		}
		n := 0
		for _, m := range seen {
			if m.Ephemeral {
				n++
			}
		}
		return obj{"ephemeral": n, "last": seen[len(seen)-1].Text}, nil
	case "limit":
		st.Fail("chat.postMessage", TooMany)
	case "break":
		st.Fail("chat.postMessage", BrokenAfter)
	case "lose":
		st.Fail("chat.postMessage", Lost)
	case "mention", "mention-unheard":
		return told(st.maria.Mention(ctx, room, "hello <there>"))
	case "due":
		st.pass(time.Minute)
		st.Due(ctx)
		all := st.Deliveries()
		return told(all[len(all)-1], nil)
	case "slash":
		return told(st.maria.Slash(ctx, room, "/tandem", "away"))
	case "submit":
		d, err := st.maria.Submit(ctx, map[string]string{"who": "maria"})
		answer, err := told(d, err)
		if v, ok := st.maria.Modal(); ok && err == nil {
			answer["errors"] = v.Errors
		}
		return answer, err
	case "press":
		for _, m := range st.seen(st.maria, room.Channel) {
			if len(m.Buttons) > 0 {
				return told(st.maria.Press(ctx, room, m.TS, m.Buttons[0].Label))
			}
		}
		return nil, errors.New("there is no button")
	case "disconnect":
		return obj{}, st.Disconnect("refresh_requested")
	case "connections":
		err := st.AwaitConnections(ctx, 0)
		return obj{"open": st.Connections()}, err
	default:
		return nil, errors.New("nobody knows how to " + name)
	}
	return obj{}, nil
}
