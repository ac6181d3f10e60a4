// Ids that are one person, joined only in reading (DESIGN §3): facts and rows keep the id
// that they came with.
//
// Table "alias" has a row for each id that person.same joins with another, also by way of
// a third: `same_as` is the id by which all of them are found, the least of them
// bytewise, so that it is the same whatever order they came in; `rank` is the place of
// this one among them, from 0. An id without a row stands for itself. Under which of them
// a list shows the person is another question (desk/register/shared/shown.sql).
// person.not_same takes back what person.same says of the same two, and nothing else.
//
// The table follows person_same within its transactions (store/records/records.h). What
// is published reads it (desk/queries.h), so that it follows before that is.
#ifndef WF_DESK_REGISTER_ALIAS_H
#define WF_DESK_REGISTER_ALIAS_H

#include "store/store.h"

typedef struct wf_alias wf_alias;

weft_status wf_alias_new(wf_numbers numbers, wf_alias **ret,
                         weft_error *error) WEFT_MUST_CHECK;
void wf_alias_free(wf_alias *alias); // after the store is closed; NULL does nothing

// Keeps the table; lives as long as the alias.
wf_follower wf_alias_follower(wf_alias *alias);

// Appends the numbers (uint32_t) of all ids of the person who has this one, itself among
// them. `db` is a reader's.
weft_status wf_alias_members(wf_database *db, uint32_t person, wf_buffer *ret,
                             weft_error *error) WEFT_MUST_CHECK;

// An id that is joined with another, and the id under which lists show the person
// (desk/register/shared/shown.sql).
typedef struct {
    uint32_t person, shown;
} wf_alias_shown;

// Appends one for each such id, by number. `db` is a reader's, where views are published.
weft_status wf_alias_read_shown(wf_database *db, wf_buffer *ret,
                                weft_error *error) WEFT_MUST_CHECK;
// Among those; NULL: it stands for itself.
const wf_alias_shown *wf_alias_find_shown(const wf_buffer *all, uint32_t person);

#endif
