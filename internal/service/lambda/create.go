package lambda

import (
	"context"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type createFunctionInput struct {
	configurationInput
	FunctionName         *string
	Code                 *codeInput
	Architectures        []string
	CodeSigningConfigArn *string
	PackageType          *string
	Publish              *bool
	Tags                 map[string]string
}

// Defaults of a function (API reference, CreateFunction).
const (
	defaultMemory    = 128
	defaultTimeout   = 3
	defaultEphemeral = 512
)

// A drawn revision is what a call that makes one has drawn and prepared.
type drawn struct {
	id        string // of a function
	revisions []ids  // as many as the call makes at most
	code      pack
	layers    []layerOf
}

type ids struct{ key, revision string }

func draw(n int) drawn {
	d := drawn{id: newID()}
	for range n {
		d.revisions = append(d.revisions, ids{newID(), newID()})
	}
	return d
}

func (l *lambda) createFunction() service.Writing[createFunctionInput, drawn] {
	return service.Writing[createFunctionInput, drawn]{
		Check: (*createFunctionInput).check,
		Draw:  func(*service.Call, *createFunctionInput) (drawn, error) { return draw(2), nil },
		Prepare: func(ctx context.Context, c *service.Call, in *createFunctionInput, d drawn) (drawn, error) {
			return l.prepareFunction(ctx, c, in, d)
		},
		Act: func(c *service.Call, in *createFunctionInput, d drawn, tx identity.Tx) (service.Answer, error) {
			p, err := ownFunction(c, *in.FunctionName)
			if err != nil {
				return service.Answer{}, err
			}
			if _, exists, err := readFunction(tx.Reader, p); err != nil || exists {
				return service.Answer{}, orElse(err, conflict("Function already exist: "+p.name))
			}
			f := in.function(p, d, c)
			if in.Environment != nil {
				if err := f.Latest.seal(tx, orEmpty(in.Environment.Variables)); err != nil {
					return service.Answer{}, err
				}
			}
			answered, at := f.Latest, p
			if isTrue(in.Publish) {
				if answered, err = f.publish(tx, p, d.revisions[1], f.Latest.Description); err != nil {
					return service.Answer{}, err
				}
				at = p.at(answered.Version)
			}
			if err := writeFunction(tx, p, &f); err != nil {
				return service.Answer{}, err
			}
			out, err := answered.describe(tx.Reader, at)
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Status: 201, Body: out.beingCreated()}, nil
		},
	}
}

// prepareFunction asks for the role, fetches the code and unpacks it.
func (l *lambda) prepareFunction(ctx context.Context, c *service.Call, in *createFunctionInput, d drawn) (drawn, error) {
	p, err := ownFunction(c, *in.FunctionName)
	if err != nil {
		return d, err
	}
	if text(in.CodeSigningConfigArn) != "" {
		return d, unserved("CodeSigningConfigArn", "there is no AWS Signer")
	}
	if err := in.unserved(); err != nil {
		return d, err
	}
	if err := l.runs(*in.Runtime); err != nil {
		return d, err
	}
	if err := l.trusted(ctx, c, *in.Role, p.name); err != nil {
		return d, err
	}
	if d.layers, err = l.layersOf(ctx, c, in.Layers); err != nil {
		return d, err
	}
	archive, err := l.fetch(ctx, c, in.Code)
	if err != nil {
		return d, err
	}
	d.code, err = l.plane().packages.keep(c, archive)
	return d, err
}

func (in *createFunctionInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	c.Required("role", in.Role)
	c.Present("code", in.Code != nil)
	c.Enum("packageType", in.PackageType, "Image", "Zip")
	c.architectures(in.Architectures)
	if err := in.configurationInput.check(&c); err != nil {
		return err
	}
	if text(in.PackageType) == "Image" {
		return unserved("PackageType Image", "functions run from zip archives only")
	}
	if err := checkRuntime(in.Runtime); err != nil {
		return err
	}
	switch {
	case in.Runtime == nil:
		return invalid("Runtime is mandatory for functions created with deployment packages.")
	case in.Handler == nil:
		return invalid("Handler is mandatory for functions created with deployment packages.")
	}
	if err := in.Code.check(); err != nil {
		return err
	}
	return checkTags(in.Tags)
}

// function is the record of what is asked for, which was checked.
func (in *createFunctionInput) function(p place, d drawn, c *service.Call) function {
	f := function{Name: p.name, ID: d.id, NextVersion: 1, Tags: tagsOf(in.Tags)}
	f.Latest = revision{
		Key: d.revisions[0].key, RevisionID: d.revisions[0].revision, Version: latest, Modified: c.Now(), Timeout: defaultTimeout,
		Memory: defaultMemory, Ephemeral: defaultEphemeral, Architecture: "x86_64", Tracing: "PassThrough",
		LogGroup: "/aws/lambda/" + p.name, Layers: d.layers, Code: d.code,
	}
	if len(in.Architectures) == 1 {
		f.Latest.Architecture = in.Architectures[0]
	}
	in.apply(&f.Latest)
	return f
}

func orElse(err error, other error) error {
	if err != nil {
		return err
	}
	return other
}

func orEmpty(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}
