package ec2

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A describeInstancesInput is the input of DescribeInstances.
type describeInstancesInput struct {
	InstanceIds []string `wire:"InstanceId"`
	Filters     []filter `wire:"Filter"`
	DryRun      *bool
	MaxResults  *int32
	NextToken   *string
}

// A describeInstancesOutput is the output of DescribeInstances.
type describeInstancesOutput struct {
	Reservations []reservation `wire:"reservationSet"`
	NextToken    *string       `wire:"nextToken"`
}

// A listed is an instance in a list, with what is shown of it.
type listed struct {
	stored instance
	shown  instanceInfo
	owner  string
}

var instanceList = list[listed]{
	key:        func(l listed) string { return l.stored.Reservation + "\x00" + l.stored.ID },
	attributes: instanceAttributes,
}

var describeInstances = service.Reading[describeInstancesInput]{
	Check: func(in *describeInstancesInput) error {
		if err := checkIDs("i", in.InstanceIds...); err != nil {
			return err
		}
		if err := checkFilters(in.Filters, instanceList.anything()); err != nil {
			return err
		}
		return checkMax(in.MaxResults, len(in.InstanceIds), "instancesSet", 5, 1000)
	},
	Act: func(c *service.Call, in *describeInstancesInput, r identity.Reader) (service.Answer, error) {
		all, err := listInstances(c, r, in.InstanceIds)
		if err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		some, next, err := instanceList.page(c, all, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeInstancesOutput{reservationsOf(c, some), next}), err
	},
}

// listInstances returns the instances that were named, or all of the region.
func listInstances(c *service.Call, r identity.Reader, ids []string) ([]listed, error) {
	n := networkOf(c)
	var all []listed
	for i, err := range instancesOf(r, n.region) {
		if err != nil {
			return nil, err
		}
		if i.gone(c.Now()) || len(ids) > 0 && !slices.Contains(ids, i.ID) {
			continue
		}
		tags, err := readTags(r, n.region, i.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, listed{i, i.shown(n, tags, c.Now()), n.account})
	}
	if _, absent := chosen(all, ids, func(l listed) string { return l.stored.ID }); len(absent) > 0 {
		return nil, noSuchInstances(absent)
	}
	return all, nil
}

// reservationsOf puts instances together that were launched together. They are neighbours.
func reservationsOf(c *service.Call, some []listed) []reservation {
	out := []reservation{}
	for _, l := range some {
		if len(out) == 0 || out[len(out)-1].ReservationID != l.stored.Reservation {
			out = append(out, reservation{ReservationID: l.stored.Reservation, OwnerID: c.Account(), Groups: []groupName{}})
		}
		last := &out[len(out)-1]
		last.Instances = append(last.Instances, l.shown)
	}
	for i := range out {
		slices.SortStableFunc(out[i].Instances, func(a, b instanceInfo) int { return cmp.Compare(a.LaunchIndex, b.LaunchIndex) })
	}
	return out
}

// instanceAttributes are what instances are filtered by (API Reference, DescribeInstances, Filter.N).
func instanceAttributes(l listed) attributes {
	i, s := &l.stored, &l.shown
	a := attributes{
		"affinity": nil, "architecture": {i.Architecture}, "availability-zone": {i.Zone}, "availability-zone-id": {i.ZoneID},
		"boot-mode": some(i.BootMode), "client-token": some(i.Token), "dns-name": nil, "ebs-optimized": {strconv.FormatBool(i.EbsOptimized)},
		"ena-support": {"true"}, "enclave-options.enabled": {"false"}, "hibernation-options.configured": {"false"}, "host-id": nil,
		"hypervisor": {"xen"}, "iam-instance-profile.arn": some(i.Profile), "iam-instance-profile.id": some(i.ProfileID),
		"image-id": {i.Image}, "instance-id": {i.ID}, "instance-lifecycle": nil, "instance-state-code": {strconv.Itoa(int(s.State.Code))},
		"instance-state-name": {string(s.State.Name)}, "instance-type": {i.Type}, "ip-address": nil, "ipv6-address": nil, "kernel-id": nil,
		"key-name": some(i.KeyName), "launch-index": {strconv.Itoa(int(i.Index))}, "launch-time": {stamp(i.Launched)},
		"metadata-options.http-endpoint":               {i.Metadata.Endpoint},
		"metadata-options.http-put-response-hop-limit": {strconv.Itoa(int(i.Metadata.HopLimit))},
		"metadata-options.http-tokens":                 {i.Metadata.Tokens}, "metadata-options.http-protocol-ipv6": {i.Metadata.IPv6},
		"metadata-options.instance-metadata-tags": {i.Metadata.Tags}, "metadata-options.state": {s.MetadataOptions.State},
		"monitoring-state": {i.monitoring()}, "outpost-arn": nil, "owner-id": {l.owner},
		"placement-group-name": nil, "placement-partition-number": nil, "platform": nil, "platform-details": {"Linux/UNIX"},
		"product-code": nil, "product-code.type": nil, "ramdisk-id": nil, "reason": some(text(s.Reason)), "requester-id": nil,
		"reservation-id": {i.Reservation}, "root-device-name": {i.RootDevice}, "root-device-type": {"ebs"}, "spot-instance-request-id": nil,
		"state-reason-code": nil, "state-reason-message": nil, "tenancy": {"default"}, "usage-operation": {"RunInstances"},
		"usage-operation-update-time": {stamp(s.UsageUpdated)}, "virtualization-type": {"hvm"}, "network-interface.association.public-ip": nil, "network-interface.addresses.association.public-ip": nil,
	}
	if s.StateReason != nil {
		a["state-reason-code"], a["state-reason-message"] = some(s.StateReason.Code), some(s.StateReason.Message)
	}
	return a.placed(l).tagged(storedTags(s.Tags))
}

// placed adds the attributes that an instance loses when it is terminated.
func (a attributes) placed(l listed) attributes {
	s := &l.shown
	for _, name := range []string{"private-dns-name", "private-ip-address", "subnet-id", "vpc-id", "source-dest-check",
		"private-dns-name-options.hostname-type", "private-dns-name-options.enable-resource-name-dns-a-record",
		"private-dns-name-options.enable-resource-name-dns-aaaa-record"} {
		a[name] = nil
	}
	for _, name := range []string{"group-id", "group-name"} {
		a["instance."+name], a["network-interface."+name] = nil, nil
	}
	for name := range new(interfaceInfo).attributes(l) {
		a["network-interface."+name] = nil
	}
	for _, name := range []string{"attach-time", "device-name", "volume-id", "status", "delete-on-termination"} {
		a["block-device-mapping."+name] = nil
	}
	for _, f := range s.NetworkInterfaces {
		a["private-dns-name"], a["private-ip-address"], a["source-dest-check"] = []string{f.PrivateDNSName}, []string{f.PrivateIPAddress}, []string{"true"}
		a["subnet-id"], a["vpc-id"] = []string{f.SubnetID}, []string{f.VpcID}
		for name, value := range f.attributes(l) {
			a["network-interface."+name] = []string{value}
		}
	}
	if o := s.PrivateDNSOptions; o != nil {
		a["private-dns-name-options.hostname-type"] = []string{o.HostnameType}
		a["private-dns-name-options.enable-resource-name-dns-a-record"] = []string{strconv.FormatBool(o.ARecord)}
		a["private-dns-name-options.enable-resource-name-dns-aaaa-record"] = []string{strconv.FormatBool(o.AAAARecord)}
	}
	for _, g := range s.SecurityGroups {
		for _, of := range []string{"instance.", "network-interface."} {
			a[of+"group-id"] = append(a[of+"group-id"], g.GroupID)
			a[of+"group-name"] = append(a[of+"group-name"], g.GroupName)
		}
	}
	for _, d := range s.BlockDevices {
		a["block-device-mapping.device-name"] = append(a["block-device-mapping.device-name"], d.DeviceName)
		a["block-device-mapping.volume-id"] = append(a["block-device-mapping.volume-id"], d.Ebs.VolumeID)
		a["block-device-mapping.status"], a["block-device-mapping.delete-on-termination"] = []string{d.Ebs.Status}, []string{"true"}
		a["block-device-mapping.attach-time"] = []string{stamp(d.Ebs.AttachTime)}
	}
	return a
}

// attributes are what the network interface of an instance is filtered by, without "network-interface.".
func (f *interfaceInfo) attributes(of listed) map[string]string {
	at, number := &f.Attachment, func(n int32) string { return strconv.Itoa(int(n)) }
	return map[string]string{
		"network-interface-id": f.NetworkInterfaceID, "subnet-id": f.SubnetID, "vpc-id": f.VpcID, "mac-address": f.MacAddress,
		"private-dns-name": f.PrivateDNSName, "status": f.Status, "private-ip-address": f.PrivateIPAddress, "description": text(f.Description),
		"owner-id": f.OwnerID, "availability-zone": of.stored.Zone, "source-dest-check": strconv.FormatBool(f.SourceDestCheck),
		"requester-managed": "false", "addresses.primary": "true", "addresses.private-ip-address": f.PrivateIPAddress,
		"addresses.private-dns-name": f.PrivateDNSName, "attachment.attach-time": stamp(at.AttachTime), "attachment.attachment-id": at.AttachmentID,
		"attachment.delete-on-termination": strconv.FormatBool(at.DeleteOnTermination), "attachment.device-index": number(at.DeviceIndex),
		"attachment.instance-id": of.stored.ID, "attachment.instance-owner-id": of.owner,
		"attachment.network-card-index": number(at.NetworkCardIndex), "attachment.status": at.Status,
	}
}

// some are the values of an attribute that has one unless it is empty.
func some(value string) []string {
	if value == "" {
		return nil
	}
	return []string{value}
}
