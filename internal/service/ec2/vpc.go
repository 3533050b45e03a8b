package ec2

import (
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeVPCsInput struct {
	VpcIds     []string `wire:"VpcId"`
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeVPCsOutput struct {
	NextToken *string   `wire:"nextToken"`
	Vpcs      []vpcInfo `wire:"vpcSet"`
}

type vpcInfo struct {
	OwnerID         string     `wire:"ownerId"`
	InstanceTenancy string     `wire:"instanceTenancy"`
	Blocks          []vpcRange `wire:"cidrBlockAssociationSet"`
	IsDefault       bool       `wire:"isDefault"`
	Tags            []tagInfo  `wire:"tagSet"`
	VpcID           string     `wire:"vpcId"`
	State           string     `wire:"state"`
	CidrBlock       string     `wire:"cidrBlock"`
	DhcpOptionsID   string     `wire:"dhcpOptionsId"`
}

type vpcRange struct {
	AssociationID string     `wire:"associationId"`
	CidrBlock     string     `wire:"cidrBlock"`
	State         rangeState `wire:"cidrBlockState"`
}

type rangeState struct {
	State string `wire:"state"`
}

var vpcList = list[vpcInfo]{
	key: func(v vpcInfo) string { return v.VpcID },
	attributes: func(v vpcInfo) attributes {
		a := attributes{
			"cidr": {v.CidrBlock}, "dhcp-options-id": {v.DhcpOptionsID}, "is-default": {strconv.FormatBool(v.IsDefault)},
			"isDefault": {strconv.FormatBool(v.IsDefault)}, "owner-id": {v.OwnerID}, "state": {v.State}, "vpc-id": {v.VpcID}, "cidr-block-association.cidr-block": nil, "cidr-block-association.association-id": nil,
			"cidr-block-association.state": nil, "ipv6-cidr-block-association.ipv6-cidr-block": nil,
			"ipv6-cidr-block-association.ipv6-pool": nil, "ipv6-cidr-block-association.association-id": nil,
			"ipv6-cidr-block-association.state": nil,
		}
		for _, b := range v.Blocks {
			a["cidr-block-association.cidr-block"] = append(a["cidr-block-association.cidr-block"], b.CidrBlock)
			a["cidr-block-association.association-id"] = append(a["cidr-block-association.association-id"], b.AssociationID)
			a["cidr-block-association.state"] = append(a["cidr-block-association.state"], b.State.State)
		}
		return a.tagged(storedTags(v.Tags))
	},
}

var describeVPCs = service.Reading[describeVPCsInput]{
	Check: func(in *describeVPCsInput) error {
		if err := checkIDs("vpc", in.VpcIds...); err != nil {
			return err
		}
		if err := checkMax(in.MaxResults, len(in.VpcIds), "vpcIds", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, vpcList.anything())
	},
	Act: func(c *service.Call, in *describeVPCsInput, r identity.Reader) (service.Answer, error) {
		n := networkOf(c)
		tags, err := readTags(r, n.region, n.vpc())
		if err != nil {
			return service.Answer{}, err
		}
		all := []vpcInfo{{
			OwnerID: n.account, InstanceTenancy: "default", IsDefault: true, Tags: shownTags(tags), VpcID: n.vpc(), State: "available",
			CidrBlock: vpcBlock, DhcpOptionsID: derived("dopt", n.account, n.region),
			Blocks: []vpcRange{{derived("vpc-cidr-assoc", n.account, n.region), vpcBlock, rangeState{"associated"}}},
		}}
		found, absent := chosen(all, in.VpcIds, vpcList.key)
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidVpcID.NotFound", "The vpc ID '"+strings.Join(absent, ", ")+"' does not exist")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := vpcList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeVPCsOutput{next, out}), err
	},
}

type describeSubnetsInput struct {
	SubnetIds  []string `wire:"SubnetId"`
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeSubnetsOutput struct {
	NextToken *string      `wire:"nextToken"`
	Subnets   []subnetInfo `wire:"subnetSet"`
}

type subnetInfo struct {
	AvailabilityZoneID          string    `wire:"availabilityZoneId"`
	MapCustomerOwnedIPOnLaunch  bool      `wire:"mapCustomerOwnedIpOnLaunch"`
	OwnerID                     string    `wire:"ownerId"`
	AssignIpv6AddressOnCreation bool      `wire:"assignIpv6AddressOnCreation"`
	Tags                        []tagInfo `wire:"tagSet"`
	SubnetArn                   string    `wire:"subnetArn"`
	EnableDns64                 bool      `wire:"enableDns64"`
	Ipv6Native                  bool      `wire:"ipv6Native"`
	SubnetID                    string    `wire:"subnetId"`
	State                       string    `wire:"state"`
	VpcID                       string    `wire:"vpcId"`
	CidrBlock                   string    `wire:"cidrBlock"`
	AvailableIPAddressCount     int32     `wire:"availableIpAddressCount"`
	AvailabilityZone            string    `wire:"availabilityZone"`
	DefaultForAz                bool      `wire:"defaultForAz"`
	MapPublicIPOnLaunch         bool      `wire:"mapPublicIpOnLaunch"`
}

var subnetList = list[subnetInfo]{
	key: func(s subnetInfo) string { return s.SubnetID },
	attributes: func(s subnetInfo) attributes {
		return attributes{
			"availability-zone": {s.AvailabilityZone}, "availabilityZone": {s.AvailabilityZone}, "availability-zone-id": {s.AvailabilityZoneID},
			"availabilityZoneId": {s.AvailabilityZoneID}, "available-ip-address-count": {strconv.Itoa(int(s.AvailableIPAddressCount))},
			"cidr-block": {s.CidrBlock}, "cidr": {s.CidrBlock}, "cidrBlock": {s.CidrBlock},
			"default-for-az": {strconv.FormatBool(s.DefaultForAz)}, "defaultForAz": {strconv.FormatBool(s.DefaultForAz)},
			"enable-dns64": {"false"}, "ipv6-native": {"false"}, "map-public-ip-on-launch": {"false"}, "map-customer-owned-ip-on-launch": {"false"},
			"customer-owned-ipv4-pool": nil, "outpost-arn": nil, "ipv6-cidr-block-association.ipv6-cidr-block": nil,
			"ipv6-cidr-block-association.association-id": nil, "ipv6-cidr-block-association.state": nil,
			"owner-id": {s.OwnerID}, "state": {s.State}, "subnet-arn": {s.SubnetArn}, "subnet-id": {s.SubnetID}, "vpc-id": {s.VpcID},
		}.tagged(storedTags(s.Tags))
	},
}

var describeSubnets = service.Reading[describeSubnetsInput]{
	Check: func(in *describeSubnetsInput) error {
		if err := checkIDs("subnet", in.SubnetIds...); err != nil {
			return err
		}
		if err := checkMax(in.MaxResults, len(in.SubnetIds), "subnetIds", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, subnetList.anything())
	},
	Act: func(c *service.Call, in *describeSubnetsInput, r identity.Reader) (service.Answer, error) {
		all, err := shownSubnets(c, r)
		if err != nil {
			return service.Answer{}, err
		}
		found, absent := chosen(all, in.SubnetIds, subnetList.key)
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidSubnetID.NotFound", "The subnet ID '"+strings.Join(absent, ", ")+"' does not exist")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := subnetList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeSubnetsOutput{next, out}), err
	},
}

func shownSubnets(c *service.Call, r identity.Reader) ([]subnetInfo, error) {
	n := networkOf(c)
	taken := map[string]int32{}
	for i, err := range instancesOf(r, n.region) {
		if err != nil {
			return nil, err
		}
		if i.state(c.Now()) != terminated {
			taken[i.Subnet]++
		}
	}
	var out []subnetInfo
	for _, s := range n.subnets() {
		tags, err := readTags(r, n.region, s.id)
		if err != nil {
			return nil, err
		}
		out = append(out, subnetInfo{
			AvailabilityZoneID: s.zone.id, OwnerID: n.account, Tags: shownTags(tags), SubnetArn: n.arn("subnet", s.id), SubnetID: s.id,
			State: "available", VpcID: n.vpc(), CidrBlock: s.block(), AvailableIPAddressCount: subnetHosts - taken[s.id],
			AvailabilityZone: s.zone.name, DefaultForAz: true,
		})
	}
	return out, nil
}
