package teams

import (
	"encoding/json"

	"github.com/infracloudio/msbotbuilder-go/schema"
)

// prune writes what the SDK's structs mean: they would send times of the year one
// and empty objects along, which were never said. The card goes as it is.
func prune(v any) ([]byte, error) {
	var page any
	switch a := v.(type) {
	case schema.Activity:
		page, v = aside(&a), a
	case schema.ConversationParameters:
		page, v = aside(&a.Activity), a
	}
	data, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	var all any
	if err := json.Unmarshal(data, &all); err != nil {
		return nil, err
	}
	said := meant(all)
	if said == nil {
		said = object{}
	}
	if page != nil {
		to, _ := said.(object)
		if _, params := v.(schema.ConversationParameters); params {
			to, _ = to["activity"].(object)
		}
		to["attachments"] = page
	}
	return encode(said)
}

// aside takes the attachments out of an activity.
func aside(a *schema.Activity) any {
	if len(a.Attachments) == 0 {
		return nil
	}
	kept := make([]object, len(a.Attachments))
	for i, one := range a.Attachments {
		kept[i] = object{"contentType": one.ContentType, "content": one.Content}
	}
	a.Attachments = nil
	return kept
}

// meant leaves out what is empty; nil says that nothing is left.
func meant(v any) any {
	switch v := v.(type) {
	case object:
		for name, of := range v {
			if of = meant(of); of == nil {
				delete(v, name)
			} else {
				v[name] = of
			}
		}
		if len(v) == 0 {
			return nil
		}
	case string:
		if v == "" || v == "0001-01-01T00:00:00Z" {
			return nil
		}
	}
	return v
}
