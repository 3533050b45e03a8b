package front

import (
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// unsigned returns the handler of a route that needs no signature: exact path, no query. A page in somebody's browser must not
// reach one, which Origin, Sec-Fetch-Site and, against names that are made to point here, Host give away.
func (d *Door) unsigned(r *http.Request) (http.Handler, bool) {
	h, ok := d.Unsigned[r.Method+" "+r.URL.EscapedPath()]
	if !ok || r.URL.RawQuery != "" || r.URL.ForceQuery || r.Header.Get("Authorization") != "" {
		return nil, false
	}
	if !fromHere(r) {
		return http.HandlerFunc(refuseForeign), true
	}
	return h, true
}

// located returns the handler of a route whose path is a secret. Nor is it for pages; whoever serves other machines has a name there.
func (d *Door) located(r *http.Request) (http.Handler, bool) {
	if r.Method != http.MethodGet || r.URL.RawQuery != "" || r.URL.ForceQuery || r.Header.Get("Authorization") != "" {
		return nil, false
	}
	for prefix, h := range d.Located {
		switch {
		case !strings.HasPrefix(r.URL.EscapedPath(), prefix):
		case ofPage(r) || d.Loopback && !loopbackHost(r.Host):
			return http.HandlerFunc(refuseForeign), true
		default:
			return h, true
		}
	}
	return nil, false
}

func refuseForeign(w http.ResponseWriter, _ *http.Request) {
	http.Error(w, "this route is for programs on this machine", http.StatusForbidden)
}

func fromHere(r *http.Request) bool { return !ofPage(r) && loopbackHost(r.Host) }

// ofPage reports whether a page in a browser asks, which is not one of this server's.
func ofPage(r *http.Request) bool {
	if len(r.Header.Values("Origin")) > 0 {
		return true
	}
	for _, site := range r.Header.Values("Sec-Fetch-Site") {
		if site != "none" && site != "same-origin" {
			return true
		}
	}
	return false
}

// loopbackHost tells hosts that cannot be another machine's: localhost, names below it, and loopback addresses.
func loopbackHost(host string) bool {
	name := (&url.URL{Host: host}).Hostname()
	if name = strings.ToLower(strings.TrimSuffix(name, ".")); name == "localhost" || strings.HasSuffix(name, ".localhost") {
		return true
	}
	a, err := netip.ParseAddr(name)
	return err == nil && a.Unmap().IsLoopback()
}
