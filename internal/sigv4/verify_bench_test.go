package sigv4_test

import (
	"crypto/sha256"
	"testing"

	"github.com/ambit-iam/ambit/internal/sigv4"
)

// BenchmarkParseAndVerify is goal H2: at most 1.5 µs and no allocation for a signed query request whose signing key is cached.
// botocore, and so the CLI and boto3, sign three headers; the Go SDK signs six.
func BenchmarkParseAndVerify(b *testing.B) {
	few := querySpec()
	few.header.Del("Amz-Sdk-Invocation-Id")
	few.header.Del("Amz-Sdk-Request")
	for name, s := range map[string]spec{"botocore": few, "sdk-go": querySpec()} {
		b.Run(name, func(b *testing.B) {
			r := s.signed(b)
			keys := sigv4.NewKeyCache(100)
			sum := sha256.Sum256(s.body)
			rules := sigv4.RulesFor("iam")
			b.ReportAllocs()
			for b.Loop() {
				claimed, err := sigv4.Parse(r)
				if err != nil {
					b.Fatal(err)
				}
				if err := claimed.Verify(r, sigv4.BodyHash(sum), keys.Key(&claimed, secret), signedAt, rules); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkVerify leaves out what Parse and the cache cost.
func BenchmarkVerify(b *testing.B) {
	r, body := signedQuery(b)
	s, err := sigv4.Parse(r)
	if err != nil {
		b.Fatal(err)
	}
	key := sigv4.DeriveKey(secret, s.Day, s.Region, s.Service)
	sum := sha256.Sum256(body)
	rules := sigv4.RulesFor("iam")
	b.ReportAllocs()
	for b.Loop() {
		if err := s.Verify(r, sigv4.BodyHash(sum), key, signedAt, rules); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDeriveKey is what the cache saves.
func BenchmarkDeriveKey(b *testing.B) {
	for b.Loop() {
		sigv4.DeriveKey(secret, "20261122", "us-east-1", "iam")
	}
}

// BenchmarkFloor is what nobody can save: the three digests of a signature, over as many bytes as botocore's request has.
// Compare with it where the machine is shared.
func BenchmarkFloor(b *testing.B) {
	canonical, toSign, outer := make([]byte, 250), make([]byte, 196), make([]byte, 96)
	for b.Loop() {
		sha256.Sum256(canonical)
		sha256.Sum256(toSign)
		sha256.Sum256(outer)
	}
}
