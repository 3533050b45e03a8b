package ambit

import (
	"encoding/json"
	"net/netip"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// ExplainDecisionInput names a request by the id that its answer carried.
type ExplainDecisionInput struct{ RequestId *string }

// ExplainDecisionOutput holds an Explanation, as JSON.
type ExplainDecisionOutput struct{ Explanation string }

// An Explanation says why a request was answered as it was.
type Explanation struct {
	RequestID    string     `json:"requestID"`
	Operation    string     `json:"operation"` // "iam.amazonaws.com CreateRole"
	Time         string     `json:"time"`
	Principal    string     `json:"principal"`
	ErrorCode    string     `json:"errorCode,omitempty"`
	ErrorMessage string     `json:"errorMessage,omitempty"`
	Questions    []Question `json:"questions"`
	Omitted      int        `json:"questionsOmitted,omitempty"` // how many more there were, which were not written down
}

// A Question is one thing that had to be allowed, and its answer.
type Question struct {
	Action     string              `json:"action"`
	Resource   string              `json:"resource"`
	Verdict    string              `json:"verdict"`              // allow, implicit-deny, explicit-deny
	PolicyType string              `json:"policyType,omitempty"` // that settled a denial
	Context    map[string][]string `json:"context,omitempty"`
	Notes      map[string]string   `json:"notes,omitempty"` // on keys of the context
	Policies   []Document          `json:"policies,omitempty"`
	Statements []Statement         `json:"statements,omitempty"`
	Changes    []string            `json:"changes,omitempty"` // what would have to be different
}

// A Document is a policy that was judged.
type Document struct {
	PolicyType string `json:"policyType"`
	Name       string `json:"name,omitempty"`
	SHA256     string `json:"sha256,omitempty"`
}

// A Statement is one statement that bears on the answer.
type Statement struct {
	PolicyType string                `json:"policyType"`
	Level      int                   `json:"level,omitempty"`
	Policy     string                `json:"policy,omitempty"` // name or ARN; of a resource-based policy the ARN of what holds it
	Statement  int                   `json:"statement"`
	Sid        string                `json:"sid,omitempty"`
	Line       int                   `json:"line"`
	Column     int                   `json:"column"`
	Effect     string                `json:"effect"`
	Matched    bool                  `json:"matched"`
	Named      string                `json:"named,omitempty"`      // in which way a Principal element names the caller
	NotSpared  *policy.NotSpared     `json:"notSpared,omitempty"`  // why a NotPrincipal element does not leave it out
	Conditions []policy.MetCondition `json:"conditions,omitempty"` // of a deny that matched, all met
	Miss       *policy.Miss          `json:"miss,omitempty"`
}

// A decision is what was written down of a question.
type decision struct {
	Action     string              `json:"action"`
	Resource   string              `json:"resource"`
	Soft       bool                `json:"soft"`
	Verdict    string              `json:"verdict"`
	PolicyType string              `json:"policyType"`
	Context    map[string][]string `json:"context"`
	Documents  []Document          `json:"documents"`
	PolicyOf   string              `json:"policyOf"` // what holds, or could hold, the resource-based policy; empty in old records
	Reasons    []Statement         `json:"reasons"`
}

var requestID = service.NewPattern(`^[0-9A-Za-z-]+$`)

func checkExplain(in *ExplainDecisionInput) error {
	var c service.Constraints
	c.Required("requestId", in.RequestId)
	c.Length("requestId", in.RequestId, 1, 64)
	c.Pattern("requestId", in.RequestId, requestID, "[0-9A-Za-z-]+")
	return c.Err()
}

func (s server) explain(_ *service.Call, in *ExplainDecisionInput, r identity.Reader) (service.Answer, error) {
	records, err := s.trail.OfRequest(r, *in.RequestId)
	if err != nil {
		return service.Answer{}, err
	}
	for _, text := range slices.Backward(records) {
		var found record
		if err := json.Unmarshal(text, &found); err != nil {
			return service.Answer{}, err
		}
		if found.RequestID != *in.RequestId {
			continue
		}
		out, err := json.Marshal(explanationOf(&found, arnsIn(r)))
		return service.Body(&ExplainDecisionOutput{Explanation: string(out)}), err
	}
	return service.Answer{}, service.NotFound("NoSuchEvent", "No request with id "+*in.RequestId+
		" was written down for this account, or it is too long ago.")
}

func explanationOf(r *record, arnOf func(id string) string) Explanation {
	e := Explanation{
		RequestID: r.RequestID, Operation: r.EventSource + " " + r.EventName, Time: r.EventTime.UTC().Format("2006-01-02T15:04:05Z"),
		Principal: r.UserIdentity.ARN, ErrorCode: r.ErrorCode, ErrorMessage: r.ErrorMessage, Questions: []Question{}, Omitted: r.Omitted,
	}
	for i := range r.Decisions {
		d := &r.Decisions[i]
		d.nameResourcePolicy()
		d.namePrincipals(&r.UserIdentity, arnOf)
		e.Questions = append(e.Questions, Question{
			Action: d.Action, Resource: d.Resource, Verdict: d.Verdict, PolicyType: d.PolicyType, Context: d.Context,
			Notes:    r.notes(d),
			Policies: d.Documents, Statements: d.Reasons, Changes: changes(d, &r.UserIdentity),
		})
	}
	return e
}

// nameResourcePolicy calls the resource-based policy, which has no name of its own, by the ARN of what holds it.
func (d *decision) nameResourcePolicy() {
	for i := range d.Documents {
		if p := &d.Documents[i]; p.Name == "" && isOfResource(p.PolicyType) {
			p.Name = d.PolicyOf
		}
	}
	for i := range d.Reasons {
		if r := &d.Reasons[i]; r.Policy == "" && isOfResource(r.PolicyType) {
			r.Policy = d.PolicyOf
		}
	}
}

// namePrincipals calls users and roles by their ARNs where policies, as they are kept, have unique ids; arnOf knows those of others
// than the caller, and returns "" for an id that nobody has any more.
func (d *decision) namePrincipals(by *principal, arnOf func(id string) string) {
	name := func(entries []string) {
		for i, entry := range entries {
			id, isAWS := strings.CutPrefix(entry, "AWS:")
			if !isAWS || id == "" {
				continue
			}
			called := by.called(id)
			if called == "" {
				called = arnOf(id)
			}
			if called != "" {
				entries[i] = "AWS:" + called
			}
		}
	}
	for i := range d.Reasons {
		r := &d.Reasons[i]
		if r.NotSpared != nil {
			name(r.NotSpared.Listed)
		}
		if r.Miss != nil && r.Miss.Part == "principal" {
			name(r.Miss.Want)
		}
	}
}

// called is the ARN of the caller or of its role, if the id is theirs.
func (p *principal) called(id string) string {
	switch id {
	case p.Session.Issuer.ID:
		return p.Session.Issuer.ARN
	case p.ID:
		return p.ARN
	}
	return ""
}

// arnsIn returns the ARNs of the users and roles that live in the account of r, by their unique ids.
func arnsIn(r identity.Reader) func(id string) string {
	return func(id string) string {
		ref, err := r.Principal(identity.UniqueID(id))
		if err != nil {
			return "" // nobody has it, or it is no id
		}
		if ref.Kind == identity.KindUser {
			user, _ := r.User(ref.Name) // without one there is no ARN
			return user.ARN
		}
		role, _ := r.Role(ref.Name)
		return role.ARN
	}
}

func isOfResource(kind string) bool {
	return kind == policy.KindResource.String() || kind == policy.KindTrust.String()
}

const secureTransport = "aws:SecureTransport"

// notes says which keys have a value that the server chose: whoever asks without TLS, but from this machine, is taken for secure.
func (r *record) notes(d *decision) map[string]string {
	from, err := netip.ParseAddr(r.SourceIP)
	if r.TLS != nil || err != nil || !from.IsLoopback() || !slices.Equal(d.Context[secureTransport], []string{"true"}) {
		return nil
	}
	return map[string]string{secureTransport: "true by choice: without TLS, but from this machine; ambit serve --strict-transport makes it literal"}
}
