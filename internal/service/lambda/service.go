package lambda

import (
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// servicePrincipal is what execution roles must trust.
const servicePrincipal = "lambda.amazonaws.com"

// A lambda is the service.
type lambda struct {
	plane     func() *Plane
	documents *identity.DocumentCache // of function policies
}

// cachedPolicies is how many function policies are kept compiled.
const cachedPolicies = 1000

// Service returns Lambda. plane is asked with each call for the Plane of the state that the call came to.
func Service(plane func() *Plane) service.Service {
	l := &lambda{plane: plane, documents: identity.NewDocumentCache(cachedPolicies)}
	return service.Service{
		Name: "lambda",
		Handlers: slices.Concat([]service.Handler{
			l.createFunction().Named("CreateFunction"), l.getFunction().Named("GetFunction"),
			l.getFunctionConfiguration().Named("GetFunctionConfiguration"), l.listFunctions().Named("ListFunctions"),
			l.deleteFunction().Named("DeleteFunction"), l.updateFunctionCode().Named("UpdateFunctionCode"),
			l.updateFunctionConfiguration().Named("UpdateFunctionConfiguration"),
			l.publishVersion().Named("PublishVersion"), l.listVersions().Named("ListVersionsByFunction"),
			createAlias.Named("CreateAlias"), getAlias.Named("GetAlias"), listAliases.Named("ListAliases"),
			updateAlias.Named("UpdateAlias"), deleteAlias.Named("DeleteAlias"),
			addPermission.Named("AddPermission"), removePermission.Named("RemovePermission"), getPolicy.Named("GetPolicy"),
			getConcurrency.Named("GetFunctionConcurrency"), putConcurrency.Named("PutFunctionConcurrency"),
			deleteConcurrency.Named("DeleteFunctionConcurrency"), getAccountSettings.Named("GetAccountSettings"),
			tagResource.Named("TagResource"), untagResource.Named("UntagResource"), listTags.Named("ListTags"),
			l.invoke().Named("Invoke"), l.invokeAsync().Named("InvokeAsync"),
		}, eventConfigs(), l.layers(), fixedSettings(), absentSettings()),
		Decode: decode,
		Find:   l.find,
		Fact:   fact,
		Gather: gather,
	}
}

// fact answers the keys that no call has here: functions are in no VPC, and have neither URLs nor event sources.
func fact(*service.Call, string) (string, bool) { return "", false }

// gather works out whom the statement is for that a call removes, which the call itself does not say.
func gather(c *service.Call, r identity.Reader) (g service.Gathered, err error) {
	in, ok := c.Input.Value.(*removePermissionInput)
	if !ok {
		return g, nil
	}
	s, exists, err := in.statement(c, r)
	if err != nil || !exists {
		return g, err
	}
	g.Texts = map[string]string{}
	if who := s.grantee(); who != "" {
		g.Texts["lambda:Principal"] = who
	}
	if by := s.Condition["StringEquals"]["lambda:FunctionUrlAuthType"]; by != "" {
		g.Texts["lambda:FunctionUrlAuthType"] = by
	}
	return g, nil
}

// find returns a function, a version or an alias as it is judged: by its whole ARN, whether it exists or not, with the tags of the
// function and the policy of the qualifier.
func (l *lambda) find(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	switch t.Kind {
	case operation.Function:
	case operation.Layer, operation.LayerVersion:
		return findLayer(c, t, value), nil
	case operation.EventSourceMapping, operation.CodeSigningConfig:
		return service.Stored{}, nil
	default:
		return service.Stored{}, fmt.Errorf("lambda: no kind %s", t.Kind)
	}
	p, ok := placeOf(c, value)
	if !ok {
		return service.Stored{}, nil
	}
	if q, given := c.Input.Members.String("Qualifier"); given && q != "" && p.qualifier == "" {
		p.qualifier = q
	}
	stored := service.Stored{ARN: p.arn(), Account: p.account, Name: p.name}
	f, exists, err := readFunction(r, p)
	if err != nil || !exists {
		return stored, err
	}
	stored.Tags = f.Tags
	stored.Policy, err = l.layer(f.Policies[p.qualifier])
	return stored, err
}

// layer is a function policy as it is judged; nil for none.
func (l *lambda) layer(p *functionPolicy) (*policy.Layer, error) {
	if p == nil {
		return nil, nil
	}
	made, err := l.documents.Get(identity.DigestOf(p.Text), func() (string, error) { return p.Text, nil })
	if err != nil {
		return nil, err
	}
	return policy.NewLayer(policy.Policy{Document: made.Document}), nil
}
