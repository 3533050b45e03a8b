package operation

// s3BucketRows are the calls that read and write one setting of a bucket.
var s3BucketRows = [...]Row{
	onBucket(Read, "GetBucketPolicy", "GetBucketPolicy"),
	onBucket(Write, "DeleteBucketPolicy", "DeleteBucketPolicy"),
	onBucket(Read, "GetBucketPolicyStatus", "GetBucketPolicyStatus"),
	onBucket(Read, "GetPublicAccessBlock", "GetBucketPublicAccessBlock"),
	onBucket(Write, "PutPublicAccessBlock", "PutBucketPublicAccessBlock"),
	onBucket(Write, "DeletePublicAccessBlock", "PutBucketPublicAccessBlock"),
	onBucket(Read, "GetBucketVersioning", "GetBucketVersioning"),
	onBucket(Write, "PutBucketVersioning", "PutBucketVersioning"),
	onBucket(Read, "GetBucketTagging", "GetBucketTagging"),
	onBucket(Write, "PutBucketTagging", "PutBucketTagging"),
	onBucket(Write, "DeleteBucketTagging", "PutBucketTagging"),
	onBucket(Read, "GetBucketCors", "GetBucketCORS"),
	onBucket(Write, "PutBucketCors", "PutBucketCORS"),
	onBucket(Write, "DeleteBucketCors", "PutBucketCORS"),
	onBucket(Read, "GetBucketEncryption", "GetEncryptionConfiguration"),
	onBucket(Write, "PutBucketEncryption", "PutEncryptionConfiguration"),
	onBucket(Write, "DeleteBucketEncryption", "PutEncryptionConfiguration"),
	onBucket(Read, "GetBucketOwnershipControls", "GetBucketOwnershipControls"),
	onBucket(Write, "PutBucketOwnershipControls", "PutBucketOwnershipControls"),
	onBucket(Write, "DeleteBucketOwnershipControls", "PutBucketOwnershipControls"),
	onBucket(Read, "GetBucketLifecycleConfiguration", "GetLifecycleConfiguration"),
	onBucket(Write, "PutBucketLifecycleConfiguration", "PutLifecycleConfiguration"),
	onBucket(Write, "DeleteBucketLifecycle", "PutLifecycleConfiguration"),
	onBucket(Read, "GetBucketAcl", "GetBucketAcl"),
	onBucket(Read, "GetBucketLogging", "GetBucketLogging"),
	onBucket(Read, "GetBucketNotificationConfiguration", "GetBucketNotification"),
	onBucket(Read, "GetBucketRequestPayment", "GetBucketRequestPayment"),
	onBucket(Read, "GetBucketAccelerateConfiguration", "GetAccelerateConfiguration"),
	onBucket(Read, "GetBucketReplication", "GetReplicationConfiguration"),
	onBucket(Read, "GetBucketWebsite", "GetBucketWebsite"),
	onBucket(Read, "GetObjectLockConfiguration", "GetBucketObjectLockConfiguration"),
	onBucket(Write, "PutBucketLogging", "PutBucketLogging"),
	onBucket(Write, "PutBucketNotificationConfiguration", "PutBucketNotification"),
	onBucket(Write, "PutBucketRequestPayment", "PutBucketRequestPayment"),
	onBucket(Write, "PutBucketAccelerateConfiguration", "PutAccelerateConfiguration"),
	replicatingAs("ReplicationConfiguration.Role"),
	replicating("DeleteBucketReplication"),
	onBucket(Write, "PutBucketWebsite", "PutBucketWebsite"),
	onBucket(Write, "DeleteBucketWebsite", "DeleteBucketWebsite"),
}

// onBucket is the row of a call that needs one action on its bucket.
func onBucket(mode Mode, call, action string) Row {
	return Row{
		Service: "s3", Name: call, Mode: mode,
		Questions: []Question{{
			Action: "s3:" + action, Target: theBucket, Resource: bucketARN, Shown: bucketShown, Keys: bucketRequest,
			Policy: BucketPolicy,
		}},
		Source: s3API + call + ".html",
	}
}

// replicating is the row of a call that changes how a bucket is replicated.
func replicating(call string) Row {
	row := onBucket(Write, call, "PutReplicationConfiguration")
	row.Questions[0].Keys = append(append([]Key(nil), bucketRequest...),
		Key{"s3:isReplicationPauseRequest", FromService, "whether the call pauses the replication"})
	return row
}

// replicatingAs is the row of the call that has S3 copy objects as a role, which the caller must be allowed to pass ("Setting up permissions for
// live replication", S3 User Guide).
func replicatingAs(role string) Row {
	row := replicating("PutBucketReplication")
	row.Questions = append(row.Questions, Question{
		Action: "iam:PassRole", When: []string{role}, Target: Target{Kind: Role, Member: role, Named: ByARN}, Resource: "${" + role + "}",
		Keys: []Key{
			{"iam:PassedToService", FromConstant, "s3.amazonaws.com"},
			{"iam:AssociatedResourceArn", FromTemplate, bucketARN}, tagsOfTarget, iamTagsOfTarget,
		},
	})
	return row
}
