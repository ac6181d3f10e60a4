// Stays in people's own words, for whoever is asked over HTTP (desk/cases/stay_text.h).
#ifndef WF_ACCESS_ASKED_SAID_H
#define WF_ACCESS_ASKED_SAID_H

#include "desk/cases/stay_text.h"
#include "weft/city.h"

// Reads the text. `today` is "2021-12-11", of which the text's days are the newest; NULL:
// the city's. false: it is no day. Stores nothing and reads nothing of the city's people.
bool wf_said_read(const weft_city *city, const char *text, const char *today,
                  wf_stay_said ret[wf_stay_text_stays_max], size_t *ret_count);

#endif
