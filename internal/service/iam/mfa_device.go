package iam

import (
	"errors"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/iam"
	"github.com/aws/aws-sdk-go-v2/service/iam/types"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

func mfaHandlers() []service.Handler {
	return []service.Handler{
		createVirtualMFADevice.Named("CreateVirtualMFADevice"),
		listVirtualMFADevices.Named("ListVirtualMFADevices"),
		deleteVirtualMFADevice.Named("DeleteVirtualMFADevice"),
		enableMFADevice.Named("EnableMFADevice"),
		resyncMFADevice.Named("ResyncMFADevice"),
		deactivateMFADevice.Named("DeactivateMFADevice"),
		getMFADevice.Named("GetMFADevice"),
		listMFADevices.Named("ListMFADevices"),
		tagMFADevice.Named("TagMFADevice"),
		untagMFADevice.Named("UntagMFADevice"),
		listMFADeviceTags.Named("ListMFADeviceTags"),
	}
}

var (
	serialPattern = service.NewPattern(`^[\w+=/:,.@-]+$`)
	codePattern   = service.NewPattern(`^\d+$`)
)

func (i *input) serial(value *string) {
	i.Required("serialNumber", value)
	i.Length("serialNumber", value, 9, 256)
	i.Pattern("serialNumber", value, serialPattern, `[\w+=/:,.@-]+`)
}

// codes checks two codes. They are not quoted: a code that was not taken is still good.
func (i *input) codes(first, second *string) {
	i.Required("authenticationCode1", first)
	i.Required("authenticationCode2", second)
	for _, code := range []*string{first, second} {
		if code != nil && (len(*code) != 6 || !codePattern.MatchString(*code)) {
			i.refuse("ValidationError", "1 validation error detected: Value at 'authenticationCode' failed to satisfy constraint: "+
				`Member must satisfy regular expression pattern: [\d]+`)
		}
	}
}

// proven answers for codes that do not prove the possession of a device (API reference, EnableMFADevice).
func proven(ok bool, err error) error {
	if err == nil && !ok {
		return service.Forbidden("InvalidAuthenticationCode", "Authentication code for device is not valid")
	}
	if errors.Is(err, identity.ErrTooManyCodes) {
		return service.BadRequest("Throttling", "Rate exceeded")
	}
	var exists *identity.ExistsError
	if errors.As(err, &exists) {
		return service.Conflict("EntityAlreadyExists", "MFA Device is already in use.")
	}
	return answer(err)
}

var enableMFADevice = service.Writing[iam.EnableMFADeviceInput, struct{}]{
	Check: func(in *iam.EnableMFADeviceInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.serial(in.SerialNumber)
		i.codes(in.AuthenticationCode1, in.AuthenticationCode2)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.EnableMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		ok, err := tx.EnableMFADevice(*in.UserName, *in.SerialNumber, *in.AuthenticationCode1, *in.AuthenticationCode2, c.Now())
		return service.Body(&iam.EnableMFADeviceOutput{}), proven(ok, err)
	},
}

var resyncMFADevice = service.Writing[iam.ResyncMFADeviceInput, struct{}]{
	Check: func(in *iam.ResyncMFADeviceInput) error {
		var i input
		i.name("userName", in.UserName, 128)
		i.serial(in.SerialNumber)
		i.codes(in.AuthenticationCode1, in.AuthenticationCode2)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ResyncMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		ok, err := tx.ResyncMFADevice(*in.UserName, *in.SerialNumber, *in.AuthenticationCode1, *in.AuthenticationCode2, c.Now())
		return service.Body(&iam.ResyncMFADeviceOutput{}), proven(ok, err)
	},
}

var deactivateMFADevice = service.Writing[iam.DeactivateMFADeviceInput, struct{}]{
	Check: func(in *iam.DeactivateMFADeviceInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.serial(in.SerialNumber)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.DeactivateMFADeviceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		name, err := namedUser(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.DeactivateMFADeviceOutput{}), answer(tx.DeactivateMFADevice(name, *in.SerialNumber))
	},
}

var getMFADevice = service.Reading[iam.GetMFADeviceInput]{
	Check: func(in *iam.GetMFADeviceInput) error {
		var i input
		i.serial(in.SerialNumber)
		i.optionalName("userName", in.UserName, 64)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.GetMFADeviceInput, r identity.Reader) (service.Answer, error) {
		name, err := namedUser(c, in.UserName)
		if err != nil {
			return service.Answer{}, err
		}
		u, err := r.User(name)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		d, err := r.MFADevice(*in.SerialNumber)
		if err == nil && d.User != u.ID {
			err = &identity.NotFoundError{Kind: identity.KindMFADevice, Name: *in.SerialNumber}
		}
		if err != nil {
			return service.Answer{}, answer(err)
		}
		return service.Body(&iam.GetMFADeviceOutput{UserName: &u.Name, SerialNumber: &d.Serial, EnableDate: timeOf(d.Enabled)}), nil
	},
}

var listMFADevices = service.Reading[iam.ListMFADevicesInput]{
	Check: func(in *iam.ListMFADevicesInput) error {
		var i input
		i.optionalName("userName", in.UserName, 128)
		i.page(in.Marker, in.MaxItems)
		return i.Err()
	},
	Act: func(c *service.Call, in *iam.ListMFADevicesInput, r identity.Reader) (service.Answer, error) {
		devices, u, err := devicesOf(c, r, in.UserName)
		if err != nil {
			return service.Answer{}, answer(err)
		}
		p, err := pageOfAll(c, in.Marker, in.MaxItems, devices, identity.MFADevice.Key, func(d identity.MFADevice) types.MFADevice {
			return types.MFADevice{UserName: &u.Name, SerialNumber: &d.Serial, EnableDate: timeOf(d.Enabled)}
		})
		if err != nil {
			return service.Answer{}, err
		}
		return service.Body(&iam.ListMFADevicesOutput{MFADevices: p.items, IsTruncated: p.truncated, Marker: p.marker()}), nil
	},
}

// devicesOf returns the devices of the user that a call names, or of the calling one. Root has none here.
func devicesOf(c *service.Call, r identity.Reader, named *string) (devices []identity.MFADevice, u identity.User, err error) {
	name, err := userOrCaller(c, named)
	if err != nil || name == "" {
		return nil, u, err
	}
	if u, err = r.User(name); err != nil {
		return nil, u, err
	}
	for _, serial := range u.MFADevices {
		d, err := r.MFADevice(serial)
		if err != nil {
			return nil, u, err
		}
		devices = append(devices, d)
	}
	return devices, u, nil
}

// findMFADevice finds the device of a question. What is judged is its serial number, which is an ARN, also while there is none.
func findMFADevice(r identity.Reader, serial string) (service.Stored, error) {
	d, err := r.MFADevice(serial)
	var missing *identity.NotFoundError
	if errors.As(err, &missing) && strings.HasPrefix(serial, "arn:") {
		return service.Stored{ARN: serial}, nil
	}
	if err != nil {
		return service.Stored{}, err
	}
	return service.Stored{ARN: d.Serial, Name: d.Name, Path: d.Path, Tags: d.Tags}, nil
}
