package iam

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/arn"
	"github.com/ambit-iam/ambit/internal/wire"
)

// policyIdentifiers are the members of the union by which policies are left out of a simulation.
func policyIdentifiers() wire.Union {
	return wire.UnionOf[types.PolicyIdentifier](
		&types.PolicyIdentifierMemberInlinePolicyIdentifier{}, &types.PolicyIdentifierMemberPolicyArn{},
		&types.PolicyIdentifierMemberPolicyType{})
}

// exclude takes policies out of the simulation, to show what would be if they were removed. What identifies nothing is passed
// over, and so is what identifies resource control policies (API reference, SimulatePrincipalPolicy, PolicyExclusionList).
func exclude(s *simulation, list []types.PolicyIdentifier) error {
	for _, identifier := range list {
		var gone func(source) bool
		var err error
		switch of := identifier.(type) {
		case *types.PolicyIdentifierMemberPolicyType:
			gone, err = s.ofType(of.Value)
		case *types.PolicyIdentifierMemberPolicyArn:
			gone, err = ofARN(of.Value)
		case *types.PolicyIdentifierMemberInlinePolicyIdentifier:
			gone, err = inlineOf(of.Value)
		default:
			err = invalidInput("Every element of PolicyExclusionList must identify policies in exactly one way.")
		}
		if err != nil {
			return err
		}
		s.identity = slices.DeleteFunc(s.identity, gone)
	}
	return nil
}

// ofType tells identity-based policies of a type, and takes away itself what is of another type.
func (s *simulation) ofType(t types.PolicyIdentifierPolicyType) (func(source) bool, error) {
	none := func(source) bool { return false }
	switch t {
	case types.PolicyIdentifierPolicyTypeInline:
		return func(p source) bool { return p.inline }, nil
	case types.PolicyIdentifierPolicyTypeAwsManaged:
		return func(p source) bool { return ownerOfPolicy(p) == "aws" }, nil
	case types.PolicyIdentifierPolicyTypeUserManaged:
		return func(p source) bool { owner := ownerOfPolicy(p); return owner != "" && owner != "aws" }, nil
	case types.PolicyIdentifierPolicyTypePermissionBoundary:
		s.boundary = nil
		return none, nil
	case types.PolicyIdentifierPolicyTypeScp:
		without := *s.place
		without.SCPs = nil
		s.place = &without
		return none, nil
	case types.PolicyIdentifierPolicyTypeRcp:
		return none, nil
	}
	return nil, invalidInput("Invalid policy type: " + string(t))
}

// ownerOfPolicy is the account in the ARN of a managed policy, "aws" for AWS's own, and empty for inline ones.
func ownerOfPolicy(p source) string {
	a, err := arn.Parse(p.ARN)
	if err != nil {
		return ""
	}
	return a.Account
}

func ofARN(pattern string) (func(source) bool, error) {
	a, err := arn.Parse(pattern)
	fixed, _, _ := strings.Cut(pattern, "/")
	if err != nil || a.Kind() != "policy" || strings.ContainsAny(fixed, "*?") {
		return nil, invalidInput("Invalid policy ARN: " + pattern)
	}
	matches, err := nameMatcher(pattern)
	return func(p source) bool { return p.ARN != "" && matches(p.ARN) }, err
}

func inlineOf(id types.InlinePolicyIdentifierType) (func(source) bool, error) {
	if id.AttachmentName == nil || id.PolicyName == nil || !slices.Contains(id.AttachmentType.Values(), id.AttachmentType) {
		return nil, invalidInput("An inline policy is identified by AttachmentType, AttachmentName and PolicyName.")
	}
	matches, err := nameMatcher(*id.AttachmentName)
	return func(p source) bool {
		return p.inline && string(p.holder.Kind) == string(id.AttachmentType) && p.Name == *id.PolicyName && matches(p.holder.Name)
	}, err
}

// nameMatcher reads a pattern with at most one * and any number of ?.
func nameMatcher(pattern string) (func(string) bool, error) {
	if strings.Count(pattern, "*") > 1 {
		return nil, invalidInput("At most one * may stand in " + pattern)
	}
	quoted := strings.NewReplacer(`\*`, `.*`, `\?`, `.`).Replace(regexp.QuoteMeta(pattern))
	made, err := regexp.Compile("^" + quoted + "$")
	if err != nil {
		return nil, invalidInput("Invalid pattern: " + pattern)
	}
	return made.MatchString, nil
}
