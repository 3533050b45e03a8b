package function_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

// TestMayBeCode has a function and somebody else ask a server who they are.
func TestMayBeCode(t *testing.T) {
	t.Parallel()
	contained(t)
	for _, way := range ways[:3] {
		t.Run(way.name, func(t *testing.T) {
			t.Parallel()
			h := newHost(t)
			h.Without(way.jails, way.users, way.abi)
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				local, _ := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
				fmt.Fprint(w, h.MayBeCode(netip.MustParseAddrPort(r.RemoteAddr), netip.MustParseAddrPort(local.String())))
			}))
			t.Cleanup(server.Close)
			ask := func() string {
				t.Helper()
				answer, err := http.Get(server.URL)
				if err != nil {
					t.Fatal(err)
				}
				defer answer.Body.Close()
				text, err := io.ReadAll(answer.Body)
				if err != nil {
					t.Fatal(err)
				}
				return string(text)
			}
			if got := ask(); got != "false" {
				t.Errorf("before anything ran: %s", got)
			}
			s := inline(t, "nodejs20.x", `exports.handler = async (to) => (await fetch(to)).text();`)
			if o := invoke(t, h, s, `"`+server.URL+`"`); string(o.Payload) != `"true"` {
				t.Errorf("%s\n%s", o.Payload, o.LogTail)
			}
			if got := ask(); got != "false" {
				t.Errorf("somebody else: %s", got)
			}
			gone := netip.MustParseAddrPort("127.0.0.1:1")
			if !h.MayBeCode(gone, gone) || h.MayBeCode(netip.MustParseAddrPort("192.0.2.1:1"), gone) {
				t.Error("a client of this machine that is gone may be code, and one of another cannot")
			}
		})
	}
}
