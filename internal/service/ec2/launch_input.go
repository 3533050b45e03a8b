package ec2

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/service"
)

// A runInstancesInput is what is served of the input of RunInstances. A parameter that is not in it is refused.
type runInstancesInput struct {
	ImageId      *string
	InstanceType *string
	MinCount     *int32
	MaxCount     *int32
	KeyName      *string
	ClientToken  *string
	DryRun       *bool

	SubnetId          *string
	SecurityGroupIds  []string         `wire:"SecurityGroupId"`
	SecurityGroups    []string         `wire:"SecurityGroup"`
	NetworkInterfaces []inputInterface `wire:"NetworkInterface"`
	Placement         *struct{ AvailabilityZone, Tenancy *string }

	BlockDeviceMappings []inputDevice `wire:"BlockDeviceMapping"`
	EbsOptimized        *bool

	IamInstanceProfile *inputProfile
	TagSpecifications  []tagSpecification `wire:"TagSpecification"`
	UserData           *string

	Monitoring                        *struct{ Enabled *bool }
	MetadataOptions                   *inputMetadata
	DisableApiStop                    *bool
	DisableApiTermination             *bool
	InstanceInitiatedShutdownBehavior *string

	// These may ask for what every instance here is, and for nothing else.
	HibernationOptions  *struct{ Configured *bool }
	EnclaveOptions      *struct{ Enabled *bool }
	CreditSpecification *struct{ CpuCredits *string }
}

type inputInterface struct {
	DeviceIndex              *int32
	SubnetId                 *string
	Groups                   []string `wire:"SecurityGroupId"`
	Description              *string
	DeleteOnTermination      *bool
	AssociatePublicIpAddress *bool
}

type inputDevice struct {
	DeviceName *string
	Ebs        *struct {
		VolumeSize          *int32
		VolumeType          *string
		Iops                *int32
		Throughput          *int32
		Encrypted           *bool
		SnapshotId          *string
		DeleteOnTermination *bool
	}
}

type inputProfile struct{ Arn, Name *string }

type tagSpecification struct {
	ResourceType *string
	Tags         []inputTag `wire:"Tag"`
}

// taggable are the types of resources that a launch makes.
var taggable = []string{"instance", "volume", "network-interface"}

// check applies the rules of the API Reference, RunInstances, that need nothing but the input.
func (in *runInstancesInput) check() error {
	for _, rule := range []func() error{
		in.checkCounts, in.checkPlace, in.checkDevices, in.checkProfile, in.checkTagSpecifications, in.checkSettings,
	} {
		if err := rule(); err != nil {
			return err
		}
	}
	return nil
}

func (in *runInstancesInput) checkCounts() error {
	switch {
	case in.ImageId == nil:
		return missing("ImageId")
	case in.MinCount == nil:
		return missing("MinCount")
	case in.MaxCount == nil:
		return missing("MaxCount")
	case *in.MinCount < 1:
		return invalid(strconv.Itoa(int(*in.MinCount)), "minCount", "Must be greater than 0.")
	case *in.MaxCount < *in.MinCount:
		return invalid(strconv.Itoa(int(*in.MaxCount)), "maxCount", "Must be greater than or equal to minCount.")
	case in.ClientToken != nil && (len(*in.ClientToken) > 64 || !utf8.ValidString(*in.ClientToken)):
		return invalidValue("Client token must not be longer than 64 characters.")
	}
	return checkIDs("ami", *in.ImageId)
}

// checkPlace: the network interface takes the place of subnet and groups of the instance, and here there is one.
func (in *runInstancesInput) checkPlace() error {
	if in.SubnetId != nil {
		if err := checkIDs("subnet", *in.SubnetId); err != nil {
			return err
		}
	}
	if err := checkIDs("sg", in.SecurityGroupIds...); err != nil {
		return err
	}
	if p := in.Placement; p != nil && p.Tenancy != nil && *p.Tenancy != "default" {
		return unsupported("The tenancy '" + *p.Tenancy + "' is not supported.")
	}
	switch n := len(in.NetworkInterfaces); {
	case n == 0 && in.SubnetId != nil && len(in.SecurityGroups) > 0:
		return together("The parameter groupName cannot be used with the parameter subnet")
	case n == 0:
		return nil
	case in.SubnetId != nil:
		return together("Network interfaces and an instance-level subnet ID may not be specified on the same request")
	case len(in.SecurityGroupIds) > 0 || len(in.SecurityGroups) > 0:
		return together("Network interfaces and instance-level security groups may not be specified on the same request")
	case n > 1:
		return unsupported("More than one network interface is not supported.")
	}
	return in.NetworkInterfaces[0].check()
}

func (i *inputInterface) check() error {
	switch {
	case i.DeviceIndex == nil || *i.DeviceIndex != 0:
		return invalidValue("Each network interface requires a device index. The primary network interface has the device index 0.")
	case i.DeleteOnTermination != nil && !*i.DeleteOnTermination:
		return unsupported("A network interface that outlives its instance is not supported.")
	case i.AssociatePublicIpAddress != nil && *i.AssociatePublicIpAddress:
		return unsupported("Public IP addresses are not supported.")
	case i.SubnetId != nil:
		if err := checkIDs("subnet", *i.SubnetId); err != nil {
			return err
		}
	}
	return checkIDs("sg", i.Groups...)
}

// volumeTypes are the types of volumes with the sizes in GiB that they can have ("Amazon EBS volume types").
var volumeTypes = map[string][2]int32{
	"gp3": {1, 65536}, "gp2": {1, 16384}, "io1": {4, 16384}, "io2": {4, 65536}, "st1": {125, 16384}, "sc1": {125, 16384}, "standard": {1, 1024},
}

// maxVolumes is how many volumes an instance can have: its type lets it have 28 attachments ("Amazon EBS volume limits for Amazon EC2
// instances"), and one is the network interface.
const maxVolumes = 27

func (in *runInstancesInput) checkDevices() error {
	if len(in.BlockDeviceMappings) > maxVolumes {
		return service.BadRequest("AttachmentLimitExceeded", "The maximum number of attached volumes has been exceeded for the instance.")
	}
	var names []string
	for _, d := range in.BlockDeviceMappings {
		name := text(d.DeviceName)
		switch {
		case name == "":
			return missing("BlockDeviceMapping.DeviceName")
		case slices.Contains(names, name):
			return service.BadRequest("InvalidBlockDeviceMapping", "Duplicate device name '"+name+"'.")
		case d.Ebs == nil:
			return missing("ebs")
		case d.Ebs.DeleteOnTermination != nil && !*d.Ebs.DeleteOnTermination:
			return unsupported("A volume that outlives its instance is not supported.")
		case d.Ebs.VolumeType != nil && volumeTypes[*d.Ebs.VolumeType] == [2]int32{}:
			return invalid(*d.Ebs.VolumeType, "volumeType", "Unknown volume type.")
		}
		names = append(names, name)
	}
	return nil
}

func (in *runInstancesInput) checkProfile() error { return in.IamInstanceProfile.check() }

func (p *inputProfile) check() error {
	switch {
	case p == nil:
	case p.Arn != nil && p.Name != nil:
		return together("The parameter 'iamInstanceProfile.name' may not be used in combination with 'iamInstanceProfile.arn'")
	case p.Arn == nil && p.Name == nil:
		return missing("IamInstanceProfile.Name")
	}
	return nil
}

func (in *runInstancesInput) checkTagSpecifications() error {
	return checkTagSpecifications(in.TagSpecifications, taggable...)
}

// checkTagSpecifications: each of the types of resources that a call makes may be tagged once.
func checkTagSpecifications(specifications []tagSpecification, taggable ...string) error {
	var types []string
	for _, s := range specifications {
		of := text(s.ResourceType)
		switch {
		case of == "":
			return missing("TagSpecification.ResourceType")
		case !slices.Contains(taggable, of):
			return invalidValue("'" + of + "' is not a valid taggable resource type for this operation.")
		case slices.Contains(types, of):
			return invalidValue("Duplicate resource type '" + of + "' in TagSpecification.")
		case len(s.Tags) == 0:
			return invalidValue("Tag specification must have at least one tag")
		}
		if err := checkTags(s.Tags); err != nil {
			return err
		}
		types = append(types, of)
	}
	return nil
}

// maxUserData is how many bytes of user data an instance can have before they are written in base64.
const maxUserData = 16 << 10

func (in *runInstancesInput) checkSettings() error {
	if in.UserData != nil {
		data, err := base64.StdEncoding.DecodeString(*in.UserData)
		if err != nil {
			return service.BadRequest("InvalidUserData.Malformed", "Invalid BASE64 encoding of user data")
		}
		if len(data) > maxUserData {
			return invalidValue("User data is limited to 16384 bytes")
		}
	}
	if err := oneOf(in.InstanceInitiatedShutdownBehavior, "instanceInitiatedShutdownBehavior", "stop", "terminate"); err != nil {
		return err
	}
	if err := in.checkDefaults(); err != nil || in.MetadataOptions == nil {
		return err
	}
	return in.MetadataOptions.check()
}

// checkDefaults refuses what no instance here is.
func (in *runInstancesInput) checkDefaults() error {
	switch {
	case in.HibernationOptions != nil && isTrue(in.HibernationOptions.Configured):
		return unsupported("Hibernation is not supported.")
	case in.EnclaveOptions != nil && isTrue(in.EnclaveOptions.Enabled):
		return unsupported("Enclaves are not supported.")
	case in.CreditSpecification != nil && text(in.CreditSpecification.CpuCredits) != cpuCredits(in.instanceType()):
		return unsupported("The CPU credits of instances of the type '" + in.instanceType() + "' cannot be chosen.")
	}
	return nil
}

// oneOf refuses a value that is given and is none of those that there are.
func oneOf(value *string, parameter string, values ...string) error {
	if value != nil && !slices.Contains(values, *value) {
		return invalid(*value, parameter, "Expecting one of: "+strings.Join(values, ", ")+".")
	}
	return nil
}

// tagsFor are the tags that the launch gives a type of resource.
func (in *runInstancesInput) tagsFor(resourceType string) []inputTag {
	return tagsAmong(in.TagSpecifications, resourceType)
}

func tagsAmong(specifications []tagSpecification, resourceType string) []inputTag {
	for _, s := range specifications {
		if text(s.ResourceType) == resourceType {
			return s.Tags
		}
	}
	return nil
}

// digest tells apart what a client asks for under one token.
func (in *runInstancesInput) digest() (string, error) {
	same := *in
	same.ClientToken, same.DryRun = nil, nil
	text, err := json.Marshal(same)
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:16]), err
}
