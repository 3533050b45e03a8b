// Package oracle decides, slowly and plainly, what AWS would answer to one
// authorisation request: the verdict that the fast engine is judged by.
//
// Judge takes a Case, which is one vector of the evaluation corpus, and says
// allow, implicit-deny or explicit-deny, the policy type that settled it and the
// sentence AWS would print. NewGenerator makes endless random cases, and Shrink
// reduces one over which two evaluators disagree to something a person can read.
//
// The package is written from the AWS documentation and from the list of choices
// in docs/choices.md alone. It shares no code with the engine and must not import
// it: two readings of the same pages are only worth something while they are
// independent. It therefore uses the standard library only, prefers the obvious
// way to the fast one, and keeps nothing between two calls.
package oracle
