// Package load decides whether Ambit is as fast as a server can be: it has a yardstick, a bare server that does only what cannot
// be left out, and crowds of clients whose requests were signed beforehand.
//
// The benchmarks run Ambit as what users run, the built command in a process of its own, and the yardstick in another one: a
// processor's time can then be told apart from that of the clients, a start is a start, and resident memory is the command's.
// Both are asked in turns within one run, so that what else the machine does meets both.
package load
