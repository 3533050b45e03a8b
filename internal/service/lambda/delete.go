package lambda

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

func (l *lambda) deleteFunction() service.Writing[qualifiedInput, struct{}] {
	return service.Writing[qualifiedInput, struct{}]{
		Check: (*qualifiedInput).check,
		Act: func(c *service.Call, in *qualifiedInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
			p, err := named(c, *in.FunctionName, in.Qualifier)
			switch {
			case err != nil:
				return service.Answer{}, err
			case p.account != c.Account():
				return service.Answer{}, elsewhere()
			}
			f, exists, err := readFunction(tx.Reader, p)
			if err != nil || !exists {
				return service.Answer{}, orElse(err, functionNotFound(p))
			}
			var keys []string
			if p.qualifier != "" {
				keys, err = f.deleteVersion(tx, p)
			} else {
				keys, err = f.delete(tx, p)
			}
			if err != nil {
				return service.Answer{}, err
			}
			plane := l.plane()
			return service.Answer{Status: 204, Committed: func() {
				for _, key := range keys {
					plane.runner.Forget(key)
				}
				plane.packages.sweepAfter(c)
			}}, nil
		},
	}
}

// delete removes a function with all that belongs to it, and names the revisions that are gone.
func (f *function) delete(tx identity.Tx, p place) (keys []string, err error) {
	versions, err := all[revision](tx.Reader, versionPrefix(p.region, p.name))
	if err != nil {
		return nil, err
	}
	keys = append(keys, f.Latest.Key)
	for i := range versions {
		keys = append(keys, versions[i].Key)
	}
	for _, prefix := range []string{versionPrefix(p.region, p.name), aliasPrefix(p.region, p.name)} {
		var gone []string
		for key := range store.All(tx.Store(), prefix) {
			gone = append(gone, key)
		}
		for _, key := range gone {
			tx.Store().Delete(key)
		}
	}
	tx.Store().Delete(functionPrefix(p.region) + p.name)
	return keys, nil
}

// deleteVersion removes a published version that no alias uses.
func (f *function) deleteVersion(tx identity.Tx, p place) (keys []string, err error) {
	if p.qualifier == latest {
		return nil, invalid("$LATEST version cannot be deleted without deleting the function.")
	}
	if numberOf(p.qualifier) == 0 {
		return nil, invalid("Deletion of aliases is not currently supported.")
	}
	v, exists, err := readVersion(tx.Reader, p, p.qualifier)
	if err != nil || !exists { // deleting a version again succeeds
		return nil, err
	}
	aliases, err := all[alias](tx.Reader, aliasPrefix(p.region, p.name))
	if err != nil {
		return nil, err
	}
	var using []string
	for _, a := range aliases {
		if _, second := a.Weights[p.qualifier]; second || a.Version == p.qualifier {
			using = append(using, a.Name)
		}
	}
	if len(using) > 0 {
		return nil, conflict("Version " + p.qualifier + " is used by alias(es): [" + strings.Join(using, ", ") + "]. Please remove the alias(es) before deleting the version.")
	}
	delete(f.Policies, p.qualifier)
	delete(f.Events, p.qualifier)
	tx.Store().Delete(versionKey(p.region, p.name, numberOf(p.qualifier)))
	return []string{v.Key}, writeFunction(tx, p, f)
}
