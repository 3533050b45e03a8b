package cloudtrail

import (
	"encoding/json"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A Trail is where the records are that were written down.
type Trail interface {
	// Records returns the newest records of the account that r reads, oldest first, as JSON in CloudTrail's shape.
	Records(r identity.Reader) ([]json.RawMessage, error)
}

// Service returns CloudTrail, which reads from trail.
func Service(trail Trail) service.Service {
	lookup := func(c *service.Call, in *lookupEventsInput, r identity.Reader) (service.Answer, error) {
		return lookupEvents(trail, c, in, r)
	}
	return service.Service{Name: "cloudtrail", Handlers: []service.Handler{
		service.Reading[lookupEventsInput]{Check: checkLookup, Act: lookup}.Named("LookupEvents"),
	}}
}
