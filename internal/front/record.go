package front

import (
	"strings"
	"time"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/audit"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// recordOf is step 9: what is written down about a call and its outcome.
func (d *Door) recordOf(c *service.Call, out *outcome) *audit.Record {
	row := &c.Operation.Row
	// The event's id is unlike the request's, because a transaction that runs again must not reuse what another run wrote.
	r := &audit.Record{
		Version: "1.11", Identity: identityOf(c.Caller), Time: c.Now().Truncate(time.Second), Source: row.Service + ".amazonaws.com", Name: row.Name,
		Region: c.Environment.Region, UserAgent: c.Environment.UserAgent, RequestID: c.RequestID, EventID: newID(),
		ReadOnly: row.Mode == operation.Read, Type: "AwsApiCall", Management: !row.Data, Recipient: c.Account(), Category: category(row),
		RequestParameters: d.recorder.Parameters(c.Input.Value), InvokedBy: c.Environment.CalledVia, Decisions: out.ruling.decisions,
	}
	if c.Environment.SourceIP.IsValid() {
		r.SourceIP = c.Environment.SourceIP.String()
	} else {
		r.SourceIP = c.Caller.Principal.Service // CloudTrail names services that call, which have no address
	}
	if version := c.Transport.TLSVersion; version != "" {
		r.TLS = &audit.TLS{Version: "TLSv" + version, Host: c.Transport.Host}
	}
	switch {
	case out.fault != nil:
		r.ErrorCode, r.ErrorMessage = out.fault.Code, out.fault.Message
	case row.Mode == operation.Write:
		r.ResponseElements = d.recorder.Parameters(out.answer.Body)
	}
	return r
}

// category is CloudTrail's eventCategory: what the call is about.
func category(row *operation.Row) string {
	if row.Data {
		return "Data"
	}
	return "Management"
}

// identityOf is CloudTrail's userIdentity element.
func identityOf(c *identity.Caller) audit.Identity {
	p := &c.Principal
	id := audit.Identity{PrincipalID: c.UserID(), ARN: p.ARN, Account: p.Account, AccessKeyID: string(c.AccessKeyID)}
	switch p.Type {
	case policy.RootUser:
		id.Type = "Root"
	case policy.User:
		id.Type = "IAMUser"
		id.UserName, _ = c.UserName()
	case policy.RoleSession:
		id.Type = "AssumedRole"
		id.Session = sessionOf(c, issuer("Role", p.ID, p.RoleARN, p.Account))
		return id
	case policy.FederatedUser:
		id.Type = "FederatedUser"
		id.Session = sessionOf(c, issuer("IAMUser", p.ID, p.UserARN, p.Account))
		return id
	case policy.AWSService:
		id.Type, id.PrincipalID = "AWSService", p.Service
	default:
		id.Type = "Unknown"
	}
	if c.Session != nil {
		id.Session = sessionOf(c, nil)
	}
	return id
}

func issuer(kind, id, name, account string) *audit.Issuer {
	user := ""
	if a, err := arn.Parse(name); err == nil {
		user = a.Name()
	}
	return &audit.Issuer{Type: kind, PrincipalID: id, ARN: name, Account: account, UserName: user}
}

func sessionOf(c *identity.Caller, by *audit.Issuer) *audit.SessionContext {
	if c.Session == nil {
		return nil
	}
	mfa := "false"
	if !c.Session.MFA.IsZero() {
		mfa = "true"
	}
	return &audit.SessionContext{
		Issuer: by, SourceIdentity: strings.Clone(c.SourceIdentity()),
		Attributes: map[string]string{"creationDate": c.Session.Issued.UTC().Format(time.RFC3339), "mfaAuthenticated": mfa},
	}
}
