// Ids that are one person (desk/register/alias.h) in look-ups: those of whom is asked,
// and contacts that were found by several.
#ifndef WF_ACCESS_ASKED_ONE_PERSON_H
#define WF_ACCESS_ASKED_ONE_PERSON_H

#include "access/city/city.h"
#include "epi/contacts.h"
#include "trace/net.h"

// The other ids of the person who is asked for, so that what was told of a second record
// of a case is read as told of the case. In the arena.
weft_status wf_person_own_ids(weft_city *city, wf_person person, wf_arena *arena,
                              wf_own_ids *ret, weft_error *error) WEFT_MUST_CHECK;

// Leaves of each person the first row, under the id that lists show: what is known of the
// others is left out, for two records may have been at one place at once. Nobody is their
// own contact: rows of the index by another id are left out, too. *ret_left_out is how
// many were; they are no more among those that were found, by level.
weft_status wf_contacts_join_ids(weft_city *city, wf_person index, wf_contacts *found,
                                 size_t *ret_left_out, weft_error *error) WEFT_MUST_CHECK;

#endif
