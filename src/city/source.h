// A table of a synthetic city as a stream of bytes, made while it is read: what
// weft_import and the files are fed with. Bounded memory (some tens of MB), the same
// bytes whatever the number of threads.
#ifndef WF_CITY_SOURCE_H
#define WF_CITY_SOURCE_H

#include <sys/types.h>

#include "city/tables.h"

typedef struct wf_city_source wf_city_source;

// Visits run the outbreak from its start. Encounters and cases need an outbreak whose
// visits were read to their end. `threads` write parts at a time.
weft_status wf_city_source_open(wf_town *town, wf_outbreak *outbreak, wf_table table,
                                unsigned threads, wf_city_source **ret,
                                weft_error *error) WEFT_MUST_CHECK;
void wf_city_source_close(wf_city_source *source); // NULL does nothing

// Up to `size` bytes, 0 at the end; −1 and errno ENOMEM when memory ends. `source` is a
// void * so that it fits weft_import_source.
ssize_t wf_city_source_read(void *source, void *bytes, size_t size);

uint64_t wf_city_source_rows(const wf_city_source *source); // read so far

#endif
