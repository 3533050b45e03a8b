package front

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/ambit-iam/ambit/internal/authz"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// An encodedMessage is what sts:DecodeAuthorizationMessage tells of a refusal (STS API Reference, DecodeAuthorizationMessage).
type encodedMessage struct {
	Allowed           bool          `json:"allowed"`
	ExplicitDeny      bool          `json:"explicitDeny"`
	MatchedStatements items[string] `json:"matchedStatements"`
	Failures          items[string] `json:"failures"`
	Context           struct {
		Principal struct {
			ID  string `json:"id"`
			ARN string `json:"arn"`
		} `json:"principal"`
		Action     string           `json:"action"`
		Resource   string           `json:"resource"`
		Conditions items[condition] `json:"conditions"`
	} `json:"context"`
}

type items[T any] struct {
	Items []T `json:"items"`
}

type condition struct {
	Key    string       `json:"key"`
	Values items[value] `json:"values"`
}

type value struct {
	Value string `json:"value"`
}

// encoded seals the facts of a refusal, so that who may decode messages can read them, and the caller cannot.
func (d *Door) encoded(c *service.Call, a *service.Asked, decision authz.Decision, keys map[string][]string) string {
	m := encodedMessage{
		ExplicitDeny: decision.Verdict == policy.ExplicitDeny, MatchedStatements: items[string]{Items: []string{}},
		Failures: items[string]{Items: []string{}},
	}
	m.Context.Principal.ID, m.Context.Principal.ARN = c.Caller.UserID(), c.Caller.Principal.ARN
	m.Context.Action, m.Context.Resource = a.Action.String(), a.Resource
	m.Context.Conditions.Items = []condition{}
	for _, name := range slices.Sorted(maps.Keys(keys)) {
		one := condition{Key: name, Values: items[value]{Items: []value{}}}
		for _, v := range keys[name] {
			one.Values.Items = append(one.Values.Items, value{v})
		}
		m.Context.Conditions.Items = append(m.Context.Conditions.Items, one)
	}
	text, err := json.Marshal(m)
	if err != nil { // a struct of strings can always be written
		d.Logger.Error("encoded authorization message", "error", err, "requestID", c.RequestID)
		return ""
	}
	return d.Identities.Seal(identity.AuthorizationMessages, c.Account(), text)
}
