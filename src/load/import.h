// Import: rows of wire → register and visits, all or nothing; parses nothing itself.
//
// A reader thread parses and checks rows by their own line (reader.h); the caller's
// thread makes ids numbers, judges days and hands rows to the batch (feed.h), and
// reports progress, also while nothing comes. Refused rows go, whole and sealed, to
// <city>/refused/ (refused.h).
//
// Order at the end: the file of refused rows is made complete and durable, but not
// visible; the visit store commits (with it the ids); the register commits; the refused
// rows become visible. When one of them fails, those before it are undone or mean
// nothing: an id that no row names is in no digest. What a killed process left is settled
// when the city is opened: refused rows are visible if their import has committed, and
// gone if it has not.
//
// What the plain CSV says and what is refused: docs/reference/import.md.
#ifndef WF_LOAD_IMPORT_H
#define WF_LOAD_IMPORT_H

#include "base/io.h"
#include "base/time.h"
#include "keys/ring.h"
#include "load/line_notes.h"
#include "model/protocol.h"
#include "store/store.h"
#include "visits/visits.h"
#include "weft/import.h"

// Whether whoever imports may say something of what a row names, for imports that are
// somebody's and not the owner's: *ret_code says why not (static), *ret_field at which
// field of the fact's kind; else both stay as they are.
typedef weft_status wf_import_may(void *context, const wf_fact *fact,
                                  const char **ret_code, const char **ret_field,
                                  weft_error *error);

// Does `step` while nobody posts; `readers_out`: and nobody reads. Its status and error.
typedef weft_status wf_import_step(void *of, weft_error *error);
typedef weft_status wf_import_alone(void *context, bool readers_out, wf_import_step *step,
                                    void *of, weft_error *error);

// What whoever imports sees of what stands: of all else they learn nothing by the numbers
// of cases, and join nothing to it. It is as if nobody had told of it.
typedef struct {
    bool (*sees_case)(void *context, wf_text of);
    // A contact of no case that is there. grid: where it was said, or empty.
    bool (*sees_contact)(void *context, wf_text grid, wf_text person);
    void *context;
} wf_import_scope;

typedef struct {
    const wf_io *io;
    const wf_io *outside; // files that callers name: mappings
    const char *city_dir;
    const wf_zone *zone;
    wf_keys *keys;
    wf_visits *visits;
    wf_store *store;
    const wf_kinds *kinds;
    const wf_protocol *protocol; // how long visits are kept; NULL: not known
    weft_time now;               // the city's clock
    bool clocked; // `now` is a clock's: what begins after it is refused ("future")
    bool real;    // real cities refuse days past keeping
    unsigned threads;
    wf_path profiles; // folder of the ready mapping files
    // Who uploads, in the names of the devices of their facts (import/KIND/NAME); NULL:
    // the owner (import/KIND).
    const char *by;
    // Where who uploads works; NULL: nowhere, the owner.
    const char *grid;
    wf_import_may *may; // persons, places and cases are judged by it; NULL: all may be
    void *may_context;
    const wf_import_scope *scope; // of whoever imports; NULL: they see all
    // Whether the city would refuse a fact of a row by what stands (WEFT_BAD_INPUT, with
    // a code and a field of the kind): a preview says so beforehand. NULL: it is not
    // asked, and an import never asks it, for its facts are judged where they are stored.
    weft_status (*refuses)(void *context, const wf_fact *fact, weft_error *error);
    void *refuses_context;
    // Whether a new line of a file of facts names a case by another number than its own
    // id (WEFT_BAD_INPUT): it is refused then. NULL: it is not asked. Lists have their
    // cases named as they are read (load/case_numbers.h).
    weft_status (*names)(void *context, const wf_fact *fact, weft_error *error);
    void *names_context;
    // What is to be asked about the numbers of a report of a case in a file of facts, by
    // what stood before the file; ret->code NULL: nothing. NULL: it is not asked.
    weft_status (*numbers)(void *context, const wf_fact *fact, weft_error *ret,
                           weft_error *error);
    void *numbers_context;
    // Whether two ids were said to be one person, as the rows say now: a meeting of the
    // two is taken, and asked about (load/oneself.h). NULL: it is not asked.
    weft_status (*are_one)(void *context, uint32_t a, uint32_t b, bool *ret,
                           weft_error *error);
    void *are_one_context;
    // The import goes on beside others who ask and post facts (access/shared/shared.h):
    // what changes what they see is a step that is done by `alone`, on the writer's
    // thread. NULL: the city is the import's.
    wf_import_alone *alone;
    void *alone_context;
    // Whether so many bytes of a refused row are kept: the row, and with the first one
    // what its file has beside. NULL: all are.
    bool (*keeps)(void *context, size_t bytes);
    void *keeps_context;
} wf_import_city;

// "import/persons/lin": the device of the facts of an import.
void wf_import_device(const wf_import_city *city, weft_import_kind kind,
                      char ret[WF_DEVICE_BYTES_MAX + 1]);

// Calls `each` with the name of every profile of a kind, those that the city remembers
// first; one that it remembers under the name of another comes twice.
weft_status wf_import_profiles(const wf_import_city *city, weft_import_kind kind,
                               weft_status (*each)(void *context, const char *profile,
                                                   bool remembered, weft_error *error),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

// The mapping that options name: the file `mapping`, or the remembered or ready one of a
// profile ("godata": godata-cases.yaml). *ret_name NULL: neither is given. No such
// profile: WEFT_NOT_FOUND ("import.no_profile").
weft_status wf_import_mapping(const wf_import_city *city, weft_import_kind kind,
                              const char *mapping, const char *profile, wf_arena *arena,
                              const char **ret_name, wf_text *ret_yaml,
                              weft_error *error) WEFT_MUST_CHECK;

weft_status wf_import(const wf_import_city *city, weft_import_kind kind,
                      const weft_import_source *sources, size_t sources_count,
                      const weft_import_options *options, weft_import_summary *ret,
                      weft_error *error) WEFT_MUST_CHECK;

// The same with the order of dates that the options say.
weft_status wf_import_mapping_said(const wf_import_city *city, weft_import_kind kind,
                                   const weft_import_options *options, wf_arena *arena,
                                   const char **ret_name, wf_text *ret_yaml,
                                   weft_error *error) WEFT_MUST_CHECK;

// Keeps a mapping, with its order of dates, in the city under a name, in the place of one
// that had it. The check comes before the import: the name, and that there is a mapping.
weft_status wf_import_remember_check(const weft_import_options *options,
                                     const char *mapping_name,
                                     weft_error *error) WEFT_MUST_CHECK;
weft_status wf_import_remember(const wf_import_city *city, weft_import_kind kind,
                               const char *profile, wf_text yaml,
                               weft_error *error) WEFT_MUST_CHECK;

// Calls `each` with the path of every mapping that the city remembers, below its folder:
// "mappings/hospital-cases.yaml".
weft_status wf_import_remembered(const wf_import_city *city,
                                 weft_status (*each)(void *context, const char *name,
                                                     weft_error *error),
                                 void *context, weft_error *error) WEFT_MUST_CHECK;

// As weft_import_preview; everything in the arena.
weft_status wf_import_preview(const wf_import_city *city, weft_import_kind kind,
                              const weft_import_source *source,
                              const weft_import_options *options, wf_arena *arena,
                              weft_preview *ret, weft_error *error) WEFT_MUST_CHECK;

// Settles what an import that was cut off left (refused.h). On opening a city; no import
// may be under way.
weft_status wf_import_settle(const wf_import_city *city,
                             weft_error *error) WEFT_MUST_CHECK;

// Imports the rows of a file of refused rows again, with its own mapping or that of
// options->mapping. When the import succeeds what is refused again takes the file's
// place, and the file goes when nothing is. Streaming, whatever its size. Unknown name:
// WEFT_NOT_FOUND; damaged: WEFT_DAMAGED.
weft_status wf_import_retry(const wf_import_city *city, const char *name,
                            const weft_import_options *options, weft_import_summary *ret,
                            weft_error *error) WEFT_MUST_CHECK;

// ---- for files of src/load only ----

// An import whose mapping is at hand.
typedef struct {
    weft_import_kind kind;
    const weft_import_source *sources;
    size_t sources_count;
    const weft_import_options *options;
    const char *mapping_name; // NULL: plain CSV
    wf_text mapping_yaml;
    bool is_utf8;         // the bytes are UTF-8 whatever the mapping says
    const char *retries;  // name of the file of refused rows that is read, or NULL
    wf_line_notes *lines; // where its rows once stood; NULL: the sources' own lines
} wf_import_request;

// The rows that came are as many as the options state, where they do; else WEFT_BAD_INPUT
// ("import.rows_differ").
weft_status wf_import_rows_agree(const weft_import_options *options, uint64_t rows,
                                 weft_error *error) WEFT_MUST_CHECK;

weft_status wf_import_run(const wf_import_city *city, const wf_import_request *request,
                          weft_import_summary *ret, weft_error *error) WEFT_MUST_CHECK;

#endif
