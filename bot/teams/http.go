package teams

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"time"

	"github.com/infracloudio/msbotbuilder-go/core"
	"github.com/infracloudio/msbotbuilder-go/schema"
)

// maxBody is the largest body that is read. Those of Teams are far smaller.
const maxBody = 1 << 20

// invokeTime is how long an invoke waits for its answer. Teams waits about ten
// seconds.
const invokeTime = 8 * time.Second

// ServeHTTP takes the activities that the Bot Connector posts to /api/messages.
// Nothing of a body is read before its token was found to be the Connector's to
// us, and the answer comes when the activity is safe in the Inbox; an invoke is
// answered with what came of it.
func (t *Teams) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "Teams posts here.", http.StatusMethodNotAllowed)
		return
	}
	c, err := t.verified(r)
	ctx := context.WithValue(r.Context(), claimsKey{}, c)
	if err != nil {
		t.refused(ctx, w, err)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		status := http.StatusBadRequest
		if _, big := errors.AsType[*http.MaxBytesError](err); big {
			status = http.StatusRequestEntityTooLarge
		}
		http.Error(w, http.StatusText(status), status)
		return
	}
	d, err := t.admit(ctx, r, body)
	if err != nil {
		t.refused(ctx, w, err)
		return
	}
	t.take(ctx, w, d, body)
}

// verified checks the token, and returns its claims.
func (t *Teams) verified(r *http.Request) (claims, error) {
	if t.o.NoTokens {
		if host, _, err := net.SplitHostPort(r.RemoteAddr); err != nil || !loopback(host) {
			return claims{}, refuse("without tokens only this machine is heard")
		}
		return claims{}, nil
	}
	return t.validator.verify(r.Context(), r.Header)
}

func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return err == nil && ip.Unmap().IsLoopback()
}

// errBody is a body that the Bot Connector would not send.
var errBody = errors.New("teams: the body is no activity of Teams")

// admit reads an activity through the SDK's adapter, which asks the validator
// whether the token speaks for it.
func (t *Teams) admit(ctx context.Context, r *http.Request, body []byte) (*delivery, error) {
	forSDK, beside, err := split(body)
	if err != nil {
		return nil, errors.Join(errBody, err)
	}
	var a schema.Activity
	if t.o.NoTokens {
		err = json.Unmarshal(forSDK, &a)
	} else {
		clone := r.Clone(ctx)
		clone.Body = io.NopCloser(bytes.NewReader(forSDK))
		a, err = t.adapter(nil).ParseRequest(ctx, clone)
	}
	switch {
	case errors.Is(err, errToken):
		return nil, err
	case err != nil:
		return nil, errors.Join(errBody, err)
	}
	if _, err := t.service(a.ServiceURL); err != nil {
		return nil, errors.Join(errToken, err)
	}
	d := newDelivery(a, beside)
	if !t.o.NoTokens && (!t.validator.hears(d.tenant) || beside.Channel.Tenant.ID != "" && beside.Channel.Tenant.ID != d.tenant) {
		return nil, refuse("the activity is of another tenant")
	}
	if !plainID(d.conversation) {
		return nil, errBody
	}
	return d, nil
}

// adapter is the SDK's, put together from our parts for one use.
func (t *Teams) adapter(c *call) *core.BotFrameworkAdapter {
	a := &core.BotFrameworkAdapter{AdapterSetting: t.settings, TokenValidator: t.validator}
	if c != nil {
		a.Client = c
	}
	return a
}

// refused answers what is not taken, without saying why to whoever sent it.
func (t *Teams) refused(ctx context.Context, w http.ResponseWriter, err error) {
	status := http.StatusBadRequest
	switch {
	case errors.Is(err, errToken):
		status = http.StatusUnauthorized
	case errors.Is(err, errKeys), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		status = http.StatusServiceUnavailable
	}
	t.o.Log.WarnContext(ctx, "a request to Teams' address was refused", "status", status, "error", err)
	http.Error(w, http.StatusText(status), status)
}

// take keeps a delivery and answers.
func (t *Teams) take(ctx context.Context, w http.ResponseWriter, d *delivery, body []byte) {
	if !d.wanted() {
		status := http.StatusOK
		if d.act.Type == schema.Invoke {
			status = http.StatusNotImplemented // as Teams expects of what a bot doesn't know
		}
		w.WriteHeader(status)
		return
	}
	d.at = t.o.Now()
	invoke := d.act.Type == schema.Invoke
	fresh, err := t.o.Inbox.Accept(ctx, d.id, body, d.at)
	if err != nil {
		t.o.Log.ErrorContext(ctx, "an activity of Teams could not be kept", "error", err)
		http.Error(w, "not kept", http.StatusServiceUnavailable)
		return
	}
	var done chan answer
	if fresh && invoke {
		done = t.ask(d.id)
		defer t.unask(d.id)
	}
	if fresh {
		t.queue.Put(d)
	}
	if !invoke {
		w.WriteHeader(http.StatusOK)
		return
	}
	a := d.already()
	if fresh {
		a = d.wait(ctx, done)
	}
	data, err := encode(a)
	if err != nil {
		http.Error(w, "no answer", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_, _ = w.Write(data)
}

// answer is the body that an invoke is answered with.
type answer struct {
	Status int    `json:"statusCode"`
	Type   string `json:"type"`
	Value  any    `json:"value"`
}

// message is an answer that is shown for a moment.
func message(text string) answer {
	return answer{http.StatusOK, "application/vnd.microsoft.activity.message", text}
}

// already answers an invoke that was worked on before.
func (d *delivery) already() answer {
	if d.refresh {
		return unchanged()
	}
	return message("That was done already.")
}

// ask makes what the answer to a delivery comes by. The delivery is known by its
// id: the queue may find it in the Inbox before it is handed over.
func (t *Teams) ask(id string) chan answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked[id] = make(chan answer, 1)
	return t.asked[id]
}

// unask returns what the answer to a delivery goes by, once; nil where nobody waits.
func (t *Teams) unask(id string) chan answer {
	t.mu.Lock()
	defer t.mu.Unlock()
	done := t.asked[id]
	delete(t.asked, id)
	return done
}

// wait returns the answer of an invoke, or after a time that it is coming.
func (d *delivery) wait(ctx context.Context, done <-chan answer) answer {
	timer := time.NewTimer(invokeTime)
	defer timer.Stop()
	select {
	case a := <-done:
		return a
	case <-timer.C:
	case <-ctx.Done():
	}
	if d.refresh {
		return unchanged()
	}
	return message("That takes a little longer. The answer comes as a message.")
}
