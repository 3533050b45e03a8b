package ec2

import (
	"cmp"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// A list is what a Describe call chooses from.
type list[T any] struct {
	key        func(T) string // orders the list
	attributes func(T) attributes
}

// anything are the attributes of a kind of thing.
func (l list[T]) anything() attributes {
	var none T
	return l.attributes(none)
}

// page returns what the filters let through and fits on a page, and where the next page begins, nil after the last one. A list that
// changes between two pages neither repeats nor loses what stays.
func (l list[T]) page(c *service.Call, items []T, filters []filter, token *string, most *int32) ([]T, *string, error) {
	after, err := openToken(c, token)
	if err != nil {
		return nil, nil, err
	}
	items = slices.SortedFunc(slices.Values(items), func(a, b T) int { return cmp.Compare(l.key(a), l.key(b)) })
	out := []T{} // an empty list is an empty element
	for _, item := range items {
		if l.key(item) <= after || len(filters) > 0 && !passes(filters, l.attributes(item)) {
			continue
		}
		if most != nil && len(out) == int(*most) {
			return out, sealToken(c, l.key(out[len(out)-1])), nil
		}
		out = append(out, item)
	}
	return out, nil, nil
}

// sealToken makes a token that only this call of this account takes.
func sealToken(c *service.Call, last string) *string {
	sealed := c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte("ec2:"+c.Operation.Row.Name+"\x00"+last))
	return &sealed
}

func openToken(c *service.Call, token *string) (after string, err error) {
	if token == nil {
		return "", nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *token)
	name, after, _ := strings.Cut(string(text), "\x00")
	if err != nil || name != "ec2:"+c.Operation.Row.Name {
		return "", service.BadRequest("InvalidNextToken", "The specified NextToken is corrupted or not valid.")
	}
	return after, nil
}

// chosen keeps those of items whose key the request names; without names all. Names that nothing has are returned in their order.
func chosen[T any](items []T, names []string, key func(T) string) (found []T, absent []string) {
	if len(names) == 0 {
		return items, nil
	}
	for _, item := range items {
		if slices.Contains(names, key(item)) {
			found = append(found, item)
		}
	}
	for _, name := range names {
		if !slices.ContainsFunc(items, func(item T) bool { return key(item) == name }) {
			absent = append(absent, name)
		}
	}
	return found, absent
}
