// Package teams is Tandem in Microsoft Teams: activities come in by HTTP with a
// token of the Bot Connector, and cards go out as Adaptive Cards through its REST
// interface. Adaptive Cards are drawn by Render, which is pure. The adapter of
// github.com/infracloudio/msbotbuilder-go is assembled from parts of our own
// where its own are not sound: the validator of tokens, and the client.
package teams

// Platform is the name of the platform in events and addresses.
const Platform = "teams"
