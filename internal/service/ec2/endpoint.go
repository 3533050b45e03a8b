package ec2

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"strconv"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/metadata"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// An instance that runs has a metadata service. Its port is opened by whoever assembles the server, who is told when an instance may
// have begun or ceased to run, and reads here what there is to tell.

// Endpoints keep the metadata services of instances.
type Endpoints interface {
	// Settle opens or closes the metadata services of instances as their records say, and keeps the ports of those that are stopped. It
	// is called when a change of them is durable, and returns when who is told of the change finds it done.
	Settle(account, region string, ids []string)
}

// A Place names an instance.
type Place struct{ Account, Region, ID string }

// launchedPrefix begins the keys, in the directory, of the accounts that ever launched an instance. One is there before the first
// instance is, so that a server that begins finds all instances without looking into every account.
const launchedPrefix = "ec2:launched/"

// noteAccount makes sure that the directory knows the account of a launch.
func noteAccount(ctx context.Context, c *service.Call) error {
	key, known := launchedPrefix+c.Account(), false
	s := c.Identities.Store()
	err := s.View(ctx, service.Directory, func(r store.Reader) error {
		_, known = r.Get(key)
		return nil
	})
	if err != nil || known {
		return err
	}
	_, err = s.Update(ctx, service.Directory, func(tx store.Tx) error {
		tx.Put(key, []byte{})
		return nil
	})
	return err
}

// Accounts are those that ever launched an instance. r is on the directory.
func Accounts(r store.Reader) (out []string) {
	for key := range store.All(r, launchedPrefix) {
		out = append(out, strings.TrimPrefix(key, launchedPrefix))
	}
	return out
}

// Places are the instances of an account that are listed at a time, in all regions.
func Places(r identity.Reader, now time.Time) iter.Seq2[Place, error] {
	return func(yield func(Place, error) bool) {
		for key, value := range store.All(r.Store(), instancePrefix) {
			var i instance
			if err := json.Unmarshal(value, &i); err != nil {
				yield(Place{}, fmt.Errorf("%s: %w", key, err))
				return
			}
			if !i.gone(now) && !yield(Place{r.Account(), i.Region, i.ID}, nil) {
				return
			}
		}
	}
}

// portKey is the key of the port that an instance had last. It goes with the instance.
func portKey(region, id string) string { return "ec2:port/" + region + "/" + id }

// Port is the port on which the instance's metadata service was last; 0: it had none.
func Port(r identity.Reader, at Place) int {
	value, _ := r.Store().Get(portKey(at.Region, at.ID))
	port, err := strconv.ParseUint(string(value), 10, 16)
	if err != nil {
		return 0
	}
	return int(port)
}

// RememberPort keeps it for the next start, as long as there is the instance.
func RememberPort(tx identity.Tx, at Place, port int) {
	if _, exists := tx.Store().Get(instanceKey(at.Region, at.ID)); exists {
		tx.Store().Put(portKey(at.Region, at.ID), []byte(strconv.Itoa(port)))
	}
}

// A Running is what a running instance is told about itself, and the role of its profile.
type Running struct {
	metadata.Instance
	Role identity.Role // the zero Role: none
}

// Lives reports whether an instance runs or may run again, and whether it runs, or is about to. What is pending is running before
// anybody has noticed.
func Lives(r identity.Reader, at Place, now time.Time) (lives, runs bool, err error) {
	i, exists, err := readInstance(r, at.Region, at.ID)
	if err != nil || !exists {
		return false, false, err
	}
	state := i.state(now)
	return state != shuttingDown && state != terminated, i.runs(now), nil
}

func (i *instance) runs(now time.Time) bool {
	state := i.state(now)
	return state == pending || state == running
}

// ReadRunning returns what there is to tell to an instance; ok is false if it does not run.
func ReadRunning(r identity.Reader, partition string, at Place, now time.Time) (out Running, ok bool, err error) {
	i, exists, err := readInstance(r, at.Region, at.ID)
	if err != nil || !exists || !i.runs(now) {
		return Running{}, false, err
	}
	n := network{partition, at.Account, at.Region}
	out.Instance = metadata.Instance{
		ID: i.ID, Account: at.Account, Region: at.Region, Partition: partition, Zone: i.Zone, ZoneID: i.ZoneID, Image: i.Image, Type: i.Type,
		Architecture: i.Architecture, Reservation: i.Reservation, LaunchIndex: int(i.Index), Launched: i.Launched, RootDevice: i.RootDevice,
		KeyName: i.KeyName, Network: i.interfaceMetadata(n),
		Options: metadata.Options{Enabled: i.Metadata.Endpoint == enabled, WithoutToken: i.Metadata.Tokens == optional, ShowTags: i.Metadata.Tags == enabled},
	}
	if i.UserData != "" {
		if out.UserData, err = base64.StdEncoding.DecodeString(i.UserData); err != nil {
			return Running{}, false, fmt.Errorf("user data of %s: %w", i.ID, err)
		}
	}
	key, exists, err := readKeyPair(r, at.Region, i.KeyName)
	if err != nil {
		return Running{}, false, err
	}
	if exists && i.KeyName != "" {
		out.PublicKey = key.Public
	}
	tags, err := readTags(r, at.Region, i.ID)
	if err != nil {
		return Running{}, false, err
	}
	for _, t := range tags {
		out.Tags = append(out.Tags, metadata.Tag{Key: t.Key, Value: t.Value})
	}
	out.Profile, out.Role, err = i.profileMetadata(r)
	return out, err == nil, err
}

func (i *instance) interfaceMetadata(n network) metadata.Network {
	out := metadata.Network{
		Interface: i.Interface, MAC: hardwareAddress(i.Interface), Address: i.Address, Name: n.dnsName(i.Address), Subnet: i.Subnet,
		VPC: n.vpc(), VPCBlock: vpcBlock,
	}
	if in, ok := n.subnet(i.Subnet); ok {
		out.SubnetBlock = in.block()
	}
	for _, g := range i.groupNames() {
		out.Groups, out.GroupName = append(out.Groups, g.GroupID), append(out.GroupName, g.GroupName)
	}
	return out
}

// profileMetadata returns the instance's profile as it is now, and the role that it holds.
func (i *instance) profileMetadata(r identity.Reader) (*metadata.Profile, identity.Role, error) {
	if i.Profile == "" {
		return nil, identity.Role{}, nil
	}
	out := &metadata.Profile{ARN: i.Profile, ID: i.ProfileID, Since: i.ProfileSince, Gone: true}
	found, err := findProfile(r, i.Profile)
	if err != nil || string(found.ID) != i.ProfileID {
		return out, identity.Role{}, err
	}
	if out.Gone = false; found.Role == "" {
		return out, identity.Role{}, nil
	}
	role, err := r.Role(found.Role)
	var absent *identity.NotFoundError
	if errors.As(err, &absent) {
		return out, identity.Role{}, nil
	}
	out.Role = role.Name
	return out, role, err
}

// Delivery are the condition keys of the requests that an instance makes with the credentials of its role (EC2 User Guide, "Condition
// keys for instance roles").
func (r *Running) Delivery(by metadata.Version) []identity.Tag {
	return []identity.Tag{
		{Key: "ec2:RoleDelivery", Value: string(by)},
		{Key: "ec2:SourceInstanceARN", Value: network{r.Partition, r.Account, r.Region}.arn("instance", r.ID)},
		{Key: "aws:Ec2InstanceSourceVpc", Value: r.Network.VPC},
		{Key: "aws:Ec2InstanceSourcePrivateIPv4", Value: r.Network.Address},
	}
}

// RoleOf returns the name of the role in an instance's profile; empty: there is none.
func RoleOf(r identity.Reader, at Place) (string, error) {
	i, exists, err := readInstance(r, at.Region, at.ID)
	if err != nil || !exists {
		return "", err
	}
	_, role, err := i.profileMetadata(r)
	return role.Name, err
}
