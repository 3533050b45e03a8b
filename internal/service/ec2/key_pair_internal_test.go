package ec2

import "testing"

// TestKeysAreMadeForWhoMay: keys are made when the call is allowed, and not when it is read, as ids are: they cost too much.
func TestKeysAreMadeForWhoMay(t *testing.T) {
	t.Parallel()
	if createKeyPair.Draw != nil {
		t.Error("a key is made for whoever asks")
	}
	in := &createKeyPairInput{}
	for _, keyType := range []string{keyRSA, keyED25519} {
		in.KeyType = &keyType
		m, err := createKeyPair.Prepare(t.Context(), nil, in, material{})
		if err != nil || m.private == "" || m.public == "" {
			t.Errorf("%s: %v", keyType, err)
		}
	}
}
