package lambda

import (
	"cmp"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// What nothing here can make is not there: event source mappings, function URLs, provisioned concurrency, code signing and layer policies.
// Clients that look at a whole function ask for all of them.

type noMappings struct{ EventSourceMappings []struct{} }

type noURLs struct{ FunctionUrlConfigs []struct{} }

type noProvisioned struct{ ProvisionedConcurrencyConfigs []struct{} }

type noSigning struct{ CodeSigningConfigs []struct{} }

type listMappingsInput struct {
	EventSourceArn *string `from:"query EventSourceArn"`
	FunctionName   *string `from:"query FunctionName"`
	Marker         *string `from:"query Marker"`
	MaxItems       *int32  `from:"query MaxItems"`
}

type mappingInput struct {
	UUID *string `from:"path"`
}

type listSigningInput struct {
	Marker   *string `from:"query Marker"`
	MaxItems *int32  `from:"query MaxItems"`
}

type listProvisionedInput struct {
	listEventConfigsInput
	List *string `from:"query List"`
}

// mostInLists is the largest MaxItems of lists that are not a function's.
const mostInLists = 10_000

// absentSettings are the handlers of calls that look for what is not there.
func absentSettings() []service.Handler {
	mappings := service.Reading[listMappingsInput]{
		Check: func(in *listMappingsInput) error {
			var c constraints
			c.Pattern("functionName", in.FunctionName, namePattern, shownName)
			c.page(in.MaxItems, mostInLists)
			return c.err()
		},
		Act: func(c *service.Call, in *listMappingsInput, _ identity.Reader) (service.Answer, error) {
			_, err := pageOf(c, in.Marker, in.MaxItems)
			return service.Body(&noMappings{[]struct{}{}}), err
		},
	}
	mapping := service.Reading[mappingInput]{
		Act: func(*service.Call, *mappingInput, identity.Reader) (service.Answer, error) {
			return service.Answer{}, noResource()
		},
	}
	signing := service.Reading[listSigningInput]{
		Check: func(in *listSigningInput) error {
			var c constraints
			c.page(in.MaxItems, mostInLists)
			return c.err()
		},
		Act: func(c *service.Call, in *listSigningInput, _ identity.Reader) (service.Answer, error) {
			_, err := pageOf(c, in.Marker, in.MaxItems)
			return service.Body(&noSigning{[]struct{}{}}), err
		},
	}
	urls := service.Reading[listEventConfigsInput]{
		Check: (*listEventConfigsInput).check,
		Act: func(c *service.Call, in *listEventConfigsInput, r identity.Reader) (service.Answer, error) {
			return service.Body(&noURLs{[]struct{}{}}), in.there(c, r)
		},
	}
	provisioned := service.Reading[listProvisionedInput]{
		Check: func(in *listProvisionedInput) error { return in.listEventConfigsInput.check() },
		Act: func(c *service.Call, in *listProvisionedInput, r identity.Reader) (service.Answer, error) {
			return service.Body(&noProvisioned{[]struct{}{}}), in.there(c, r)
		},
	}
	url := service.Reading[qualifiedInput]{
		Check: (*qualifiedInput).check,
		Act: func(c *service.Call, in *qualifiedInput, _ identity.Reader) (service.Answer, error) {
			_, err := named(c, *in.FunctionName, in.Qualifier)
			return service.Answer{}, cmp.Or(err, error(noResource()))
		},
	}
	return []service.Handler{
		mappings.Named("ListEventSourceMappings"), mapping.Named("GetEventSourceMapping"), signing.Named("ListCodeSigningConfigs"),
		urls.Named("ListFunctionUrlConfigs"), url.Named("GetFunctionUrlConfig"), provisioned.Named("ListProvisionedConcurrencyConfigs"),
	}
}

// there reports an error unless the function that a list call names is there.
func (in *listEventConfigsInput) there(c *service.Call, r identity.Reader) error {
	p, err := named(c, *in.FunctionName, nil)
	if err == nil {
		_, _, err = resolve(r, p)
	}
	if err == nil {
		_, err = pageOf(c, in.Marker, in.MaxItems)
	}
	return err
}
