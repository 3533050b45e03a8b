package operation

// Values that S3 works out about calls that name a second object or several.
const (
	sourceARN   = "arn:${Partition}:s3:::${Service.CopySourceBucket}/${Service.CopySourceKey}"
	sourceShown = `"` + sourceARN + `"`
	keysARN     = "arn:${Partition}:s3:::${Bucket}/${Element.Key}"
	keysShown   = `"` + keysARN + `"`

	// ComparedBucket is the bucket of a write that compares an ETag, and of no other; ComparedKeys are the objects that a call on several
	// compares.
	comparedARN   = "arn:${Partition}:s3:::${Service.ComparedBucket}/${Element}"
	comparedShown = `"` + comparedARN + `"`
)

// compared is the question about the object whose ETag decides whether a write happens: who may not read it is not told what it is
// ("How to prevent object overwrites with conditional writes" and "How to perform conditional deletes", S3 User Guide).
var compared = Question{
	Action: "s3:GetObject", When: []string{"Service.ComparedBucket"},
	Target:   Target{Kind: Object, Member: "Key", Named: ByName, In: "Service.ComparedBucket"},
	Resource: objectARN, Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
}

var theSource = Target{Kind: Object, Member: "Service.CopySourceKey", Named: ByName, In: "Service.CopySourceBucket"}

// copySource are the questions about the object that is copied ("CopyObject", "Permissions"). Its tags are copied unless the call
// says otherwise, and that must be allowed on both sides.
var copySource = [...]Question{
	{
		Action: "s3:GetObject", Unless: []string{"Service.CopySourceVersionId"}, Target: theSource, Resource: sourceARN,
		Shown: sourceShown, Keys: objectKeys, Policy: BucketPolicy,
	},
	{
		Action: "s3:GetObjectVersion", When: []string{"Service.CopySourceVersionId"}, Target: theSource, Resource: sourceARN,
		Shown: sourceShown, Keys: sourceVersionKeys, Policy: BucketPolicy,
	},
}

// s3ObjectRows are the calls on objects besides the plain ones.
var s3ObjectRows = [...]Row{
	{
		Service: "s3", Name: "CopyObject", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:PutObject", Target: theObject, Resource: objectARN, Shown: objectShown, Keys: copyObjectKeys,
				Policy: BucketPolicy,
			},
			copySource[0], copySource[1],
			{
				Action: "s3:PutObjectAcl",
				When:   []string{"ACL", "GrantFullControl", "GrantRead", "GrantReadACP", "GrantWriteACP"},
				Target: theObject, Resource: objectARN, Shown: objectShown, Keys: putObjectACLKeys,
				Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectTagging", When: []string{"Service.WritesTags"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: putObjectTagKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectTagging", When: []string{"Service.ReadsTags"}, Target: theSource, Resource: sourceARN,
				Shown: sourceShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersionTagging", When: []string{"Service.ReadsVersionTags"}, Target: theSource,
				Resource: sourceARN, Shown: sourceShown, Keys: sourceVersionKeys, Policy: BucketPolicy,
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
			listedSource, compared,
		},
		Source: s3API + "CopyObject.html",
	},
	// Each key is judged by itself, and the answer says of each what became of it: none refuses the call. Which of the two actions
	// counts for a key depends on whether a version of it is named.
	{
		Service: "s3", Name: "DeleteObjects", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:DeleteObject", Each: "Delete.Objects", Target: theElement, Resource: keysARN, Shown: keysShown,
				Keys: deleteObjectsKeys, Policy: BucketPolicy, Soft: true,
			},
			{
				Action: "s3:DeleteObjectVersion", Each: "Delete.Objects", Target: theElement, Resource: keysARN,
				Shown: keysShown, Keys: deleteObjectsVersionKeys, Policy: BucketPolicy, Soft: true,
			},
			{
				Action: "s3:GetObject", Each: "Service.ComparedKeys",
				Target:   Target{Kind: Object, Member: "Element", Named: ByName, In: "Service.ComparedBucket"},
				Resource: comparedARN, Shown: comparedShown, Keys: objectKeys, Policy: BucketPolicy, Soft: true,
			},
		},
		Source: s3API + "DeleteObjects.html",
	},
	{
		Service: "s3", Name: "GetObjectAcl", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "s3:GetObjectAcl", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersionAcl", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
		},
		Source: s3API + "GetObjectAcl.html",
	},
	// Reading the attributes needs the permission to read the object as well.
	{
		Service: "s3", Name: "GetObjectAttributes", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "s3:GetObjectAttributes", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObject", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersion", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersionAttributes", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:ListBucket", Target: theBucket, Resource: bucketARN, Shown: bucketShown,
				Keys: bucketRequest, Policy: BucketPolicy, Soft: true,
			},
		},
		Source: s3API + "GetObjectAttributes.html",
	},
	{
		Service: "s3", Name: "GetObjectTagging", Mode: Read, Data: true,
		Questions: []Question{
			{
				Action: "s3:GetObjectTagging", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:GetObjectVersionTagging", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
		},
		Source: s3API + "GetObjectTagging.html",
	},
	{
		Service: "s3", Name: "PutObjectTagging", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:PutObjectTagging", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: putObjectTagKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:PutObjectVersionTagging", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: putObjectVersionTagKeys, Policy: BucketPolicy,
			},
		},
		Source: s3API + "PutObjectTagging.html",
	},
	{
		Service: "s3", Name: "DeleteObjectTagging", Mode: Write, Data: true,
		Questions: []Question{
			{
				Action: "s3:DeleteObjectTagging", Unless: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectKeys, Policy: BucketPolicy,
			},
			{
				Action: "s3:DeleteObjectVersionTagging", When: []string{"VersionId"}, Target: theObject, Resource: objectARN,
				Shown: objectShown, Keys: objectVersionKeys, Policy: BucketPolicy,
			},
		},
		Source: s3API + "DeleteObjectTagging.html",
	},
	{
		Service: "s3", Name: "ListObjectVersions", Mode: Read, Data: true,
		Questions: []Question{{
			Action: "s3:ListBucketVersions", Target: theBucket, Resource: bucketARN, Shown: bucketShown, Keys: listKeys,
			Policy: BucketPolicy,
		}},
		Source: s3API + "ListObjectVersions.html",
	},
}

// theElement is an object among several.
var theElement = Target{Kind: Object, Member: "Element.Key", Named: ByName, In: "Bucket"}

// listedSource tells whether a source that is missing may be told as missing.
var listedSource = Question{
	Action: "s3:ListBucket", Target: Target{Kind: Bucket, Member: "Service.CopySourceBucket", Named: ByName},
	Resource: "arn:${Partition}:s3:::${Service.CopySourceBucket}", Shown: `"arn:${Partition}:s3:::${Service.CopySourceBucket}"`,
	Keys: bucketRequest, Policy: BucketPolicy, Soft: true,
}

// copyObjectKeys are those of s3:PutObject when the content is another object's.
var copyObjectKeys = append(append([]Key(nil), putObjectKeys...),
	Key{"s3:x-amz-copy-source", FromService, "the source as BUCKET/KEY, without a leading slash"},
	Key{"s3:x-amz-metadata-directive", FromInput, "MetadataDirective"},
)

// sourceVersionKeys are those of actions on a version of the source.
var sourceVersionKeys = []Key{
	bucketAccount, requestTLSVersion, requestAuthType, requestSignatureAge, requestSignatureVersion,
	requestContentSHA256, bucketTags, s3BucketTags,
	{"s3:ExistingObjectTag/${TagKey}", FromTarget, "Tags"},
	{"s3:versionid", FromService, "the version in CopySource"},
}

// deleteObjectsKeys are those of s3:DeleteObject for one of several.
var deleteObjectsKeys = append(append([]Key(nil), bucketRequest...), Key{"s3:if-match", FromInput, "Element.ETag"})

// deleteObjectsVersionKeys are those of s3:DeleteObjectVersion for one of several.
var deleteObjectsVersionKeys = append(append([]Key(nil), bucketRequest...), Key{"s3:versionid", FromInput, "Element.VersionId"})

// putObjectVersionTagKeys are those of s3:PutObjectVersionTagging.
var putObjectVersionTagKeys = append(append([]Key(nil), putObjectTagKeys...), Key{"s3:versionid", FromInput, "VersionId"})
