package operation

// s3Rows are calls of Amazon S3. Actions, resource types and keys:
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html; which action a call needs:
// "Required permissions for Amazon S3 API operations". S3 prints resources in double quotes. Which calls are data events: "Amazon S3
// CloudTrail events", S3 User Guide.
var s3Rows = [...]Row{
	{
		Service: "s3", Name: "ListBuckets", Mode: Read,
		Questions: []Question{{
			Action: "s3:ListAllMyBuckets", Resource: everything, Keys: callersRequest,
		}},
		Source: s3API + "ListBuckets.html",
	},
	{
		Service: "s3", Name: "CreateBucket", Mode: Write,
		Questions: []Question{
			{
				Action: "s3:CreateBucket", Resource: bucketARN, Shown: bucketShown, Keys: createBucketKeys,
			},
			{
				Action:   "s3:PutBucketAcl",
				When:     []string{"ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWrite", "GrantWriteACP"},
				Resource: bucketARN, Shown: bucketShown, Keys: createBucketACLKeys,
			},
			{
				Action: "s3:PutBucketObjectLockConfiguration", When: []string{"ObjectLockEnabledForBucket"},
				Resource: bucketARN, Shown: bucketShown, Keys: callersRequest,
			},
			{
				Action: "s3:PutBucketVersioning", When: []string{"ObjectLockEnabledForBucket"}, Resource: bucketARN,
				Shown: bucketShown, Keys: callersRequest,
			},
			{
				Action: "s3:PutBucketOwnershipControls", When: []string{"ObjectOwnership"}, Resource: bucketARN,
				Shown: bucketShown, Keys: callersRequest,
			},
			{
				Action: "s3:TagResource", When: []string{"CreateBucketConfiguration.Tags"}, Resource: bucketARN,
				Shown: bucketShown, Keys: createBucketTagKeys,
			},
		},
		Source: s3API + "CreateBucket.html",
	},
	{
		Service: "s3", Name: "HeadBucket", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown, Keys: bucketRequest,
			Policy: BucketPolicy,
		}},
		Source: s3API + "HeadBucket.html",
	},
	{
		Service: "s3", Name: "DeleteBucket", Mode: Write,
		Questions: []Question{{
			Action: "s3:DeleteBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
			Keys: bucketRequest, Policy: BucketPolicy,
		}},
		Source: s3API + "DeleteBucket.html",
	},
	{
		Service: "s3", Name: "GetBucketLocation", Mode: Read,
		Questions: []Question{{
			Action: "s3:GetBucketLocation", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
			Keys: bucketRequest, Policy: BucketPolicy,
		}},
		Source: s3API + "GetBucketLocation.html",
	},
	{
		Service: "s3", Name: "ListObjects", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown, Keys: listKeys,
			Policy: BucketPolicy,
		}},
		Source: s3API + "ListObjects.html",
	},
	{
		Service: "s3", Name: "ListObjectsV2", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown, Keys: listKeys,
			Policy: BucketPolicy,
		}},
		Source: s3API + "ListObjectsV2.html",
	},
	{
		Service: "s3", Name: "PutObject", Mode: Write, Data: true,
		Questions: putQuestions,
		Source:    s3API + "PutObject.html",
	},
	// A form in a page, which a browser sends; what PutObject says in headers it says in fields.
	{
		Service: "s3", Name: "PostObject", Mode: Write, Data: true,
		Questions: putQuestions,
		Source:    "https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html",
	},
	// Whether a missing object is told as missing depends on the permission to list the bucket (API reference, GetObject,
	// "Permissions"), which is why s3:ListBucket is asked softly.
	{
		Service: "s3", Name: "GetObject", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "s3:GetObject", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersion", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
				Keys: bucketRequest, Policy: BucketPolicy, Soft: true,
			},
		},
		Source: s3API + "GetObject.html",
	},
	{
		Service: "s3", Name: "HeadObject", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "s3:GetObject", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersion", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
				Keys: bucketRequest, Policy: BucketPolicy, Soft: true,
			},
		},
		Source: s3API + "HeadObject.html",
	},
	{
		Service: "s3", Name: "DeleteObject", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:DeleteObject", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: deleteObjectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:DeleteObjectVersion", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: deleteObjectVersionKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:BypassGovernanceRetention", When: []string{"BypassGovernanceRetention"},
				Target: theObject, Resource: objectARN, Shown: objectShown, Keys: bypassKeys, Policy: BucketPolicy,
			},
			compared,
		},
		Source: s3API + "DeleteObject.html",
	},
	{
		Service: "s3", Name: "PutBucketPolicy", Mode: Write,
		Questions: []Question{{
			Action: "s3:PutBucketPolicy", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
			Keys: bucketRequest, Policy: BucketPolicy,
		}},
		Effects:    []Effect{{Change: WritesResourcePolicy, Entity: Bucket, Member: "Bucket", With: "Policy"}},
		Mitigation: "Deny the call in the boundary, together with explicit denies for what must never be reached.",
		Source:     s3API + "PutBucketPolicy.html",
	},
}

// putQuestions are those about an object that is made of what is sent.
var putQuestions = []Question{
	{
		Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown,
		Keys: putObjectKeys, Policy: BucketPolicy,
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
	compared,
}
