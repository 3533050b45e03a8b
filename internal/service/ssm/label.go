package ssm

import (
	"regexp"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// maxLabels is how many labels a version may have.
const maxLabels = 10

type labelParameterVersionInput struct {
	Name             *string
	ParameterVersion *int64
	Labels           []string
}

type labelParameterVersionOutput struct {
	InvalidLabels    []string
	ParameterVersion int64
}

func (in *labelParameterVersionInput) parameter() string { return *in.Name }

func (in *labelParameterVersionInput) check() error {
	var c constraints
	c.name("name", in.Name)
	c.list("labels", in.Labels)
	for _, label := range in.Labels {
		if label == "" || tooLong(label, 100) {
			c.Fails("labels", "["+label+"]", "Member must satisfy constraint: ["+
				"Member must have length less than or equal to 100, Member must have length greater than or equal to 1]")
		}
	}
	return c.err()
}

var labelPattern = regexp.MustCompile(`^[a-zA-Z_.-][a-zA-Z0-9_.-]*$`)

// isLabel reports whether a version may be labelled so (User Guide, "Label requirements and restrictions").
func isLabel(label string) bool {
	folded := strings.ToLower(label)
	return labelPattern.MatchString(label) && !strings.HasPrefix(folded, "aws") && !strings.HasPrefix(folded, "ssm")
}

// A label is on one version only: given to another one, it moves. Labels that cannot be are told, and the others are given.
var labelParameterVersion = service.Writing[labelParameterVersionInput, struct{}]{
	Check: (*labelParameterVersionInput).check,
	Act: func(c *service.Call, in *labelParameterVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p, n, err := in.version(c, tx)
		if err != nil {
			return service.Answer{}, err
		}
		out := &labelParameterVersionOutput{InvalidLabels: []string{}, ParameterVersion: n}
		if p.Labels == nil {
			p.Labels = map[string]int64{}
		}
		for _, label := range in.Labels {
			if !isLabel(label) {
				out.InvalidLabels = append(out.InvalidLabels, label)
				continue
			}
			p.Labels[label] = n
		}
		if len(p.labelsOf(n)) > maxLabels {
			return service.Answer{}, service.BadRequest("ParameterVersionLabelLimitExceeded", "An error occurred (ParameterVersionLabelLimitExceeded) "+
				"when calling the LabelParameterVersion operation: A parameter version can have maximum 10 labels."+
				"Move one or more labels to another version and try again.")
		}
		return service.Body(out), writeParameter(tx, c.Environment.Region, p)
	},
}

// version finds the parameter and the version that are meant: the latest one where none is named.
func (in *labelParameterVersionInput) version(c *service.Call, tx identity.Tx) (parameter, int64, error) {
	p, exists, err := findWhole(c, tx.Reader, *in.Name)
	switch {
	case err != nil:
		return p, 0, err
	case !exists:
		return p, 0, notFound()
	case in.ParameterVersion == nil:
		return p, p.Latest.Version, nil
	case *in.ParameterVersion < p.Oldest || *in.ParameterVersion > p.Latest.Version:
		return p, 0, versionNotFound(*in.ParameterVersion, p.Name)
	}
	return p, *in.ParameterVersion, nil
}

type unlabelParameterVersionInput struct {
	Name             *string
	ParameterVersion *int64
	Labels           []string
}

type unlabelParameterVersionOutput struct {
	RemovedLabels []string
	InvalidLabels []string
}

func (in *unlabelParameterVersionInput) parameter() string { return *in.Name }

var unlabelParameterVersion = service.Writing[unlabelParameterVersionInput, struct{}]{
	Check: func(in *unlabelParameterVersionInput) error {
		var c constraints
		c.Present("parameterVersion", in.ParameterVersion != nil)
		if err := c.err(); err != nil {
			return err
		}
		return (*labelParameterVersionInput)(in).check()
	},
	Act: func(c *service.Call, in *unlabelParameterVersionInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p, n, err := (*labelParameterVersionInput)(in).version(c, tx)
		if err != nil {
			return service.Answer{}, err
		}
		out := &unlabelParameterVersionOutput{RemovedLabels: []string{}, InvalidLabels: []string{}}
		for _, label := range in.Labels {
			if p.Labels[label] != n {
				out.InvalidLabels = append(out.InvalidLabels, label)
				continue
			}
			delete(p.Labels, label)
			out.RemovedLabels = append(out.RemovedLabels, label)
		}
		return service.Body(out), writeParameter(tx, c.Environment.Region, p)
	},
}
