package commands

import (
	"regexp"
	"slices"
	"strings"
	"unicode"

	"github.com/tandem-bot/tandem/bot/card"
	"github.com/tandem-bot/tandem/store"
)

// standing is what a product is to an engagement.
type standing int

const (
	canonical standing = iota
	lasting            // a second product, for good
	exception          // grandfathered
	retired            // replaced
)

// product is a product that an engagement's record names.
type product struct {
	name     string
	standing standing
	where    string
	until    store.Date // of an exception
}

// productsOf lists every product that a tool's record names.
func productsOf(t *store.Tool) []product {
	out := []product{{name: t.Product}}
	for _, a := range t.Also {
		out = append(out, product{name: a.Product, standing: lasting, where: a.Where})
	}
	for _, g := range t.Grandfathered {
		out = append(out, product{name: g.Product, standing: exception, where: g.Where, until: g.Until})
	}
	for _, name := range t.Replaces {
		out = append(out, product{name: name, standing: retired})
	}
	return out
}

// verdict answers "is X ours?" for the product that the question names:
// ours, an exception, retired or unknown. It is "" where the question names
// none, or where it could be two: a verdict is never a guess.
func (d *Desk) verdict(t *store.Tool, question string, today store.Date) string {
	asked, narrow := askedProduct(question)
	if !narrow {
		asked = question
	}
	if p, ok := named(productsOf(t), asked, narrow); ok {
		return p.verdict(t.Product, narrow, today)
	}
	if d.asksUnknownProduct(question) {
		return string(unknownProduct(question))
	}
	return ""
}

// verdict says what the product is beside ours. It says yes or no only where
// that was asked.
func (p *product) verdict(ours string, asked bool, today store.Date) string {
	yes, no := "", ""
	if asked {
		yes, no = "Yes, ", "No, "
	}
	switch p.standing {
	case lasting:
		return yes + placed(p.name, p.where) + " is ours too, beside " + ours + "."
	case exception:
		if !p.until.IsZero() && p.until.Before(today) {
			return "No longer: " + placed(p.name, p.where) + " was an exception that ended " + day(p.until) + ". It is " + ours + " now."
		}
		return "As an exception: " + placed(p.name, p.where) + ", " + ending(p.until, today) + ". Everywhere else it is " + ours + "."
	case retired:
		return no + p.name + " is retired: " + ours + " replaced it."
	default:
		return yes + p.name + " is ours."
	}
}

// unknownProduct says what the record does not say. It claims no more than
// that: the word may be a nickname.
func unknownProduct(question string) card.Paragraph {
	asked, _ := askedProduct(question)
	return card.Paragraph("The tool list names no product called \u201c" + asked + "\u201d.")
}

// asksUnknownProduct reports whether a question is nothing but whether a
// product is ours, and the record names none like it. Nobody who asks that
// wants to be told what can be asked.
func (d *Desk) asksUnknownProduct(question string) bool {
	asked, ok := askedProduct(question)
	return ok && telling(productWords(asked)) && !d.hasProduct(asked)
}

// telling reports whether any of the words is one that names something:
// "backup" alone is a layer or a row.
func telling(words []string) bool {
	return slices.ContainsFunc(words, func(w string) bool { return !common[w] })
}

// hasProduct reports whether any tool of the engagement has a product that the
// words could mean, also by a slip of the keyboard or by one of its words.
func (d *Desk) hasProduct(asked string) bool {
	var all []string
	for i := range d.e.Tools {
		for _, p := range productsOf(&d.e.Tools[i]) {
			words := productWords(p.name)
			if near(productWords(asked), words) > 0 {
				return true
			}
			all = append(all, p.name)
			all = append(all, slices.DeleteFunc(words, func(w string) bool { return common[w] })...)
		}
	}
	_, ok := store.Nearest(asked, all)
	return ok
}

// named returns the product that the words name best. Where narrow, they are
// nothing but a product's name, so that every one of them has to fit.
func named(products []product, asked string, narrow bool) (*product, bool) {
	words := productWords(asked)
	var best *product
	most, tied := 0, false
	for i := range products {
		p := &products[i]
		n := near(words, productWords(p.name))
		switch {
		case narrow && !covers(words, productWords(p.name)), n == 0:
		case n > most:
			best, most, tied = p, n, false
		case n == most:
			tied = true
		}
	}
	return best, best != nil && !tied
}

// near counts how many of a product's words are among those of a question. It
// is 0 where they are common words alone: Microsoft, Backup and Cloud name no
// product, unless the product has no other name.
func near(asked, product []string) int {
	var found []string
	for _, w := range product {
		if has(asked, w) {
			found = append(found, w)
		}
	}
	if telling(found) || len(found) == len(product) {
		return len(found)
	}
	return 0
}

// covers reports whether every word asked for is one of the product's, or the
// two are the same but for spaces.
func covers(asked, product []string) bool {
	if strings.Join(asked, "") == strings.Join(product, "") {
		return true
	}
	for i, w := range asked {
		joined := i > 0 && slices.Contains(product, asked[i-1]+w) || i+1 < len(asked) && slices.Contains(product, w+asked[i+1])
		if !slices.Contains(product, w) && !joined {
			return false
		}
	}
	return true
}

// has reports whether a word is among others, also as two of them: "sentinel
// one" is SentinelOne.
func has(words []string, word string) bool {
	for i, w := range words {
		if w == word || i > 0 && words[i-1]+w == word {
			return true
		}
	}
	return false
}

// productWords are the words of a name without those that carry nothing.
func productWords(text string) []string {
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	})
	return slices.DeleteFunc(words, func(w string) bool { return w == "for" || w == "the" || w == "and" || w == "s" })
}

// common are words that stand in the names of many products.
var common = map[string]bool{
	"microsoft": true, "windows": true, "google": true, "apple": true, "cisco": true, "365": true, "office": true,
	"cloud": true, "backup": true, "business": true, "security": true, "email": true, "mail": true, "defense": true,
	"endpoint": true, "mdr": true, "edr": true, "soc": true, "rmm": true, "psa": true, "dns": true, "it": true,
	"remote": true, "management": true, "manager": true, "service": true, "services": true, "desk": true, "help": true,
	"protection": true, "awareness": true, "training": true, "filter": true, "filtering": true, "pro": true,
	"one": true, "server": true, "client": true, "agent": true, "data": true, "online": true, "suite": true,
	"phone": true, "phones": true, "web": true, "on": true, "of": true, "in": true, "by": true, "to": true, "my": true,
}

// isOurs are the ways to ask whether a product is ours and nothing else.
var isOurs = []*regexp.Regexp{
	regexp.MustCompile(`(?i)^\s*is\s+(.+?)(?:\s+still)?\s+(?:one\s+of\s+)?ours\b(?:\s+or\s+theirs)?\s*[?.!]*\s*$`),
	regexp.MustCompile(`(?i)^\s*(?:do|are)\s+we\s+(?:still\s+)?(?:use|using|run|running)\s+(.+?)\s*[?.!]*\s*$`),
}

// longestProduct bounds the words of what is taken for a product's name.
const longestProduct = 3

// askedProduct returns the product that a question asks about and nothing
// else. "Is the antivirus ours" asks about a layer: no product's name begins
// with an article.
func askedProduct(question string) (string, bool) {
	const longest = 100 // bytes; no longer question asks only that
	if len(question) > longest {
		return "", false
	}
	for _, form := range isOurs {
		match := form.FindStringSubmatch(question)
		if match == nil {
			continue
		}
		words := strings.Fields(match[1])
		if len(words) > 0 && len(words) <= longestProduct && !opening[strings.ToLower(words[0])] && len(productWords(match[1])) > 0 {
			return strings.Join(words, " "), true
		}
	}
	return "", false
}

// opening are words that begin a description rather than a name.
var opening = map[string]bool{
	"the": true, "this": true, "that": true, "our": true, "my": true, "your": true, "their": true, "a": true, "an": true,
	"any": true, "it": true, "these": true, "those": true, "some": true, "anything": true, "something": true, "there": true,
}
