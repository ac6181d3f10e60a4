// Looks of a city that is served: judged on a reader, durable through the writer before
// anything leaves (access/looks/look.h).
//
// A handler begins a look (wf_looks_begin), asks on the reader, notes whom the answer
// shows (wf_look_show), and hands both to wf_looks_post; the answer leaves when `done` is
// called with WEFT_OK, and not at all otherwise. A look that fails to become durable is
// an answer that was never given.
//
// A look that asks for what is not there, is over, is not the actor's or has no evidence
// is noted, too (look.refused), at most one a second of each who asks, so that asking for
// nothing cannot fill the ledger; nobody waits for that.
//
// Threads: any.
#ifndef WF_ACCESS_LOOKS_LOOKS_H
#define WF_ACCESS_LOOKS_LOOKS_H

#include "access/accounts/accounts.h"
#include "access/looks/look.h"
#include "access/shared/shared.h"

typedef struct wf_looks wf_looks;

// Both as long as it is there. What counts of the last day and hour is read from the rows
// and the ledger, so that nobody is unseen because the service began anew between: of at
// most 16,384 looks at one person, those that came back to somebody most.
weft_status wf_looks_new(wf_shared *shared, wf_accounts *accounts, weft_time machine_now,
                         wf_looks **ret, weft_error *error) WEFT_MUST_CHECK;
void wf_looks_free(wf_looks *looks); // after the shared city is closed; NULL: nothing

// A look under way: reads and judges the header on the reader `city`. Errors as
// wf_look_parse and wf_look_judge. `asked` lives as long as the look.
weft_status wf_looks_begin(wf_looks *looks, weft_city *city, const wf_actor *actor,
                           wf_text header, wf_look_use use, const char *asked,
                           weft_time machine_now, wf_look *ret,
                           weft_error *error) WEFT_MUST_CHECK;

// The own id of the case that goes by `number`, of those that the actor sees; `number`
// again where there is none. What a header names as its case is one already:
// ret->why.reference is its own id, which the look is noted at. Of several:
// WEFT_CONFLICT ("case.number_several").
weft_status wf_looks_case(wf_looks *looks, weft_city *city, const wf_actor *actor,
                          const char *number, wf_arena *arena, const char **ret,
                          weft_error *error) WEFT_MUST_CHECK;

// The same for a look whose reference and purpose are known.
weft_status wf_looks_judge(wf_looks *looks, weft_city *city, const wf_look *look,
                           weft_time machine_now, weft_error *error) WEFT_MUST_CHECK;
// And for a further case by the same look.
weft_status wf_looks_also(wf_looks *looks, weft_city *city, const wf_look *look,
                          const char *case_id, weft_time machine_now,
                          weft_error *error) WEFT_MUST_CHECK;

typedef void (*wf_looks_done)(void *context, weft_status status, const weft_error *error);

// The answer shows `shown`, which is taken over; `city` is the reader that gave it, and
// may be given back once this returns. `done` comes once, from the writer's thread or
// from within this call.
void wf_looks_post(wf_looks *looks, weft_city *city, const wf_look *look,
                   wf_look_shown *shown, weft_time machine_now, wf_looks_done done,
                   void *context);

#endif
