package service

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A CrossOrigin is what a browser says about a request that a page of another origin makes (Fetch Standard, "CORS protocol").
type CrossOrigin struct {
	Origin    string
	Method    string   // of the request, or of the one that a preflight asks about
	Headers   []string // that a preflight asks about
	Preflight bool
}

// CrossOrigin returns what a service lets pages of other origins do; nil if it has no say in it, and pages may do nothing.
func (t *Table) CrossOrigin(service string) func(r identity.Reader, head wire.Head, q CrossOrigin) (map[string]string, error) {
	return t.crossOrigin[service]
}
