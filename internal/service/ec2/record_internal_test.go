package ec2

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/internal/audit"
)

// TestSecretsAreNotWrittenDown: neither private keys nor user data are in the records of requests, whatever member they come under.
func TestSecretsAreNotWrittenDown(t *testing.T) {
	t.Parallel()
	secret, attribute := "c2VjcmV0", "userData"
	for _, v := range []any{
		&runInstancesInput{UserData: &secret},
		&modifyInstanceInput{UserData: &inputText{&secret}},
		&modifyInstanceInput{Attribute: &attribute, ValueOrUserData: &secret},
		&importKeyPairInput{PublicKeyMaterial: []byte(secret)},
		&keyPairOutput{Material: secret},
	} {
		text, err := json.Marshal(new(audit.Recorder).Parameters(v))
		if err != nil {
			t.Fatal(err)
		}
		if strings.Contains(string(text), secret) {
			t.Errorf("%T: %s", v, text)
		}
	}
}
