package web_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/tandem-bot/tandem/bot/web"
)

// In earnest nobody moves the clock: the page has no form for it, and the
// address of the form is not there.
func TestRealTime(t *testing.T) {
	clock := web.RealTime(func() time.Time { return noon })
	w := open(t, &memory{}, func(o *web.Options) { o.Clock = clock })
	get := func(method, url string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://localhost"+url, nil)
		rec := httptest.NewRecorder()
		w.web.ServeHTTP(rec, r)
		return rec
	}
	page := get(http.MethodGet, chatURL("maria", "coordination"))
	if page.Code != http.StatusOK || strings.Contains(page.Body.String(), "clock-hour") || !strings.Contains(page.Body.String(), "It shows real time.") {
		t.Errorf("%d\n%s", page.Code, page.Body)
	}
	if rec := get(http.MethodPost, strings.Replace(chatURL("maria", ""), "/chat", "/clock", 1)); rec.Code != http.StatusNotFound {
		t.Errorf("a form that isn't there: %d", rec.Code)
	}
	if err := clock.Set(t.Context(), noon.Add(time.Hour)); err == nil || !clock.Now().Equal(noon) {
		t.Errorf("it was moved: %v", err)
	}
}
