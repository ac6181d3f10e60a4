// The target of a request: its path in segments and its query in pairs.
//
// Stricter than RFC 3986 where being lenient has served attackers: a path has no empty,
// "." or ".." segment, an escape stands for no slash, backslash or control character, and
// what is decoded is UTF-8. Taken are "/path?query" and, of proxies, "http://host/path".
#ifndef WF_SERVE_HTTP_TARGET_H
#define WF_SERVE_HTTP_TARGET_H

#include "base/text.h"

enum {
    wf_target_bytes_max = 8192, // longer is 414
    wf_target_segments_max = 16,
    wf_target_pairs_max = 64
};

typedef struct {
    wf_text name, value;
} wf_pair;

// Texts are decoded and ended by NUL. What lies behind the counts means nothing.
typedef struct {
    size_t segments_count, pairs_count;
    wf_text segments[wf_target_segments_max]; // of "/": none
    wf_pair pairs[wf_target_pairs_max];
} wf_target;

typedef enum { WF_TARGET_GOOD, WF_TARGET_BAD, WF_TARGET_TOO_LONG } wf_target_kind;

// The texts of *ret lie in `room`, of at least raw.size + 1 bytes. *ret has
// nothing unless it is good. Hostile input: a fuzz target.
wf_target_kind wf_target_read(wf_text raw, char *room, wf_target *ret);

// The value of the first pair of that name; .bytes NULL: none.
wf_text wf_target_pair(const wf_target *target, wf_text name);

#endif
