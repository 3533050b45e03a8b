// Package metadata decides what an instance is told about itself: it is the instance metadata service, on a port of its own for each
// running instance.
//
// Version 2 asks for a token with PUT /latest/api/token and sends it with every request; version 1, without a token, is for instances
// whose options let it. Credentials are those of the role in the instance's profile.
//
// On AWS the service is at a link-local address that only the instance reaches. Here it is a loopback port, and every process of the
// machine reaches every instance's: the token keeps out what can only send a GET, such as a page in a browser or a server that fetches
// what it is told to, and nothing else. The hop limit counts routers between the instance and the service; on loopback there are none,
// and every limit lets the answer through.
//
// The identity document is not signed: who trusts its signature on AWS finds none here.
//
// Sources: Amazon EC2 User Guide, "Use instance metadata to manage your EC2 instance", "Instance metadata categories" and "Use the
// Instance Metadata Service to access instance metadata".
package metadata
