package ec2

import (
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns EC2.
func Service() service.Service {
	return service.Service{
		Name:     "ec2",
		Handlers: []service.Handler{describeInstances.Named("DescribeInstances")},
	}
}

// A describeInstancesInput is the input of DescribeInstances.
type describeInstancesInput struct {
	InstanceIds []string `wire:"InstanceId"`
	Filters     []filter `wire:"Filter"`
	DryRun      *bool
	MaxResults  *int32
	NextToken   *string
}

type filter struct {
	Name   *string
	Values []string `wire:"Value"`
}

// A describeInstancesOutput is the output of DescribeInstances.
type describeInstancesOutput struct {
	Reservations []reservation `wire:"reservationSet,item=item"`
	NextToken    *string       `wire:"nextToken"`
}

// A reservation is one launch of instances.
type reservation struct {
	ReservationID *string `wire:"reservationId"`
}

var describeInstances = service.Reading[describeInstancesInput]{
	Check: checkDescribeInstances,
	Act: func(_ *service.Call, in *describeInstancesInput, _ identity.Reader) (service.Answer, error) {
		if in.DryRun != nil && *in.DryRun {
			return service.Answer{}, &service.Error{Status: http.StatusPreconditionFailed, Code: "DryRunOperation",
				Message: "Request would have succeeded, but DryRun flag is set."}
		}
		if len(in.InstanceIds) > 0 {
			return service.Answer{}, noSuchInstances(in.InstanceIds)
		}
		return service.Body(&describeInstancesOutput{Reservations: []reservation{}}), nil
	},
}

var instanceID = regexp.MustCompile(`^i-([0-9a-f]{8}|[0-9a-f]{17})$`)

// checkDescribeInstances applies the rules of the API reference, DescribeInstances, in the words of "Error codes for the Amazon
// EC2 API".
func checkDescribeInstances(in *describeInstancesInput) error {
	for _, id := range in.InstanceIds {
		if !instanceID.MatchString(id) {
			return service.BadRequest("InvalidInstanceID.Malformed", `Invalid id: "`+id+`"`)
		}
	}
	for _, f := range in.Filters {
		if f.Name == nil {
			return service.BadRequest("MissingParameter", "The request must contain the parameter Filter.Name")
		}
		if !knownFilter(*f.Name) {
			return service.BadRequest("InvalidParameterValue", "The filter '"+*f.Name+"' is invalid")
		}
		if len(f.Values) == 0 {
			return service.BadRequest("InvalidParameterValue", "The filter '"+*f.Name+"' has no values")
		}
	}
	switch n := in.MaxResults; {
	case n != nil && len(in.InstanceIds) > 0:
		return service.BadRequest("InvalidParameterCombination",
			"The parameter instancesSet cannot be used with the parameter maxResults")
	case n != nil && (*n < 5 || *n > 1000):
		return service.BadRequest("InvalidParameterValue", "Value ( "+strconv.Itoa(int(*n))+
			" ) for parameter maxResults is invalid. Expecting a value between 5 and 1000.")
	case in.NextToken != nil: // no answer ever had one
		return service.BadRequest("InvalidNextToken", "The specified NextToken is corrupted or not valid.")
	}
	return nil
}

func noSuchInstances(ids []string) error {
	if len(ids) == 1 {
		return service.BadRequest("InvalidInstanceID.NotFound", "The instance ID '"+ids[0]+"' does not exist")
	}
	return service.BadRequest("InvalidInstanceID.NotFound", "The instance IDs '"+strings.Join(ids, ", ")+"' do not exist")
}

func knownFilter(name string) bool {
	return strings.HasPrefix(name, "tag:") && len(name) > len("tag:") || slices.Contains(filters, name)
}
