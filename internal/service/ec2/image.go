package ec2

import (
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// An image is what instances are launched from. All of them are public.
type image struct {
	name, description string
	arch              string // x86_64 or arm64
	owner, alias      string
	root              string // name of the root device
	size              int32  // of its volume, in GiB
	created           string
	boot, imds        string
}

// sriovSupport is the enhanced networking that all images and instances here have.
const sriovSupport = "simple"

const (
	amazonID    = "137112412989"
	canonicalID = "099720109477"
)

// images are the public images of every region: a few of Amazon's and of Canonical's, with the names that clients look for. The
// table is never changed.
var images = []image{
	al2023("2023.9.20251110.1", "kernel-6.1", "x86_64", "2025-11-11T00:31:00.000Z"),
	al2023("2023.9.20251110.1", "kernel-6.1", "arm64", "2025-11-11T00:31:00.000Z"),
	al2023("2023.9.20251110.1", "kernel-6.12", "x86_64", "2025-11-11T00:31:00.000Z"),
	al2023("2023.9.20251110.1", "kernel-6.12", "arm64", "2025-11-11T00:31:00.000Z"),
	amazon2("2.0.20251110.1", "x86_64", "2025-11-12T18:09:00.000Z"),
	amazon2("2.0.20251110.1", "arm64", "2025-11-12T18:09:00.000Z"),
	ubuntu("hvm-ssd/ubuntu-jammy-22.04", "22.04 LTS", "jammy", "20251105", "x86_64", "2025-11-06T02:51:17.000Z"),
	ubuntu("hvm-ssd/ubuntu-jammy-22.04", "22.04 LTS", "jammy", "20251105", "arm64", "2025-11-06T02:51:17.000Z"),
	ubuntu("hvm-ssd-gp3/ubuntu-noble-24.04", "24.04 LTS", "noble", "20251022", "x86_64", "2025-10-22T08:23:05.000Z"),
	ubuntu("hvm-ssd-gp3/ubuntu-noble-24.04", "24.04 LTS", "noble", "20251022", "arm64", "2025-10-22T08:23:05.000Z"),
}

func al2023(version, kernel, arch, created string) image {
	return image{
		name: "al2023-ami-" + version + "-" + kernel + "-" + arch, arch: arch, owner: amazonID, alias: "amazon", root: "/dev/xvda", size: 8,
		description: "Amazon Linux 2023 AMI " + version + " " + arch + " HVM " + kernel, created: created, boot: "uefi-preferred", imds: "v2.0",
	}
}

func amazon2(version, arch, created string) image {
	return image{
		name: "amzn2-ami-hvm-" + version + "-" + arch + "-gp2", arch: arch, owner: amazonID, alias: "amazon", root: "/dev/xvda", size: 8,
		description: "Amazon Linux 2 AMI " + version + " " + arch + " HVM gp2", created: created,
	}
}

func ubuntu(series, version, code, serial, arch, created string) image {
	spelled := map[string]string{"x86_64": "amd64", "arm64": "arm64"}[arch]
	return image{
		name: "ubuntu/images/" + series + "-" + spelled + "-server-" + serial, arch: arch, owner: canonicalID, root: "/dev/sda1", size: 8,
		description: "Canonical, Ubuntu, " + version + ", " + spelled + " " + code + " image", created: created, boot: "uefi-preferred",
	}
}

// id is the image's id in a region: every region has its own.
func (i image) id(region string) string { return derived("ami", region, i.name) }

// ownerName is how ec2:Owner and image names have the owner.
func (i image) ownerName() string {
	if i.alias != "" {
		return i.alias
	}
	return i.owner
}

// findImage returns the image with an id in a region.
func findImage(region, id string) (image, bool) {
	for _, i := range images {
		if i.id(region) == id {
			return i, true
		}
	}
	return image{}, false
}

type describeImagesInput struct {
	ExecutableUsers   []string `wire:"ExecutableBy"`
	ImageIds          []string `wire:"ImageId"`
	Owners            []string `wire:"Owner"`
	IncludeDeprecated *bool
	IncludeDisabled   *bool
	Filters           []filter `wire:"Filter"`
	MaxResults        *int32
	NextToken         *string
	DryRun            *bool
}

type describeImagesOutput struct {
	NextToken *string     `wire:"nextToken"`
	Images    []imageInfo `wire:"imagesSet"`
}

type imageInfo struct {
	PlatformDetails    string        `wire:"platformDetails"`
	UsageOperation     string        `wire:"usageOperation"`
	BlockDevices       []imageDevice `wire:"blockDeviceMapping"`
	Description        string        `wire:"description"`
	EnaSupport         bool          `wire:"enaSupport"`
	Hypervisor         string        `wire:"hypervisor"`
	OwnerAlias         string        `wire:"imageOwnerAlias"`
	Name               string        `wire:"name"`
	RootDeviceName     string        `wire:"rootDeviceName"`
	RootDeviceType     string        `wire:"rootDeviceType"`
	SriovNetSupport    string        `wire:"sriovNetSupport"`
	Tags               []tagInfo     `wire:"tagSet"`
	VirtualizationType string        `wire:"virtualizationType"`
	BootMode           string        `wire:"bootMode"`
	ImdsSupport        string        `wire:"imdsSupport"`
	ImageID            string        `wire:"imageId"`
	ImageLocation      string        `wire:"imageLocation"`
	State              string        `wire:"imageState"`
	OwnerID            string        `wire:"imageOwnerId"`
	CreationDate       string        `wire:"creationDate"`
	Public             bool          `wire:"isPublic"`
	Architecture       string        `wire:"architecture"`
	ImageType          string        `wire:"imageType"`
}

type imageDevice struct {
	DeviceName string      `wire:"deviceName"`
	Ebs        imageVolume `wire:"ebs"`
}

type imageVolume struct {
	DeleteOnTermination bool   `wire:"deleteOnTermination"`
	SnapshotID          string `wire:"snapshotId"`
	VolumeSize          int32  `wire:"volumeSize"`
	VolumeType          string `wire:"volumeType"`
	Encrypted           bool   `wire:"encrypted"`
}

// snapshot is the snapshot of the root device.
func (i image) snapshot(region string) string { return derived("snap", region, i.name) }

func (i image) shown(region string, tags []identity.Tag) imageInfo {
	return imageInfo{
		PlatformDetails: "Linux/UNIX", UsageOperation: "RunInstances", Description: i.description, EnaSupport: true, Hypervisor: "xen",
		OwnerAlias: i.alias, Name: i.name, RootDeviceName: i.root, RootDeviceType: "ebs", SriovNetSupport: sriovSupport,
		Tags: shownTags(tags), VirtualizationType: "hvm", BootMode: i.boot, ImdsSupport: i.imds, ImageID: i.id(region),
		ImageLocation: i.ownerName() + "/" + i.name, State: "available", OwnerID: i.owner, CreationDate: i.created, Public: true,
		Architecture: i.arch, ImageType: "machine",
		BlockDevices: []imageDevice{{i.root, imageVolume{true, i.snapshot(region), i.size, "gp3", false}}},
	}
}

var imageList = list[imageInfo]{
	key: func(i imageInfo) string { return i.ImageID },
	attributes: func(i imageInfo) attributes {
		a := attributes{
			"architecture": {i.Architecture}, "creation-date": {i.CreationDate}, "description": {i.Description}, "ena-support": {"true"},
			"hypervisor": {i.Hypervisor}, "image-id": {i.ImageID}, "image-type": {i.ImageType}, "is-public": {strconv.FormatBool(i.Public)},
			"kernel-id": nil, "manifest-location": {i.ImageLocation}, "name": {i.Name}, "owner-id": {i.OwnerID}, "owner-alias": nil, "platform": nil,
			"product-code": nil, "product-code.type": nil, "ramdisk-id": nil, "root-device-name": {i.RootDeviceName},
			"root-device-type": {i.RootDeviceType}, "state": {i.State}, "state-reason-code": nil, "state-reason-message": nil,
			"sriov-net-support": {i.SriovNetSupport}, "virtualization-type": {i.VirtualizationType},
			"block-device-mapping.delete-on-termination": nil, "block-device-mapping.device-name": nil, "block-device-mapping.snapshot-id": nil,
			"block-device-mapping.volume-size": nil, "block-device-mapping.volume-type": nil, "block-device-mapping.encrypted": nil,
		}
		if i.OwnerAlias != "" {
			a["owner-alias"] = []string{i.OwnerAlias}
		}
		for _, d := range i.BlockDevices {
			a["block-device-mapping.delete-on-termination"] = []string{strconv.FormatBool(d.Ebs.DeleteOnTermination)}
			a["block-device-mapping.device-name"] = []string{d.DeviceName}
			a["block-device-mapping.snapshot-id"] = []string{d.Ebs.SnapshotID}
			a["block-device-mapping.volume-size"] = []string{strconv.Itoa(int(d.Ebs.VolumeSize))}
			a["block-device-mapping.volume-type"] = []string{d.Ebs.VolumeType}
			a["block-device-mapping.encrypted"] = []string{strconv.FormatBool(d.Ebs.Encrypted)}
		}
		return a.tagged(storedTags(i.Tags))
	},
}

var describeImages = service.Reading[describeImagesInput]{
	Check: func(in *describeImagesInput) error {
		if err := checkIDs("ami", in.ImageIds...); err != nil {
			return err
		}
		if err := checkMax(in.MaxResults, len(in.ImageIds), "imagesSet", 1, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, imageList.anything())
	},
	Act: func(c *service.Call, in *describeImagesInput, r identity.Reader) (service.Answer, error) {
		region := c.Environment.Region
		var all []imageInfo
		for _, i := range images {
			tags, err := readTags(r, region, i.id(region))
			if err != nil {
				return service.Answer{}, err
			}
			all = append(all, i.shown(region, tags))
		}
		found, absent := chosen(all, in.ImageIds, imageList.key)
		if len(absent) > 0 {
			return service.Answer{}, noSuchImages(absent)
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		found = slices.DeleteFunc(found, func(i imageInfo) bool { return !in.wants(i) })
		out, next, err := imageList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeImagesOutput{next, out}), err
	},
}

// wants applies Owners and ExecutableUsers: an owner is an account or an alias, and public images can be launched by "all".
func (in *describeImagesInput) wants(i imageInfo) bool {
	owned := len(in.Owners) == 0 || slices.ContainsFunc(in.Owners, func(o string) bool {
		return o == i.OwnerID || o == i.OwnerAlias && o != ""
	})
	return owned && (len(in.ExecutableUsers) == 0 || slices.Contains(in.ExecutableUsers, "all"))
}
