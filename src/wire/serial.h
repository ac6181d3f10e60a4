// Days of a spreadsheet → civil time.
//
// A spreadsheet keeps an instant as days and a fraction of a day since the beginning of
// its calendar. There are two calendars. That of 1900 calls 1900-01-01 day 1 and counts a
// 29 February 1900 that never was, as day 60; that of 1904 calls 1904-01-01 day 0.
#ifndef WF_WIRE_SERIAL_H
#define WF_WIRE_SERIAL_H

#include "base/time.h"

// The civil time of a serial number of at least 1, to the second (the fraction is not
// exact); *ret_timed says whether it is not midnight. Day 60 of the calendar of 1900 is
// given as what the spreadsheet shows, 1900-02-29, which is no date. False (and the rest
// untouched) past the year 9999, before day 1, or for what is not a number.
bool wf_serial_civil(double serial, bool is_1904, wf_civil *ret, bool *ret_timed);

#endif
