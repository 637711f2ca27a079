//go:build !race

package record

// raceEnabled lets tests of much data take less of it under the race detector.
const raceEnabled = false
