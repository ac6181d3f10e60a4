// Writing the parts of a row: each function writes at `at`, where there must be room,
// and returns the place behind.
#ifndef WF_CITY_PUT_H
#define WF_CITY_PUT_H

#include "city/plan.h"

char *wf_put_text(char *at, const char *text);
char *wf_put_digits(char *at, uint32_t value, int digits); // with leading zeros
char *wf_put_number(char *at, uint32_t value);
char *wf_put_person(char *at, uint32_t person); // P-0000007
char *wf_put_spot(char *at, wf_spot spot);      // RS-0000012
char *wf_put_seat(char *at, wf_seat seat);      // "" for none

// "2021-12-11 07:41", and with seconds; local time. Counted from 00:00 of the first day,
// whose date and those of the days after it are `dates`.
char *wf_put_minute(char *at, const char (*dates)[WF_DAY_TEXT_MAX], int32_t minute);
char *wf_put_second(char *at, const char (*dates)[WF_DAY_TEXT_MAX], int32_t second);

#endif
