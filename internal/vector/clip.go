package vector

import "unicode/utf8"

// What an answer shows of near misses is bounded: a reader needs some values to
// see what is wrong, and a list of ten thousand under each of two thousand
// statements would be an answer a thousand times longer than the question.
const (
	maxValues = 20      // of Want, and of Got
	maxValue  = 256     // bytes of one
	maxName   = 2048    // bytes of an ARN or another name
	maxShown  = 1 << 20 // bytes of all values of an answer
)

// More counts the values that are not shown.
type More struct {
	Want   int `json:"want,omitempty"`
	Got    int `json:"got,omitempty"`
	Listed int `json:"listed,omitempty"`
}

// A clipper shortens lists of values, and keeps account of what it let through.
type clipper struct{ shown int }

// values returns those values that are shown, each shortened, and how many
// more there are.
func (c *clipper) values(all []string) (shown []string, more int) {
	shown = make([]string, 0, min(len(all), maxValues))
	for _, v := range all {
		v = shorten(v, maxValue)
		if len(shown) == maxValues || c.shown+len(v) > maxShown {
			break
		}
		c.shown += len(v)
		shown = append(shown, v)
	}
	return shown, len(all) - len(shown)
}

// pair returns what is shown of what is wanted and what there is; more is nil
// when that is all.
func (c *clipper) pair(want, got []string) (w, g []string, more *More) {
	var rest More
	w, rest.Want = c.values(want)
	g, rest.Got = c.values(got)
	if rest != (More{}) {
		more = &rest
	}
	return w, g, more
}

// cut shortens somebody's text for an error message.
func cut(s string) string { return shorten(s, maxValue) }

// shorten keeps s to a number of bytes, in whole characters; what is left of a
// longer text ends with an ellipsis.
func shorten(s string, limit int) string {
	const ellipsis = "…"
	if len(s) <= limit {
		return s
	}
	end := limit - len(ellipsis)
	for end > 0 && !utf8.RuneStart(s[end]) {
		end--
	}
	return s[:end] + ellipsis
}
