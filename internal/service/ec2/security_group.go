package ec2

import (
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeSecurityGroupsInput struct {
	GroupIds   []string `wire:"GroupId"`
	GroupNames []string `wire:"GroupName"`
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeSecurityGroupsOutput struct {
	NextToken      *string     `wire:"nextToken"`
	SecurityGroups []groupInfo `wire:"securityGroupInfo"`
}

type groupInfo struct {
	GroupID     string         `wire:"groupId"`
	Egress      []ipPermission `wire:"ipPermissionsEgress"`
	Tags        []tagInfo      `wire:"tagSet"`
	VpcID       string         `wire:"vpcId"`
	ARN         string         `wire:"securityGroupArn"`
	OwnerID     string         `wire:"ownerId"`
	GroupName   string         `wire:"groupName"`
	Description string         `wire:"groupDescription"`
	Ingress     []ipPermission `wire:"ipPermissions"`
}

type ipPermission struct {
	IPProtocol    string         `wire:"ipProtocol"`
	Groups        []groupPair    `wire:"groups"`
	IPRanges      []ipRange      `wire:"ipRanges"`
	Ipv6Ranges    []ipRange      `wire:"ipv6Ranges"`
	PrefixListIds []prefixListID `wire:"prefixListIds"`
}

type groupPair struct {
	UserID  string `wire:"userId"`
	GroupID string `wire:"groupId"`
}

type ipRange struct {
	CidrIP string `wire:"cidrIp"`
}

type prefixListID struct {
	PrefixListID string `wire:"prefixListId"`
}

var groupList = list[groupInfo]{
	key: func(g groupInfo) string { return g.GroupID },
	attributes: func(g groupInfo) attributes {
		a := attributes{
			"description": {g.Description}, "group-id": {g.GroupID}, "group-name": {g.GroupName}, "owner-id": {g.OwnerID}, "vpc-id": {g.VpcID},
		}
		for prefix, permissions := range map[string][]ipPermission{"": g.Ingress, "egress.": g.Egress} {
			for _, name := range []string{"cidr", "from-port", "group-id", "group-name", "ipv6-cidr", "prefix-list-id", "protocol", "to-port", "user-id"} {
				a[prefix+"ip-permission."+name] = nil
			}
			for _, p := range permissions {
				a[prefix+"ip-permission.protocol"] = append(a[prefix+"ip-permission.protocol"], p.IPProtocol)
				for _, other := range p.Groups {
					a[prefix+"ip-permission.group-id"] = append(a[prefix+"ip-permission.group-id"], other.GroupID)
					a[prefix+"ip-permission.user-id"] = append(a[prefix+"ip-permission.user-id"], other.UserID)
				}
				for _, r := range p.IPRanges {
					a[prefix+"ip-permission.cidr"] = append(a[prefix+"ip-permission.cidr"], r.CidrIP)
				}
			}
		}
		return a.tagged(storedTags(g.Tags))
	},
}

var describeSecurityGroups = service.Reading[describeSecurityGroupsInput]{
	Check: func(in *describeSecurityGroupsInput) error {
		if err := checkIDs("sg", in.GroupIds...); err != nil {
			return err
		}
		if err := checkMax(in.MaxResults, len(in.GroupIds), "groupIds", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, groupList.anything())
	},
	Act: func(c *service.Call, in *describeSecurityGroupsInput, r identity.Reader) (service.Answer, error) {
		n := networkOf(c)
		tags, err := readTags(r, n.region, n.group())
		if err != nil {
			return service.Answer{}, err
		}
		all := []groupInfo{defaultGroup(n, tags)}
		absent := slices.DeleteFunc(slices.Concat(in.GroupIds, in.GroupNames), func(name string) bool {
			return name == n.group() || name == defaultGroupName
		})
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidGroup.NotFound", "The security group '"+strings.Join(absent, ", ")+"' does not exist")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := groupList.page(c, all, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeSecurityGroupsOutput{next, out}), err
	},
}

const defaultGroupName = "default"

// defaultGroup lets everything out, and in what comes from its own members ("Default security groups", Amazon VPC User Guide).
func defaultGroup(n network, tags []identity.Tag) groupInfo {
	rule := ipPermission{IPProtocol: "-1", Groups: []groupPair{}, IPRanges: []ipRange{}, Ipv6Ranges: []ipRange{}, PrefixListIds: []prefixListID{}}
	in, out := rule, rule
	in.Groups = []groupPair{{n.account, n.group()}}
	out.IPRanges = []ipRange{{"0.0.0.0/0"}}
	return groupInfo{
		GroupID: n.group(), GroupName: defaultGroupName, Description: "default VPC security group", VpcID: n.vpc(), OwnerID: n.account,
		ARN: n.arn("security-group", n.group()), Tags: shownTags(tags), Ingress: []ipPermission{in}, Egress: []ipPermission{out},
	}
}
