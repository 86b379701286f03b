package store

import "strings"

// Person returns the person with the id, and whether there is one.
func (e *Engagement) Person(id string) (*Person, bool) {
	for i := range e.People {
		if e.People[i].ID == id {
			return &e.People[i], true
		}
	}
	return nil, false
}

// Function returns the row with the id, and whether there is one.
func (e *Engagement) Function(id string) (*Function, bool) {
	for i := range e.Matrix.Functions {
		if e.Matrix.Functions[i].ID == id {
			return &e.Matrix.Functions[i], true
		}
	}
	return nil, false
}

// Tool returns the tool of the layer, and whether there is one.
func (e *Engagement) Tool(layer string) (*Tool, bool) {
	for i := range e.Tools {
		if e.Tools[i].Layer == layer {
			return &e.Tools[i], true
		}
	}
	return nil, false
}

// Artifact returns the document with the id, and whether there is one.
func (e *Engagement) Artifact(id string) (*Artifact, bool) {
	for i := range e.Artifacts {
		if e.Artifacts[i].ID == id {
			return &e.Artifacts[i], true
		}
	}
	return nil, false
}

// Severity returns the level, and whether there is one.
func (e *Engagement) Severity(level int) (*Severity, bool) {
	for i := range e.Severities {
		if e.Severities[i].Level == level {
			return &e.Severities[i], true
		}
	}
	return nil, false
}

// SideLead returns the first person of the side with its lead role
// (internal-lead or msp-lead), who answers where no one is named.
func (e *Engagement) SideLead(side Side) (*Person, bool) {
	role := RoleInternalLead
	if side == MSP {
		role = RoleMSPLead
	}
	for i := range e.People {
		if p := &e.People[i]; p.Side == side && p.HasRole(role) {
			return p, true
		}
	}
	return nil, false
}

// SideName returns what people call the side: the client's or the MSP's name.
func (e *Engagement) SideName(side Side) string {
	switch side {
	case Internal:
		return e.Client
	case MSP:
		return e.MSP
	default:
		return e.Client + " and " + e.MSP
	}
}

// HasRole reports whether the person holds the role.
func (p *Person) HasRole(role string) bool {
	for _, r := range p.Roles {
		if r == role {
			return true
		}
	}
	return false
}

// Draft reports whether the matrix lacks a signature of either side.
func (e *Engagement) Draft() bool {
	var internal, msp bool
	for _, s := range e.Matrix.Signed {
		if p, ok := e.Person(s.By); ok {
			internal = internal || p.Side == Internal
			msp = msp || p.Side == MSP
		}
	}
	return !internal || !msp
}

// OnCallPrefix starts an escalation step that names a rotation.
const OnCallPrefix = "on-call:"

// Rotation finds what an escalation step such as "on-call:msp" or
// "on-call:soc" names: the rotation of that name, or else the first of that side.
func (e *Engagement) Rotation(step string) (*Rotation, bool) {
	name, ok := strings.CutPrefix(step, OnCallPrefix)
	if !ok {
		return nil, false
	}
	for i := range e.OnCall {
		if r := &e.OnCall[i]; r.Name != "" && r.Name == name {
			return r, true
		}
	}
	return e.SideRotation(Side(name))
}

// SideRotation returns the side's first rotation.
func (e *Engagement) SideRotation(side Side) (*Rotation, bool) {
	for i := range e.OnCall {
		if e.OnCall[i].Side == side {
			return &e.OnCall[i], true
		}
	}
	return nil, false
}
