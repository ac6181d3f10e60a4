// Files of the page, part of the program: as they are and compressed, made by embed.py.
#ifndef WF_SERVE_PAGE_STATIC_H
#define WF_SERVE_PAGE_STATIC_H

#include "base/text.h"

typedef struct {
    const char *name; // "index.html", "app/wall-0f3c9a1b.js"
    const char *type;
    const char *tag, *packed_tag; // ETags; two, because the bytes differ
    bool lasting;                 // its name holds a hash of it: it never changes
    wf_text plain, packed;        // packed: gzip
} wf_static_file;

extern const wf_static_file wf_static_files[];
extern const size_t wf_static_files_count;

// Whether a header names a tag among others (If-None-Match: "*", or a list).
bool wf_static_has_tag(wf_text header, const char *tag);
// Whether Accept-Encoding takes gzip.
bool wf_static_takes_gzip(wf_text header);

#endif
