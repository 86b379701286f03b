// Package install puts Tandem into Slack workspaces by OAuth and keeps what
// Slack gives for them: the pages that an admin goes through, the tokens sealed
// in the store, their renewal ahead of expiry, and their end when Tandem is
// taken out again. It imports the Slack adapter, whose Installations and part of
// whose Changes it is, the domain and Slack's SDK.
//
// What Slack says of the way is at docs.slack.dev: "Installing with OAuth",
// "Using token rotation", and the references of oauth.v2.access, auth.revoke,
// tokens_revoked and app_uninstalled.
package install
