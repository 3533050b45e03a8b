package lambda

import (
	"context"
	"slices"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type updateFunctionCodeInput struct {
	FunctionName *string `from:"path"`
	codeInput
	Architectures   []string
	DryRun, Publish *bool
	RevisionId      *string
}

type updateFunctionConfigurationInput struct {
	FunctionName *string `from:"path"`
	configurationInput
	RevisionId *string
}

func (l *lambda) updateFunctionCode() service.Writing[updateFunctionCodeInput, drawn] {
	return service.Writing[updateFunctionCodeInput, drawn]{
		Check: func(in *updateFunctionCodeInput) error {
			var c constraints
			c.name(in.FunctionName)
			c.architectures(in.Architectures)
			if err := c.err(); err != nil {
				return err
			}
			return in.codeInput.check()
		},
		Draw: func(*service.Call, *updateFunctionCodeInput) (drawn, error) { return draw(2), nil },
		Prepare: func(ctx context.Context, c *service.Call, in *updateFunctionCodeInput, d drawn) (drawn, error) {
			if err := l.exists(ctx, c, *in.FunctionName); err != nil {
				return d, err
			}
			archive, err := l.fetch(ctx, c, &in.codeInput)
			if err != nil {
				return d, err
			}
			d.code, err = l.plane().packages.keep(c, archive)
			return d, err
		},
		Act: func(c *service.Call, in *updateFunctionCodeInput, d drawn, tx identity.Tx) (service.Answer, error) {
			p, f, err := changing(c, tx, *in.FunctionName, in.RevisionId)
			if err != nil {
				return service.Answer{}, err
			}
			before := f.Latest
			f.Latest.Code = d.code
			if len(in.Architectures) == 1 {
				f.Latest.Architecture = in.Architectures[0]
			}
			if isTrue(in.DryRun) {
				out, err := f.Latest.describe(tx.Reader, p)
				return service.Body(out), err
			}
			if err := f.Latest.renew(tx, d.revisions[0], c); err != nil {
				return service.Answer{}, err
			}
			return l.updated(c, tx, p, &f, before, in.Publish, d)
		},
	}
}

func (l *lambda) updateFunctionConfiguration() service.Writing[updateFunctionConfigurationInput, drawn] {
	return service.Writing[updateFunctionConfigurationInput, drawn]{
		Check: func(in *updateFunctionConfigurationInput) error {
			var c constraints
			c.name(in.FunctionName)
			if err := in.configurationInput.check(&c); err != nil {
				return err
			}
			return checkRuntime(in.Runtime)
		},
		Draw: func(*service.Call, *updateFunctionConfigurationInput) (drawn, error) { return draw(1), nil },
		Prepare: func(ctx context.Context, c *service.Call, in *updateFunctionConfigurationInput, d drawn) (drawn, error) {
			if err := l.exists(ctx, c, *in.FunctionName); err != nil {
				return d, err
			}
			if err := in.unserved(); err != nil {
				return d, err
			}
			if in.Runtime != nil {
				if err := l.runs(*in.Runtime); err != nil {
					return d, err
				}
			}
			if in.Role != nil {
				p, _ := placeOf(c, *in.FunctionName)
				if err := l.trusted(ctx, c, *in.Role, p.name); err != nil {
					return d, err
				}
			}
			var err error
			d.layers, err = l.layersOf(ctx, c, in.Layers)
			return d, err
		},
		Act: func(c *service.Call, in *updateFunctionConfigurationInput, d drawn, tx identity.Tx) (service.Answer, error) {
			p, f, err := changing(c, tx, *in.FunctionName, in.RevisionId)
			if err != nil {
				return service.Answer{}, err
			}
			before := f.Latest
			in.apply(&f.Latest)
			if in.Layers != nil {
				f.Latest.Layers = d.layers
			}
			if err := f.Latest.renew(tx, d.revisions[0], c); err != nil {
				return service.Answer{}, err
			}
			if in.Environment != nil {
				if err := f.Latest.seal(tx, orEmpty(in.Environment.Variables)); err != nil {
					return service.Answer{}, err
				}
			}
			return l.updated(c, tx, p, &f, before, nil, d)
		},
	}
}

// renew makes a revision another one, with ids of its own. Its variables are sealed under the new key.
func (v *revision) renew(tx identity.Tx, d ids, c *service.Call) error {
	variables, err := v.variables(tx.Reader)
	if err != nil {
		return err
	}
	v.Key, v.RevisionID, v.Modified = d.key, d.revision, c.Now()
	if variables == nil {
		return nil
	}
	return v.seal(tx, variables)
}

// updated writes a function of which $LATEST changed, and publishes it if that is asked for.
func (l *lambda) updated(c *service.Call, tx identity.Tx, p place, f *function, before revision, publish *bool, d drawn) (service.Answer, error) {
	answered, at := f.Latest, p
	if isTrue(publish) {
		var err error
		if answered, err = f.publish(tx, p, d.revisions[1], f.Latest.Description); err != nil {
			return service.Answer{}, err
		}
		at = p.at(answered.Version)
	}
	if err := writeFunction(tx, p, f); err != nil {
		return service.Answer{}, err
	}
	out, err := answered.describe(tx.Reader, at)
	if err != nil {
		return service.Answer{}, err
	}
	plane := l.plane()
	return service.Answer{Body: out.beingUpdated(), Committed: func() {
		plane.runner.Forget(before.Key)
		plane.packages.sweepAfter(c)
	}}, nil
}

// changing finds a function that a call changes, if its revision is the one that the caller knows.
func changing(c *service.Call, tx identity.Tx, name string, revisionID *string) (place, function, error) {
	p, err := ownFunction(c, name)
	if err != nil {
		return p, function{}, err
	}
	f, exists, err := readFunction(tx.Reader, p)
	switch {
	case err != nil:
		return p, f, err
	case !exists:
		return p, f, functionNotFound(p)
	case revisionID != nil && *revisionID != f.Latest.RevisionID:
		return p, f, stale()
	}
	return p, f, nil
}

// exists tells before any work is done whether there is such a function to change.
func (l *lambda) exists(ctx context.Context, c *service.Call, name string) error {
	p, err := ownFunction(c, name)
	if err != nil {
		return err
	}
	return c.Identities.View(ctx, c.Account(), func(r identity.Reader) error {
		_, exists, err := readFunction(r, p)
		if err == nil && !exists {
			err = functionNotFound(p)
		}
		return err
	})
}

// tagsOf are tags as records have them, in the order of their keys.
func tagsOf(tags map[string]string) []identity.Tag {
	var list []identity.Tag
	for key, value := range tags {
		list = append(list, identity.Tag{Key: key, Value: value})
	}
	slices.SortFunc(list, func(a, b identity.Tag) int { return compare(a.Key, b.Key) })
	return list
}
