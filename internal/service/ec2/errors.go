package ec2

import (
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// The codes and sentences are those of "Error codes for the Amazon EC2 API", and of answers seen in public.

func missing(parameter string) error {
	return service.BadRequest("MissingParameter", "The request must contain the parameter "+parameter)
}

// invalid says which value of which parameter is wrong, and how.
func invalid(value, parameter, why string) error {
	return service.BadRequest("InvalidParameterValue", "Value ("+value+") for parameter "+parameter+" is invalid. "+why)
}

func invalidValue(message string) error { return service.BadRequest("InvalidParameterValue", message) }

func together(message string) error {
	return service.BadRequest("InvalidParameterCombination", message)
}

// unsupported refuses a value that AWS accepts and that is not served here.
func unsupported(message string) error { return service.BadRequest("UnsupportedOperation", message) }

// checkDry ends a dry run that got so far (User Guide, "Required permissions": "DryRunOperation" if it would have succeeded).
func checkDry(dry *bool) error {
	if dry != nil && *dry {
		return &service.Error{Status: http.StatusPreconditionFailed, Code: "DryRunOperation",
			Message: "Request would have succeeded, but DryRun flag is set."}
	}
	return nil
}

func noSuchInstances(ids []string) error {
	if len(ids) == 1 {
		return service.BadRequest("InvalidInstanceID.NotFound", "The instance ID '"+ids[0]+"' does not exist")
	}
	return service.BadRequest("InvalidInstanceID.NotFound", "The instance IDs '"+strings.Join(ids, ", ")+"' do not exist")
}

func noSuchImages(ids []string) error {
	if len(ids) == 1 {
		return service.BadRequest("InvalidAMIID.NotFound", "The image id '["+ids[0]+"]' does not exist")
	}
	return service.BadRequest("InvalidAMIID.NotFound", "The image ids '["+strings.Join(ids, ", ")+"]' do not exist")
}

// checkMax checks MaxResults. AWS does not page through a list of ids that the request itself names.
func checkMax(most *int32, named int, parameter string, low, high int32) error {
	switch {
	case most == nil:
		return nil
	case named > 0:
		return together("The parameter " + parameter + " cannot be used with the parameter maxResults")
	case *most < low || *most > high:
		return invalidValue("Value ( " + strconv.Itoa(int(*most)) + " ) for parameter maxResults is invalid. Expecting a value between " +
			strconv.Itoa(int(low)) + " and " + strconv.Itoa(int(high)) + ".")
	}
	return nil
}

// isAbsent reports whether the error says that an entity of IAM does not exist.
func isAbsent(err error) bool {
	var none *identity.NotFoundError
	return errors.As(err, &none)
}
