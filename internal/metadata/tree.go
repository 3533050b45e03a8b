package metadata

import (
	"slices"
	"strconv"
	"strings"
)

// A node is what is at one path: a text, or a list of what is below.
type node struct {
	name        string
	shown       string // in the list above; empty: the name, with a slash if there is something below
	text        string
	below       []node
	data        bool // the text may be anything
	credentials bool // the text is worked out when it is asked for
}

func leaf(name, text string) node            { return node{name: name, text: text} }
func branch(name string, below ...node) node { return node{name: name, below: below} }
func lines(list []string) string             { return strings.Join(list, "\n") }
func (n node) as(shown string) node          { n.shown = shown; return n }
func (n node) withoutSlash() node            { return n.as(n.name) }
func number(n int) string                    { return strconv.Itoa(n) }
func (n *node) isBranch() bool               { return n.below != nil }
func (n *node) child(name string) (node, bool) {
	at := slices.IndexFunc(n.below, func(c node) bool { return c.name == name })
	if at < 0 {
		return node{}, false
	}
	return n.below[at], true
}

func (n *node) contentType() string {
	if n.data {
		return "application/octet-stream"
	}
	return "text/plain"
}

// content is the text of a leaf; of a branch the names below, one a line.
func (n *node) content() string {
	if !n.isBranch() {
		return n.text
	}
	var names []string
	for _, c := range n.below {
		switch {
		case c.shown != "":
			names = append(names, c.shown)
		case c.isBranch():
			names = append(names, c.name+"/")
		default:
			names = append(names, c.name)
		}
	}
	return lines(names)
}

// find returns what is at a path. A slash at the end makes no difference.
func find(i *Instance, path string) (node, bool) {
	at := branch("", i.latest())
	path, ok := strings.CutPrefix(path, "/")
	if !ok {
		return node{}, false
	}
	if path = strings.TrimSuffix(path, "/"); path == "" {
		return at, true
	}
	for name := range strings.SplitSeq(path, "/") {
		if at, ok = at.child(name); !ok {
			return node{}, false
		}
	}
	return at, true
}

func (i *Instance) latest() node {
	dynamic := branch("dynamic", branch("instance-identity", leaf("document", i.document()))).withoutSlash()
	out := []node{dynamic, branch("meta-data", i.metaData()...).withoutSlash()}
	if i.UserData != nil {
		out = append(out, node{name: "user-data", text: string(i.UserData), data: true})
	}
	return branch("latest", out...).withoutSlash()
}

// metaData has the categories that say something of an instance here ("Instance metadata categories"); what an instance here has not,
// such as a public address, is not listed, as on AWS.
func (i *Instance) metaData() []node {
	out := []node{
		leaf("ami-id", i.Image), leaf("ami-launch-index", number(i.LaunchIndex)), leaf("ami-manifest-path", "(unknown)"),
		branch("block-device-mapping", leaf("ami", strings.TrimPrefix(i.RootDevice, "/dev/")), leaf("root", i.RootDevice)),
		branch("events", branch("maintenance", leaf("history", "[]"), leaf("scheduled", "[]"))),
		branch("hibernation", leaf("configured", "false")),
		leaf("hostname", i.Network.Name), leaf("instance-action", "none"), leaf("instance-id", i.ID), leaf("instance-life-cycle", "on-demand"),
		leaf("instance-type", i.Type), leaf("local-hostname", i.Network.Name), leaf("local-ipv4", i.Network.Address), leaf("mac", i.Network.MAC),
		branch("network", branch("interfaces", branch("macs", branch(i.Network.MAC, i.Network.nodes(i.Account)...)))),
		branch("placement", leaf("availability-zone", i.Zone), leaf("availability-zone-id", i.ZoneID), leaf("region", i.Region)),
		leaf("profile", "default-hvm"), leaf("reservation-id", i.Reservation), leaf("security-groups", lines(i.Network.GroupName)),
		branch("services", leaf("domain", "amazonaws.com"), leaf("partition", i.Partition)), leaf("system", "nitro"),
	}
	if i.Profile != nil {
		out = append(out, branch("iam", i.Profile.nodes()...))
	}
	if i.PublicKey != "" {
		out = append(out, branch("public-keys", branch("0", leaf("openssh-key", i.PublicKey)).as("0="+i.KeyName)))
	}
	if i.Options.ShowTags {
		out = append(out, branch("tags", node{name: "instance", below: i.tags()}))
	}
	slices.SortFunc(out, func(a, b node) int { return strings.Compare(a.name, b.name) })
	return out
}

// tags are the instance's; a branch without tags is an empty list.
func (i *Instance) tags() []node {
	out := []node{}
	for _, t := range i.Tags {
		out = append(out, leaf(t.Key, t.Value))
	}
	return out
}

func (n *Network) nodes(owner string) []node {
	return []node{
		leaf("device-number", "0"), leaf("interface-id", n.Interface), leaf("local-hostname", n.Name), leaf("local-ipv4s", n.Address),
		leaf("mac", n.MAC), leaf("owner-id", owner), leaf("security-group-ids", lines(n.Groups)), leaf("security-groups", lines(n.GroupName)),
		leaf("subnet-id", n.Subnet), leaf("subnet-ipv4-cidr-block", n.SubnetBlock), leaf("vpc-id", n.VPC),
		leaf("vpc-ipv4-cidr-block", n.VPCBlock), leaf("vpc-ipv4-cidr-blocks", n.VPCBlock),
	}
}

// nodes are what is told of the profile and its role.
func (p *Profile) nodes() []node {
	out := []node{leaf("info", p.info())}
	if p.Role != "" {
		out = append(out, branch("security-credentials", node{name: p.Role, credentials: true}))
	}
	return out
}
