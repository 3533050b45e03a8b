package iam

import (
	"iter"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// defaultPage is how many elements a list answers that was not told (API reference, MaxItems).
const defaultPage = 100

// paging checks the members that every list has.
func (i *input) paging(marker *string, maxItems *int32) {
	i.Length("marker", marker, 1, 320)
	i.Between("maxItems", maxItems, 1, 1000)
}

// A page is one answer of a list.
type page[T any] struct {
	items []T     // never nil: an empty list is written, not left out
	next  *string // Marker of the next page; nil for the last one
}

// truncated is IsTruncated.
func (p page[T]) truncated() bool { return p.next != nil }

// pageOf returns the page that Marker and MaxItems ask for. after yields, in their order, the elements that come after a
// place, of which "" is before all; place returns that of an element.
//
// A marker is a place and the name of the operation, sealed for the account: it opens no other list.
func pageOf[T any](c *service.Call, marker *string, maxItems *int32, after func(place string) iter.Seq2[T, error], place func(T) string) (page[T], error) {
	begin, err := opened(c, marker)
	if err != nil {
		return page[T]{}, err
	}
	most := defaultPage
	if maxItems != nil {
		most = int(*maxItems)
	}
	p := page[T]{items: []T{}}
	for element, err := range after(begin) {
		if err != nil {
			return page[T]{}, err
		}
		if len(p.items) == most {
			next := sealed(c, place(p.items[most-1]))
			p.next = &next
			break
		}
		p.items = append(p.items, element)
	}
	return p, nil
}

// pageOfList is pageOf for a list that is read whole. Places in it are numbers of elements.
func pageOfList[T any](c *service.Call, marker *string, maxItems *int32, list []T) (page[T], error) {
	indexes, err := pageOf(c, marker, maxItems, func(place string) iter.Seq2[int, error] {
		return func(yield func(int, error) bool) {
			begin, _ := strconv.Atoi(place) // "" is 0, and we sealed the others ourselves
			for i := begin; i < len(list); i++ {
				if !yield(i, nil) {
					return
				}
			}
		}
	}, func(i int) string { return strconv.Itoa(i + 1) })
	p := page[T]{items: []T{}, next: indexes.next}
	for _, i := range indexes.items {
		p.items = append(p.items, list[i])
	}
	return p, err
}

// kept yields the elements of a list that keep keeps.
func kept[T any](list iter.Seq2[T, error], keep func(T) bool) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		for element, err := range list {
			if (err != nil || keep(element)) && !yield(element, err) {
				return
			}
		}
	}
}

func sealed(c *service.Call, place string) string {
	return c.Identities.Seal(identity.PaginationMarkers, c.Account(), []byte(c.Operation.Row.Name+"\x00"+place))
}

func opened(c *service.Call, marker *string) (place string, err error) {
	if marker == nil {
		return "", nil
	}
	text, err := c.Identities.OpenSealed(identity.PaginationMarkers, c.Account(), *marker)
	operation, place, _ := strings.Cut(string(text), "\x00")
	if err != nil || operation != c.Operation.Row.Name {
		return "", service.BadRequest("ValidationError", "Invalid Marker.")
	}
	return place, nil
}
