//go:build linux || darwin

package main

import (
	"math"

	"golang.org/x/sys/unix"
)

// freeSpace is what a user may still fill of the disk that a folder is on, in
// bytes; negative where nobody can tell.
func freeSpace(folder string) int64 {
	var s unix.Statfs_t
	if err := unix.Statfs(folder, &s); err != nil {
		return -1
	}
	return int64(min(s.Bavail*uint64(s.Bsize), math.MaxInt64))
}
