package differential_test

import (
	"testing"

	"github.com/ambit-iam/ambit/catalog"
	"github.com/ambit-iam/ambit/policy"
)

// Package policy must not import the catalog, so its list of services with
// resource control policies is held to the catalog's here.
func TestResourceControlPoliciesReachTheCatalogsServices(t *testing.T) {
	t.Parallel()
	d, err := policy.Parse(`{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}}`)
	if err != nil {
		t.Fatal(err)
	}
	s := &policy.Set{RCPs: []*policy.Layer{policy.NewLayer(policy.Policy{Document: d})}}
	reached := 0
	for _, prefix := range catalog.Prefixes() {
		service, ok := catalog.FindService(prefix)
		if !ok {
			t.Fatalf("%s has no service", prefix)
		}
		r := &policy.Request{
			Principal: &policy.Principal{Type: policy.RootUser, ARN: "arn:aws:iam::111122223333:root", Account: "111122223333"},
			Action:    policy.MustAction(prefix + ":Do"), Resource: "*",
		}
		denied := policy.Decide(s, r).Kind == policy.KindRCP
		if denied != service.RCP {
			t.Errorf("%s: policy %v, catalog %v", prefix, denied, service.RCP)
		}
		if denied {
			reached++
		}
	}
	if reached < 50 {
		t.Errorf("only %d services", reached)
	}
}
