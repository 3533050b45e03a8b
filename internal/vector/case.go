package vector

import (
	"encoding/json"
	"errors"
)

// A Case is a validation case: a document with what AWS says to it.
type Case struct {
	ID         string
	Title      string
	Confidence string
	Kind       string
	Document   *string
	Valid      *bool
	Code       *string
	Message    *string
}

// ErrVector says that a vector stands where a validation case should.
var ErrVector = errors.New("a vector, not a validation case; judge it with ambit eval")

// ParseCase reads one validation case, which has a document and says whether it
// is valid. Like [Parse] it never returns nil.
func ParseCase(text []byte) (*Case, error) {
	c := new(Case)
	if err := json.Unmarshal(text, c); err != nil {
		return c, err
	}
	if c.Document == nil {
		return c, within("document", errors.New("missing; give the document's text as a string"))
	}
	if c.Valid == nil {
		return c, within("valid", errors.New("missing; say whether AWS accepts the document"))
	}
	return c, nil
}

// UnmarshalJSON is [ParseCase] for encoding/json, without what must be there.
func (c *Case) UnmarshalJSON(text []byte) error {
	if looksLike(text, "request", "document") {
		return ErrVector
	}
	*c = Case{}
	return readObject(text,
		field{"id", textInto(&c.ID), true},
		field{"title", textInto(&c.Title), true},
		field{"confidence", textInto(&c.Confidence), true},
		field{"kind", textInto(&c.Kind), false},
		field{"document", optionalInto(&c.Document), false},
		field{"valid", func(text []byte) error {
			c.Valid = new(bool)
			return booleanInto(c.Valid)(text)
		}, false},
		field{"error", optionalInto(&c.Code), false},
		field{"message", optionalInto(&c.Message), false},
	)
}
