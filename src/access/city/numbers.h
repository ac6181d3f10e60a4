// The dictionary of the visit store, as the record store asks for numbers of ids.
#ifndef WF_ACCESS_CITY_NUMBERS_H
#define WF_ACCESS_CITY_NUMBERS_H

#include "store/numbers.h"
#include "visits/visits.h"

// Valid while `visits` is open.
wf_numbers wf_numbers_of(wf_visits *visits);

#endif
