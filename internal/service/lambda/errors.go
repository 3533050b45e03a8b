package lambda

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/service"
)

// The errors of Lambda, worded as recorded on AWS (localstack/localstack, tests/aws/services/lambda_/test_lambda_api.snapshot.json).

func invalid(message string) *service.Error {
	return service.BadRequest("InvalidParameterValueException", message)
}

// unserved refuses what AWS has and this server has not.
func unserved(member, why string) *service.Error {
	return invalid(member + " is not served here: " + why)
}

func validation(message string) *service.Error {
	return service.BadRequest("ValidationException", message)
}

func notFound(message string) *service.Error {
	return service.NotFound("ResourceNotFoundException", message)
}

func functionNotFound(p place) *service.Error { return notFound("Function not found: " + p.arn()) }

func aliasNotFound(p place) *service.Error { return notFound("Cannot find alias arn: " + p.arn()) }

// noResource is the answer about what belongs to a function and is not there.
func noResource() *service.Error { return notFound("The resource you requested does not exist.") }

func conflict(message string) *service.Error {
	return service.Conflict("ResourceConflictException", message)
}

// stale is the answer to a change of another revision than the one that there is.
func stale() *service.Error {
	return &service.Error{
		Status: http.StatusPreconditionFailed, Code: "PreconditionFailedException",
		Message: "The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id",
	}
}

func tooLarge(message string) *service.Error {
	return &service.Error{Status: http.StatusRequestEntityTooLarge, Code: "RequestEntityTooLargeException", Message: message}
}

// throttled is the answer to an invocation beyond a limit, which reason names.
func throttled(reason string) *service.Error {
	return &service.Error{
		Status: http.StatusTooManyRequests, Code: "TooManyRequestsException", Message: "Rate Exceeded.",
		Members: []byte(`"Reason":"` + reason + `"`),
	}
}

// elsewhere is the answer to a change of what belongs to another account.
func elsewhere() *service.Error {
	return service.Forbidden("AccessDeniedException", "Functions of another account cannot be changed.")
}

// onlyFunctions is the answer to calls on versions or aliases that only functions have.
func onlyFunctions() *service.Error {
	return invalid("This operation is permitted on Lambda functions only. Aliases and versions do not support this operation. " +
		"Please specify either a function name or an unqualified function ARN.")
}
