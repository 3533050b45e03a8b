package arn_test

import (
	"errors"
	"testing"

	"github.com/ambit-iam/ambit/arn"
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text             string
		want             arn.ARN
		kind, name, path string
	}{
		{"arn:aws:iam::123456789012:root", arn.ARN{"aws", "iam", "", "123456789012", "root"}, "root", "root", ""},
		{"arn:aws:iam::123456789012:role/a/b/Name", arn.ARN{"aws", "iam", "", "123456789012", "role/a/b/Name"}, "role", "Name", "/a/b/"},
		{"arn:aws:iam::123456789012:user/ana", arn.ARN{"aws", "iam", "", "123456789012", "user/ana"}, "user", "ana", "/"},
		{"arn:aws:iam::aws:policy/service-role/X", arn.ARN{"aws", "iam", "", "aws", "policy/service-role/X"}, "policy", "X", "/service-role/"},
		{"arn:aws:logs:eu-west-1:1:log-group:/app:*", arn.ARN{"aws", "logs", "eu-west-1", "1", "log-group:/app:*"}, "log-group", "app:*", "/"},
		{"arn:aws-cn:s3:::bucket/k/e y", arn.ARN{"aws-cn", "s3", "", "", "bucket/k/e y"}, "bucket", "e y", "/k/"},
	} {
		got, err := arn.Parse(tt.text)
		if err != nil {
			t.Errorf("Parse(%q): %v", tt.text, err)
			continue
		}
		if got != tt.want {
			t.Errorf("Parse(%q) = %+v, want %+v", tt.text, got, tt.want)
		}
		if got.Kind() != tt.kind || got.Name() != tt.name || got.Path() != tt.path {
			t.Errorf("%q: kind %q name %q path %q, want %q %q %q", tt.text, got.Kind(), got.Name(), got.Path(), tt.kind, tt.name, tt.path)
		}
		if got.String() != tt.text {
			t.Errorf("String() = %q, want %q", got.String(), tt.text)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]error{
		"":                      arn.ErrPrefix,
		"*":                     arn.ErrPrefix,
		"ARN:aws:iam::1:root":   arn.ErrPrefix,
		"arn:aws:iam::1":        arn.ErrFields,
		"arn:":                  arn.ErrFields,
		"arn::iam::1:root":      arn.ErrEmpty,
		"arn:aws:::1:root":      arn.ErrEmpty,
		"arn:aws:iam::1:":       arn.ErrEmpty,
		"arn:aws:iam:us-east-1": arn.ErrFields,
	} {
		if _, err := arn.Parse(text); !errors.Is(err, want) {
			t.Errorf("Parse(%q) = %v, want %v", text, err, want)
		}
		if arn.Is(text) {
			t.Errorf("Is(%q) = true", text)
		}
	}
	if s := (arn.ARN{}).String(); s != "" {
		t.Errorf("zero ARN prints %q", s)
	}
}

func TestIsAccountID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"123456789012": true, "12345678901": false, "12345678901x": false, "": false, "１２３４": false} {
		if got := arn.IsAccountID(text); got != want {
			t.Errorf("IsAccountID(%q) = %v", text, got)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("arn:aws:iam::123456789012:role/a/b")
	f.Add("arn:aws:s3:::b")
	f.Add("arn:::::")
	f.Fuzz(func(t *testing.T, s string) {
		a, err := arn.Parse(s)
		if err != nil {
			if a != (arn.ARN{}) {
				t.Fatalf("Parse(%q) failed and still returned %+v", s, a)
			}
			return
		}
		if a.String() != s {
			t.Fatalf("Parse(%q).String() = %q", s, a.String())
		}
		_, _, _ = a.Kind(), a.Name(), a.Path()
	})
}
