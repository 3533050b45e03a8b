package iam

import (
	"errors"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// find returns the entities of IAM that are no principals, groups or policies.
func find(_ *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
	switch t.Kind {
	case operation.MFA:
		return findMFADevice(r, value)
	case operation.InstanceProfile:
	default:
		return service.Stored{}, nil
	}
	p, err := r.InstanceProfile(value)
	if err != nil {
		return service.Stored{}, err
	}
	return service.Stored{ARN: p.ARN, Name: p.Name, Path: p.Path, Tags: p.Tags}, nil
}

// ignoreAbsent makes no error of an entity that does not exist.
func ignoreAbsent(err error) error {
	var missing *identity.NotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	return err
}
