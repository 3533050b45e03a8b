package ec2

import (
	"strconv"

	"github.com/ambit-iam/ambit/internal/service"
)

// A network is what an account has in a region without having made it: a default VPC, in it one subnet per zone, and a default
// security group ("Default VPCs", Amazon VPC User Guide). Its ids say which account and region it belongs to, so nothing of it is
// stored.
type network struct{ partition, account, region string }

func networkOf(c *service.Call) network {
	return network{c.Identities.Partition(), c.Account(), c.Environment.Region}
}

const vpcBlock = "172.31.0.0/16"

// A subnet is the default subnet of a zone: a /20 of the VPC's block.
type subnet struct {
	id    string
	zone  zone
	third int // the third byte of its addresses begins here
}

// subnetHosts is how many addresses a /20 has for instances: AWS keeps the first four and the last.
const subnetHosts = 4096 - 5

func (n network) vpc() string   { return derived("vpc", n.account, n.region) }
func (n network) group() string { return derived("sg", n.account, n.region, "default") }

func (n network) subnets() []subnet {
	var out []subnet
	for i, z := range zonesOf(n.region) {
		out = append(out, subnet{derived("subnet", n.account, z.name), z, 16 * i})
	}
	return out
}

// subnet returns the subnet with that id.
func (n network) subnet(id string) (subnet, bool) {
	for _, s := range n.subnets() {
		if s.id == id {
			return s, true
		}
	}
	return subnet{}, false
}

// subnetOf returns the default subnet of a zone; of no zone in particular, the first.
func (n network) subnetOf(zone string) (subnet, bool) {
	for _, s := range n.subnets() {
		if zone == "" || s.zone.name == zone {
			return s, true
		}
	}
	return subnet{}, false
}

func (s subnet) block() string { return "172.31." + strconv.Itoa(s.third) + ".0/20" }

// address returns the address of the nth host, from 0 to subnetHosts-1.
func (s subnet) address(n int) string {
	n += 4
	return "172.31." + strconv.Itoa(s.third+n/256) + "." + strconv.Itoa(n%256)
}

// arn returns the name of a resource of the account in the region. Images and snapshots belong to no account.
func (n network) arn(kind, id string) string {
	account := n.account
	if kind == "image" || kind == "snapshot" {
		account = ""
	}
	return "arn:" + n.partition + ":ec2:" + n.region + ":" + account + ":" + kind + "/" + id
}

// dnsName is the private name of an address ("DNS attributes for your VPC").
func (n network) dnsName(address string) string {
	suffix := "." + n.region + ".compute.internal"
	if n.region == "us-east-1" {
		suffix = ".ec2.internal"
	}
	name := []byte("ip-" + address)
	for i, c := range name {
		if c == '.' {
			name[i] = '-'
		}
	}
	return string(name) + suffix
}
