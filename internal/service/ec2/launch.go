package ec2

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// maxInstances is how many instances an account may have in a region.
const maxInstances = 1000

// A drawn are the ids of one launch.
type drawn struct {
	reservation string
	instances   []drawnInstance
}

type drawnInstance struct {
	id, networkInterface, attachment string
	volumes                          []string
}

func runInstances(e Endpoints) service.Writing[runInstancesInput, drawn] {
	return service.Writing[runInstancesInput, drawn]{
		Check: (*runInstancesInput).check,
		Draw:  drawLaunch,
		Prepare: func(ctx context.Context, c *service.Call, _ *runInstancesInput, d drawn) (drawn, error) {
			return d, noteAccount(ctx, c)
		},
		Act: func(c *service.Call, in *runInstancesInput, d drawn, tx identity.Tx) (service.Answer, error) {
			answer, err := actRunInstances(c, in, d, tx)
			answer.Committed = settling(e, c, d.ids())
			return answer, err
		},
	}
}

// settling has the metadata services of instances settled once the change of them is durable.
func settling(e Endpoints, c *service.Call, ids []string) func() {
	return func() { e.Settle(c.Account(), c.Environment.Region, ids) }
}

func drawLaunch(_ *service.Call, in *runInstancesInput) (drawn, error) {
	d := drawn{reservation: draw("r")}
	for range min(*in.MaxCount, maxInstances) {
		one := drawnInstance{id: draw("i"), networkInterface: draw("eni"), attachment: draw("eni-attach")}
		for range len(in.BlockDeviceMappings) + 1 {
			one.volumes = append(one.volumes, draw("vol"))
		}
		d.instances = append(d.instances, one)
	}
	return d, nil
}

// ids are those of the instances, of which some may not have been launched.
func (d drawn) ids() (out []string) {
	for _, i := range d.instances {
		out = append(out, i.id)
	}
	return out
}

func actRunInstances(c *service.Call, in *runInstancesInput, d drawn, tx identity.Tx) (service.Answer, error) {
	if earlier, err := in.earlier(c, tx.Reader); earlier != nil || err != nil {
		return service.Body(earlier), cmp.Or(err, checkDry(in.DryRun))
	}
	model, err := in.model(c, tx.Reader)
	if err != nil {
		return service.Answer{}, err
	}
	room, err := sweep(c, tx)
	if err != nil {
		return service.Answer{}, err
	}
	count := min(int(*in.MaxCount), maxInstances-room.living)
	if count < int(*in.MinCount) {
		return service.Answer{}, noRoom(room.living + int(*in.MinCount))
	}
	if err := checkDry(in.DryRun); err != nil {
		return service.Answer{}, err
	}
	into, _ := networkOf(c).subnet(model.Subnet)
	made := make([]instance, count)
	for index, ids := range d.instances[:count] {
		i := &made[index]
		*i = model
		i.ID, i.Reservation, i.Index = ids.id, d.reservation, int32(index)
		i.Interface, i.Attached, i.Address = ids.networkInterface, ids.attachment, room.address(into, ids.id)
		i.Volumes = slices.Clone(model.Volumes)
		for v := range i.Volumes {
			i.Volumes[v].ID = ids.volumes[v]
		}
		if err := in.write(tx, i); err != nil {
			return service.Answer{}, err
		}
	}
	if err := in.remember(c, tx, made); err != nil {
		return service.Answer{}, err
	}
	answer, err := reservationOf(c, tx.Reader, made)
	return service.Body(&answer), err
}

func noRoom(wanted int) error {
	return service.BadRequest("InstanceLimitExceeded", fmt.Sprintf("You have requested more instances (%d) than your current instance limit "+
		"of %d allows for the specified instance type. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to "+
		"this limit.", wanted, maxInstances))
}

// write stores an instance with the tags that the launch gives it and its parts.
func (in *runInstancesInput) write(tx identity.Tx, i *instance) error {
	if err := writeInstance(tx, i); err != nil {
		return err
	}
	tags := map[string][]identity.Tag{i.ID: tagsOf(in.tagsFor("instance")), i.Interface: tagsOf(in.tagsFor("network-interface"))}
	for _, v := range i.Volumes {
		tags[v.ID] = tagsOf(in.tagsFor("volume"))
	}
	if err := i.Metadata.checkTags(tags[i.ID]); err != nil {
		return err
	}
	for id, list := range tags {
		if err := writeTags(tx, i.Region, id, list); err != nil {
			return err
		}
	}
	return nil
}

// A room is what a region has left for instances.
type room struct {
	living int
	taken  map[string]bool // addresses
}

// sweep removes instances that are not listed any more, and counts the others.
func sweep(c *service.Call, tx identity.Tx) (room, error) {
	r := room{taken: map[string]bool{}}
	for i, err := range instancesOf(tx.Reader, c.Environment.Region) {
		switch {
		case err != nil:
			return room{}, err
		case i.gone(c.Now()):
			if err := i.forget(tx); err != nil {
				return room{}, err
			}
		case i.state(c.Now()) != terminated:
			r.living++
			r.taken[i.Address] = true
		}
	}
	return r, nil
}

// address takes an address in a subnet that nobody has. There are always some: a subnet has room for more instances than a region.
func (r room) address(in subnet, id string) string {
	sum := sha256.Sum256([]byte(id))
	for host := int(binary.BigEndian.Uint16(sum[:])) % subnetHosts; ; host = (host + 1) % subnetHosts {
		if a := in.address(host); !r.taken[a] {
			r.taken[a] = true
			return a
		}
	}
}

// A launchRecord is what is remembered of a launch under its client token.
type launchRecord struct {
	Digest    string   `json:"digest"`
	Instances []string `json:"instances"`
}

// remember keeps the client token for as long as one of the instances is listed.
func (in *runInstancesInput) remember(c *service.Call, tx identity.Tx, made []instance) error {
	if text(in.ClientToken) == "" {
		return nil
	}
	digest, err := in.digest()
	if err != nil {
		return err
	}
	record := launchRecord{Digest: digest}
	for _, i := range made {
		record.Instances = append(record.Instances, i.ID)
	}
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	tx.Store().Put(tokenKey(c.Environment.Region, *in.ClientToken), value)
	return nil
}

// forgetLaunch takes an instance that is not listed any more out of what is remembered under its client token. With the last one the
// token is free; a token that has been used anew belongs to others.
func (i *instance) forgetLaunch(tx identity.Tx) error {
	value, known := tx.Store().Get(tokenKey(i.Region, i.Token))
	if i.Token == "" || !known {
		return nil
	}
	var record launchRecord
	if err := json.Unmarshal(value, &record); err != nil {
		return fmt.Errorf("client token: %w", err)
	}
	record.Instances = slices.DeleteFunc(record.Instances, func(id string) bool { return id == i.ID })
	if len(record.Instances) == 0 {
		tx.Store().Delete(tokenKey(i.Region, i.Token))
		return nil
	}
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	tx.Store().Put(tokenKey(i.Region, i.Token), value)
	return nil
}

// earlier returns the answer to an earlier launch with the same client token ("Ensuring idempotency in Amazon EC2 API requests").
func (in *runInstancesInput) earlier(c *service.Call, r identity.Reader) (*reservation, error) {
	region := c.Environment.Region
	value, known := r.Store().Get(tokenKey(region, text(in.ClientToken)))
	if text(in.ClientToken) == "" || !known {
		return nil, nil
	}
	var record launchRecord
	if err := json.Unmarshal(value, &record); err != nil {
		return nil, fmt.Errorf("client token: %w", err)
	}
	digest, err := in.digest()
	if err != nil {
		return nil, err
	}
	if digest != record.Digest {
		return nil, service.BadRequest("IdempotentParameterMismatch",
			"Arguments on this idempotent request are inconsistent with arguments used in previous request(s).")
	}
	var made []instance
	for _, id := range record.Instances {
		i, exists, err := readInstance(r, region, id)
		if err != nil {
			return nil, err
		}
		if exists && i.state(c.Now()) != terminated {
			made = append(made, i)
		}
	}
	if len(made) == 0 {
		return nil, service.BadRequest("IdempotentInstanceTerminated",
			"The client token belongs to a launch whose instances have been terminated.")
	}
	answer, err := reservationOf(c, r, made)
	return &answer, err
}
