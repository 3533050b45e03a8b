package ec2

import (
	"strconv"
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
				for _, r := range p.Ipv6Ranges {
					a[prefix+"ip-permission.ipv6-cidr"] = append(a[prefix+"ip-permission.ipv6-cidr"], r.CidrIpv6)
				}
				if p.FromPort != nil {
					a[prefix+"ip-permission.from-port"] = append(a[prefix+"ip-permission.from-port"], strconv.Itoa(int(*p.FromPort)))
					a[prefix+"ip-permission.to-port"] = append(a[prefix+"ip-permission.to-port"], strconv.Itoa(int(*p.ToPort)))
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
		all, err := shownGroups(r, networkOf(c))
		if err != nil {
			return service.Answer{}, err
		}
		found, absent := chosen(all, in.GroupIds, groupList.key)
		found, unnamed := chosen(found, in.GroupNames, func(g groupInfo) string { return g.GroupName })
		if absent = append(absent, unnamed...); len(absent) > 0 {
			return service.Answer{}, noSuchGroup(strings.Join(absent, ", "))
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := groupList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeSecurityGroupsOutput{next, out}), err
	},
}

func shownGroups(r identity.Reader, n network) ([]groupInfo, error) {
	all, err := securityGroups(r, n)
	if err != nil {
		return nil, err
	}
	var out []groupInfo
	for _, g := range all {
		tags, err := readTags(r, n.region, g.ID)
		if err != nil {
			return nil, err
		}
		out = append(out, groupInfo{
			GroupID: g.ID, GroupName: g.Name, Description: g.Description, VpcID: n.vpc(), OwnerID: n.account, ARN: n.arn("security-group", g.ID),
			Tags: shownTags(tags), Ingress: g.permissions(n, false), Egress: g.permissions(n, true),
		})
	}
	return out, nil
}

type describeRulesInput struct {
	RuleIds    []string `wire:"SecurityGroupRuleId"`
	Filters    []filter `wire:"Filter"`
	MaxResults *int32
	NextToken  *string
	DryRun     *bool
}

type describeRulesOutput struct {
	NextToken *string    `wire:"nextToken"`
	Rules     []ruleInfo `wire:"securityGroupRuleSet"`
}

var ruleList = list[ruleInfo]{
	key: func(r ruleInfo) string { return r.ID },
	attributes: func(r ruleInfo) attributes {
		return attributes{"group-id": {r.GroupID}, "security-group-rule-id": {r.ID}}.tagged(storedTags(r.Tags))
	},
}

var describeRules = service.Reading[describeRulesInput]{
	Check: func(in *describeRulesInput) error {
		if err := checkIDs("sgr", in.RuleIds...); err != nil {
			return err
		}
		if err := checkMax(in.MaxResults, len(in.RuleIds), "securityGroupRuleIds", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, ruleList.anything())
	},
	Act: func(c *service.Call, in *describeRulesInput, r identity.Reader) (service.Answer, error) {
		n := networkOf(c)
		groups, err := securityGroups(r, n)
		if err != nil {
			return service.Answer{}, err
		}
		var all []ruleInfo
		for _, g := range groups {
			for _, rule := range g.Rules {
				tags, err := readTags(r, n.region, rule.ID)
				if err != nil {
					return service.Answer{}, err
				}
				all = append(all, rule.shown(n, g.ID, tags))
			}
		}
		found, absent := chosen(all, in.RuleIds, ruleList.key)
		if len(absent) > 0 {
			return service.Answer{}, noSuchRule(absent[0])
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, next, err := ruleList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeRulesOutput{next, out}), err
	},
}
