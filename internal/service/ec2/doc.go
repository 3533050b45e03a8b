// Package ec2 decides what Amazon EC2 answers.
//
// Instances are records: they are launched, started, stopped and terminated, have tags, addresses and volumes, and nothing runs
// behind them but their metadata service, which the server opens and package metadata answers from what is told here. Every account has
// in every region what AWS gives it: public images, a default VPC with one subnet per zone, and its default security group. Those are
// worked out, never stored; only what a call makes or changes is. Security groups filter nothing. Of key pairs the public half is kept;
// the private one is told once.
//
// A launch is judged once for each resource that it touches: the instance, its image, subnet, security groups, network interface
// and volumes, the key pair, the tags, and the role in its instance profile. Every other operation that has a row is authorised
// and then answered as not implemented.
//
// The structs of the API are written by hand: the SDK's package for EC2 takes minutes to compile.
//
// Source: Amazon EC2 API Reference, https://docs.aws.amazon.com/AWSEC2/latest/APIReference/.
package ec2
