package logs

import (
	"strings"
	"testing"
)

// Patterns and messages of "Filter pattern syntax", CloudWatch Logs User Guide, and of what stands between the lines there.
func TestPatterns(t *testing.T) {
	t.Parallel()
	const (
		denied   = "[ERROR 401] UNAUTHORIZED REQUEST"
		bad      = "[ERROR 400] BAD REQUEST"
		fine     = "[INFO 200] fine"
		trail    = `{"eventType":"UpdateTrail","sourceIPAddress":"111.111.111.111","arrayKey":["value","another value"],"objectList":[{"name":"a","id":1},{"name":"b","id":2}],"SomeObject":null,"cluster.name":"c","n":4e2,"ok":true,"code":"403"}`
		access   = `127.0.0.1 - frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534`
		finished = "REPORT RequestId: 8f5 Duration: 3.5 ms"
	)
	for _, tt := range []struct {
		pattern string
		matches []string
		not     []string
	}{
		{"", []string{denied, "", trail}, nil},
		{"   ", []string{denied}, nil},
		{"ERROR", []string{denied, bad}, []string{fine, "error"}},
		{"ERROR REQUEST", []string{denied, bad}, []string{fine, "ERROR"}},
		{`"BAD REQUEST"`, []string{bad}, []string{denied, "REQUEST BAD"}},
		{`"a \"quoted\" \\ word"`, []string{`a "quoted" \ word`}, []string{`a quoted word`}},
		{"ERROR -BAD", []string{denied}, []string{bad, fine}},
		{`ERROR -"BAD REQUEST"`, []string{denied}, []string{bad}},
		{"-ERROR", []string{fine}, []string{bad}},
		{"?INFO ?BAD", []string{fine, bad}, []string{denied}},
		{"?INFO ?BAD ERROR", []string{bad, denied}, []string{fine}}, // beside other terms those with ? do not count
		{"%AUTHORIZED%", []string{denied, "AUTHORIZED"}, []string{bad}},
		{"%^\\[ERROR [0-9]+%", nil, nil},
		{`%^\[ERROR\s40[01]%`, []string{denied, bad}, []string{fine}},
		{"größe", []string{"die größe"}, []string{"die groesse"}},

		{`{ $.eventType = "UpdateTrail" }`, []string{trail}, []string{denied, `{"eventType":"Other"}`, `{"a":1}`, trail + "x", ""}},
		{`{$.eventType=UpdateTrail}`, []string{trail}, nil},
		{`{ $.eventType = "*Trail" }`, []string{trail}, []string{`{"eventType":"Trails"}`}},
		{`{ $.eventType = %date% }`, []string{trail}, []string{`{"eventType":"Trails"}`}},
		{`{ $.sourceIPAddress != 123.123.* }`, []string{trail}, []string{`{"sourceIPAddress":"123.123.1.1"}`, `{}`}},
		{`{ $.arrayKey[0] = "value" }`, []string{trail}, []string{`{"arrayKey":["x","value"]}`, `{"arrayKey":"value"}`, `{"arrayKey":[]}`}},
		{`{ $.arrayKey[*] = "value" }`, []string{trail, `{"arrayKey":["x","value"]}`}, []string{`{"arrayKey":["x"]}`}},
		{`{ $.objectList[1].id = 2 }`, []string{trail}, []string{`{"objectList":[{"id":2}]}`}},
		{`{ $.SomeObject IS NULL }`, []string{trail}, []string{`{"SomeObject":1}`, `{}`}},
		{`{ $.SomeOtherObject NOT EXISTS }`, []string{trail, `{}`}, []string{`{"SomeOtherObject":null}`, denied}},
		{`{ $.ok IS TRUE }`, []string{trail}, []string{`{"ok":false}`, `{"ok":"true"}`}},
		{`{ $.ok IS FALSE }`, []string{`{"ok":false}`}, []string{trail}},
		{`{ $.['cluster.name'] = "c" }`, []string{trail}, []string{`{"cluster":{"name":"c"}}`}},
		{`{ $["cluster.name"] = c }`, []string{trail}, nil},
		{`{ $.n = 400 }`, []string{trail, `{"n":400.0}`}, []string{`{"n":401}`}},
		{`{ $.n >= 4e2 && $.n < 401 }`, []string{trail}, []string{`{"n":399}`, `{"n":"400"}`}},
		{`{ $.code = 4* }`, []string{trail, `{"code":404}`}, []string{`{"code":"503"}`}},
		{`{ $.n > 500 || $.ok IS TRUE && $.code = 403 }`, []string{trail, `{"n":501}`}, []string{`{"ok":true}`}},
		{`{ ($.n > 500 || $.ok IS TRUE) && $.code = 404 }`, []string{`{"n":501,"code":404}`}, []string{trail, `{"n":501}`}},

		{`[ip, user, username, timestamp, request, status_code, bytes]`, []string{access}, []string{fine, access + " more"}},
		{`[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]`, []string{access}, nil},
		{`[ip, user, username, timestamp, request = "GET /index.html HTTP/1.0", status_code = 404, bytes > 1000]`, []string{access}, nil},
		{`[..., size > 1000]`, []string{access}, []string{finished, "1000"}},
		{`[ip, ..., status_code = 404, bytes]`, []string{access}, []string{fine}},
		{`[ip=%127\.0\.0\.[1-9]%, ...]`, []string{access}, []string{fine}},
		{`[r=REPORT,...]`, []string{finished}, []string{access}},
		{`[w1=ERROR || w1=WARN, w2]`, []string{"WARN x", "ERROR y"}, []string{"INFO x", "WARN"}},
		{`[w1!=ERROR && w1!=WARN, w2]`, []string{"INFO x"}, []string{"WARN x"}},
		{`[(w1=a || w1=b) && w1!=b, w2]`, []string{"a x"}, []string{"b x"}},
		{`[w1, "unclosed]`, nil, nil},
	} {
		p, err := parsePattern(tt.pattern)
		if len(tt.matches)+len(tt.not) == 0 {
			if err == nil {
				t.Errorf("%s is taken", tt.pattern)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.pattern, err)
			continue
		}
		for _, message := range tt.matches {
			if !p.matches(message) {
				t.Errorf("%s does not match %s", tt.pattern, message)
			}
		}
		for _, message := range tt.not {
			if p.matches(message) {
				t.Errorf("%s matches %s", tt.pattern, message)
			}
		}
	}
}

func TestPatternsThatAreRefused(t *testing.T) {
	t.Parallel()
	for pattern, why := range map[string]string{
		`user@example`:                           "double quotes",
		`"open`:                                  "not closed",
		`%open`:                                  "not closed by %",
		`%a(b)%`:                                 "not supported in regular expressions",
		`%[%`:                                    "not valid",
		`%%`:                                     "not valid",
		`- x`:                                    "double quotes",
		`{ $.a = }`:                              "a value is missing",
		`{ $.a }`:                                "after a selector",
		`{ $.a EXISTS }`:                         "after a selector",
		`{ a = 1 }`:                              "begins with $.",
		`{ $ = 1 }`:                              "begins with $.",
		`{ $. = 1 }`:                             "name of a property",
		`{ $.a[x] = 1 }`:                         "an index",
		`{ $.a[-1] = 1 }`:                        "an index",
		`{ $.a > "b" }`:                          "only numbers",
		`{ ($.a = 1 }`:                           "not closed",
		`{ $.a = 1`:                              "a } is missing",
		`{ $.a = 1 } x`:                          "text after its end",
		`{ $.a = %a% && $.b = %b% && $.c = %c%}`: "more than two",
		`{}`:                                     "begins with $.",
		`[a, b`:                                  "a comma",
		`[]`:                                     "a condition",
		`[..., a, ...]`:                          "twice",
		`[a=1 && b=2]`:                           "the field that it stands for",
		`[a > x]`:                                "only numbers",
	} {
		_, err := parsePattern(pattern)
		if err == nil || !strings.Contains(err.Error(), why) || !strings.HasPrefix(err.Error(), "InvalidParameterException: Invalid filter pattern: ") {
			t.Errorf("%s: %v, want it to say %q", pattern, err, why)
		}
	}
}

// FuzzPattern: whatever is given is read or refused, and what is read judges whatever it is given.
func FuzzPattern(f *testing.F) {
	for _, seed := range []string{`a -b ?"c" %d%`, `{ $.a[0].b = "x*" && ($.c IS NULL || $.d >= 1e3) }`, `[a, b=1*, ..., c>2]`} {
		f.Add(seed, `{"a":[{"b":"xyz"}],"c":null}`)
		f.Add(seed, `1 "2 3" [4] 5`)
	}
	f.Fuzz(func(_ *testing.T, text, message string) {
		if p, err := parsePattern(text); err == nil {
			p.matches(message)
		}
	})
}
