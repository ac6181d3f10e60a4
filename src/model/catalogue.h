// The catalogue of sentences, 中文 and English. One .def file an area in
// src/model/texts/, all of the form
//   TEXT("import.end_before_start",
//        "结束时间早于开始时间", "the stay ends before it starts",    message
//        "…", "…",                                                    detail ("" if none)
//        "…", "…")                                                    hint   ("" if none)
// {name} is replaced by the error's parameter of that name; {file} {line}
// {field} are those of the error. The build fails on a code without both
// languages (test/tidy).
#ifndef WF_MODEL_CATALOGUE_H
#define WF_MODEL_CATALOGUE_H

#include "base/text.h"

typedef enum { WF_LANGUAGE_ZH, WF_LANGUAGE_EN } wf_language;

// Where the hint names the command line, whoever asked over HTTP is given another one,
// which stands in src/model/texts/over_http.def.
//
// Appends the whole error as lines for a person:
//   file:line: field: message
//   detail: …
//   hint: …
// Out of memory gives false.
bool wf_error_text(const weft_error *error, wf_language language,
                   wf_buffer *ret) WEFT_MUST_CHECK;

// Appends one part only, parameters filled in.
typedef enum {
    WF_PART_MESSAGE,
    WF_PART_DETAIL,
    WF_PART_HINT,
    WF_PART_HINT_OVER_HTTP // the hint for those who have a page or a program, and no
                           // shell
} wf_error_part;
bool wf_error_part_text(const weft_error *error, wf_error_part part, wf_language language,
                        wf_buffer *ret) WEFT_MUST_CHECK;

// Appends the message of a code of the catalogue with these parameters filled in; for
// sentences that are no errors. False without memory.
typedef struct {
    const char *name, *value;
} wf_catalogue_param;
bool wf_catalogue_message(const char *code, wf_language language,
                          const wf_catalogue_param *params, size_t count,
                          wf_buffer *ret) WEFT_MUST_CHECK;

// True if the catalogue has this code.
bool wf_catalogue_has(const char *code);

#endif
