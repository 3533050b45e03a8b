package s3

import (
	"io"
	"strconv"
	"strings"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// ownerControls is the access control list of everything in a bucket whose ACLs are disabled: its owner has full control
// ("Controlling ownership of objects and disabling ACLs", S3 User Guide). ID stands for the canonical id.
const ownerControls = `<?xml version="1.0" encoding="UTF-8"?>
<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>ID</ID></Owner><AccessControlList><Grant>` +
	`<Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>ID</ID></Grantee>` +
	`<Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>`

var getBucketACL = service.Reading[bucketInput]{
	Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
		p, err := locateHere(c, r, in.Bucket, &in.common)
		if err != nil {
			return service.Answer{}, err
		}
		list := strings.ReplaceAll(ownerControls, "<ID>ID</ID>", "<ID>"+canonicalUser(p.owner)+"</ID>")
		return service.Answer{
			Content: io.NopCloser(strings.NewReader(list)), Length: int64(len(list)),
			Header: map[string]string{"Content-Type": "application/xml", "Content-Length": strconv.Itoa(len(list))},
		}, nil
	},
}
