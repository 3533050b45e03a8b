package s3

import (
	"strings"

	"github.com/ambit-iam/ambit/internal/store"
)

// A listing is a page of the current objects of a bucket in the order of their keys, where keys that have the delimiter behind the
// prefix are rolled up into common prefixes.
type listing struct {
	objects   []version
	prefixes  []string
	last      string // the key or common prefix that was listed last
	truncated bool
}

// A page says which page is wanted: what begins with prefix, after a key or, if that is one, a common prefix.
type page struct {
	prefix, delimiter, after string
	most                     int
}

// scanned is how many versions are read at once.
const scanned = 256

// list reads a page. It passes over what is rolled up without reading it.
func (p page) list(r store.Reader) (l listing, err error) {
	at := ""
	if p.after != "" {
		at = versionPrefix + p.after + afterKey
		if p.rolledUp(p.after) == p.after {
			at = versionPrefix + p.after + afterPrefix
		}
	}
	for more := p.most > 0; more; {
		var pairs []store.Pair
		if pairs, more = r.Scan(versionPrefix+p.prefix, at, scanned); len(pairs) == 0 {
			break
		}
		jumped := false
		for _, pair := range pairs {
			if pair.Key <= at {
				continue // an older version of a key that is done
			}
			key, _, err := splitVersionKey(pair.Key)
			if err != nil {
				return listing{}, err
			}
			v, err := parseVersion(pair.Key, pair.Value)
			if err != nil {
				return listing{}, err
			}
			at = versionPrefix + key + afterKey
			if v.Marker {
				continue
			}
			if len(l.objects)+len(l.prefixes) == p.most {
				l.truncated = true
				return l, nil
			}
			if rolled := p.rolledUp(key); rolled != "" {
				l.prefixes, l.last = append(l.prefixes, rolled), rolled
				at, jumped = versionPrefix+rolled+afterPrefix, true
				break
			}
			l.objects, l.last = append(l.objects, v), key
		}
		more = more || jumped
	}
	return l, nil
}

// walk visits what is stored with a prefix behind a place, until visit says that it is enough. Where visit names a place, it goes on
// behind that: what is passed over is not read.
func walk(r store.Reader, prefix, after string, visit func(at string, value []byte) (behind string, enough bool, err error)) error {
	for more := true; more; {
		var pairs []store.Pair
		if pairs, more = r.Scan(prefix, after, scanned); len(pairs) == 0 {
			break
		}
		for _, pair := range pairs {
			after = pair.Key
			behind, enough, err := visit(pair.Key, pair.Value)
			if err != nil || enough {
				return err
			}
			if behind != "" {
				after, more = behind, true
				break
			}
		}
	}
	return nil
}

// rolledUp returns the common prefix that stands for a key; empty if it stands for itself.
func (p page) rolledUp(key string) string {
	rest, ok := strings.CutPrefix(key, p.prefix)
	if p.delimiter == "" || !ok {
		return ""
	}
	i := strings.Index(rest, p.delimiter)
	if i < 0 {
		return ""
	}
	return key[:len(p.prefix)+i+len(p.delimiter)]
}
