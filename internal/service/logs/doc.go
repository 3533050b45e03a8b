// Package logs decides what Amazon CloudWatch Logs answers.
//
// Log groups are records of the account, so that a group and its tags are judged in the state in which they are read. Streams and their
// events are in a store of the account and the region, beside the account's own: they are written as one state of the account allows,
// and only while it holds. Events have one order in their group, by their time and then as they came, and one in their stream; a page is
// read off either without looking at what is before it.
//
// Served: groups with class, tags, retention and deletion protection, streams, PutLogEvents, GetLogEvents and FilterLogEvents with every
// documented kind of filter pattern. Expired events are answered to nobody from the moment on at which they expire. Not served: KMS keys
// (a group with one is refused), the class DELIVERY, metric and subscription filters, Insights, and live tails, which are authorised and
// then refused. What an entity says in PutLogEvents is not kept.
//
// Functions write what they print with a [Writer], as the role that they run with.
//
// Source: Amazon CloudWatch Logs API Reference and User Guide, https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/.
package logs
