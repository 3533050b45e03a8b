package server

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"fmt"
	"io/fs"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"slices"
	"time"
)

// Files of a self-signed certificate, in the data directory. Clients trust ca.pem.
const (
	caFile    = "ca.pem"
	caKeyFile = "ca-key.pem"
	tlsFile   = "tls.pem"
)

// Lives of certificates. Clients refuse server certificates of more than 398 days; the server's is made anew before it ends.
const (
	caLife     = 10 * 365 * 24 * time.Hour
	leafLife   = 365 * 24 * time.Hour
	renewAhead = 30 * 24 * time.Hour
)

// checkTLS refuses certificates that cannot be used, and writes nothing.
func (o *Options) checkTLS(dir string) error {
	switch {
	case o.TLSCert != "":
		if _, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey); err != nil {
			return fmt.Errorf("--tls-cert %s: %w", o.TLSCert, err)
		}
	case o.TLSSelfSigned && dir == "":
		return errors.New("--tls-self-signed: there is no directory for the certificate; pass --data")
	case o.TLSSelfSigned:
		if _, err := loadPair(filepath.Join(dir, caFile), filepath.Join(dir, caKeyFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("--tls-self-signed: the CA in %s cannot be used: %w; remove %s and %s", dir, err, caFile, caKeyFile)
		}
	}
	return nil
}

// tlsConfig returns how the listener speaks TLS, and the file of the CA if it is our own; nil without TLS.
func (o *Options) tlsConfig(dir string) (config *tls.Config, ca string, err error) {
	var certificate tls.Certificate
	switch {
	case o.TLSCert != "":
		if certificate, err = tls.LoadX509KeyPair(o.TLSCert, o.TLSKey); err != nil {
			return nil, "", fmt.Errorf("--tls-cert %s: %w", o.TLSCert, err)
		}
	case o.TLSSelfSigned:
		host, _, _ := net.SplitHostPort(o.Listen)
		if certificate, err = selfSigned(dir, host, o.Now()); err != nil {
			return nil, "", fmt.Errorf("--tls-self-signed: %w", err)
		}
		ca = filepath.Join(dir, caFile)
	default:
		return nil, "", nil
	}
	return &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}, ca, nil
}

// selfSigned returns a certificate for host and this machine, signed by the CA in dir. Both are made where they are missing.
func selfSigned(dir, host string, now time.Time) (tls.Certificate, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return tls.Certificate{}, err
	}
	ca, err := loadPair(filepath.Join(dir, caFile), filepath.Join(dir, caKeyFile))
	if errors.Is(err, fs.ErrNotExist) {
		ca, err = newCA(dir, now)
	}
	if err != nil {
		return tls.Certificate{}, err
	}
	path := filepath.Join(dir, tlsFile)
	if leaf, err := loadPair(path, path); err == nil && usable(leaf, ca, host, now) {
		return leaf, nil
	}
	return newLeaf(path, ca, host, now)
}

func loadPair(certificate, key string) (tls.Certificate, error) {
	pair, err := tls.LoadX509KeyPair(certificate, key)
	if err == nil && pair.Leaf == nil {
		pair.Leaf, err = x509.ParseCertificate(pair.Certificate[0])
	}
	return pair, err
}

func usable(leaf, ca tls.Certificate, host string, now time.Time) bool {
	return now.Add(renewAhead).Before(leaf.Leaf.NotAfter) && leaf.Leaf.CheckSignatureFrom(ca.Leaf) == nil &&
		slices.IndexFunc(hostsOf(host), func(h string) bool { return leaf.Leaf.VerifyHostname(h) != nil }) < 0
}

func newCA(dir string, now time.Time) (tls.Certificate, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Ambit local CA"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(caLife), IsCA: true,
		BasicConstraintsValid: true, MaxPathLenZero: true, KeyUsage: x509.KeyUsageCertSign | x509.KeyUsageCRLSign,
	}
	ca, certificate, key, err := issue(template, nil)
	if err != nil {
		return ca, err
	}
	if err := writeFile(filepath.Join(dir, caKeyFile), key, 0o600); err != nil {
		return ca, err
	}
	return ca, writeFile(filepath.Join(dir, caFile), certificate, 0o644)
}

func newLeaf(path string, ca tls.Certificate, host string, now time.Time) (tls.Certificate, error) {
	template := &x509.Certificate{
		Subject: pkix.Name{CommonName: "Ambit"}, NotBefore: now.Add(-time.Hour), NotAfter: now.Add(leafLife),
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}
	for _, h := range hostsOf(host) {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	leaf, certificate, key, err := issue(template, &ca)
	if err != nil {
		return leaf, err
	}
	return leaf, writeFile(path, append(certificate, key...), 0o600)
}

// hostsOf are the names under which clients reach the listener: its own, and those of this machine.
func hostsOf(host string) []string {
	hosts := []string{"localhost", "127.0.0.1", "::1"}
	if name, err := os.Hostname(); err == nil && name != "" {
		hosts = append(hosts, name)
	}
	if ip := net.ParseIP(host); host != "" && (ip == nil || !ip.IsUnspecified()) {
		hosts = append(hosts, host)
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// issue makes a certificate, signed by a CA or by itself, and returns it also as PEM, with its key.
func issue(template *x509.Certificate, by *tls.Certificate) (pair tls.Certificate, certificate, key []byte, err error) {
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return pair, nil, nil, err
	}
	if template.SerialNumber, err = rand.Int(rand.Reader, new(big.Int).Lsh(big.NewInt(1), 127)); err != nil {
		return pair, nil, nil, err
	}
	parent, signer := template, any(private)
	if by != nil {
		parent, signer = by.Leaf, by.PrivateKey
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &private.PublicKey, signer)
	if err != nil {
		return pair, nil, nil, err
	}
	leaf, err := x509.ParseCertificate(der)
	if err != nil {
		return pair, nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		return pair, nil, nil, err
	}
	pair = tls.Certificate{Certificate: [][]byte{der}, PrivateKey: private, Leaf: leaf}
	return pair, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}
