package ssm

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// managedAlias names the key that AWS manages for this service in every account and region.
const managedAlias = "alias/aws/ssm"

// managedKey is the ARN of that key.
func managedKey(c *service.Call) string {
	sum := sha256.Sum256([]byte("aws/ssm " + c.Account() + " " + c.Environment.Region))
	h := hex.EncodeToString(sum[:16])
	return kmsARN(c) + "key/" + h[:8] + "-" + h[8:12] + "-" + h[12:16] + "-" + h[16:20] + "-" + h[20:]
}

func kmsARN(c *service.Call) string {
	return "arn:" + c.Identities.Partition() + ":kms:" + c.Environment.Region + ":" + c.Account() + ":"
}

// isManagedKey reports whether a KeyId means the managed key: its alias, its id, or the ARN of either.
func isManagedKey(c *service.Call, id string) bool {
	arn := managedKey(c)
	return id == managedAlias || id == kmsARN(c)+managedAlias || id == arn || id == arn[strings.LastIndexByte(arn, '/')+1:]
}

// keyPolicy is the policy of the managed key ("AWS managed keys" in the KMS Developer Guide; the document is what kms:GetKeyPolicy answers
// for alias/aws/ssm).
const keyPolicy = `{"Version":"2012-10-17","Id":"auto-ssm-1","Statement":[
{"Sid":"Allow access through SSM for all principals in the account that are authorized to use SSM","Effect":"Allow","Principal":{"AWS":"*"},
"Action":["kms:Encrypt","kms:Decrypt","kms:ReEncrypt*","kms:GenerateDataKey*","kms:CreateGrant","kms:DescribeKey"],"Resource":"*",
"Condition":{"StringEquals":{"kms:CallerAccount":"%[3]s","kms:ViaService":"ssm.%[2]s.amazonaws.com"}}},
{"Sid":"Allow direct access to key metadata to the account","Effect":"Allow","Principal":{"AWS":"arn:%[1]s:iam::%[3]s:root"},
"Action":["kms:Describe*","kms:Get*","kms:List*","kms:RevokeGrant"],"Resource":"*"}]}`

// policies compile the policies of managed keys, one for each account and region.
type policies struct{ cache *identity.DocumentCache }

// maxCompiled is how many compiled policies are kept.
const maxCompiled = 64

func (p policies) layer(c *service.Call) (*policy.Layer, error) {
	text := fmt.Sprintf(keyPolicy, c.Identities.Partition(), c.Environment.Region, c.Account())
	made, err := p.cache.Get(identity.DigestOf(text), func() (string, error) { return text, nil })
	if err != nil {
		return nil, err
	}
	return policy.NewLayer(policy.Policy{Document: made.Document}), nil
}
