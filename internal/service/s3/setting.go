package s3

import (
	"net/http"

	"github.com/ambit-iam/ambit/internal/identity"
	"github.com/ambit-iam/ambit/internal/service"
)

// changing makes the handler of a call that changes what is stored of a bucket. Only callers of the bucket's own account change it.
func changing[In any](of func(in *In) (*string, *common), status int, change func(c *service.Call, in *In, b *bucket, tx identity.Tx) error) service.Writing[In, struct{}] {
	return service.Writing[In, struct{}]{
		Act: func(c *service.Call, in *In, _ struct{}, tx identity.Tx) (service.Answer, error) {
			name, said := of(in)
			p, err := locateHere(c, tx.Reader, name, said)
			switch {
			case err != nil:
				return service.Answer{}, err
			case p.owner != tx.Account():
				return service.Answer{}, othersBucket()
			}
			if err := change(c, in, &p.bucket, tx); err != nil {
				return service.Answer{}, err
			}
			return service.Answer{Status: status}, writeBucket(tx, p.bucket)
		},
	}
}

// showing makes the handler of a call that shows what is stored of a bucket.
func showing(show func(b *bucket) (any, error)) service.Reading[bucketInput] {
	return service.Reading[bucketInput]{
		Act: func(c *service.Call, in *bucketInput, r identity.Reader) (service.Answer, error) {
			p, err := locateHere(c, r, in.Bucket, &in.common)
			if err != nil {
				return service.Answer{}, err
			}
			out, err := show(&p.bucket)
			return service.Body(out), err
		},
	}
}

func ofBucket(in *bucketInput) (*string, *common) { return in.Bucket, &in.common }

// missingSetting is the answer where a setting was never made.
func missingSetting(b *bucket, code, message string) error {
	err := service.NotFound(code, message)
	err.BucketName = b.Name
	return err
}

// Settings that no call changes here have the value that a new bucket has at S3.
type (
	emptyLogging struct {
		_ struct{} `wire:"BucketLoggingStatus"`
	}
	emptyNotification struct {
		_ struct{} `wire:"NotificationConfiguration"`
	}
	emptyAcceleration struct {
		_ struct{} `wire:"AccelerateConfiguration"`
	}
	requestPayment struct {
		_     struct{} `wire:"RequestPaymentConfiguration"`
		Payer string
	}
	ownershipControls struct {
		_     struct{}        `wire:"OwnershipControls"`
		Rules []ownershipRule `wire:"Rule,flat"`
	}
	ownershipRule struct{ ObjectOwnership *string }
)

const bucketOwnerEnforced = "BucketOwnerEnforced"

var fixedSettings = map[string]func(b *bucket) (any, error){
	"GetBucketLogging":                   func(*bucket) (any, error) { return &emptyLogging{}, nil },
	"GetBucketNotificationConfiguration": func(*bucket) (any, error) { return &emptyNotification{}, nil },
	"GetBucketAccelerateConfiguration":   func(*bucket) (any, error) { return &emptyAcceleration{}, nil },
	"GetBucketRequestPayment":            func(*bucket) (any, error) { return &requestPayment{Payer: "BucketOwner"}, nil },
	"GetBucketOwnershipControls": func(*bucket) (any, error) {
		owns := bucketOwnerEnforced
		return &ownershipControls{Rules: []ownershipRule{{&owns}}}, nil
	},
	"GetBucketReplication": func(b *bucket) (any, error) {
		return nil, missingSetting(b, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
	},
	"GetBucketWebsite": func(b *bucket) (any, error) {
		return nil, missingSetting(b, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
	},
	"GetObjectLockConfiguration": func(b *bucket) (any, error) {
		return nil, missingSetting(b, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
	},
	"GetBucketLifecycleConfiguration": func(b *bucket) (any, error) {
		return nil, missingSetting(b, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
	},
	"GetBucketEncryption": func(b *bucket) (any, error) {
		return nil, missingSetting(b, "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found")
	},
}

// putOwnershipControls accepts what every bucket has, and nothing else.
type ownershipInput struct {
	common
	Bucket            *string            `from:"path Bucket"`
	OwnershipControls *ownershipControls `from:"body OwnershipControls"`
}

var putOwnershipControls = changing(func(in *ownershipInput) (*string, *common) { return in.Bucket, &in.common }, http.StatusOK,
	func(_ *service.Call, in *ownershipInput, _ *bucket, _ identity.Tx) error {
		if in.OwnershipControls == nil || len(in.OwnershipControls.Rules) != 1 || text(in.OwnershipControls.Rules[0].ObjectOwnership) != bucketOwnerEnforced {
			return notImplemented()
		}
		return nil
	})

// settings are the handlers of calls on what is stored of a bucket.
func settings() []service.Handler {
	handlers := []service.Handler{
		getBucketACL.Named("GetBucketAcl"),
		getCORS.Named("GetBucketCors"), putCORS.Named("PutBucketCors"), deleteCORS.Named("DeleteBucketCors"),
		putOwnershipControls.Named("PutBucketOwnershipControls"),
		getVersioning.Named("GetBucketVersioning"), putVersioning.Named("PutBucketVersioning"),
		getBucketTagging.Named("GetBucketTagging"), putBucketTagging.Named("PutBucketTagging"),
		deleteBucketTagging.Named("DeleteBucketTagging"),
		getPublicAccess.Named("GetPublicAccessBlock"), putPublicAccess.Named("PutPublicAccessBlock"),
		deletePublicAccess.Named("DeletePublicAccessBlock"),
		getBucketPolicy.Named("GetBucketPolicy"), putBucketPolicy.Named("PutBucketPolicy"),
		deleteBucketPolicy.Named("DeleteBucketPolicy"), getPolicyStatus.Named("GetBucketPolicyStatus"),
	}
	for name, show := range fixedSettings {
		handlers = append(handlers, showing(show).Named(name))
	}
	return handlers
}
