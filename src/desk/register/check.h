// Whether what is said of an outbreak, a device or a user can be, by how it stands.
#ifndef WF_DESK_REGISTER_CHECK_H
#define WF_DESK_REGISTER_CHECK_H

#include "desk/subject.h"

// Judges a checked decision of the register desk; `state`: how its subject stands.
// Refused, WEFT_BAD_INPUT with the field:
//   outbreak.ended                "outbreak.unknown": it was never declared
//   device.enrolled               "device.reserved": the city uses such names itself
//   device.revoked                "device.unknown": it was never enrolled
//   user.added                    "user.there": they are a user already
//   user.changed, user.removed    "user.unknown": they were never added
// What stands instead of an earlier fact may add a user who is there.
weft_status wf_register_check(const wf_fact *fact, wf_subject_state state,
                              weft_error *error) WEFT_MUST_CHECK;

#endif
