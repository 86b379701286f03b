package storetest

import (
	"encoding/json"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/store"
)

func testWebChat(t *testing.T, open func(*testing.T) Store) {
	s := open(t)
	ctx := t.Context()
	const place = "harbor-legal/coordination"
	appended := func(m store.WebMessage) store.WebMessage {
		t.Helper()
		kept, err := s.AppendWebMessage(ctx, m)
		if err != nil {
			t.Fatal(err)
		}
		return kept
	}
	list := func(place, viewer string, after int64, limit int, want ...store.WebMessage) {
		t.Helper()
		got, err := s.WebMessages(ctx, place, viewer, after, limit)
		if err != nil {
			t.Fatal(err)
		}
		wantEqual(t, fmt.Sprintf("%s for %q after %d", place, viewer, after), got, want)
	}
	list(place, "", 0, 10)

	asked := store.WebMessage{Place: place, Author: "harbor-legal/theo", Name: "Theo <b>", Text: "who has the keys?", At: hour(1)}
	given := asked
	given.ID, given.Change, given.Edited = 70, 80, hour(9) // are not the caller's to say
	first := appended(given)
	asked.ID, asked.Change = 1, 1
	wantEqual(t, "the first message", first, asked)

	answer := store.WebMessage{Place: place, Thread: 1, Card: json.RawMessage(`{"title": "Keys <&>"}`), Key: "k1", At: hour(2)}
	second := appended(answer)
	answer.ID, answer.Change = 2, 2
	wantEqual(t, "the second message", second, answer)
	private := appended(store.WebMessage{Place: place, For: "harbor-legal/theo", Text: "only you", At: hour(3)})
	elsewhere := appended(store.WebMessage{Place: "harbor-legal/managers", Text: "hush", Key: "k1", At: hour(3)})

	list(place, "harbor-legal/theo", 0, 10, first, second, private)
	list(place, "harbor-legal/maria", 0, 10, first, second)
	list(place, "", 0, 10, first, second)
	list(place, "harbor-legal/theo", 0, 2, second, private)
	list(place, "harbor-legal/theo", -5, 1, private)
	list(place, "harbor-legal/theo", 1, 1, second)
	list("harbor-legal/managers", "", 0, 10, elsewhere)
	list("harbor-legal", "", 0, 10)

	edited, err := s.UpdateWebMessage(ctx, 2, json.RawMessage(`[1]`), hour(4))
	if err != nil {
		t.Fatal(err)
	}
	second.Card, second.Edited, second.Change = json.RawMessage(`[1]`), hour(4), 5
	wantEqual(t, "the message edited", edited, second)
	list(place, "harbor-legal/theo", 3, 10, second)
	list(place, "", 0, 10, first, second)
	list(place, "", 5, 10)

	byKey, found, err := s.WebMessageByKey(ctx, "k1")
	if err != nil || !found {
		t.Fatal(found, err)
	}
	wantEqual(t, "by key", byKey, second)
	doubled, err := s.WebMessagesByKey(ctx, "k1")
	if err != nil {
		t.Fatal(err)
	}
	wantEqual(t, "all by key", doubled, []store.WebMessage{second, elsewhere})
	for _, key := range []string{"", "k2"} {
		if _, found, err := s.WebMessageByKey(ctx, key); found || err != nil {
			t.Errorf("key %q: %t, %v", key, found, err)
		}
	}

	for name, m := range map[string]store.WebMessage{
		"no place":   {Text: "x", At: hour(5)},
		"nothing":    {Place: place, At: hour(5)},
		"no instant": {Place: place, Text: "x"},
		"no JSON":    {Place: place, Card: json.RawMessage(`{`), At: hour(5)},
	} {
		if _, err := s.AppendWebMessage(ctx, m); store.ErrorCode(err) != store.CodeInvalid {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, thread := range []int64{99, -1, 4} { // the last is in another place
		_, err := s.AppendWebMessage(ctx, store.WebMessage{Place: place, Thread: thread, Text: "x", At: hour(5)})
		wantCode(t, err, store.CodeNotFound, "no message")
	}
	_, err = s.UpdateWebMessage(ctx, 99, json.RawMessage(`1`), hour(5))
	wantCode(t, err, store.CodeNotFound, "no message 99")
	_, err = s.UpdateWebMessage(ctx, 1, nil, hour(5))
	wantCode(t, err, store.CodeInvalid)
	_, err = s.UpdateWebMessage(ctx, 1, json.RawMessage(`1`), time.Time{})
	wantCode(t, err, store.CodeInvalid)
	_, err = s.WebMessages(ctx, place, "", 0, 0)
	wantCode(t, err, store.CodeInvalid, "limit")
	list(place, "", 0, 10, first, second)

	// Many write and edit at once: every id and change is given out once.
	const writers, each = 6, 10
	var mu sync.Mutex
	changes, ids := map[int64]bool{}, map[int64]bool{}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for range each {
				m, err := s.AppendWebMessage(ctx, store.WebMessage{Place: fmt.Sprint("many/", w), Text: "x", At: hour(6)})
				if err != nil {
					t.Error(err)
					return
				}
				e, err := s.UpdateWebMessage(ctx, m.ID, json.RawMessage(`1`), hour(7))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				ids[m.ID], changes[m.Change], changes[e.Change] = true, true, true
				mu.Unlock()
			}
		})
	}
	all.Wait()
	if len(ids) != writers*each || len(changes) != 2*writers*each {
		t.Errorf("%d ids and %d changes for %d messages", len(ids), len(changes), writers*each)
	}

	for _, want := range []string{"", "2026-11-20T23:12", ""} {
		if err := s.SetWebSetting(ctx, "clock", want); err != nil {
			t.Fatal(err)
		}
		if got, err := s.WebSetting(ctx, "clock"); got != want || err != nil {
			t.Errorf("the setting is %q, %v; want %q", got, err, want)
		}
	}
	if got, err := s.WebSetting(ctx, "other"); got != "" || err != nil {
		t.Errorf("another setting is %q, %v", got, err)
	}
	wantCode(t, s.SetWebSetting(ctx, "", "x"), store.CodeInvalid)
}
