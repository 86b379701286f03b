// Package slack carries Tandem's conversations in Slack: signed requests or
// Socket Mode come in as bot.Events, cards go out as Block Kit. It imports the
// chat seam and Slack's SDK, and knows no command.
//
// A delivery goes this way, by HTTP and by Socket Mode alike: verified, written
// into the Inbox, answered, and only then worked on. What the process did not
// get to before it ended is worked on when it starts again.
package slack

// Platform is the platform's name in events and addresses.
const Platform = "slack"
