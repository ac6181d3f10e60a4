// Files of rows that somebody uploads: looked at, then imported beside everybody else
// (access/shared/shared.h).
//
// What an import of the owner's does, cut to who uploads: their role has to send facts of
// every kind that rows of the list become (wf_upload_may), and a row that names what lies
// elsewhere is refused as a posted fact would be (access/rights/named.h), whatever stands
// of it. Facts
// and deliveries name them: device import/KIND/NAME. Columns of the file that are not
// called as ours are given by number, so that no text of the file stands in a request's
// address; the mapping that is made of them names the titles, and can be remembered.
//
// Threads: any.
#ifndef WF_ACCESS_CHANGE_UPLOAD_H
#define WF_ACCESS_CHANGE_UPLOAD_H

#include "access/accounts/accounts.h"
#include "access/shared/shared.h"
#include "model/catalogue.h"
#include "weft/export.h"
#include "weft/import.h"

// Larger files are the owner's: orders and stated visits wait while one is imported, and
// its facts are in memory.
#define WF_UPLOAD_ROWS_MAX 100000
// And text that a small file may be undone to.
#define WF_UPLOAD_TEXT_BYTES_MAX (UINT64_C(128) << 20)

typedef struct {
    wf_shared *shared;
    wf_accounts *accounts;
    const wf_actor *actor;
    weft_time now; // the city's
    // Nobody waits for it any more, or the service is being stopped: the upload ends, and
    // nothing was stored. Asked when its turn comes and while the file is read; past that
    // it is stored.
    bool (*ends)(void *context);
    void *context;
    void (*refused)(void *context, const weft_error *why); // as weft_import_options
    void (*warned)(void *context, const weft_error *warning);
} wf_upload_by;

typedef struct {
    weft_import_kind kind;
    wf_text bytes;       // of the file
    const char *profile; // NULL: none
    const char *columns; // "person:1,name:3": our fields, their columns; NULL: by title
    const char *remember;
    const char *sheet;    // "#2"; NULL: the only one
    uint64_t header_line; // as weft_import_options
    weft_date_order dates;
    bool join_cases; // as weft_import_options
    weft_time as_of; // WF_TIME_NONE: now
} wf_upload;

// Whether somebody may upload lists of a kind: imports are theirs, and every fact that a
// row of it may become (tubes: tube.received, tube.resulted, result.corrected; results:
// sample.collected and contact.tested as well, which no role sends beside those). A
// laboratory's are tubes alone: other lists name people.
bool wf_upload_may(const wf_actor *actor, weft_import_kind kind);

// What the file would become, on a reader. It names nobody of whom the city knows, and
// says nothing of what lies elsewhere. *ret lives as long as the arena, and no longer
// than the reader's next answer. More rows or text than may be: WEFT_TOO_LARGE
// ("import.upload_too_large").
weft_status wf_upload_preview(const wf_upload_by *by, weft_city *reader,
                              const wf_upload *upload, weft_preview *ret,
                              weft_error *error) WEFT_MUST_CHECK;

// Calls `each` for the profiles of a kind (wf_import_profiles). On a reader.
weft_status wf_upload_profiles(weft_city *reader, weft_import_kind kind,
                               weft_status (*each)(void *context, const char *profile,
                                                   bool remembered, weft_error *error),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

// Imports it. No reader may be out in this thread. A file that would not begin is refused
// before its turn. Its rows are seen when it returns, where the disk lets them be made.
// *ret: refused_file without its folder.
weft_status wf_upload_import(const wf_upload_by *by, const wf_upload *upload,
                             weft_import_summary *ret, weft_error *error) WEFT_MUST_CHECK;

// The template of a list that they may upload (access/asked/list_template.h), appended to
// *to.
weft_status wf_upload_template(const wf_upload_by *by, weft_import_kind kind,
                               weft_export_format format, wf_language language,
                               wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

// The refused rows of their own upload as a table to be mended (weft_refused_write),
// appended to *to; those of others are not there ("refused.unknown").
weft_status wf_upload_refused(const wf_upload_by *by, const char *file,
                              weft_export_format format, wf_language language,
                              wf_buffer *to, weft_error *error) WEFT_MUST_CHECK;

#endif
