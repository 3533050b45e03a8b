package iam

import (
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

const shownVersion = `v[1-9][0-9]*(\.[A-Za-z0-9-]*)?`

var versionPattern = service.NewPattern(`^v[1-9][0-9]*(\.[A-Za-z0-9-]*)?$`)

// versionOf checks the members that name a version of a policy.
func (i *input) versionOf(policyARN, version *string) {
	i.policyARN("policyArn", policyARN)
	i.Required("versionId", version)
	i.Pattern("versionId", version, versionPattern, shownVersion)
}

var createPolicyVersion = service.Writing[iam.CreatePolicyVersionInput, struct{}]{
	Check: func(in *iam.CreatePolicyVersionInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.document("policyDocument", in.PolicyDocument)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.CreatePolicyVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		document, err := parseManaged("policyDocument", in.PolicyDocument)
		if err != nil {
			return service.Answer{}, err
		}
		v, err := tx.CreatePolicyVersion(*in.PolicyArn, document, c.Now(), in.SetAsDefault)
		if err != nil {
			return service.Answer{}, changing(c, *in.PolicyArn, err)
		}
		return service.Body(&iam.CreatePolicyVersionOutput{PolicyVersion: shownVersionOf(v, in.SetAsDefault)}), nil
	},
}

var getPolicyVersion = service.Reading[iam.GetPolicyVersionInput]{
	Check: func(in *iam.GetPolicyVersionInput) error {
		var i input
		i.versionOf(in.PolicyArn, in.VersionId)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetPolicyVersionInput, r identity.Reader) (service.Answer, error) {
		p, err := r.Policy(*in.PolicyArn)
		if err != nil {
			return service.Answer{}, versionAbsent(*in.PolicyArn, *in.VersionId, err)
		}
		document, err := r.PolicyText(p, *in.VersionId)
		if err != nil {
			return service.Answer{}, versionAbsent(p.ARN, *in.VersionId, err)
		}
		for _, v := range p.Versions {
			if v.ID == *in.VersionId {
				shown := shownVersionOf(v, v.ID == p.Default)
				shown.Document = encoded(document)
				return service.Body(&iam.GetPolicyVersionOutput{PolicyVersion: shown}), nil
			}
		}
		return service.Answer{}, fmt.Errorf("%s %s: %w", p.ARN, *in.VersionId, identity.ErrDamaged)
	},
}

var listPolicyVersions = service.Reading[iam.ListPolicyVersionsInput]{
	Check: func(in *iam.ListPolicyVersionsInput) error {
		var i input
		i.policyARN("policyArn", in.PolicyArn)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListPolicyVersionsInput, r identity.Reader) (service.Answer, error) {
		managed, err := r.Policy(*in.PolicyArn)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, managed.Versions, newestFirst, func(v identity.PolicyVersion) types.PolicyVersion {
			return *shownVersionOf(v, v.ID == managed.Default)
		})
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListPolicyVersionsOutput{Versions: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// newestFirst orders versions from the newest to the oldest.
func newestFirst(v identity.PolicyVersion) string {
	const above = 999_999_999
	var n int
	if _, err := fmt.Sscanf(v.ID, "v%d", &n); err != nil {
		n = 0
	}
	return fmt.Sprintf("%09d", above-n)
}

// shownVersionOf is a version without its document, which only GetPolicyVersion and GetAccountAuthorizationDetails tell.
func shownVersionOf(v identity.PolicyVersion, isDefault bool) *types.PolicyVersion {
	return &types.PolicyVersion{VersionId: &v.ID, IsDefaultVersion: isDefault, CreateDate: &v.Created}
}

// The default version counts at once for everything that uses the policy, also as a boundary.
var setDefaultPolicyVersion = service.Writing[iam.SetDefaultPolicyVersionInput, struct{}]{
	Check: func(in *iam.SetDefaultPolicyVersionInput) error {
		var i input
		i.versionOf(in.PolicyArn, in.VersionId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.SetDefaultPolicyVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.SetDefaultVersion(*in.PolicyArn, *in.VersionId, c.Now())
		return service.Body(&iam.SetDefaultPolicyVersionOutput{}), changing(c, *in.PolicyArn, versionAbsent(*in.PolicyArn, *in.VersionId, err))
	},
}

var deletePolicyVersion = service.Writing[iam.DeletePolicyVersionInput, struct{}]{
	Check: func(in *iam.DeletePolicyVersionInput) error {
		var i input
		i.versionOf(in.PolicyArn, in.VersionId)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeletePolicyVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DeletePolicyVersion(*in.PolicyArn, *in.VersionId, c.Now())
		return service.Body(&iam.DeletePolicyVersionOutput{}), changing(c, *in.PolicyArn, versionAbsent(*in.PolicyArn, *in.VersionId, err))
	},
}

// changing words why a managed policy cannot be changed. Those of AWS are another account's, whatever the caller's policies say,
// and nothing allows it there.
func changing(c *service.Call, arn string, err error) error {
	var conflict *identity.ConflictError
	if !errors.As(err, &conflict) || conflict.Reason != identity.AWSManaged {
		return answer(err)
	}
	action, err := policy.ParseAction("iam:" + c.Operation.Row.Name)
	if err != nil {
		return err
	}
	request := &policy.Request{Principal: &c.Caller.Principal, Action: action}
	return service.Forbidden("AccessDenied", policy.Outcome{}.Message(request, "policy "+arn))
}

// versionAbsent words the absence of a version of a policy, be it that there is no such policy.
func versionAbsent(arn, version string, err error) error {
	var missing *identity.NotFoundError
	if errors.As(err, &missing) && (missing.Kind == identity.KindPolicy || missing.Kind == identity.KindPolicyVersion) {
		return service.NotFound("NoSuchEntity", "Policy "+arn+" version "+version+" does not exist or is not attachable.")
	}
	return err
}
