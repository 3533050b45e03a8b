package ambit

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Endpoints are where instances find what they are told about themselves.
type Endpoints interface {
	// Endpoints returns the instances of the account that r reads, in all regions, with their metadata services.
	Endpoints(r identity.Reader) ([]InstanceEndpoint, error)
}

// DescribeInstanceEndpointsInput asks for all of them.
type DescribeInstanceEndpointsInput struct{}

// DescribeInstanceEndpointsOutput lists them by region and id.
type DescribeInstanceEndpointsOutput struct{ Instances []InstanceEndpoint }

// An InstanceEndpoint says where an instance's metadata service is: what AWS_EC2_METADATA_SERVICE_ENDPOINT has to be for an SDK that
// is to run as the instance.
type InstanceEndpoint struct {
	Region     string
	InstanceId string
	Role       string // of its instance profile; empty: it has none
	Endpoint   string // empty: it does not run
}

func (s server) describeEndpoints(_ *service.Call, _ *DescribeInstanceEndpointsInput, r identity.Reader) (service.Answer, error) {
	list, err := s.endpoints.Endpoints(r)
	if list == nil {
		list = []InstanceEndpoint{}
	}
	return service.Body(&DescribeInstanceEndpointsOutput{list}), err
}
