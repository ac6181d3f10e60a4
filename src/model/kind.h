// Kinds of facts and the tables that are made from them: declared once, in C tables.
// Validation, the schema for both dialects, the fold, the help of the command line, the
// reference page and OpenAPI come from these declarations.
//
// A kind's meaning never changes: fields are appended, never reordered or reused, because
// bodies in the ledger name fields by their place.
#ifndef WF_MODEL_KIND_H
#define WF_MODEL_KIND_H

#include "model/columns.h"
#include "model/keep.h"
#include "model/value.h"

// Observations are judged by their own line only; decisions once, against state, in the
// transaction that stores them (DESIGN §3).
typedef enum { WF_OBSERVATION, WF_DECISION } wf_kind_class;

// A sender's name. Devices that are enrolled have at most 64 bytes, so that the names of
// reactions, which repeat that of their cause ("rule/pool/S-03-2"), fit too.
#define WF_DEVICE_BYTES_MAX 128
// A fact's name as one text, "S-03-2/118": the device, a slash, 19 digits.
#define WF_FACT_TEXT_MAX (WF_DEVICE_BYTES_MAX + 20)

// ---- tables ----

// A table of records.db. The first `keys_count` columns are its key; each of the others
// has one merge. A table whose columns are all keys holds a set.
typedef struct {
    const char *name; // "tube"
    const wf_column
        *columns; // a column's place is stored in stamps: append, never reorder
    size_t columns_count, keys_count;
    bool in_digest;      // part of `weft digest`: not users, devices, deliveries
    const char *zh, *en; // what a row is
} wf_table;

// ---- kinds ----

// Where a column's value comes from.
typedef struct {
    const char *column;
    // A field of the body; or of the envelope "@at" (TIME), "@grid" (TEXT), "@fact"
    // (device and seq as one TEXT, "S-03-2/118"), "@device" (TEXT), "@kind" (TEXT),
    // "@day" (DATE: the city's civil day of `at`); NULL: `constant`.
    // For a column with merge COUNT the field is NULL.
    const char *field;
    int64_t constant;
    // Only when this WORD field of the body has this word; NULL: always.
    const char *if_field, *if_word;
} wf_column_source;

// Rows that a fact makes in one table: one, or one an item of the list field `each`.
typedef struct {
    const wf_table *table;
    const char *each; // NULL: one row; else a list field, whose items a source may name
    const wf_column_source *sources; // all key columns, and any of the others; a source
                                     // whose field is not given says nothing
    size_t sources_count;
    // A key field of the body need not be given: where it is not, there is no row.
    bool where_keyed;
} wf_projection;

// What two fields of one body must be to each other, if both are given.
typedef enum {
    WF_RULE_PAIR, // two that differ and whose order says nothing: the lesser comes first,
                  // so that a pair has one body and one row
    WF_RULE_RISE, // the second is not before the first; TIME, DATE or INTEGER
    WF_RULE_ONE_OF // at least one of them is given
} wf_rule_kind;

typedef struct {
    wf_rule_kind kind;
    const char *first, *second; // fields
} wf_rule;

// What a field names by its id, and what whoever sends the fact has to reach of that:
// so that nobody says anything of what is in the charge of others. Judged where facts
// come in (access/rights/named.h), by what the rows hold then: what arrives together is
// not there yet.
typedef enum {
    WF_NAMED_PERSON,
    WF_NAMED_PLACE,
    WF_NAMED_CASE,
    WF_NAMED_TUBE,
    WF_NAMED_ROUND,
    WF_NAMED_ORDER,
    WF_NAMED_OUTBREAK,
    WF_NAMED_ASSIGNMENT,
    WF_NAMED_CUSTODY,
    WF_NAMED_ACCOUNT, // a device, or "user/NAME"
    WF_NAMED_FACT,
    WF_NAMED_LOOK, // or the hour of somebody's looking
    WF_NAMED_GRID,
    WF_NAMED_REFERENCE, // "case:C-0001"
    WF_NAMED_EXPOSURE,
    WF_NAMED_SWAB, // of a thing, by its tube
    WF_NAMED_LOT,
    WF_NAMED_NOTICE,
    WF_NAMED_REPORT,       // of somebody, about themselves
    WF_NAMED_UNIDENTIFIED, // a contact of whom it is not known who it is
    WF_NAMED_LETTER,
    WF_NAMED_TASK,
    WF_NAMED_INSTRUCTION,
    WF_NAMED_POST, // "tracing@320282003": it lies in its grid
    WF_NAMED_COUNT
} wf_named;

typedef enum {
    // Whatever it is: whom one meets at a gate or a sampling site, whom one is told of.
    WF_NEEDS_NOTHING,
    // Theirs, or nobody's yet: facts come in any order, and what is not there is made.
    WF_NEEDS_OWN_OR_NEW,
    // There, and theirs: what is not there is refused as what is elsewhere.
    WF_NEEDS_OWN,
    // Said by the judge of decisions (desk/judge.h), or by the scope of accounts and
    // books (access/rights/scope.h).
    WF_NEEDS_JUDGED,
    WF_NEEDS_COUNT
} wf_need;

typedef struct {
    const char *field;
    wf_named names;
    wf_need needs;
    // With which code it is refused; NULL: "access.elsewhere", "access.not_there". Where
    // a judge refuses what is not there, his code: the two answers are one.
    const char *code;
} wf_naming;

#define WF_FIELDS_MAX 24
#define WF_ITEMS_MAX 10000 // of a list
#define WF_KIND_NAME_MAX 63
#define WF_TABLE_COLUMNS_MAX 24

typedef struct {
    const char *name; // "sample.collected"
    uint16_t number;  // stored in envelopes: never renumber
    wf_kind_class kind_class;
    wf_keep keep;
    const wf_column *fields; // of the body; `merge` is not used
    size_t fields_count;
    const wf_projection *projections;
    size_t projections_count;
    uint32_t roles; // bits 1 << wf_role: who may send it
    // Of kinds that somebody may send: every field that is an id, and texts that are.
    const wf_naming *names;
    size_t names_count;
    // The field whose person or place says where the fact lies when it names no grid.
    const char *where;
    // The TIME field, required, by whose day the body is kept: what is said later of a
    // day is forgotten with that day. NULL: by the day of `at`.
    const char *kept_by;
    const wf_rule *rules;
    size_t rules_count;
    // Its body stands in another book of the city where there is one (store/bodies.h),
    // and not in the ledger: then nothing but that book projects it, so that it has no
    // projections.
    bool body_elsewhere;
    // A withdrawal: its fields `device` and `seq` name the fact that is withdrawn, which
    // is also its wf_fact.amends.
    bool withdraws;
    // Its persons were shown to somebody, and nothing is said of them: they get no
    // numbers, no row names them, and the index knows the fact under whom it showed
    // (store/person_facts.h), not under whom it tells of.
    bool shows;
    // Its person was spoken to: from then on they learn of looks at them at once (view
    // register/looks_at_person), and not a day later.
    bool reaches;
    // Who hears of it where facts are told as they come (/v1/events): bits 1 << wf_role,
    // 0: all who hear of facts in their grid. That somebody looked, and when, is said
    // only to those who may read it.
    uint32_t heard_by;
    const char *zh, *en; // what happened, in a sentence
} wf_kind;

// X(name, word, zh, en)
#define WF_ROLE_TABLE(X)                                                                 \
    X(WF_ROLE_COMMANDER, "commander", "指挥长", "commander")                             \
    X(WF_ROLE_LEAD, "lead", "专班负责人", "work-group lead")                             \
    X(WF_ROLE_INVESTIGATOR, "investigator", "流调员", "case investigator")               \
    X(WF_ROLE_GRID_WORKER, "grid_worker", "网格员", "grid worker")                       \
    X(WF_ROLE_GUARD, "guard", "卡口值守", "guard")                                       \
    X(WF_ROLE_SAMPLER, "sampler", "采样员", "sampler")                                   \
    X(WF_ROLE_LAB, "lab", "检测机构", "laboratory")                                      \
    X(WF_ROLE_MEDIC, "medic", "医护", "medic")                                           \
    X(WF_ROLE_REGULATOR, "regulator", "监管员", "regulator")                             \
    X(WF_ROLE_AUDITOR, "auditor", "审计员", "auditor")                                   \
    X(WF_ROLE_OPERATOR, "operator", "系统管理员", "operator")                            \
    X(WF_ROLE_RESIDENT, "resident", "居民", "resident")

typedef enum {
#define X(name, word, zh, en) name,
    WF_ROLE_TABLE(X)
#undef X
        WF_ROLE_COUNT
} wf_role;
extern const char *const wf_role_words[]; // ended by NULL

// All kinds and tables that a city knows: made by the desks, handed downwards.
typedef struct {
    const wf_kind *const *kinds;
    size_t kinds_count;
    const wf_table *const *tables;
    size_t tables_count;
} wf_kinds;

// NULL when there is none of that name / number.
const wf_kind *wf_kinds_find(const wf_kinds *kinds, wf_text name);
const wf_kind *wf_kinds_numbered(const wf_kinds *kinds, uint16_t number);
const wf_table *wf_kinds_table(const wf_kinds *kinds, wf_text name);
// The place of a field in its kind, or of a column in its table; SIZE_MAX: none.
size_t wf_kind_field(const wf_kind *kind, wf_text name);
size_t wf_table_column(const wf_table *table, wf_text name);

// False when the declarations contradict themselves (an unknown field, a key column
// without a source that is always there, types that do not fit, a number used twice, a
// name that SQL reserves): then the first contradiction is in `text`. For tests and for
// opening: a bug, never input.
#define WF_SOUND_TEXT_MAX 256
bool wf_kinds_sound(const wf_kinds *kinds, char text[WF_SOUND_TEXT_MAX]);

#endif
