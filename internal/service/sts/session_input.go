package sts

import (
	"net/http"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/aws-sdk-go-v2/service/sts/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// Patterns of the STS API Reference (SEMANTICS §9.1).
var (
	sessionName = service.NewPattern(`^[\w+=,.@-]*$`)
	externalID  = service.NewPattern(`^[\w+=,.@:/-]*$`)
	policyText  = service.NewPattern(`^[\t\n\r\x{20}-\x{FF}]+$`)
	arnText     = service.NewPattern(`^[\t\n\r\x{20}-\x{7E}\x{85}\x{A0}-\x{D7FF}\x{E000}-\x{FFFD}\x{10000}-\x{10FFFF}]+$`)
	tagKey      = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]+$`)
	tagText     = service.NewPattern(`^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$`)
)

const (
	shownSessionName = `[\w+=,.@-]*`
	shownExternalID  = `[\w+=,.@:\/-]*`
	shownPolicyText  = `[\u0009\u000A\u000D\u0020-\u00FF]+`
	shownARN         = `[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+`
	shownTagKey      = `[\p{L}\p{Z}\p{N}_.:/=+\-@]+`
	shownTagValue    = `[\p{L}\p{Z}\p{N}_.:/=+\-@]*`
)

// minSessionName is how short a session name may be that a client gives. Services name sessions after what they run, and a function's
// name may have one letter.
const minSessionName = 2

// checkAssumeRole decides about the shape of the input, in the sentences of RECORDED. Whether a name of one letter is too short hangs on
// the caller, who is not known yet; checkSessionName decides that.
func checkAssumeRole(in *sts.AssumeRoleInput) error {
	if err := checkAssumeRoleShape(in, minSessionName); err == nil || checkAssumeRoleShape(in, 1) != nil {
		return err
	}
	return nil
}

func checkSessionName(in *sts.AssumeRoleInput, caller policy.PrincipalType) error {
	if caller == policy.AWSService {
		return nil
	}
	return checkAssumeRoleShape(in, minSessionName)
}

func checkAssumeRoleShape(in *sts.AssumeRoleInput, shortest int) error {
	var c service.Constraints
	checkARN(&c, "roleArn", in.RoleArn)
	c.Required("roleSessionName", in.RoleSessionName)
	c.Length("roleSessionName", in.RoleSessionName, shortest, 64)
	c.Pattern("roleSessionName", in.RoleSessionName, sessionName, shownSessionName)
	c.Between("durationSeconds", in.DurationSeconds, 900, 43200)
	c.Length("externalId", in.ExternalId, 2, 1224)
	c.Pattern("externalId", in.ExternalId, externalID, shownExternalID)
	c.Length("sourceIdentity", in.SourceIdentity, 2, 64)
	c.Pattern("sourceIdentity", in.SourceIdentity, sessionName, shownSessionName)
	checkPolicies(&c, in.Policy, in.PolicyArns)
	checkTagShapes(&c, in.Tags)
	checkFactor(&c, in.SerialNumber, in.TokenCode)
	c.AtMost("transitiveTagKeys", len(in.TransitiveTagKeys), 50)
	c.Each("transitiveTagKeys", in.TransitiveTagKeys, 1, 128, tagKey, shownTagKey)
	if err := c.Err(); err != nil {
		return err
	}
	if _, err := arn.Parse(*in.RoleArn); err != nil {
		return service.BadRequest("ValidationError", *in.RoleArn+" is invalid")
	}
	return checkTags(in.Tags, in.TransitiveTagKeys)
}

// checkPolicies decides about the shape of session policies.
func checkPolicies(c *service.Constraints, inline *string, managed []types.PolicyDescriptorType) {
	c.Length("policy", inline, 1, 2048)
	c.Pattern("policy", inline, policyText, shownPolicyText)
	c.AtMost("policyArns", len(managed), 10)
	for _, p := range managed {
		checkARN(c, "policyArns.member.arn", p.Arn)
	}
}

// checkARN decides about the shape of an ARN (arnType).
func checkARN(c *service.Constraints, member string, value *string) {
	c.Required(member, value)
	c.Length(member, value, 20, 2048)
	c.Pattern(member, value, arnText, shownARN)
}

// checkTagShapes decides about the shape of session tags.
func checkTagShapes(c *service.Constraints, tags []types.Tag) {
	c.AtMost("tags", len(tags), 50)
	for _, t := range tags {
		c.Required("tags.member.key", t.Key)
		c.Length("tags.member.key", t.Key, 1, 128)
		c.Pattern("tags.member.key", t.Key, tagKey, shownTagKey)
		c.Required("tags.member.value", t.Value)
		c.Length("tags.member.value", t.Value, 0, 256)
		c.Pattern("tags.member.value", t.Value, tagText, shownTagValue)
	}
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
