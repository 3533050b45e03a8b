package sts

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// Durations of sessions (API reference, AssumeRole, DurationSeconds; IAM User Guide, "Role chaining").
const (
	defaultDuration = time.Hour
	chainedDuration = time.Hour
)

var assumeRole = service.Reading[sts.AssumeRoleInput]{Check: checkAssumeRole, Act: actAssumeRole}

// actAssumeRole issues a session of a role that the caller was just authorised to assume. Nothing is stored.
func actAssumeRole(c *service.Call, in *sts.AssumeRoleInput, r identity.Reader) (service.Answer, error) {
	if c.Caller.Principal.Type == policy.RootUser {
		return service.Answer{}, service.Forbidden("AccessDenied", "Roles may not be assumed by root accounts.")
	}
	if err := mayCall(c); err != nil {
		return service.Answer{}, err
	}
	if err := unserved(in); err != nil {
		return service.Answer{}, err
	}
	role, err := r.RoleByARN(*in.RoleArn)
	if err != nil {
		return service.Answer{}, err // it was authorised a moment ago, in this very state
	}
	session, err := sessionOf(c, in, role, r)
	if err != nil {
		return service.Answer{}, err
	}
	credentials, packed, err := issue(c, session)
	if err != nil {
		return service.Answer{}, err
	}
	return service.Body(answer(c, session, credentials, packed)), nil
}

// issueFault words why no credentials were made.
func issueFault(err error, s *identity.Session, percent int) error {
	switch {
	case !errors.Is(err, identity.ErrPackedTooLarge):
		return err
	case s.HasPolicies():
		return service.BadRequest("PackedPolicyTooLarge",
			fmt.Sprintf("Packed policy consumes %d%% of allotted space, please use smaller policy.", percent))
	}
	return service.BadRequest("PackedPolicyTooLarge", fmt.Sprintf("Packed size of session tags consumes %d%% of allotted space.", percent))
}

func answer(c *service.Call, s identity.Session, credentials *types.Credentials, packed *int32) *sts.AssumeRoleOutput {
	name := "arn:" + c.Identities.Partition() + ":sts::" + s.Account + ":assumed-role/" + s.PrincipalName + "/" + s.Name
	id := string(s.PrincipalID) + ":" + s.Name
	out := &sts.AssumeRoleOutput{
		AssumedRoleUser: &types.AssumedRoleUser{Arn: &name, AssumedRoleId: &id},
		Credentials:     credentials, PackedPolicySize: packed,
	}
	if s.SourceIdentity != "" {
		out.SourceIdentity = &s.SourceIdentity
	}
	return out
}

// sessionOf is the session that the call asks for, once everything about it is found in order.
func sessionOf(c *service.Call, in *sts.AssumeRoleInput, role identity.Role, r identity.Reader) (identity.Session, error) {
	a, err := arn.Parse(role.ARN)
	if err != nil {
		return identity.Session{}, err
	}
	chained := c.Caller.Principal.Type == policy.RoleSession
	duration, err := durationOf(in, role, c.Caller.Principal.Type)
	if err != nil {
		return identity.Session{}, err
	}
	s := identity.Session{
		Kind: identity.AssumedRole, Account: a.Account, PrincipalName: role.Name, PrincipalARN: role.ARN, PrincipalID: role.ID,
		Name: *in.RoleSessionName, MFA: inheritedFactor(c.Caller), Chained: chained, Delivery: c.Delivery,
		Issued: c.Now(), Expires: c.Now().Add(duration),
	}
	if err := addPolicies(&s, in.Policy, in.PolicyArns, r); err != nil {
		return identity.Session{}, err
	}
	if err := addTags(&s, in, c.Caller); err != nil {
		return identity.Session{}, err
	}
	return s, addSourceIdentity(&s, in, c.Caller)
}

// inheritedFactor is when the second factor of the new session was given, the zero time if it has none. A code that comes with
// AssumeRole counts for that call alone: "temporary credentials returned by AssumeRole do not include MFA information" (IAM User
// Guide, "Secure API access with MFA"). That of the GetSessionToken session which calls goes with the role.
func inheritedFactor(caller *identity.Caller) time.Time {
	if s := caller.Session; s != nil && s.Kind == identity.SessionToken {
		return s.MFA
	}
	return time.Time{}
}

// durationOf is how long the session lasts. The role's maximum does not bind services (IAM User Guide, "Update the maximum session
// duration for a role").
func durationOf(in *sts.AssumeRoleInput, role identity.Role, caller policy.PrincipalType) (time.Duration, error) {
	if in.DurationSeconds == nil {
		return defaultDuration, nil
	}
	duration := time.Duration(*in.DurationSeconds) * time.Second
	switch {
	case caller == policy.RoleSession && duration > chainedDuration:
		return 0, service.BadRequest("ValidationError",
			"The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining")
	case duration > role.MaxSession && caller != policy.AWSService:
		return 0, service.BadRequest("ValidationError",
			"The requested DurationSeconds exceeds the MaxSessionDuration set for this role.")
	}
	return duration, nil
}

// addPolicies adds the session policies. Managed ones must be AWS's or of the account of the session (API reference, PolicyArns).
func addPolicies(s *identity.Session, inline *string, managed []types.PolicyDescriptorType, r identity.Reader) error {
	if inline != nil {
		if _, err := policy.Check(*inline, policy.GrammarIdentity); err != nil {
			var refused *policy.Error
			if errors.As(err, &refused) {
				return service.BadRequest(refused.Code, refused.Message)
			}
			return err
		}
		s.Policy = *inline
	}
	for _, p := range managed {
		a, err := arn.Parse(*p.Arn)
		if err != nil || a.Account != "aws" && a.Account != s.Account {
			return absentPolicy(*p.Arn)
		}
		var notFound *identity.NotFoundError
		if _, err := r.In(s.Account).Policy(*p.Arn); errors.As(err, &notFound) {
			return absentPolicy(*p.Arn)
		} else if err != nil {
			return err
		}
		s.PolicyARNs = append(s.PolicyARNs, *p.Arn)
	}
	return nil
}

func absentPolicy(arn string) error {
	return service.BadRequest("ValidationError", "Policy "+arn+" does not exist or is not attachable.")
}

// addTags adds the tags that the caller passes on and those of the request, which may not touch the former (IAM User Guide,
// "Pass session tags in AWS STS", chaining roles with session tags).
func addTags(s *identity.Session, in *sts.AssumeRoleInput, caller *identity.Caller) error {
	inherited := map[string]bool{}
	for _, t := range caller.TransitiveTags() {
		inherited[strings.ToLower(t.Key)] = true
		s.Tags = append(s.Tags, t)
		s.TransitiveKeys = append(s.TransitiveKeys, t.Key)
	}
	for _, t := range in.Tags {
		if inherited[strings.ToLower(*t.Key)] {
			return service.BadRequest("InvalidParameterValue", "One of the specified transitive tag keys can't be set because "+
				"it conflicts with a transitive tag key from the calling session.")
		}
		s.Tags = append(s.Tags, identity.Tag{Key: *t.Key, Value: *t.Value})
	}
	s.TransitiveKeys = append(s.TransitiveKeys, in.TransitiveTagKeys...)
	return nil
}

// addSourceIdentity sets or inherits the source identity. Once set it stays for all chained sessions (IAM User Guide, "Monitor
// and control actions taken with assumed roles").
func addSourceIdentity(s *identity.Session, in *sts.AssumeRoleInput, caller *identity.Caller) error {
	s.SourceIdentity = caller.SourceIdentity()
	switch {
	case in.SourceIdentity == nil:
		return nil
	case strings.HasPrefix(strings.ToLower(*in.SourceIdentity), "aws:"):
		return service.BadRequest("ValidationError", "The value for sourceIdentity must not begin with aws:.")
	case s.SourceIdentity != "" && s.SourceIdentity != *in.SourceIdentity:
		return service.Forbidden("AccessDenied", "The source identity of the calling session cannot be changed.")
	}
	s.SourceIdentity = *in.SourceIdentity
	return nil
}
