package iam

import (
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// instanceProfileHandlers are the calls on instance profiles.
func instanceProfileHandlers() []service.Handler {
	return []service.Handler{
		createInstanceProfile.Named("CreateInstanceProfile"),
		getInstanceProfile.Named("GetInstanceProfile"),
		listInstanceProfiles.Named("ListInstanceProfiles"),
		deleteInstanceProfile.Named("DeleteInstanceProfile"),
		addRoleToInstanceProfile.Named("AddRoleToInstanceProfile"),
		removeRoleFromInstanceProfile.Named("RemoveRoleFromInstanceProfile"),
		listInstanceProfilesForRole.Named("ListInstanceProfilesForRole"),
		tagInstanceProfile.Named("TagInstanceProfile"),
		untagInstanceProfile.Named("UntagInstanceProfile"),
		listInstanceProfileTags.Named("ListInstanceProfileTags"),
	}
}

// profileName checks the name of an instance profile.
func (i *input) profileName(value *string) { i.name("instanceProfileName", value, 128) }

var createInstanceProfile = service.Writing[iam.CreateInstanceProfileInput, identity.UniqueID]{
	Check: func(in *iam.CreateInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		i.path(in.Path, pathPattern)
		i.tags(identity.KindInstanceProfile, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateInstanceProfileInput) (identity.UniqueID, error) {
		return identity.NewInstanceProfileID(), nil
	},
	Act: func(c *service.Call, in *iam.CreateInstanceProfileInput, id identity.UniqueID, tx identity.Tx) (service.Answer, error) {
		p, err := tx.CreateInstanceProfile(identity.InstanceProfile{
			Name: *in.InstanceProfileName, Path: text(in.Path), ID: id, Created: c.Now(), Tags: tagsOf(in.Tags),
		})
		if err != nil {
			return service.Answer{}, answer(err)
		}
		shown, err := shownProfile(tx.Reader, p)
		return service.Body(&iam.CreateInstanceProfileOutput{InstanceProfile: &shown}), err
	},
}

var getInstanceProfile = service.Reading[iam.GetInstanceProfileInput]{
	Check: func(in *iam.GetInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.GetInstanceProfileInput, r identity.Reader) (service.Answer, error) {
		p, err := r.InstanceProfile(*in.InstanceProfileName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		shown, err := shownProfile(r, p)
		shown.Tags = writtenTags(p.Tags)
		return service.Body(&iam.GetInstanceProfileOutput{InstanceProfile: &shown}), err
	},
}

var listInstanceProfiles = service.Reading[iam.ListInstanceProfilesInput]{
	Check: func(in *iam.ListInstanceProfilesInput) error {
		var i input
		i.pathPrefix(in.PathPrefix)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListInstanceProfilesInput, r identity.Reader) (service.Answer, error) {
		p, err := pageOf[types.InstanceProfile](c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		for profile, err := range r.InstanceProfiles(p.after) {
			if err != nil {
				return service.Answer{}, err
			}
			if !strings.HasPrefix(profile.Path, text(in.PathPrefix)) {
				continue
			}
			shown, err := listedProfile(r, profile)
			if err != nil {
				return service.Answer{}, err
			}
			if !p.add(identity.FoldName(profile.Name), shown) {
				break
			}
		}
		return service.Body(&iam.ListInstanceProfilesOutput{InstanceProfiles: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

var deleteInstanceProfile = service.Writing[iam.DeleteInstanceProfileInput, struct{}]{
	Check: func(in *iam.DeleteInstanceProfileInput) error {
		var i input
		i.profileName(in.InstanceProfileName)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteInstanceProfileInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		err := tx.DeleteInstanceProfile(*in.InstanceProfileName)
		return service.Body(&iam.DeleteInstanceProfileOutput{}), answer(err)
	},
}

// listedProfile is an instance profile as lists show it: without tags (API reference, ListInstanceProfiles).
func listedProfile(r identity.Reader, p identity.InstanceProfile) (types.InstanceProfile, error) {
	shown, err := shownProfile(r, p)
	shown.Tags = nil
	return shown, err
}

func shownProfile(r identity.Reader, p identity.InstanceProfile) (types.InstanceProfile, error) {
	shown := types.InstanceProfile{
		Arn: &p.ARN, InstanceProfileName: &p.Name, InstanceProfileId: (*string)(&p.ID), Path: &p.Path, CreateDate: &p.Created,
		Tags: shownTags(p.Tags), Roles: []types.Role{},
	}
	if p.Role == "" {
		return shown, nil
	}
	role, err := r.Role(p.Role)
	if err != nil {
		return shown, err
	}
	trust, err := r.TrustText(role)
	if err != nil {
		return shown, err
	}
	inside := shownRole(role, trust)
	inside.PermissionsBoundary, inside.Tags, inside.Description = nil, nil, nil
	shown.Roles = append(shown.Roles, inside)
	return shown, nil
}
