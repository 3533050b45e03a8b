package vector

import "strings"

// meant returns the known member that the writer of an unknown one most likely
// meant, or "": one that is the same but for case and hyphens, or that differs
// by a letter or two.
func meant(name string, fields []field) string {
	if len(name) > 64 {
		return ""
	}
	plain := strings.NewReplacer("_", "", "-", "")
	for _, f := range fields {
		if strings.EqualFold(plain.Replace(name), plain.Replace(f.name)) {
			return f.name
		}
	}
	name = strings.ToLower(name)
	if stem, plural := strings.CutSuffix(name, "ies"); plural {
		name = stem + "y"
	}
	best, nearest := "", 3
	for _, f := range fields {
		if d := distance(name, f.name); !f.noted && d <= slack(f.name) && d < nearest {
			best, nearest = f.name, d
		}
	}
	return best
}

// slack is how many letters may differ: in a short name each of them makes
// another word.
func slack(name string) int {
	switch {
	case len(name) < 3:
		return 0
	case len(name) < 5:
		return 1
	}
	return 2
}

// distance is the least number of letters to insert, drop or change that makes
// b of a (Levenshtein).
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			change := diagonal
			if a[i] != b[j] {
				change++
			}
			diagonal = row[j+1]
			row[j+1] = min(change, row[j]+1, diagonal+1)
		}
	}
	return row[len(b)]
}
