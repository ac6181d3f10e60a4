// The template of a list: its columns, with titles of a language that every import knows,
// and one row that is an example, which every import refuses ("import.example").
//
// Threads: one at a time a city.
#ifndef WF_ACCESS_ASKED_LIST_TEMPLATE_H
#define WF_ACCESS_ASKED_LIST_TEMPLATE_H

#include "access/city/city.h"
#include "model/catalogue.h"
#include "weft/export.h"
#include "weft/import.h"

// Appends it to *to; it names nobody of the city. `kind` is not WEFT_IMPORT_FACTS.
weft_status wf_list_template(weft_city *city, weft_import_kind kind,
                             weft_export_format format, wf_language language,
                             wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

#endif
