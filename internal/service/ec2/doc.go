// Package ec2 decides what Amazon EC2 answers.
//
// Served: DescribeInstances. No operation makes instances yet, so there are none: every list is empty and every instance id is
// unknown. Filters, ids and page sizes are checked as EC2 checks them. Every other operation that has a row is authorised and
// then answered as not implemented.
//
// The structs of the API are written by hand: the SDK's package for EC2 takes minutes to compile.
//
// Source: Amazon EC2 API Reference, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/.
package ec2
