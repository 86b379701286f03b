//go:build race

package scheduler_test

// raceEnabled tells that the race detector makes everything ten times slower.
const raceEnabled = true
