package iam

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// defaultItems is how many elements an answer lists if MaxItems is not given (API reference, every List call).
const defaultItems = 100

// pathPrefixPattern is that of the filter PathPrefix.
var pathPrefixPattern = service.NewPattern(`^/[\x21-\x7F]*$`)

const shownPathPrefix = `\u002F[\u0021-\u007F]*`

// page checks the members that every paginated call has.
func (i *input) page(marker *string, maxItems *int32) {
	i.Length("marker", marker, 1, 320)
	i.Between("maxItems", maxItems, 1, 1000)
}

func (i *input) pathPrefix(value *string) {
	i.Length("pathPrefix", value, 1, 512)
	i.Pattern("pathPrefix", value, pathPrefixPattern, shownPathPrefix)
}

// A page collects the elements of one answer of a paginated call. Elements are added in ascending order of their keys; those of
// earlier pages are passed over, so that a list that changes between two pages neither repeats nor loses what stays.
type page[T any] struct {
	call      *service.Call
	after     string // the key of the last element of the page before
	limit     int
	last      string
	items     []T
	truncated bool
}

// pageOf begins the page that a call asks for.
func pageOf[T any](c *service.Call, marker *string, maxItems *int32) (*page[T], error) {
	p := &page[T]{call: c, limit: defaultItems, items: []T{}} // an empty list is an empty element
	if maxItems != nil {
		p.limit = int(*maxItems)
	}
	if marker == nil {
		return p, nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *marker)
	name, after, _ := strings.Cut(string(text), "\x00")
	if err != nil || name != c.Operation.Row.Name {
		return nil, service.BadRequest("ValidationError", "Invalid Marker.")
	}
	p.after = after
	return p, nil
}

// add adds an element and reports whether the page may take another one.
func (p *page[T]) add(key string, item T) bool {
	if key = pageKey(key); key <= p.after {
		return true
	}
	if len(p.items) == p.limit {
		p.truncated = true
		return false
	}
	p.items, p.last = append(p.items, item), key
	return true
}

// marker is where the next page begins, nil on the last one. Only this call of this account takes it.
func (p *page[T]) marker() *string {
	if !p.truncated {
		return nil
	}
	sealed := p.call.Identities.Seal(identity.PaginationMarkers, p.call.Account(), []byte(p.call.Operation.Row.Name+"\x00"+p.last))
	return &sealed
}

// maxPageKey keeps markers below the 320 characters that a Marker may have.
const maxPageKey = 150

// pageKey shortens a long key and keeps it apart from others that begin alike.
func pageKey(key string) string {
	if len(key) <= maxPageKey {
		return key
	}
	sum := sha256.Sum256([]byte(key))
	return key[:maxPageKey-16] + hex.EncodeToString(sum[:8])
}

// pageOfAll is the page of a list that is at hand, in whatever order.
func pageOfAll[E, T any](c *service.Call, marker *string, maxItems *int32, all []E, key func(E) string, shown func(E) T) (*page[T], error) {
	p, err := pageOf[T](c, marker, maxItems)
	if err != nil {
		return nil, err
	}
	ordered := slices.Clone(all)
	slices.SortFunc(ordered, func(a, b E) int { return cmp.Compare(pageKey(key(a)), pageKey(key(b))) })
	for _, e := range ordered {
		if !p.add(key(e), shown(e)) {
			break
		}
	}
	return p, nil
}

// tagKey orders tags.
func tagKey(t identity.Tag) string { return t.Key }
