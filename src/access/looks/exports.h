// Exports of a city that is served: who may, whom the file shows, and that it comes once
// (desk/register/exports.c).
//
// Threads: any, but one at a time on one file.
#ifndef WF_ACCESS_LOOKS_EXPORTS_H
#define WF_ACCESS_LOOKS_EXPORTS_H

#include "access/looks/looks.h"
#include "access/rights/answers.h"

// From one person more it takes two people.
#define WF_EXPORT_ALONE_MAX 5000
#define WF_EXPORT_ID_BYTES 16

// ---- whom a file shows ----

// Zero-initialise but for `most`; wf_export_file_done in the end.
typedef struct {
    size_t most;       // persons that are kept, of more only how many; 0: all are
    wf_buffer persons; // of wf_value, each person once
    size_t count;
    wf_hash_set seen; // also those that were posted
    wf_arena arena;   // of the persons
} wf_export_file;

// Notes whom a page shows.
weft_status wf_export_file_show(wf_export_file *file, const wf_asker *asker,
                                const weft_view_question *question,
                                const weft_view_page *page,
                                weft_error *error) WEFT_MUST_CHECK;
// Their looks are durable: who comes from now on is counted anew.
void wf_export_file_posted(wf_export_file *file);
void wf_export_file_done(wf_export_file *file);

// Posts the looks of the file (500 persons a fact; there may be many) and, where `id` is
// given ("": none), that the export was delivered: one commit, after which `done` is
// called as by wf_looks_post. The file stays as it is until then, with all its persons
// kept.
void wf_exports_post(wf_looks *looks, weft_city *city, const wf_look *look,
                     wf_export_file *file, const char *id, weft_time machine_now,
                     wf_looks_done done, void *context);

// ---- with two people ----

typedef struct {
    char id[WF_EXPORT_ID_BYTES + 1];
    char requested_by[WF_ACTOR_NAME_MAX + 1];
    char grid[WF_GRID_BYTES_MAX + 1];
    char view[128];
    wf_look_why why;
    uint64_t persons;
    bool released, delivered;
    char question[8193];
} wf_export_request;

// Notes that the actor of the look asks for an export; *ret_id names it. Durable when it
// returns.
weft_status wf_exports_request(wf_looks *looks, const wf_look *look, const char *question,
                               uint64_t persons, char ret_id[WF_EXPORT_ID_BYTES + 1],
                               weft_error *error) WEFT_MUST_CHECK;

// WEFT_NOT_FOUND ("export.unknown").
weft_status wf_exports_find(const wf_asker *asker, const char *id, wf_export_request *ret,
                            weft_error *error) WEFT_MUST_CHECK;
// Whether the actor may agree: somebody else asked, within their grid, and nobody has
// agreed yet. "export.unknown", "export.own", "export.agreed".
weft_status wf_exports_may_release(const wf_asker *asker, const wf_export_request *of,
                                   weft_error *error) WEFT_MUST_CHECK;
// Whether the actor may have the file: they asked, somebody agreed, and it has not come.
// "export.unknown", "export.waits", "export.delivered".
weft_status wf_exports_may_fetch(const wf_asker *asker, const wf_export_request *of,
                                 weft_error *error) WEFT_MUST_CHECK;
// Durable, and seen by all, when it returns.
weft_status wf_exports_release(wf_looks *looks, const wf_actor *actor, const char *id,
                               weft_error *error) WEFT_MUST_CHECK;

// Rows follow a moment later: of those who fetch at once one goes on, the others get
// "export.delivered". wf_exports_forget takes it back when nothing was delivered.
weft_status wf_exports_once(wf_looks *looks, const char *id,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_exports_forget(wf_looks *looks, const char *id);

#endif
