package operation

import "slices"

// s3UploadRows are the calls on uploads in parts ("Multipart upload API and permissions", S3 User Guide): who may put the object may
// make and complete them.
var s3UploadRows = [...]Row{
	{
		Service: "s3", Name: "CreateMultipartUpload", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: createUploadKeys,
				Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectAcl",
				When:   []string{"ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP"},
				Target: theObject, Resource: objectARN, Shown: objectShown, Keys: putObjectACLKeys,
				Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectTagging", When: []string{"Tagging"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: putObjectTagKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectRetention", When: []string{"ObjectLockMode", "ObjectLockRetainUntilDate"},
				Target: theObject, Resource: objectARN, Shown: objectShown, Keys: putObjectRetentionKeys,
				Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectLegalHold", When: []string{"ObjectLockLegalHoldStatus"}, Target: theObject,
				Resource: objectARN, Shown: objectShown, Keys: putObjectLegalHoldKeys, Policy: BucketPolicy,
			},
		},
		Source: s3API + "CreateMultipartUpload.html",
	},
	{
		Service: "s3", Name: "UploadPart", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: uploadKeys,
			Policy: BucketPolicy,
		}},
		Source: s3API + "UploadPart.html",
	},
	{
		Service: "s3", Name: "UploadPartCopy", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: uploadCopyKeys,
				Policy: BucketPolicy,
			},
			copySource[0], copySource[1], listedSource,
		},
		Source: s3API + "UploadPartCopy.html",
	},
	{
		Service: "s3", Name: "CompleteMultipartUpload", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: completeKeys,
				Policy: BucketPolicy,
			},
			compared,
		},
		Source: s3API + "CompleteMultipartUpload.html",
	},
	{
		Service: "s3", Name: "AbortMultipartUpload", Mode: Write, Data: true,
		Questions: []Question{{
			Action: "s3:AbortMultipartUpload", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: bucketRequest,
			Policy: BucketPolicy,
		}},
		Source: s3API + "AbortMultipartUpload.html",
	},
	{
		Service: "s3", Name: "ListParts", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListMultipartUploadParts", Target: theObject, Resource: objectARN, Shown: objectShown,
			Keys: bucketRequest, Policy: BucketPolicy,
		}},
		Source: s3API + "ListParts.html",
	},
	{
		Service: "s3", Name: "ListMultipartUploads", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListBucketMultipartUploads", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
			Keys: bucketRequest, Policy: BucketPolicy,
		}},
		Source: s3API + "ListMultipartUploads.html",
	},
}

// createUploadKeys are those of s3:PutObject when an upload is made: nothing is overwritten yet.
var createUploadKeys = slices.DeleteFunc(slices.Clone(putObjectKeys), func(k Key) bool {
	return k.Name == "s3:if-match" || k.Name == "s3:if-none-match"
})

// uploadKeys are those of s3:PutObject for a part. What the object will be was said when the upload was made, and no part can say it
// again: the policies that AWS publishes for ACLs and encryption hold for each part as they did then (aws/aws-cli#1674).
var uploadKeys = append(saidAtCreation(createUploadKeys),
	Key{"s3:x-amz-server-side-encryption-customer-algorithm", FromInput, "SSECustomerAlgorithm"},
)

// saidAtCreation are keys whose values the service knows from the upload instead of from the input.
func saidAtCreation(keys []Key) []Key {
	said := slices.Clone(keys)
	for i, k := range said {
		if k.From == FromInput {
			said[i] = Key{k.Name, FromService, k.Value + " of CreateMultipartUpload"}
		}
	}
	return said
}

// completeKeys are those of s3:PutObject when an upload is completed.
var completeKeys = append(append([]Key(nil), uploadKeys...),
	Key{"s3:if-match", FromInput, "IfMatch"}, Key{"s3:if-none-match", FromInput, "IfNoneMatch"},
)

// uploadCopyKeys are those of s3:PutObject for a part that is a piece of another object.
var uploadCopyKeys = append(append([]Key(nil), uploadKeys...),
	Key{"s3:x-amz-copy-source", FromService, "the source as BUCKET/KEY, without a leading slash"},
)
