package store

import "time"

// Format is the version of the engagement file that this Tandem reads and writes.
const Format = "tandem/v1"

// Side is one of the two parties of an engagement.
type Side string

// The sides. Joint is an owner only: both sides hold the row together, and a
// lead rule says who acts.
const (
	Internal Side = "internal" // the client's own IT team
	MSP      Side = "msp"      // the managed service provider
	Joint    Side = "joint"
)

// Valid reports whether s is internal or msp.
func (s Side) Valid() bool { return s == Internal || s == MSP }

// Other returns the opposite side; joint has none and stays joint.
func (s Side) Other() Side {
	switch s {
	case Internal:
		return MSP
	case MSP:
		return Internal
	default:
		return s
	}
}

// Engagement is one client with its MSP: the matrix between them, the people
// of both, and the rhythm that they agreed on. Every local time in it is in
// TimeZone. The order of its lists is the order of the file.
type Engagement struct {
	ID              string   `json:"id"`
	Client          string   `json:"client"`
	MSP             string   `json:"msp"`
	Users           int      `json:"users,omitempty"`
	TimeZone        string   `json:"time_zone"` // IANA name
	BusinessHours   []Window `json:"business_hours,omitempty"`
	AfterHours      Side     `json:"after_hours,omitempty"` // "" means: the owner
	Holidays        []string `json:"holidays,omitempty"`    // calendar names and ISO dates
	Patterns        []string `json:"patterns,omitempty"`
	Frameworks      []string `json:"frameworks,omitempty"`
	OnboardingStart Date     `json:"onboarding_start,omitzero"`

	People     []Person   `json:"people"`
	Channels   []Channel  `json:"channels,omitempty"`
	Matrix     Matrix     `json:"matrix"`
	Tools      []Tool     `json:"tools,omitempty"`
	Artifacts  []Artifact `json:"artifacts,omitempty"`
	Severities []Severity `json:"severities,omitempty"`
	Playbook   Playbook   `json:"playbook,omitzero"`
	OnCall     []Rotation `json:"on_call,omitempty"`
	Cadences   []Cadence  `json:"cadences,omitempty"`
}

// Window is one stretch of business hours, the same on each of its days. To is
// after From and at most 24:00, so a window never crosses midnight.
type Window struct {
	Days []time.Weekday `json:"days"`
	From Clock          `json:"from"`
	To   Clock          `json:"to"`
}

// Roles that a person can hold.
const (
	RoleInternalLead = "internal-lead"
	RoleMSPLead      = "msp-lead"
	RoleVCIO         = "vcio"
	RoleExecutive    = "executive"
	RoleQualified    = "qualified-individual"
	RoleSecurity     = "security-officer"
	RoleSOC          = "soc"
	RoleEngineer     = "engineer"
	RoleStaff        = "staff"
)

// Roles lists every role that the engagement file knows.
var Roles = []string{
	RoleInternalLead, RoleMSPLead, RoleVCIO, RoleExecutive, RoleQualified,
	RoleSecurity, RoleSOC, RoleEngineer, RoleStaff,
}

// Person is somebody of either side. Slack is a member id, or TEAM/USER for
// somebody from a connected workspace; Teams is an Entra object id.
type Person struct {
	ID    string   `json:"id"`
	Name  string   `json:"name"`
	Side  Side     `json:"side"`
	Roles []string `json:"roles,omitempty"`
	Title string   `json:"title,omitempty"`
	Email string   `json:"email,omitempty"`
	Phone string   `json:"phone,omitempty"`
	Slack string   `json:"slack,omitempty"`
	Teams string   `json:"teams,omitempty"`
}

// Channel is a place where prompts go, with an address for each platform in use.
type Channel struct {
	Name  string `json:"name"`
	Slack string `json:"slack,omitempty"`
	Teams string `json:"teams,omitempty"`
}

// Matrix is one version of the responsibility matrix. A stored version never
// changes. It is signed when both sides have signed it; until then it is a draft.
type Matrix struct {
	Version    int         `json:"version"` // 0: the file named none
	Effective  Date        `json:"effective,omitzero"`
	Reason     string      `json:"reason,omitempty"`
	Signed     []Signature `json:"signed,omitempty"`
	Functions  []Function  `json:"functions"`
	OutOfScope []Exclusion `json:"out_of_scope,omitempty"`
}

// Signature is one side's agreement to a version of the matrix.
type Signature struct {
	By   string `json:"by"` // a person's id
	Date Date   `json:"date"`
}

// Function is a row of the matrix.
type Function struct {
	ID          string      `json:"id"`
	Name        string      `json:"name"`
	Area        string      `json:"area,omitempty"`
	Description string      `json:"description,omitempty"`
	Aliases     []string    `json:"aliases,omitempty"`
	Owner       Side        `json:"owner"` // internal, msp or joint
	Accountable Accountable `json:"accountable,omitzero"`
	Support     Side        `json:"support,omitempty"`
	Lead        LeadRule    `json:"lead,omitzero"`
	Duties      Duties      `json:"duties,omitzero"`
	Escalation  []string    `json:"escalation,omitempty"` // person ids and "on-call:NAME", in order
	Tool        string      `json:"tool,omitempty"`       // a layer
	Vendor      Vendor      `json:"vendor,omitzero"`
	Artifact    string      `json:"artifact,omitempty"` // an artifact's id
	Note        string      `json:"note,omitempty"`
}

// Accountable names who answers for a row: one person, or on a joint row one
// for each side. At most one of the two forms is used.
type Accountable struct {
	Person   string `json:"person,omitempty"`
	Internal string `json:"internal,omitempty"`
	MSP      string `json:"msp,omitempty"`
}

// People returns the ids named, internal before msp.
func (a Accountable) People() []string {
	var ids []string
	for _, id := range []string{a.Person, a.Internal, a.MSP} {
		if id != "" {
			ids = append(ids, id)
		}
	}
	return ids
}

// LeadRule says which side acts, in business hours and outside them. The zero
// rule means that the file gave none.
type LeadRule struct {
	BusinessHours Side `json:"business_hours,omitempty"`
	AfterHours    Side `json:"after_hours,omitempty"`
}

// Duties says who does which part of a joint row.
type Duties struct {
	Internal string `json:"internal,omitempty"`
	MSP      string `json:"msp,omitempty"`
}

// Vendor is the third party that really does the work of a row.
type Vendor struct {
	Name    string `json:"name,omitempty"`
	Contact string `json:"contact,omitempty"`
}

// Exclusion is something that both sides agreed is not part of the engagement.
type Exclusion struct {
	Name    string   `json:"name"`
	Aliases []string `json:"aliases,omitempty"`
	Note    string   `json:"note,omitempty"`
}

// Layers lists the usual layers of the tool stack; a file may name its own.
var Layers = []string{
	"rmm", "edr", "soc", "email-security", "backup", "documentation", "psa",
	"security-training", "dns-filtering", "vcio",
}

// Tool is the canonical product of one layer, and its exceptions.
type Tool struct {
	Layer         string          `json:"layer"`
	Product       string          `json:"product"`
	RunBy         Side            `json:"run_by,omitempty"`
	Also          []AlsoProduct   `json:"also,omitempty"`
	Replaces      []string        `json:"replaces,omitempty"` // uninstalled
	Grandfathered []Grandfathered `json:"grandfathered,omitempty"`
	DataOwner     Side            `json:"data_owner,omitempty"`
	Export        string          `json:"export,omitempty"`
}

// AlsoProduct is a lasting second product of a layer.
type AlsoProduct struct {
	Product string `json:"product"`
	Where   string `json:"where,omitempty"`
}

// Grandfathered is an exception that ends.
type Grandfathered struct {
	Product string `json:"product"`
	Where   string `json:"where,omitempty"`
	Until   Date   `json:"until,omitzero"`
}

// Artifact is an audit-relevant document with a named owner.
type Artifact struct {
	ID           string   `json:"id"`
	Name         string   `json:"name"`
	Aliases      []string `json:"aliases,omitempty"`
	Frameworks   []string `json:"frameworks,omitempty"`
	AuthoredBy   Side     `json:"authored_by,omitempty"`
	ExecutedBy   Side     `json:"executed_by,omitempty"`
	Owner        string   `json:"owner,omitempty"` // a person's id
	LastReviewed Date     `json:"last_reviewed,omitzero"`
	ReviewEvery  Duration `json:"review_every,omitzero"`
}

// Severity is one level of the incident scale; level 1 is the worst.
type Severity struct {
	Level            int      `json:"level"`
	Name             string   `json:"name,omitempty"`
	Examples         []string `json:"examples,omitempty"`
	RespondWithin    Duration `json:"respond_within,omitzero"` // wall clock
	Lead             LeadRule `json:"lead,omitzero"`
	Page             []string `json:"page,omitempty"` // sides or person ids told at once
	BusinessResponse string   `json:"business_response,omitempty"`
}

// Playbook says who may do what in an incident.
type Playbook struct {
	MayIsolateEndpoint []string `json:"may_isolate_endpoint,omitempty"`
	NotifiesLeadership string   `json:"notifies_leadership,omitempty"`
	CallOrder          []string `json:"call_order,omitempty"`
}

// Rotation is who is on call for a side, in turns. The first turn begins at
// the first Handoff on or after From; before it the first person holds it.
type Rotation struct {
	Side    Side     `json:"side"`
	Name    string   `json:"name,omitempty"` // "" where the side has one rotation
	From    Date     `json:"from"`
	Handoff Handoff  `json:"handoff"`
	Every   Duration `json:"every"` // whole days or weeks
	People  []string `json:"people"`
}

// Handoff is the weekly local time at which a rotation changes hands.
type Handoff struct {
	Day  time.Weekday `json:"day"`
	Time Clock        `json:"time"`
}

// CadenceKind is what sort of meeting, report or exercise a cadence is.
type CadenceKind string

// The kinds.
const (
	KindStandup       CadenceKind = "standup"
	KindReport        CadenceKind = "report"
	KindQBR           CadenceKind = "qbr"
	KindMatrixReview  CadenceKind = "matrix-review"
	KindTestedRestore CadenceKind = "tested-restore"
	KindTabletop      CadenceKind = "tabletop"
	KindAttestation   CadenceKind = "attestation"
	KindCustom        CadenceKind = "custom"
)

// CadenceKinds lists every kind.
var CadenceKinds = []CadenceKind{
	KindStandup, KindReport, KindQBR, KindMatrixReview, KindTestedRestore,
	KindTabletop, KindAttestation, KindCustom,
}

// Week narrows a cron line with a weekday to the n-th of its month.
type Week int

// LastWeek is `last` (or 5) in the file: the last such weekday of the month.
const LastWeek Week = 5

// What a due date that falls on a holiday does.
const (
	HolidayNextBusinessDay = "next-business-day"
	HolidayKeep            = "keep"
	HolidaySkip            = "skip"
)

// Cadence is one agreed rhythm.
type Cadence struct {
	ID         string      `json:"id"`
	Name       string      `json:"name"`
	Kind       CadenceKind `json:"kind"`
	Schedule   string      `json:"schedule"` // five-field cron line, local time
	Week       Week        `json:"week,omitempty"`
	Channel    string      `json:"channel,omitempty"`
	Owner      string      `json:"owner,omitempty"`
	Expects    []string    `json:"expects,omitempty"`
	Leadership []string    `json:"leadership,omitempty"`
	Questions  []string    `json:"questions,omitempty"`
	Agenda     []string    `json:"agenda,omitempty"`
	Remind     []Duration  `json:"remind,omitempty"` // before the due date
	Grace      Duration    `json:"grace,omitzero"`   // zero: the default, one business day
	OnHoliday  string      `json:"on_holiday,omitempty"`
}

// Absence is a stretch of whole local days, both ends included, in which a
// person leads nothing; Cover, if named, stands in.
type Absence struct {
	Person string `json:"person"`
	From   Date   `json:"from"`
	To     Date   `json:"to"`
	Cover  string `json:"cover,omitempty"`
}

// Covers reports whether the absence holds on day d.
func (a Absence) Covers(d Date) bool { return !d.Before(a.From) && !a.To.Before(d) }
