package wire

import (
	"errors"
	"net/http"
)

// A Stamp identifies one answer.
type Stamp struct {
	RequestID string
	HostID    string // S3 only: x-amz-id-2
}

// WriteOutput answers w with status and output, spelled as d spells the output of the operation. A nil output is an operation
// that answers nothing. The error means that nothing was written: output cannot be spelled.
func (c *Codec) WriteOutput(w http.ResponseWriter, d Dialect, operation string, status int, output any, s Stamp) error {
	return errors.New("wire: cannot spell the output")
}

// WriteFault answers r with f as d spells errors: status, headers and body; no body for HEAD.
func WriteFault(w http.ResponseWriter, r *http.Request, d Dialect, f *Fault, s Stamp) {}

// DialectOf returns the dialect of a service by its name in credential scopes.
func DialectOf(service string) (Dialect, bool) { return Dialect{}, false }
