// Protocols: which editions there are, what their numbers are, how two of them differ.
//
// Editions are files (docs/reference/protocol.md) in the folder protocol/ of
// $WEFT_DATA_DIR, of the installed data, or of the sources; no city is needed. Every
// call reads and checks the files anew. A file that is not as it should be is
// WEFT_BAD_INPUT with file, line and field; an edition that is not there WEFT_NOT_FOUND.
//
// What callbacks are given lives until they return; one that returns false ends the
// call with WEFT_INTERRUPTED. Threads: any, the functions share nothing.
#ifndef WEFT_PROTOCOL_H
#define WEFT_PROTOCOL_H

#include <stdbool.h>
#include <stddef.h>

#include "weft/error.h"

typedef struct {
    const char *name; // "nhc-covid-8"
    const char *title_zh, *title_en;
    const char *pathogen, *pathogen_zh; // as in the file, and in Chinese
    const char *in_force;               // "2021-05-11"; "": not read
    size_t numbers;                     // how many numbers it has
    size_t by_sureness[4];              // of these A, B, C, D
} weft_edition;

// A number of an edition, or a word or sentence (is_text).
typedef struct {
    const char *name;                // "kinds.bus.near_minutes"
    const char *label_zh, *label_en; // the name in words
    bool is_text;
    const char *text_zh, *text_en; // texts and words; en as in the file
    double value;
    const char *unit, *unit_zh, *unit_en; // as in the file, and for people
    const char *source;                   // key of sources.yaml
    // "" for texts without one; the original title stands in its own language.
    const char *source_title_zh, *source_title_en;
    char sureness;               // 'A' to 'D'; ' ' for words
    const char *why_zh, *why_en; // "" unless D, or where the source says it better
    // "" where they do not belong to this kind of number.
    const char *counted_from, *day_one;
    const char *from_zh, *from_en, *to_zh, *to_en;
    const char *owner_zh, *owner_en, *clause_zh, *clause_en;
    const char *eligible_zh, *eligible_en, *since_zh, *since_en;
    const char *terms_zh, *terms_en; // the above in one line for people
} weft_protocol_row;

// All editions of the folder, by name.
weft_status weft_protocol_list(bool (*row)(void *context, const weft_edition *edition),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

// All rows of one edition in a fixed order: words first, then numbers.
weft_status weft_protocol_show(const char *name,
                               bool (*head)(void *context, const weft_edition *edition),
                               bool (*row)(void *context, const weft_protocol_row *row),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

// The rows in which two editions differ (value, unit, terms or words; not where the
// number comes from), in the order of the names. NULL: the edition does not have it.
weft_status weft_protocol_diff(const char *from, const char *to,
                               bool (*row)(void *context, const weft_protocol_row *old,
                                           const weft_protocol_row *now),
                               void *context, weft_error *error) WEFT_MUST_CHECK;

#endif
