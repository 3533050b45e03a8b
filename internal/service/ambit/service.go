package ambit

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

// Service returns Ambit's own service, which reads from trail.
func Service(trail Trail) service.Service {
	s := server{trail}
	return service.Service{Name: "ambit", Handlers: []service.Handler{
		service.Reading[LookupEventsInput]{Check: checkLookup, Act: s.lookup}.Named("LookupEvents"),
		service.Reading[ExplainDecisionInput]{Check: checkExplain, Act: s.explain}.Named("ExplainDecision"),
	}}
}

// A server answers from a trail.
type server struct{ trail Trail }
