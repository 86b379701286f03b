// Package rhythm says when a cadence comes due: the firings of its cron line in
// the engagement's time zone, moved or skipped where they fall on a holiday,
// each with the end of its grace and its reminders.
//
// Everything is worked out from the cadence and the calendar alone, and never
// counted from the due date before. So the same due dates come out wherever a
// search begins, after an outage as well as before it.
package rhythm
