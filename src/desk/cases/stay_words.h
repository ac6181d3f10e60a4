// Days, hours and lengths of time as people say them, 12月9日晚上10点, for stays in
// people's own words (stay_text.h). Each function reads what stands at the cursor and
// leaves the cursor behind it; what it does not understand it leaves as it was, and says
// false.
//
// Pure: no clock, no storage. Threads: all functions may run in parallel.
#ifndef WF_DESK_CASES_STAY_WORDS_H
#define WF_DESK_CASES_STAY_WORDS_H

#include "base/text.h"
#include "base/time.h"

// Where in a text reading is.
typedef struct {
    const char *at, *end;
} wf_words;

bool wf_words_is_digit(char c);
bool wf_words_is_letter(char c);

void wf_words_skip_blanks(wf_words *c);
// Over one character of UTF-8.
void wf_words_skip_one(wf_words *c);
// Letters are compared without case; a word of letters ends where no letter follows.
bool wf_words_take(wf_words *c, const char *word);
// The number of the word that stands here, or −1; `words` ends with NULL.
int wf_words_take_any(wf_words *c, const char *const *words);
// 到, –, until.
bool wf_words_take_until(wf_words *c);

typedef struct {
    weft_day today;
    weft_day day, other;
    bool found, unsure; // unsure: `other` may be meant
    bool none;          // what was said is in no calendar: 2月30日
} wf_words_day;

// 12月9日, 9号, 2021-12-09, 9/12, Dec 9, 昨天: the newest such day that is not after
// `today`, where no year is said. Either `found` or `none` is set.
bool wf_words_read_day(wf_words *c, wf_words_day *to);

// Which half of the day an hour of 12 belongs to. 凌晨 is after midnight on the day that
// is named; of 夜里 two o'clock nobody knows which day it is.
typedef enum {
    WF_HALF_NOT_SAID = -1,
    WF_HALF_MORNING,
    WF_HALF_NOON,
    WF_HALF_AFTERNOON,
    WF_HALF_EVENING,
    WF_HALF_NIGHT
} wf_words_half;
wf_words_half wf_words_take_half(wf_words *c);

typedef struct {
    int minute; // of the day; from 1440 on the evening's, after midnight
    bool half_unknown;
    bool night; // after midnight: of the day that is named, or of the night that follows
                // it
} wf_words_time;

// 上午10点半, 15时20分, 10:30, 3 pm, 正午; not 10个小时.
bool wf_words_read_time(wf_words *c, wf_words_time *to);
// 10-11点, 3-4 pm: the first has the sign of the second.
bool wf_words_read_span(wf_words *c, wf_words_time *start, wf_words_time *end);
// 20分钟, 一个半小时, half an hour: minutes, 1 to 43,200.
bool wf_words_read_length(wf_words *c, int *ret);

#endif
