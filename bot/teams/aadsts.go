package teams

import (
	"encoding/json"
	"errors"
	"strconv"

	"golang.org/x/oauth2"
)

// refusal is what Microsoft's sign-in says where it gives out no token, and what
// an administrator can do about it.
type refusal struct{ what, fix string }

// refusals are the usual codes of the sign-in, from
// https://learn.microsoft.com/entra/identity-platform/reference-error-codes
var refusals = map[int]refusal{
	7000215: {"the secret is wrong", "copy the secret's value, not its id, from the Entra app's Certificates & secrets"},
	7000222: {"the secret has expired", "make a new one at the Entra app's Certificates & secrets"},
	700016:  {"there is no app with this id in the tenant", "compare the app's id and the tenant's with those on the Entra app's page"},
	90002:   {"there is no tenant with this id", "compare the tenant's id with that on the Entra app's page"},
	900023:  {"there is no tenant with this id", "compare the tenant's id with that on the Entra app's page"},
	700027:  {"the certificate is not one of the app's", "upload the certificate, without its key, at the Entra app's Certificates & secrets"},
	700024:  {"the sign-in came outside of its time", "set this machine's clock"},
	7000112: {"the app is disabled in the tenant", "enable its enterprise application in Entra"},
	7000229: {"the app has no enterprise application in the tenant", "make one at Entra: Enterprise applications, with the app's id"},
}

// refusedBy reads why the sign-in refused; false where it wasn't that it did.
func refusedBy(err error) (r refusal, ok bool) {
	e, ok := errors.AsType[*oauth2.RetrieveError](err)
	if !ok {
		return r, false
	}
	var said struct {
		Codes []int `json:"error_codes"`
	}
	_ = json.Unmarshal(e.Body, &said) // what can't be read names no code
	for _, code := range said.Codes {
		if r, known := refusals[code]; known {
			r.what += " (AADSTS" + strconv.Itoa(code) + ")"
			return r, true
		}
	}
	r = refusal{"it refuses Tandem's id, tenant, or secret or certificate", "compare them with the Entra app's page"}
	switch {
	case len(said.Codes) > 0:
		r.what += " (AADSTS" + strconv.Itoa(said.Codes[0]) + ")"
	case e.ErrorCode != "":
		r.what += " (" + head(e.ErrorCode, 80) + ")"
	}
	return r, true
}
