package lambda

import (
	"fmt"
	"strconv"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

type publishVersionInput struct {
	FunctionName                        *string `from:"path"`
	CodeSha256, Description, RevisionId *string
}

type listVersionsInput struct {
	FunctionName *string `from:"path"`
	Marker       *string `from:"query Marker"`
	MaxItems     *int32  `from:"query MaxItems"`
}

type listVersionsOutput struct {
	NextMarker *string
	Versions   []*configuration
}

// publish makes a version of $LATEST. Where nothing has changed since the last one, that is the version (API reference,
// PublishVersion).
func (f *function) publish(tx identity.Tx, p place, d ids, description string) (revision, error) {
	if f.NextVersion > 1 {
		last, exists, err := readVersion(tx.Reader, p, strconv.FormatInt(f.NextVersion-1, 10))
		if err != nil {
			return revision{}, err
		}
		if exists {
			same, err := last.runsLike(tx.Reader, &f.Latest)
			if same || err != nil {
				return last, err
			}
		}
	}
	v := f.Latest
	variables, err := v.variables(tx.Reader)
	if err != nil {
		return revision{}, err
	}
	v.Key, v.RevisionID, v.Version, v.Description = d.key, d.revision, strconv.FormatInt(f.NextVersion, 10), description
	if variables != nil {
		if err := v.seal(tx, variables); err != nil {
			return revision{}, err
		}
	}
	f.NextVersion++
	return v, write(tx, versionKey(p.region, p.name, f.NextVersion-1), &v)
}

// runsLike reports whether two revisions have the same code and configuration.
func (v *revision) runsLike(r identity.Reader, other *revision) (bool, error) {
	mine, err := v.variables(r)
	if err != nil {
		return false, err
	}
	theirs, err := other.variables(r)
	if err != nil || len(mine) != len(theirs) {
		return false, err
	}
	for name, value := range mine {
		if theirs[name] != value {
			return false, nil
		}
	}
	if len(v.Layers) != len(other.Layers) {
		return false, nil
	}
	for i := range v.Layers {
		if v.Layers[i] != other.Layers[i] {
			return false, nil
		}
	}
	return v.Code == other.Code && v.Runtime == other.Runtime && v.Handler == other.Handler && v.Role == other.Role &&
		v.Timeout == other.Timeout && v.Memory == other.Memory && v.Ephemeral == other.Ephemeral && v.Tracing == other.Tracing &&
		v.LogGroup == other.LogGroup && v.Architecture == other.Architecture, nil
}

func (l *lambda) publishVersion() service.Writing[publishVersionInput, drawn] {
	return service.Writing[publishVersionInput, drawn]{
		Check: func(in *publishVersionInput) error {
			var c constraints
			c.name(in.FunctionName)
			c.Length("description", in.Description, 0, 256)
			return c.err()
		},
		Draw: func(*service.Call, *publishVersionInput) (drawn, error) { return draw(1), nil },
		Act: func(c *service.Call, in *publishVersionInput, d drawn, tx identity.Tx) (service.Answer, error) {
			p, f, err := changing(c, tx, *in.FunctionName, in.RevisionId)
			if err != nil {
				return service.Answer{}, err
			}
			if in.CodeSha256 != nil && *in.CodeSha256 != "" && *in.CodeSha256 != f.Latest.Code.base64() {
				return service.Answer{}, invalid("CodeSHA256 (" + clip(*in.CodeSha256) + ") is different from current CodeSHA256 in $LATEST (" +
					f.Latest.Code.base64() + "). Please try again with the CodeSHA256 in $LATEST.")
			}
			description := f.Latest.Description
			if in.Description != nil {
				description = *in.Description
			}
			v, err := f.publish(tx, p, d.revisions[0], description)
			if err != nil {
				return service.Answer{}, err
			}
			if err := writeFunction(tx, p, &f); err != nil {
				return service.Answer{}, err
			}
			out, err := v.describe(tx.Reader, p.at(v.Version))
			if err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Status: 201, Body: out.inState(l.stateOf(v.Runtime))}, nil
		},
	}
}

func (l *lambda) listVersions() service.Reading[listVersionsInput] {
	return service.Reading[listVersionsInput]{
		Check: func(in *listVersionsInput) error {
			var c constraints
			c.name(in.FunctionName)
			c.page(in.MaxItems, 10000)
			return c.err()
		},
		Act: func(c *service.Call, in *listVersionsInput, r identity.Reader) (service.Answer, error) {
			p, err := wholeFunction(c, *in.FunctionName)
			if err != nil {
				return service.Answer{}, err
			}
			f, exists, err := readFunction(r, p)
			if err != nil || !exists {
				return service.Answer{}, orElse(err, functionNotFound(p))
			}
			page, err := pageOf(c, in.Marker, in.MaxItems)
			if err != nil {
				return service.Answer{}, err
			}
			out := listVersionsOutput{Versions: []*configuration{}}
			out.Versions, err = f.listed(r, p, page, out.Versions)
			out.NextMarker = page.marker()
			return service.Body(&out), err
		},
	}
}

// listed adds $LATEST and the published versions that a page takes.
func (f *function) listed(r identity.Reader, p place, page *page, list []*configuration) ([]*configuration, error) {
	versions, err := all[revision](r.In(p.account), versionPrefix(p.region, p.name))
	if err != nil {
		return nil, err
	}
	for _, v := range append([]revision{f.Latest}, versions...) {
		if !page.takes(fmt.Sprintf("%s\x00%012d", p.name, numberOf(v.Version))) { // no name has a letter below that
			continue
		}
		d, err := v.describe(r, p.at(v.Version))
		if err != nil {
			return nil, err
		}
		list = append(list, d)
	}
	return list, nil
}
