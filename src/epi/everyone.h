// Everyone's first ring at once, counted: how many people each person was with, and for
// how long in all.
//
// Gatherings (gathering.h) hand over parts, in any order and from several threads: what
// one person had at one of them. Parts are kept in 512 partitions by person range, each
// of which is then put together by one thread within its second-level cache.
//
// People: a pair stands in the part of its smaller number only. Whom somebody was with
// before is told by a bit for each person, so that a pair is counted at its first
// gathering and taken off both at any other (4 in 100 pairs of the synthetic city).
//
// Seconds are added up over gatherings, which is the length of the union whenever one of
// the two was never in two places at once. For whoever was, a doubt is noted: the
// union of touches (ring.h) has to be taken instead. The sum of somebody who was not is
// right whatever the others did.
#ifndef WF_EPI_EVERYONE_H
#define WF_EPI_EVERYONE_H

#include "base/status.h"
#include "epi/touch.h"

// What one person had at a gathering: `stays` words of stays and then `others` numbers
// of people follow, each greater than the person's own.
typedef struct {
    uint32_t seconds; // with all at the gathering
    uint16_t people;  // how many they are, also those with smaller numbers
    uint16_t others;
    uint16_t stays;
    uint16_t who; // the person among those of the partition, set by wf_everyone_room
    uint32_t words[];
} wf_everyone_part;

#define WF_EVERYONE_OTHERS_MAX 1023u
#define WF_EVERYONE_STAYS_MAX 2047u
#define WF_EVERYONE_DAYS_MAX 1024u

// A stay in a word. day < WF_EVERYONE_DAYS_MAX, minutes of that day ≤ 1500.
static inline uint32_t wf_everyone_stay(uint32_t day, uint32_t start, uint32_t end)
{
    return day << 22 | start << 11 | end;
}

// Keeps its memory from call to call. One for up to `threads` threads (1 to 64).
typedef struct wf_everyone wf_everyone;
weft_status wf_everyone_new(unsigned threads, wf_everyone **ret) WEFT_MUST_CHECK;
void wf_everyone_free(wf_everyone *everyone); // NULL does nothing

// Forgets everything, for people numbered below `people_end` on `days` days.
weft_status wf_everyone_begin(wf_everyone *everyone, uint32_t people_end,
                              uint32_t days) WEFT_MUST_CHECK;

// Parts are taken in rounds of people, so that memory does not grow with the city: the
// rounds are 0 to wf_everyone_rounds - 1, and all gatherings are walked in each. Only
// parts of people of the round are to be given.
uint32_t wf_everyone_rounds(const wf_everyone *everyone);
void wf_everyone_begin_round(wf_everyone *everyone, uint32_t round);
weft_status wf_everyone_end_round(wf_everyone *everyone) WEFT_MUST_CHECK;

// Whether a person is of this round.
bool wf_everyone_wants(const wf_everyone *everyone, uint32_t person);
// Room for a part of the person with up to `words` words; NULL without memory. Nothing
// is there before it is kept. Threads may call at once, each with its own number.
wf_everyone_part *wf_everyone_room(wf_everyone *everyone, unsigned thread,
                                   uint32_t person, size_t words);
// Keeps the part that the last call of wf_everyone_room of this thread gave room for, of
// the same person. `people` may be filled in until the end of the round.
void wf_everyone_keep(wf_everyone *everyone, unsigned thread, uint32_t person,
                      wf_everyone_part *part);
// Notes that the sum of a person may be wrong. From any thread.
void wf_everyone_doubt(wf_everyone *everyone, uint32_t person);

// After the last round. False for whom there is a doubt; sums are theirs otherwise.
bool wf_everyone_get(const wf_everyone *everyone, uint32_t person, uint64_t *ret_people,
                     uint64_t *ret_seconds);

#endif
