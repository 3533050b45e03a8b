// Package function decides how the code of a Lambda function runs: in which
// process, with which runtime, within which bounds, and what is told of it when
// it ends.
//
// A caller makes one Host for a server and calls Invoke with a Spec, which says
// what runs, and an Event, which says with what. The Host starts an execution
// environment (one process group) when none is idle, speaks Lambda's documented
// Runtime API with it on a loopback port of its own, and keeps it for the next
// event. Whose permissions the code has and where its output goes are the
// caller's affair, asked through Credentials and Output: this package knows
// processes, not identities.
//
// What a function does is its own: every failure of the code is an Outcome in
// Lambda's words. An error of Invoke means that the code could not be run.
//
// On Linux the code is contained: see Containment. Elsewhere nothing runs
// unless Options.Unsafe says so.
package function
