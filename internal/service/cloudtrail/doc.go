// Package cloudtrail decides what AWS CloudTrail's API tells of the requests that were written down.
//
// Served: LookupEvents, for the caller's account, over what the audit log and the journal still have. There are no Insights events, and
// no record names the resources of its request, so that nobody can look for them. Everything else of CloudTrail is unknown here: the
// log is always on, and cannot be switched off or sent elsewhere.
//
// API reference: https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html.
package cloudtrail
