package operation_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/ambit-iam/ambit/catalog/operation"
)

// from makes a lookup of a map.
func from(values map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) { v, ok := values[name]; return v, ok }
}

func TestExpand(t *testing.T) {
	t.Parallel()
	values := map[string]string{
		"Partition": "aws", "Account": "123456789012", "RoleName": "app", "Path": "/dev/", "Empty": "",
		"Sly": "${Account}", "Target.Path": "/old/",
	}
	tests := []struct {
		name, template, want, err string
	}{
		{"no reference", "*", "*", ""},
		{"empty template", "", "", ""},
		{"entity to be created", "arn:${Partition}:iam::${Account}:role${Path|/}${RoleName}", "arn:aws:iam::123456789012:role/dev/app", ""},
		{"default", "role${Nothing|/}${RoleName}", "role/app", ""},
		{"empty default", "x${Nothing|}y", "xy", ""},
		{"an empty value is none", "role${Empty|/}${RoleName}", "role/app", ""},
		{"first alternative", "${Path,Target.Path|/}", "/dev/", ""},
		{"second alternative", "${NewPath,Target.Path|/}", "/old/", ""},
		{"no alternative", "${NewPath,Nothing|/}", "/", ""},
		{"values are not expanded again", "${Sly}", "${Account}", ""},
		{"missing", "role/${Nothing}", "", "no value for Nothing"},
		{"empty and no default", "role/${Empty}", "", "no value for Empty"},
		{"no alternative and no default", "role/${A,B}", "", "no value for A,B"},
		{"not closed", "role/${RoleName", "", "without }"},
		{"dollar alone", "$RoleName $ }", "$RoleName $ }", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := operation.Expand(tt.template, from(values))
			if (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
				t.Fatalf("Expand(%q): %v, want an error that says %q", tt.template, err, tt.err)
			}
			if got != tt.want {
				t.Errorf("Expand(%q) = %q, want %q", tt.template, got, tt.want)
			}
		})
	}
}

func TestReferences(t *testing.T) {
	t.Parallel()
	got := operation.References("arn:${Partition}:iam::user${NewPath,Target.Path|/}${UserName} ${")
	if diff := cmp.Diff([]string{"Partition", "NewPath", "Target.Path", "UserName", ""}, got); diff != "" {
		t.Errorf("References (-want +got):\n%s", diff)
	}
}

// Whatever is missing, an ARN never comes out with a hole: it is an error, or every reference has become its value or default.
func TestExpandFailsClosed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.StringMatching(`[A-Za-z.]{1,6}`)
		given := rapid.MapOf(word, rapid.StringMatching(`[a-z0-9/]{0,5}`)).Draw(t, "values")
		var template, want strings.Builder
		refused := false
		for range rapid.IntRange(0, 6).Draw(t, "parts") {
			literal := rapid.StringMatching(`[a-z:/*]{0,4}`).Draw(t, "literal")
			name := word.Draw(t, "name")
			if len(given) > 0 && rapid.Bool().Draw(t, "known") {
				name = rapid.SampledFrom(keys(given)).Draw(t, "known name")
			}
			fallback := rapid.SampledFrom([]string{"", "|", "|/"}).Draw(t, "default")
			template.WriteString(literal + "${" + name + fallback + "}")
			value := given[name]
			if value == "" {
				refused = refused || fallback == ""
				value = strings.TrimPrefix(fallback, "|")
			}
			want.WriteString(literal + value)
		}
		got, err := operation.Expand(template.String(), from(given))
		if (err != nil) != refused || err == nil && got != want.String() {
			t.Fatalf("Expand(%q) = %q, %v; want %q, refused %v", template.String(), got, err, want.String(), refused)
		}
	})
}

func keys(m map[string]string) []string {
	var list []string
	for k := range m {
		list = append(list, k)
	}
	return list
}

func FuzzExpand(f *testing.F) {
	for _, row := range operation.Rows() {
		for _, q := range row.Questions {
			f.Add(q.Resource, "v")
		}
	}
	f.Add("${", "")
	f.Add("${a|${b}}", "")
	f.Fuzz(func(t *testing.T, template, value string) {
		got, err := operation.Expand(template, func(string) (string, bool) { return value, true })
		if err != nil && got != "" {
			t.Errorf("Expand(%q) = %q with an error", template, got)
		}
		if err == nil && !strings.Contains(template, "${") && got != template {
			t.Errorf("Expand(%q) = %q", template, got)
		}
	})
}
