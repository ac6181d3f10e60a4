// An open city: what weft_city is, for files of src/access.
//
//   weft.yaml    what the city is; written last by init, so that it makes the city
//   lock         flock: one process owns the folder
//   clock        a drill's kept time, one ISO line; absent until it was given one
//   restoring    the city is being restored (access/copies/restore.c) and opens for that
//   alone keys/ ledger/ visits/ records.db refused/
#ifndef WF_ACCESS_CITY_CITY_H
#define WF_ACCESS_CITY_CITY_H

#include "access/accounts/accounts.h"
#include "access/board/board.h"
#include "access/city/bodies.h"
#include "base/io.h"
#include "base/time.h"
#include "desk/judge.h"
#include "desk/register/alias.h"
#include "desk/register/place_names.h"
#include "desk/testing/counter.h"
#include "keys/ring.h"
#include "load/import.h"
#include "model/law.h"
#include "model/protocol.h"
#include "store/query/holes.h"
#include "store/register/register.h"
#include "store/store.h"
#include "trace/net.h"
#include "trace/plain.h"
#include "visits/visits.h"
#include "weft/city.h"

typedef struct wf_city_views wf_city_views; // access/asked/views.h

enum { wf_city_followers_max = 8 };

struct weft_city {
    const wf_io *io;
    const wf_io *outside; // files that callers name; else the same as io
    wf_path dir;
    int lock; // file descriptor that holds the flock
    weft_city_kind kind;
    const char *id; // 32 hex digits
    const char *zone_name;
    const char *protocol_name;
    const char *grid;
    const char *law;
    wf_zone *zone;
    wf_keys *keys;
    wf_visits *visits;
    wf_stated_bodies *bodies; // of stated visits
    wf_counter *counter;      // nobody missed
    wf_place_names *place_names;
    wf_alias *alias; // ids that are one person
    wf_board *board; // how each person stands, where the city is shared
    wf_holes *holes;
    wf_accounts *accounts; // who may come in
    wf_store *store;
    wf_desk_judge *judge;                         // of the store
    wf_follower followers[wf_city_followers_max]; // of the store's rows
    size_t followers_count;
    // Where the city is shared: lines that were refused since then and not kept; NULL.
    const _Atomic uint64_t *refused_not_kept;
    wf_register *reg;     // NULL while the store is rebuilt
    wf_city_views *views; // opened by the first question; NULL
    wf_database *rows;    // of other questions, wf_city_rows
    const char *records;  // where: "postgres://…", NULL: in the folder
    // Single sign-on (access/accounts/identify.h): the header, and the file of the
    // secret; or NULL.
    const char *sso_header, *sso_secret;
    const char *proxy; // the address that alone may bring requests; NULL: none
    const wf_protocol *protocol;
    const wf_hazard_course *course; // of the protocol
    const wf_law *law_profile;
    weft_time kept_clock; // drill: WF_TIME_NONE until given
    // Drill: since `from_ns` of the machine's monotonic clock the city's runs on from
    // kept_clock, `speed` times as fast; 0: it stands.
    uint64_t clock_from_ns;
    double clock_speed;
    unsigned threads;
    wf_arena arena;          // lives as long as the city
    wf_plain_scratch *plain; // of plain look-ups, made by the first; NULL
    wf_arena answer;         // of the last look-up; wf_city_new_answer empties it
};

// ---- opening, for init, restore and upgrade; what is begun ends with weft_city_close
// ----

#define WF_CITY_RESTORING "restoring"

// A city of which nothing is open.
weft_status wf_city_new(const wf_io *io, const char *dir, weft_city **ret,
                        weft_error *error) WEFT_MUST_CHECK;
// What weft.yaml says: zone, protocol and law are open then.
weft_status wf_city_read_words(weft_city *city, weft_error *error) WEFT_MUST_CHECK;
// Takes the folder for this process: WEFT_BUSY ("city.busy").
weft_status wf_city_lock(weft_city *city, weft_error *error) WEFT_MUST_CHECK;
// weft_city_open for a folder that is being restored.
weft_status wf_city_open_restoring(const wf_io *io, const char *dir,
                                   const weft_key_options *keys, weft_city **ret,
                                   weft_error *error) WEFT_MUST_CHECK;
// weft_city_open for a folder of before the ledger: its records.db is set aside
// (store/older), and the city opens without those rows.
weft_status wf_city_open_upgrading(const wf_io *io, const char *dir,
                                   const weft_key_options *keys, weft_city **ret,
                                   weft_error *error) WEFT_MUST_CHECK;

// What look-ups take. Cheap; `now` is asked for once here.
wf_net wf_city_net(const weft_city *city);

// The kinds of facts and the tables that every city of this program knows. Static.
const wf_kinds *wf_city_kinds(void);

// Rows for reading as they stand now: after facts were sent or made anew.
weft_status wf_city_reread(weft_city *city, weft_error *error) WEFT_MUST_CHECK;

// Closes what reads the rows, before they are made anew; wf_city_reread opens it again.
void wf_city_close_rows(weft_city *city);

// The rows for a question's own SQL, one question after another: opening them costs more
// than most questions do. The city's, until it closes its rows.
weft_status wf_city_rows(weft_city *city, wf_database **ret,
                         weft_error *error) WEFT_MUST_CHECK;
// The next question opens them again: for who has seen them fail.
void wf_city_drop_rows(weft_city *city);

// Closes the store of an open city, whose storage has failed, and opens it again. On
// failure nothing of it is open, and all that can be done is to try again or to close the
// city.
weft_status wf_city_reopen(weft_city *city, weft_error *error) WEFT_MUST_CHECK;

// What imports take. Cheap; `now` is asked for once here.
wf_import_city wf_city_import(const weft_city *city);
// weft_import_preview for somebody; of what their scope (load/import.h) does not see it
// tells nothing. NULL: they see all.
weft_status wf_city_preview(weft_city *city, weft_import_kind kind,
                            const weft_import_source *source,
                            const weft_import_options *options,
                            const wf_import_scope *scope, weft_preview *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// Empties and returns the arena of answers, which holds at most 1 GiB.
wf_arena *wf_city_new_answer(weft_city *city);

#endif
