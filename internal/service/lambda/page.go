package lambda

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// mostListed is how many elements an answer lists, whatever MaxItems says (API reference, "ListFunctions returns a maximum of 50
// items in each response, even if you set the number higher").
const mostListed = 50

// A page collects the elements of one answer of a list call. Elements are added in ascending order of their keys; those of earlier
// pages are passed over.
type page struct {
	call        *service.Call
	after, last string
	n, limit    int
	more        bool
}

func pageOf(c *service.Call, marker *string, maxItems *int32) (*page, error) {
	p := &page{call: c, limit: mostListed}
	if maxItems != nil {
		p.limit = min(int(*maxItems), mostListed)
	}
	if marker == nil || *marker == "" {
		return p, nil
	}
	opened, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *marker)
	call, after, _ := strings.Cut(string(opened), "\x00")
	if err != nil || call != c.Operation.Row.Name {
		return nil, invalid("Invalid Marker.")
	}
	p.after = after
	return p, nil
}

// takes reports whether the element of that key belongs to the page.
func (p *page) takes(key string) bool {
	if key <= p.after {
		return false
	}
	if p.n == p.limit {
		p.more = true
		return false
	}
	p.n, p.last = p.n+1, key
	return true
}

// marker is where the next page begins, nil on the last one.
func (p *page) marker() *string {
	if !p.more {
		return nil
	}
	sealed := p.call.Identities.Seal(identity.PaginationMarkers, p.call.Account(), []byte(p.call.Operation.Row.Name+"\x00"+p.last))
	return &sealed
}
