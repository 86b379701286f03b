// Package store is the domain of Tandem: the records of a co-managed IT
// engagement, the rules that hold for each of them, and the error type that
// every room of the house speaks. It imports the standard library only, so
// that any other package can import it.
package store
