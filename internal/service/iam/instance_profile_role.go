package iam

import (
	"errors"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Who puts a role into a profile passes it to EC2: the row asks for iam:PassRole as well.
var addRoleToInstanceProfile = service.Writing[iam.AddRoleToInstanceProfileInput, struct{}]{
	Check: func(in *iam.AddRoleToInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.AddRoleToInstanceProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.AddRoleToProfile(*in.InstanceProfileName, *in.RoleName)
		return service.Body(&iam.AddRoleToInstanceProfileOutput{}), answer(err)
	},
}

var removeRoleFromInstanceProfile = service.Writing[iam.RemoveRoleFromInstanceProfileInput, struct{}]{
	Check: func(in *iam.RemoveRoleFromInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.name("roleName", in.RoleName, 64)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.RemoveRoleFromInstanceProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.RemoveRoleFromProfile(*in.InstanceProfileName, *in.RoleName)
		return service.Body(&iam.RemoveRoleFromInstanceProfileOutput{}), notInProfile(tx.Reader, in, err)
	},
}

// notInProfile words the absence of a role: altogether, or in the profile.
func notInProfile(r identity.Reader, in *iam.RemoveRoleFromInstanceProfileInput, err error) error {
	var missing *identity.NotFoundError
	if !errors.As(err, &missing) || missing.Kind != identity.KindRole {
		return answer(err)
	}
	if _, err := r.Role(*in.RoleName); err != nil {
		return answer(err)
	}
	return service.NotFound("NoSuchEntity", "Role "+*in.RoleName+" in Instance Profile "+*in.InstanceProfileName+" cannot be found.")
}

var listInstanceProfilesForRole = service.Reading[iam.ListInstanceProfilesForRoleInput]{
	Check: func(in *iam.ListInstanceProfilesForRoleInput) error {
		var i input
		i.name("roleName", in.RoleName, 64)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListInstanceProfilesForRoleInput, r identity.Reader) (service.Answer, error) {
		role, err := r.Role(*in.RoleName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		profiles, err := profilesOf(r, role)
		if err != nil {
			return service.Answer{}, err
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, profiles,
			func(p types.InstanceProfile) string { return identity.FoldName(*p.InstanceProfileName) },
			func(p types.InstanceProfile) types.InstanceProfile { return p })
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListInstanceProfilesForRoleOutput{InstanceProfiles: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// profilesOf returns the instance profiles that hold a role.
func profilesOf(r identity.Reader, role identity.Role) ([]types.InstanceProfile, error) {
	profiles := []types.InstanceProfile{}
	for _, name := range role.Profiles {
		p, err := r.InstanceProfile(name)
		if err != nil {
			return nil, err
		}
		shown, err := listedProfile(r, p)
		if err != nil {
			return nil, err
		}
		profiles = append(profiles, shown)
	}
	return profiles, nil
}
