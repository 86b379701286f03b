package main

import (
	"os"

	"github.com/tandem-bot/tandem/cmd/tandem/config"
)

// readConfig reads the configuration of serve.
func (a *app) readConfig(path string) (*config.Config, error) {
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, openError(path, err)
	}
	c, err := config.Read(path, data, config.Options{Getenv: a.getenv, ReadFile: os.ReadFile})
	if err != nil {
		return nil, err
	}
	return &c, nil
}

// useStoreOf takes the store that a configuration names, unless the command line
// names one.
func (a *app) useStoreOf(c *config.Config) {
	if a.storePath == "" {
		a.storePath = c.Store
	}
}
