// Package chrome drives a page of Tandem's in a real Chromium, where the build
// tag browser is set.
package chrome
