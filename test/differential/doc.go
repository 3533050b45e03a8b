// Package differential holds the engine against the oracle: the same random
// cases are judged by both, which share no code, and every difference is a
// failure.
package differential
