package operation

const (
	s3API       = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_"
	bucketARN   = "arn:${Partition}:s3:::${Bucket}"
	objectARN   = "arn:${Partition}:s3:::${Bucket}/${Key}"
	bucketShown = `"` + bucketARN + `"`
	objectShown = `"` + objectARN + `"`
)

// The kinds of Amazon S3.
const (
	Bucket Kind = "bucket"
	Object Kind = "object"
)

var (
	theBucket = Target{Kind: Bucket, Member: "Bucket", Named: ByName}
	theObject = Target{Kind: Object, Member: "Key", Named: ByName, In: "Bucket"}
)

// Keys that every S3 request carries ("Bucket policy examples using condition keys", "Amazon S3 Signature Version 4
// authentication specific policy keys"), and tags of a bucket, which count only where attribute-based access control is enabled
// for it.
var (
	requestAuthType         = Key{"s3:authType", FromService, "where the signature is: REST-HEADER, REST-QUERY-STRING or POST"}
	requestSignatureAge     = Key{"s3:signatureAge", FromService, "the age of a presigned request in milliseconds"}
	requestSignatureVersion = Key{"s3:signatureversion", FromService, "the algorithm of the signature"}
	requestTLSVersion       = Key{"s3:TlsVersion", FromService, "the version of TLS, absent without TLS"}
	requestContentSHA256    = Key{"s3:x-amz-content-sha256", FromService, "the header of that name"}
	bucketAccount           = Key{"s3:ResourceAccount", FromTarget, "Account"}
	callersAccount          = Key{"s3:ResourceAccount", FromCaller, "Account"}
	bucketTags              = Key{"aws:ResourceTag/${TagKey}", FromTarget, "BucketTags"}
	s3BucketTags            = Key{"s3:BucketTag/${TagKey}", FromTarget, "BucketTags"}
)

// callersRequest are those of calls without a bucket, or on a bucket that does not exist yet; bucketRequest those of calls on
// one that does.
var (
	callersRequest = []Key{
		callersAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion, requestContentSHA256,
	}
	bucketRequest = []Key{
		bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion, requestContentSHA256,
		bucketTags, s3BucketTags,
	}
)

// createBucketKeys are those of s3:CreateBucket.
var createBucketKeys = []Key{
	callersAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256,
	{"aws:RequestTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
	{"aws:TagKeys", FromInput, "CreateBucketConfiguration.Tags"},
	{"s3:locationconstraint", FromInput, "CreateBucketConfiguration.LocationConstraint"},
	{"s3:x-amz-acl", FromInput, "ACL"},
	{"s3:x-amz-bucket-namespace", FromInput, "BucketNamespace"},
	{"s3:x-amz-grant-full-control", FromInput, "GrantFullControl"},
	{"s3:x-amz-grant-read", FromInput, "GrantRead"},
	{"s3:x-amz-grant-read-acp", FromInput, "GrantReadACP"},
	{"s3:x-amz-grant-write", FromInput, "GrantWrite"},
	{"s3:x-amz-grant-write-acp", FromInput, "GrantWriteACP"},
	{"s3:x-amz-object-ownership", FromInput, "ObjectOwnership"},
	{"aws:ResourceTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
	{"s3:BucketTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
}

// createBucketACLKeys are those of s3:PutBucketAcl, asked while creating a bucket.
var createBucketACLKeys = []Key{
	callersAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256,
	{"s3:x-amz-acl", FromInput, "ACL"},
	{"s3:x-amz-grant-full-control", FromInput, "GrantFullControl"},
	{"s3:x-amz-grant-read", FromInput, "GrantRead"},
	{"s3:x-amz-grant-read-acp", FromInput, "GrantReadACP"},
	{"s3:x-amz-grant-write", FromInput, "GrantWrite"},
	{"s3:x-amz-grant-write-acp", FromInput, "GrantWriteACP"},
}

// createBucketTagKeys are those of s3:TagResource, asked while creating a bucket.
var createBucketTagKeys = []Key{
	callersAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256,
	{"aws:RequestTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
	{"aws:TagKeys", FromInput, "CreateBucketConfiguration.Tags"},
	{"aws:ResourceTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
	{"s3:BucketTag/${TagKey}", FromInput, "CreateBucketConfiguration.Tags"},
}

// listKeys are those of s3:ListBucket on calls that list objects.
var listKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:delimiter", FromInput, "Delimiter"},
	{"s3:max-keys", FromInput, "MaxKeys"},
	{"s3:prefix", FromInput, "Prefix"},
}

// putObjectKeys are those of s3:PutObject.
var putObjectKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ObjectCreationOperation", FromService, "whether the call makes a new object"},
	{"s3:RequestObjectTag/${TagKey}", FromService, "Service.ObjectTags"},
	{"s3:RequestObjectTagKeys", FromService, "Service.ObjectTags"},
	{"s3:if-match", FromInput, "IfMatch"},
	{"s3:if-none-match", FromInput, "IfNoneMatch"},
	{"s3:object-lock-legal-hold", FromInput, "ObjectLockLegalHoldStatus"},
	{"s3:object-lock-mode", FromInput, "ObjectLockMode"},
	{"s3:object-lock-remaining-retention-days", FromService, "the days until ObjectLockRetainUntilDate"},
	{"s3:object-lock-retain-until-date", FromInput, "ObjectLockRetainUntilDate"},
	{"s3:x-amz-acl", FromInput, "ACL"},
	{"s3:x-amz-grant-full-control", FromInput, "GrantFullControl"},
	{"s3:x-amz-grant-read", FromInput, "GrantRead"},
	{"s3:x-amz-grant-read-acp", FromInput, "GrantReadACP"},
	{"s3:x-amz-grant-write-acp", FromInput, "GrantWriteACP"},
	{"s3:x-amz-server-side-encryption", FromInput, "ServerSideEncryption"},
	{"s3:x-amz-server-side-encryption-aws-kms-key-id", FromInput, "SSEKMSKeyId"},
	{"s3:x-amz-server-side-encryption-customer-algorithm", FromInput, "SSECustomerAlgorithm"},
	{"s3:x-amz-storage-class", FromInput, "StorageClass"},
	{"s3:x-amz-website-redirect-location", FromInput, "WebsiteRedirectLocation"},
}

// putObjectACLKeys are those of s3:PutObjectAcl, asked while putting an object.
var putObjectACLKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ExistingObjectTag/${TagKey}", FromTarget, "Tags"},
	{"s3:x-amz-acl", FromInput, "ACL"},
	{"s3:x-amz-grant-full-control", FromInput, "GrantFullControl"},
	{"s3:x-amz-grant-read", FromInput, "GrantRead"},
	{"s3:x-amz-grant-read-acp", FromInput, "GrantReadACP"},
	{"s3:x-amz-grant-write-acp", FromInput, "GrantWriteACP"},
	{"s3:x-amz-storage-class", FromInput, "StorageClass"},
}

// putObjectTagKeys are those of s3:PutObjectTagging, asked while putting an object.
var putObjectTagKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ExistingObjectTag/${TagKey}", FromTarget, "Tags"},
	{"s3:RequestObjectTag/${TagKey}", FromService, "Service.ObjectTags"},
	{"s3:RequestObjectTagKeys", FromService, "Service.ObjectTags"},
}

// putObjectRetentionKeys are those of s3:PutObjectRetention, asked while putting an object.
var putObjectRetentionKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:object-lock-mode", FromInput, "ObjectLockMode"},
	{"s3:object-lock-remaining-retention-days", FromService, "the days until ObjectLockRetainUntilDate"},
	{"s3:object-lock-retain-until-date", FromInput, "ObjectLockRetainUntilDate"},
}

// putObjectLegalHoldKeys are those of s3:PutObjectLegalHold, asked while putting an object.
var putObjectLegalHoldKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:object-lock-legal-hold", FromInput, "ObjectLockLegalHoldStatus"},
}

// objectKeys are those of s3:GetObject.
var objectKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ExistingObjectTag/${TagKey}", FromTarget, "Tags"},
}

// objectVersionKeys are those of s3:GetObjectVersion.
var objectVersionKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ExistingObjectTag/${TagKey}", FromTarget, "Tags"},
	{"s3:versionid", FromInput, "VersionId"},
}

// deleteObjectKeys are those of s3:DeleteObject.
var deleteObjectKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:if-match", FromInput, "IfMatch"},
}

// deleteObjectVersionKeys are those of s3:DeleteObjectVersion.
var deleteObjectVersionKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:versionid", FromInput, "VersionId"},
}

// bypassKeys are those of s3:BypassGovernanceRetention, asked while deleting an object.
var bypassKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
}
