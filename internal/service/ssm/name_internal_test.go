package ssm

import (
	"strings"
	"testing"

	"github.com/ambit-iam/ambit/arn"
)

func TestNames(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]string{
		"a": "", "/a": "", "/a/b.c-d_e/F9": "", strings.Repeat("/a", 15): "", "a.b": "", "/my/aws": "", "/x/ssm": "",
		"":                              "ValidationException",
		"/":                             "ValidationException",
		"a/b":                           "ValidationException",
		"/a/":                           "ValidationException",
		"/a//b":                         "ValidationException",
		"a b":                           "ValidationException",
		"a:1":                           "ValidationException",
		"a\x00b":                        "ValidationException",
		"größe":                         "ValidationException",
		"aws":                           "ValidationException",
		"SSM-x":                         "ValidationException",
		"/ssm/x":                        "ValidationException",
		"/awsx":                         "ValidationException",
		"/aws/x":                        "AccessDeniedException",
		"/AwsX/y":                       "AccessDeniedException",
		strings.Repeat("/a", 16):        "HierarchyLevelLimitExceededException",
		"/" + strings.Repeat("a", 1011): "ValidationException",
	} {
		err := checkName(name)
		got := ""
		if err != nil {
			got, _, _ = strings.Cut(err.Error(), ":")
		}
		if got != code {
			t.Errorf("%q: %v, want %q", name, err, code)
		}
	}
}

// FuzzName: a name that is taken is safe as the key of a record and as a part of an ARN, and means itself when it is referred to.
func FuzzName(f *testing.F) {
	for _, seed := range []string{"a", "/a/b", "/aws/x", "a:b", "arn:aws:ssm:r:123456789012:parameter/a"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, name string) {
		if checkName(name) != nil {
			return
		}
		if strings.ContainsAny(name, "\x00*?:$ ") || strings.Contains(name, "//") || len(name) > 1011 {
			t.Errorf("%q is taken", name)
		}
		a, err := arn.Parse("arn:aws:ssm:eu-central-1:123456789012:parameter/" + bare(name))
		if err != nil || a.Resource != "parameter/"+bare(name) {
			t.Errorf("%q: %v %v", name, a, err)
		}
		if got := referTo(nil, name); got.name != name || got.selector != "" || got.isARN {
			t.Errorf("%q is read as %+v", name, got)
		}
	})
}

// TestWalks: what lies deeper than one level below a path is passed over together with all beside it.
func TestWalks(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		walk   walk
		name   string
		deeper bool
		level  string
	}{
		{walk{path: "/a/"}, "/a/b", false, "/a/b"},
		{walk{path: "/a/"}, "/a/b/c", true, "/a/b"},
		{walk{path: "/a/", recursive: true}, "/a/b/c", false, ""},
		{walk{path: "/"}, "b", false, ""},
		{walk{path: "/"}, "/b/c/d", true, "/b"},
		{walk{}, "/b/c", false, ""},
	} {
		if deeper, level := tt.walk.passes(tt.name); deeper != tt.deeper || level != tt.level {
			t.Errorf("%+v %s: %v %s", tt.walk, tt.name, deeper, level)
		}
	}
}
