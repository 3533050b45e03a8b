package ec2

import (
	"regexp"
	"slices"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// metadataOptions are the settings of an instance's metadata service.
type metadataOptions struct {
	Tokens   string `json:"tokens"`
	HopLimit int32  `json:"hop_limit"`
	Endpoint string `json:"endpoint"`
	IPv6     string `json:"ipv6"`
	Tags     string `json:"tags"`
}

// The values of the settings.
const (
	enabled  = "enabled"
	disabled = "disabled"
	optional = "optional"
	required = "required"
)

// An inputMetadata says what the settings are to be. What it leaves out stays as it is.
type inputMetadata struct {
	HttpTokens              *string
	HttpPutResponseHopLimit *int32
	HttpEndpoint            *string
	HttpProtocolIpv6        *string
	InstanceMetadataTags    *string
}

type metadataInfo struct {
	State    string `wire:"state"`
	Tokens   string `wire:"httpTokens"`
	HopLimit int32  `wire:"httpPutResponseHopLimit"`
	Endpoint string `wire:"httpEndpoint"`
	IPv6     string `wire:"httpProtocolIpv6"`
	Tags     string `wire:"instanceMetadataTags"`
}

func (m *metadataOptions) shown(state string) metadataInfo {
	return metadataInfo{state, m.Tokens, m.HopLimit, m.Endpoint, m.IPv6, m.Tags}
}

func (in *inputMetadata) check() error {
	if n := in.HttpPutResponseHopLimit; n != nil && (*n < 1 || *n > 64) {
		return invalid(strconv.Itoa(int(*n)), "httpPutResponseHopLimit", "Expecting a value between 1 and 64.")
	}
	for _, e := range []struct {
		name   string
		value  *string
		values [2]string
	}{
		{"httpTokens", in.HttpTokens, [2]string{optional, required}},
		{"httpEndpoint", in.HttpEndpoint, [2]string{enabled, disabled}},
		{"httpProtocolIpv6", in.HttpProtocolIpv6, [2]string{enabled, disabled}},
		{"instanceMetadataTags", in.InstanceMetadataTags, [2]string{enabled, disabled}},
	} {
		if err := oneOf(e.value, e.name, e.values[:]...); err != nil {
			return err
		}
	}
	return nil
}

// apply sets what is given.
func (in *inputMetadata) apply(m *metadataOptions) {
	set(&m.Tokens, in.HttpTokens)
	set(&m.Endpoint, in.HttpEndpoint)
	set(&m.IPv6, in.HttpProtocolIpv6)
	set(&m.Tags, in.InstanceMetadataTags)
	set(&m.HopLimit, in.HttpPutResponseHopLimit)
}

// metadataOf are the settings that a launch gives, as the image recommends them unless the input says otherwise.
func metadataOf(in *inputMetadata, from image) metadataOptions {
	m := metadataOptions{Tokens: optional, HopLimit: 1, Endpoint: enabled, IPv6: disabled, Tags: disabled}
	if from.imds == "v2.0" {
		m.Tokens, m.HopLimit = required, 2
	}
	if in != nil {
		in.apply(&m)
	}
	return m
}

// shownKey are the keys of tags that can be told as metadata: each is an element of a path ("Enable access to tags in instance metadata").
var shownKey = regexp.MustCompile(`^[0-9a-zA-Z\-_+=,.@:]{1,255}$`)

// checkTags refuses tags that cannot be told, if they are to be.
func (m *metadataOptions) checkTags(tags []identity.Tag) error {
	if m.Tags != enabled {
		return nil
	}
	for _, t := range tags {
		if !shownKey.MatchString(t.Key) || slices.Contains([]string{".", "..", "_index"}, t.Key) {
			return invalidValue("'" + t.Key + `' is not a valid tag key. Tag keys must match pattern ([0-9a-zA-Z\\-_+=,.@:]{1,255}), and must not be ` +
				"a reserved name ('.', '..', '_index')")
		}
	}
	return nil
}

// A modifyMetadataInput is the input of ModifyInstanceMetadataOptions. Its members are those of inputMetadata, once more: the wire does
// not look into embedded structs.
type modifyMetadataInput struct {
	InstanceId              *string
	DryRun                  *bool
	HttpTokens              *string
	HttpPutResponseHopLimit *int32
	HttpEndpoint            *string
	HttpProtocolIpv6        *string
	InstanceMetadataTags    *string
}

func (in *modifyMetadataInput) options() *inputMetadata {
	return &inputMetadata{in.HttpTokens, in.HttpPutResponseHopLimit, in.HttpEndpoint, in.HttpProtocolIpv6, in.InstanceMetadataTags}
}

type modifyMetadataOutput struct {
	InstanceID string       `wire:"instanceId"`
	Options    metadataInfo `wire:"instanceMetadataOptions"`
}

var modifyMetadataOptions = service.Writing[modifyMetadataInput, struct{}]{
	Check: func(in *modifyMetadataInput) error {
		if in.InstanceId == nil {
			return missing("InstanceId")
		}
		if err := checkIDs("i", *in.InstanceId); err != nil {
			return err
		}
		return in.options().check()
	},
	Act: func(c *service.Call, in *modifyMetadataInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		i, exists, err := readInstance(tx.Reader, c.Environment.Region, *in.InstanceId)
		if err != nil {
			return service.Answer{}, err
		}
		if !exists || i.state(c.Now()) == terminated {
			return service.Answer{}, noSuchInstances([]string{*in.InstanceId})
		}
		in.options().apply(&i.Metadata)
		tags, err := readTags(tx.Reader, i.Region, i.ID)
		if err == nil {
			err = i.Metadata.checkTags(tags)
		}
		if err != nil {
			return service.Answer{}, err
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		// Our service asks for the settings with every request, so that they are applied when this is answered; AWS says so a little later.
		return service.Body(&modifyMetadataOutput{i.ID, i.Metadata.shown("pending")}), writeInstance(tx, &i)
	},
}
