package iam

import (
	"errors"
	"fmt"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/policy"
)

// putInline makes or replaces an inline policy.
func putInline(tx identity.Tx, of identity.Ref, name, document *string) error {
	d, err := parse("policyDocument", document, policy.GrammarIdentity)
	if err != nil {
		return err
	}
	return answer(tx.PutInlinePolicy(of, *name, d))
}

// inline finds an inline policy of an entity and its text, as answers carry it.
func inline(r identity.Reader, kind identity.Kind, e identity.Entity, name string) (stored, document *string, err error) {
	for _, p := range e.Inline {
		if strings.EqualFold(p.Name, name) {
			found, err := r.Text(p.Document)
			if err != nil {
				return nil, nil, err
			}
			return &p.Name, encoded(found), nil
		}
	}
	return nil, nil, inlineAbsent(&identity.NotFoundError{Kind: identity.KindInlinePolicy, Name: name}, kind)
}

// inlineAbsent words the absence of an inline policy in an entity of a kind.
func inlineAbsent(err error, kind identity.Kind) error {
	var notFound *identity.NotFoundError
	if errors.As(err, &notFound) && notFound.Kind == identity.KindInlinePolicy {
		return service.NotFound("NoSuchEntity", fmt.Sprintf("The %s policy with name %s cannot be found.", kind, notFound.Name))
	}
	return answer(err)
}

// pageOfInline lists the names of inline policies.
func pageOfInline(c *service.Call, marker *string, maxItems *int32, e identity.Entity) (*page[string], error) {
	return pageOfAll(c, marker, maxItems, e.Inline,
		func(p identity.InlinePolicy) string { return identity.FoldName(p.Name) },
		func(p identity.InlinePolicy) string { return p.Name })
}
