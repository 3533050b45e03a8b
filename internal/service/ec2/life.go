package ec2

import (
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A livesInput is the input of the calls that take instances from one state to another.
type livesInput struct {
	InstanceIds    []string `wire:"InstanceId"`
	DryRun         *bool
	Force          *bool   // of StopInstances and TerminateInstances; nothing runs that could resist
	SkipOsShutdown *bool   // of the same
	AdditionalInfo *string // of StartInstances: "Reserved."
}

func (in *livesInput) check() error {
	if len(in.InstanceIds) == 0 {
		return missing("InstanceId")
	}
	return checkIDs("i", in.InstanceIds...)
}

type stateChange struct {
	InstanceID    string    `wire:"instanceId"`
	CurrentState  stateInfo `wire:"currentState"`
	PreviousState stateInfo `wire:"previousState"`
}

type stateChanges struct {
	Instances []stateChange `wire:"instancesSet"`
}

// A move is what a call does to the state of an instance.
type move struct {
	verb   string                  // as refusals have it
	from   map[stateName]stateName // where a state leads; where it leads to itself, nothing happens
	allows func(i *instance) error // whether the instance lets it happen; nil: always
	byUser bool                    // it ends with the user as the reason
}

var startInstances = move{verb: "started", from: map[stateName]stateName{stopped: pending, pending: pending, running: running}}

var stopInstances = move{
	verb: "stopped", from: map[stateName]stateName{running: stopping, stopping: stopping, stopped: stopped}, byUser: true,
	allows: func(i *instance) error { return kept(i.KeepsRunning, i.ID, "stopped", "disableApiStop") },
}

var terminateInstances = move{
	verb: "terminated", byUser: true,
	from: map[stateName]stateName{
		pending: shuttingDown, running: shuttingDown, stopping: shuttingDown, stopped: terminated, shuttingDown: shuttingDown, terminated: terminated,
	},
	allows: func(i *instance) error { return kept(i.KeepsLiving, i.ID, "terminated", "disableApiTermination") },
}

// rebootInstances leaves every instance in the state in which it is: running.
var rebootInstances = service.Writing[livesInput, struct{}]{
	Check: (*livesInput).check,
	Act: func(c *service.Call, in *livesInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		_, err := in.move(c, tx, move{verb: "rebooted", from: map[stateName]stateName{running: running, pending: pending}})
		return service.Answer{}, err
	},
}

func moving(e Endpoints, m move) service.Writing[livesInput, struct{}] {
	return service.Writing[livesInput, struct{}]{
		Check: (*livesInput).check,
		Act: func(c *service.Call, in *livesInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			changes, err := in.move(c, tx, m)
			return service.Answer{Body: &stateChanges{changes}, Committed: settling(e, c, in.InstanceIds)}, err
		},
	}
}

func kept(protected bool, id, verb, attribute string) error {
	if !protected {
		return nil
	}
	return service.BadRequest("OperationNotPermitted", "The instance '"+id+"' may not be "+verb+". Modify its '"+attribute+
		"' instance attribute and try again.")
}

// move moves all the instances or none.
func (in *livesInput) move(c *service.Call, tx identity.Tx, m move) ([]stateChange, error) {
	var changes []stateChange
	var absent []string
	for _, id := range slices.Compact(slices.Sorted(slices.Values(in.InstanceIds))) {
		i, exists, err := readInstance(tx.Reader, c.Environment.Region, id)
		if err != nil {
			return nil, err
		}
		if !exists || i.gone(c.Now()) {
			absent = append(absent, id)
			continue
		}
		change, err := m.apply(c, tx, &i)
		if err != nil {
			return nil, err
		}
		changes = append(changes, change)
	}
	if len(absent) > 0 {
		return nil, noSuchInstances(absent)
	}
	return changes, checkDry(in.DryRun)
}

func (m move) apply(c *service.Call, tx identity.Tx, i *instance) (stateChange, error) {
	was := i.state(c.Now())
	becomes, possible := m.from[was]
	if !possible {
		return stateChange{}, m.impossible(i, was)
	}
	change := stateChange{i.ID, stateInfo{becomes.code(), becomes}, stateInfo{was.code(), was}}
	if becomes == was {
		return change, nil
	}
	if m.allows != nil {
		if err := m.allows(i); err != nil {
			return stateChange{}, err
		}
	}
	i.State, i.Since, i.UserStopped = becomes, c.Now(), m.byUser
	if becomes == pending {
		i.Launched = c.Now()
	}
	return change, writeInstance(tx, i)
}

// impossible says that an instance is in a state from which the move does not lead.
func (m move) impossible(i *instance, was stateName) error {
	said := "The instance '" + i.ID + "' is not in a state from which it can be " + m.verb + "."
	if m.verb == stopInstances.verb && was == pending && i.Launched.Equal(i.made()) {
		said = "Instance '" + i.ID + "' cannot be stopped as it has never reached the 'running' state."
	}
	return service.BadRequest("IncorrectInstanceState", said)
}
