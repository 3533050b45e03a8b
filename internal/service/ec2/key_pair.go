package ec2

import (
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

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
	KeyPairID   string     `wire:"keyPairId"`
	KeyType     string     `wire:"keyType"`
	Tags        []tagInfo  `wire:"tagSet"`
	CreateTime  *time.Time `wire:"createTime"`
	KeyName     string     `wire:"keyName"`
	Fingerprint string     `wire:"keyFingerprint"`
}

// keyPairAttributes are those of a key pair; no operation makes one yet.
func keyPairAttributes() attributes {
	return attributes{"key-pair-id": nil, "fingerprint": nil, "key-name": nil}.tagged(nil)
}

var describeKeyPairs = service.Reading[describeKeyPairsInput]{
	Check: func(in *describeKeyPairsInput) error { return checkFilters(in.Filters, keyPairAttributes()) },
	Act: func(_ *service.Call, in *describeKeyPairsInput, _ identity.Reader) (service.Answer, error) {
		switch {
		case len(in.KeyNames) > 0:
			return service.Answer{}, noSuchKeyPair(in.KeyNames...)
		case len(in.KeyPairIds) > 0:
			return service.Answer{}, service.BadRequest("InvalidKeyPair.NotFound",
				"The key pair ID '"+strings.Join(in.KeyPairIds, ", ")+"' does not exist")
		}
		return service.Body(&describeKeyPairsOutput{[]keyPairInfo{}}), checkDry(in.DryRun)
	},
}

func noSuchKeyPair(names ...string) error {
	return service.BadRequest("InvalidKeyPair.NotFound", "The key pair '"+strings.Join(names, ", ")+"' does not exist")
}
