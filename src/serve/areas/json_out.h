// JSON written straight to its bytes, for answers of hundreds of rows: a tree of the
// library costs ten times what the bytes do. What has to be escaped is the library's.
//
//   wf_json_out out = {.to = &bytes};
//   wf_json_out_open(&out, '{');
//   wf_json_out_name(&out, WF_JSON_NAME("person"));
//   wf_json_out_text(&out, row->person);
//   wf_json_out_close(&out, '}');
//   if (!wf_json_out_done(&out)) …
//
// Names are literals that need no escape. Who calls keeps the order of names and values.
// The short steps lie here, so that the copy of a name is an instruction or two.
#ifndef WF_SERVE_AREAS_JSON_OUT_H
#define WF_SERVE_AREAS_JSON_OUT_H

#include <string.h>

#include "base/text.h"

typedef struct {
    wf_buffer *to;
    bool comma;  // before what comes next
    bool failed; // without memory, or a text that is not UTF-8: nothing is right any more
} wf_json_out;

// A name as it is written behind another value.
#define WF_JSON_NAME(name) ((wf_text){",\"" name "\":", sizeof ",\"" name "\":" - 1})

// Room for `size` more bytes where there is none yet; NULL, and failed for good, without.
char *wf_json_out_more(wf_json_out *out, size_t size);

static inline char *wf_json_out_room(wf_json_out *out, size_t size)
{
    const wf_buffer *to = out->to;
    if (out->failed || to->limit != 0 || to->capacity - to->size < size)
        return wf_json_out_more(out, size);
    return to->bytes + to->size;
}

static inline void wf_json_out_name(wf_json_out *out, wf_text name)
{
    char *to = wf_json_out_room(out, name.size);
    size_t comma = out->comma ? 1 : 0;
    if (to == NULL)
        return;
    if (comma == 0)
        memcpy(to, name.bytes + 1, name.size - 1);
    else
        memcpy(to, name.bytes, name.size);
    out->to->size += name.size - 1 + comma;
    out->comma = false;
}

// A value as it is, with the comma that it may need.
static inline void wf_json_out_value(wf_json_out *out, const char *bytes, size_t size)
{
    char *to = wf_json_out_room(out, size + 1);
    if (to != NULL) {
        *to = ',';
        memcpy(to + out->comma, bytes, size);
        out->to->size += size + out->comma;
    }
    out->comma = true;
}

// A text between quotes that needs no escape: a word of the program, a time, a number.
static inline void wf_json_out_plain(wf_json_out *out, const char *bytes, size_t size)
{
    char *to = wf_json_out_room(out, size + 3);
    if (to != NULL) {
        *to = ',';
        to += out->comma;
        to[0] = '"';
        memcpy(to + 1, bytes, size);
        to[1 + size] = '"';
        out->to->size += size + 2 + out->comma;
    }
    out->comma = true;
}

void wf_json_out_open(wf_json_out *out, char bracket);  // { or [
void wf_json_out_close(wf_json_out *out, char bracket); // } or ]

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
