package lambda

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/ambit-iam/ambit/internal/service"
	"github.com/ambit-iam/ambit/internal/wire"
)

// A codeInput is where a deployment package comes from.
type codeInput struct {
	ZipFile                          []byte
	S3Bucket, S3Key, S3ObjectVersion *string
	ImageUri, SourceKMSKeyArn        *string
}

func (in *codeInput) check() error {
	switch {
	case text(in.ImageUri) != "":
		return unserved("ImageUri", "functions run from zip archives only")
	case text(in.SourceKMSKeyArn) != "":
		return unserved("SourceKMSKeyArn", "there is no KMS")
	case in.ZipFile != nil && (in.S3Bucket != nil || in.S3Key != nil || in.S3ObjectVersion != nil):
		return invalid("Please do not provide other FunctionCode parameters when providing a ZipFile.")
	case in.ZipFile == nil && (in.S3Bucket == nil || in.S3Key == nil):
		return invalid("Please provide a source for function code.")
	case len(in.ZipFile) > mostZipped:
		return tooLarge(fmt.Sprintf("Request must be smaller than %d bytes for the operation", mostZipped))
	}
	return nil
}

// fetch returns the archive: that of the request, or an object that the caller of the call may read.
func (l *lambda) fetch(ctx context.Context, c *service.Call, in *codeInput) ([]byte, error) {
	if in.ZipFile != nil {
		if len(in.ZipFile) == 0 {
			return nil, errEmpty
		}
		return in.ZipFile, nil
	}
	answer, err := l.plane().invoker.Invoke(ctx, service.Invocation{
		Service: "s3", Operation: "GetObject", Caller: c.Caller, CalledVia: []string{servicePrincipal}, Region: c.Environment.Region,
		Input: &struct{ Bucket, Key, VersionId *string }{in.S3Bucket, in.S3Key, in.S3ObjectVersion},
	})
	if err != nil {
		return nil, notFetched(in, err)
	}
	if answer.Content == nil {
		return nil, errors.New("lambda: S3 gave an object without a content")
	}
	defer func() { _ = answer.Content.Close() }() // it was only read
	if answer.Length > mostUnzipped {
		return nil, errUnzipped
	}
	return io.ReadAll(io.LimitReader(answer.Content, answer.Length))
}

// notFetched words why an object could not be read.
func notFetched(in *codeInput, err error) error {
	var fault *wire.Fault
	if !errors.As(err, &fault) || fault.Receiver {
		return err
	}
	why := "S3 Error Code: " + fault.Code + ". S3 Error Message: " + fault.Message
	if fault.Status == http.StatusForbidden {
		return service.Forbidden("AccessDeniedException", "Your access has been denied by S3, please make sure your request credentials "+
			"have permission to GetObject for "+text(in.S3Bucket)+"/"+text(in.S3Key)+". "+why)
	}
	return invalid("Error occurred while GetObject. " + why)
}

func isFault(err error) bool {
	var fault *wire.Fault
	return errors.As(err, &fault) && !fault.Receiver
}
