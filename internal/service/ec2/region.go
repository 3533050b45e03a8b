package ec2

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// regionTable are the regions of AWS's standard partition that need no opting in, with the letters of their zones and the prefix of
// zone ids ("AWS Regions and Availability Zones"). The table is never changed.
var regionTable = []struct{ name, zones, ids string }{
	{"ap-northeast-1", "acd", "apne1"},
	{"ap-northeast-2", "abcd", "apne2"},
	{"ap-northeast-3", "abc", "apne3"},
	{"ap-south-1", "abc", "aps1"},
	{"ap-southeast-1", "abc", "apse1"},
	{"ap-southeast-2", "abc", "apse2"},
	{"ca-central-1", "abd", "cac1"},
	{"eu-central-1", "abc", "euc1"},
	{"eu-north-1", "abc", "eun1"},
	{"eu-west-1", "abc", "euw1"},
	{"eu-west-2", "abc", "euw2"},
	{"eu-west-3", "abc", "euw3"},
	{"sa-east-1", "abc", "sae1"},
	{"us-east-1", "abcdef", "use1"},
	{"us-east-2", "abc", "use2"},
	{"us-west-1", "ac", "usw1"},
	{"us-west-2", "abcd", "usw2"},
}

// A zone is an Availability Zone.
type zone struct{ region, name, id string }

// zonesOf returns the zones of a region, which is never empty: a region that AWS does not have has three.
func zonesOf(region string) []zone {
	letters, ids := "abc", strings.ReplaceAll(region, "-", "")
	for _, r := range regionTable {
		if r.name == region {
			letters, ids = r.zones, r.ids
		}
	}
	var out []zone
	for i, letter := range letters {
		out = append(out, zone{region, region + string(letter), ids + "-az" + string(rune('1'+i))})
	}
	return out
}

type describeRegionsInput struct {
	RegionNames []string `wire:"RegionName"`
	AllRegions  *bool
	Filters     []filter `wire:"Filter"`
	DryRun      *bool
}

type describeRegionsOutput struct {
	Regions []regionInfo `wire:"regionInfo"`
}

type regionInfo struct {
	OptInStatus string `wire:"optInStatus"`
	RegionName  string `wire:"regionName"`
	Endpoint    string `wire:"regionEndpoint"`
}

var regionList = list[regionInfo]{
	key: func(r regionInfo) string { return r.RegionName },
	attributes: func(r regionInfo) attributes {
		return attributes{"endpoint": {r.Endpoint}, "opt-in-status": {r.OptInStatus}, "region-name": {r.RegionName}}
	},
}

var describeRegions = service.Reading[describeRegionsInput]{
	Check: func(in *describeRegionsInput) error { return checkFilters(in.Filters, regionList.anything()) },
	Act: func(c *service.Call, in *describeRegionsInput, _ identity.Reader) (service.Answer, error) {
		var all []regionInfo
		for _, r := range regionTable {
			all = append(all, regionInfo{"opt-in-not-required", r.name, "ec2." + r.name + ".amazonaws.com"})
		}
		found, absent := chosen(all, in.RegionNames, regionList.key)
		if len(absent) > 0 {
			return service.Answer{}, invalidValue("Invalid region names provided: [" + strings.Join(absent, ", ") + "].")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, _, err := regionList.page(c, found, in.Filters, nil, nil)
		return service.Body(&describeRegionsOutput{out}), err
	},
}

type describeZonesInput struct {
	ZoneNames            []string `wire:"ZoneName"`
	ZoneIds              []string `wire:"ZoneId"`
	AllAvailabilityZones *bool
	Filters              []filter `wire:"Filter"`
	DryRun               *bool
}

type describeZonesOutput struct {
	AvailabilityZones []zoneInfo `wire:"availabilityZoneInfo"`
}

type zoneInfo struct {
	OptInStatus        string   `wire:"optInStatus"`
	Messages           []string `wire:"messageSet"`
	RegionName         string   `wire:"regionName"`
	ZoneName           string   `wire:"zoneName"`
	ZoneID             string   `wire:"zoneId"`
	GroupName          string   `wire:"groupName"`
	NetworkBorderGroup string   `wire:"networkBorderGroup"`
	ZoneType           string   `wire:"zoneType"`
	State              string   `wire:"zoneState"`
}

var zoneList = list[zoneInfo]{
	key: func(z zoneInfo) string { return z.ZoneName },
	attributes: func(z zoneInfo) attributes {
		return attributes{
			"group-name": {z.GroupName}, "message": nil, "opt-in-status": {z.OptInStatus}, "parent-zone-id": nil, "parent-zone-name": nil,
			"region-name": {z.RegionName}, "state": {z.State}, "zone-id": {z.ZoneID}, "zone-name": {z.ZoneName}, "zone-type": {z.ZoneType},
		}
	},
}

var describeZones = service.Reading[describeZonesInput]{
	Check: func(in *describeZonesInput) error { return checkFilters(in.Filters, zoneList.anything()) },
	Act: func(c *service.Call, in *describeZonesInput, _ identity.Reader) (service.Answer, error) {
		var all []zoneInfo
		for _, z := range zonesOf(c.Environment.Region) {
			all = append(all, zoneInfo{
				OptInStatus: "opt-in-not-required", Messages: []string{}, RegionName: z.region, ZoneName: z.name, ZoneID: z.id, GroupName: z.region,
				NetworkBorderGroup: z.region, ZoneType: "availability-zone", State: "available",
			})
		}
		found, absent := chosen(all, in.ZoneNames, zoneList.key)
		if len(absent) > 0 {
			return service.Answer{}, invalidValue("Invalid availability zones: [" + strings.Join(absent, ", ") + "]")
		}
		found, absent = chosen(found, in.ZoneIds, func(z zoneInfo) string { return z.ZoneID })
		if len(absent) > 0 {
			return service.Answer{}, invalidValue("Invalid availability zone-id: [" + strings.Join(absent, ", ") + "]")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, _, err := zoneList.page(c, found, in.Filters, nil, nil)
		return service.Body(&describeZonesOutput{out}), err
	},
}
