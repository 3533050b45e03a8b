package ssm

import (
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type deleteParameterInput struct{ Name *string }

func (in *deleteParameterInput) parameter() string { return *in.Name }

var deleteOneParameter = service.Writing[deleteParameterInput, struct{}]{
	Check: func(in *deleteParameterInput) error {
		var c constraints
		c.name("name", in.Name)
		return c.err()
	},
	Act: func(c *service.Call, in *deleteParameterInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p, exists, err := findWhole(c, tx.Reader, *in.Name)
		if err == nil && !exists {
			err = notFound()
		}
		if err == nil {
			deleteParameter(tx, c.Environment.Region, p)
		}
		return service.Answer{}, err
	},
}

type deleteParametersInput struct{ Names []string }

type deleteParametersOutput struct {
	DeletedParameters []string
	InvalidParameters []string
}

func (in *deleteParametersInput) parameters() []string { return in.Names }

var deleteParameters = service.Writing[deleteParametersInput, struct{}]{
	Check: func(in *deleteParametersInput) error { return checkNames(in.Names) },
	Act: func(c *service.Call, in *deleteParametersInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		out := &deleteParametersOutput{DeletedParameters: []string{}, InvalidParameters: []string{}}
		for _, name := range in.Names {
			p, exists, err := findWhole(c, tx.Reader, name)
			if err != nil {
				return service.Answer{}, err
			}
			if !exists {
				out.InvalidParameters = append(out.InvalidParameters, name)
				continue
			}
			deleteParameter(tx, c.Environment.Region, p)
			out.DeletedParameters = append(out.DeletedParameters, name)
		}
		return service.Body(out), nil
	},
}
