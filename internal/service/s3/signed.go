package s3

import "github.com/ambit-iam/ambit/internal/service"

// signed refuses the calls that S3 takes from nobody in particular, whatever the policy of the bucket says ("Uploading and copying
// objects using multipart upload", S3 User Guide). Nothing is looked at before: who has not signed learns nothing.
func signed(c *service.Call) error {
	if c.Account() != "" {
		return nil
	}
	switch c.Operation.Row.Name {
	case "CreateMultipartUpload":
		return service.Forbidden("AccessDenied", "Anonymous users cannot initiate multipart uploads.  Please authenticate.")
	case "CopyObject":
		return service.Forbidden("AccessDenied", "Anonymous users cannot copy objects.  Please authenticate.")
	case "UploadPart", "UploadPartCopy", "CompleteMultipartUpload":
		return service.Forbidden("AccessDenied", "Access Denied")
	}
	return nil
}
