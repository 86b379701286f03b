package simulate

import (
	"embed"
	"strings"

	"github.com/tandem-bot/tandem/store"
)

//go:embed stories/*.yaml
var stories embed.FS

// Stories are the names of the stories that Tandem brings along, for the sample
// engagement.
func Stories() []string {
	files, err := stories.ReadDir("stories")
	if err != nil {
		panic(err) // it is embedded
	}
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(f.Name(), ".yaml"))
	}
	return names
}

// Story returns a story that Tandem brings along. One that is not there has
// code not found.
func Story(name string) (*Script, error) {
	data, err := stories.ReadFile("stories/" + name + ".yaml")
	if err != nil {
		return nil, store.Errorf(store.CodeNotFound, "There is no story %q; there are %s.", name, strings.Join(Stories(), ", "))
	}
	return Read(name+".yaml", data)
}
