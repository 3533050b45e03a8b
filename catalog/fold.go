package catalog

import (
	"cmp"
	"strings"
)

// lower returns the ASCII lower case of c. All names in the catalog are ASCII, and folding more than ASCII would make two
// names equal that IAM keeps apart.
func lower(c byte) byte {
	if 'A' <= c && c <= 'Z' {
		return c + 'a' - 'A'
	}
	return c
}

// compareFold orders two names ignoring ASCII case.
func compareFold(a, b string) int {
	for i := range min(len(a), len(b)) {
		if c := cmp.Compare(lower(a[i]), lower(b[i])); c != 0 {
			return c
		}
	}
	return cmp.Compare(len(a), len(b))
}

// hasPrefixFold and hasSuffixFold report whether s begins or ends with part, ignoring ASCII case.
func hasPrefixFold(s, part string) bool {
	return len(s) >= len(part) && compareFold(s[:len(part)], part) == 0
}

func hasSuffixFold(s, part string) bool {
	return len(s) >= len(part) && compareFold(s[len(s)-len(part):], part) == 0
}

// indexFold returns where part first occurs in s ignoring ASCII case, or -1.
func indexFold(s, part string) int {
	if part == "" {
		return 0
	}
	first := string([]byte{lower(part[0]), part[0] &^ 0x20})
	for from := 0; ; from++ {
		next := strings.IndexAny(s[from:], first)
		if next < 0 {
			return -1
		}
		from += next
		if hasPrefixFold(s[from:], part) {
			return from
		}
	}
}
