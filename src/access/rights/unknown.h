// Facts that name what nobody has told of yet: a case that was not reported, a place that
// is not registered, somebody whom nobody named before and who is said to have been
// called, placed or tested. Facts come in any order, so they are taken; whoever sent one
// is asked whether the id is right.
//
// A case out of the sender's reach is asked about as one that is not there, so that
// nobody learns of it. Of places and people, who are named wherever they are, only those
// are asked who work for the whole city: others would learn by the question that is not
// asked who is known elsewhere. Residents are asked nothing.
//
// Threads: one at a time on one reader.
#ifndef WF_ACCESS_RIGHTS_UNKNOWN_H
#define WF_ACCESS_RIGHTS_UNKNOWN_H

#include "access/rights/named.h"

// What facts of one body tell of, before the rows hold it; {0}: nothing.
typedef struct {
    struct wf_told_of {
        wf_named what;
        wf_text id; // borrowed of the fact
    } * all;
    size_t count, capacity;
} wf_told_before;

// Notes what the fact tells of: what comes behind it in its body may name that.
weft_status wf_unknown_note(wf_told_before *told, const wf_fact *fact, wf_arena *arena,
                            weft_error *error) WEFT_MUST_CHECK;

// Whether something is to be asked; *ret is then a warning with its field:
//   case.unknown_yet     of every kind that says something of a case, but
//   contact.dismissed,
//                        which ends what stands under a wrong number
//   place.unknown_yet    of visit.stated
//   person.unknown_yet   of contact.attempted, reached, placed and tested
// `told`: NULL or what came before it in its body.
weft_status wf_unknown_asks(const wf_named_by *by, const wf_told_before *told,
                            const wf_fact *fact, bool *ret_asks, weft_error *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Whether anything is asked about facts of this kind. Some ns.
bool wf_unknown_may_ask(const wf_kind *kind);

#endif
