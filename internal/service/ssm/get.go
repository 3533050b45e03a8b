package ssm

import (
	"errors"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A shown is a parameter as it is answered.
type shown struct {
	Name             string
	Type             string
	Value            string
	Version          int64
	Selector         *string
	LastModifiedDate time.Time
	ARN              string
	DataType         string
}

// show reads one version of a parameter.
func show(c *service.Call, r identity.Reader, p *parameter, f reference, decrypt bool) (*shown, error) {
	n, err := f.version(p)
	if err != nil {
		return nil, err
	}
	v, err := readVersion(r, c.Environment.Region, p.Name, n)
	if err != nil {
		return nil, err
	}
	value, err := v.text(c, r, p.Name, decrypt)
	if err != nil {
		return nil, err
	}
	out := &shown{Name: p.Name, Type: v.Type, Value: value, Version: n, LastModifiedDate: v.Modified, ARN: arnOf(c, p.Name), DataType: v.DataType}
	if f.selector != "" {
		out.Selector = &f.selector
	}
	return out, nil
}

// secured are the ARNs of those parameters of which a secure string is to be decrypted. A reference that leads nowhere decrypts nothing.
func secured(c *service.Call, r identity.Reader, decrypt bool, references ...string) (arns []string, err error) {
	for _, text := range references {
		f := referTo(c, text)
		p, exists, err := f.find(c, r)
		if err != nil {
			return nil, err
		}
		if !decrypt || !exists {
			continue
		}
		n, err := f.version(&p)
		if err != nil {
			continue // which is told after authorisation
		}
		v, err := readVersion(r, c.Environment.Region, p.Name, n)
		if err != nil {
			return nil, err
		}
		if v.Type == typeSecure {
			arns = append(arns, arnOf(c, p.Name))
		}
	}
	return arns, nil
}

type getParameterInput struct {
	Name           *string
	WithDecryption *bool
}

type getParameterOutput struct{ Parameter *shown }

func (in *getParameterInput) parameter() string { return *in.Name }

func (in *getParameterInput) decrypted(c *service.Call, r identity.Reader) ([]string, error) {
	return secured(c, r, isTrue(in.WithDecryption), *in.Name)
}

var getParameter = service.Reading[getParameterInput]{
	Check: func(in *getParameterInput) error {
		var c constraints
		c.name("name", in.Name)
		return c.err()
	},
	Act: func(c *service.Call, in *getParameterInput, r identity.Reader) (service.Answer, error) {
		f := referTo(c, *in.Name)
		p, exists, err := f.find(c, r)
		if err == nil && !exists {
			err = notFound()
		}
		if err != nil {
			return service.Answer{}, err
		}
		out, err := show(c, r, &p, f, isTrue(in.WithDecryption))
		return service.Body(&getParameterOutput{out}), err
	},
}

type getParametersInput struct {
	Names          []string
	WithDecryption *bool
}

type getParametersOutput struct {
	Parameters        []*shown
	InvalidParameters []string
}

func (in *getParametersInput) parameters() []string { return in.Names }

func (in *getParametersInput) decrypted(c *service.Call, r identity.Reader) ([]string, error) {
	return secured(c, r, isTrue(in.WithDecryption), in.Names...)
}

var getParameters = service.Reading[getParametersInput]{
	Check: func(in *getParametersInput) error { return checkNames(in.Names) },
	Act: func(c *service.Call, in *getParametersInput, r identity.Reader) (service.Answer, error) {
		out := &getParametersOutput{Parameters: []*shown{}, InvalidParameters: []string{}}
		seen := map[string]bool{}
		for _, name := range in.Names {
			if seen[name] {
				continue
			}
			seen[name] = true
			f := referTo(c, name)
			p, exists, err := f.find(c, r)
			if err != nil {
				return service.Answer{}, err
			}
			if !exists {
				out.InvalidParameters = append(out.InvalidParameters, name)
				continue
			}
			one, err := show(c, r, &p, f, isTrue(in.WithDecryption))
			var told *service.Error
			switch {
			case errors.As(err, &told): // no such version or label
				out.InvalidParameters = append(out.InvalidParameters, name)
			case err != nil:
				return service.Answer{}, err
			default:
				out.Parameters = append(out.Parameters, one)
			}
		}
		return service.Body(out), nil
	},
}

// checkNames checks a list of names.
func checkNames(names []string) error {
	var c constraints
	c.list("names", names)
	for _, name := range names {
		c.name("names", &name)
	}
	return c.err()
}
