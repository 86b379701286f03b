//go:build race

package calendar

// raceEnabled tells that the race detector makes everything ten times slower.
const raceEnabled = true
