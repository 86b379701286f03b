package store

import "time"

// Arrival is something that a platform delivered and that is still to be worked on.
type Arrival struct {
	Seq     int64 // they arrived in its order
	ID      string
	Payload []byte
	At      time.Time
	// HandedOn says that a process which ended before it was done had it first.
	HandedOn bool
}
