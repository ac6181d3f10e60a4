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

// A fact names a case by its own id, a reference (assignment.given: "case:C-0001") as
// well: what is opened by it is asked by that. One that names it by another of its
// numbers would be of nobody's case, and what its sender said is not changed: it is
// refused, with the field, and told the id to write: WEFT_BAD_INPUT ("case.number_other";
// of several cases "case.number_several"). A number that no case goes by yet is taken:
// facts come in any order, and the hole cases/contacts_wait says so once its case has
// come. So is what the store has already, whatever has become known since: the same line
// twice is one fact. Not asked of case.reported, which makes cases, and of
// contact.dismissed, which ends what stands under the number.
weft_status wf_case_number_judge(weft_city *city, const wf_fact *fact,
                                 wf_case_reached reached, void *context,
                                 weft_error *error) WEFT_MUST_CHECK;

// What the sender of a report of a case that is taken should know, with the field: its
// own id is another number of cases that are there ("case.second": it becomes one more),
// or one of its numbers is one of another case, too ("case.number_shared"). Of cases that
// `reached` says the sender reaches (NULL: all). By what stood before: it is asked before
// the report is stored. ret->code NULL: nothing; so it is with all other kinds.
weft_status wf_case_number_warn(weft_city *city, const wf_fact *fact,
                                wf_case_reached reached, void *context, weft_error *ret,
                                weft_error *error) WEFT_MUST_CHECK;

// Whether facts of this kind are asked at all. Some ns.
bool wf_case_number_is_named(const wf_kind *kind);

#endif
