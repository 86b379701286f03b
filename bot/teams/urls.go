package teams

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"syscall"
	"time"
)

// The addresses of Microsoft's that Tandem talks to.
const (
	defaultAuthority = "https://login.microsoftonline.com"
	defaultMetadata  = "https://login.botframework.com/v1/.well-known/openidconfiguration"
	defaultService   = "https://smba.trafficmanager.net/teams/"
	scope            = "https://api.botframework.com/.default"
)

// serviceHosts are the hosts of the Bot Connector that get our token. Each is
// exact: anybody can have a name under trafficmanager.net.
var serviceHosts = []string{"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com", "smba.infra.gov.teams.microsoft.us", "smba.infra.dod.teams.microsoft.us"}

// service reads a service URL that an activity or a reference names, and refuses
// what is not the Bot Connector.
func (t *Teams) service(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil || u.Opaque != "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" || u.ForceQuery {
		return nil, fmt.Errorf("teams: %q is no service URL", raw)
	}
	if t.emulator != nil && u.Scheme == t.emulator.Scheme && strings.EqualFold(u.Host, t.emulator.Host) {
		return u, nil
	}
	if u.Scheme != "https" || !slices.Contains(serviceHosts, strings.ToLower(u.Host)) {
		return nil, fmt.Errorf("teams: the service URL %q is not one of the Bot Connector's", raw)
	}
	return u, nil
}

// plainID is an id that can stand in a path: nothing in it leads elsewhere.
func plainID(id string) bool {
	return id != "" && len(id) <= 500 && id != "." && id != ".." && !strings.ContainsFunc(id, func(r rune) bool {
		return r <= ' ' || r == 0x7f || strings.ContainsRune(`/\?#%`, r)
	})
}

// newClient makes an HTTP client that follows no redirects and talks to public
// addresses alone, but for those of the emulator.
func newClient(emulator *url.URL) *http.Client {
	local := ""
	if emulator != nil {
		local = emulator.Host
	}
	open := &net.Dialer{Timeout: 5 * time.Second}
	public := &net.Dialer{Timeout: 5 * time.Second, Control: publicOnly}
	return &http.Client{
		Timeout:       20 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
				if local != "" && address == local {
					return open.DialContext(ctx, network, address)
				}
				return public.DialContext(ctx, network, address)
			},
			MaxIdleConnsPerHost: 8, IdleConnTimeout: 90 * time.Second, TLSHandshakeTimeout: 5 * time.Second,
			ResponseHeaderTimeout: 15 * time.Second, ForceAttemptHTTP2: true,
		},
	}
}

// shared is the range of addresses behind a provider's translation (RFC 6598).
var shared = netip.MustParsePrefix("100.64.0.0/10")

// publicOnly refuses to connect to an address that is not public, also where a
// name leads to it.
func publicOnly(_, address string, _ syscall.RawConn) error {
	a, err := netip.ParseAddrPort(address)
	if err != nil {
		return err
	}
	ip := a.Addr().Unmap()
	if !ip.IsGlobalUnicast() || ip.IsPrivate() || shared.Contains(ip) {
		return fmt.Errorf("teams: %s is no public address", ip)
	}
	return nil
}
