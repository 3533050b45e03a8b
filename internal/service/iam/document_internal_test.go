package iam

import (
	"net/url"
	"strings"
	"testing"
)

// TestEncoded compares with net/url, which encodes alike but for blanks, whatever a document has in it and however long it is.
func TestEncoded(t *testing.T) {
	t.Parallel()
	var all strings.Builder
	for c := range 256 {
		all.WriteByte(byte(c))
	}
	for _, text := range []string{"", "aZ09-_.~", all.String(), strings.Repeat(`{"Effect": "Allow"}`, 17), strings.Repeat(all.String(), 100)} {
		if got, want := *encoded(text), strings.ReplaceAll(url.QueryEscape(text), "+", "%20"); got != want {
			t.Errorf("%.80q: %.80q, want %.80q", text, got, want)
		}
	}
}
