// Package web is a chat in the browser that needs no account: a platform whose
// pages, messages and people are Tandem's own. One chooses who to speak as, sees
// the channels of the engagement and a direct message with Tandem, and moves the
// clock. Pages are rendered here and work without a script; a small one makes
// them live. It is made for trying Tandem out: whoever reaches the page may
// speak as anybody, so it answers on the machine's own names unless told others.
package web
