// Visits that were stated and encounters that were named, one fact each, whose bodies
// stand in the visit store: a table visits/2021-12-11.stated for each civil day on which
// such a visit begins, sealed by the day's key, so that the day's key alone forgets them.
// The ledger keeps envelope and digest. Why it is so:
// docs/decisions/0004-stated-visits.md.
//
// An entry is in one of these states:
//
//   collected  put, in memory only
//   uncounted  durable, but the ledger may not know it: gives no row
//   counted    the ledger knows it: gives its rows unless it is dead
//   dead       withdrawn or corrected: stays in the table, gives no row, may live again
//
// One change at a time, in this order: wf_stated_put …, wf_stated_commit, the ledger's
// commit, then wf_stated_count, or wf_stated_rollback when the ledger's commit failed;
// then life (wf_stated_set_dead …, wf_stated_write_life). After an opening, before
// anything is answered: wf_stated_each over the uncounted ones, wf_stated_drop for those
// that the ledger does not know, wf_stated_commit, wf_stated_count.
//
// Rows of live, counted entries are rows of their days: wf_visits_day joins them as one
// more segment, the digest sums them beside what was delivered, wf_visits_newest sees
// them. A change replaces that segment in days that are open; their other segments stay.
//
// Threads: one call at a time on one store, and none while somebody uses an opened day.
#ifndef WF_VISITS_STATED_H
#define WF_VISITS_STATED_H

#include "model/value.h"
#include "visits/visits.h"

// How many civil days an entry may have rows on, from its first one on. A stay of 30
// times 24 hours (load) can touch 32, where clocks are set forward within it, and one
// more where a zone left a day out.
#define WF_STATED_DAYS_MAX 34
// Bytes of a body, a seat, a setting; rows of an entry; of one table.
#define WF_STATED_BODY_MAX (1u << 20)
#define WF_STATED_TEXT_MAX UINT16_MAX
#define WF_STATED_ROWS_MAX 64u
#define WF_STATED_TABLE_BYTES_MAX (1u << 30)

// A piece of an entry within a civil day. Seat or setting and ordinal of the row are not
// looked at: the texts stand in the entry.
typedef struct {
    weft_day day;
    wf_visit_row row;
} wf_stated_visit;
typedef struct {
    weft_day day;
    wf_encounter_row row;
} wf_stated_encounter;

typedef struct {
    weft_day day;      // on which it begins, and with which it is forgotten
    wf_identity id;    // the fact's name, of a device of 1 to 255 bytes
    uint32_t kind;     // the kind's number (model/kind.h); kept, not looked at
    bool dead;         // as it is put: false as a rule
    uint64_t position; // the ledger's, or 0; kept, not looked at
    wf_text body;      // model/fact.h; kept, not looked at
    wf_text seat;      // of its visits, "": none
    wf_text setting;   // of its encounters, "": none
    // Its rows, each of a day from `day` on and before day + WF_STATED_DAYS_MAX, with
    // numbers that wf_visits_ids has given.
    const wf_stated_visit *visits;
    size_t visits_count;
    const wf_stated_encounter *encounters;
    size_t encounters_count;
} wf_stated;

// ---- a change ----

// Whether entries of the day can be stored: WEFT_FORGOTTEN; WEFT_KEYLESS
// ("visits.day_keyless"); WEFT_DAMAGED ("visits.day_file_damaged") when its table cannot
// be read; WEFT_STORAGE ("visits.unsure") after wf_stated_rollback has left some for the
// next opening.
weft_status wf_stated_takes(wf_visits *visits, weft_day day,
                            weft_error *error) WEFT_MUST_CHECK;
// Collects an entry, which is copied. One of the same name on the same day takes the
// place of the earlier one. Errors as above, and WEFT_TOO_LARGE
// ("visits.stated_too_large"): what was collected before stays, this one is not.
weft_status wf_stated_put(wf_visits *visits, const wf_stated *entry,
                          weft_error *error) WEFT_MUST_CHECK;
// Collects that an entry has to go; one that is not there is fine. Where the day's table
// cannot be read it waits until it can. WEFT_NO_MEMORY is the only failure.
weft_status wf_stated_drop(wf_visits *visits, weft_day day, wf_identity id,
                           weft_error *error) WEFT_MUST_CHECK;
// Makes durable what was collected, in one commit of the store: each day's table is
// written anew once; also ids that were interned since the last commit. Entries are
// uncounted from now on. Nothing collected: does nothing. On failure the store is as it
// was, and what was collected is still collected: try again or roll back. No batch may be
// under way.
weft_status wf_stated_commit(wf_visits *visits, weft_error *error) WEFT_MUST_CHECK;
// The ledger is open again and knows: what was left unsure is asked like all that is
// uncounted, as after an opening, and puts are taken again.
void wf_stated_ask(wf_visits *visits);
// The ledger has committed: all uncounted entries of tables that can be read count. Which
// ones were counted is durable with the next commit of the store; an opening before it
// finds them uncounted again, so that the ledger is asked once more.
void wf_stated_count(wf_visits *visits);
// Whether something is collected, or committed and neither counted nor rolled back.
bool wf_stated_is_due(const wf_visits *visits);
// Drops what is collected; and takes out again what the last wf_stated_commit wrote and
// nobody counted. Where the disk refuses that, they are taken out by the next
// wf_stated_commit or the next opening, and give no row until then. `unsure`: nobody
// knows whether the ledger has them; then they stay, give no row, and the next opening
// asks (or wf_stated_ask); nothing is put before that. Ids that were interned stay: an id
// too many means nothing.
void wf_stated_rollback(wf_visits *visits, bool unsure);

// ---- life ----

// Collects that an entry is dead, or alive again. One that is not there is fine.
// WEFT_NO_MEMORY is the only failure.
weft_status wf_stated_set_dead(wf_visits *visits, weft_day day, wf_identity id, bool dead,
                               weft_error *error) WEFT_MUST_CHECK;
// Makes durable what was collected by wf_stated_set_dead: each day whose entries change
// is written anew once, all in one commit; without changes nothing is written. `position`
// is how far in the ledger these are all the deaths there are; it is durable with the
// next commit of the store. Days that cannot be read are left for later: while there are
// such, the position stays where it was. What is forgotten is passed over. On failure the
// store is as it was, and what was collected is still collected.
weft_status wf_stated_write_life(wf_visits *visits, uint64_t position,
                                 weft_error *error) WEFT_MUST_CHECK;
// The position of the last wf_stated_write_life; 0: never.
uint64_t wf_stated_life_position(const wf_visits *visits);

// ---- reading ----

// The body of an entry, counted or not, dead or alive, also one that is collected; in the
// arena. WEFT_NOT_FOUND ("visits.not_stated"), WEFT_FORGOTTEN, WEFT_KEYLESS,
// WEFT_DAMAGED.
weft_status wf_stated_find(wf_visits *visits, weft_day day, wf_identity id,
                           wf_arena *arena, wf_text *ret_body, uint32_t *ret_kind,
                           weft_error *error) WEFT_MUST_CHECK;

// Called with an entry, borrowed until it returns. It may collect (put, drop, set_dead),
// but not commit.
typedef weft_status wf_stated_visitor(void *context, const wf_stated *entry, bool counted,
                                      weft_error *error);
// Calls `visit` with the durable entries of the days from `from` on and before `before`,
// by day and name, until it fails; with `uncounted` only with those that nobody counted,
// which costs the reading of no other table. Days that are forgotten have none; those
// that cannot be read are counted in *ret_unread (may be NULL).
weft_status wf_stated_each(wf_visits *visits, weft_day from, weft_day before,
                           bool uncounted, wf_stated_visitor *visit, void *context,
                           size_t *ret_unread, weft_error *error) WEFT_MUST_CHECK;

#endif
