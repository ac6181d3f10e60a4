// All kinds of facts and all tables that a city has, put together from the desks.
#ifndef WF_DESK_KINDS_H
#define WF_DESK_KINDS_H

#include "model/kind.h"

// Static. Threads: any.
const wf_kinds *wf_desk_kinds(void);

#endif
