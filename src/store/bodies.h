// Bodies of facts that stand in another book of the city, as the store asks for them: the
// visit store keeps what was stated of a day with the rest of that day, and it is the
// store's sibling. The ledger keeps their envelopes and digests.
//
// The two books agree: a body is durable before the ledger has its fact, is seen from
// when the ledger has it, and goes when it turns out that the ledger does not. A body
// whose fact is withdrawn or corrected is dead: it is not seen, and may come back.
#ifndef WF_STORE_BODIES_H
#define WF_STORE_BODIES_H

#include "base/arena.h"
#include "model/fact.h"

// Whether the ledger has the fact of this name, day and body.
typedef weft_status wf_body_is_known(void *store, wf_identity id, weft_day day,
                                     wf_text body, bool *ret, weft_error *error);
typedef weft_status wf_body_visitor(void *store, wf_identity id, weft_day day, bool dead,
                                    weft_error *error);

typedef struct {
    // Whether the book takes a body of this day: else WEFT_FORGOTTEN, WEFT_KEYLESS,
    // WEFT_DAMAGED or WEFT_BAD_INPUT, and the fact is refused by *error. Anything else
    // ends the send.
    weft_status (*takes)(void *context, const wf_fact *fact, weft_day day,
                         weft_error *error);
    // The body of a fact that is accepted in the send under way, and was taken; put
    // again, it takes the place of the one before.
    weft_status (*put)(void *context, const wf_fact *fact, weft_day day, wf_text body,
                       weft_error *error);
    // Makes durable what was put; nothing of it is seen yet.
    weft_status (*commit)(void *context, weft_error *error);
    // The ledger has the facts: their bodies are seen from now on.
    void (*committed)(void *context);
    // The ledger does not have them: what was put goes. When nobody knows whether it has
    // them (`unsure`), what was committed stays unseen, and the next opening decides.
    void (*rollback)(void *context, bool unsure);
    // The body of a fact of that day, in the arena. Not found: it is not there, or its
    // day cannot be read now.
    weft_status (*find)(void *context, wf_identity id, weft_day day, wf_arena *arena,
                        bool *ret_found, wf_text *ret, weft_error *error);
    // On opening, before anything is answered: of the bodies of which nobody told the
    // book whether the ledger has them, those are seen that it has, the others go.
    weft_status (*settle)(void *context, wf_body_is_known *is_known, void *store,
                          weft_error *error);

    // Notes that a body is dead, or alive; one that is not there is fine.
    weft_status (*set_dead)(void *context, wf_identity id, weft_day day, bool dead,
                            weft_error *error);
    // Makes durable what was noted: all that the facts up to `position` say. With nothing
    // noted it costs nothing.
    weft_status (*write_life)(void *context, uint64_t position, weft_error *error);
    // Up to where it is known to be all; not after what the last opening found durable.
    uint64_t (*life_position)(void *context);
    // Every body that can be read; the visitor may note who is dead.
    weft_status (*each)(void *context, wf_body_visitor *visit, void *store,
                        weft_error *error);
    void *context;
} wf_bodies;

#endif
