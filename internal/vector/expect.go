package vector

import (
	"fmt"
	"slices"
)

// Expect is what a vector expects.
type Expect struct {
	Decision       string
	Deciding       *string
	DecidingAny    []string
	Message        *string
	MessageAny     []string
	MessageWithARN *string
}

func (e *Expect) read(text []byte) error {
	return readObject(text,
		field{"decision", textInto(&e.Decision), false},
		field{"deciding_policy_type", optionalInto(&e.Deciding), false},
		field{"deciding_any", textsInto(&e.DecidingAny), false},
		field{"message", optionalInto(&e.Message), false},
		field{"message_any", textsInto(&e.MessageAny), false},
		field{"message_with_arn", optionalInto(&e.MessageWithARN), false},
	)
}

// Differences compares an answer with what the vector expects; it is empty
// when they agree. The deciding policy type of an Allow is not compared when
// either path would have done.
func (v *Vector) Differences(a *Answer) []string {
	e := v.Expect
	if e == nil {
		return []string{"the vector has no expect"}
	}
	var out []string
	differ := func(what, got, want string) { out = append(out, fmt.Sprintf("%s is %q, expected %q", what, got, want)) }
	if a.Decision != e.Decision {
		differ("decision", a.Decision, e.Decision)
	}
	if got := text(a.Deciding); len(e.DecidingAny) > 0 && !slices.Contains(e.DecidingAny, got) ||
		len(e.DecidingAny) == 0 && got != text(e.Deciding) {
		differ("deciding_policy_type", got, text(e.Deciding))
	}
	if got := text(a.Message); got != text(e.Message) && !slices.Contains(e.MessageAny, got) {
		differ("message", got, text(e.Message))
	}
	if got := text(a.MessageWithARN); e.MessageWithARN != nil && got != *e.MessageWithARN {
		differ("message_with_arn", got, *e.MessageWithARN)
	}
	return out
}

func text(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
