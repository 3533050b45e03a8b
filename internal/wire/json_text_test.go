package wire_test

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/ambit-iam/ambit/internal/wire"
)

func TestJSONStrings(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"": `""`, "plain text": `"plain text"`, "größer 日本 🦀": `"größer 日本 🦀"`, `a"b\c`: `"a\"b\\c"`, "a\nb\tc\x00": `"a\nb\u0009c\u0000"`,
		"\x7f": `"\u007f"`, "a\xffb\xc3": "\"a\uFFFDb\uFFFD\"", "\uFFFD": "\"\uFFFD\"", "\u2028": "\"\u2028\"",
	} {
		if got := string(wire.AppendJSONString(nil, text)); got != want {
			t.Errorf("%q is spelled %s, not %s", text, got, want)
		}
	}
}

func FuzzJSONString(f *testing.F) {
	f.Add("a\xff\n\"ü\x7f\xed\xa0\x80")
	f.Fuzz(func(t *testing.T, text string) {
		spelled := wire.AppendJSONString([]byte("x"), text)[1:]
		var read string
		if err := json.Unmarshal(spelled, &read); err != nil || !utf8.Valid(spelled) {
			t.Fatalf("%q is spelled %q: %v", text, spelled, err)
		}
		var want strings.Builder
		for _, r := range text { // each byte that is no UTF-8 is a U+FFFD
			want.WriteRune(r)
		}
		if read != want.String() {
			t.Errorf("%q is read again as %q", text, read)
		}
	})
}
