package logs

import "github.com/ambit-iam/ambit/internal/service"

func invalid(message string) *service.Error {
	return service.BadRequest("InvalidParameterException", message)
}

func noGroup() *service.Error {
	return service.BadRequest("ResourceNotFoundException", "The specified log group does not exist.")
}

func noStream() *service.Error {
	return service.BadRequest("ResourceNotFoundException", "The specified log stream does not exist.")
}

func noResource() *service.Error {
	return service.BadRequest("ResourceNotFoundException", "The specified resource does not exist.")
}

func exists(what string) *service.Error {
	return service.BadRequest("ResourceAlreadyExistsException", "The specified "+what+" already exists")
}

func badToken() *service.Error { return invalid("The specified nextToken is invalid.") }
