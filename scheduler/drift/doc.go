// Package drift notices when an agreed rhythm slips. It is a pure function of
// the records: [Detect] finds what is so now, [Step] turns that into the few
// messages that are worth sending, and [Status] says where each cadence stands.
//
// # Gaps
//
// A gap is the number of local days from one time that a cadence was held to the
// next. What is no doing of the team is left out of it: for every due date in
// between that is excused, the days from the due date before to that one. Excused
// are a due date that was skipped because Tandem was down or because of a holiday,
// one in a pause, and one that nobody held although it was a holiday or everybody
// expected of one side was announced away (a cover who is there stands in). A
// pause without a due date in it leaves out its own days. Leaving out never makes
// a gap shorter than the declared interval. A due date that somebody skipped with
// a reason is no miss, but the gap goes on.
//
// # On time
//
// A due date is on time when it was held by the end of its grace, counted from
// the date before anybody moved it, so that a meeting that is always moved does
// not pass for one that keeps its rhythm. A prompt that came late after an outage
// is on time whenever it was held. Excused due dates neither count nor break a row.
//
// # Business days of both sides
//
// The ladder counts the business days of the engagement, whose hours and holidays
// both sides agreed on. A day does not count while the cadence is paused, or when
// of either side everybody who was told is announced away without a cover.
package drift
