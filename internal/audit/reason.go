package audit

import "github.com/ambit-iam/ambit/policy"

// A Reason is one statement's part in a decision, as it is written down: enough to explain a refusal after the documents have
// changed.
type Reason struct {
	PolicyType string                `json:"policyType"`
	Level      int                   `json:"level,omitempty"` // of organization policies, from 0 at the root
	Policy     string                `json:"policy,omitempty"`
	Statement  int                   `json:"statement"` // from 0
	Sid        string                `json:"sid,omitempty"`
	Line       int                   `json:"line"`
	Column     int                   `json:"column"`
	Effect     string                `json:"effect"`
	Matched    bool                  `json:"matched"`
	Named      string                `json:"named,omitempty"`
	NotSpared  *policy.NotSpared     `json:"notSpared,omitempty"`
	Conditions []policy.MetCondition `json:"conditions,omitempty"` // of a deny that matched
	Miss       *policy.Miss          `json:"miss,omitempty"`
}

// ReasonsOf writes the reasons of a decision down.
func ReasonsOf(reasons []policy.Reason) []Reason {
	out := make([]Reason, 0, len(reasons))
	for _, r := range reasons {
		out = append(out, Reason{
			PolicyType: r.Kind.String(), Level: r.Level, Policy: r.Policy, Statement: r.Statement, Sid: r.Sid,
			Line: r.Position.Line, Column: r.Position.Column, Effect: r.Effect.String(), Matched: r.Matched, Named: r.Named,
			NotSpared: r.NotSpared, Conditions: r.Conditions, Miss: r.Miss,
		})
	}
	return out
}
