package audit

import (
	"time"

	"github.com/ambit-iam/ambit/policy"
)

// A Record is one request and its answer. Field names are CloudTrail's; decisions are Ambit's own.
type Record struct {
	Version           string         `json:"eventVersion"`
	Identity          Identity       `json:"userIdentity"`
	Time              time.Time      `json:"eventTime"`   // a whole second, as CloudTrail has it
	Source            string         `json:"eventSource"` // "iam.amazonaws.com"
	Name              string         `json:"eventName"`
	Region            string         `json:"awsRegion"`
	SourceIP          string         `json:"sourceIPAddress"`
	UserAgent         string         `json:"userAgent"`
	ErrorCode         string         `json:"errorCode,omitempty"`
	ErrorMessage      string         `json:"errorMessage,omitempty"`
	RequestParameters map[string]any `json:"requestParameters"`
	ResponseElements  map[string]any `json:"responseElements"`
	RequestID         string         `json:"requestID"`
	EventID           string         `json:"eventID"`
	ReadOnly          bool           `json:"readOnly"`
	Type              string         `json:"eventType"`
	Management        bool           `json:"managementEvent"`
	Recipient         string         `json:"recipientAccountId"`
	Category          string         `json:"eventCategory"`
	TLS               *TLS           `json:"tlsDetails,omitempty"` // nil: the request came without
	InvokedBy         []string       `json:"calledVia,omitempty"`
	Decisions         []Decision     `json:"decisions,omitempty"`
	DecisionsOmitted  int            `json:"decisionsOmitted,omitempty"` // how many are left out, because the record would be too long
}

// TLS is CloudTrail's tlsDetails element.
type TLS struct {
	Version string `json:"tlsVersion"` // "TLSv1.3"
	Host    string `json:"clientProvidedHostHeader"`
}

// An Identity is CloudTrail's userIdentity element.
type Identity struct {
	Type        string          `json:"type"` // Root, IAMUser, AssumedRole, FederatedUser, AWSService
	PrincipalID string          `json:"principalId,omitempty"`
	ARN         string          `json:"arn,omitempty"`
	Account     string          `json:"accountId,omitempty"`
	AccessKeyID string          `json:"accessKeyId,omitempty"`
	UserName    string          `json:"userName,omitempty"`
	Session     *SessionContext `json:"sessionContext,omitempty"`
}

// A SessionContext tells of temporary credentials who issued them and when.
type SessionContext struct {
	Issuer         *Issuer           `json:"sessionIssuer,omitempty"`
	Attributes     map[string]string `json:"attributes"` // creationDate, mfaAuthenticated
	SourceIdentity string            `json:"sourceIdentity,omitempty"`
}

// An Issuer is the role or user of a session.
type Issuer struct {
	Type        string `json:"type"` // Role, IAMUser
	PrincipalID string `json:"principalId"`
	ARN         string `json:"arn"`
	Account     string `json:"accountId"`
	UserName    string `json:"userName"`
}

// A Decision is one question and its answer.
type Decision struct {
	Action     string              `json:"action"`
	Resource   string              `json:"resource"`
	Soft       bool                `json:"soft,omitempty"`
	Verdict    string              `json:"verdict"`              // allow, implicit-deny, explicit-deny
	PolicyType string              `json:"policyType,omitempty"` // that settled a denial
	Context    map[string][]string `json:"context"`              // the condition keys as judged
	Documents  []Document          `json:"documents"`            // the documents judged
	PolicyOf   string              `json:"policyOf,omitempty"`   // of a refusal: the ARN of what holds the resource-based policy that bears on it, or could
	Reasons    []Reason            `json:"reasons,omitempty"`    // of a refusal: every statement that bears on it
}

// A Document names one judged document: the type of policy it served as, its name or ARN, and the SHA-256 of its text in hex.
type Document struct {
	PolicyType string `json:"policyType"`
	Name       string `json:"name,omitempty"`
	SHA256     string `json:"sha256,omitempty"` // empty: the policy was missing
}

// ContextOf copies the condition keys of a request context, which is used again for other requests.
func ContextOf(c *policy.Context) map[string][]string {
	out := make(map[string][]string, c.Len())
	c.All(func(k policy.Key, values []string, _ bool) bool {
		out[k.String()] = append([]string(nil), values...)
		return true
	})
	return out
}
