package store

// Problem is one thing that is wrong with an engagement, or worth knowing about it.
type Problem struct {
	// Path is where it stands in the file: keys and zero-based positions,
	// such as matrix.functions[3].owner.
	Path    string
	Message string // what is wrong, without the place
	Hint    string // what would be right; may be ""
	Warning bool   // told and kept; anything else is an error and changes nothing
}
