package ssm

import (
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type describeParametersInput struct {
	Filters          []oldFilter
	ParameterFilters []parameterFilter
	MaxResults       *int32
	NextToken        *string
	Shared           *bool

	wanted []condition
}

// An oldFilter is how lists were narrowed before ParameterFilters: by the beginnings of names, and by whole values.
type oldFilter struct {
	Key    *string
	Values []string
}

type describeParametersOutput struct {
	Parameters []described
	NextToken  *string
}

// A described is a parameter as it is answered without its value, or a version of one.
type described struct {
	Name             string
	ARN              *string
	Type             string
	KeyId            *string
	LastModifiedDate time.Time
	LastModifiedUser string
	Description      *string
	AllowedPattern   *string
	Version          int64
	Tier             string
	Policies         []struct{}
	DataType         string
}

func describe(name string, d *description) described {
	out := described{
		Name: name, Type: d.Type, LastModifiedDate: d.Modified, LastModifiedUser: d.User, Version: d.Version, Tier: d.Tier,
		Policies: []struct{}{}, DataType: d.DataType,
	}
	for text, into := range map[*string]**string{&d.KeyID: &out.KeyId, &d.Text: &out.Description, &d.Pattern: &out.AllowedPattern} {
		if *text != "" {
			*into = text
		}
	}
	return out
}

func (in *describeParametersInput) check() (err error) {
	var c constraints
	c.Between("maxResults", in.MaxResults, 1, 50)
	checkFilters(&c, in.ParameterFilters)
	for _, f := range in.Filters {
		c.Required("filters.1.member.key", f.Key)
		c.Enum("filters.1.member.key", f.Key, "Type", "KeyId", "Name")
		c.Present("filters.1.member.values", len(f.Values) > 0)
	}
	if err := c.err(); err != nil {
		return err
	}
	switch {
	case len(in.Filters) > 0 && len(in.ParameterFilters) > 0:
		return invalid("You can use either Filters or ParameterFilters in a single request.")
	case isTrue(in.Shared):
		return invalid("Nobody shares parameters here: Shared must not be true.")
	}
	if in.wanted, err = readFilters(in.ParameterFilters, describeKeys); err != nil {
		return err
	}
	begins := "BeginsWith"
	for _, f := range in.Filters {
		one := parameterFilter{Key: f.Key, Values: f.Values}
		if *f.Key == "Name" {
			one.Option = &begins
		}
		wanted, err := one.read(describeKeys)
		if err != nil {
			return err
		}
		in.wanted = append(in.wanted, wanted)
	}
	return nil
}

var describeParameters = service.Reading[describeParametersInput]{
	Check: (*describeParametersInput).check,
	Act: func(c *service.Call, in *describeParametersInput, r identity.Reader) (service.Answer, error) {
		w := walk{recursive: true, limit: 50}
		if in.MaxResults != nil {
			w.limit = int(*in.MaxResults)
		}
		var err error
		if w.after, err = openToken(c, "DescribeParameters", in.NextToken); err != nil {
			return service.Answer{}, err
		}
		page, err := list(c, r, w, in.wanted)
		out := &describeParametersOutput{Parameters: []described{}, NextToken: page.token(c, "DescribeParameters")}
		for i := range page.parameters {
			p := &page.parameters[i]
			one, arn := describe(p.Name, &p.Latest), arnOf(c, p.Name)
			one.ARN = &arn
			out.Parameters = append(out.Parameters, one)
		}
		return service.Body(out), err
	},
}
