package ec2

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// An inputPermission is a set of rules in requests: one for each peer.
type inputPermission struct {
	IpProtocol *string
	FromPort   *int32
	ToPort     *int32
	IpRanges   []struct{ CidrIp, Description *string }
	Ipv6Ranges []struct{ CidrIpv6, Description *string }
	Groups     []struct {
		GroupId, GroupName, UserId, VpcId, Description *string
	}
	PrefixListIds []struct{ PrefixListId, Description *string }
}

const allProtocols = "-1"

// protocols are the names that protocols have in answers.
var protocols = map[string]string{
	"tcp": "tcp", "6": "tcp", "udp": "udp", "17": "udp", "icmp": "icmp", "1": "icmp", "icmpv6": "icmpv6", "58": "icmpv6", "-1": allProtocols, "all": allProtocols,
}

// protocol is the protocol as answers name it.
func (p *inputPermission) protocol() (string, error) {
	given := strings.ToLower(text(p.IpProtocol))
	if given == "" {
		return "", missing("ipProtocol")
	}
	if name, known := protocols[given]; known {
		return name, nil
	}
	if n, err := strconv.ParseUint(given, 10, 8); err == nil {
		return strconv.FormatUint(n, 10), nil
	}
	return "", invalidValue("Invalid value '" + given + "' for IP protocol. Unknown protocol.")
}

// ports are the first and the last one; of ICMP, type and code. Other protocols have none.
func (p *inputPermission) ports(protocol string) (from, to int32, err error) {
	switch {
	case protocol == "tcp" || protocol == "udp":
		if p.FromPort == nil || p.ToPort == nil {
			return 0, 0, invalidValue("Invalid value 'Must specify both from and to ports with TCP/UDP.' for portRange.")
		}
		if from, to = *p.FromPort, *p.ToPort; from < 0 || to > 65535 || from > to {
			return 0, 0, invalidValue("Invalid " + strings.ToUpper(protocol) + " port range (" + strconv.Itoa(int(from)) + ":" + strconv.Itoa(int(to)) + ")")
		}
		return from, to, nil
	case protocol == "icmp" || protocol == "icmpv6":
		from, to = -1, -1
		set(&from, p.FromPort)
		set(&to, p.ToPort)
		if from < -1 || from > 255 || to < -1 || to > 255 || from == -1 && to != -1 {
			return 0, 0, invalidValue("ICMP type (" + strconv.Itoa(int(from)) + ") or code (" + strconv.Itoa(int(to)) + ") out of range")
		}
		return from, to, nil
	}
	return -1, -1, nil
}

// peers is how many rules the permission makes.
func (p *inputPermission) peers() int { return len(p.IpRanges) + len(p.Ipv6Ranges) + len(p.Groups) }

// rules are those that the permission means, without ids.
func (p *inputPermission) rules(egress bool, r identity.Reader, n network) (out []groupRule, err error) {
	one := groupRule{Egress: egress}
	if one.Protocol, err = p.protocol(); err != nil {
		return nil, err
	}
	if one.From, one.To, err = p.ports(one.Protocol); err != nil {
		return nil, err
	}
	for _, c := range p.IpRanges {
		one := one
		if one.IPv4, err = block(text(c.CidrIp), netip.Addr.Is4); err != nil {
			return nil, err
		}
		one.Note = text(c.Description)
		out = append(out, one)
	}
	for _, c := range p.Ipv6Ranges {
		one := one
		if one.IPv6, err = block(text(c.CidrIpv6), netip.Addr.Is6); err != nil {
			return nil, err
		}
		one.Note = text(c.Description)
		out = append(out, one)
	}
	for _, g := range p.Groups {
		one := one
		if one.Group, err = peerGroup(r, n, g.GroupId, g.GroupName, g.UserId); err != nil {
			return nil, err
		}
		one.Note = text(g.Description)
		out = append(out, one)
	}
	for _, list := range p.PrefixListIds {
		return nil, service.BadRequest("InvalidPrefixListID.NotFound", "The prefix list ID '"+text(list.PrefixListId)+"' does not exist")
	}
	if len(out) == 0 {
		return nil, missing("ipRanges")
	}
	for _, rule := range out {
		if utf8.RuneCountInString(rule.Note) > maxNoteOfRule {
			return nil, invalidValue("The rule description exceeds the maximum length of " + strconv.Itoa(maxNoteOfRule) + " characters")
		}
	}
	return out, nil
}

// block is a CIDR block without the bits of hosts.
func block(given string, family func(netip.Addr) bool) (string, error) {
	p, err := netip.ParsePrefix(given)
	if err != nil || !family(p.Addr()) {
		return "", invalidValue("CIDR block " + given + " is malformed")
	}
	return p.Masked().String(), nil
}

// peerGroup is the id of the security group that a rule speaks of, which must be one of the account.
func peerGroup(r identity.Reader, n network, id, name, owner *string) (string, error) {
	if owner != nil && *owner != n.account {
		return "", unsupported("A security group of another account is not supported.")
	}
	var g securityGroup
	var exists bool
	var err error
	switch {
	case id != nil:
		g, exists, err = readGroup(r, n, *id)
	case name != nil:
		g, exists, err = groupNamed(r, n, *name)
	default:
		return "", missing("GroupId")
	}
	if err == nil && !exists {
		return "", noSuchGroup(text(id) + text(name))
	}
	return g.ID, err
}

// An ipPermission is a set of rules in answers: those of the same protocol and ports.
type ipPermission struct {
	IPProtocol    string         `wire:"ipProtocol"`
	FromPort      *int32         `wire:"fromPort"`
	ToPort        *int32         `wire:"toPort"`
	Groups        []groupPair    `wire:"groups"`
	IPRanges      []ipRange      `wire:"ipRanges"`
	Ipv6Ranges    []ipv6Range    `wire:"ipv6Ranges"`
	PrefixListIds []prefixListID `wire:"prefixListIds"`
}

type groupPair struct {
	UserID      string `wire:"userId"`
	GroupID     string `wire:"groupId"`
	Description string `wire:"description"`
}

type ipRange struct {
	CidrIP      string `wire:"cidrIp"`
	Description string `wire:"description"`
}

type ipv6Range struct {
	CidrIpv6    string `wire:"cidrIpv6"`
	Description string `wire:"description"`
}

type prefixListID struct {
	PrefixListID string `wire:"prefixListId"`
}

// permissions are the rules of one direction.
func (g *securityGroup) permissions(n network, egress bool) []ipPermission {
	out := []ipPermission{}
	for _, rule := range g.Rules {
		if rule.Egress != egress {
			continue
		}
		at := slices.IndexFunc(out, func(p ipPermission) bool {
			return p.IPProtocol == rule.Protocol && (p.FromPort == nil || *p.FromPort == rule.From && *p.ToPort == rule.To)
		})
		if at < 0 {
			p := ipPermission{IPProtocol: rule.Protocol, Groups: []groupPair{}, IPRanges: []ipRange{}, Ipv6Ranges: []ipv6Range{}, PrefixListIds: []prefixListID{}}
			if _, named := protocols[rule.Protocol]; named && rule.Protocol != allProtocols {
				p.FromPort, p.ToPort = &rule.From, &rule.To
			}
			at, out = len(out), append(out, p)
		}
		switch p := &out[at]; {
		case rule.Group != "":
			p.Groups = append(p.Groups, groupPair{n.account, rule.Group, rule.Note})
		case rule.IPv6 != "":
			p.Ipv6Ranges = append(p.Ipv6Ranges, ipv6Range{rule.IPv6, rule.Note})
		default:
			p.IPRanges = append(p.IPRanges, ipRange{rule.IPv4, rule.Note})
		}
	}
	return out
}

// A ruleInfo is one rule in answers.
type ruleInfo struct {
	ID          string           `wire:"securityGroupRuleId"`
	GroupID     string           `wire:"groupId"`
	OwnerID     string           `wire:"groupOwnerId"`
	IsEgress    *bool            `wire:"isEgress"` // written even if it is false
	Protocol    string           `wire:"ipProtocol"`
	From        *int32           `wire:"fromPort"`
	To          *int32           `wire:"toPort"`
	IPv4        string           `wire:"cidrIpv4"`
	IPv6        string           `wire:"cidrIpv6"`
	Referenced  *referencedGroup `wire:"referencedGroupInfo"`
	Description string           `wire:"description"`
	Tags        []tagInfo        `wire:"tagSet"`
	ARN         string           `wire:"securityGroupRuleArn"`
}

type referencedGroup struct {
	GroupID string `wire:"groupId"`
	UserID  string `wire:"userId"`
}

func (g groupRule) shown(n network, of string, tags []identity.Tag) ruleInfo {
	out := ruleInfo{
		ID: g.ID, GroupID: of, OwnerID: n.account, IsEgress: &g.Egress, Protocol: g.Protocol, From: &g.From, To: &g.To, IPv4: g.IPv4, IPv6: g.IPv6,
		Description: g.Note, Tags: shownTags(tags), ARN: n.arn("security-group-rule", g.ID),
	}
	if g.Group != "" {
		out.Referenced = &referencedGroup{g.Group, n.account}
	}
	return out
}

// A revokedRule is a rule that was taken, in answers.
type revokedRule struct {
	ID          string `wire:"securityGroupRuleId"`
	GroupID     string `wire:"groupId"`
	IsEgress    *bool  `wire:"isEgress"`
	Protocol    string `wire:"ipProtocol"`
	From        *int32 `wire:"fromPort"`
	To          *int32 `wire:"toPort"`
	IPv4        string `wire:"cidrIpv4"`
	IPv6        string `wire:"cidrIpv6"`
	Referenced  string `wire:"referencedGroupId"`
	Description string `wire:"description"`
}

func (g groupRule) revoked(of string) revokedRule {
	return revokedRule{g.ID, of, &g.Egress, g.Protocol, &g.From, &g.To, g.IPv4, g.IPv6, g.Group, g.Note}
}

// peer is whom the rule lets in or out.
func (g groupRule) peer() string { return g.IPv4 + g.IPv6 + g.Group }

func (g groupRule) exists() error {
	said := `the specified rule "peer: ` + g.peer() + ", "
	if g.Protocol == allProtocols {
		said += "ALL, "
	} else {
		said += strings.ToUpper(g.Protocol) + ", from port: " + strconv.Itoa(int(g.From)) + ", to port: " + strconv.Itoa(int(g.To)) + ", "
	}
	return service.BadRequest("InvalidPermission.Duplicate", said+`ALLOW" already exists`)
}
