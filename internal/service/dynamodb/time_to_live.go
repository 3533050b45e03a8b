package dynamodb

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Items that have ended are deleted as the table is written to, some with each write; until then reads give them, as DynamoDB's do
// for up to some days (Developer Guide, "Using time to live").

type timeToLiveSpecification struct {
	Enabled       *bool
	AttributeName *string
}

type updateTimeToLiveInput struct {
	TableName               *string
	TimeToLiveSpecification *timeToLiveSpecification
}

type updateTimeToLiveOutput struct {
	TimeToLiveSpecification *timeToLiveSpecification
}

type timeToLiveDescription struct {
	TimeToLiveStatus string
	AttributeName    *string
}

type describeTimeToLiveOutput struct {
	TimeToLiveDescription *timeToLiveDescription
}

var updateTimeToLive = service.Writing[updateTimeToLiveInput, struct{}]{
	Check: func(in *updateTimeToLiveInput) error {
		if err := checkTableName(in.TableName); err != nil {
			return err
		}
		var c constraints
		if c.present("timeToLiveSpecification", in.TimeToLiveSpecification != nil); in.TimeToLiveSpecification != nil {
			c.present("timeToLiveSpecification.enabled", in.TimeToLiveSpecification.Enabled != nil)
			c.required("timeToLiveSpecification.attributeName", in.TimeToLiveSpecification.AttributeName)
			c.length("timeToLiveSpecification.attributeName", in.TimeToLiveSpecification.AttributeName, 1, 255)
		}
		return c.err()
	},
	Act: func(c *service.Call, in *updateTimeToLiveInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		t, p, exists, err := ownTable(c, tx, *in.TableName)
		asked := in.TimeToLiveSpecification
		switch {
		case err != nil:
			return service.Answer{}, err
		case !exists:
			return service.Answer{}, tableNotFound(p.name)
		case *asked.Enabled && t.Expires != "":
			return service.Answer{}, invalid("TimeToLive is already enabled")
		case !*asked.Enabled && t.Expires == "":
			return service.Answer{}, invalid("TimeToLive is already disabled")
		case !*asked.Enabled && t.Expires != *asked.AttributeName:
			return service.Answer{}, invalid("TimeToLive is active on a different AttributeName: current AttributeName is " + t.Expires)
		}
		if t.Expires = ""; *asked.Enabled {
			t.Expires = *asked.AttributeName
		}
		return service.Body(&updateTimeToLiveOutput{asked}), writeTable(tx, p.region, t)
	},
}

var describeTimeToLive = service.Reading[tableNameInput]{
	Check: func(in *tableNameInput) error { return checkTableName(in.TableName) },
	Act: func(c *service.Call, in *tableNameInput, r identity.Reader) (service.Answer, error) {
		t, p, exists, err := find(c, r, *in.TableName)
		switch {
		case err != nil:
			return service.Answer{}, err
		case !exists:
			return service.Answer{}, tableNotFound(p.name)
		}
		d := &timeToLiveDescription{TimeToLiveStatus: "DISABLED"}
		if t.Expires != "" {
			d = &timeToLiveDescription{"ENABLED", &t.Expires}
		}
		return service.Body(&describeTimeToLiveOutput{d}), nil
	},
}
