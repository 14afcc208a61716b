//go:build browser && measure

package main

// paintInTime says whether time is held to its budget: it is, on a machine that does nothing else.
const paintInTime = true
