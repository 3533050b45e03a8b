package ec2

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeCreditsInput struct {
	InstanceIds []string `wire:"InstanceId"`
	Filters     []filter `wire:"Filter"`
	DryRun      *bool
	MaxResults  *int32
	NextToken   *string
}

type describeCreditsOutput struct {
	Credits   []creditSpecification `wire:"instanceCreditSpecificationSet"`
	NextToken *string               `wire:"nextToken"`
}

// A creditSpecification is how an instance uses its CPU credits, here always in the way of its type.
type creditSpecification struct {
	InstanceID string `wire:"instanceId"`
	CPUCredits string `wire:"cpuCredits"`
}

var creditList = list[creditSpecification]{
	key:        func(s creditSpecification) string { return s.InstanceID },
	attributes: func(s creditSpecification) attributes { return attributes{"instance-id": {s.InstanceID}} },
}

// describeCredits returns those of the instances that are named or filtered by their ids; of all others, those whose credits are unlimited
// (API Reference, DescribeInstanceCreditSpecifications: "If you do not specify an instance ID, Amazon EC2 returns burstable performance
// instances with the unlimited credit option").
var describeCredits = service.Reading[describeCreditsInput]{
	Check: func(in *describeCreditsInput) error {
		if err := checkIDs("i", in.InstanceIds...); err != nil {
			return err
		}
		if err := checkFilters(in.Filters, creditList.anything()); err != nil {
			return err
		}
		return checkMax(in.MaxResults, len(in.InstanceIds), "instancesSet", 5, 1000)
	},
	Act: func(c *service.Call, in *describeCreditsInput, r identity.Reader) (service.Answer, error) {
		all, err := listInstances(c, r, in.InstanceIds)
		if err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		named := len(in.InstanceIds) > 0 || len(in.Filters) > 0
		var shown []creditSpecification
		for _, l := range all {
			switch credits := cpuCredits(l.stored.Type); {
			case credits == unlimited, credits != "" && named:
				shown = append(shown, creditSpecification{l.stored.ID, credits})
			}
		}
		some, next, err := creditList.page(c, shown, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeCreditsOutput{some, next}), err
	},
}
