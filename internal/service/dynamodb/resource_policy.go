package dynamodb

import (
	"errors"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A tablePolicy is the resource-based policy of a table and its indexes. Its principals are stored by their unique ids.
type tablePolicy struct {
	Text     string                    `json:"text"`
	Bound    []identity.BoundPrincipal `json:"bound,omitempty"`
	Revision string                    `json:"revision"`
}

type putResourcePolicyInput struct {
	ResourceArn, Policy, ExpectedRevisionId *string
	ConfirmRemoveSelfResourceAccess         *bool
}

type resourcePolicyInput struct{ ResourceArn, ExpectedRevisionId *string }

type resourcePolicyOutput struct{ Policy, RevisionId *string }

// maxPolicy is how long a policy may be (Developer Guide, "Resource-based policy considerations").
const maxPolicy = 20 << 10

// noPolicy is an ExpectedRevisionId that says that there is no policy yet.
const noPolicy = "NO_POLICY"

var putResourcePolicy = service.Writing[putResourcePolicyInput, struct{}]{
	Check: func(in *putResourcePolicyInput) error {
		if err := checkResourceARN(in.ResourceArn); err != nil {
			return err
		}
		return checkPolicy(in.Policy)
	},
	Act: func(c *service.Call, in *putResourcePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		var revision string
		err := changed(c, tx, *in.ResourceArn, func(t *table, _ place) error {
			if err := t.expect(in.ExpectedRevisionId, *in.ResourceArn); err != nil {
				return err
			}
			return t.setPolicy(c, tx, *in.Policy, &revision)
		})
		return service.Body(&resourcePolicyOutput{RevisionId: &revision}), err
	},
}

// checkPolicy refuses what is no resource-based policy.
func checkPolicy(text *string) error {
	var c constraints
	if c.required("policy", text); text == nil {
		return c.err()
	}
	if len(*text) > maxPolicy {
		return service.BadRequest("LimitExceededException", "The size of the resource-based policy exceeds the limit of 20 KB")
	}
	if _, err := policy.Check(*text, policy.GrammarResource); err != nil {
		return invalidPolicy(err.Error())
	}
	return nil
}

// invalidPolicy has the words that are observed around DynamoDB's reasons.
func invalidPolicy(reason string) error {
	return invalid("One or more parameter values were invalid: Invalid policy document: " + reason)
}

// trusted are the condition keys with which a statement for everybody is not public (Developer Guide, "Blocking public access with
// resource-based policies in DynamoDB"). No table can be without that block.
var trusted = service.TrustedKeys{
	"aws:principalaccount":          service.FixedText,
	"aws:principalarn":              service.FixedText,
	"aws:principalorgid":            service.FixedText,
	"aws:principalorgpaths":         service.FixedText,
	"aws:sourceaccount":             service.FixedText,
	"aws:sourcearn":                 service.FixedText,
	"aws:sourcevpc":                 service.FixedText,
	"aws:sourcevpce":                service.FixedText,
	"aws:userid":                    service.FixedText,
	"aws:principalservicename":      service.FixedText,
	"aws:principalservicenameslist": service.FixedText,
	"aws:principalisawsservice":     service.FixedTrue,
	"aws:ec2instancesourcevpc":      service.FixedText,
	"aws:sourceorgid":               service.FixedText,
	"aws:sourceorgpaths":            service.FixedText,
}

// setPolicy gives the table a policy, which was checked. Whether it is public is told only to who may put it. The policy that is there
// stays with its revision (API reference, PutResourcePolicy).
func (t *table) setPolicy(c *service.Call, tx identity.Tx, text string, revision *string) error {
	if document, err := policy.Parse(text); err != nil || trusted.Public(document) {
		return invalidPolicy("The policy allows public access, which Block Public Access prevents")
	}
	stored, bound, err := tx.BindPrincipals(text)
	var unknown *identity.InvalidPrincipalError
	if errors.As(err, &unknown) {
		return invalid("One or more parameter values were invalid: Invalid principal in policy document.")
	}
	if err != nil {
		return err
	}
	if t.Policy == nil || t.Policy.Text != stored {
		t.Policy = &tablePolicy{stored, bound, strconv.FormatInt(c.Now().UnixMicro(), 10)}
	}
	*revision = t.Policy.Revision
	return nil
}

// expect refuses a change of another revision than the one that is there.
func (t *table) expect(revision *string, arn string) error {
	switch {
	case revision == nil:
		return nil
	case t.Policy == nil && *revision == noPolicy, t.Policy != nil && *revision == t.Policy.Revision:
		return nil
	}
	return service.BadRequest("PolicyNotFoundException", "Resource-based policy not found for the provided ResourceArn: "+arn+
		" and ExpectedRevisionId: "+clip(*revision))
}

var getResourcePolicy = service.Reading[resourcePolicyInput]{
	Check: func(in *resourcePolicyInput) error {
		if in.ExpectedRevisionId != nil {
			return invalid("The parameter ExpectedRevisionId is not known for GetResourcePolicy")
		}
		return checkResourceARN(in.ResourceArn)
	},
	Act: func(c *service.Call, in *resourcePolicyInput, r identity.Reader) (service.Answer, error) {
		t, p, exists, err := find(c, r, *in.ResourceArn)
		switch {
		case err != nil:
			return service.Answer{}, err
		case !exists:
			return service.Answer{}, resourceNotFound(*in.ResourceArn)
		case t.Policy == nil:
			return service.Answer{}, service.BadRequest("PolicyNotFoundException",
				"Resource-based policy not found for the provided ResourceArn: "+p.arn())
		}
		text, err := r.In(p.account).PrintPrincipals(t.Policy.Text, t.Policy.Bound)
		return service.Body(&resourcePolicyOutput{&text, &t.Policy.Revision}), err
	},
}

var deleteResourcePolicy = service.Writing[resourcePolicyInput, struct{}]{
	Check: func(in *resourcePolicyInput) error { return checkResourceARN(in.ResourceArn) },
	Act: func(c *service.Call, in *resourcePolicyInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		out := &resourcePolicyOutput{}
		err := changed(c, tx, *in.ResourceArn, func(t *table, _ place) error {
			if err := t.expect(in.ExpectedRevisionId, *in.ResourceArn); err != nil {
				return err
			}
			if t.Policy != nil {
				out.RevisionId = &t.Policy.Revision
			}
			t.Policy = nil
			return nil
		})
		return service.Body(out), err
	},
}

// policies compile the policies of tables, each once.
type policies struct{ cache *identity.DocumentCache }

// maxCompiled is how many compiled policies are kept.
const maxCompiled = 1024

func newPolicies() policies { return policies{identity.NewDocumentCache(maxCompiled)} }

// layer is the policy of a table as it is judged; nil for none.
func (p policies) layer(t table) (*policy.Layer, error) {
	if t.Policy == nil {
		return nil, nil
	}
	made, err := p.cache.Get(identity.DigestOf(t.Policy.Text), func() (string, error) { return t.Policy.Text, nil })
	if err != nil {
		return nil, err
	}
	return policy.NewLayer(policy.Policy{Document: made.Document}), nil
}
