// Deliveries of visits and encounters: their rows live in the visit store alone, the
// ledger keeps one fact for each (visits.received): how many rows came, what became of
// them, the days, and a digest of the bytes as they came.
//
// Two books, one delivery: the fact is written into the visit store's manifest by the
// commit that makes the rows visible, then sent to the ledger. What a crash leaves
// between the two is sent when the city is opened, or before the next import. So rows and
// fact are both there or neither is. A delivery that changed nothing in the visit store
// has no manifest to stand in: its fact goes to the ledger alone.
//
// Only for files of src/load.
#ifndef WF_LOAD_DELIVERY_H
#define WF_LOAD_DELIVERY_H

#include "load/feed.h"

typedef struct wf_delivery wf_delivery;

// For visits and encounters; the feed is that of the import.
weft_status wf_delivery_new(const wf_import_city *city, const wf_import_request *request,
                            wf_feed *feed, wf_delivery **ret,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_delivery_free(wf_delivery *delivery); // NULL does nothing

// The sources to be read instead of the request's: as those, and their bytes are counted
// into the digest. By one thread.
const weft_import_source *wf_delivery_sources(const wf_delivery *delivery);

// All is fed: the batch's commit notes the fact.
void wf_delivery_attach(wf_delivery *delivery, wf_visits_batch *batch);
// The batch has committed: sends the fact. What fails here with rows that have become
// visible is no failure of the import: the fact is sent later.
weft_status wf_delivery_send(wf_delivery *delivery, weft_error *error) WEFT_MUST_CHECK;

// Sends what an earlier delivery noted and could not send.
weft_status wf_delivery_settle(const wf_import_city *city,
                               weft_error *error) WEFT_MUST_CHECK;

#endif
