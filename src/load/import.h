// Import: rows of wire → register and visits, all or nothing; parses nothing itself.
//
// A reader thread parses, a worker thread interns ids, checks values and hands rows to
// the batch; the caller's thread waits and reports progress. Refused rows go, whole and
// sealed, to <city>/refused/.
#ifndef WF_LOAD_IMPORT_H
#define WF_LOAD_IMPORT_H

#include "base/io.h"
#include "base/time.h"
#include "keys/ring.h"
#include "model/protocol.h"
#include "store/register.h"
#include "visits/visits.h"
#include "weft/import.h"

typedef struct {
    const wf_io *io;
    const char *city_dir;
    const wf_zone *zone;
    wf_keys *keys;
    wf_visits *visits;
    wf_register *reg;
    const wf_protocol *protocol; // how long visits are kept
    weft_time now;               // the city's clock
    bool real;                   // real cities refuse days past keeping and the future
    unsigned threads;
} wf_import_city;

weft_status wf_import(const wf_import_city *city, weft_import_kind kind,
                      const weft_import_source *sources, size_t sources_count,
                      const weft_import_options *options, weft_import_summary *ret,
                      weft_error *error) WEFT_MUST_CHECK;

#endif
