// Package calendar answers "who leads at 23:12 on Friday, and until when": the
// business hours, holidays, on-call rotations, absences and business days of
// one engagement.
//
// # The local clock
//
// Everything in an engagement file is written in local time, and one rule turns
// local times into instants: a local time stands for the first instant at which
// the local clock has reached it. So an ordinary time is itself, a time that the
// clock shows twice is its first pass, and a time that the clock jumps over is
// the end of the gap. The rule never turns the order of two local times around,
// and therefore a window of business hours, a turn on call or an absence is one
// unbroken stretch of time: daylight saving neither loses nor repeats it. A
// window of 01:00 to 01:30 is open in the first pass only; one of 01:30 to 03:00
// stays open through the repeated hour. Only what lies wholly in times that no
// clock showed (Friday 30 December 2011 in Apia) is empty.
//
// # Business hours
//
// A window is [from, to) on each of its days; windows that touch or overlap are
// one, also across midnight. A holiday is after hours from its midnight to the
// next. An engagement without windows has business hours around the clock on
// every day that is no holiday.
//
// A calendar holiday counts on its own day and on the day on which it is
// observed: Independence Day 2026, a Saturday, makes both Friday 3 July and the
// Saturday holidays, the latter for those who work on Saturdays.
package calendar
