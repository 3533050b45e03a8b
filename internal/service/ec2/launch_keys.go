package ec2

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// gatherLaunch works out what a launch touches, and how. What the input leaves out has the value that the instance will get.
func gatherLaunch(c *service.Call, r identity.Reader, in *runInstancesInput) (service.Gathered, error) {
	n := networkOf(c)
	profile, err := in.IamInstanceProfile.find(n, r)
	if err != nil {
		return service.Gathered{}, err
	}
	groups, err := in.groups(n, r)
	if err != nil {
		return service.Gathered{}, err
	}
	into, at := in.subnet(n)
	g := service.Gathered{
		Texts: map[string]string{
			"ImageId": *in.ImageId, "ec2:InstanceType": in.instanceType(), "ec2:InstanceMarketType": onDemand, "ec2:Tenancy": tenancy,
			"ec2:EbsOptimized": strconv.FormatBool(isTrue(in.EbsOptimized)), "ec2:RootDeviceType": rootDeviceType,
			"ec2:AvailabilityZone": at.name, "ec2:AvailabilityZoneId": at.id, "ec2:IsLaunchTemplateResource": "false",
			"ec2:Subnet": n.arn("subnet", into), "ec2:Vpc": n.arn("vpc", n.vpc()),
		},
		Lists: map[string][]string{"SubnetIds": {into}, "SecurityGroupIds": groups},
		Tags: map[string][]identity.Tag{
			"InstanceTags": tagsOf(in.tagsFor("instance")), "VolumeTags": tagsOf(in.tagsFor("volume")),
			"NetworkInterfaceTags": tagsOf(in.tagsFor("network-interface")),
		},
		Elements: map[service.Element]map[string][]string{},
	}
	if len(in.NetworkInterfaces) > 0 && in.NetworkInterfaces[0].AssociatePublicIpAddress != nil {
		g.Texts["ec2:AssociatePublicIpAddress"] = strconv.FormatBool(*in.NetworkInterfaces[0].AssociatePublicIpAddress)
	}
	if profile.ARN != "" {
		g.Texts["InstanceProfileArn"], g.Texts["ec2:InstanceProfile"] = profile.ARN, profile.ARN
	}
	from, _ := findImage(n.region, *in.ImageId)
	for i, v := range in.volumes(from, n.region) {
		index := strconv.Itoa(i)
		g.Lists["Volumes"] = append(g.Lists["Volumes"], index)
		g.Elements[service.Element{List: "Volumes", Text: index}] = v.keys(n)
	}
	return g, nil
}

// keys are the condition keys of a volume that is about to be made.
func (v volume) keys(n network) map[string][]string {
	out := map[string][]string{
		"ec2:Encrypted": {strconv.FormatBool(v.Encrypted)}, "ec2:VolumeSize": {strconv.Itoa(int(v.Size))}, "ec2:VolumeType": {v.Type},
	}
	if v.IOPS != 0 {
		out["ec2:VolumeIops"] = []string{strconv.Itoa(int(v.IOPS))}
	}
	if v.Throughput != 0 {
		out["ec2:VolumeThroughput"] = []string{strconv.Itoa(int(v.Throughput))}
	}
	if v.Snapshot != "" {
		out["ec2:ParentSnapshot"] = []string{n.arn("snapshot", v.Snapshot)}
	}
	return out
}

// attributes are what rows say of an instance that exists.
func (i *instance) attributes() map[string]string {
	out := map[string]string{
		"InstanceId": i.ID, "InstanceType": i.Type, "InstanceMarketType": onDemand, "AvailabilityZone": i.Zone, "AvailabilityZoneId": i.ZoneID,
		"EbsOptimized": strconv.FormatBool(i.EbsOptimized), "RootDeviceType": rootDeviceType, "Tenancy": tenancy,
		"HttpEndpoint": i.Metadata.Endpoint, "HttpTokens": i.Metadata.Tokens,
		"HttpPutResponseHopLimit": strconv.Itoa(int(i.Metadata.HopLimit)), "InstanceMetadataTags": i.Metadata.Tags,
	}
	if i.Profile != "" {
		out["InstanceProfileArn"] = i.Profile
	}
	return out
}

// What all instances here are.
const (
	onDemand       = "on-demand"
	tenancy        = "default"
	rootDeviceType = "ebs"
)

// instanceType is the type that is launched (API Reference, RunInstances: "Default: m1.small").
func (in *runInstancesInput) instanceType() string {
	if in.InstanceType == nil || *in.InstanceType == "" {
		return "m1.small"
	}
	return *in.InstanceType
}

// subnet is the id of the subnet that is launched into, and the zone that it is in or that was asked for.
func (in *runInstancesInput) subnet(n network) (id string, at zone) {
	id = text(in.SubnetId)
	if len(in.NetworkInterfaces) > 0 {
		id = text(in.NetworkInterfaces[0].SubnetId)
	}
	if in.Placement != nil {
		at.name = text(in.Placement.AvailabilityZone)
	}
	if id == "" {
		if s, ok := n.subnetOf(at.name); ok {
			return s.id, s.zone
		}
		return derived("subnet", n.account, at.name), at
	}
	if s, ok := n.subnet(id); ok {
		return id, s.zone
	}
	return id, at
}

// groups are the ids of the security groups of the instance. A name that no group has stays a name.
func (in *runInstancesInput) groups(n network, r identity.Reader) ([]string, error) {
	ids := slices.Clone(in.SecurityGroupIds)
	if len(in.NetworkInterfaces) > 0 {
		ids = slices.Clone(in.NetworkInterfaces[0].Groups)
	}
	if len(in.SecurityGroups) > 0 {
		all, err := securityGroups(r, n) // once, however many are named: nothing is authorised yet
		if err != nil {
			return nil, err
		}
		named := map[string]string{}
		for _, g := range all {
			named[g.Name] = g.ID
		}
		for _, name := range in.SecurityGroups {
			ids = append(ids, cmp.Or(named[name], name))
		}
	}
	if len(ids) == 0 {
		return []string{n.group()}, nil
	}
	slices.Sort(ids)
	return slices.Compact(ids), nil
}
