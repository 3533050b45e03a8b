package lambda

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type routingConfig struct{ AdditionalVersionWeights map[string]float64 }

type createAliasInput struct {
	FunctionName                       *string `from:"path"`
	Name, FunctionVersion, Description *string
	RoutingConfig                      *routingConfig
}

type updateAliasInput struct {
	FunctionName                             *string `from:"path"`
	Name                                     *string `from:"path"`
	FunctionVersion, Description, RevisionId *string
	RoutingConfig                            *routingConfig
}

type aliasInput struct {
	FunctionName *string `from:"path"`
	Name         *string `from:"path"`
}

type listAliasesInput struct {
	FunctionName    *string `from:"path"`
	FunctionVersion *string `from:"query FunctionVersion"`
	Marker          *string `from:"query Marker"`
	MaxItems        *int32  `from:"query MaxItems"`
}

type aliasConfiguration struct {
	AliasArn, Description, FunctionVersion, Name, RevisionId string
	RoutingConfig                                            *routingConfig
}

type listAliasesOutput struct {
	Aliases    []*aliasConfiguration
	NextMarker *string
}

func (a *alias) describe(p place) *aliasConfiguration {
	d := &aliasConfiguration{
		AliasArn: p.at(a.Name).arn(), Description: a.Description, FunctionVersion: a.Version, Name: a.Name, RevisionId: a.RevisionID,
	}
	if len(a.Weights) > 0 {
		d.RoutingConfig = &routingConfig{a.Weights}
	}
	return d
}

func checkAlias(name, version, description *string, routing *routingConfig) error {
	var c constraints
	c.Required("name", name)
	c.Length("name", name, 1, 128)
	c.Pattern("name", name, aliasPattern, shownAlias)
	c.Length("functionVersion", version, 1, 1024)
	c.Pattern("functionVersion", version, versionPattern, shownVersion)
	c.Length("description", description, 0, 256)
	if routing != nil {
		checkWeights(&c, routing.AdditionalVersionWeights)
	}
	if err := c.err(); err != nil {
		return err
	}
	if routing != nil && len(routing.AdditionalVersionWeights) > 1 {
		return invalid("Number of items in AdditionalVersionWeights cannot be greater than 1")
	}
	return nil
}

func checkWeights(c *constraints, weights map[string]float64) {
	var shown []string
	versions, values := true, true
	for _, version := range slices.Sorted(maps.Keys(weights)) {
		shown = append(shown, fmt.Sprintf("%s=%v", version, spelled(weights[version])))
		versions = versions && numberOf(version) > 0
		values = values && weights[version] >= 0 && weights[version] <= 1
	}
	const member = "routingConfig.additionalVersionWeights"
	value := "{" + strings.Join(shown, ", ") + "}"
	if !versions {
		c.Fails(member, value, "Map keys must satisfy constraint: [Member must have length less than or equal to 1024, Member must have length "+
			"greater than or equal to 1, Member must satisfy regular expression pattern: [0-9]+, Member must not be null]")
	}
	if !values {
		c.Fails(member, value, "Map value must satisfy constraint: [Member must have value less than or equal to 1.0, Member must have value "+
			"greater than or equal to 0.0, Member must not be null]")
	}
}

// spelled is a number with a point, as Lambda prints it.
func spelled(f float64) string {
	s := fmt.Sprintf("%v", f)
	if !strings.ContainsAny(s, ".e") {
		s += ".0"
	}
	return s
}

// route gives an alias its versions, which must be there.
func (a *alias) route(tx identity.Tx, p place, f *function) error {
	if len(a.Weights) > 0 && a.Version == latest {
		return invalid("$LATEST is not supported for an alias pointing to more than 1 version")
	}
	if _, err := versionOf(tx.Reader, p, f, a.Version); err != nil {
		return err
	}
	for version := range a.Weights {
		if version == a.Version {
			return invalid("Invalid function version " + version + ". Function version " + version + " is already included in routing configuration.")
		}
		if _, err := versionOf(tx.Reader, p, f, version); err != nil {
			return err
		}
	}
	return nil
}

var createAlias = service.Writing[createAliasInput, string]{
	Check: func(in *createAliasInput) error {
		var c constraints
		c.name(in.FunctionName)
		c.Required("functionVersion", in.FunctionVersion)
		if err := c.err(); err != nil {
			return err
		}
		return checkAlias(in.Name, in.FunctionVersion, in.Description, in.RoutingConfig)
	},
	Draw: func(*service.Call, *createAliasInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *createAliasInput, id string, tx identity.Tx) (service.Answer, error) {
		p, err := ownFunction(c, *in.FunctionName)
		if err != nil {
			return service.Answer{}, err
		}
		f, exists, err := readFunction(tx.Reader, p)
		if err != nil || !exists {
			return service.Answer{}, orElse(err, functionNotFound(p.at(*in.FunctionVersion)))
		}
		if _, exists, err := readAlias(tx.Reader, p, *in.Name); err != nil || exists {
			return service.Answer{}, orElse(err, conflict("Alias already exists: "+p.at(*in.Name).arn()))
		}
		a := alias{Name: *in.Name, Version: *in.FunctionVersion, Description: text(in.Description), RevisionID: id}
		if in.RoutingConfig != nil {
			a.Weights = in.RoutingConfig.AdditionalVersionWeights
		}
		if err := a.route(tx, p, &f); err != nil {
			return service.Answer{}, err
		}
		return service.Answer{Status: 201, Body: a.describe(p)}, write(tx, aliasPrefix(p.region, p.name)+a.Name, &a)
	},
}

var updateAlias = service.Writing[updateAliasInput, string]{
	Check: func(in *updateAliasInput) error {
		var c constraints
		c.name(in.FunctionName)
		if err := c.err(); err != nil {
			return err
		}
		return checkAlias(in.Name, in.FunctionVersion, in.Description, in.RoutingConfig)
	},
	Draw: func(*service.Call, *updateAliasInput) (string, error) { return newID(), nil },
	Act: func(c *service.Call, in *updateAliasInput, id string, tx identity.Tx) (service.Answer, error) {
		p, f, a, err := changingAlias(c, tx, *in.FunctionName, *in.Name)
		if err != nil {
			return service.Answer{}, err
		}
		if in.RevisionId != nil && *in.RevisionId != a.RevisionID {
			return service.Answer{}, stale()
		}
		if in.FunctionVersion != nil {
			a.Version = *in.FunctionVersion
		}
		if in.Description != nil {
			a.Description = *in.Description
		}
		if in.RoutingConfig != nil {
			a.Weights = in.RoutingConfig.AdditionalVersionWeights
		}
		a.RevisionID = id
		if err := a.route(tx, p, &f); err != nil {
			return service.Answer{}, err
		}
		return service.Body(a.describe(p)), write(tx, aliasPrefix(p.region, p.name)+a.Name, &a)
	},
}

// changingAlias finds an alias that a call changes.
func changingAlias(c *service.Call, tx identity.Tx, name, aliasName string) (p place, f function, a alias, err error) {
	if p, err = ownFunction(c, name); err != nil {
		return p, f, a, err
	}
	f, exists, err := readFunction(tx.Reader, p)
	if err == nil && exists {
		a, exists, err = readAlias(tx.Reader, p, aliasName)
	}
	if err == nil && !exists {
		err = aliasNotFound(p.at(aliasName))
	}
	return p, f, a, err
}

var deleteAlias = service.Writing[aliasInput, struct{}]{
	Check: (*aliasInput).check,
	Act: func(c *service.Call, in *aliasInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		p, err := ownFunction(c, *in.FunctionName)
		if err != nil {
			return service.Answer{}, err
		}
		f, exists, err := readFunction(tx.Reader, p)
		if err != nil || !exists { // deleting an alias again succeeds
			return service.Answer{Status: 204}, err
		}
		if f.Policies[*in.Name] != nil || f.Events[*in.Name] != nil {
			delete(f.Policies, *in.Name)
			delete(f.Events, *in.Name)
			if err := writeFunction(tx, p, &f); err != nil {
				return service.Answer{}, err
			}
		}
		tx.Store().Delete(aliasPrefix(p.region, p.name) + *in.Name)
		return service.Answer{Status: 204}, nil
	},
}

func (in *aliasInput) check() error {
	var c constraints
	c.name(in.FunctionName)
	if err := c.err(); err != nil {
		return err
	}
	return checkAlias(in.Name, nil, nil, nil)
}

var getAlias = service.Reading[aliasInput]{
	Check: (*aliasInput).check,
	Act: func(c *service.Call, in *aliasInput, r identity.Reader) (service.Answer, error) {
		p, err := wholeFunction(c, *in.FunctionName)
		if err != nil {
			return service.Answer{}, err
		}
		a, exists, err := readAlias(r, p, *in.Name)
		if err != nil || !exists {
			return service.Answer{}, orElse(err, aliasNotFound(p.at(*in.Name)))
		}
		return service.Body(a.describe(p)), nil
	},
}

var listAliases = service.Reading[listAliasesInput]{
	Check: func(in *listAliasesInput) error {
		var c constraints
		c.name(in.FunctionName)
		c.Length("functionVersion", in.FunctionVersion, 1, 1024)
		c.Pattern("functionVersion", in.FunctionVersion, versionPattern, shownVersion)
		c.page(in.MaxItems, 10000)
		return c.err()
	},
	Act: func(c *service.Call, in *listAliasesInput, r identity.Reader) (service.Answer, error) {
		p, err := wholeFunction(c, *in.FunctionName)
		if err != nil {
			return service.Answer{}, err
		}
		if _, exists, err := readFunction(r, p); err != nil || !exists {
			return service.Answer{}, orElse(err, functionNotFound(p))
		}
		page, err := pageOf(c, in.Marker, in.MaxItems)
		if err != nil {
			return service.Answer{}, err
		}
		list, err := all[alias](r.In(p.account), aliasPrefix(p.region, p.name))
		out := listAliasesOutput{Aliases: []*aliasConfiguration{}}
		for i := range list {
			_, second := list[i].Weights[text(in.FunctionVersion)]
			if (in.FunctionVersion == nil || second || list[i].Version == *in.FunctionVersion) && page.takes(list[i].Name) {
				out.Aliases = append(out.Aliases, list[i].describe(p))
			}
		}
		out.NextMarker = page.marker()
		return service.Body(&out), err
	},
}
