package ssm

import (
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type getParameterHistoryInput struct {
	Name           *string
	WithDecryption *bool
	MaxResults     *int32
	NextToken      *string
}

type getParameterHistoryOutput struct {
	Parameters []past
	NextToken  *string
}

// A past is a version of a parameter with its value and its labels.
type past struct {
	described
	Value  string
	Labels []string
}

func (in *getParameterHistoryInput) parameter() string { return *in.Name }

// decrypted asks about the parameter if any of its versions is a secure string: a page may have it.
func (in *getParameterHistoryInput) decrypted(c *service.Call, r identity.Reader) ([]string, error) {
	p, exists, err := referTo(c, *in.Name).find(c, r)
	if err != nil || !exists || !isTrue(in.WithDecryption) {
		return nil, err
	}
	for n := p.Oldest; n <= p.Latest.Version; n++ {
		v, err := readVersion(r, c.Environment.Region, p.Name, n)
		if err != nil {
			return nil, err
		}
		if v.Type == typeSecure {
			return []string{arnOf(c, p.Name)}, nil
		}
	}
	return nil, nil
}

var getParameterHistory = service.Reading[getParameterHistoryInput]{
	Check: func(in *getParameterHistoryInput) error {
		var c constraints
		c.name("name", in.Name)
		c.Between("maxResults", in.MaxResults, 1, 50)
		return c.err()
	},
	Act: func(c *service.Call, in *getParameterHistoryInput, r identity.Reader) (service.Answer, error) {
		p, exists, err := referTo(c, *in.Name).find(c, r)
		if err == nil && !exists {
			err = notFound()
		}
		if err != nil {
			return service.Answer{}, err
		}
		limit := int64(50)
		if in.MaxResults != nil {
			limit = int64(*in.MaxResults)
		}
		first := p.Oldest
		after, err := openToken(c, "GetParameterHistory", in.NextToken)
		if err != nil {
			return service.Answer{}, err
		}
		if after != "" {
			last, err := strconv.ParseInt(after, 10, 64)
			if err != nil {
				return service.Answer{}, badToken()
			}
			first = max(first, last+1)
		}
		out := &getParameterHistoryOutput{Parameters: []past{}}
		for n := first; n <= p.Latest.Version; n++ {
			if n-first == limit {
				out.NextToken = sealToken(c, "GetParameterHistory", strconv.FormatInt(n-1, 10))
				break
			}
			v, err := readVersion(r, c.Environment.Region, p.Name, n)
			if err != nil {
				return service.Answer{}, err
			}
			value, err := v.text(c, r, p.Name, isTrue(in.WithDecryption))
			if err != nil {
				return service.Answer{}, err
			}
			labels := p.labelsOf(n)
			if labels == nil {
				labels = []string{}
			}
			out.Parameters = append(out.Parameters, past{describe(p.Name, &v.description), value, labels})
		}
		return service.Body(out), nil
	},
}
