package web

import (
	"net/http"
	"time"
)

// writeTimeout is how long a browser may take to read an answer.
const writeTimeout = 15 * time.Second

// Server makes the server of the page: one that no slow client can hold, and
// whose Shutdown ends the live pages.
func Server(addr string, w *Web) *http.Server {
	s := &http.Server{
		Addr:              addr,
		Handler:           w,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       15 * time.Second,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       60 * time.Second,
		MaxHeaderBytes:    32 << 10,
	}
	s.RegisterOnShutdown(w.Close)
	return s
}
