package front

import (
	"crypto/tls"
	"net/http"
	"net/netip"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// decode is step 4: the bytes become the input of the operation. What is no operation ends here, now that the caller is known.
func (x *exchange) decode(i identified) (*service.Call, *wire.Fault) {
	if allowed := x.family.Methods(); allowed != nil && !slices.Contains(allowed, x.r.Method) {
		x.w.Header().Set("Allow", strings.Join(allowed, ", "))
		return nil, x.family.MethodNotAllowed()
	}
	if i.operation == nil {
		return nil, x.family.UnknownOperation(i.head.Operation, i.head.Version)
	}
	input, err := i.operation.Decode(service.Raw{Request: x.r, Head: i.head, Body: i.body, Streamed: i.content != nil, Form: i.form, At: x.start})
	if err != nil {
		return nil, x.faultOf(err)
	}
	call := &service.Call{
		Operation: i.operation, Caller: i.caller, Input: input, Transport: i.transport,
		Identities: x.door.Identities, Planes: x.door.Planes, RequestID: x.stamp.RequestID,
		Content: i.content,
		Environment: authz.Environment{
			Time: x.start.UTC(), SourceIP: sourceIP(x.r), SecureTransport: x.door.secure(x.r), UserAgent: x.r.UserAgent(),
			Referer: x.r.Referer(), Region: i.operation.Region(i.transport.Region),
		},
	}
	if x.r.TLS != nil {
		call.Transport.TLSVersion = strings.TrimPrefix(tls.VersionName(x.r.TLS.Version), "TLS ")
	}
	return call, nil
}

// faultOf is what a client is told about an error of a service. Failures of the server go to the log instead.
func (x *exchange) faultOf(err error) *wire.Fault {
	return x.door.faultOf(x.family, err, x.stamp.RequestID)
}

// sourceIP is the address of the peer. Headers are not believed: whoever reaches this server may write them.
func sourceIP(r *http.Request) netip.Addr {
	a, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return a.Addr().Unmap()
}

// secure is aws:SecureTransport: true over TLS, and by choice on a listener that only this machine reaches, unless somebody
// forwarded the request.
func (d *Door) secure(r *http.Request) bool {
	if r.TLS != nil {
		return true
	}
	return d.Loopback && !d.StrictTransport && !forwarded(r.Header)
}

func forwarded(h http.Header) bool {
	for name := range h {
		if name == "Forwarded" || strings.HasPrefix(name, "X-Forwarded-") {
			return true
		}
	}
	return false
}
