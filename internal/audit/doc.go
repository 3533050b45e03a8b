// Package audit decides what is written down about a request, and where it is kept.
//
// A [Record] has CloudTrail's shape ("CloudTrail record contents"), and beside it what explaining the answer later takes: every
// question with its verdict, the condition keys that were judged, and the digests of the policy documents that were.
//
// Records of management writes belong into the transaction of the deed: [Write] puts them into the account's space, a bounded
// number of them. All others go to a [Log] off the hot path: segments on disk ([OpenSegments]), of which the oldest are dropped
// beyond a size, or the latest few in memory ([NewRing]). A crash loses at most the last second of a log.
//
// Secrets never reach a record: of an input and an output only what [Parameters] lets through is written.
package audit
