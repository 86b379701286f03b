// Package slacktest is a Slack in memory, for tests: workspaces with people,
// channels and apps, the Web API, the events with their signatures and retries,
// Socket Mode, response URLs, triggers, modals and home tabs, with the limits
// and the errors that Slack's documents name. Everything goes over HTTP and
// WebSockets on a loopback port, as with Slack itself.
//
// Time is the caller's: triggers, response URLs, tokens, rates and retries go by
// Options.Now. Only the three seconds that an app has to answer are real, since
// it is a real server that answers them; Options.Deadline shortens them.
package slacktest
