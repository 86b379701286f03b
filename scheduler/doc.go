// Package scheduler keeps the rhythm. [Plan] looks at everything that the store
// knows of one engagement and decides, without touching anything, what is to be
// written and said now, and when to look again. [Sweeper] claims the engagements
// that are due, applies their plans, and brings what is in the outbox to the
// platforms.
//
// Whatever is said has a key that follows from what it is about, so that the same
// plan made twice says it once. Cards are pure functions of the records; one that
// may change later is drawn again on every plan, and the store sees to it that
// the same card is no change.
package scheduler
