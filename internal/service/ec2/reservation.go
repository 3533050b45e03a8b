package ec2

import (
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A reservation is one launch, as answers show it.
type reservation struct {
	ReservationID string         `wire:"reservationId"`
	OwnerID       string         `wire:"ownerId"`
	Groups        []groupName    `wire:"groupSet"`
	Instances     []instanceInfo `wire:"instancesSet"`
}

type groupName struct {
	GroupID   string `wire:"groupId"`
	GroupName string `wire:"groupName"`
}

// An instanceInfo is an instance, as answers show it.
type instanceInfo struct {
	InstanceID         string             `wire:"instanceId"`
	ImageID            string             `wire:"imageId"`
	State              stateInfo          `wire:"instanceState"`
	PrivateDNSName     *string            `wire:"privateDnsName"` // written even if it is empty, as are the next two
	PublicDNSName      *string            `wire:"dnsName"`
	Reason             *string            `wire:"reason"`
	KeyName            string             `wire:"keyName"`
	LaunchIndex        int32              `wire:"amiLaunchIndex"`
	ProductCodes       []struct{}         `wire:"productCodes"`
	InstanceType       string             `wire:"instanceType"`
	LaunchTime         time.Time          `wire:"launchTime"`
	Placement          placement          `wire:"placement"`
	Monitoring         monitoringState    `wire:"monitoring"`
	SubnetID           string             `wire:"subnetId"`
	VpcID              string             `wire:"vpcId"`
	PrivateIPAddress   string             `wire:"privateIpAddress"`
	SourceDestCheck    *bool              `wire:"sourceDestCheck"`
	SecurityGroups     []groupName        `wire:"groupSet"`
	StateReason        *stateReason       `wire:"stateReason"`
	Architecture       string             `wire:"architecture"`
	RootDeviceType     string             `wire:"rootDeviceType"`
	RootDeviceName     string             `wire:"rootDeviceName"`
	BlockDevices       []instanceDevice   `wire:"blockDeviceMapping"`
	VirtualizationType string             `wire:"virtualizationType"`
	ClientToken        *string            `wire:"clientToken"`
	Tags               []tagInfo          `wire:"tagSet"`
	Hypervisor         string             `wire:"hypervisor"`
	NetworkInterfaces  []interfaceInfo    `wire:"networkInterfaceSet"`
	IamInstanceProfile *profileInfo       `wire:"iamInstanceProfile"`
	EbsOptimized       bool               `wire:"ebsOptimized"`
	EnaSupport         bool               `wire:"enaSupport"`
	MetadataOptions    metadataInfo       `wire:"metadataOptions"`
	EnclaveOptions     enabledOption      `wire:"enclaveOptions"`
	HibernationOptions hibernation        `wire:"hibernationOptions"`
	BootMode           string             `wire:"bootMode"`
	PlatformDetails    string             `wire:"platformDetails"`
	UsageOperation     string             `wire:"usageOperation"`
	UsageUpdated       time.Time          `wire:"usageOperationUpdateTime"`
	PrivateDNSOptions  *privateDNSOptions `wire:"privateDnsNameOptions"`
}

type stateInfo struct {
	Code int32     `wire:"code"`
	Name stateName `wire:"name"`
}

type placement struct {
	AvailabilityZone   string  `wire:"availabilityZone"`
	AvailabilityZoneID string  `wire:"availabilityZoneId"`
	GroupName          *string `wire:"groupName"`
	Tenancy            string  `wire:"tenancy"`
}

type monitoringState struct {
	State string `wire:"state"`
}

type stateReason struct {
	Code    string `wire:"code"`
	Message string `wire:"message"`
}

type instanceDevice struct {
	DeviceName string         `wire:"deviceName"`
	Ebs        instanceVolume `wire:"ebs"`
}

type instanceVolume struct {
	VolumeID            string    `wire:"volumeId"`
	Status              string    `wire:"status"`
	AttachTime          time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
}

type interfaceInfo struct {
	NetworkInterfaceID string             `wire:"networkInterfaceId"`
	SubnetID           string             `wire:"subnetId"`
	VpcID              string             `wire:"vpcId"`
	Description        *string            `wire:"description"`
	OwnerID            string             `wire:"ownerId"`
	Status             string             `wire:"status"`
	MacAddress         string             `wire:"macAddress"`
	PrivateIPAddress   string             `wire:"privateIpAddress"`
	PrivateDNSName     string             `wire:"privateDnsName"`
	SourceDestCheck    bool               `wire:"sourceDestCheck"`
	Groups             []groupName        `wire:"groupSet"`
	Attachment         attachment         `wire:"attachment"`
	Addresses          []interfaceAddress `wire:"privateIpAddressesSet"`
	Ipv6Addresses      []struct{}         `wire:"ipv6AddressesSet"`
	InterfaceType      string             `wire:"interfaceType"`
}

type attachment struct {
	AttachmentID        string    `wire:"attachmentId"`
	DeviceIndex         int32     `wire:"deviceIndex"`
	Status              string    `wire:"status"`
	AttachTime          time.Time `wire:"attachTime"`
	DeleteOnTermination bool      `wire:"deleteOnTermination"`
	NetworkCardIndex    int32     `wire:"networkCardIndex"`
}

type interfaceAddress struct {
	Primary          bool   `wire:"primary"`
	PrivateIPAddress string `wire:"privateIpAddress"`
	PrivateDNSName   string `wire:"privateDnsName"`
}

type profileInfo struct {
	ARN string `wire:"arn"`
	ID  string `wire:"id"`
}

type enabledOption struct {
	Enabled bool `wire:"enabled"`
}

type hibernation struct {
	Configured bool `wire:"configured"`
}

type privateDNSOptions struct {
	HostnameType string `wire:"hostnameType"`
	ARecord      bool   `wire:"enableResourceNameDnsARecord"`
	AAAARecord   bool   `wire:"enableResourceNameDnsAAAARecord"`
}

// reservationOf shows the instances of one launch.
func reservationOf(c *service.Call, r identity.Reader, instances []instance) (reservation, error) {
	out := reservation{ReservationID: instances[0].Reservation, OwnerID: c.Account(), Groups: []groupName{}}
	for _, i := range instances {
		tags, err := readTags(r, i.Region, i.ID)
		if err != nil {
			return reservation{}, err
		}
		out.Instances = append(out.Instances, i.shown(networkOf(c), tags, c.Now()))
	}
	return out, nil
}

// shown is an instance as it is at a time. A terminated one has lost where it was and what it had.
func (i *instance) shown(n network, tags []identity.Tag, now time.Time) instanceInfo {
	state, empty, checked := i.state(now), "", true
	out := instanceInfo{
		InstanceID: i.ID, ImageID: i.Image, State: stateInfo{state.code(), state}, PrivateDNSName: &empty, PublicDNSName: &empty, Reason: &empty,
		KeyName: i.KeyName, LaunchIndex: i.Index, ProductCodes: []struct{}{}, InstanceType: i.Type, LaunchTime: i.Launched,
		Placement: placement{i.Zone, i.ZoneID, &empty, "default"}, Monitoring: monitoringState{i.monitoring()}, SecurityGroups: []groupName{},
		Architecture: i.Architecture, RootDeviceType: "ebs", RootDeviceName: i.RootDevice, BlockDevices: []instanceDevice{},
		VirtualizationType: "hvm", ClientToken: &i.Token, Tags: shownTags(tags), Hypervisor: "xen", NetworkInterfaces: []interfaceInfo{},
		EbsOptimized: i.EbsOptimized, EnaSupport: true, BootMode: i.BootMode, PlatformDetails: "Linux/UNIX", UsageOperation: "RunInstances",
		UsageUpdated: i.made(), StateReason: i.stateReason(state),
		MetadataOptions: i.Metadata.shown("applied"),
	}
	if i.UserStopped {
		reason := "User initiated (" + i.Since.UTC().Format("2006-01-02 15:04:05") + " GMT)"
		out.Reason = &reason
	}
	if i.Profile != "" {
		out.IamInstanceProfile = &profileInfo{i.Profile, i.ProfileID}
	}
	if state == terminated {
		return out
	}
	name := n.dnsName(i.Address)
	out.PrivateDNSName, out.SubnetID, out.VpcID, out.PrivateIPAddress, out.SourceDestCheck = &name, i.Subnet, n.vpc(), i.Address, &checked
	out.SecurityGroups, out.NetworkInterfaces = i.groupNames(), []interfaceInfo{i.shownInterface(n)}
	out.PrivateDNSOptions = &privateDNSOptions{HostnameType: "ip-name"}
	for _, v := range i.Volumes {
		out.BlockDevices = append(out.BlockDevices, instanceDevice{v.Device, instanceVolume{v.ID, "attached", i.made(), true}})
	}
	return out
}

func (i *instance) monitoring() string {
	if i.Monitoring {
		return "enabled"
	}
	return "disabled"
}

// stateReason is why an instance does not run.
func (i *instance) stateReason(state stateName) *stateReason {
	switch {
	case state == pending:
		return &stateReason{"pending", "pending"}
	case state != running && i.UserStopped:
		return &stateReason{"Client.UserInitiatedShutdown", "Client.UserInitiatedShutdown: User initiated shutdown"}
	}
	return nil
}

func (i *instance) shownInterface(n network) interfaceInfo {
	name := n.dnsName(i.Address)
	return interfaceInfo{
		NetworkInterfaceID: i.Interface, SubnetID: i.Subnet, VpcID: n.vpc(), Description: &i.Note, OwnerID: n.account, Status: "in-use",
		MacAddress: hardwareAddress(i.Interface), PrivateIPAddress: i.Address, PrivateDNSName: name, SourceDestCheck: true,
		Groups: i.groupNames(), Addresses: []interfaceAddress{{true, i.Address, name}}, Ipv6Addresses: []struct{}{}, InterfaceType: "interface",
		Attachment: attachment{i.Attached, 0, "attached", i.made(), true, 0},
	}
}

// hardwareAddress is a locally administered one.
func hardwareAddress(id string) string {
	digits := id[len(id)-10:]
	out := "02"
	for at := 0; at < len(digits); at += 2 {
		out += ":" + digits[at:at+2]
	}
	return out
}
