// Package sample holds two invented engagements and labelled questions about
// each: what `tandem demo` starts from, and what tests of other packages read.
package sample

import "embed"

// FS holds harbor-legal.yaml and lakeside-dental.yaml, and beside each its
// questions as JSON Lines, such as harbor-legal.questions.jsonl.
//
//go:embed *.yaml *.jsonl
var FS embed.FS
