package ec2

import (
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type associateInput struct {
	IamInstanceProfile *inputProfile
	InstanceId         *string
}

type replaceInput struct {
	IamInstanceProfile *inputProfile
	AssociationId      *string
}

type disassociateInput struct{ AssociationId *string }

type associationOutput struct {
	Association association `wire:"iamInstanceProfileAssociation"`
}

// An association says which instance profile an instance has.
type association struct {
	AssociationID string      `wire:"associationId"`
	InstanceID    string      `wire:"instanceId"`
	Profile       profileInfo `wire:"iamInstanceProfile"`
	State         string      `wire:"state"`
	Timestamp     time.Time   `wire:"timestamp"`
}

// association is the id of an instance's association with its profile; another profile, or the same one later, is another one.
func (i *instance) association() string {
	return derived("iip-assoc", i.ID, i.Profile, i.ProfileSince.UTC().Format(time.RFC3339Nano))
}

func (i *instance) shownAssociation(state string) association {
	return association{i.association(), i.ID, profileInfo{i.Profile, i.ProfileID}, state, i.ProfileSince}
}

// findAssociation returns the instance of an association.
func findAssociation(c *service.Call, r identity.Reader, id string) (instance, bool, error) {
	for i, err := range instancesOf(r, c.Environment.Region) {
		if err != nil {
			return instance{}, false, err
		}
		if i.Profile != "" && i.association() == id && i.state(c.Now()) != terminated {
			return i, true, nil
		}
	}
	return instance{}, false, nil
}

func noSuchAssociation(id string) error {
	return service.BadRequest("NoSuchAssociation", "An association with the ID '"+id+"' does not exist.")
}

var associateProfile = service.Writing[associateInput, struct{}]{
	Check: func(in *associateInput) error {
		switch {
		case in.InstanceId == nil:
			return missing("InstanceId")
		case in.IamInstanceProfile == nil:
			return missing("IamInstanceProfile")
		}
		if err := in.IamInstanceProfile.check(); err != nil {
			return err
		}
		return checkIDs("i", *in.InstanceId)
	},
	Act: func(c *service.Call, in *associateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		i, exists, err := readInstance(tx.Reader, c.Environment.Region, *in.InstanceId)
		switch {
		case err != nil:
			return service.Answer{}, err
		case !exists || i.gone(c.Now()):
			return service.Answer{}, noSuchInstances([]string{*in.InstanceId})
		case i.state(c.Now()) != running && i.state(c.Now()) != stopped && i.state(c.Now()) != pending:
			return service.Answer{}, service.BadRequest("IncorrectInstanceState", "The instance '"+i.ID+"' is not in the 'running' or 'stopped' states.")
		case i.Profile != "":
			return service.Answer{}, service.BadRequest("IncorrectState", "There is an existing association for instance "+i.ID)
		}
		return i.associate(c, tx, in.IamInstanceProfile)
	},
}

var replaceProfile = service.Writing[replaceInput, struct{}]{
	Check: func(in *replaceInput) error {
		switch {
		case in.AssociationId == nil:
			return missing("AssociationId")
		case in.IamInstanceProfile == nil:
			return missing("IamInstanceProfile")
		}
		return in.IamInstanceProfile.check()
	},
	Act: func(c *service.Call, in *replaceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		i, exists, err := findAssociation(c, tx.Reader, *in.AssociationId)
		if err != nil {
			return service.Answer{}, err
		}
		if !exists {
			return service.Answer{}, noSuchAssociation(*in.AssociationId)
		}
		return i.associate(c, tx, in.IamInstanceProfile)
	},
}

// associate gives an instance a profile in place of the one that it has.
func (i *instance) associate(c *service.Call, tx identity.Tx, p *inputProfile) (service.Answer, error) {
	if err := p.settle(i, networkOf(c), tx.Reader); err != nil {
		return service.Answer{}, err
	}
	i.ProfileSince = c.Now()
	return service.Body(&associationOutput{i.shownAssociation("associating")}), writeInstance(tx, i)
}

var disassociateProfile = service.Writing[disassociateInput, struct{}]{
	Check: func(in *disassociateInput) error {
		if in.AssociationId == nil {
			return missing("AssociationId")
		}
		return nil
	},
	Act: func(c *service.Call, in *disassociateInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		i, exists, err := findAssociation(c, tx.Reader, *in.AssociationId)
		if err != nil {
			return service.Answer{}, err
		}
		if !exists {
			return service.Answer{}, noSuchAssociation(*in.AssociationId)
		}
		out := associationOutput{i.shownAssociation("disassociating")}
		i.Profile, i.ProfileID, i.ProfileSince = "", "", time.Time{}
		return service.Body(&out), writeInstance(tx, &i)
	},
}

type describeProfilesInput struct {
	AssociationIds []string `wire:"AssociationId"`
	Filters        []filter `wire:"Filter"`
	MaxResults     *int32
	NextToken      *string
}

type describeProfilesOutput struct {
	Associations []association `wire:"iamInstanceProfileAssociationSet"`
	NextToken    *string       `wire:"nextToken"`
}

var associationList = list[association]{
	key: func(a association) string { return a.AssociationID },
	attributes: func(a association) attributes {
		return attributes{"instance-id": {a.InstanceID}, "state": {a.State}}
	},
}

var describeProfiles = service.Reading[describeProfilesInput]{
	Check: func(in *describeProfilesInput) error {
		if err := checkMax(in.MaxResults, len(in.AssociationIds), "associationIds", 5, 1000); err != nil {
			return err
		}
		return checkFilters(in.Filters, associationList.anything())
	},
	Act: func(c *service.Call, in *describeProfilesInput, r identity.Reader) (service.Answer, error) {
		var all []association
		for i, err := range instancesOf(r, c.Environment.Region) {
			if err != nil {
				return service.Answer{}, err
			}
			if i.Profile != "" && i.state(c.Now()) != terminated {
				all = append(all, i.shownAssociation("associated"))
			}
		}
		found, absent := chosen(all, in.AssociationIds, associationList.key)
		if len(absent) > 0 {
			return service.Answer{}, noSuchAssociation(absent[0])
		}
		out, next, err := associationList.page(c, found, in.Filters, in.NextToken, in.MaxResults)
		return service.Body(&describeProfilesOutput{out, next}), err
	},
}
