package operation

import "slices"

const (
	ec2API             = "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_"
	ec2ARN             = "arn:${Partition}:ec2:${Region}:${Account}:"
	instanceARN        = ec2ARN + "instance/${Element}"
	createdInstanceARN = ec2ARN + "instance/*" // it has no id yet

	theSecurityGroupARN = ec2ARN + "security-group/${Service.SecurityGroupId}"
)

// The kinds of Amazon EC2.
const (
	Instance       Kind = "instance"
	Image          Kind = "image"
	Subnet         Kind = "subnet"
	SecurityGroup  Kind = "security-group"
	VPC            Kind = "vpc"
	KeyPair        Kind = "key-pair"
	LaunchTemplate Kind = "launch-template"
)

var (
	theInstance     = Target{Kind: Instance, Member: "InstanceId", Named: ByID}
	instanceElement = Target{Kind: Instance, Member: "Element", Named: ByID}

	// theSecurityGroup is the one that GroupId or GroupName names.
	theSecurityGroup = Target{Kind: SecurityGroup, Member: "Service.SecurityGroupId", Named: ByID}

	// anyResource is what tags are put on: the service reads the type off the id.
	anyResource = Target{Kind: AnyKind, Member: "Element", Named: ByARN}

	// roleOfProfile is what iam:PassRole is about when an instance gets a profile: the role that the profile holds.
	roleOfProfile = Target{Kind: Role, Member: "Service.InstanceProfileArn", Named: ByARN, Via: InstanceProfile}
)

var (
	ec2Region           = Key{"ec2:Region", FromInput, "Region"}
	ec2TagsOfTarget     = Key{"ec2:ResourceTag/${TagKey}", FromTarget, "Tags"}
	passedToEC2         = Key{"iam:PassedToService", FromConstant, "ec2.amazonaws.com"}
	passedToNewInstance = Key{"iam:AssociatedResourceArn", FromTemplate, createdInstanceARN}
	tagsOnInterfaces    = Key{"aws:RequestTag/${TagKey}", FromService, "Service.NetworkInterfaceTags"}
	tagKeysOnInterfaces = Key{"aws:TagKeys", FromService, "Service.NetworkInterfaceTags"}
	tagsOnVolumes       = Key{"aws:RequestTag/${TagKey}", FromService, "Service.VolumeTags"}
	tagKeysOnVolumes    = Key{"aws:TagKeys", FromService, "Service.VolumeTags"}
	tagsOnKeyPairs      = Key{"aws:RequestTag/${TagKey}", FromService, "Service.KeyPairTags"}
	tagsOnGroups        = Key{"aws:RequestTag/${TagKey}", FromService, "Service.SecurityGroupTags"}
	tagKeysOnGroups     = Key{"aws:TagKeys", FromService, "Service.SecurityGroupTags"}
	tagsOnRules         = Key{"aws:RequestTag/${TagKey}", FromService, "Service.SecurityGroupRuleTags"}
	tagKeysOnRules      = Key{"aws:TagKeys", FromService, "Service.SecurityGroupRuleTags"}
	tagKeysOnKeyPairs   = Key{"aws:TagKeys", FromService, "Service.KeyPairTags"}
)

// tagsAtCreation asks about the tags that a call gives what it makes, by type.
func tagsAtCreation(call string) Question {
	return Question{
		Action: "ec2:CreateTags", Each: "TagSpecifications", Resource: ec2ARN + "${Element.ResourceType}/*",
		Keys: []Key{
			ec2Region, {"ec2:CreateAction", FromConstant, call},
			{"aws:RequestTag/${TagKey}", FromInput, "Element.Tags"},
			{"aws:TagKeys", FromInput, "Element.Tags"},
		},
	}
}

// instanceKeys are those of calls on an instance that exists.
var instanceKeys = []Key{
	ec2Region,
	tagsOfTarget,
	ec2TagsOfTarget,
	{"ec2:InstanceID", FromTarget, "InstanceId"},
	{"ec2:InstanceType", FromTarget, "InstanceType"},
	{"ec2:InstanceProfile", FromTarget, "InstanceProfileArn"},
	{"ec2:InstanceMarketType", FromTarget, "InstanceMarketType"},
	{"ec2:AvailabilityZone", FromTarget, "AvailabilityZone"},
	{"ec2:AvailabilityZoneId", FromTarget, "AvailabilityZoneId"},
	{"ec2:EbsOptimized", FromTarget, "EbsOptimized"},
	{"ec2:RootDeviceType", FromTarget, "RootDeviceType"},
	{"ec2:Tenancy", FromTarget, "Tenancy"},
	{"ec2:MetadataHttpEndpoint", FromTarget, "HttpEndpoint"},
	{"ec2:MetadataHttpTokens", FromTarget, "HttpTokens"},
	{"ec2:MetadataHttpPutResponseHopLimit", FromTarget, "HttpPutResponseHopLimit"},
	{"ec2:InstanceMetadataTags", FromTarget, "InstanceMetadataTags"},
}

// newProfileKeys are those of giving an instance a profile.
var newProfileKeys = append(slices.Clip(instanceKeys), Key{"ec2:NewInstanceProfile", FromService, "the ARN of the instance profile"})

// attributeKeys are those of changing an instance.
var attributeKeys = append(slices.Clip(instanceKeys), Key{"ec2:Attribute", FromService, "the member of the attribute: DisableApiTermination"})

// metadataOptionKeys are those of changing how an instance reaches its metadata: each value that is set ("Condition keys for Amazon EC2",
// ec2:Attribute/${AttributeName}: of those that have several), beside those that the instance has.
var metadataOptionKeys = append(slices.Clip(instanceKeys),
	Key{"ec2:Attribute/HttpTokens", FromInput, "HttpTokens"},
	Key{"ec2:Attribute/HttpEndpoint", FromInput, "HttpEndpoint"},
	Key{"ec2:Attribute/HttpPutResponseHopLimit", FromInput, "HttpPutResponseHopLimit"},
	Key{"ec2:Attribute/HttpProtocolIpv6", FromInput, "HttpProtocolIpv6"},
	Key{"ec2:Attribute/InstanceMetadataTags", FromInput, "InstanceMetadataTags"},
)

// theSecurityGroupKeys are those of calls on a security group that exists.
var theSecurityGroupKeys = []Key{
	ec2Region, tagsOfTarget, ec2TagsOfTarget, {"ec2:SecurityGroupID", FromTarget, "GroupId"}, {"ec2:Vpc", FromTarget, "VpcArn"},
}

// ofLaunchTemplate says of each resource of a launch whether the launch template names it, and the input does not.
var ofLaunchTemplate = Key{"ec2:IsLaunchTemplateResource", FromService, "whether the launch template names the resource"}

// runInstanceKeys are those of launching an instance. What the input leaves out has the value that the instance gets: a deny of
// that value cannot be escaped by saying nothing. Of the metadata options only what is said counts ("Example policies", working with
// instance metadata: who does not specify that IMDSv2 is required is refused, whatever the image recommends).
var runInstanceKeys = []Key{
	ec2Region,
	ofLaunchTemplate,
	{"aws:RequestTag/${TagKey}", FromService, "Service.InstanceTags"},
	{"aws:TagKeys", FromService, "Service.InstanceTags"},
	{"ec2:InstanceType", FromService, "InstanceType of the input or the launch template"},
	{"ec2:InstanceProfile", FromService, "the ARN of the instance profile"},
	{"ec2:InstanceMarketType", FromService, "MarketType of the input, or on-demand"},
	{"ec2:AvailabilityZone", FromService, "the zone of the subnet"},
	{"ec2:AvailabilityZoneId", FromService, "the id of the zone of the subnet"},
	{"ec2:EbsOptimized", FromService, "EbsOptimized of the input, or false"},
	{"ec2:RootDeviceType", FromService, "that of the image"},
	{"ec2:Tenancy", FromService, "Tenancy of the input, or default"},
	{"ec2:MetadataHttpEndpoint", FromInput, "MetadataOptions.HttpEndpoint"},
	{"ec2:MetadataHttpTokens", FromInput, "MetadataOptions.HttpTokens"},
	{"ec2:MetadataHttpPutResponseHopLimit", FromInput, "MetadataOptions.HttpPutResponseHopLimit"},
	{"ec2:InstanceMetadataTags", FromInput, "MetadataOptions.InstanceMetadataTags"},
}

// newVolumeKeys are those of each volume that a launch makes.
var newVolumeKeys = []Key{
	ec2Region,
	ofLaunchTemplate,
	tagsOnVolumes,
	tagKeysOnVolumes,
	{"ec2:AvailabilityZone", FromService, "the zone of the subnet"},
	{"ec2:AvailabilityZoneId", FromService, "the id of the zone of the subnet"},
	{"ec2:Encrypted", FromService, "whether the volume is encrypted"},
	{"ec2:ParentSnapshot", FromService, "the ARN of the snapshot that the volume is made of"},
	{"ec2:VolumeIops", FromService, "Iops, if they are said"},
	{"ec2:VolumeSize", FromService, "GiB, of the input or the snapshot"},
	{"ec2:VolumeThroughput", FromService, "Throughput, if it is said"},
	{"ec2:VolumeType", FromService, "VolumeType of the input, or that of the image"},
}

// imageKeys, subnetKeys and securityGroupKeys are those of what an instance is launched from and into.
var (
	imageKeys = []Key{
		ec2Region,
		ofLaunchTemplate,
		tagsOfTarget,
		ec2TagsOfTarget,
		{"ec2:ImageID", FromTarget, "ImageId"},
		{"ec2:ImageType", FromTarget, "ImageType"},
		{"ec2:Owner", FromTarget, "Owner"},
		{"ec2:Public", FromTarget, "Public"},
		{"ec2:RootDeviceType", FromTarget, "RootDeviceType"},
	}
	subnetKeys = []Key{
		ec2Region,
		ofLaunchTemplate,
		tagsOfTarget,
		ec2TagsOfTarget,
		{"ec2:AvailabilityZone", FromTarget, "AvailabilityZone"},
		{"ec2:AvailabilityZoneId", FromTarget, "AvailabilityZoneId"},
		{"ec2:SubnetID", FromTarget, "SubnetId"},
		{"ec2:Vpc", FromTarget, "VpcArn"},
	}
	securityGroupKeys = []Key{
		ec2Region,
		ofLaunchTemplate,
		tagsOfTarget,
		ec2TagsOfTarget,
		{"ec2:SecurityGroupID", FromTarget, "GroupId"},
		{"ec2:Vpc", FromTarget, "VpcArn"},
	}
)
