package s3

import (
	"net/http"
	"strings"
	"time"

	"github.com/ambit-iam/ambit/internal/service"
)

// A conditions input has the headers that make a read conditional.
type conditions struct {
	IfMatch           *string `from:"header If-Match"`
	IfModifiedSince   *string `from:"header If-Modified-Since"`
	IfNoneMatch       *string `from:"header If-None-Match"`
	IfUnmodifiedSince *string `from:"header If-Unmodified-Since"`
}

// copySourceConditions begins the names of conditions on a source.
const copySourceConditions = "x-amz-copy-source-"

// judge returns an error if a read must not happen, and whether the client has what it asks for already ("GetObject", "Note": where
// two conditions are given, the one on the ETag counts). prefix begins the names of the headers.
func (in *conditions) judge(v *version, prefix string) (unchanged bool, err error) {
	modified := v.Modified.Truncate(time.Second)
	switch {
	case in.IfMatch != nil:
		if !etagMatches(*in.IfMatch, v.ETag) {
			return false, preconditionFailed(prefix + "If-Match")
		}
	case in.IfUnmodifiedSince != nil:
		if at, err := http.ParseTime(*in.IfUnmodifiedSince); err == nil && modified.After(at) {
			return false, preconditionFailed(prefix + "If-Unmodified-Since")
		}
	}
	switch {
	case in.IfNoneMatch != nil:
		return etagMatches(*in.IfNoneMatch, v.ETag), nil
	case in.IfModifiedSince != nil:
		at, err := http.ParseTime(*in.IfModifiedSince)
		return err == nil && !modified.After(at), nil
	}
	return false, nil
}

// etagMatches compares a list of ETags, with or without quotes, with one.
func etagMatches(list, etag string) bool {
	for one := range strings.SplitSeq(list, ",") {
		if one = bare(one); one == anyETag || one == etag {
			return true
		}
	}
	return false
}

// anyETag is that of whatever is there.
const anyETag = "*"

// bare is an ETag of a list without what is around it.
func bare(one string) string {
	return strings.Trim(strings.TrimPrefix(strings.TrimSpace(one), "W/"), `"`)
}

// compares tells whether a condition says something about a content, and not only that there is one.
func compares(list *string) bool {
	if list == nil {
		return false
	}
	for one := range strings.SplitSeq(*list, ",") {
		if bare(one) != anyETag {
			return true
		}
	}
	return false
}

// preconditionFailed names the header that holds the condition.
func preconditionFailed(condition string) error {
	err := &service.Error{Status: http.StatusPreconditionFailed, Code: "PreconditionFailed",
		Message: "At least one of the pre-conditions you specified did not hold"}
	return err.With("Condition", condition)
}
