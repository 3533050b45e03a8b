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
		p, err := r.InstanceProfile(value)
		return service.Stored{ARN: p.ARN, Name: p.Name, Path: p.Path, Tags: p.Tags}, err
	case operation.ServerCertificate:
		c, err := r.ServerCertificate(value)
		return service.Stored{ARN: c.ARN, Name: c.Name, Path: c.Path, Tags: c.Tags}, err
	case operation.OIDCProvider:
		p, err := r.OIDCProvider(value)
		return service.Stored{ARN: p.ARN, Tags: p.Tags}, err
	case operation.SAMLProvider:
		p, err := r.SAMLProvider(value)
		return service.Stored{ARN: p.ARN, Name: p.Name, Tags: p.Tags}, err
	}
	return service.Stored{}, nil
}

// ignoreAbsent makes no error of an entity that does not exist.
func ignoreAbsent(err error) error {
	var missing *identity.NotFoundError
	if errors.As(err, &missing) {
		return nil
	}
	return err
}
