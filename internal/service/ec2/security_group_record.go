package ec2

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// Quotas of security groups ("Amazon VPC quotas"): groups per region, rules per direction and version of IP, groups per network interface.
const (
	maxGroups       = 2500
	maxGroupRules   = 60
	maxGroupsOfOne  = 5
	maxGroupText    = 255
	maxNoteOfRule   = 255
	defaultGroupTxt = "default VPC security group"
)

const defaultGroupName = "default"

// A securityGroup is what is stored of a security group, in the space of its account. No packet is filtered by it.
type securityGroup struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Description string      `json:"description"`
	Rules       []groupRule `json:"rules"`
}

// A groupRule lets one peer in or out.
type groupRule struct {
	ID       string `json:"id"`
	Egress   bool   `json:"egress,omitempty"`
	Protocol string `json:"protocol"`
	From     int32  `json:"from"`
	To       int32  `json:"to"`
	IPv4     string `json:"ipv4,omitempty"` // one of these three
	IPv6     string `json:"ipv6,omitempty"`
	Group    string `json:"group,omitempty"`
	Note     string `json:"note,omitempty"`
}

// same reports whether two rules let the same in or out, whatever they are called.
func (g groupRule) same(other groupRule) bool {
	g.ID, g.Note, other.ID, other.Note = "", "", "", ""
	return g == other
}

func groupKey(region, id string) string { return "ec2:group/" + region + "/" + id }

// defaultGroup lets everything out, and in what comes from its own members ("Default security groups", Amazon VPC User Guide). It is there
// without a record until its rules are changed.
func (n network) defaultGroup() securityGroup {
	id := n.group()
	return securityGroup{ID: id, Name: defaultGroupName, Description: defaultGroupTxt, Rules: []groupRule{
		{ID: derived("sgr", id, "in"), Protocol: allProtocols, From: -1, To: -1, Group: id},
		{ID: derived("sgr", id, "out"), Egress: true, Protocol: allProtocols, From: -1, To: -1, IPv4: "0.0.0.0/0"},
	}}
}

func readGroup(r identity.Reader, n network, id string) (g securityGroup, exists bool, err error) {
	value, exists := r.Store().Get(groupKey(n.region, id))
	if !exists {
		return n.defaultGroup(), id == n.group(), nil
	}
	if err := json.Unmarshal(value, &g); err != nil {
		return securityGroup{}, false, fmt.Errorf("security group %s: %w", id, err)
	}
	return g, true, nil
}

// securityGroups are those of a region, the default one among them.
func securityGroups(r identity.Reader, n network) ([]securityGroup, error) {
	out := []securityGroup{}
	for key, value := range store.All(r.Store(), groupKey(n.region, "")) {
		var g securityGroup
		if err := json.Unmarshal(value, &g); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out = append(out, g)
	}
	if !slices.ContainsFunc(out, func(g securityGroup) bool { return g.ID == n.group() }) {
		out = append(out, n.defaultGroup())
	}
	return out, nil
}

// groupNamed returns the security group of a name.
func groupNamed(r identity.Reader, n network, name string) (securityGroup, bool, error) {
	all, err := securityGroups(r, n)
	at := slices.IndexFunc(all, func(g securityGroup) bool { return g.Name == name })
	if err != nil || at < 0 {
		return securityGroup{}, false, err
	}
	return all[at], true, nil
}

func writeGroup(tx identity.Tx, region string, g *securityGroup) error {
	value, err := json.Marshal(g)
	if err != nil {
		return err
	}
	tx.Store().Put(groupKey(region, g.ID), value)
	return nil
}

func noSuchGroup(name string) error {
	return service.BadRequest("InvalidGroup.NotFound", "The security group '"+name+"' does not exist")
}

// settleGroups gives an instance security groups, which must exist.
func settleGroups(i *instance, n network, r identity.Reader, ids []string) error {
	if len(ids) > maxGroupsOfOne {
		return service.BadRequest("SecurityGroupsPerInterfaceLimitExceeded", "The maximum number of security groups per interface has been reached.")
	}
	i.Groups, i.GroupNames = ids, map[string]string{}
	for _, id := range ids {
		g, exists, err := readGroup(r, n, id)
		if err != nil {
			return err
		}
		if !exists {
			return noSuchGroup(id)
		}
		i.GroupNames[id] = g.Name
	}
	return nil
}

// groupNames are the instance's security groups with their names, which never change.
func (i *instance) groupNames() []groupName {
	out := []groupName{}
	for _, id := range i.Groups {
		name, known := i.GroupNames[id]
		if !known {
			name = defaultGroupName // of an instance that was launched when there were no others
		}
		out = append(out, groupName{id, name})
	}
	return out
}
