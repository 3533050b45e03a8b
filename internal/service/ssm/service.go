package ssm

import (
	"strconv"

	"github.com/ambit-iam/ambit/catalog/operation"
	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// Service returns Parameter Store.
func Service() service.Service {
	compiled := policies{identity.NewDocumentCache(maxCompiled)}
	return service.Service{
		Name: "ssm",
		Handlers: []service.Handler{
			putParameter.Named("PutParameter"), getParameter.Named("GetParameter"), getParameters.Named("GetParameters"),
			getParametersByPath.Named("GetParametersByPath"), getParameterHistory.Named("GetParameterHistory"),
			labelParameterVersion.Named("LabelParameterVersion"), unlabelParameterVersion.Named("UnlabelParameterVersion"),
			deleteOneParameter.Named("DeleteParameter"), deleteParameters.Named("DeleteParameters"),
			describeParameters.Named("DescribeParameters"),
			addTags.Named("AddTagsToResource"), removeTags.Named("RemoveTagsFromResource"), listTags.Named("ListTagsForResource"),
		},
		Facts:  []string{"Parameter", "Parameters", "DecryptedARNs", "KeyARN", "EncryptsStandard", "EncryptsAdvanced"},
		Gather: gather,
		Find: func(c *service.Call, r identity.Reader, t operation.Target, value string) (service.Stored, error) {
			switch t.Kind {
			case operation.Parameter:
				return findParameter(c, r, value)
			case operation.KMSKey:
				layer, err := compiled.layer(c)
				return service.Stored{ARN: value, Account: c.Account(), Policy: layer}, err
			}
			return service.Stored{}, nil // of calls that nobody serves
		},
	}
}

// findParameter returns the tags of a parameter by its name in ARNs, which is that of one parameter at most.
func findParameter(c *service.Call, r identity.Reader, value string) (service.Stored, error) {
	for _, name := range []string{"/" + value, value} {
		p, exists, err := readParameter(r, c.Environment.Region, name)
		if err != nil {
			return service.Stored{}, err
		}
		if exists {
			return service.Stored{Name: p.Name, Tags: p.Tags}, nil
		}
	}
	return service.Stored{}, nil
}

// A one is an input about one parameter, a many one about several.
type one interface{ parameter() string }

type many interface{ parameters() []string }

// A decrypter is an input that may want secure strings decrypted: it says of which parameters.
type decrypter interface {
	decrypted(c *service.Call, r identity.Reader) ([]string, error)
}

// gather works out what is asked about: the names as ARNs have them, and what is done with the key of secure strings.
func gather(c *service.Call, r identity.Reader) (g service.Gathered, err error) {
	g.Texts = map[string]string{
		"KeyARN": managedKey(c), "kms:ViaService": "ssm." + c.Environment.Region + ".amazonaws.com",
	}
	g.Lists = map[string][]string{}
	if in, ok := c.Input.Value.(one); ok {
		f := referTo(c, in.parameter())
		g.Texts["Parameter"] = bare(f.name)
		g.Texts["kms:EncryptionContext:PARAMETER_ARN"] = arnOf(c, f.name)
	}
	if in, ok := c.Input.Value.(many); ok {
		seen := map[string]bool{}
		for _, text := range in.parameters() {
			if name := bare(referTo(c, text).name); !seen[name] {
				seen[name] = true
				g.Lists["Parameters"] = append(g.Lists["Parameters"], name)
			}
		}
	}
	switch in := c.Input.Value.(type) {
	case *putParameterInput:
		g.Texts["ssm:Overwrite"] = strconv.FormatBool(isTrue(in.Overwrite))
		action, err := in.encrypts(c, r)
		if err != nil {
			return g, err
		}
		g.Texts[action] = "true"
	case *getParametersByPathInput:
		g.Texts["ssm:Recursive"] = strconv.FormatBool(isTrue(in.Recursive))
	}
	if in, ok := c.Input.Value.(decrypter); ok {
		arns, err := in.decrypted(c, r)
		if err != nil {
			return g, err
		}
		g.Lists["DecryptedARNs"], g.Elements = arns, map[service.Element]map[string][]string{}
		for _, arn := range arns {
			g.Elements[service.Element{List: "DecryptedARNs", Text: arn}] = map[string][]string{"kms:EncryptionContext:PARAMETER_ARN": {arn}}
		}
	}
	return g, nil
}
