package ec2

import (
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeInterfacesInput struct {
	InterfaceIds []string `wire:"NetworkInterfaceId"`
	Filters      []filter `wire:"Filter"`
	MaxResults   *int32
	NextToken    *string
	DryRun       *bool
}

type describeInterfacesOutput struct {
	Interfaces []networkInterface `wire:"networkInterfaceSet"`
	NextToken  *string            `wire:"nextToken"`
}

// A networkInterface is that of an instance, as answers show it by itself.
type networkInterface struct {
	NetworkInterfaceID string              `wire:"networkInterfaceId"`
	SubnetID           string              `wire:"subnetId"`
	VpcID              string              `wire:"vpcId"`
	AvailabilityZone   string              `wire:"availabilityZone"`
	Description        *string             `wire:"description"`
	OwnerID            string              `wire:"ownerId"`
	RequesterManaged   bool                `wire:"requesterManaged"`
	Status             string              `wire:"status"`
	MacAddress         string              `wire:"macAddress"`
	PrivateIPAddress   string              `wire:"privateIpAddress"`
	PrivateDNSName     string              `wire:"privateDnsName"`
	SourceDestCheck    bool                `wire:"sourceDestCheck"`
	Groups             []groupName         `wire:"groupSet"`
	Attachment         interfaceAttachment `wire:"attachment"`
	Tags               []tagInfo           `wire:"tagSet"`
	Addresses          []interfaceAddress  `wire:"privateIpAddressesSet"`
	Ipv6Addresses      []struct{}          `wire:"ipv6AddressesSet"`
	InterfaceType      string              `wire:"interfaceType"`

	of    listed
	shown interfaceInfo
}

type interfaceAttachment struct {
	AttachmentID        string    `wire:"attachmentId"`
	InstanceID          string    `wire:"instanceId"`
	InstanceOwnerID     string    `wire:"instanceOwnerId"`
	DeviceIndex         int32     `wire:"deviceIndex"`
	Status              string    `wire:"status"`
	AttachTime          time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
	NetworkCardIndex    int32     `wire:"networkCardIndex"`
}

var interfaceList = list[networkInterface]{
	key: func(f networkInterface) string { return f.NetworkInterfaceID },
	attributes: func(f networkInterface) attributes {
		a := attributes{"group-id": nil, "group-name": nil, "interface-type": {f.InterfaceType}}
		for name, value := range f.shown.attributes(f.of) {
			a[name] = []string{value}
		}
		for _, g := range f.Groups {
			a["group-id"], a["group-name"] = append(a["group-id"], g.GroupID), append(a["group-name"], g.GroupName)
		}
		return a.tagged(storedTags(f.Tags))
	},
}

var describeInterfaces = service.Reading[describeInterfacesInput]{
	Check: func(in *describeInterfacesInput) error {
		if err := checkIDs("eni", in.InterfaceIds...); err != nil {
			return err
		}
		if err := checkFilters(in.Filters, interfaceList.anything()); err != nil {
			return err
		}
		return checkMax(in.MaxResults, len(in.InterfaceIds), "networkInterfaceIds", 5, 1000)
	},
	Act: func(c *service.Call, in *describeInterfacesInput, r identity.Reader) (service.Answer, error) {
		all, err := shownInterfaces(c, r)
		if err != nil {
			return service.Answer{}, err
		}
		found, absent := chosen(all, in.InterfaceIds, interfaceList.key)
		if len(absent) > 0 {
			k, _ := kindOf("eni")
			return service.Answer{}, k.absent(strings.Join(absent, ", "))
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		some, next, err := interfaceList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeInterfacesOutput{some, next}), err
	},
}

// shownInterfaces are the network interfaces of all instances that have not been terminated.
func shownInterfaces(c *service.Call, r identity.Reader) ([]networkInterface, error) {
	instances, err := listInstances(c, r, nil)
	if err != nil {
		return nil, err
	}
	var out []networkInterface
	for _, l := range instances {
		for _, f := range l.shown.NetworkInterfaces {
			tags, err := readTags(r, l.stored.Region, f.NetworkInterfaceID)
			if err != nil {
				return nil, err
			}
			at := &f.Attachment
			out = append(out, networkInterface{
				NetworkInterfaceID: f.NetworkInterfaceID, SubnetID: f.SubnetID, VpcID: f.VpcID, AvailabilityZone: l.stored.Zone,
				Description: f.Description, OwnerID: f.OwnerID, Status: f.Status, MacAddress: f.MacAddress, PrivateIPAddress: f.PrivateIPAddress,
				PrivateDNSName: f.PrivateDNSName, SourceDestCheck: f.SourceDestCheck, Groups: f.Groups, Tags: shownTags(tags),
				Addresses: f.Addresses, Ipv6Addresses: f.Ipv6Addresses, InterfaceType: f.InterfaceType, of: l, shown: f,
				Attachment: interfaceAttachment{
					at.AttachmentID, l.stored.ID, l.owner, at.DeviceIndex, at.Status, at.AttachTime, at.DeleteOnTermination, at.NetworkCardIndex,
				},
			})
		}
	}
	return out, nil
}
