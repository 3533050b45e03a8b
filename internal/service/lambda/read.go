package lambda

import (
	"cmp"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A qualifiedInput names a function, a version or an alias.
type qualifiedInput struct {
	FunctionName *string `from:"path"`
	Qualifier    *string `from:"query Qualifier"`
}

func (in *qualifiedInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.qualifier(in.Qualifier)
	return c.err()
}

// A functionInput names a function.
type functionInput struct {
	FunctionName *string `from:"path"`
}

func (in *functionInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	return c.err()
}

type getFunctionOutput struct {
	Code          codeLocation
	Configuration *configuration
	Concurrency   *concurrency
	Tags          map[string]string
}

type codeLocation struct{ RepositoryType, Location string }

type concurrency struct{ ReservedConcurrentExecutions *int32 }

func (l *lambda) getFunction() service.Reading[qualifiedInput] {
	return service.Reading[qualifiedInput]{
		Check: (*qualifiedInput).check,
		Act: func(c *service.Call, in *qualifiedInput, r identity.Reader) (service.Answer, error) {
			p, err := named(c, *in.FunctionName, in.Qualifier)
			if err != nil {
				return service.Answer{}, err
			}
			f, v, err := resolve(r, p)
			if err != nil {
				return service.Answer{}, err
			}
			d, err := v.describe(r, p)
			if err != nil {
				return service.Answer{}, err
			}
			out := &getFunctionOutput{
				Code: codeLocation{"S3", l.plane().locationOf(c, p, v.Code)}, Configuration: d.inState(l.stateOf(v.Runtime)),
			}
			if f.Reserved != nil {
				out.Concurrency = &concurrency{f.Reserved}
			}
			if len(f.Tags) > 0 {
				out.Tags = shownTags(f.Tags)
			}
			return service.Body(out), nil
		},
	}
}

func (l *lambda) getFunctionConfiguration() service.Reading[qualifiedInput] {
	return service.Reading[qualifiedInput]{
		Check: (*qualifiedInput).check,
		Act: func(c *service.Call, in *qualifiedInput, r identity.Reader) (service.Answer, error) {
			p, err := named(c, *in.FunctionName, in.Qualifier)
			if err != nil {
				return service.Answer{}, err
			}
			_, v, err := resolve(r, p)
			if err != nil {
				return service.Answer{}, err
			}
			d, err := v.describe(r, p)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Body(d.inState(l.stateOf(v.Runtime))), nil
		},
	}
}

type listFunctionsInput struct {
	FunctionVersion *string `from:"query FunctionVersion"`
	Marker          *string `from:"query Marker"`
	MasterRegion    *string `from:"query MasterRegion"`
	MaxItems        *int32  `from:"query MaxItems"`
}

type listFunctionsOutput struct {
	Functions  []*configuration
	NextMarker *string
}

func (l *lambda) listFunctions() service.Reading[listFunctionsInput] {
	return service.Reading[listFunctionsInput]{
		Check: func(in *listFunctionsInput) error {
			var c constraints
			c.Enum("functionVersion", in.FunctionVersion, "ALL")
			c.page(in.MaxItems, 10000)
			if err := c.err(); err != nil {
				return err
			}
			if in.MasterRegion != nil {
				return unserved("MasterRegion", "no function is replicated to edge locations")
			}
			return nil
		},
		Act: func(c *service.Call, in *listFunctionsInput, r identity.Reader) (service.Answer, error) {
			page, err := pageOf(c, in.Marker, in.MaxItems)
			if err != nil {
				return service.Answer{}, err
			}
			p := place{partition: c.Identities.Partition(), account: c.Account(), region: c.Environment.Region}
			functions, err := all[function](r, functionPrefix(p.region))
			if err != nil {
				return service.Answer{}, err
			}
			out := listFunctionsOutput{Functions: []*configuration{}}
			for i := range functions {
				f := &functions[i]
				p.name = f.Name
				if in.FunctionVersion != nil {
					if out.Functions, err = f.listed(r, p, page, out.Functions); err != nil {
						return service.Answer{}, err
					}
					continue
				}
				if !page.takes(f.Name) {
					continue
				}
				d, err := f.Latest.describe(r, p)
				if err != nil {
					return service.Answer{}, err
				}
				out.Functions = append(out.Functions, d)
			}
			out.NextMarker = page.marker()
			return service.Body(&out), nil
		},
	}
}

func compare(a, b string) int { return cmp.Compare(a, b) }

// sessionName is how the session of a function's role is called: as the function, in the letters that a session may have.
func sessionName(function string) string {
	if len(function) < 2 {
		function += "-" // a session's name has two letters at least
	}
	return strings.Clone(function[:min(len(function), 64)])
}
