package web

import (
	"net"
	"net/http"
	"slices"
	"strings"
)

// bodyLimit bounds what a request may carry: 10,000 of the widest characters
// and a form around them.
const bodyLimit = 64 << 10

// policy lets the page use nothing but what this server sends, and lets nobody
// frame it.
const policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self'; " +
	"form-action 'self'; frame-ancestors 'none'; base-uri 'none'"

// ownHosts are the names of the machine for itself.
var ownHosts = []string{"localhost", "127.0.0.1", "::1"}

// guard stands before every route: it sets the headers that every answer has,
// and refuses other hosts, other sites and large bodies.
func (w *Web) guard(next http.Handler) http.Handler {
	var sites http.CrossOriginProtection
	return http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		h := rw.Header()
		h.Set("Content-Security-Policy", policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if !w.hostAllowed(r.Host) {
			w.refuse(rw, r, http.StatusMisdirectedRequest, "Tandem doesn't answer to this name. Open the address that it printed when it started.")
			return
		}
		// A nonce that only our own pages hold is asked for as well; this is the
		// browser's word.
		if err := sites.Check(r); err != nil {
			w.refuse(rw, r, http.StatusForbidden, "This was sent from another site, so nothing was done.")
			return
		}
		r.Body = http.MaxBytesReader(rw, r.Body, bodyLimit)
		next.ServeHTTP(rw, r)
	})
}

// hostAllowed reports whether a Host header names this server.
func (w *Web) hostAllowed(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return slices.Contains(ownHosts, name) || slices.ContainsFunc(w.o.Hosts, func(h string) bool { return strings.EqualFold(h, name) })
}

// sameSite refuses what a page elsewhere asks for, where the browser tells.
// Links from elsewhere may open a page, and do nothing else.
func sameSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return true
	}
	return false
}
