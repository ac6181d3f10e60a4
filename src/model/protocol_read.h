// Reading a protocol file: what the parts of the reader share. Only for protocol_….c.
#ifndef WF_MODEL_PROTOCOL_READ_H
#define WF_MODEL_PROTOCOL_READ_H

#include "base/yaml.h"
#include "model/protocol.h"

typedef struct {
    const char *file;
    const wf_sources *sources;
    const wf_yaml *reasons; // sentences that a `why` may name; NULL: none
    wf_arena *arena;
    weft_error *error;
} wf_protocol_reader;

// A number that has a field in a struct: where, and what it may be.
typedef struct {
    const char *name;
    size_t offset;    // of a wf_number
    const char *unit; // the only one
    double min, max;
    bool required;
} wf_protocol_field;

// Both end with a NULL name. Fields of wf_protocol and of wf_place_rule.
extern const wf_protocol_field wf_protocol_fields[];
extern const wf_protocol_field wf_protocol_place_fields[];

// What sections of named numbers ask for beside the value.
typedef enum {
    WF_TERMS_NONE,
    WF_TERMS_DURATION, // counted_from, day_one
    WF_TERMS_DEADLINE, // from, to, owner, clause
    WF_TERMS_SHARE     // eligible, since
} wf_terms_kind;

// value, unit, source, sure, why and, as `terms` says, its terms. `unit` NULL: any of
// the known units, with the range of that unit; else min and max hold.
weft_status wf_protocol_read_number(const wf_protocol_reader *in, const wf_yaml *node,
                                    const wf_protocol_field *rule, wf_terms_kind terms,
                                    wf_number *ret) WEFT_MUST_CHECK;
// As above without the value, for lists and sentences: unit only if rule is not NULL.
weft_status wf_protocol_read_provenance(const wf_protocol_reader *in, const wf_yaml *node,
                                        const char **ret_source, wf_sureness *ret_sure,
                                        wf_both *ret_why) WEFT_MUST_CHECK;
// All numbers of a leaf of a section (value, or values; low and high beside a value),
// each added to `to`.
typedef struct {
    wf_named_number *numbers;
    size_t count, capacity;
} wf_protocol_numbers;
weft_status wf_protocol_read_leaf(const wf_protocol_reader *in, const wf_yaml *node,
                                  wf_terms_kind terms,
                                  wf_protocol_numbers *to) WEFT_MUST_CHECK;

// A finite number without quotes.
weft_status wf_protocol_read_double(const wf_protocol_reader *in, const wf_yaml *node,
                                    double *ret) WEFT_MUST_CHECK;
// The text of a key: no control characters, not empty. A key that is not there gives
// "protocol.missing", or "" when it is optional.
weft_status wf_protocol_read_text(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, bool required,
                                  const char **ret) WEFT_MUST_CHECK;
// The text of a key in both languages, written {zh: …, en: …}; of which one is missing
// gives "protocol.one_language" at the key. A plain text is the text of both: editions
// that a city wrote before there were two still load. A key that is not there: as above.
weft_status wf_protocol_read_both(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, bool required,
                                  wf_both *ret) WEFT_MUST_CHECK;
// Sentences that a `why` may name; nothing to read when the file has none.
weft_status wf_protocol_check_reasons(const wf_protocol_reader *in) WEFT_MUST_CHECK;
// The key's word as its place in `words` (ended by NULL).
weft_status wf_protocol_read_word(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, const char *const *words,
                                  size_t *ret) WEFT_MUST_CHECK;
// The key's node; "protocol.missing" at the map when it is not there.
weft_status wf_protocol_read_node(const wf_protocol_reader *in, const wf_yaml *map,
                                  const char *key, const wf_yaml **ret) WEFT_MUST_CHECK;

// The sections measures, durations, deadlines, shares, numbers and texts.
weft_status wf_protocol_read_sections(const wf_protocol_reader *in, const wf_yaml *root,
                                      wf_protocol *to) WEFT_MUST_CHECK;
// Window and infectiousness.
weft_status wf_protocol_read_window(const wf_protocol_reader *in, const wf_yaml *root,
                                    wf_protocol *to) WEFT_MUST_CHECK;
// Contradictions between fields.
weft_status wf_protocol_check(const wf_protocol_reader *in, const wf_yaml *root,
                              const wf_protocol *protocol) WEFT_MUST_CHECK;

#endif
