package service

import (
	"errors"
	"net/http"

	"github.com/ambit-iam/ambit/internal/wire"
)

// An Error is what a service answers when it cannot do what was asked: AWS's code and message for it. It is told to clients,
// so nothing internal may be in it.
type Error struct {
	Status  int
	Code    string
	Message string

	// Members are further members of an awsJson error, spelled as an object's: `"Item":{}`.
	Members []byte

	// BucketName, Key and Region are written by S3 where they are not empty.
	BucketName, Key, Region string

	// Elements are what else S3 says about an error, name and text, in this order.
	Elements [][2]string

	// Header are headers that the answer has besides those that every answer has.
	Header map[string]string
}

// Error returns the code and the message.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// With adds an element to what S3 says about the error.
func (e *Error) With(name, text string) *Error {
	e.Elements = append(e.Elements, [2]string{name, text})
	return e
}

// Fault is the error as wire spells it. A status from 500 up blames the receiver.
func (e *Error) Fault() *wire.Fault {
	return &wire.Fault{
		Status: e.Status, Code: e.Code, Message: e.Message, Receiver: e.Status >= http.StatusInternalServerError,
		BucketName: e.BucketName, Key: e.Key, Region: e.Region, Members: e.Members, Elements: e.Elements, Header: e.Header,
	}
}

// BadRequest is an Error with status 400.
func BadRequest(code, message string) *Error {
	return &Error{Status: http.StatusBadRequest, Code: code, Message: message}
}

// Forbidden is an Error with status 403.
func Forbidden(code, message string) *Error {
	return &Error{Status: http.StatusForbidden, Code: code, Message: message}
}

// NotFound is an Error with status 404.
func NotFound(code, message string) *Error {
	return &Error{Status: http.StatusNotFound, Code: code, Message: message}
}

// Conflict is an Error with status 409.
func Conflict(code, message string) *Error {
	return &Error{Status: http.StatusConflict, Code: code, Message: message}
}

// FaultOf returns what a client of the family is told about err: an *Error and a *wire.Fault as they are, and of anything else
// only that the server failed.
func (f Family) FaultOf(err error) *wire.Fault {
	var told *Error
	if errors.As(err, &told) {
		return told.Fault()
	}
	var fault *wire.Fault
	if errors.As(err, &fault) {
		return fault
	}
	return f.Failure()
}
