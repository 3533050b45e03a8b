package ec2

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type createGroupInput struct {
	GroupName         *string
	Description       *string `wire:"GroupDescription"`
	VpcId             *string
	TagSpecifications []tagSpecification `wire:"TagSpecification"`
	DryRun            *bool
}

type createGroupOutput struct {
	GroupID string    `wire:"groupId"`
	Tags    []tagInfo `wire:"tagSet"`
	ARN     string    `wire:"securityGroupArn"`
}

// groupText has the characters of names and descriptions (API Reference, CreateSecurityGroup: "Constraints").
const groupText = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ._-:/()#,@[]+=&;{}!$*"

func (in *createGroupInput) check() error {
	for _, m := range []struct {
		parameter string
		value     *string
	}{{"groupName", in.GroupName}, {"GroupDescription", in.Description}} {
		switch value := text(m.value); {
		case value == "":
			return missing(m.parameter)
		case utf8.RuneCountInString(value) > maxGroupText || strings.Trim(value, groupText) != "":
			return invalid(value, m.parameter, "Character sets beyond ASCII are not supported.")
		}
	}
	switch name := *in.GroupName; {
	case strings.HasPrefix(name, "sg-"):
		return invalid(name, "GroupName", "Group names may not be in the format sg-*.")
	case name == defaultGroupName:
		return invalidValue("Cannot use reserved security group name: " + name)
	case in.VpcId != nil:
		if err := checkIDs("vpc", *in.VpcId); err != nil {
			return err
		}
	}
	return checkTagSpecifications(in.TagSpecifications, "security-group")
}

// createGroup makes a group that lets everything out and nothing in.
var createGroup = service.Writing[createGroupInput, [2]string]{
	Check: (*createGroupInput).check,
	Draw: func(*service.Call, *createGroupInput) ([2]string, error) {
		return [2]string{draw("sg"), draw("sgr")}, nil
	},
	Act: func(c *service.Call, in *createGroupInput, ids [2]string, tx identity.Tx) (service.Answer, error) {
		n := networkOf(c)
		all, err := securityGroups(tx.Reader, n)
		switch {
		case err != nil:
			return service.Answer{}, err
		case in.VpcId != nil && *in.VpcId != n.vpc():
			return service.Answer{}, service.BadRequest("InvalidVpcID.NotFound", "The vpc ID '"+*in.VpcId+"' does not exist")
		case slices.ContainsFunc(all, func(g securityGroup) bool { return g.Name == *in.GroupName }):
			return service.Answer{}, service.BadRequest("InvalidGroup.Duplicate", "The security group '"+*in.GroupName+"' already exists for VPC '"+n.vpc()+"'")
		case len(all) >= maxGroups:
			return service.Answer{}, service.BadRequest("SecurityGroupLimitExceeded", "The maximum number of VPC security groups has been reached.")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		g := securityGroup{ID: ids[0], Name: *in.GroupName, Description: *in.Description, Rules: []groupRule{
			{ID: ids[1], Egress: true, Protocol: allProtocols, From: -1, To: -1, IPv4: "0.0.0.0/0"},
		}}
		tags := tagsOf(tagsAmong(in.TagSpecifications, "security-group"))
		if err := writeTags(tx, n.region, g.ID, tags); err != nil {
			return service.Answer{}, err
		}
		out := &createGroupOutput{GroupID: g.ID, Tags: shownTags(tags), ARN: n.arn("security-group", g.ID)}
		return service.Body(out), writeGroup(tx, n.region, &g)
	},
}

// A namedGroup is how a call names a security group: by its id, or in the default VPC by its name.
type namedGroup struct{ id, name *string }

func (g namedGroup) check() error {
	switch {
	case g.id != nil && g.name != nil:
		return together("The parameter GroupName may not be used in combination with GroupId")
	case g.id != nil:
		return checkIDs("sg", *g.id)
	case text(g.name) == "":
		return missing("groupId")
	}
	return nil
}

func (g namedGroup) find(r identity.Reader, n network) (securityGroup, bool, error) {
	if g.id != nil {
		return readGroup(r, n, *g.id)
	}
	return groupNamed(r, n, text(g.name))
}

// must returns the group, or the error that there is none.
func (g namedGroup) must(r identity.Reader, n network) (securityGroup, error) {
	found, exists, err := g.find(r, n)
	if err == nil && !exists {
		err = noSuchGroup(text(g.id) + text(g.name))
	}
	return found, err
}

// gather names the group as the row does. If there is none of the name, any could have been meant.
func (g namedGroup) gather(r identity.Reader, n network, tags []tagSpecification) (service.Gathered, error) {
	id := text(g.id)
	if id == "" {
		found, exists, err := g.find(r, n)
		if err != nil {
			return service.Gathered{}, err
		}
		if id = "*"; exists {
			id = found.ID
		}
	}
	return service.Gathered{
		Texts: map[string]string{"SecurityGroupId": id},
		Tags:  map[string][]identity.Tag{"SecurityGroupRuleTags": tagsOf(tagsAmong(tags, "security-group-rule"))},
	}, nil
}

type deleteGroupInput struct {
	GroupId, GroupName *string
	DryRun             *bool
}

func (in *deleteGroupInput) group() namedGroup { return namedGroup{in.GroupId, in.GroupName} }

type deleteGroupOutput struct {
	Return  bool   `wire:"return"`
	GroupID string `wire:"groupId"`
}

var deleteGroup = service.Writing[deleteGroupInput, struct{}]{
	Check: func(in *deleteGroupInput) error { return in.group().check() },
	Act: func(c *service.Call, in *deleteGroupInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		n := networkOf(c)
		g, err := in.group().must(tx.Reader, n)
		if err != nil {
			return service.Answer{}, err
		}
		if g.ID == n.group() {
			return service.Answer{}, service.BadRequest("CannotDelete", `the specified group: "`+g.ID+`" name: "default" cannot be deleted by a user`)
		}
		used, err := g.used(c, tx.Reader)
		if err != nil {
			return service.Answer{}, err
		}
		if used {
			return service.Answer{}, service.BadRequest("DependencyViolation", "resource "+g.ID+" has a dependent object")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		tx.Store().Delete(groupKey(n.region, g.ID))
		tx.Store().Delete(tagKey(n.region, g.ID))
		for _, rule := range g.Rules {
			tx.Store().Delete(tagKey(n.region, rule.ID))
		}
		return service.Body(&deleteGroupOutput{true, g.ID}), nil
	},
}

// used reports whether an instance has the group, or a rule of another one speaks of it.
func (g *securityGroup) used(c *service.Call, r identity.Reader) (bool, error) {
	n := networkOf(c)
	for i, err := range instancesOf(r, n.region) {
		if err != nil {
			return false, err
		}
		if i.state(c.Now()) != terminated && slices.Contains(i.Groups, g.ID) {
			return true, nil
		}
	}
	all, err := securityGroups(r, n)
	return slices.ContainsFunc(all, func(other securityGroup) bool {
		return other.ID != g.ID && slices.ContainsFunc(other.Rules, func(rule groupRule) bool { return rule.Group == g.ID })
	}), err
}

// A rulesInput is the input of the calls that give or take rules.
type rulesInput struct {
	GroupId, GroupName *string
	IpPermissions      []inputPermission
	DryRun             *bool

	TagSpecifications []tagSpecification `wire:"TagSpecification"`    // of those that give
	RuleIds           []string           `wire:"SecurityGroupRuleId"` // of those that take

	IpProtocol, CidrIp      *string // one rule without a list
	FromPort, ToPort        *int32
	SourceSecurityGroupName *string
}

func (in *rulesInput) group() namedGroup { return namedGroup{in.GroupId, in.GroupName} }

// permissions are those of the list, or the one without.
func (in *rulesInput) permissions() []inputPermission {
	if in.IpProtocol == nil && in.CidrIp == nil && in.SourceSecurityGroupName == nil {
		return in.IpPermissions
	}
	one := inputPermission{IpProtocol: in.IpProtocol, FromPort: in.FromPort, ToPort: in.ToPort}
	if in.CidrIp != nil {
		one.IpRanges = append(one.IpRanges, struct{ CidrIp, Description *string }{CidrIp: in.CidrIp})
	}
	if in.SourceSecurityGroupName != nil {
		all := allProtocols
		if one.IpProtocol == nil {
			one.IpProtocol = &all
		}
		one.Groups = append(one.Groups, struct{ GroupId, GroupName, UserId, VpcId, Description *string }{GroupName: in.SourceSecurityGroupName})
	}
	return append(slices.Clip(in.IpPermissions), one)
}

// rules are those that the permissions mean, no more than a group can have: what each costs is looked up only then.
func (in *rulesInput) rules(egress bool, r identity.Reader, n network) (out []groupRule, err error) {
	permissions := in.permissions()
	var four, six int
	for _, p := range permissions {
		four, six = four+len(p.IpRanges)+len(p.Groups), six+len(p.Ipv6Ranges)+len(p.Groups)
	}
	if max(four, six) > maxGroupRules {
		return nil, tooManyRules()
	}
	for _, p := range permissions {
		some, err := p.rules(egress, r, n)
		if err != nil {
			return nil, err
		}
		for _, rule := range some {
			if slices.ContainsFunc(out, rule.same) {
				return nil, invalidValue("The same permission must not appear multiple times")
			}
			out = append(out, rule)
		}
	}
	return out, nil
}

type rulesOutput struct {
	Return bool       `wire:"return"`
	Rules  []ruleInfo `wire:"securityGroupRuleSet"`
}

type revokedOutput struct {
	Return bool          `wire:"return"`
	Rules  []revokedRule `wire:"revokedSecurityGroupRuleSet"`
}

// authorizing gives a group rules of one direction, all or none.
func authorizing(egress bool) service.Writing[rulesInput, []string] {
	return service.Writing[rulesInput, []string]{
		Check: func(in *rulesInput) error {
			switch {
			case len(in.RuleIds) > 0:
				return service.BadRequest("UnknownParameter", "The parameter SecurityGroupRuleId is not recognized")
			case len(in.permissions()) == 0:
				return missing("ipPermissions")
			}
			if err := in.group().check(); err != nil {
				return err
			}
			return checkTagSpecifications(in.TagSpecifications, "security-group-rule")
		},
		Draw: func(_ *service.Call, in *rulesInput) (ids []string, err error) {
			for _, p := range in.permissions() {
				for range p.peers() {
					ids = append(ids, draw("sgr"))
				}
			}
			return ids, nil
		},
		Act: func(c *service.Call, in *rulesInput, ids []string, tx identity.Tx) (service.Answer, error) {
			n := networkOf(c)
			g, err := in.group().must(tx.Reader, n)
			if err != nil {
				return service.Answer{}, err
			}
			added, err := in.rules(egress, tx.Reader, n)
			if err != nil {
				return service.Answer{}, err
			}
			tags := tagsOf(tagsAmong(in.TagSpecifications, "security-group-rule"))
			out := &rulesOutput{Return: true}
			for at, rule := range added {
				if slices.ContainsFunc(g.Rules, rule.same) {
					return service.Answer{}, rule.exists()
				}
				rule.ID = ids[at]
				g.Rules = append(g.Rules, rule)
				out.Rules = append(out.Rules, rule.shown(n, g.ID, tags))
				if err := writeTags(tx, n.region, rule.ID, tags); err != nil {
					return service.Answer{}, err
				}
			}
			if g.full(egress) {
				return service.Answer{}, tooManyRules()
			}
			if err := checkDry(in.DryRun); err != nil {
				return service.Answer{}, err
			}
			return service.Body(out), writeGroup(tx, n.region, &g)
		},
	}
}

// full reports whether the group has more rules of a direction than it can have. They are counted for each version of IP, and one for a
// group counts for both ("Amazon VPC quotas").
func (g *securityGroup) full(egress bool) bool {
	var four, six int
	for _, rule := range g.Rules {
		if rule.Egress != egress {
			continue
		}
		if rule.IPv6 == "" {
			four++
		}
		if rule.IPv4 == "" {
			six++
		}
	}
	return max(four, six) > maxGroupRules
}

// revoking takes rules of one direction from a group, all or none.
func revoking(egress bool) service.Writing[rulesInput, struct{}] {
	return service.Writing[rulesInput, struct{}]{
		Check: func(in *rulesInput) error {
			switch {
			case len(in.TagSpecifications) > 0:
				return service.BadRequest("UnknownParameter", "The parameter TagSpecification is not recognized")
			case len(in.permissions()) == 0 && len(in.RuleIds) == 0:
				return missing("ipPermissions")
			case len(in.permissions()) > 0 && len(in.RuleIds) > 0:
				return together("The parameter SecurityGroupRuleId may not be used in combination with IpPermissions")
			}
			if err := checkIDs("sgr", in.RuleIds...); err != nil {
				return err
			}
			return in.group().check()
		},
		Act: func(c *service.Call, in *rulesInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			n := networkOf(c)
			g, err := in.group().must(tx.Reader, n)
			if err != nil {
				return service.Answer{}, err
			}
			wanted, err := in.revoked(&g, egress, tx.Reader, n)
			if err != nil {
				return service.Answer{}, err
			}
			out := &revokedOutput{Return: true}
			for _, rule := range wanted {
				out.Rules = append(out.Rules, rule.revoked(g.ID))
				g.Rules = slices.DeleteFunc(g.Rules, rule.same)
				tx.Store().Delete(tagKey(n.region, rule.ID))
			}
			if err := checkDry(in.DryRun); err != nil {
				return service.Answer{}, err
			}
			return service.Body(out), writeGroup(tx, n.region, &g)
		},
	}
}

// revoked are the group's rules that the input names.
func (in *rulesInput) revoked(g *securityGroup, egress bool, r identity.Reader, n network) (out []groupRule, err error) {
	for _, id := range slices.Compact(slices.Sorted(slices.Values(in.RuleIds))) {
		at := slices.IndexFunc(g.Rules, func(rule groupRule) bool { return rule.ID == id && rule.Egress == egress })
		if at < 0 {
			return nil, noSuchRule(id)
		}
		out = append(out, g.Rules[at])
	}
	named, err := in.rules(egress, r, n)
	for _, rule := range named {
		at := slices.IndexFunc(g.Rules, rule.same)
		if at < 0 {
			return nil, service.BadRequest("InvalidPermission.NotFound", "The specified rule does not exist in this security group.")
		}
		out = append(out, g.Rules[at])
	}
	return out, err
}

func tooManyRules() error {
	return service.BadRequest("RulesPerSecurityGroupLimitExceeded", "The maximum number of rules per security group has been reached.")
}

func noSuchRule(id string) error {
	return service.BadRequest("InvalidSecurityGroupRuleId.NotFound", "The security group rule ID '"+id+"' does not exist")
}
