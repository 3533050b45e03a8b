package iam

import (
	"testing"
	"time"
)

// FuzzSSHPublicKey holds that what is read can be written in both encodings and read again as the same key.
func FuzzSSHPublicKey(f *testing.F) {
	f.Add("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAAAgQ comment")
	f.Add("ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABAQCq7gmK5cMteQwqW1Z9KCqXmP8FS9w9HKnjlW6PezMFT3/A1/i5w4VLt+Kx6Ah/lUpLLHJS7Bi4Ea8xMRhRGE3MIF/6FxqGnC2M2JaO3EgmFVGIbEmfLbRsaA3tbXpUHgjXFJWHVaOEtdTm9ESzEfdNKNipCycfByLVGGbTrTqL7GI4RG7ZKoVl0A++6BBiaMCRDW6MBthOSQ8193CcMA+JbmDqr+58OP3dUbHphYZjkhOO/Zlphlf+dc/G0iATdjvqj7mjUirZtCT5RlWdzBG/jQsrIZ5Jktof4W001+sUfriCq1MLPpMhOl/WiOmeIkLGQ/USe4ailNZfKHdIuUCx")
	f.Add("-----BEGIN PUBLIC KEY-----\nMIIB\n-----END PUBLIC KEY-----\n")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := readSSHPublicKey(text)
		if err != nil {
			return
		}
		for _, inPEM := range []bool{false, true} {
			body, err := sshBody(key, inPEM)
			if err != nil {
				t.Fatal(err)
			}
			again, err := readSSHPublicKey(body)
			if err != nil || !again.Equal(key) || fingerprint(again) != fingerprint(key) {
				t.Errorf("%q is read again as %v: %v", body, again, err)
			}
		}
	})
}

// FuzzSAMLMetadata holds that no document makes the reader fail in another way than by refusing it, and none is valid without end.
func FuzzSAMLMetadata(f *testing.F) {
	f.Add(`<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"><IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"/></EntityDescriptor>`)
	f.Add(`<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>`)
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, text string) {
		if until, err := samlMetadata(text, now); err == nil && until.IsZero() {
			t.Errorf("%q is valid until nobody knows when", text)
		}
	})
}
