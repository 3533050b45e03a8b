package vector

import (
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/policy"
)

// An Answer is what "ambit eval" prints for a vector.
type Answer struct {
	ID             string   `json:"id"`
	Decision       string   `json:"decision"`
	Deciding       *string  `json:"deciding_policy_type"`
	Message        *string  `json:"message"`
	MessageWithARN *string  `json:"message_with_arn"`
	Reasons        []Reason `json:"reasons"`
}

// Reason is one statement that mattered, or nearly did.
type Reason struct {
	PolicyType string `json:"policy_type"`
	Level      *int   `json:"level,omitempty"`
	Policy     string `json:"policy,omitempty"`
	Index      int    `json:"index"`
	Statement  int    `json:"statement"`
	Sid        string `json:"sid,omitempty"`
	Position   string `json:"position"`
	Effect     string `json:"effect"`
	Matched    bool   `json:"matched"`
	Named      string `json:"principal,omitempty"`
	Miss       *Miss  `json:"miss,omitempty"`
}

// Miss is what kept a statement from matching.
type Miss struct {
	Part     string   `json:"part"`
	Operator string   `json:"operator,omitempty"`
	Key      string   `json:"key,omitempty"`
	Want     []string `json:"want"`
	Got      []string `json:"got"`
	Absent   bool     `json:"absent,omitempty"`
	Others   int      `json:"other_conditions,omitempty"`
}

// Judge answers the vector.
func (v *Vector) Judge() (*Answer, error) {
	s, r, err := v.Compile()
	if err != nil {
		return nil, err
	}
	d := policy.Evaluate(s, r)
	shown := policy.Shown(r.Action, r.Resource)
	return &Answer{
		ID:             v.ID,
		Decision:       d.Verdict.String(),
		Deciding:       Deciding(d.Outcome),
		Message:        textOrNull(d.Message(r, shown)),
		MessageWithARN: textOrNull(d.MessageWithARN(s, r, shown)),
		Reasons:        NewReasons(d.Reasons),
	}, nil
}

// Deciding names the policy type that decided; nil when either of two would
// have.
func Deciding(o policy.Outcome) *string {
	if o.Verdict != policy.Allowed {
		return textOrNull(o.Kind.String())
	}
	if o.Grant == policy.GrantEither {
		return nil
	}
	return textOrNull(o.Grant.String())
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// NewReasons gives reasons their printed form; it is never nil.
func NewReasons(reasons []policy.Reason) []Reason {
	out := make([]Reason, 0, len(reasons))
	for _, r := range reasons {
		p := Reason{
			PolicyType: r.Kind.String(), Policy: r.Policy, Index: r.Index, Statement: r.Statement, Sid: r.Sid,
			Position: r.Position.String(), Effect: r.Effect.String(), Matched: r.Matched, Named: r.Named,
		}
		if r.Kind == policy.KindSCP || r.Kind == policy.KindRCP {
			p.Level = &r.Level
		}
		if m := r.Miss; m != nil {
			p.Miss = &Miss{m.Part, m.Operator, m.Key, m.Want, m.Got, m.Absent, m.Others}
		}
		out = append(out, p)
	}
	return out
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
