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
	// Named says in which way a Principal element names the caller.
	Named string `json:"principal,omitempty"`
	// NotSpared says why a NotPrincipal element does not leave the caller out.
	NotSpared *NotSpared `json:"not_spared,omitempty"`
	// Conditions are those of a matching statement that denies.
	Conditions []Condition `json:"conditions,omitempty"`
	Miss       *Miss       `json:"miss,omitempty"`
}

// NotSpared is what a NotPrincipal element lists, which entries it lacks, and
// whether a permissions boundary is in the way. The lists are shortened.
type NotSpared struct {
	Listed  []string `json:"listed"`
	Missing []string `json:"missing,omitempty"`
	More    *More    `json:"more,omitempty"` // entries that are not shown
	Bounded bool     `json:"bounded,omitempty"`
}

// Condition is one that is met. Want and Got are shortened as those of a Miss.
type Condition struct {
	Operator string   `json:"operator"`
	Key      string   `json:"key"`
	Want     []string `json:"want"`
	Got      []string `json:"got"`
	More     *More    `json:"more,omitempty"`
	Absent   bool     `json:"absent,omitempty"`
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
		p.NotSpared = newNotSpared(r.NotSpared, &clip)
		for i := range r.Conditions {
			p.Conditions = append(p.Conditions, newCondition(&r.Conditions[i], &clip))
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
	out.Want, out.Got, out.More = clip.pair(m.Want, m.Got)
	out.Unresolved, _ = clip.values(m.Unresolved)
	return out
}

func newCondition(c *policy.MetCondition, clip *clipper) Condition {
	out := Condition{Operator: c.Operator, Key: c.Key, Absent: c.Absent}
	out.Want, out.Got, out.More = clip.pair(c.Want, c.Got)
	return out
}

func newNotSpared(n *policy.NotSpared, clip *clipper) *NotSpared {
	if n == nil {
		return nil
	}
	out := &NotSpared{Bounded: n.Bounded}
	out.Missing, _ = clip.values(n.Missing) // four at most
	var more More
	if out.Listed, more.Listed = clip.values(n.Listed); more.Listed > 0 {
		out.More = &more
	}
	return out
}
