package identity

import (
	"crypto/rand"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"strconv"

	"github.com/ambit-iam/ambit/arn"
)

// A UniqueID is the id that an entity keeps as long as it lives and that no other ever gets: AIDA…, AROA… ("IAM identifiers",
// IAM User Guide).
type UniqueID string

// An AccessKeyID is the public half of an access key.
type AccessKeyID string

// NewUserID draws the unique id of a user.
func NewUserID() UniqueID { return newUniqueID("AIDA") }

// NewRoleID draws the unique id of a role.
func NewRoleID() UniqueID { return newUniqueID("AROA") }

// NewGroupID draws the unique id of a group.
func NewGroupID() UniqueID { return newUniqueID("AGPA") }

// NewPolicyID draws the unique id of a managed policy.
func NewPolicyID() UniqueID { return newUniqueID("ANPA") }

// NewInstanceProfileID draws the unique id of an instance profile.
func NewInstanceProfileID() UniqueID { return newUniqueID("AIPA") }

// NewSSHPublicKeyID draws the id of an SSH public key.
func NewSSHPublicKeyID() UniqueID { return newUniqueID("APKA") }

// NewServiceCredentialID draws the id of a credential for a single service.
func NewServiceCredentialID() UniqueID { return newUniqueID("ACCA") }

// NewServerCertificateID draws the unique id of a server certificate.
func NewServerCertificateID() UniqueID { return newUniqueID("ASCA") }

// NewSAMLProviderID draws the unique id of a SAML provider.
func NewSAMLProviderID() UniqueID { return newUniqueID("SAMLP") }

// NewCertificateID draws the id of a signing certificate, which has no prefix.
func NewCertificateID() UniqueID { return newUniqueID("") + newUniqueID("") }

// newUniqueID returns the prefix and 17 random characters of base32: 85 bits.
func newUniqueID(prefix string) UniqueID {
	var b [11]byte
	rand.Read(b[:])
	return UniqueID(prefix + base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(b[:])[:17])
}

// NewAccessKeyID draws the id of a long-term access key of the account.
func NewAccessKeyID(account string) AccessKeyID { return newAccessKeyID("AKIA", account) }

// newAccessKeyID returns the prefix and 16 characters of base32 that hold a set bit, 40 bits of account number and 39 random
// ones. That is how AWS's own key ids have carried the account since 2019, so tools that read it read it here too.
func newAccessKeyID(prefix, account string) AccessKeyID {
	n, err := strconv.ParseUint(account, 10, 64)
	if err != nil || !arn.IsAccountID(account) {
		panic("identity: not an account number: " + account)
	}
	var b [10]byte
	rand.Read(b[:])
	random := uint64(b[5]) & 0x7f
	head := 1<<47 | n<<7 | random
	var wide [8]byte
	binary.BigEndian.PutUint64(wide[:], head)
	copy(b[:6], wide[2:])
	return AccessKeyID(prefix + base32.StdEncoding.EncodeToString(b[:]))
}

// Account returns the account number that the id carries, and whether it carries one. An id of another origin may seem to
// carry one by chance.
func (id AccessKeyID) Account() (string, bool) {
	if len(id) != 20 {
		return "", false
	}
	var n uint64 // of the first ten characters, which are base32: 50 bits
	for i, c := range []byte(id[4:]) {
		var five byte
		switch {
		case 'A' <= c && c <= 'Z':
			five = c - 'A'
		case '2' <= c && c <= '7':
			five = c - '2' + 26
		default:
			return "", false
		}
		if i < 10 {
			n = n<<5 | uint64(five)
		}
	}
	if n>>49 == 0 {
		return "", false
	}
	n = n & (1<<49 - 1) >> 9
	if n > 999999999999 {
		return "", false
	}
	var number [12]byte
	for i := len(number) - 1; i >= 0; i-- {
		number[i] = '0' + byte(n%10)
		n /= 10
	}
	return string(number[:]), true
}

// Temporary reports whether the id has the prefix of temporary credentials.
func (id AccessKeyID) Temporary() bool { return len(id) >= 4 && id[:4] == "ASIA" }

// NewSecret draws a secret access key: 40 characters of base64, 240 random bits.
func NewSecret() Secret {
	var b [30]byte
	rand.Read(b[:])
	return SecretOf(base64.StdEncoding.EncodeToString(b[:]))
}
