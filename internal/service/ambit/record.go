package ambit

import "time"

// A record is what is read of one that was written down.
type record struct {
	EventID      string     `json:"eventID"`
	EventName    string     `json:"eventName"`
	EventSource  string     `json:"eventSource"`
	EventTime    time.Time  `json:"eventTime"`
	RequestID    string     `json:"requestID"`
	ErrorCode    string     `json:"errorCode"`
	ErrorMessage string     `json:"errorMessage"`
	UserIdentity principal  `json:"userIdentity"`
	SourceIP     string     `json:"sourceIPAddress"`
	TLS          *struct{}  `json:"tlsDetails"`
	Decisions    []decision `json:"decisions"`
	Omitted      int        `json:"decisionsOmitted"`
}

// A principal is who asked.
type principal struct {
	Type    string `json:"type"` // IAMUser, AssumedRole, FederatedUser …
	ID      string `json:"principalId"`
	ARN     string `json:"arn"`
	Account string `json:"accountId"`
	Session struct {
		Issuer struct {
			ID  string `json:"principalId"`
			ARN string `json:"arn"`
		} `json:"sessionIssuer"`
	} `json:"sessionContext"`
}
