package ec2

import (
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// model is the instance that the input describes, without what each of the launched ones has for itself. The caller is allowed by
// now, so what does not exist is told.
func (in *runInstancesInput) model(c *service.Call, r identity.Reader) (instance, error) {
	n := networkOf(c)
	from, exists := findImage(n.region, *in.ImageId)
	if !exists {
		return instance{}, noSuchImages([]string{*in.ImageId})
	}
	size, exists := findInstanceType(in.instanceType())
	if !exists {
		return instance{}, invalidValue("Invalid value '" + in.instanceType() + "' for InstanceType.")
	}
	if size.arch != from.arch {
		return instance{}, otherArchitecture(size.arch, from.arch)
	}
	i := instance{
		Region: n.region, Launched: c.Now(), Made: c.Now(), Token: text(in.ClientToken), State: pending, Since: c.Now(), Image: *in.ImageId, Type: size.name,
		Architecture: from.arch, RootDevice: from.root, BootMode: from.boot, KeyName: text(in.KeyName), Metadata: metadataOf(in.MetadataOptions, from),
		Monitoring: in.Monitoring != nil && isTrue(in.Monitoring.Enabled), EbsOptimized: isTrue(in.EbsOptimized),
		KeepsRunning: isTrue(in.DisableApiStop), KeepsLiving: isTrue(in.DisableApiTermination),
		ShutdownTerminates: text(in.InstanceInitiatedShutdownBehavior) == "terminate", UserData: text(in.UserData),
	}
	if _, exists, err := readKeyPair(r, n.region, i.KeyName); in.KeyName != nil && !exists {
		if err == nil {
			err = noSuchKeyPair(i.KeyName)
		}
		return instance{}, err
	}
	if err := in.settlePlace(&i, n); err != nil {
		return instance{}, err
	}
	groups, err := in.groups(n, r)
	if err == nil {
		err = settleGroups(&i, n, r, groups)
	}
	if err != nil {
		return instance{}, err
	}
	if err := in.IamInstanceProfile.settle(&i, n, r); err != nil {
		return instance{}, err
	}
	return i, in.settleVolumes(&i, from)
}

func isTrue(b *bool) bool { return b != nil && *b }

func otherArchitecture(ofType, ofImage string) error {
	return invalidValue("The architecture '" + ofType + "' of the specified instance type does not match the architecture '" + ofImage +
		"' of the specified AMI. Specify an instance type and an AMI that have matching architectures, and try again. You can use " +
		"'describe-instance-types' or 'describe-images' to discover the architecture of the instance type or AMI.")
}

func (in *runInstancesInput) settlePlace(i *instance, n network) error {
	id, _ := in.subnet(n)
	wanted := ""
	if in.Placement != nil {
		wanted = text(in.Placement.AvailabilityZone)
	}
	if _, exists := n.subnetOf(wanted); !exists {
		return invalid(wanted, "availabilityZone", "The requested Availability Zone does not exist.")
	}
	s, exists := n.subnet(id)
	switch {
	case !exists:
		return service.BadRequest("InvalidSubnetID.NotFound", "The subnet ID '"+id+"' does not exist")
	case wanted != "" && wanted != s.zone.name:
		return invalidValue("The availability zone '" + wanted + "' does not match the availability zone of the subnet '" + id + "'.")
	}
	i.Subnet, i.Zone, i.ZoneID = s.id, s.zone.name, s.zone.id
	if len(in.NetworkInterfaces) > 0 {
		i.Note = text(in.NetworkInterfaces[0].Description)
	}
	return nil
}

// settle gives an instance the profile that was asked for.
func (p *inputProfile) settle(i *instance, n network, r identity.Reader) error {
	found, err := p.find(n, r)
	switch {
	case err != nil || p == nil:
		return err
	case found.ID == "" && p.Arn != nil:
		return invalid(*p.Arn, "iamInstanceProfile.arn", "Invalid IAM Instance Profile ARN")
	case found.ID == "":
		return invalid(text(p.Name), "iamInstanceProfile.name", "Invalid IAM Instance Profile name")
	case found.Role == "":
		return invalidValue(`IAM Instance Profile "` + found.ARN + `" has no associated IAM Roles`)
	}
	i.Profile, i.ProfileID, i.ProfileSince = found.ARN, string(found.ID), i.Since
	return nil
}

// volumes are those that the launch makes: the root volume, as the image has it or as the input changes it, and further ones.
func (in *runInstancesInput) volumes(from image, region string) []volume {
	out := []volume{{Device: from.root, Size: from.size, Type: "gp3", Snapshot: from.snapshot(region)}}
	for _, d := range in.BlockDeviceMappings {
		if *d.DeviceName == from.root {
			d.change(&out[0])
			continue
		}
		v := volume{Device: *d.DeviceName, Type: "gp2"}
		d.change(&v)
		out = append(out, v)
	}
	return out
}

// change applies what the input says of a volume.
func (d *inputDevice) change(v *volume) {
	set(&v.Size, d.Ebs.VolumeSize)
	set(&v.Type, d.Ebs.VolumeType)
	set(&v.IOPS, d.Ebs.Iops)
	set(&v.Throughput, d.Ebs.Throughput)
	set(&v.Encrypted, d.Ebs.Encrypted)
}

// settleVolumes gives the instance its volumes.
func (in *runInstancesInput) settleVolumes(i *instance, from image) error {
	i.Volumes = in.volumes(from, i.Region)
	for _, d := range in.BlockDeviceMappings {
		at := slices.IndexFunc(i.Volumes, func(v volume) bool { return v.Device == *d.DeviceName })
		if err := d.check(i.Volumes[at], from); err != nil {
			return err
		}
	}
	return nil
}

// check applies the rules that need the image.
func (d *inputDevice) check(v volume, from image) error {
	if id := text(d.Ebs.SnapshotId); id != "" && id != v.Snapshot {
		return service.BadRequest("InvalidSnapshot.NotFound", "The snapshot '"+id+"' does not exist.")
	}
	limits := volumeTypes[v.Type]
	switch {
	case v.Size == 0:
		return missing("size or snapshotId")
	case v.Size < limits[0] || v.Size > limits[1]:
		return invalidValue("Volume of " + strconv.Itoa(int(v.Size)) + "GiB is not between " + strconv.Itoa(int(limits[0])) + " and " +
			strconv.Itoa(int(limits[1])) + " GiB, the sizes of " + v.Type + " volumes.")
	case v.Snapshot != "" && v.Size < from.size:
		return service.BadRequest("InvalidBlockDeviceMapping", "Volume of size "+strconv.Itoa(int(v.Size))+"GB is smaller than snapshot '"+
			v.Snapshot+"', expect size>= "+strconv.Itoa(int(from.size))+"GB")
	}
	return d.checkPerformance(v, from)
}

// set takes a value that was given.
func set[T any](to, given *T) {
	if given != nil {
		*to = *given
	}
}
