// Facts from files: lines of NDJSON → the store, each file whole or not at all.
#ifndef WF_LOAD_FACTS_H
#define WF_LOAD_FACTS_H

#include "load/import.h"

// Imports all sources as one commit. A line that is refused, by itself or by the store,
// is kept whole and sealed as refused rows are; when its identity can be read its seq is
// filled. Rows follow before the call returns. Lines longer than 1 MiB end the import
// (WEFT_TOO_LARGE), nothing stored.
weft_status wf_import_facts(const wf_import_city *city, const wf_import_request *request,
                            weft_import_summary *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
