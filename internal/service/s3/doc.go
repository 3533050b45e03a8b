// Package s3 decides what Amazon S3 answers about buckets.
//
// Served: ListBuckets and CreateBucket. Buckets are records in their account; their names are unique over all accounts and
// reserved in the directory. Every other operation that has a row is authorised and then answered as not implemented.
//
// New buckets have their ACLs disabled (BucketOwnerEnforced), and cannot be given another ownership, ACLs or an object lock
// yet: a call that asks for one is refused, never answered as if it had been done.
//
// Source: Amazon S3 API Reference, https://docs.aws.amazon.com/AmazonS3/latest/API/.
package s3
