// Exports as bytes in memory, for those who hand them on without a file (weft/export.h).
#ifndef WF_ACCESS_ASKED_EXPORT_H
#define WF_ACCESS_ASKED_EXPORT_H

#include "access/city/city.h"
#include "weft/export.h"

// The beginning of a file of CSV: mark, "演练 DRILL" of a drill, titles. Appends.
weft_status wf_export_csv_begin(const weft_city *city, const weft_view_about *about,
                                wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;
// The rows of a page.
weft_status wf_export_csv_page(const weft_city *city, const weft_view_page *page,
                               wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

#endif
