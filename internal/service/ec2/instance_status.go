package ec2

import (
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeInstanceStatusInput struct {
	InstanceIds         []string `wire:"InstanceId"`
	IncludeAllInstances *bool
	Filters             []filter `wire:"Filter"`
	MaxResults          *int32
	NextToken           *string
	DryRun              *bool
}

type describeInstanceStatusOutput struct {
	InstanceStatuses []instanceStatus `wire:"instanceStatusSet"`
	NextToken        *string          `wire:"nextToken"`
}

type instanceStatus struct {
	AvailabilityZone   string        `wire:"availabilityZone"`
	AvailabilityZoneID string        `wire:"availabilityZoneId"`
	InstanceID         string        `wire:"instanceId"`
	InstanceState      stateInfo     `wire:"instanceState"`
	InstanceStatus     statusSummary `wire:"instanceStatus"`
	SystemStatus       statusSummary `wire:"systemStatus"`
}

type statusSummary struct {
	Details []statusDetail `wire:"details"`
	Status  string         `wire:"status"`
}

type statusDetail struct {
	Name   string `wire:"name"`
	Status string `wire:"status"`
}

// summary: every check of what runs passes, and nothing else is checked.
func summary(s stateName) statusSummary {
	if s != running {
		return statusSummary{Status: "not-applicable"}
	}
	return statusSummary{Status: "ok", Details: []statusDetail{{"reachability", "passed"}}}
}

var statusList = list[instanceStatus]{
	key: func(s instanceStatus) string { return s.InstanceID },
	attributes: func(s instanceStatus) attributes {
		a := attributes{
			"availability-zone": {s.AvailabilityZone}, "availability-zone-id": {s.AvailabilityZoneID},
			"instance-state-code": {strconv.Itoa(int(s.InstanceState.Code))}, "instance-state-name": {string(s.InstanceState.Name)},
			"instance-status.status": {s.InstanceStatus.Status}, "system-status.status": {s.SystemStatus.Status},
			"instance-status.reachability": nil, "system-status.reachability": nil, "event.code": nil, "event.description": nil,
			"event.instance-event-id": nil, "event.not-after": nil, "event.not-before": nil, "event.not-before-deadline": nil,
		}
		for _, d := range s.InstanceStatus.Details {
			a["instance-status.reachability"], a["system-status.reachability"] = []string{d.Status}, []string{d.Status}
		}
		return a
	},
}

var describeInstanceStatus = service.Reading[describeInstanceStatusInput]{
	Check: func(in *describeInstanceStatusInput) error {
		if err := checkIDs("i", in.InstanceIds...); err != nil {
			return err
		}
		if err := checkFilters(in.Filters, statusList.anything()); err != nil {
			return err
		}
		return checkMax(in.MaxResults, len(in.InstanceIds), "instancesSet", 5, 1000)
	},
	Act: func(c *service.Call, in *describeInstanceStatusInput, r identity.Reader) (service.Answer, error) {
		all, err := listInstances(c, r, in.InstanceIds)
		if err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		var shown []instanceStatus
		for _, l := range all {
			if state := l.shown.State; state.Name == running || isTrue(in.IncludeAllInstances) {
				shown = append(shown, instanceStatus{l.stored.Zone, l.stored.ZoneID, l.stored.ID, state, summary(state.Name), summary(state.Name)})
			}
		}
		some, next, err := statusList.page(c, shown, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeInstanceStatusOutput{some, next}), err
	},
}
