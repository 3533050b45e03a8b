package iam

import (
	"crypto/md5"
	"crypto/rsa"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// leastSSHBits is the least length of an SSH key (API reference, UploadSSHPublicKey).
const leastSSHBits = 2048

// sshRSA is the name of the one kind of key, and of its format.
const sshRSA = "ssh-rsa"

// readSSHPublicKey reads an RSA key in the format of OpenSSH, with or without a comment, or in PEM.
func readSSHPublicKey(text string) (*rsa.PublicKey, error) {
	key, known := readOpenSSH(text)
	if !known {
		key, known = readPEMKey(text)
	}
	switch {
	case !known:
		return nil, service.BadRequest("UnrecognizedPublicKeyEncoding", "The public key is not in a recognized encoding format.")
	case key == nil || key.N.BitLen() < leastSSHBits || key.N.BitLen() > 16384:
		return nil, service.BadRequest("InvalidPublicKey", "The public key is malformed or otherwise invalid.")
	}
	return key, nil
}

// readOpenSSH reads "ssh-rsa BASE64 comment" (RFC 4253, 6.6). known is whether the text is of that form; key is nil if what the
// form holds is none.
func readOpenSSH(text string) (key *rsa.PublicKey, known bool) {
	words := strings.Fields(text)
	if len(words) < 2 || words[0] != sshRSA || strings.ContainsAny(strings.TrimSpace(text), "\r\n") {
		return nil, false
	}
	blob, err := base64.StdEncoding.DecodeString(words[1])
	if err != nil {
		return nil, true
	}
	name, blob, ok := sshField(blob)
	if !ok || string(name) != sshRSA {
		return nil, true
	}
	exponent, blob, ok := sshField(blob)
	if !ok {
		return nil, true
	}
	modulus, blob, ok := sshField(blob)
	e := new(big.Int).SetBytes(exponent)
	if !ok || len(blob) > 0 || !e.IsInt64() || e.Int64() < 3 || e.Int64() > 1<<31-1 || e.Bit(0) == 0 {
		return nil, true
	}
	return &rsa.PublicKey{N: new(big.Int).SetBytes(modulus), E: int(e.Int64())}, true
}

// sshField cuts one field off a blob: its length in four bytes, and so many bytes.
func sshField(blob []byte) (field, rest []byte, ok bool) {
	if len(blob) < 4 {
		return nil, nil, false
	}
	n := binary.BigEndian.Uint32(blob)
	if uint64(n) > uint64(len(blob)-4) {
		return nil, nil, false
	}
	return blob[4 : 4+n], blob[4+n:], true
}

func readPEMKey(text string) (key *rsa.PublicKey, known bool) {
	block, _ := pem.Decode([]byte(text))
	if block == nil {
		return nil, false
	}
	switch block.Type {
	case "PUBLIC KEY":
		parsed, _ := x509.ParsePKIXPublicKey(block.Bytes)
		key, _ = parsed.(*rsa.PublicKey)
	case "RSA PUBLIC KEY":
		key, _ = x509.ParsePKCS1PublicKey(block.Bytes)
	default:
		return nil, false
	}
	return key, true
}

// sshBlob is a key as SSH sends it.
func sshBlob(key *rsa.PublicKey) []byte {
	var out []byte
	for _, field := range [][]byte{[]byte(sshRSA), mpint(big.NewInt(int64(key.E))), mpint(key.N)} {
		out = binary.BigEndian.AppendUint32(out, uint32(len(field)))
		out = append(out, field...)
	}
	return out
}

// mpint is a positive number with its sign bit clear (RFC 4251, 5).
func mpint(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// fingerprint is the MD5 of a key, as the API tells it.
func fingerprint(key *rsa.PublicKey) string {
	sum := md5.Sum(sshBlob(key)) //nolint:gosec // a name for the key, by definition of the API; nothing rests on it
	return strings.ReplaceAll(fmt.Sprintf("% x", sum), " ", ":")
}

// sshBody is a key in one of the two encodings that the API offers.
func sshBody(key *rsa.PublicKey, inPEM bool) (string, error) {
	if !inPEM {
		return sshRSA + " " + base64.StdEncoding.EncodeToString(sshBlob(key)), nil
	}
	der, err := x509.MarshalPKIXPublicKey(key)
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: der})), nil
}
