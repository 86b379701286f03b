package main

import (
	"errors"
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

// configuredFor reads the configuration of serve for a command that can't do
// without, tells every error of it, and takes the store that it names.
func (a *app) configuredFor(file string) (*config.Config, error) {
	c, err := a.readConfig(file)
	var wrong *config.InvalidError
	switch {
	case errors.As(err, &wrong):
		_, _ = a.stderr.Write([]byte(a.report(wrong.Error()+"\n", a.live)))
		return nil, status(exitProblems)
	case err != nil:
		return nil, err
	}
	a.useStoreOf(c)
	return c, nil
}
