package dynamodb

import (
	"errors"

	"github.com/ambit-iam/ambit/internal/item"
	"github.com/ambit-iam/ambit/internal/service"
)

func invalid(message string) *service.Error {
	return service.BadRequest("ValidationException", message)
}

// told makes an error for clients of one of package item; others stay as they are.
func told(err error) error {
	var sentence item.Invalid
	if errors.As(err, &sentence) {
		return invalid(string(sentence))
	}
	return err
}

func notFound() *service.Error {
	return service.BadRequest("ResourceNotFoundException", "Requested resource not found")
}

func tableNotFound(name string) *service.Error {
	return service.BadRequest("ResourceNotFoundException", "Requested resource not found: Table: "+name+" not found")
}

func conditionFailed(old item.Item) *service.Error {
	e := service.BadRequest("ConditionalCheckFailedException", "The conditional request failed")
	if old != nil {
		e.Members = appendItem([]byte(`"Item":`), old)
	}
	return e
}
