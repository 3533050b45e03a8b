package ssm

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Limits of parameters (User Guide, "Managing parameter tiers", and the service quotas).
const (
	maxStandard = 4096
	maxAdvanced = 8192
	maxVersions = 100
	maxTags     = 50
)

// A putParameterInput asks for a new parameter, or a new version of one. What it is set to is for no record of requests.
type putParameterInput struct {
	Name           *string
	Description    *string
	SecretString   *string `wire:"Value"`
	Type           *string
	KeyId          *string
	Overwrite      *bool
	AllowedPattern *string
	Tags           []tag
	Tier           *string
	Policies       *string
	DataType       *string

	pattern *regexp.Regexp
}

type putParameterOutput struct {
	Version int64
	Tier    string
}

func (in *putParameterInput) parameter() string { return *in.Name }

func (in *putParameterInput) check() error {
	var c constraints
	c.name("name", in.Name)
	c.Required("value", in.SecretString)
	c.Length("description", in.Description, 0, 1024)
	c.Length("allowedPattern", in.AllowedPattern, 0, 1024)
	c.Length("keyId", in.KeyId, 1, 256)
	c.Pattern("keyId", in.KeyId, keyPattern, `^([a-zA-Z0-9:/_-]+)$`)
	c.Enum("type", in.Type, typeSecure, typeList, typeString)
	c.Enum("tier", in.Tier, tierStandard, tierAdvanced, tierIntelligent)
	c.tags(in.Tags)
	if in.SecretString != nil && *in.SecretString == "" {
		c.Fails("value", "", "Member must have length greater than or equal to 1.")
	}
	if err := c.err(); err != nil {
		return err
	}
	switch {
	case isTrue(in.Overwrite) && len(in.Tags) > 0:
		return invalid("Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. " +
			"To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.")
	case len(in.Tags) > maxTags:
		return tooManyTags()
	case in.DataType != nil && *in.DataType != "text":
		return invalid("The following data type is not supported: " + clip(*in.DataType) + " (Data type names are all lowercase.)")
	case in.Policies != nil && strings.Trim(*in.Policies, " \t\r\n") != "[]" && *in.Policies != "{}":
		return invalid("Parameter policies are not available here: Policies must not be given.")
	case nests.MatchString(*in.SecretString):
		return invalid(`Parameter value can't nest another parameter. Do not use "{{}}" in the value.`)
	}
	if err := checkName(*in.Name); err != nil {
		return err
	}
	return in.compile()
}

// nests is the form of a reference to a parameter, which values must not have in them.
var nests = regexp.MustCompile(`\{\{.*\}\}`)

// compile reads the pattern of the input.
func (in *putParameterInput) compile() (err error) {
	if in.AllowedPattern != nil && *in.AllowedPattern != "" {
		in.pattern, err = compilePattern(*in.AllowedPattern)
	}
	return err
}

// compilePattern reads a pattern that the whole of a value must match. Go's expressions know neither backreferences nor looks ahead.
func compilePattern(text string) (*regexp.Regexp, error) {
	_, err := regexp.Compile(text) // by itself: a parenthesis that it closes must not be ours
	made, whole := regexp.Compile("^(?:" + text + ")$")
	if err != nil || whole != nil {
		return nil, service.BadRequest("InvalidAllowedPatternException", "The allowed pattern is not a valid regular expression: "+clip(text))
	}
	return made, nil
}

// encrypts is what the call does with the key of secure strings: EncryptsStandard, EncryptsAdvanced, or nothing that a row asks about.
func (in *putParameterInput) encrypts(c *service.Call, r identity.Reader) (string, error) {
	before, exists, err := readParameter(r, c.Environment.Region, *in.Name)
	if err != nil {
		return "", err
	}
	d := in.describe(c, before, exists)
	switch {
	case d.Type != typeSecure:
		return "EncryptsNothing", nil
	case d.Tier == tierAdvanced:
		return "EncryptsAdvanced", nil
	}
	return "EncryptsStandard", nil
}

// describe is what the new version will be: what the input leaves out is as it was.
func (in *putParameterInput) describe(c *service.Call, before parameter, exists bool) description {
	d := description{Version: 1, Tier: tierStandard, DataType: "text"}
	if exists {
		d = before.Latest
		d.Version++
	}
	d.Modified, d.User = c.Now(), c.Caller.Principal.ARN
	for given, into := range map[*string]*string{in.Type: &d.Type, in.Description: &d.Text, in.AllowedPattern: &d.Pattern, in.Tier: &d.Tier} {
		if given != nil {
			*into = *given
		}
	}
	if d.Tier == tierIntelligent {
		d.Tier = tierStandard
		if len(*in.SecretString) > maxStandard || exists && before.Latest.Tier == tierAdvanced {
			d.Tier = tierAdvanced
		}
	}
	if d.KeyID = ""; d.Type == typeSecure {
		d.KeyID = managedAlias
	}
	return d
}

var putParameter = service.Writing[putParameterInput, struct{}]{
	Check: (*putParameterInput).check,
	Act: func(c *service.Call, in *putParameterInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		region := c.Environment.Region
		p, exists, err := readParameter(tx.Reader, region, *in.Name)
		if err != nil {
			return service.Answer{}, err
		}
		if err := in.conflicts(c, tx, exists); err != nil {
			return service.Answer{}, err
		}
		d := in.describe(c, p, exists)
		if err := in.fits(c, d, p, exists); err != nil {
			return service.Answer{}, err
		}
		if !exists {
			p = parameter{Name: *in.Name, Oldest: 1, Tags: tagsOf(in.Tags)}
		}
		p.Latest = d
		if d.Version-p.Oldest >= maxVersions {
			if len(p.labelsOf(p.Oldest)) > 0 {
				return service.Answer{}, service.BadRequest("ParameterMaxVersionLimitExceeded", "You attempted to create a new version of "+p.Name+
					" by calling the PutParameter API with the overwrite flag. Version "+strconv.FormatInt(p.Oldest, 10)+", the oldest version, "+
					"can't be deleted because it has a label associated with it. Move the label to another version of the parameter, and try again.")
			}
			tx.Store().Delete(versionKey(region, p.Name, p.Oldest))
			p.Oldest++
		}
		v := version{description: d}
		v.seal(c, tx, p.Name, *in.SecretString)
		if err := writeVersion(tx, region, p.Name, v); err != nil {
			return service.Answer{}, err
		}
		return service.Body(&putParameterOutput{d.Version, d.Tier}), writeParameter(tx, region, p)
	},
}

// conflicts refuses a parameter that is there already, also by the other name with the same ARN.
func (in *putParameterInput) conflicts(c *service.Call, tx identity.Tx, exists bool) error {
	if exists {
		if isTrue(in.Overwrite) {
			return nil
		}
		return alreadyExists()
	}
	other := "/" + *in.Name
	if strings.HasPrefix(*in.Name, "/") {
		other = bare(*in.Name)
	}
	if _, taken, err := readParameter(tx.Reader, c.Environment.Region, other); taken || err != nil {
		if err == nil {
			err = alreadyExists()
		}
		return err
	}
	if in.Type == nil {
		return invalid("A parameter type is required when you create a parameter.")
	}
	return nil
}

// fits checks the value against what the version is to be.
func (in *putParameterInput) fits(c *service.Call, d description, before parameter, exists bool) error {
	switch {
	case in.KeyId != nil && d.Type != typeSecure:
		return invalid("KeyId is only for parameters of the type SecureString.")
	case in.KeyId != nil && !isManagedKey(c, *in.KeyId):
		return service.BadRequest("InvalidKeyId", "Invalid keyId "+clip(*in.KeyId)+": AWS KMS keys are not available here, only "+managedAlias+" is.")
	case exists && before.Latest.Tier == tierAdvanced && d.Tier == tierStandard:
		return invalid("This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the " +
			"standard-parameter tier. If necessary, you can delete the advanced parameter and recreate it as a standard parameter.")
	case d.Tier == tierStandard && len(*in.SecretString) > maxStandard:
		return invalid("Standard tier parameters support a maximum parameter value of 4096 characters. To create a larger parameter value, upgrade the " +
			"parameter to use the advanced-parameter tier. For more information, see " +
			"https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html")
	case len(*in.SecretString) > maxAdvanced:
		return invalid("Advanced tier parameters support a maximum parameter value of 8192 characters.")
	}
	return in.matches(d)
}

// matches checks the value against the pattern; of a list, each of its elements.
func (in *putParameterInput) matches(d description) error {
	pattern := in.pattern
	if in.AllowedPattern == nil && d.Pattern != "" {
		var err error
		if pattern, err = compilePattern(d.Pattern); err != nil {
			return err
		}
	}
	if pattern == nil {
		return nil
	}
	values := []string{*in.SecretString}
	if d.Type == typeList {
		values = strings.Split(*in.SecretString, ",")
	}
	for _, value := range values {
		if !pattern.MatchString(value) {
			return service.BadRequest("ParameterPatternMismatchException", "Parameter value, cannot be validated against allowedPattern: "+d.Pattern)
		}
	}
	return nil
}
