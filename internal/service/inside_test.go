package service_test

import (
	"testing"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/service/s3"
)

// TestInputsFromInside: a service that calls another fills a struct of its own, and nothing that it says is dropped.
func TestInputsFromInside(t *testing.T) {
	t.Parallel()
	table, err := service.NewTable(s3.Service())
	if err != nil {
		t.Fatal(err)
	}
	get, _ := table.Find("s3", "GetObject")
	text := func(s string) *string { return &s }
	in, err := get.InputOf(&struct{ Bucket, Key, VersionId *string }{text("b"), text("k"), nil})
	if err != nil {
		t.Fatal(err)
	}
	if bucket, _ := in.Members.String("Bucket"); bucket != "b" {
		t.Errorf("the bucket is %q", bucket)
	}
	for name, bad := range map[string]any{
		"unknown":    &struct{ Bucket, Nonsense *string }{text("b"), text("k")},
		"other type": &struct{ Bucket string }{"b"},
		"unexported": &struct{ bucket *string }{text("b")},
		"no struct":  "b",
		"nothing":    nil,
	} {
		if in, err := get.InputOf(bad); err == nil {
			t.Errorf("%s: %+v", name, in.Value)
		}
	}
}
