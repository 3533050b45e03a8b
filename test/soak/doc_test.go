// Package soak_test decides whether a server that is used, abused and killed keeps what it acknowledged and nothing else: clients of
// DynamoDB, S3, IAM and Lambda write, break off uploads and kill functions; the server is killed and started again; and each time what
// is there is compared with what was acknowledged. In the end nothing is left over: no file, process, port, goroutine or descriptor.
//
// AMBIT_SOAK_FOR is how long it goes on; make soak says ten minutes.
package soak_test
