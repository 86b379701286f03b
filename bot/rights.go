package bot

import (
	"slices"

	"github.com/tandem-bot/tandem/store"
)

// Role is what somebody is to an engagement. Of several the highest counts.
type Role string

// The roles, lowest first.
const (
	Stranger  Role = "stranger"  // on no list of the engagement
	Staff     Role = "staff"     // anybody on the list
	Executive Role = "executive" // an executive or the vCIO
	Lead      Role = "lead"      // the internal lead or the MSP's lead
)

// Right is something that a person may or may not do.
type Right string

// The rights.
const (
	MayAsk         Right = "ask"         // ask who owns what, see names and sides
	MayAcknowledge Right = "acknowledge" // what they were asked to
	MayAnswer      Right = "answer"      // a standup; say that they are away
	MayConverse    Right = "converse"    // open a conversation, see the team's day-to-day
	MayRead        Right = "read"        // everything about the engagement
	MayManage      Right = "manage"      // propose, sign, announce, record, pause, move, on behalf
)

// rights is the one table of who may do what (PRODUCT §8).
var rights = map[Role][]Right{
	Stranger:  {MayAsk},
	Staff:     {MayAsk, MayAcknowledge, MayAnswer, MayConverse},
	Executive: {MayAsk, MayAcknowledge, MayAnswer, MayConverse, MayRead},
	Lead:      {MayAsk, MayAcknowledge, MayAnswer, MayConverse, MayRead, MayManage},
}

// May reports whether the role holds the right.
func (r Role) May(what Right) bool { return slices.Contains(rights[r], what) }

// RoleOf returns the highest role that a person's roles give.
func RoleOf(p *store.Person) Role {
	switch {
	case p == nil:
		return Stranger
	case p.Side == store.Internal && p.HasRole(store.RoleInternalLead), p.Side == store.MSP && p.HasRole(store.RoleMSPLead):
		return Lead
	case p.HasRole(store.RoleExecutive), p.HasRole(store.RoleVCIO):
		return Executive
	default:
		return Staff
	}
}

// needs says in words who holds a right.
var needs = map[Right]string{
	MayAsk:         "anybody",
	MayAcknowledge: "people of the engagement",
	MayAnswer:      "people of the engagement",
	MayConverse:    "people of the engagement",
	MayRead:        "leads, executives and the vCIO",
	MayManage:      "the leads of both sides",
}
