package tour

import (
	"testing"
)

func TestQuery(t *testing.T) {
	t.Parallel()
	answer, err := readJSON([]byte(`{"Role": {"Arn": "a", "Tags": []}, "Sets": [{"In": [{"Id": 1}, {"Id": 2}]}, {"In": []}, {}], "Text": "<é>"}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct{ expression, json, text string }{
		{"Role.Arn", "\"a\"\n", "a\n"},
		{"Role.[Arn,Name]", "[\n    \"a\",\n    null\n]\n", "a\tNone\n"},
		{"Sets[*].In[*].Id", "[\n    [\n        1,\n        2\n    ],\n    []\n]\n", "1\t2\t\n"},
		{"Role", "{\n    \"Arn\": \"a\",\n    \"Tags\": []\n}\n", ""},
		{"Role.Tags[*].Key", "[]\n", "\n"},
		{"Nothing.At.All", "null\n", "None\n"},
		{"Text[*]", "null\n", "None\n"},
		{"Text", "\"<é>\"\n", "<é>\n"},
	} {
		found, err := query(answer, tt.expression)
		if err != nil {
			t.Errorf("%s: %v", tt.expression, err)
			continue
		}
		if got := printed(found, false); got != tt.json {
			t.Errorf("%s: %q, want %q", tt.expression, got, tt.json)
		}
		if got := printed(found, true); tt.text != "" && got != tt.text {
			t.Errorf("%s as text: %q, want %q", tt.expression, got, tt.text)
		}
	}
	for _, expression := range []string{"Sets[0]", "Sets[?Id]", "length(Sets)", "Sets | [0]", "Role.[Arn", "Role..Arn"} {
		if found, err := query(answer, expression); err == nil {
			t.Errorf("%s: %v without an error", expression, found)
		}
	}
	if got := printed(object{}, false); got != "" {
		t.Errorf("an answer without members prints %q", got)
	}
}

func TestReadXML(t *testing.T) {
	t.Parallel()
	s := shapeOf("Role{Name Age# Admin? Since@ Trust% Tags[member]{Key}} Names=nameSet[item]")
	body := `<GetResponse xmlns="x"><GetResult><Role><Age>3</Age><Name>a&amp;b</Name><Admin>true</Admin><Since>2026-11-22T12:00:00Z</Since>` +
		`<Trust>%7B%22b%22%3A1%2C%22a%22%3A%5B%5D%7D</Trust><Tags><member><Key>k</Key></member></Tags><Other/></Role>` +
		`<nameSet><item>x</item></nameSet></GetResult><ResponseMetadata/></GetResponse>`
	answer, err := readXML([]byte(body), "Get", s)
	if err != nil {
		t.Fatal(err)
	}
	want := `{
    "Role": {
        "Name": "a&b",
        "Age": 3,
        "Admin": true,
        "Since": "2026-11-22T12:00:00+00:00",
        "Trust": {
            "b": 1,
            "a": []
        },
        "Tags": [
            {
                "Key": "k"
            }
        ]
    },
    "Names": [
        "x"
    ]
}
`
	if got := printed(answer, false); got != want {
		t.Errorf("got %s", got)
	}
	for _, bad := range []string{"", "<a>", `<r><Role><Admin>x</Admin></Role></r>`, `<r><Role><Since>x</Since></Role></r>`, `<r><Role><Trust>{</Trust></Role></r>`} {
		if answer, err := readXML([]byte(bad), "Get", s); err == nil {
			t.Errorf("%q: %v", bad, answer)
		}
	}
}

// TestOnlyWhatTheDocumentsTypeIsThere: everything else is an error, not a guess.
func TestOnlyWhatTheDocumentsTypeIsThere(t *testing.T) {
	t.Parallel()
	p := &player{}
	sh := newShell(p.program)
	for _, command := range []string{"aws", "aws iam", "aws iam create-user --user-name a", "aws iam get-role name", "ambit serve", "rm -r .", "aws iam create-role --assume-role-policy-document file://absent"} {
		if printed, err := sh.do(t.Context(), command); err == nil {
			t.Errorf("%s prints %q", command, printed)
		}
	}
}
