package oracle

import (
	"bytes"
	"encoding/json"
	"fmt"
)

// A Case is one authorisation request with every policy that bears on it, in the
// schema of the evaluation corpus. Policies are kept as raw text. Decoding and
// encoding a Case keeps its meaning, including null against an empty list.
type Case struct {
	ID         string `json:"id"`
	Title      string `json:"title"`
	Source     string `json:"source"`
	Confidence string `json:"confidence"`

	Principal Principal `json:"principal"`

	// Identity holds the identity-based policies of the user or role; of the IAM
	// user who federated, for a federated user session.
	Identity []json.RawMessage `json:"identity"`
	// Boundary is the permissions boundary of that same entity, or null.
	Boundary json.RawMessage `json:"boundary"`
	// Session holds the session policies that were passed.
	Session []json.RawMessage `json:"session"`

	ResourcePolicy     json.RawMessage `json:"resource_policy"`
	ResourcePolicyKind Nullable        `json:"resource_policy_kind"`
	ResourceAccount    Nullable        `json:"resource_account"`

	// SCPs are those of the principal's account, RCPs those of the resource's: a
	// list of levels from the organization root down, nil outside an organization.
	SCPs [][]json.RawMessage `json:"scps"`
	RCPs [][]json.RawMessage `json:"rcps"`

	VPCEndpointPolicy json.RawMessage `json:"vpc_endpoint_policy"`

	Request Request `json:"request"`

	// ARNs names the managed policy of a policy type, for the enhanced message.
	ARNs map[string]string `json:"arns,omitempty"`

	Expect Expect `json:"expect"`
	Notes  string `json:"notes,omitempty"`
}

// The caller types of a Principal.
const (
	User        = "user"
	RoleSession = "role-session"
	Federated   = "federated"
	Root        = "root"
	Anonymous   = "anonymous"
	Service     = "service"
)

// The kinds of a resource policy. Trust policies and key policies must allow by
// themselves; a generic one adds to what identity-based policies allow.
const (
	Generic = "generic"
	Trust   = "trust"
	KMS     = "kms"
)

// A Principal is the caller. Type says which of the other fields are set.
type Principal struct {
	Type              string            `json:"type"`
	ARN               Nullable          `json:"arn"`
	RoleARN           string            `json:"role_arn,omitempty"`
	UserARN           string            `json:"user_arn,omitempty"`
	Account           Nullable          `json:"account"`
	Name              string            `json:"name,omitempty"`
	UserID            string            `json:"user_id,omitempty"`
	RoleID            string            `json:"role_id,omitempty"`
	SessionName       string            `json:"session_name,omitempty"`
	Service           string            `json:"service,omitempty"`
	Tags              map[string]string `json:"tags"`
	ManagementAccount bool              `json:"management_account,omitempty"`
	ServiceLinked     bool              `json:"service_linked,omitempty"`
}

// A Request is what is asked: one action on one resource, with the complete
// request context. Resource is an ARN, or "*" where the action has no
// resource-level permissions.
type Request struct {
	Action   string            `json:"action"`
	Resource string            `json:"resource"`
	Context  map[string]Values `json:"context"`
}

// Expect is the answer a vector of the corpus demands. A generated Case leaves
// it empty.
type Expect struct {
	Decision           string     `json:"decision"`
	DecidingPolicyType Nullable   `json:"deciding_policy_type"`
	Message            Nullable   `json:"message"`
	MessageWithARN     string     `json:"message_with_arn,omitempty"`
	DecidingAny        []Nullable `json:"deciding_any,omitempty"`
	MessageAny         []Nullable `json:"message_any,omitempty"`
}

// A Nullable is a string whose absence is written as null.
type Nullable string

// MarshalJSON writes the empty string as null.
func (n Nullable) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(n))
}

// UnmarshalJSON reads null as the empty string.
func (n *Nullable) UnmarshalJSON(text []byte) error {
	if isNull(text) {
		*n = ""
		return nil
	}
	return json.Unmarshal(text, (*string)(n))
}

// Values are the values of one condition key. List says whether they were written
// as a list, which changes the spelling and never the meaning: a list of one is a
// single value, and an empty list is a key that is absent.
type Values struct {
	Strings []string
	List    bool
}

// Single makes the Values of a key with one value.
func Single(value string) Values { return Values{Strings: []string{value}} }

// List makes the Values of a key written as a list.
func List(values ...string) Values { return Values{Strings: values, List: true} }

// MarshalJSON writes a list as a list and a single value as a string.
func (v Values) MarshalJSON() ([]byte, error) {
	if v.List || len(v.Strings) != 1 {
		return json.Marshal(append([]string{}, v.Strings...))
	}
	return json.Marshal(v.Strings[0])
}

// UnmarshalJSON reads a string or a list of strings and refuses everything else.
func (v *Values) UnmarshalJSON(text []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(text), []byte("[")) {
		v.List = true
		return json.Unmarshal(text, &v.Strings)
	}
	if isNull(text) {
		return fmt.Errorf("context value is null")
	}
	var single string
	if err := json.Unmarshal(text, &single); err != nil {
		return err
	}
	*v = Single(single)
	return nil
}

// isNull reports whether raw text is missing or the JSON null.
func isNull(text json.RawMessage) bool {
	return len(text) == 0 || string(bytes.TrimSpace(text)) == "null"
}
