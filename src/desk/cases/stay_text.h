// Stays that somebody tells in their own words,
// "12月9日上午10点左右在万石菜市场,停留约20分钟", read as an offer to the investigator:
// it is confirmed by a person and sent as a fact (visit.stated), or it is nothing. What
// the text leaves open is asked, never guessed.
//
// Chinese and English. A stay is a sentence, or a part of one that names a further place;
// one that names no day is of the day of the stay before it. Without a year the day is
// the newest one that is not after `today`; one that no calendar has (2月30日) is asked.
//
//   day        12月9日  9号  2021-12-09  9/12 (asked)  Dec 9  9 December  昨天  昨晚
//   yesterday time       上午10点半  10:30  下午3点15分  3 pm  10-11点; a bare 3点 is
//   asked, and of
//              夜里2点 whether it is of the day that is named or of the next
//   until      到次日2点  到12月11日早上8点  until 2:00 the next day
//   stayed     停留20分钟  一个半小时  半小时  for 20 minutes  half an hour
//   place      what follows 在 到 去 于 回到 at in to
//
// Pure: no clock, no storage. Threads: all functions may run in parallel.
#ifndef WF_DESK_CASES_STAY_TEXT_H
#define WF_DESK_CASES_STAY_TEXT_H

#include "base/text.h"
#include "base/time.h"

enum { wf_stay_text_bytes_max = 4096, wf_stay_text_stays_max = 64 };

// What has to be asked before a stay can be stated, as bits.
typedef enum {
    WF_STAY_ASK_DAY = 1,         // no day was named
    WF_STAY_ASK_DAY_ORDER = 2,   // dd/mm or mm/dd, or a night: `day` or `other_day`
    WF_STAY_ASK_START = 4,       // no time was named
    WF_STAY_ASK_HALF_DAY = 8,    // 3点: in the morning or in the afternoon
    WF_STAY_ASK_END = 16,        // neither an end nor how long
    WF_STAY_ASK_PLACE = 32,      // no place was named
    WF_STAY_ASK_NO_SUCH_DAY = 64 // the day that was named is in no calendar
} wf_stay_ask;

// A way to understand hours whose half of the day was not said; minutes as of a stay.
typedef struct {
    int start, end;
} wf_stay_hours;

enum { wf_stay_readings_max = 3 }; // of 12点: midnight, noon, the next midnight

typedef struct {
    wf_text text;  // the sentence or the part of it, of the text
    wf_text place; // of the text, as it stands there; empty: none
    weft_day day, other_day;
    bool has_day, day_carried; // from the stay before, or the day after it
    int start, end; // minutes of `day`; may be after midnight, end days on; −1: not said
    bool about;     // "左右", "about": start, end or length are no more than that
    unsigned asks;  // wf_stay_ask bits
    // Of WF_STAY_ASK_HALF_DAY: the readings to choose from, the earliest first.
    wf_stay_hours readings[wf_stay_readings_max];
    size_t readings_count;
} wf_stay_said;

// Reads at most wf_stay_text_stays_max stays; *ret_count says how many. Sentences that
// tell neither day nor time nor place are none. The text is UTF-8 of at most
// wf_stay_text_bytes_max bytes; anything else gives none.
void wf_stay_text_read(wf_text text, weft_day today,
                       wf_stay_said ret[wf_stay_text_stays_max], size_t *ret_count);

#endif
