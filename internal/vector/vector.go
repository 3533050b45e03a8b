// Package vector decides what an evaluation vector asks and whether an answer
// agrees with what it expects. A vector is one request with every policy that
// bears on it, as JSON; any implementation of IAM's evaluation logic can be
// judged by vectors. The schema is documented in docs/vectors.md and is the
// input of "ambit eval"; validation cases, the input of "ambit validate
// --check", are read here, too.
//
// Reading is strict wherever a slip would change the answer: no member and no
// condition key twice, no member whose name is nearly a known one, no caller
// without the names that its type must have.
package vector

import (
	"encoding/json"
	"errors"
)

// A Vector is one case.
type Vector struct {
	ID                 string
	Title              string
	Confidence         string
	Principal          Principal
	Identity           []Document
	Boundary           *Document
	Session            []Document
	ResourcePolicy     *Document
	ResourcePolicyKind *string
	ResourceAccount    *string
	SCPs               [][]Document
	RCPs               [][]Document
	EndpointPolicy     *Document
	Request            Request
	ARNs               map[string]string
	Expect             *Expect
}

// Document is the raw text of a policy document.
type Document = json.RawMessage

// Request is what the caller asks for.
type Request struct {
	Action   string
	Resource string
	Context  map[string]Value
}

// ErrCase says that a validation case stands where a vector should.
var ErrCase = errors.New("a validation case, not a vector; judge it with ambit validate --check")

// Parse reads one vector. Its errors name the member and the mend. The vector
// is never nil: a broken one has the members that could be read, for saying
// which it is.
func Parse(text []byte) (*Vector, error) {
	v := new(Vector)
	return v, json.Unmarshal(text, v)
}

// UnmarshalJSON is [Parse] for encoding/json.
func (v *Vector) UnmarshalJSON(text []byte) error {
	if looksLike(text, "document", "request") {
		return ErrCase
	}
	*v = Vector{}
	return readObject(text,
		field{"id", textInto(&v.ID), true},
		field{"title", textInto(&v.Title), true},
		field{"confidence", textInto(&v.Confidence), true},
		field{"source", nil, true},
		field{"notes", nil, true},
		field{"principal", v.Principal.read, false},
		field{"identity", documentsInto(&v.Identity), false},
		field{"boundary", documentInto(&v.Boundary), false},
		field{"session", documentsInto(&v.Session), false},
		field{"resource_policy", documentInto(&v.ResourcePolicy), false},
		field{"resource_policy_kind", optionalInto(&v.ResourcePolicyKind), false},
		field{"resource_account", optionalInto(&v.ResourceAccount), false},
		field{"scps", levelsInto(&v.SCPs), false},
		field{"rcps", levelsInto(&v.RCPs), false},
		field{"vpc_endpoint_policy", documentInto(&v.EndpointPolicy), false},
		field{"request", v.Request.read, false},
		field{"arns", arnsInto(&v.ARNs), false},
		field{"expect", func(text []byte) error {
			v.Expect = new(Expect)
			return v.Expect.read(text)
		}, false},
	)
}

// looksLike reports whether an object has the one member and not the other.
func looksLike(text []byte, with, without string) bool {
	if kind(text) != "an object" {
		return false
	}
	has := false
	for _, m := range membersOf(text) {
		if m.name == without {
			return false
		}
		has = has || m.name == with
	}
	return has
}

func (r *Request) read(text []byte) error {
	return readObject(text,
		field{"action", textInto(&r.Action), false},
		field{"resource", textInto(&r.Resource), false},
		field{"context", contextInto(&r.Context), false},
	)
}

// policyTypes are the members of arns, named as in answers.
var policyTypes = [...]string{"identity", "boundary", "session", "resource", "scp", "rcp", "vpce"}

func arnsInto(dst *map[string]string) func([]byte) error {
	return func(text []byte) error {
		values := make([]string, len(policyTypes))
		fields := make([]field, len(policyTypes))
		for i, name := range policyTypes {
			fields[i] = field{name, textInto(&values[i]), false}
		}
		err := readObject(text, fields...)
		*dst = make(map[string]string, len(values))
		for i, name := range policyTypes {
			(*dst)[name] = values[i]
		}
		return err
	}
}
