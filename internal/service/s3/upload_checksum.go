package s3

import (
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

// checksum reads which checksum the object will have. CRC64NVME is always of the whole; the others are of the parts' unless the
// call says otherwise ("Checking object integrity", S3 User Guide).
func (in *createUploadInput) checksum() (name, kind string, err error) {
	if in.ChecksumAlgorithm == nil {
		if in.ChecksumType != nil {
			return "", "", service.BadRequest("InvalidRequest", "The x-amz-checksum-type header can only be used with the x-amz-checksum-algorithm header.")
		}
		return "", "", nil
	}
	a := algorithmNamed(strings.ToUpper(*in.ChecksumAlgorithm))
	if a == nil {
		return "", "", unsupportedChecksum()
	}
	kind = composite
	if a.name == "CRC64NVME" {
		kind = fullObject
	}
	if in.ChecksumType != nil {
		if kind, err = checksumType(*in.ChecksumType); err != nil {
			return "", "", err
		}
	}
	if kind == fullObject && a.polynomial == 0 || kind == composite && a.name == "CRC64NVME" {
		return "", "", service.BadRequest("InvalidRequest", "The "+kind+" checksum type cannot be used with the "+strings.ToLower(a.name)+" checksum algorithm.")
	}
	return a.name, kind, nil
}

// checksumType reads the header of that name.
func checksumType(header string) (string, error) {
	kind := strings.ToUpper(header)
	if kind != composite && kind != fullObject {
		return "", service.BadRequest("InvalidRequest", "Value for x-amz-checksum-type header is invalid.")
	}
	return kind, nil
}

// expectPart completes what is expected of a part by what its upload was made with. A checksum of checksums needs one of each part
// from the client; for one of the whole, those of the parts are computed.
func (u *upload) expectPart(e *expectation) error {
	switch {
	case u.Algorithm == "":
		return nil
	case e.algorithm == nil && u.Type == composite:
		return u.otherChecksum("null")
	case e.algorithm == nil:
		e.algorithm, e.computed = algorithmNamed(u.Algorithm), true
	case e.algorithm.name != u.Algorithm:
		return u.otherChecksum(strings.ToLower(e.algorithm.name))
	}
	return nil
}

func (u *upload) otherChecksum(actual string) error {
	return service.BadRequest("InvalidRequest", "Checksum Type mismatch occurred, expected checksum Type: "+strings.ToLower(u.Algorithm)+
		", actual checksum Type: "+actual)
}

// A namedSum is a checksum that a client names, by its algorithm.
type namedSum struct {
	algorithm *algorithm
	value     string
}

// namedSums are those of the values that are given, which are in the order of the algorithms.
func namedSums(values ...*string) (given []namedSum) {
	for i, value := range values {
		if value != nil {
			given = append(given, namedSum{&algorithms[i], *value})
		}
	}
	return given
}

// agrees compares a part with the checksum that the client names of it. One must be named where they make the checksum of the object.
func (p *completedPart) agrees(u *upload, c *checksum) error {
	given := namedSums(p.ChecksumCRC32, p.ChecksumCRC32C, p.ChecksumCRC64NVME, p.ChecksumMD5, p.ChecksumSHA1, p.ChecksumSHA256, p.ChecksumSHA512)
	if len(given) == 0 {
		if u.Algorithm == "" || u.Type != composite {
			return nil
		}
		return service.BadRequest("InvalidRequest", "The upload was created using a "+strings.ToLower(u.Algorithm)+" checksum. "+
			"The complete request must include the checksum for each part. It was missing for part "+strconv.Itoa(int(*p.PartNumber))+" in the request.")
	}
	sum := given[0]
	switch {
	case len(given) > 1 || !sum.algorithm.spells(sum.value):
		var said strings.Builder
		for _, g := range given {
			said.WriteString(g.algorithm.name + ":" + g.value + ";")
		}
		return service.BadRequest("InvalidArgument", "Invalid Base64 or multiple checksums present in request").
			With("ArgumentName", "Checksum").With("ArgumentValue", said.String())
	case u.Algorithm != "" && sum.algorithm.name != u.Algorithm:
		return service.BadRequest("BadDigest", "The "+strings.ToLower(sum.algorithm.name)+" you specified for part "+strconv.Itoa(int(*p.PartNumber))+
			" did not match what we received.")
	case c == nil || c.Algorithm != sum.algorithm.name || c.Value != sum.value:
		return p.missing(u)
	}
	return nil
}

// checksum is that of the whole object: put together from the parts', or computed of them.
func (u *upload) checksum(parts []part) (*checksum, error) {
	a := algorithmNamed(u.Algorithm)
	if a == nil {
		return nil, nil
	}
	whole := a.make()
	var joined []byte
	for i, p := range parts {
		if p.Checksum == nil {
			return nil, fmt.Errorf("part %d of upload %s has no checksum", p.Number, u.ID)
		}
		sum, err := base64.StdEncoding.DecodeString(p.Checksum.Value)
		if err != nil {
			return nil, err
		}
		if u.Type == composite {
			whole.Write(sum)
			continue
		}
		if i == 0 {
			joined = sum
			continue
		}
		joined = a.join(joined, sum, p.Size)
	}
	if u.Type == composite {
		return &checksum{a.name, base64.StdEncoding.EncodeToString(whole.Sum(nil)) + "-" + strconv.Itoa(len(parts)), composite}, nil
	}
	return &checksum{a.name, base64.StdEncoding.EncodeToString(joined), fullObject}, nil
}

// checkWhole reads what is said about the whole as far as nothing of the upload is needed for it.
func (in *completeInput) checkWhole() error {
	if in.ChecksumType != nil {
		if _, err := checksumType(*in.ChecksumType); err != nil {
			return err
		}
	}
	for _, sum := range in.sums() {
		value, count, counted := strings.Cut(sum.value, "-")
		if _, isNumber := digits(count); counted && !isNumber || !sum.algorithm.spells(value) {
			return service.BadRequest("InvalidRequest", "Value for "+sum.algorithm.header+" header is invalid.")
		}
	}
	if in.MpuObjectSize == nil {
		return nil
	}
	switch n, err := strconv.ParseInt(*in.MpuObjectSize, 10, 64); {
	case err != nil:
		return service.BadRequest("InvalidRequest", "Value for x-amz-mp-object-size header is invalid: '"+*in.MpuObjectSize+"'")
	case n < 0:
		return service.BadRequest("InvalidRequest", "Value for x-amz-mp-object-size header is less than zero: '"+*in.MpuObjectSize+"'")
	}
	return nil
}

func (in *wholeSums) sums() []namedSum {
	return namedSums(in.CRC32, in.CRC32C, in.CRC64NVME, in.MD5, in.SHA1, in.SHA256, in.SHA512)
}

// expects compares the whole with what the client says about it. Without an algorithm the object has, at S3, a checksum of the whole.
func (in *completeInput) expects(u *upload, made *version) error {
	if in.ChecksumType != nil {
		kind := fullObject
		if u.Algorithm != "" {
			kind = u.Type
		}
		if !strings.EqualFold(*in.ChecksumType, kind) {
			return service.BadRequest("InvalidRequest", "The upload was created using the "+kind+" checksum mode. The complete request must use the same checksum mode.")
		}
	}
	if in.MpuObjectSize != nil {
		if n, err := strconv.ParseInt(*in.MpuObjectSize, 10, 64); err != nil || n != made.Size {
			return service.BadRequest("InvalidRequest", "The provided 'x-amz-mp-object-size' header value "+*in.MpuObjectSize+
				" does not match what was computed: "+strconv.FormatInt(made.Size, 10))
		}
	}
	for _, sum := range in.sums() {
		if u.Algorithm != "" && sum.algorithm.name != u.Algorithm {
			return u.otherChecksum(strings.ToLower(sum.algorithm.name))
		}
		if made.Checksum == nil || made.Checksum.Value != sum.value && !strings.HasPrefix(made.Checksum.Value, sum.value+"-") {
			return service.BadRequest("BadDigest", "The "+strings.ToLower(sum.algorithm.name)+" you specified did not match the calculated checksum.")
		}
	}
	return nil
}
