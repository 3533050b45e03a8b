package vector

import "github.com/ambit-iam/ambit/policy"

// An Answer is what "ambit eval" prints for a vector.
type Answer struct {
	ID             string   `json:"id"`
	Decision       string   `json:"decision"`
	Deciding       *string  `json:"deciding_policy_type"`
	Level          *int     `json:"level,omitempty"` // of SCPs or RCPs that deny, from the organization's root
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

// Miss is what kept a statement from matching. Want, Got and Unresolved show
// twenty values at most, each up to 256 bytes.
type Miss struct {
	Part     string   `json:"part"`
	Not      bool     `json:"not,omitempty"` // the statement has NotPrincipal or NotResource: Want is what it leaves out
	Operator string   `json:"operator,omitempty"`
	Key      string   `json:"key,omitempty"`
	Want     []string `json:"want"`
	Got      []string `json:"got"`
	More     *More    `json:"more,omitempty"` // values that are not shown
	Absent   bool     `json:"absent,omitempty"`
	// Unresolved are the keys of policy variables in Want that the request
	// leaves without a value.
	Unresolved []string `json:"unresolved,omitempty"`
	Others     int      `json:"other_conditions,omitempty"`
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
		Level:          level(d.Outcome),
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

func level(o policy.Outcome) *int {
	n, ok := o.Level()
	if !ok {
		return nil
	}
	return &n
}

func textOrNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// NewReasons gives reasons their printed form; it is never nil. A statement in
// which several parts failed is not near enough for a vector's answer.
func NewReasons(reasons []policy.Reason) []Reason {
	out := make([]Reason, 0, len(reasons))
	var clip clipper
	for _, r := range reasons {
		if r.Miss != nil && r.Miss.Also != nil {
			continue
		}
		p := Reason{
			PolicyType: r.Kind.String(), Policy: shorten(r.Policy, maxName), Index: r.Index, Statement: r.Statement, Sid: r.Sid,
			Position: r.Position.String(), Effect: r.Effect.String(), Matched: r.Matched, Named: shorten(r.Named, maxName),
		}
		if r.Kind == policy.KindSCP || r.Kind == policy.KindRCP {
			p.Level = &r.Level
		}
		if m := r.Miss; m != nil {
			p.Miss = newMiss(m, &clip)
		}
		out = append(out, p)
	}
	return out
}

func newMiss(m *policy.Miss, clip *clipper) *Miss {
	out := &Miss{Part: m.Part, Not: m.Not, Operator: m.Operator, Key: m.Key, Absent: m.Absent, Others: m.Others}
	var more More
	out.Want, more.Want = clip.values(m.Want)
	out.Got, more.Got = clip.values(m.Got)
	out.Unresolved, _ = clip.values(m.Unresolved)
	if more != (More{}) {
		out.More = &more
	}
	return out
}
