// How each person stands, in memory: registered or not, the orders that name them, their
// newest samples and what became of these, the other ids that are theirs. It is told what
// the rows hold (board.h) and knows no rows.
//
// It never guesses. Where it had to leave something out (there was no memory within the
// budget; a person is named by more orders than it keeps; more newest samples were taken
// back than it kept beyond those that are asked for) it says that it does not know, of
// that person alone, and whoever asks has to look at the rows.
//
// Memory: 20 bytes a person; 12 a sample, of which at most wf_standings_kept_max are kept
// a person; 44 a tube that one of them is in; 8 a person and order, and some 200 an order
// that is in force. So a person of four samples in tubes of ten takes some 100 bytes, and
// one of ten samples in tubes of their own, which is the most, 600.
//
// Threads: none changes while another reads; the caller sees to it.
#ifndef WF_ACCESS_BOARD_STANDINGS_H
#define WF_ACCESS_BOARD_STANDINGS_H

#include "base/text.h"
#include "base/time.h"
#include "model/ids.h"

typedef struct wf_standings wf_standings;

enum {
    wf_standings_samples_max = 8, // that can be asked for
    wf_standings_kept_max = 10,   // kept a person
    wf_standings_orders_max = 64  // kept a person
};

// Keeps within `bytes_max` bytes. NULL: no memory.
wf_standings *wf_standings_new(size_t bytes_max);
void wf_standings_free(wf_standings *standing); // NULL does nothing
size_t wf_standings_bytes(const wf_standings *standing);
// There was no memory to say even of whom it is that nothing is known: nothing that it
// says may be used any more.
bool wf_standings_is_lost(const wf_standings *standing);

// ---- what the rows hold ----

typedef struct {
    const char *result; // NULL: not known yet; lives as long as the program
    weft_time at;       // WF_TIME_NONE: not known
} wf_standings_result;

// What became of a tube; of one that no kept sample is in it is not noted.
void wf_standings_put_tube(wf_standings *standing, wf_text tube,
                           wf_standings_result result);
// What is noted; false: nothing is.
bool wf_standings_tube(const wf_standings *standing, wf_text tube,
                       wf_standings_result *ret);

typedef struct {
    uint32_t person;
    wf_text tube;
    bool was, is;               // whether there was a row, and whether there is one
    weft_time at;               // collected
    wf_standings_result result; // of its tube as it is now, if there is none of it yet
} wf_standings_sample_change;
void wf_standings_put_sample(wf_standings *standing,
                             const wf_standings_sample_change *change);

void wf_standings_put_registered(wf_standings *standing, uint32_t person, bool is);

// Whether an order names a person. Saying it again does nothing.
void wf_standings_put_bound(wf_standings *standing, uint32_t person, wf_text order,
                            bool is);

typedef struct {
    weft_time starts_at, ends_at; // binds while starts_at <= now < ends_at
    wf_text kind, clause, issuer; // .bytes NULL: not given
    uint32_t place;               // WF_NUMBER_NONE: not given
} wf_standings_order;
// An order that was issued, is not lifted and has a live reason; NULL: it has ceased to
// be one. Of an order that names nobody it is not noted.
void wf_standings_put_order(wf_standings *standing, wf_text order,
                            const wf_standings_order *about);

// All ids of one person, or one that is nobody else's. Where ids were parted all who were
// one person before have to be put.
void wf_standings_put_same(wf_standings *standing, const uint32_t *persons, size_t count);

// ---- questions ----

bool wf_standings_is_registered(const wf_standings *standing, uint32_t person);

typedef struct {
    wf_text order;
    const wf_standings_order *about;
} wf_standings_bound;
// The orders that bind the person at `now`, whichever of their ids an order names: each
// once, by its id, at most wf_standings_orders_max. False: it is not known.
bool wf_standings_orders(const wf_standings *standing, uint32_t person, weft_time now,
                         wf_standings_bound *ret, size_t *ret_count);

typedef struct {
    wf_text tube;
    weft_time at;
    wf_standings_result result;
    uint32_t person; // of their ids
} wf_standings_sample;
// The newest samples of the person by any of their ids, at most `most` (<=
// wf_standings_samples_max): later ones first, of one time the greater tube, then the
// greater number first. *ret_more: there are older ones. False: it is not known.
bool wf_standings_samples(const wf_standings *standing, uint32_t person, size_t most,
                          wf_standings_sample *ret, size_t *ret_count, bool *ret_more);

#endif
