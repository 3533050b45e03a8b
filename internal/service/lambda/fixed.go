package lambda

import (
	"maps"
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type codeSigningOutput struct{ FunctionName string }

type runtimeManagementOutput struct{ FunctionArn, UpdateRuntimeOn string }

// fixedSettings are the handlers of calls that read what is the same for every function here: clients ask for it when they look
// whether a function is as they want it.
func fixedSettings() []service.Handler {
	codeSigning := service.Reading[functionInput]{
		Check: (*functionInput).check,
		Act: func(c *service.Call, in *functionInput, r identity.Reader) (service.Answer, error) {
			p, err := named(c, *in.FunctionName, nil)
			if err != nil {
				return service.Answer{}, err
			}
			_, _, err = resolve(r, p)
			return service.Body(&codeSigningOutput{p.name}), err
		},
	}
	runtimeManagement := service.Reading[qualifiedInput]{
		Check: (*qualifiedInput).check,
		Act: func(c *service.Call, in *qualifiedInput, r identity.Reader) (service.Answer, error) {
			p, err := named(c, *in.FunctionName, in.Qualifier)
			if err != nil {
				return service.Answer{}, err
			}
			_, _, err = resolve(r, p)
			return service.Body(&runtimeManagementOutput{p.arn(), "Auto"}), err
		},
	}
	return []service.Handler{
		codeSigning.Named("GetFunctionCodeSigningConfig"), runtimeManagement.Named("GetRuntimeManagementConfig"),
	}
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
