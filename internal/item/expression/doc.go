// Package expression decides what DynamoDB's expressions say about an item: whether a condition or filter holds, which keys a key
// condition selects, what an update makes of an item, and what a projection leaves of it.
//
// There is one lexer and one precedence parser for all of them (Developer Guide, "Using expressions in DynamoDB"). A Scope has the
// placeholders of one request; it compiles the request's expressions and then says which placeholders nobody used. What is
// compiled is immutable.
//
// Errors are item.Invalid, in DynamoDB's own words: those of compiling begin with "Invalid" and the name of the parameter.
package expression
