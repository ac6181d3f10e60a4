// What people are sought by: names, phones, numbers of documents, brought into the form
// in which they are compared. One place, so that what was indexed and what is asked
// cannot differ.
//
// A name: full-width letters, digits and signs become plain ones, ASCII letters small.
// Blanks and middle dots (also a full stop in their place) part words and are no letters:
// the whole name is what is left without them. Its parts are each two neighbouring
// characters where the script is written without blanks (everything from U+2E80 on:
// Chinese, kana, hangul), else each word. A name of one such character has no part.
//
// A phone number: its digits; +86 or 0086 before them is left out, and so is 86 before a
// mobile number. A cell may hold several, parted by / , ; 、 or their full-width forms.
// A number of a document: its digits and letters, which are made capital.
//
// Threads: all functions may run in parallel.
#ifndef WF_MODEL_SEARCH_H
#define WF_MODEL_SEARCH_H

#include "base/text.h"
#include "model/columns.h"

// The first bytes of a grid code that name a town: parts of names are found by town.
#define WF_TOWN_BYTES 9
wf_text wf_search_town(wf_text grid);

typedef struct {
    wf_text text;
    bool is_part; // of a name; else the whole
} wf_search_term;

// 256 bytes give at most 128 words and the whole name.
#define WF_SEARCH_TERMS_MAX 132
typedef struct {
    wf_search_term terms[WF_SEARCH_TERMS_MAX]; // each once; texts lie in `bytes`
    size_t count;
    char bytes[4 * WF_TEXT_BYTES_MAX];
    size_t bytes_used;
} wf_search_terms;

// The terms of a value of at most WF_TEXT_BYTES_MAX bytes of UTF-8, which is all that
// columns take: of a name the whole one first, then its parts; of a phone cell each
// number. None when nothing is left.
void wf_search_terms_of(wf_search_rule rule, wf_text value, wf_search_terms *ret);

// True when the whole of `asked` (its first term) is a whole term of `value`.
bool wf_search_is_whole(const wf_search_terms *asked, const wf_search_terms *value);
// True when `asked` has parts and all of them are parts of `value`.
bool wf_search_has_parts(const wf_search_terms *asked, const wf_search_terms *value);
// True when whoever has the same whole name has the same parts: nothing in it is parted
// by blanks, and it has a part.
bool wf_search_parts_tell(const wf_search_terms *asked);

#endif
