// Whether a token, a secret, an assignment or a custody can be: that a token exceeds
// neither whom it is for nor who makes it, and that nobody is handed over by those in
// whose charge they are not.
#ifndef WF_DESK_REGISTER_ACCOUNT_CHECK_H
#define WF_DESK_REGISTER_ACCOUNT_CHECK_H

#include "desk/subject.h"

// Judges a decision about them; `state`: how its subject stands, `rows` and `store` as
// wf_judge has them. Of other decisions nothing is said. Refused, WEFT_BAD_INPUT with the
// field:
//   token.issued       "token.there"    it was issued before
//                      "token.holder"   not for one device or user that may work
//                      "token.role", "token.area"  not the holder's
//                      "token.maker"    nobody who may work
//                      "token.exceeds"  more than its maker may give
//   token.revoked      "token.unknown"
//   user.secret_set    "user.unknown", "secret.form"
//   assignment.given   "assignment.there", "user.unknown", "assignment.over"
//                      "assignment.reference"  of no known case or person in the charge
//                      of who gives it
//   assignment.ended   "assignment.unknown"
//   custody.given      "custody.there", "custody.over", "custody.person" (as above)
//                      "custody.reason"    what it rests on is not there, or dead
//   custody.taken      "custody.unknown"   none goes on that was handed to the fact's
//   grid
//                      "custody.same"      who hands over is not who takes
//   custody.ended      "custody.unknown"
// In whose charge: the person lives in the fact's grid, or is in its custody; of a fact
// without a grid, which only the owner sends, everybody is. What stands instead of an
// earlier fact may name what is there.
weft_status wf_account_check(wf_store *store, wf_database *rows, const wf_fact *fact,
                             wf_subject_state state, weft_error *error) WEFT_MUST_CHECK;

#endif
