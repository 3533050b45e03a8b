// Package s3 decides what Amazon S3 answers about buckets and objects.
//
// A bucket is a record in its account; its name is unique over all accounts and reserved in the directory. Its objects are in its
// region's part of the data plane: an index in a store, and contents in files that are named by their hash, so that no name that a
// client chooses becomes a path. A body is read after its call was authorised, into a file of its own, and becomes an object only
// when it was verified and is durable; the index changes only while what authorised the call still holds.
//
// A form that a page has a browser send is PutObject in other words: its fields become headers once the policy that was signed with it
// allows them, and its file is the body.
//
// Buckets have their ACLs disabled (BucketOwnerEnforced), and cannot be given another ownership, ACLs or an object lock: a call that
// asks for one is refused, never answered as if it had been done. So is every x-amz- header that no member of the input is for.
// Every operation that has a row and no handler is authorised and then answered as not implemented.
//
// Source: Amazon S3 API Reference, https://docs.aws.amazon.com/AmazonS3/latest/API/.
package s3
