// Package wire decides what the bytes of a request say and how an answer is spelled.
//
// It knows AWS's protocols, one file each, and no service: it reads forms, JSON and XML bodies into inputs, writes outputs and
// faults, and never says yes or no to anybody.
//
// A request passes twice. Sniff looks at the head before anything is verified and says where the request wants to go. When the
// signature has been verified the body is read in full: a form by FormOf, a JSON document by ParseJSON. Both can be asked for
// members by name at once (Lookup), which is all that authorising needs, and a form can be decoded into the struct of the AWS SDK
// for that operation (Codec.DecodeQuery), which is what acting needs.
//
// Whatever arrives is bounded: sizes, counts, depth and list indexes have limits, and what breaks one is a *Fault with AWS's code.
package wire
