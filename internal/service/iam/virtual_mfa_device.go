package iam

import (
	"net/url"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"
	"rsc.io/qr"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

var createVirtualMFADevice = service.Writing[iam.CreateVirtualMFADeviceInput, identity.Secret]{
	Check: func(in *iam.CreateVirtualMFADeviceInput) error {
		var i input
		i.path(in.Path, pathPattern)
		i.name("virtualMFADeviceName", in.VirtualMFADeviceName, 226)
		i.tags(identity.KindMFADevice, in.Tags)
		return i.Err()
	},
	Draw: func(*service.Call, *iam.CreateVirtualMFADeviceInput) (identity.Secret, error) {
		return identity.NewMFASeed(), nil
	},
	Act: func(c *service.Call, in *iam.CreateVirtualMFADeviceInput, seed identity.Secret, tx identity.Tx) (service.Answer, error) {
		d, err := tx.CreateMFADevice(identity.MFADevice{
			Path: text(in.Path), Name: *in.VirtualMFADeviceName, Created: c.Now(), Tags: tagsOf(in.Tags),
		}, seed)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		image, err := qr.Encode(provisioning(d, tx.Account(), seed), qr.M)
		if err != nil {
			return service.Answer{}, err
		}
		// The only time that anybody is told the seed.
		return service.Body(&iam.CreateVirtualMFADeviceOutput{VirtualMFADevice: &types.VirtualMFADevice{
			SerialNumber: &d.Serial, Base32StringSeed: []byte(seed.Reveal()), QRCodePNG: image.PNG(), Tags: shownTags(d.Tags),
		}}), nil
	},
}

// provisioning is what authenticator apps read off a device's QR code (API reference, data type VirtualMFADevice, QRCodePNG).
func provisioning(d identity.MFADevice, account string, seed identity.Secret) string {
	const issuer = "Amazon Web Services"
	query := url.Values{"secret": {seed.Reveal()}, "issuer": {issuer}}
	return "otpauth://totp/" + url.PathEscape(issuer+":"+d.Name+"@"+account) + "?" + query.Encode()
}

var listVirtualMFADevices = service.Reading[iam.ListVirtualMFADevicesInput]{
	Check: func(in *iam.ListVirtualMFADevicesInput) error {
		var i input
		i.OneOf("assignmentStatus", string(in.AssignmentStatus), "Assigned", "Unassigned", "Any")
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListVirtualMFADevicesInput, r identity.Reader) (service.Answer, error) {
		listed := []types.VirtualMFADevice{}
		for d, err := range r.MFADevices("") { // keys of long paths are shortened in markers: no place to begin a scan
			if err != nil {
				return service.Answer{}, err
			}
			assigned := types.AssignmentStatusTypeUnassigned
			if d.User != "" {
				assigned = types.AssignmentStatusTypeAssigned
			}
			if in.AssignmentStatus != "" && in.AssignmentStatus != types.AssignmentStatusTypeAny && in.AssignmentStatus != assigned {
				continue
			}
			shown, err := shownVirtual(r, d)
			if err != nil {
				return service.Answer{}, err
			}
			listed = append(listed, shown)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, listed,
			func(d types.VirtualMFADevice) string { return identity.FoldName(*d.SerialNumber) },
			func(d types.VirtualMFADevice) types.VirtualMFADevice { return d })
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListVirtualMFADevicesOutput{VirtualMFADevices: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// shownVirtual is a device as the list shows it: with its user, without seed and tags.
func shownVirtual(r identity.Reader, d identity.MFADevice) (types.VirtualMFADevice, error) {
	shown := types.VirtualMFADevice{SerialNumber: &d.Serial, EnableDate: timeOf(d.Enabled)}
	if d.User == "" {
		return shown, nil
	}
	ref, err := r.Principal(d.User)
	if err != nil {
		return shown, err
	}
	u, err := r.User(ref.Name)
	if err != nil {
		return shown, err
	}
	holder := listedUser(u)
	shown.User = &holder
	return shown, nil
}

var deleteVirtualMFADevice = service.Writing[iam.DeleteVirtualMFADeviceInput, struct{}]{
	Check: func(in *iam.DeleteVirtualMFADeviceInput) error {
		var i input
		i.serial(in.SerialNumber)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.DeleteVirtualMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.DeleteVirtualMFADeviceOutput{}), answer(tx.DeleteMFADevice(*in.SerialNumber))
	},
}

var tagMFADevice = service.Writing[iam.TagMFADeviceInput, struct{}]{
	Check: func(in *iam.TagMFADeviceInput) error {
		var i input
		i.serial(in.SerialNumber)
		i.newTags(identity.KindMFADevice, in.Tags)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.TagMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.TagMFADeviceOutput{}), answer(tx.AddMFADeviceTags(*in.SerialNumber, tagsOf(in.Tags)))
	},
}

var untagMFADevice = service.Writing[iam.UntagMFADeviceInput, struct{}]{
	Check: func(in *iam.UntagMFADeviceInput) error {
		var i input
		i.serial(in.SerialNumber)
		i.tagKeys(in.TagKeys)
		return i.Err()
	},
	Act: func(_ *service.Call, in *iam.UntagMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		return service.Body(&iam.UntagMFADeviceOutput{}), answer(tx.RemoveMFADeviceTags(*in.SerialNumber, in.TagKeys))
	},
}

var listMFADeviceTags = service.Reading[iam.ListMFADeviceTagsInput]{
	Check: func(in *iam.ListMFADeviceTagsInput) error {
		var i input
		i.serial(in.SerialNumber)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListMFADeviceTagsInput, r identity.Reader) (service.Answer, error) {
		d, err := r.MFADevice(*in.SerialNumber)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfTags(c, in.Marker, in.MaxItems, d.Tags)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListMFADeviceTagsOutput{Tags: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}
