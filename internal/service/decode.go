package service

import (
	"errors"
	"fmt"
	"net/http"
	"reflect"
	"slices"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/wire"
)

// A Raw is a request whose signature holds and whose body was read, before anybody has looked into it.
type Raw struct {
	Request *http.Request
	Head    wire.Head
	Body    []byte

	// Streamed says that the body was not read: the handler reads it.
	Streamed bool

	// Form is what stands before the content of an operation that TakesForm, and At when the request came: what a form may say depends
	// on that.
	Form *wire.PostForm
	At   time.Time
}

// Body limits. Simulations carry many policy documents. The lists of S3 name ten thousand parts with a checksum each, or a thousand keys of
// 1,024 bytes, any of which XML may spell in six. The limit on JSON is that of DynamoDB's batches, and the one on code is Lambda's own
// ("Request must be smaller than 70167211 bytes for the CreateFunction operation": 50 MB in base64).
const (
	usualLimit      = 1 << 20
	simulationLimit = 4 << 20
	listLimit       = 8 << 20
	jsonLimit       = 16 << 20
	codeLimit       = 70_167_211
)

// carriesCode are the operations of Lambda whose body may have a deployment package in it.
var carriesCode = []string{"CreateFunction", "UpdateFunctionCode", "PublishLayerVersion"}

// lists are the operations of S3 whose body is a long list.
var lists = []string{"CompleteMultipartUpload", "DeleteObjects"}

// BodyLimit is how many bytes of body the operation accepts.
func (o *Operation) BodyLimit() int64 {
	switch {
	case o.Row.Service == "lambda" && slices.Contains(carriesCode, o.Row.Name):
		return codeLimit
	case o.Row.Service == "s3" && slices.Contains(lists, o.Row.Name):
		return listLimit
	case o.Family.json():
		return jsonLimit
	case strings.HasPrefix(o.Row.Name, "Simulate"):
		return simulationLimit
	}
	return usualLimit
}

// DefaultBodyLimit is the limit for calls that no row describes.
const DefaultBodyLimit = usualLimit

// Decode reads the input of the operation and checks its shape. Errors are *wire.Fault or *Error.
//
// A parameter that no member is for is refused: a misspelled PermissionsBoundary must not become a role without one.
func (o *Operation) Decode(raw Raw) (Input, error) {
	var in Input
	if o.handler != nil {
		in.Value = o.handler.input()
	}
	var err error
	switch o.Family.Dialect.Protocol {
	case wire.AWSQuery, wire.EC2Query:
		err = o.decodeForm(raw, &in)
	case wire.AWSJSON10, wire.AWSJSON11:
		err = o.decodeJSON(raw, &in)
	default:
		err = o.decodeREST(raw, &in)
	}
	if err == nil && in.Value != nil && o.handler.check != nil {
		err = o.handler.check(in.Value)
	}
	if err != nil {
		return Input{}, err
	}
	return in, nil
}

// decodeREST reads a REST input. Where the service does not say how, only the members of the path and of a JSON body are known,
// and questions about others are refused.
func (o *Operation) decodeREST(raw Raw, in *Input) (err error) {
	switch {
	case o.service.Decode != nil:
		in.Members, err = o.service.Decode(o.codec, raw, in.Value)
	case o.Family.Dialect.Protocol == wire.RestJSON:
		in.Members, err = wire.ParseRESTJSON(o.Row.Service, raw.Request, raw.Body)
	default:
		in.Members = o.codec.Members(nil)
	}
	return err
}

// decodeJSON reads a JSON input.
func (o *Operation) decodeJSON(raw Raw, in *Input) (err error) {
	if in.Value == nil {
		in.Members, err = wire.ParseJSON(raw.Body)
		return err
	}
	unknown, err := o.codec.DecodeJSON(raw.Body, in.Value)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		return BadRequest("ValidationException", "The parameter "+clip(unknown[0])+" is not known for "+o.Row.Name)
	}
	in.Members = o.codec.Members(in.Value)
	return nil
}

func (o *Operation) decodeForm(raw Raw, in *Input) error {
	form, err := wire.FormOf(raw.Request, raw.Body)
	if err != nil {
		return err
	}
	d := o.Family.Dialect
	version := form.Version()
	if version == "" {
		version = "NO_VERSION_SPECIFIED"
	}
	// What was authorised must be what the form says, wherever its parameters stand.
	if form.Action() != o.Row.Name || version != d.Version {
		return o.Family.UnknownOperation(form.Action(), version)
	}
	if in.Value == nil {
		in.Members = form.Members(d.Protocol)
		return nil
	}
	unknown, err := o.codec.DecodeQuery(form, d.Protocol, in.Value)
	if err != nil {
		return err
	}
	if len(unknown) > 0 {
		if d.Protocol == wire.EC2Query {
			return BadRequest("UnknownParameter", "The parameter "+clip(unknown[0])+" is not recognized")
		}
		return BadRequest("ValidationError", "The parameter "+clip(unknown[0])+" is not known for "+o.Row.Name)
	}
	in.Members = o.codec.Members(in.Value)
	return nil
}

// InputOf makes the Input of a call from inside, whose struct is already filled: that of the handler, or another one whose fields have
// names and types of fields of it. A field that it does not have must not be set.
func (o *Operation) InputOf(value any) (Input, error) {
	if o.handler != nil {
		own := o.handler.input()
		if reflect.TypeOf(own) != reflect.TypeOf(value) {
			if err := carryOver(reflect.ValueOf(own).Elem(), reflect.Indirect(reflect.ValueOf(value))); err != nil {
				return Input{}, fmt.Errorf("input of %s: %w", o.Row.FullName(), err)
			}
			value = own
		}
	}
	if o.handler != nil && o.handler.check != nil {
		if err := o.handler.check(value); err != nil {
			return Input{}, err
		}
	}
	return Input{Value: value, Members: o.codec.Members(value)}, nil
}

// carryOver sets the fields of a struct to those of the same name in another one.
func carryOver(to, from reflect.Value) error {
	if !from.IsValid() || from.Kind() != reflect.Struct {
		return errors.New("no struct")
	}
	for i := range from.NumField() {
		name, value := from.Type().Field(i).Name, from.Field(i)
		if value.IsZero() {
			continue
		}
		field := to.FieldByName(name)
		if !field.IsValid() || !field.CanSet() || !value.CanInterface() || field.Type() != value.Type() {
			return fmt.Errorf("no %s that is a %s", name, value.Type())
		}
		field.Set(value)
	}
	return nil
}
