// What the files of the counter share: counter.c (life, following, asking) and
// counter_read.c (what the rows of a moment say).
#ifndef WF_DESK_TESTING_COUNTER_INSIDE_H
#define WF_DESK_TESTING_COUNTER_INSIDE_H

#include <stdatomic.h>

#include "desk/testing/counter.h"
#include "model/ids.h"

// A round that is kept; its place is that in the population.
typedef struct {
    bool kept;
    char round[WF_ID_BYTES_MAX];
    size_t round_size; // 0: of any round
    int64_t since_us;
    uint64_t asked; // when it was asked last: the how manyth question
} wf_counter_round;

// What the rows say of one moment: everybody of the register, if they are asked for, and
// the samples of a round. No id is looked at yet.
typedef struct {
    wf_population *population; // NULL: the register is known already
    wf_buffer same;            // of uint32_t: pairs of ids that are one person
    wf_buffer samples;         // of uint32_t: a number as often as it was sampled
} wf_counter_moment;

// Columns of person as they are watched and as persons.sql gives them.
enum { wf_counter_person, wf_counter_grid, wf_counter_present, wf_counter_reason };

wf_presence wf_counter_presence(bool said, bool present, wf_text reason);

// Of an open transaction: nothing that is committed from here on is seen in it.
weft_status wf_counter_fix_moment(wf_database *db, weft_error *error) WEFT_MUST_CHECK;

// Reads it: about a million rows a second. `population` of *to is there and empty where
// everybody is asked for; on failure *to is freed with wf_counter_moment_done, as always.
// `stop` NULL: to the end; else WEFT_INTERRUPTED soon after it is set.
weft_status wf_counter_read(wf_database *db, const wf_counter_round *round,
                            const atomic_bool *stop, wf_counter_moment *to,
                            weft_error *error) WEFT_MUST_CHECK;
void wf_counter_moment_done(wf_counter_moment *moment);

#endif
