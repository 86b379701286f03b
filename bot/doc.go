// Package bot is the chat seam: what a person did comes in as an Event, a
// Router finds out who they are, what they may do and which command they mean,
// and the Reply goes back as a card. It knows no platform; each has a room of its
// own that turns its traffic into Events and cards into its own messages.
package bot
