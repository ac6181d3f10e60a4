// Roles: their words, and who may give which to others.
//
// Threads: all functions may run in parallel.
#ifndef WF_MODEL_ROLE_H
#define WF_MODEL_ROLE_H

#include <stdbool.h>

#include "base/text.h"
#include "model/kind.h"

// False, and *ret untouched, when it is no role.
bool wf_role_parse(wf_text word, wf_role *ret);

// Whether who works as `maker` may make an account or token with the role `given`: an
// account never exceeds its maker. The owner of the folder, who has no role, may give
// all.
//
// Everybody may give their own role. An operator gives all others but commander and
// auditor: who watches the operators is not made by them. A lead gives the roles of the
// people they send out.
bool wf_role_may_give(wf_role maker, wf_role given);

#endif
