package s3

import (
	"github.com/ambit-iam/ambit/internal/service"
)

// classicRegion is the region that has no location constraint.
const classicRegion = "us-east-1"

var regionName = service.NewPattern(`^[a-z]{2}(-[a-z]+)+-[0-9]+$`)

// locationOf returns the region of a new bucket (API reference, CreateBucket, LocationConstraint): through the endpoint of
// us-east-1 a bucket can be made in any region, through that of another only in that one, and it must be named.
func locationOf(endpoint, constraint string) (string, error) {
	switch {
	case constraint == "EU":
		constraint = "eu-west-1"
	case constraint == classicRegion, constraint != "" && !regionName.MatchString(constraint):
		return "", service.BadRequest("InvalidLocationConstraint", "The specified location-constraint is not valid")
	}
	switch {
	case endpoint == classicRegion && constraint == "":
		return classicRegion, nil
	case endpoint == classicRegion, endpoint == constraint:
		return constraint, nil
	case constraint == "":
		return "", service.BadRequest("IllegalLocationConstraintException", "The unspecified location constraint is incompatible "+
			"for the region specific endpoint this request was sent to.")
	}
	return "", service.BadRequest("IllegalLocationConstraintException", "The "+constraint+" location constraint is incompatible "+
		"for the region specific endpoint this request was sent to.")
}
