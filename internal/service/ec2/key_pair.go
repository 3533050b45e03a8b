package ec2

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/store"
)

// A keyPair is what is stored of a key pair, in the space of its account. The private key is not.
type keyPair struct {
	Name        string    `json:"name"`
	ID          string    `json:"id"`
	Type        string    `json:"type"`
	Fingerprint string    `json:"fingerprint"`
	Public      string    `json:"public"`
	Created     time.Time `json:"created"`
}

func keyPairKey(region, name string) string { return "ec2:key/" + region + "/" + name }

func readKeyPair(r identity.Reader, region, name string) (k keyPair, exists bool, err error) {
	value, exists := r.Store().Get(keyPairKey(region, name))
	if !exists {
		return keyPair{}, false, nil
	}
	if err := json.Unmarshal(value, &k); err != nil {
		return keyPair{}, false, fmt.Errorf("key pair %s: %w", name, err)
	}
	return k, true, nil
}

// keyPairs are the key pairs of a region.
func keyPairs(r identity.Reader, region string) (out []keyPair, err error) {
	for key, value := range store.All(r.Store(), keyPairKey(region, "")) {
		var k keyPair
		if err := json.Unmarshal(value, &k); err != nil {
			return nil, fmt.Errorf("%s: %w", key, err)
		}
		out = append(out, k)
	}
	return out, nil
}

func noSuchKeyPair(names ...string) error {
	return service.BadRequest("InvalidKeyPair.NotFound", "The key pair '"+strings.Join(names, ", ")+"' does not exist")
}

type createKeyPairInput struct {
	KeyName           *string
	KeyType           *string
	KeyFormat         *string
	TagSpecifications []tagSpecification `wire:"TagSpecification"`
	DryRun            *bool
}

type importKeyPairInput struct {
	KeyName           *string
	PublicKeyMaterial []byte
	TagSpecifications []tagSpecification `wire:"TagSpecification"`
	DryRun            *bool
}

type keyPairOutput struct {
	KeyPairID   string    `wire:"keyPairId"`
	Tags        []tagInfo `wire:"tagSet"`
	KeyName     string    `wire:"keyName"`
	Fingerprint string    `wire:"keyFingerprint"`
	Material    string    `wire:"keyMaterial"`
}

// keyType is the type that is made ("Default: rsa").
func (in *createKeyPairInput) keyType() string {
	if in.KeyType == nil {
		return keyRSA
	}
	return *in.KeyType
}

// checkKeyName checks the name and the tags of a new key pair.
func checkKeyName(name *string, specifications []tagSpecification) error {
	switch n := text(name); {
	case n == "":
		return missing("KeyName")
	case len(n) > 255 || strings.ContainsFunc(n, func(r rune) bool { return r < ' ' || r > '~' }):
		return invalid(n, "keyName", "Key names have up to 255 ASCII characters.")
	}
	return checkTagSpecifications(specifications, "key-pair")
}

var createKeyPair = service.Writing[createKeyPairInput, material]{
	Check: func(in *createKeyPairInput) error {
		switch {
		case in.keyType() != keyRSA && in.keyType() != keyED25519:
			return invalid(in.keyType(), "keyType", "Expecting one of: rsa, ed25519.")
		case in.KeyFormat != nil && *in.KeyFormat != "pem":
			return unsupported("The key format '" + *in.KeyFormat + "' is not supported.")
		}
		return checkKeyName(in.KeyName, in.TagSpecifications)
	},
	// A key of RSA takes the processor a tenth of a second: nobody has it made who may not.
	Prepare: func(_ context.Context, _ *service.Call, in *createKeyPairInput, _ material) (material, error) {
		return drawMaterial(in.keyType())
	},
	Act: func(c *service.Call, in *createKeyPairInput, m material, tx identity.Tx) (service.Answer, error) {
		k := keyPair{Name: *in.KeyName, Type: in.keyType(), Fingerprint: m.fingerprint, Public: m.public}
		return k.write(c, tx, tagsAmong(in.TagSpecifications, "key-pair"), in.DryRun, m.private)
	},
}

var importKeyPair = service.Writing[importKeyPairInput, struct{}]{
	Check: func(in *importKeyPairInput) error {
		if _, _, ok := readMaterial(string(in.PublicKeyMaterial)); !ok {
			return service.BadRequest("InvalidKey.Format", "Key is not in valid OpenSSH public key format")
		}
		return checkKeyName(in.KeyName, in.TagSpecifications)
	},
	Act: func(c *service.Call, in *importKeyPairInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		keyType, m, _ := readMaterial(string(in.PublicKeyMaterial))
		k := keyPair{Name: *in.KeyName, Type: keyType, Fingerprint: m.fingerprint, Public: m.public}
		return k.write(c, tx, tagsAmong(in.TagSpecifications, "key-pair"), in.DryRun, "")
	},
}

// write stores a new key pair. Its id is drawn from what it is and when it was made, so that the deed can be done twice.
func (k keyPair) write(c *service.Call, tx identity.Tx, tags []inputTag, dry *bool, private string) (service.Answer, error) {
	region := c.Environment.Region
	if _, exists, err := readKeyPair(tx.Reader, region, k.Name); err != nil || exists {
		if err == nil {
			err = service.BadRequest("InvalidKeyPair.Duplicate", "The keypair already exists")
		}
		return service.Answer{}, err
	}
	if err := checkDry(dry); err != nil {
		return service.Answer{}, err
	}
	k.Created = c.Now()
	k.ID = derived("key", c.Account(), region, k.Name, k.Public, c.RequestID)
	value, err := json.Marshal(k)
	if err != nil {
		return service.Answer{}, err
	}
	tx.Store().Put(keyPairKey(region, k.Name), value)
	if err := writeTags(tx, region, k.ID, tagsOf(tags)); err != nil {
		return service.Answer{}, err
	}
	return service.Body(&keyPairOutput{k.ID, shownTags(tagsOf(tags)), k.Name, k.Fingerprint, private}), nil
}

type deleteKeyPairInput struct {
	KeyName   *string
	KeyPairId *string
	DryRun    *bool
}

type deleteKeyPairOutput struct {
	Return    bool   `wire:"return"`
	KeyPairID string `wire:"keyPairId"`
}

// find returns the key pair that the input names, by its name or its id.
func (in *deleteKeyPairInput) find(r identity.Reader, region string) (keyPair, bool, error) {
	if text(in.KeyName) != "" {
		return readKeyPair(r, region, *in.KeyName)
	}
	return findKeyPair(r, region, text(in.KeyPairId))
}

// findKeyPair returns the key pair with an id.
func findKeyPair(r identity.Reader, region, id string) (keyPair, bool, error) {
	all, err := keyPairs(r, region)
	for _, k := range all {
		if k.ID == id {
			return k, true, err
		}
	}
	return keyPair{}, false, err
}

// deleteKeyPair succeeds where there is none, as AWS's does.
var deleteKeyPair = service.Writing[deleteKeyPairInput, struct{}]{
	Check: func(in *deleteKeyPairInput) error {
		if text(in.KeyName) == "" && text(in.KeyPairId) == "" {
			return missing("KeyName")
		}
		return nil
	},
	Act: func(c *service.Call, in *deleteKeyPairInput, _ struct{}, tx identity.Tx) (service.Answer, error) {
		region := c.Environment.Region
		k, exists, err := in.find(tx.Reader, region)
		if err == nil {
			err = checkDry(in.DryRun)
		}
		if err != nil {
			return service.Answer{}, err
		}
		if exists {
			tx.Store().Delete(keyPairKey(region, k.Name))
			tx.Store().Delete(tagKey(region, k.ID))
		}
		return service.Body(&deleteKeyPairOutput{true, k.ID}), nil
	},
}

type describeKeyPairsInput struct {
	KeyNames         []string `wire:"KeyName"`
	KeyPairIds       []string `wire:"KeyPairId"`
	IncludePublicKey *bool
	Filters          []filter `wire:"Filter"`
	DryRun           *bool
}

type describeKeyPairsOutput struct {
	KeyPairs []keyPairInfo `wire:"keySet"`
}

type keyPairInfo struct {
	KeyPairID   string    `wire:"keyPairId"`
	KeyType     string    `wire:"keyType"`
	Tags        []tagInfo `wire:"tagSet"`
	PublicKey   string    `wire:"publicKey"`
	CreateTime  time.Time `wire:"createTime"`
	KeyName     string    `wire:"keyName"`
	Fingerprint string    `wire:"keyFingerprint"`
}

var keyPairList = list[keyPairInfo]{
	key: func(k keyPairInfo) string { return k.KeyName },
	attributes: func(k keyPairInfo) attributes {
		return attributes{"key-pair-id": {k.KeyPairID}, "fingerprint": {k.Fingerprint}, "key-name": {k.KeyName}}.tagged(storedTags(k.Tags))
	},
}

var describeKeyPairs = service.Reading[describeKeyPairsInput]{
	Check: func(in *describeKeyPairsInput) error { return checkFilters(in.Filters, keyPairList.anything()) },
	Act: func(c *service.Call, in *describeKeyPairsInput, r identity.Reader) (service.Answer, error) {
		all, err := shownKeyPairs(c, r, isTrue(in.IncludePublicKey))
		if err != nil {
			return service.Answer{}, err
		}
		found, absent := chosen(all, in.KeyNames, keyPairList.key)
		if len(absent) > 0 {
			return service.Answer{}, noSuchKeyPair(absent...)
		}
		found, absent = chosen(found, in.KeyPairIds, func(k keyPairInfo) string { return k.KeyPairID })
		if len(absent) > 0 {
			return service.Answer{}, service.BadRequest("InvalidKeyPair.NotFound", "The key pair ID '"+strings.Join(absent, ", ")+"' does not exist")
		}
		if err := checkDry(in.DryRun); err != nil {
			return service.Answer{}, err
		}
		out, _, err := keyPairList.page(c, found, in.Filters, nil, nil)
		return service.Body(&describeKeyPairsOutput{out}), err
	},
}

func shownKeyPairs(c *service.Call, r identity.Reader, public bool) ([]keyPairInfo, error) {
	region := c.Environment.Region
	all, err := keyPairs(r, region)
	if err != nil {
		return nil, err
	}
	var out []keyPairInfo
	for _, k := range all {
		tags, err := readTags(r, region, k.ID)
		if err != nil {
			return nil, err
		}
		shown := keyPairInfo{k.ID, k.Type, shownTags(tags), "", k.Created, k.Name, k.Fingerprint}
		if public {
			shown.PublicKey = k.Public
		}
		out = append(out, shown)
	}
	return out, nil
}
