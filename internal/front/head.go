package front

import (
	"mime"
	"net/http"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// sniffLength is how much of a form is read to find its Action. Every client writes it first.
const sniffLength = 16 << 10

// A sniffed request is one of which it is known where it says it wants to go. Step 1 makes it.
type sniffed struct {
	head   wire.Head
	prefix []byte // what was read of the body
}

// sniff is step 1. Nothing that it finds is trusted.
func (x *exchange) sniff() (sniffed, *wire.Fault) {
	var s sniffed
	if x.r.Method == http.MethodPost && isForm(x.r) {
		var err error
		if s.prefix, err = readAtMost(x.r, nil, sniffLength, x.takeRoom); err != nil {
			x.belongTo(wire.Sniff(x.r, s.prefix).Service)
			return s, x.unreadable(err)
		}
	}
	s.head = wire.Sniff(x.r, s.prefix)
	x.belongTo(s.head.Service)
	return s, nil
}

// belongTo chooses the words in which the request is answered, and what its answer is known by.
func (x *exchange) belongTo(name string) {
	x.family = service.FamilyOf(name, guessProtocol(x.r))
	if x.family.Dialect.Protocol == wire.RestXML {
		x.stamp.HostID = newHostID()
	}
}

const formType = "application/x-www-form-urlencoded"

func isForm(r *http.Request) bool {
	kind := contentType(r)
	if kind == formType || kind == formType+"; charset=utf-8" { // as the SDKs write it
		return true
	}
	media, _, err := mime.ParseMediaType(kind)
	return err == nil && media == formType
}

// guessProtocol is how the client of an unknown service probably spells.
func guessProtocol(r *http.Request) wire.Protocol {
	kind := contentType(r)
	switch {
	case strings.HasPrefix(kind, "application/x-amz-json-1.1"):
		return wire.AWSJSON11
	case len(r.Header["X-Amz-Target"]) > 0 && r.Header["X-Amz-Target"][0] != "", strings.HasPrefix(kind, "application/x-amz-json"):
		return wire.AWSJSON10
	case strings.HasPrefix(kind, "application/json"):
		return wire.RestJSON
	}
	return wire.AWSQuery
}

// contentType is the first Content-Type, without the look at its spelling that Header.Get has for names that are not constants.
func contentType(r *http.Request) string {
	if values := r.Header["Content-Type"]; len(values) > 0 {
		return values[0]
	}
	return ""
}

// A found request is one whose row is known, or known not to exist. Step 2 makes it.
type found struct {
	sniffed
	operation *service.Operation // nil: no row; told only after step 3
}

// find is step 2.
func (x *exchange) find(s sniffed) (found, *wire.Fault) {
	f := found{sniffed: s}
	if o, ok := x.door.Table.Find(s.head.Service, s.head.Operation); ok {
		f.operation, x.family = o, o.Family
		if !o.Catalogued { // of which there are thousands, and anybody may name them
			x.result.Service, x.result.Operation = o.Row.Service, o.Row.Name
		}
	}
	return f, nil
}
