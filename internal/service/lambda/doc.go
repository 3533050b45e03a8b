// Package lambda decides what functions there are: their code and configuration, versions, aliases, policies and limits, and which
// invocation runs which of them (AWS Lambda Developer Guide and API reference).
//
// How code runs is not decided here: a [Runner] runs it, as the execution role of the function. What a role may do is asked of IAM
// again with every call that the code makes, so that a change of the role's policies or of its permissions boundary is in force for
// the next one, without redeploying.
//
// Records of functions are in the account's own store, where what may be done to them is judged in the same transaction. Deployment
// packages are files, named by what is in them, and go when no version has them any more. A [Plane] has what is not kept: which
// invocations run, and the events that wait. They do not outlive the server.
//
// Definitions are changed in the caller's own account only. What is not served is refused by name, and listed in docs/divergences.md.
package lambda
