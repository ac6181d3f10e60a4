// JSON written straight to its bytes, for answers of hundreds of rows: a tree of the
// library costs ten times what the bytes do. What has to be escaped is the library's.
//
//   wf_json_out out = {.to = &bytes};
//   wf_json_out_open(&out, '{');
//   wf_json_out_name(&out, "person");
//   wf_json_out_text(&out, row->person);
//   wf_json_out_close(&out, '}');
//   if (!wf_json_out_done(&out)) …
//
// Names are literals that need no escape. Who calls keeps the order of names and values.
#ifndef WF_SERVE_AREAS_JSON_OUT_H
#define WF_SERVE_AREAS_JSON_OUT_H

#include "base/text.h"

typedef struct {
    wf_buffer *to;
    bool comma;  // before what comes next
    bool failed; // without memory, or a text that is not UTF-8: nothing is right any more
} wf_json_out;

void wf_json_out_open(wf_json_out *out, char bracket);  // { or [
void wf_json_out_close(wf_json_out *out, char bracket); // } or ]
void wf_json_out_name(wf_json_out *out, const char *name);

void wf_json_out_text(wf_json_out *out, const char *text); // NULL: null
void wf_json_out_bytes(wf_json_out *out, wf_text text);    // .bytes NULL: null
void wf_json_out_whole(wf_json_out *out, int64_t number);
void wf_json_out_yesno(wf_json_out *out, bool yes);
void wf_json_out_null(wf_json_out *out);
// A number from 0 to 1 to four digits: an estimate has no more, and a last digit that
// hangs on the order of a sum would make equal answers differ.
void wf_json_out_share(wf_json_out *out, double share);

bool wf_json_out_done(const wf_json_out *out) WEFT_MUST_CHECK;

#endif
