package wire

// A Pair is one tag.
type Pair struct{ Key, Value string }

// A Lookup answers questions about an input by the names of the API model, without knowing its Go type. Nested members are
// named with dots: "IamInstanceProfile.Arn". The bool tells whether the member is present; an empty value is present.
type Lookup interface {
	// String returns a scalar member: strings as they are, numbers in decimal, true or false, times in ISO 8601.
	String(member string) (string, bool)
	// Strings returns a member that is a list of scalars.
	Strings(member string) ([]string, bool)
	// Pairs returns a member that is a list of structures with Key and Value: tags.
	Pairs(member string) ([]Pair, bool)
	// Elements returns the elements of a list member. Of an element that is a scalar, String("") returns the value.
	Elements(member string) []Lookup
}
