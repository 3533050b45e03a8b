package front

import (
	"bytes"
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"io"
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
		s.prefix = make([]byte, 0, 1024)
		buf := bytes.NewBuffer(s.prefix)
		if _, err := buf.ReadFrom(io.LimitReader(x.r.Body, sniffLength)); err != nil {
			x.family = service.FamilyOf(wire.Sniff(x.r, buf.Bytes()).Service, guessProtocol(x.r))
			return s, x.unreadable(err)
		}
		s.prefix = buf.Bytes()
	}
	s.head = wire.Sniff(x.r, s.prefix)
	x.family = service.FamilyOf(s.head.Service, guessProtocol(x.r))
	return s, nil
}

func isForm(r *http.Request) bool {
	media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	return err == nil && media == "application/x-www-form-urlencoded"
}

// guessProtocol is how the client of an unknown service probably spells.
func guessProtocol(r *http.Request) wire.Protocol {
	switch kind := r.Header.Get("Content-Type"); {
	case strings.HasPrefix(kind, "application/x-amz-json-1.1"):
		return wire.AWSJSON11
	case r.Header.Get("X-Amz-Target") != "", strings.HasPrefix(kind, "application/x-amz-json"):
		return wire.AWSJSON10
	case strings.HasPrefix(kind, "application/json"):
		return wire.RestJSON
	}
	return wire.AWSQuery
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
		x.result.Service, x.result.Operation = o.Row.Service, o.Row.Name
	}
	return f, nil
}

// newStamp draws the ids of an answer: a UUID, and what S3 calls the host id.
func newStamp() wire.Stamp {
	var b [16 + 48]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	return wire.Stamp{
		RequestID: fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16]),
		HostID:    base64.StdEncoding.EncodeToString(b[16:]),
	}
}
