// Which case a number is of: its own id, or another number that it goes by
// (case.reported: known_as, known_as_too). Every question that takes a case asks here, so
// that all of them mean the same one.
#ifndef WF_ACCESS_ASKED_CASE_NUMBER_H
#define WF_ACCESS_ASKED_CASE_NUMBER_H

#include "access/city/city.h"
#include "desk/reference.h"

// *ret, in the arena: the id of the case that goes by `number`, of those that `reached`
// says who asks reaches (NULL: all of them). Where none does it is `number` again, which
// whoever goes on with it finds unknown: that a case goes by it elsewhere is told to
// nobody. Where several do: WEFT_CONFLICT ("case.number_several"), which names these.
weft_status wf_case_number(weft_city *city, const char *number, wf_case_reached reached,
                           void *context, wf_arena *arena, const char **ret,
                           weft_error *error) WEFT_MUST_CHECK;

// WEFT_CONFLICT as above, of several.
weft_status wf_case_number_several(const wf_cases_named *named, weft_error *error);

#endif
