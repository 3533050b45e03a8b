package ec2

import (
	"bytes"
	"crypto/ed25519"
	"crypto/md5"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
)

// The types of key pairs, as the API names them, and their names in OpenSSH.
const (
	keyRSA     = "rsa"
	keyED25519 = "ed25519"
	sshRSA     = "ssh-rsa"
	sshED25519 = "ssh-ed25519"
	rsaBits    = 2048  // of keys that are made
	maxRSABits = 16384 // of keys that are imported
	sshBlock   = 8     // to which private keys are padded
)

// A material is a new key pair: what is kept of it, and the private key, which is told once.
type material struct {
	public, fingerprint, private string
}

// drawMaterial makes a key pair of a type ("Create a key pair for your Amazon EC2 instance": RSA keys have 2048 bits).
func drawMaterial(keyType string) (material, error) {
	if keyType == keyED25519 {
		public, private, err := ed25519.GenerateKey(rand.Reader)
		if err != nil {
			return material{}, err
		}
		blob := wireStrings([]byte(sshED25519), public)
		sum := sha256.Sum256(blob)
		return material{sshText(sshED25519, blob), base64.StdEncoding.EncodeToString(sum[:]), opensshKey(blob, public, private)}, nil
	}
	private, err := rsa.GenerateKey(rand.Reader, rsaBits)
	if err != nil {
		return material{}, err
	}
	der, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return material{}, err
	}
	sum := sha1.Sum(der)
	text := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(private)})
	blob := wireStrings([]byte(sshRSA), mpint(big.NewInt(int64(private.E))), mpint(private.N))
	return material{sshText(sshRSA, blob), colons(sum[:]), string(text)}, nil
}

// readMaterial reads a public key in OpenSSH's format. The fingerprint of an imported RSA key is another than that of a created one
// ("Verify the fingerprint of your key pair").
func readMaterial(text string) (keyType string, m material, ok bool) {
	fields := strings.Fields(text)
	if len(fields) < 2 {
		return "", material{}, false
	}
	blob, err := base64.StdEncoding.DecodeString(fields[1])
	if err != nil {
		return "", material{}, false
	}
	parts, ok := readStrings(blob)
	if !ok || len(parts) < 2 || string(parts[0]) != fields[0] {
		return "", material{}, false
	}
	m.public = sshText(fields[0], blob)
	switch {
	case fields[0] == sshED25519 && len(parts) == 2 && len(parts[1]) == ed25519.PublicKeySize:
		sum := sha256.Sum256(blob)
		m.fingerprint = base64.StdEncoding.EncodeToString(sum[:])
		return keyED25519, m, true
	case fields[0] == sshRSA && len(parts) == 3 && len(parts[1]) <= 4 && len(parts[2]) <= maxRSABits/8+1:
		key := rsa.PublicKey{E: int(new(big.Int).SetBytes(parts[1]).Int64()), N: new(big.Int).SetBytes(parts[2])}
		der, err := x509.MarshalPKIXPublicKey(&key)
		if err != nil || key.N.BitLen() < 1024 || key.E < 3 {
			return "", material{}, false
		}
		sum := md5.Sum(der)
		m.fingerprint = colons(sum[:])
		return keyRSA, m, true
	}
	return "", material{}, false
}

func sshText(name string, blob []byte) string {
	return name + " " + base64.StdEncoding.EncodeToString(blob)
}

// colons writes a digest byte by byte.
func colons(sum []byte) string {
	return strings.ReplaceAll(fmt.Sprintf("% x", sum), " ", ":")
}

// wireStrings writes texts with their lengths (RFC 4251, section 5).
func wireStrings(texts ...[]byte) []byte {
	var out []byte
	for _, t := range texts {
		out = append(binary.BigEndian.AppendUint32(out, uint32(len(t))), t...)
	}
	return out
}

// readStrings reads what wireStrings writes.
func readStrings(blob []byte) (texts [][]byte, ok bool) {
	for len(blob) > 0 {
		if len(blob) < 4 {
			return nil, false
		}
		n := binary.BigEndian.Uint32(blob)
		if uint64(n) > uint64(len(blob)-4) {
			return nil, false
		}
		texts, blob = append(texts, blob[4:4+n]), blob[4+n:]
	}
	return texts, true
}

// mpint is a positive number (RFC 4251): with a zero in front where the first bit would be read as a sign.
func mpint(n *big.Int) []byte {
	b := n.Bytes()
	if len(b) > 0 && b[0]&0x80 != 0 {
		return append([]byte{0}, b...)
	}
	return b
}

// opensshKey is a private key as ssh-keygen writes it, not encrypted (openssh, PROTOCOL.key).
func opensshKey(blob []byte, public ed25519.PublicKey, private ed25519.PrivateKey) string {
	var check [4]byte
	rand.Read(check[:])
	inner := append(bytes.Repeat(check[:], 2), wireStrings([]byte(sshED25519), public, private, nil)...)
	for pad := byte(1); len(inner)%sshBlock != 0; pad++ {
		inner = append(inner, pad)
	}
	out := append([]byte("openssh-key-v1\x00"), wireStrings([]byte("none"), []byte("none"), nil)...)
	out = binary.BigEndian.AppendUint32(out, 1)
	out = append(out, wireStrings(blob, inner)...)
	return string(pem.EncodeToMemory(&pem.Block{Type: "OPENSSH PRIVATE KEY", Bytes: out}))
}
