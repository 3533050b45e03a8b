package s3

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// A byteRange is the piece of a content that is answered.
type byteRange struct{ start, length int64 }

// parseRange reads a Range header of one range. What is not a range of bytes is no range at all (RFC 9110, 14.2); one that lies
// outside is refused.
func parseRange(header string, size int64) (r byteRange, partial bool, err error) {
	whole := byteRange{0, size}
	spec, ok := strings.CutPrefix(header, "bytes=")
	if !ok || strings.Contains(spec, ",") {
		return whole, false, nil
	}
	first, last, ok := strings.Cut(strings.TrimSpace(spec), "-")
	if !ok {
		return whole, false, nil
	}
	if first == "" {
		n, ok := digits(last)
		switch {
		case !ok:
			return whole, false, nil
		case n == 0 || size == 0:
			return byteRange{}, false, invalidRange(header, size)
		}
		n = min(n, size)
		return byteRange{size - n, n}, true, nil
	}
	start, ok := digits(first)
	if !ok {
		return whole, false, nil
	}
	end := size - 1
	if last != "" {
		n, ok := digits(last)
		if !ok || n < start {
			return whole, false, nil
		}
		end = min(n, end)
	}
	if start >= size {
		return byteRange{}, false, invalidRange(header, size)
	}
	return byteRange{start, end - start + 1}, true, nil
}

// parseCopyRange reads the range of a part that is copied. Unlike that of a read it has both ends (API reference, UploadPartCopy,
// "x-amz-copy-source-range").
func parseCopyRange(header string) (first, last int64, err error) {
	from, to, ok := strings.Cut(strings.TrimPrefix(header, "bytes="), "-")
	first, firstOK := digits(from)
	last, lastOK := digits(to)
	if !ok || !firstOK || !lastOK || !strings.HasPrefix(header, "bytes=") || last < first {
		return 0, 0, invalidCopyRange(header, "The x-amz-copy-source-range value must be of the form bytes=first-last "+
			"where first and last are the zero-based offsets of the first and last bytes to copy")
	}
	return first, last, nil
}

// copyRange is the piece of a source that is copied: all of it without a range, and nothing that it does not have.
func copyRange(header *string, size int64) (byteRange, error) {
	if header == nil {
		return byteRange{0, size}, nil
	}
	first, last, err := parseCopyRange(*header)
	if err == nil && last >= size {
		err = invalidCopyRange(*header, "Range specified is not valid for source object of size: "+strconv.FormatInt(size, 10))
	}
	return byteRange{first, last - first + 1}, err
}

func invalidCopyRange(header, message string) error {
	return service.BadRequest("InvalidArgument", message).With("ArgumentName", "x-amz-copy-source-range").With("ArgumentValue", header)
}

// digits reads a number without a sign; one that is too large is as large as can be.
func digits(s string) (int64, bool) {
	if s == "" || strings.Trim(s, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil {
		n = 1<<63 - 1
	}
	return n, true
}

func (r byteRange) contentRange(size int64) string {
	return fmt.Sprintf("bytes %d-%d/%d", r.start, r.start+r.length-1, size)
}

func invalidRange(header string, size int64) error {
	err := &service.Error{Status: http.StatusRequestedRangeNotSatisfiable, Code: "InvalidRange", Message: "The requested range is not satisfiable"}
	return err.With("RangeRequested", header).With("ActualObjectSize", strconv.FormatInt(size, 10))
}
