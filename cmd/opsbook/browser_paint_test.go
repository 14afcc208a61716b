//go:build browser && !measure

package main

// paintInTime says whether time is held to its budget: not beside other tests, where a busy machine paints late (make bench-page holds it).
const paintInTime = false
