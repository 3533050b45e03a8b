package lambda

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/store"
)

// A function is what is stored of one, in its account. Published versions and aliases have records of their own.
type function struct {
	Name        string                     `json:"name"`
	ID          string                     `json:"id"` // a UUID: a function that is made again is another one
	Latest      revision                   `json:"latest"`
	NextVersion int64                      `json:"nextVersion"`
	Tags        []identity.Tag             `json:"tags,omitempty"`
	Reserved    *int32                     `json:"reserved,omitempty"` // concurrent invocations
	Policies    map[string]*functionPolicy `json:"policies,omitempty"` // by qualifier; the function's own by ""
	Events      map[string]*eventConfig    `json:"events,omitempty"`   // by qualifier
}

// A revision is the code and the configuration of a version. That of a published version never changes.
type revision struct {
	Key          string    `json:"key"`      // of code and configuration as they run
	RevisionID   string    `json:"revision"` // as clients see it
	Version      string    `json:"version"`
	Modified     time.Time `json:"modified"`
	Description  string    `json:"description,omitempty"`
	Runtime      string    `json:"runtime"`
	Handler      string    `json:"handler"`
	Role         string    `json:"role"`
	Timeout      int32     `json:"timeout"`
	Memory       int32     `json:"memory"`
	Ephemeral    int32     `json:"ephemeral"`
	Architecture string    `json:"architecture"`
	Tracing      string    `json:"tracing"`
	LogGroup     string    `json:"logGroup"`
	Layers       []layerOf `json:"layers,omitempty"`
	Code         pack      `json:"code"`

	// Environment are the variables, sealed; nil if none were ever set.
	Environment []byte `json:"environment,omitempty"`
}

// A pack is a deployment package.
type pack struct {
	SHA256 string `json:"sha256"` // of the archive, in hexadecimal
	Size   int64  `json:"size"`   // of the archive
}

// A layerOf is a layer of a revision.
type layerOf struct {
	ARN  string `json:"arn"`
	Code pack   `json:"code"`
}

// An alias is a name for a version, or for two.
type alias struct {
	Name        string             `json:"name"`
	Version     string             `json:"version"`
	Description string             `json:"description,omitempty"`
	RevisionID  string             `json:"revision"`
	Weights     map[string]float64 `json:"weights,omitempty"` // of further versions
}

// A functionPolicy is the resource-based policy of a function, a version or an alias. Its principals are stored by their unique ids.
type functionPolicy struct {
	Text  string                    `json:"text"`
	Bound []identity.BoundPrincipal `json:"bound,omitempty"`
}

// An eventConfig says how asynchronous invocations are tried again.
type eventConfig struct {
	Modified time.Time `json:"modified"`
	Retries  *int32    `json:"retries,omitempty"`
	Age      *int32    `json:"age,omitempty"` // in seconds
}

// Keys of records. Names have no slash.
func functionPrefix(region string) string { return "lambda:function/" + region + "/" }

func versionPrefix(region, name string) string { return "lambda:version/" + region + "/" + name + "/" }

func versionKey(region, name string, number int64) string {
	return fmt.Sprintf("%s%012d", versionPrefix(region, name), number)
}

func aliasPrefix(region, name string) string { return "lambda:alias/" + region + "/" + name + "/" }

// read reads a record, and tells whether there is one.
func read[T any](r identity.Reader, key string) (record T, exists bool, err error) {
	value, exists := r.Store().Get(key)
	if !exists {
		return record, false, nil
	}
	if err := json.Unmarshal(value, &record); err != nil {
		return record, false, fmt.Errorf("%s: %w", key, err)
	}
	return record, true, nil
}

func write(tx identity.Tx, key string, record any) error {
	value, err := json.Marshal(record)
	if err != nil {
		return err
	}
	tx.Store().Put(key, value)
	return nil
}

// all reads the records whose keys begin with a prefix, in the order of their keys.
func all[T any](r identity.Reader, prefix string) ([]T, error) {
	var list []T
	for key, value := range store.All(r.Store(), prefix) {
		var record T
		if err := json.Unmarshal(value, &record); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		list = append(list, record)
	}
	return list, nil
}

func readFunction(r identity.Reader, p place) (function, bool, error) {
	return read[function](r.In(p.account), functionPrefix(p.region)+p.name)
}

func writeFunction(tx identity.Tx, p place, f *function) error {
	return write(tx, functionPrefix(p.region)+p.name, f)
}

// readVersion reads a published version.
func readVersion(r identity.Reader, p place, version string) (revision, bool, error) {
	n := numberOf(version)
	if n == 0 {
		return revision{}, false, nil
	}
	return read[revision](r.In(p.account), versionKey(p.region, p.name, n))
}

func readAlias(r identity.Reader, p place, name string) (alias, bool, error) {
	return read[alias](r.In(p.account), aliasPrefix(p.region, p.name)+name)
}

// resolve finds the function of a place, and the revision that its qualifier means: that of an alias is its first version.
func resolve(r identity.Reader, p place) (f function, v revision, err error) {
	f, exists, err := readFunction(r, p)
	if err != nil {
		return f, v, err
	}
	if !exists {
		return f, v, functionNotFound(p)
	}
	version := p.qualifier
	if version != "" && !isVersion(version) {
		a, exists, err := readAlias(r, p, version)
		if err != nil {
			return f, v, err
		}
		if !exists {
			return f, v, functionNotFound(p)
		}
		version = a.Version
	}
	v, err = versionOf(r, p, &f, version)
	return f, v, err
}

// versionOf is a version of a function that exists.
func versionOf(r identity.Reader, p place, f *function, version string) (revision, error) {
	if version == "" || version == latest {
		return f.Latest, nil
	}
	v, exists, err := readVersion(r, p, version)
	if err == nil && !exists {
		err = functionNotFound(p.at(version))
	}
	return v, err
}

// newID draws a UUID.
func newID() string {
	var b [16]byte
	rand.Read(b[:])
	b[6], b[8] = b[6]&0x0f|0x40, b[8]&0x3f|0x80
	h := hex.EncodeToString(b[:])
	return h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}
