package ec2

import (
	"slices"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A modifyInstanceInput is what is served of the input of ModifyInstanceAttribute: one attribute by its own member, or by its name
// and a text.
type modifyInstanceInput struct {
	InstanceId *string
	DryRun     *bool

	Attribute       *string
	ValueOrUserData *string `wire:"Value"` // its name keeps it out of the records: it may be user data

	DisableApiStop                    *inputFlag
	DisableApiTermination             *inputFlag
	EbsOptimized                      *inputFlag
	InstanceType                      *inputText
	InstanceInitiatedShutdownBehavior *inputText
	UserData                          *inputText
	Groups                            []string `wire:"GroupId"`
}

type inputFlag struct{ Value *bool }

type inputText struct{ Value *string }

// attributes are the names and texts of what the input changes.
func (in *modifyInstanceInput) attributes() map[string]string {
	out := map[string]string{}
	for name, f := range map[string]*inputFlag{
		"disableApiStop": in.DisableApiStop, "disableApiTermination": in.DisableApiTermination, "ebsOptimized": in.EbsOptimized,
	} {
		if f != nil && f.Value != nil {
			out[name] = strconv.FormatBool(*f.Value)
		}
	}
	for name, s := range map[string]*inputText{
		"instanceType": in.InstanceType, "instanceInitiatedShutdownBehavior": in.InstanceInitiatedShutdownBehavior, "userData": in.UserData,
	} {
		if s != nil {
			out[name] = text(s.Value)
		}
	}
	if len(in.Groups) > 0 {
		out[groupSet] = strings.Join(in.Groups, ",")
	}
	if in.Attribute != nil {
		out[*in.Attribute] = text(in.ValueOrUserData)
	}
	return out
}

// changes are what becomes of an instance by each attribute; stops says that it must be stopped for it.
var changes = map[string]struct {
	stops bool
	apply func(i *instance, value string) error
}{
	"disableApiStop":        {false, func(i *instance, value string) error { return flag(&i.KeepsRunning, value) }},
	"disableApiTermination": {false, func(i *instance, value string) error { return flag(&i.KeepsLiving, value) }},
	"ebsOptimized":          {true, func(i *instance, value string) error { return flag(&i.EbsOptimized, value) }},
	"instanceType":          {true, (*instance).resize},
	"userData": {true, func(i *instance, value string) error {
		i.UserData = value
		return (&runInstancesInput{UserData: &value}).checkSettings()
	}},
	"instanceInitiatedShutdownBehavior": {false, func(i *instance, value string) error {
		i.ShutdownTerminates = value == "terminate"
		return (&runInstancesInput{InstanceInitiatedShutdownBehavior: &value}).checkSettings()
	}},
	groupSet: {false, func(i *instance, value string) error {
		i.Groups = groupsIn(value)
		return checkIDs("sg", i.Groups...)
	}},
}

// groupSet is the attribute that has several values: ids with commas between them.
const groupSet = "groupSet"

func groupsIn(value string) []string {
	return slices.Compact(slices.Sorted(strings.SplitSeq(value, ",")))
}

func flag(to *bool, value string) error {
	read, err := strconv.ParseBool(value)
	if *to = read; err != nil {
		return invalid(value, "value", "Expecting true or false.")
	}
	return nil
}

func (i *instance) resize(name string) error {
	t, exists := findInstanceType(name)
	switch {
	case !exists:
		return invalidValue("Invalid value '" + name + "' for InstanceType.")
	case t.arch != i.Architecture:
		return otherArchitecture(t.arch, i.Architecture)
	}
	i.Type = name
	return nil
}

var modifyInstanceAttribute = service.Writing[modifyInstanceInput, struct{}]{
	Check: func(in *modifyInstanceInput) error {
		if in.InstanceId == nil {
			return missing("InstanceId")
		}
		if err := checkIDs("i", *in.InstanceId); err != nil {
			return err
		}
		switch given := in.attributes(); {
		case len(given) == 0:
			return service.BadRequest("InvalidParameterCombination", "No attributes specified.")
		case len(given) > 1:
			return service.BadRequest("InvalidParameterCombination", "Fields for multiple attribute types specified.")
		default:
			for name := range given {
				if _, known := changes[name]; !known {
					return unsupported("The attribute '" + name + "' cannot be changed here.")
				}
			}
		}
		return nil
	},
	Act: func(c *service.Call, in *modifyInstanceInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		i, exists, err := readInstance(tx.Reader, c.Environment.Region, *in.InstanceId)
		if err != nil {
			return service.Answer{}, err
		}
		if !exists || i.state(c.Now()) == terminated {
			return service.Answer{}, noSuchInstances([]string{*in.InstanceId})
		}
		for name, value := range in.attributes() {
			if changes[name].stops && i.state(c.Now()) != stopped {
				return service.Answer{}, service.BadRequest("IncorrectInstanceState", "The instance '"+i.ID+"' is not in the 'stopped' state.")
			}
			if err := changes[name].apply(&i, value); err != nil {
				return service.Answer{}, err
			}
		}
		if err := settleGroups(&i, networkOf(c), tx.Reader, i.Groups); err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		return service.Answer{}, writeInstance(tx, &i)
	},
}
