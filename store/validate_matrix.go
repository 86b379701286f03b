package store

func (c *checker) matrix() {
	m := c.e.Matrix
	if m.Version < 0 {
		c.error("matrix.version", "", "the first version is 1, not %d", m.Version)
	}
	c.date("matrix.effective", m.Effective)
	c.text("matrix.reason", m.Reason)
	c.signatures()
	if len(m.Functions) == 0 {
		c.missing("matrix.functions", "functions", "a matrix has at least one row")
	}
	ids := c.unique("row")
	for i, f := range m.Functions {
		path := at("matrix.functions", i)
		if c.slug(path+".id", "id", f.ID) {
			ids(path+".id", f.ID, f.Name)
		}
		c.function(path, f)
	}
	for i, x := range m.OutOfScope {
		c.exclusion(at("matrix.out_of_scope", i), x)
	}
}

func (c *checker) signatures() {
	seen := map[string]bool{}
	for i, s := range c.e.Matrix.Signed {
		path := at("matrix.signed", i)
		if s.By == "" {
			c.missing(path+".by", "by", "write a person's id")
		}
		c.person(path+".by", s.By)
		if seen[s.By] && s.By != "" {
			c.error(path+".by", "one person signs once", "%s has signed twice", s.By)
		}
		seen[s.By] = true
		if s.Date.IsZero() {
			c.missing(path+".date", "date", "write the day of the signature")
		}
		c.date(path+".date", s.Date)
	}
}

func (c *checker) function(path string, f Function) {
	c.required(path+".name", "name", f.Name)
	c.owner(path+".owner", f.Owner)
	c.line(path+".area", f.Area)
	c.text(path+".description", f.Description)
	c.lines(path+".aliases", f.Aliases)
	c.accountable(path+".accountable", f)
	c.sideOr(path+".support", "support", f.Support)
	c.functionLead(path, f)
	c.text(path+".duties.internal", f.Duties.Internal)
	c.text(path+".duties.msp", f.Duties.MSP)
	c.stepList(path+".escalation", f.Escalation)
	c.reference(path+".tool", "layer", "tools", f.Tool, c.layers)
	c.line(path+".vendor.name", f.Vendor.Name)
	c.line(path+".vendor.contact", f.Vendor.Contact)
	if f.Vendor.Name == "" && f.Vendor.Contact != "" {
		c.missing(path+".vendor.name", "name", "")
	}
	c.reference(path+".artifact", "artifact", "artifacts", f.Artifact, c.documents)
	c.text(path+".note", f.Note)
}

func (c *checker) owner(path string, s Side) {
	switch {
	case s == "":
		c.missing(path, "owner", "write internal, msp or joint")
	case !s.Valid() && s != Joint:
		c.error(path, oneOf(string(s), []string{string(Internal), string(MSP), string(Joint)}), "%q is not an owner", short(string(s)))
	}
}

func (c *checker) accountable(path string, f Function) {
	a := f.Accountable
	c.person(path, a.Person)
	c.person(path+".internal", a.Internal)
	c.person(path+".msp", a.MSP)
	perSide := a.Internal != "" || a.MSP != ""
	switch {
	case perSide && a.Person != "":
		c.error(path, "", "accountable is one person, or one for each side, not both")
	case perSide && f.Owner.Valid():
		c.error(path, "name one person", "only a joint row names an accountable person for each side")
	}
}

// functionLead checks the lead rule; a joint row must say who leads at every hour.
func (c *checker) functionLead(path string, f Function) {
	c.lead(path+".lead", f.Lead)
	if f.Owner != Joint {
		return
	}
	const hint = "write lead: msp, or lead: {business_hours: internal, after_hours: msp}"
	switch {
	case f.Lead == LeadRule{}:
		c.error(path+".lead", hint, "a joint row has to say who leads")
	case f.Lead.BusinessHours == "":
		c.error(path+".lead", hint, "a joint row has to say who leads in business hours as well")
	case f.Lead.AfterHours == "":
		c.error(path+".lead", hint, "a joint row has to say who leads after hours as well")
	}
}

func (c *checker) exclusion(path string, x Exclusion) {
	c.required(path+".name", "name", x.Name)
	c.lines(path+".aliases", x.Aliases)
	c.text(path+".note", x.Note)
}

func (c *checker) tools() {
	layers := c.unique("layer")
	for i, t := range c.e.Tools {
		path := at("tools", i)
		if c.slug(path+".layer", "layer", t.Layer) {
			layers(path+".layer", t.Layer, t.Product)
		}
		c.required(path+".product", "product", t.Product)
		c.sideOr(path+".run_by", "run_by", t.RunBy)
		c.sideOr(path+".data_owner", "data_owner", t.DataOwner)
		c.text(path+".export", t.Export)
		c.lines(path+".replaces", t.Replaces)
		for j, a := range t.Also {
			here := at(path+".also", j)
			c.required(here+".product", "product", a.Product)
			c.line(here+".where", a.Where)
		}
		for j, g := range t.Grandfathered {
			here := at(path+".grandfathered", j)
			c.required(here+".product", "product", g.Product)
			c.line(here+".where", g.Where)
			c.date(here+".until", g.Until)
		}
	}
}

func (c *checker) artifacts() {
	ids := c.unique("artifact")
	for i, a := range c.e.Artifacts {
		path := at("artifacts", i)
		if c.slug(path+".id", "id", a.ID) {
			ids(path+".id", a.ID, a.Name)
		}
		c.required(path+".name", "name", a.Name)
		c.lines(path+".aliases", a.Aliases)
		c.frameworks(path+".frameworks", a.Frameworks)
		c.sideOr(path+".authored_by", "authored_by", a.AuthoredBy)
		c.sideOr(path+".executed_by", "executed_by", a.ExecutedBy)
		c.person(path+".owner", a.Owner)
		c.date(path+".last_reviewed", a.LastReviewed)
		c.duration(path+".review_every", a.ReviewEvery, Days, Weeks, Months, Years)
	}
}
