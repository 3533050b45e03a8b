package sts

import (
	"net/http"
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/service"
)

// Patterns of the STS API Reference (SEMANTICS §9.1).
var (
	sessionName = regexp.MustCompile(`^[\w+=,.@-]*$`)
	externalID  = regexp.MustCompile(`^[\w+=,.@:/-]*$`)
	policyText  = regexp.MustCompile(`^[\t\n\r\x{20}-\x{FF}]+$`)
	tagText     = regexp.MustCompile(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

const (
	shownSessionName = `[\w+=,.@-]*`
	shownExternalID  = `[\w+=,.@:\/-]*`
	shownPolicyText  = `[\u0009\u000A\u000D\u0020-\u00FF]+`
	shownTagKey      = `[\p{L}\p{Z}\p{N}_.:/=+\-@]+`
	shownTagValue    = `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
)

// checkAssumeRole decides about the shape of the input, in the sentences of RECORDED.
func checkAssumeRole(in *sts.AssumeRoleInput) error {
	var c service.Constraints
	c.Required("roleArn", in.RoleArn)
	c.Length("roleArn", in.RoleArn, 20, 2048)
	c.Required("roleSessionName", in.RoleSessionName)
	c.Length("roleSessionName", in.RoleSessionName, 2, 64)
	c.Pattern("roleSessionName", in.RoleSessionName, sessionName, shownSessionName)
	c.Between("durationSeconds", in.DurationSeconds, 900, 43200)
	c.Length("externalId", in.ExternalId, 2, 1224)
	c.Pattern("externalId", in.ExternalId, externalID, shownExternalID)
	c.Length("policy", in.Policy, 1, 2048)
	c.Pattern("policy", in.Policy, policyText, shownPolicyText)
	c.Length("sourceIdentity", in.SourceIdentity, 2, 64)
	c.Pattern("sourceIdentity", in.SourceIdentity, sessionName, shownSessionName)
	c.AtMost("policyArns", len(in.PolicyArns), 10)
	c.AtMost("tags", len(in.Tags), 50)
	c.AtMost("transitiveTagKeys", len(in.TransitiveTagKeys), 50)
	for _, p := range in.PolicyArns {
		c.Required("policyArns.member.arn", p.Arn)
	}
	for _, t := range in.Tags {
		c.Required("tags.member.key", t.Key)
		c.Length("tags.member.key", t.Key, 1, 128)
		c.Pattern("tags.member.key", t.Key, tagText, shownTagKey)
		c.Required("tags.member.value", t.Value)
		c.Length("tags.member.value", t.Value, 0, 256)
		c.Pattern("tags.member.value", t.Value, tagText, shownTagValue)
	}
	if err := c.Err(); err != nil {
		return err
	}
	if _, err := arn.Parse(*in.RoleArn); err != nil {
		return service.BadRequest("ValidationError", *in.RoleArn+" is invalid")
	}
	return checkTags(in.Tags, in.TransitiveTagKeys)
}

// checkTags decides about session tags among themselves. Keys are unique ignoring case.
func checkTags(tags []types.Tag, transitive []string) error {
	var keys []string
	for _, t := range tags {
		folded := strings.ToLower(*t.Key)
		if strings.HasPrefix(folded, "aws:") {
			return service.BadRequest("InvalidParameterValue", "aws: prefixed tag key names are not allowed for external use.")
		}
		if slices.Contains(keys, folded) {
			return service.BadRequest("InvalidParameterValue",
				"Duplicate tag keys found. Please note that Tag keys are case insensitive.")
		}
		keys = append(keys, folded)
	}
	for _, k := range transitive {
		if !slices.Contains(keys, strings.ToLower(k)) {
			return service.BadRequest("InvalidParameterValue",
				"The specified transitive tag key must be included in the requested tags.")
		}
	}
	return nil
}

// unserved refuses what the API has and this server does not, rather than making a session without it.
func unserved(in *sts.AssumeRoleInput) error {
	switch {
	case in.SerialNumber != nil && in.TokenCode != nil:
		return service.Forbidden("AccessDenied", "MultiFactorAuthentication failed with invalid MFA one time pass code. ")
	case in.SerialNumber != nil || in.TokenCode != nil:
		return service.Forbidden("AccessDenied",
			"MultiFactorAuthentication failed, must provide both MFA serial number and one time pass code. ")
	case len(in.ProvidedContexts) > 0:
		return notServed("ProvidedContexts")
	case in.MinimumSessionTokenSize != nil:
		return notServed("MinimumSessionTokenSize")
	}
	return nil
}

func notServed(member string) error {
	return &service.Error{Status: http.StatusNotImplemented, Code: "NotImplemented",
		Message: "Ambit does not serve the parameter " + member + " yet."}
}
