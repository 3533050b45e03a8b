package ssm

import (
	"strconv"

	"github.com/ambit-iam/ambit/internal/service"
)

func invalid(message string) *service.Error {
	return service.BadRequest("ValidationException", message)
}

// notFound has no message, as AWS's has none.
func notFound() *service.Error { return service.BadRequest("ParameterNotFound", "") }

func versionNotFound(version int64, name string) *service.Error {
	return service.BadRequest("ParameterVersionNotFound", "Systems Manager could not find version "+strconv.FormatInt(version, 10)+" of "+name+
		". Verify the version and try again.")
}

func labelNotFound(label, name string) *service.Error {
	return service.BadRequest("ParameterVersionNotFound", "Systems Manager could not find label "+label+" for parameter "+name+
		". Verify the label and try again.")
}

func alreadyExists() *service.Error {
	return service.BadRequest("ParameterAlreadyExists",
		"The parameter already exists. To overwrite this value, set the overwrite option in the request to true.")
}

func badToken() *service.Error {
	return service.BadRequest("InvalidNextToken", "The specified token is not valid.")
}
