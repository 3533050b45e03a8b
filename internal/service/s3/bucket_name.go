package s3

import (
	"net/netip"
	"strings"

	"github.com/ambit-iam/ambit/internal/service"
)

var bucketCharacters = service.NewPattern(`^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$`)

// validBucketName applies "General purpose bucket naming rules" of the S3 User Guide.
func validBucketName(name string) bool {
	if !bucketCharacters.MatchString(name) || strings.Contains(name, "..") {
		return false
	}
	if _, err := netip.ParseAddr(name); err == nil {
		return false
	}
	for _, prefix := range []string{"xn--", "sthree-", "amzn-s3-demo-"} {
		if strings.HasPrefix(name, prefix) {
			return false
		}
	}
	for _, suffix := range []string{"-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"} {
		if strings.HasSuffix(name, suffix) {
			return false
		}
	}
	return true
}

func invalidBucketName(name string) error {
	err := service.BadRequest("InvalidBucketName", "The specified bucket is not valid.")
	err.BucketName = name
	return err
}
