package ssm

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// The types and tiers of parameters.
const (
	typeString = "String"
	typeList   = "StringList"
	typeSecure = "SecureString"

	tierStandard    = "Standard"
	tierAdvanced    = "Advanced"
	tierIntelligent = "Intelligent-Tiering"
)

// A parameter is what is stored of one besides the values of its versions.
type parameter struct {
	Name   string           `json:"name"`
	Oldest int64            `json:"oldest"` // version
	Latest description      `json:"latest"`
	Labels map[string]int64 `json:"labels,omitempty"` // each on one version
	Tags   []identity.Tag   `json:"tags,omitempty"`
}

// A description is what is told of a version without its value.
type description struct {
	Version  int64     `json:"version"`
	Type     string    `json:"type"`
	KeyID    string    `json:"keyId,omitempty"` // of secure strings
	Text     string    `json:"text,omitempty"`
	Pattern  string    `json:"pattern,omitempty"`
	Tier     string    `json:"tier"`
	DataType string    `json:"dataType"`
	Modified time.Time `json:"modified"`
	User     string    `json:"user"` // the ARN of who wrote it
}

// A version is one with its value: in Value, or encrypted in Sealed.
type version struct {
	description
	Value  string `json:"value,omitempty"`
	Sealed []byte `json:"sealed,omitempty"`
}

// parameterPrefix is what the keys of all parameters of a region begin with, and versionKey that of a version. A name has no NUL.
func parameterPrefix(region string) string { return "ssm:parameter/" + region + "/" }

func versionKey(region, name string, n int64) string {
	return fmt.Sprintf("ssm:version/%s/%s\x00%012d", region, name, n)
}

func readParameter(r identity.Reader, region, name string) (p parameter, exists bool, err error) {
	value, exists := r.Store().Get(parameterPrefix(region) + name)
	if !exists {
		return parameter{}, false, nil
	}
	if err := json.Unmarshal(value, &p); err != nil {
		return parameter{}, false, fmt.Errorf("parameter %s: %w", name, err)
	}
	return p, true, nil
}

func writeParameter(tx identity.Tx, region string, p parameter) error {
	value, err := json.Marshal(p)
	if err != nil {
		return err
	}
	tx.Store().Put(parameterPrefix(region)+p.Name, value)
	return nil
}

// deleteParameter takes a parameter away with all of its versions.
func deleteParameter(tx identity.Tx, region string, p parameter) {
	for n := p.Oldest; n <= p.Latest.Version; n++ {
		tx.Store().Delete(versionKey(region, p.Name, n))
	}
	tx.Store().Delete(parameterPrefix(region) + p.Name)
}

func readVersion(r identity.Reader, region, name string, n int64) (v version, err error) {
	value, exists := r.Store().Get(versionKey(region, name, n))
	if !exists {
		return version{}, fmt.Errorf("parameter %s has no version %d", name, n)
	}
	return v, json.Unmarshal(value, &v)
}

func writeVersion(tx identity.Tx, region, name string, v version) error {
	value, err := json.Marshal(v)
	if err != nil {
		return err
	}
	tx.Store().Put(versionKey(region, name, v.Version), value)
	return nil
}

// A secret is one version of a secure string; its name is bound to what is encrypted.
func secretName(region, name string, n int64) string {
	return fmt.Sprintf("ssm\x00%s\x00%s\x00%d", region, name, n)
}

// seal sets the value of a version.
func (v *version) seal(c *service.Call, tx identity.Tx, name, value string) {
	if v.Type != typeSecure {
		v.Value = value
		return
	}
	v.Sealed = tx.SealValue(secretName(c.Environment.Region, name, v.Version), identity.SecretOf(value))
}

// text is the value as it is answered: of a secure string that is not to be decrypted, ciphertext.
func (v *version) text(c *service.Call, r identity.Reader, name string, decrypt bool) (string, error) {
	switch {
	case v.Type != typeSecure:
		return v.Value, nil
	case !decrypt:
		return base64.StdEncoding.EncodeToString(v.Sealed), nil
	}
	s, err := r.OpenValue(secretName(c.Environment.Region, name, v.Version), v.Sealed)
	return s.Reveal(), err
}

// labelsOf are the labels of a version.
func (p *parameter) labelsOf(n int64) (labels []string) {
	for _, label := range slices.Sorted(maps.Keys(p.Labels)) {
		if p.Labels[label] == n {
			labels = append(labels, label)
		}
	}
	return labels
}

func isTrue(b *bool) bool { return b != nil && *b }
