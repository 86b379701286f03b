// Package simulate plays months of an engagement in seconds. A [Script] says how
// its people behave; [Play] lets the clock stop wherever something falls due, lets
// the people do what the script says through the real router, and keeps a
// [Transcript] of everything that was posted and done. The same script, engagement,
// seed and first day give the same transcript.
package simulate
