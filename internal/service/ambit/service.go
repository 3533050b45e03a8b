package ambit

import (
	"encoding/json"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// A Trail is where the records are that were written down.
type Trail interface {
	// OfRequest returns the records of a request of the account that r reads, oldest first, as JSON in CloudTrail's shape. What
	// the id of a request is made of has no meaning in JSON.
	OfRequest(r identity.Reader, id string) ([]json.RawMessage, error)
}

// Service returns Ambit's own service, which reads from trail and knows the instances' endpoints. Only the root user of the account first makes accounts and places
// them; if first is empty nobody does.
func Service(trail Trail, endpoints Endpoints, first string) service.Service {
	s := server{trail, endpoints, first}
	return service.Service{Name: "ambit", Handlers: []service.Handler{
		service.Reading[ExplainDecisionInput]{Check: checkExplain, Act: s.explain}.Named("ExplainDecision"),
		service.Reading[DescribeInstanceEndpointsInput]{Act: s.describeEndpoints}.Named("DescribeInstanceEndpoints"),
		service.Reading[AddAccountInput]{Check: checkAddAccount, Act: s.addAccount}.Named("AddAccount"),
		service.Reading[ApplyOrganizationInput]{Check: checkOrganization, Act: s.applyOrganization}.Named("ApplyOrganization"),
	}}
}

// A server answers from a trail, and lets one root user govern accounts.
type server struct {
	trail     Trail
	endpoints Endpoints
	first     string
}

// governs demands that the root user of the first account calls: what is done concerns all accounts, and no policy of a single one
// may give it away.
func (s server) governs(c *service.Call) error {
	if p := &c.Caller.Principal; s.first != "" && p.Type == policy.RootUser && p.Account == s.first {
		return nil
	}
	return service.Forbidden("AccessDenied", "Only the root user of the first account may call "+c.Operation.Row.Name+".")
}
