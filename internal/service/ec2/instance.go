package ec2

import (
	"encoding/json"
	"fmt"
	"iter"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// An instance is what is stored of an instance, in the space of its account.
type instance struct {
	ID          string    `json:"id"`
	Region      string    `json:"region"`
	Reservation string    `json:"reservation"`
	Index       int32     `json:"index"`
	Launched    time.Time `json:"launched"`      // the last time
	Made        time.Time `json:"made,omitzero"` // launched for the first time; see made
	Token       string    `json:"token,omitempty"`

	State        stateName `json:"state"` // as of Since; see state
	Since        time.Time `json:"since"`
	UserStopped  bool      `json:"user_stopped,omitempty"` // the last stop or termination was asked for
	Image        string    `json:"image"`
	Type         string    `json:"type"`
	Architecture string    `json:"architecture"`
	RootDevice   string    `json:"root_device"`
	BootMode     string    `json:"boot_mode,omitempty"`

	Subnet     string            `json:"subnet"`
	Zone       string            `json:"zone"`
	ZoneID     string            `json:"zone_id"`
	Address    string            `json:"address"`
	Interface  string            `json:"interface"`
	Attached   string            `json:"attached"` // id of the interface's attachment
	Note       string            `json:"note,omitempty"`
	Groups     []string          `json:"groups"`
	GroupNames map[string]string `json:"group_names,omitempty"` // of Groups
	Volumes    []volume          `json:"volumes"`

	KeyName   string `json:"key_name,omitempty"`
	Profile   string `json:"profile,omitempty"` // ARN
	ProfileID string `json:"profile_id,omitempty"`
	// ProfileSince is when the profile was associated.
	ProfileSince time.Time `json:"profile_since,omitzero"`

	Monitoring         bool            `json:"monitoring,omitempty"`
	EbsOptimized       bool            `json:"ebs_optimized,omitempty"`
	KeepsRunning       bool            `json:"keeps_running,omitempty"` // DisableApiStop
	KeepsLiving        bool            `json:"keeps_living,omitempty"`  // DisableApiTermination
	ShutdownTerminates bool            `json:"shutdown_terminates,omitempty"`
	Metadata           metadataOptions `json:"metadata"`
	UserData           string          `json:"user_data,omitempty"`
}

// A volume belongs to one instance and goes with it.
type volume struct {
	ID         string `json:"id"`
	Device     string `json:"device"`
	Size       int32  `json:"size"` // GiB
	Type       string `json:"type"`
	IOPS       int32  `json:"iops,omitempty"`
	Throughput int32  `json:"throughput,omitempty"`
	Snapshot   string `json:"snapshot,omitempty"`
	Encrypted  bool   `json:"encrypted,omitempty"`
}

// A stateName is a state in an instance's life ("Amazon EC2 instance state changes").
type stateName string

const (
	pending      stateName = "pending"
	running      stateName = "running"
	shuttingDown stateName = "shutting-down"
	terminated   stateName = "terminated"
	stopping     stateName = "stopping"
	stopped      stateName = "stopped"
)

// code is the number of a state (API Reference, InstanceState).
func (s stateName) code() int32 {
	return map[stateName]int32{pending: 0, running: 16, shuttingDown: 32, terminated: 48, stopping: 64, stopped: 80}[s]
}

// becomes is where states lead that do not last.
var becomes = map[stateName]stateName{pending: running, stopping: stopped, shuttingDown: terminated}

// How long states last that lead somewhere, and how long terminated instances are still listed (AWS: "usually for approximately one
// hour").
const (
	passing   = 500 * time.Millisecond
	lingering = time.Hour
)

// state is the state at a time. Nothing runs, so that time alone takes an instance from one to the next.
func (i *instance) state(now time.Time) stateName {
	if next, passes := becomes[i.State]; passes && now.Sub(i.Since) >= passing {
		return next
	}
	return i.State
}

// gone reports whether the instance is not listed any more.
func (i *instance) gone(now time.Time) bool {
	return i.state(now) == terminated && now.Sub(i.Since) >= lingering
}

// made is when the instance was launched for the first time, and what it has was attached. Of those that were launched before that was
// stored it is the last time.
func (i *instance) made() time.Time {
	if i.Made.IsZero() {
		return i.Launched
	}
	return i.Made
}

const instancePrefix = "ec2:instance/"

func instanceKey(region, id string) string { return instancePrefix + region + "/" + id }

// partKey is the key under which the instance is found that has a volume or a network interface.
func partKey(region, id string) string { return "ec2:part/" + region + "/" + id }

// tokenKey is the key of a client token.
func tokenKey(region, token string) string { return "ec2:token/" + region + "/" + token }

// parts are the ids of what an instance has and loses with it.
func (i *instance) parts() []string {
	out := []string{i.Interface}
	for _, v := range i.Volumes {
		out = append(out, v.ID)
	}
	return out
}

func readInstance(r identity.Reader, region, id string) (i instance, exists bool, err error) {
	value, exists := r.Store().Get(instanceKey(region, id))
	if !exists {
		return instance{}, false, nil
	}
	if err := json.Unmarshal(value, &i); err != nil {
		return instance{}, false, fmt.Errorf("instance %s: %w", id, err)
	}
	return i, true, nil
}

// findPart returns the instance that has a volume or a network interface. That of a terminated instance is gone.
func findPart(r identity.Reader, region, id string, now time.Time) (i instance, exists bool, err error) {
	value, exists := r.Store().Get(partKey(region, id))
	if !exists {
		return instance{}, false, nil
	}
	i, exists, err = readInstance(r, region, string(value))
	return i, exists && i.state(now) != terminated, err
}

// instancesOf are the instances of a region, by id, those that are gone among them.
func instancesOf(r identity.Reader, region string) iter.Seq2[instance, error] {
	return func(yield func(instance, error) bool) {
		for key, value := range store.All(r.Store(), instancePrefix+region+"/") {
			var i instance
			err := json.Unmarshal(value, &i)
			if err != nil {
				err = fmt.Errorf("%s: %w", key, err)
			}
			if !yield(i, err) || err != nil {
				return
			}
		}
	}
}

func writeInstance(tx identity.Tx, i *instance) error {
	value, err := json.Marshal(i)
	if err != nil {
		return err
	}
	tx.Store().Put(instanceKey(i.Region, i.ID), value)
	for _, part := range i.parts() {
		tx.Store().Put(partKey(i.Region, part), []byte(i.ID))
	}
	return nil
}

// forget removes what is left of an instance.
func (i *instance) forget(tx identity.Tx) error {
	s := tx.Store()
	s.Delete(instanceKey(i.Region, i.ID))
	s.Delete(tagKey(i.Region, i.ID))
	s.Delete(portKey(i.Region, i.ID))
	for _, part := range i.parts() {
		s.Delete(partKey(i.Region, part))
		s.Delete(tagKey(i.Region, part))
	}
	return i.forgetLaunch(tx)
}
