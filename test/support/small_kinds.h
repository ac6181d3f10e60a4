// A few kinds that together have every type of field, every merge and every rule.
#ifndef WF_TEST_SMALL_KINDS_H
#define WF_TEST_SMALL_KINDS_H

#include "model/fact.h"
#include "model/kind.h"

#define SMALL_COUNT(array) (sizeof(array) / sizeof *(array))

static const char *const small_words[] = {"red", "green", NULL};

enum {
    SMALL_ID,
    SMALL_PERSON,
    SMALL_PLACE,
    SMALL_TEXT,
    SMALL_DATE,
    SMALL_STARTS,
    SMALL_ENDS,
    SMALL_NUMBER,
    SMALL_YESNO,
    SMALL_WORD,
    SMALL_INTEGER,
    SMALL_FACT,
    SMALL_PERSONS,
    SMALL_FACTS,
    SMALL_NUMBERS,
    SMALL_FIELDS_COUNT
};

#define SMALL_FIELD(field, kind_of)                                                      \
    .name = field, .type = kind_of, .unit = "", .zh = "项", .en = "item"

static const wf_column small_fields[] = {
    {SMALL_FIELD("id", WF_COLUMN_ID), .required = true, .bytes_max = 8},
    {SMALL_FIELD("person", WF_COLUMN_PERSON), .personal = true, .bytes_max = 128},
    {SMALL_FIELD("place", WF_COLUMN_PLACE), .bytes_max = 128},
    {SMALL_FIELD("note", WF_COLUMN_TEXT), .bytes_max = 12},
    {SMALL_FIELD("date", WF_COLUMN_DATE)},
    {SMALL_FIELD("starts", WF_COLUMN_TIME)},
    {SMALL_FIELD("ends", WF_COLUMN_TIME)},
    {SMALL_FIELD("number", WF_COLUMN_NUMBER), .min = -2, .max = 60},
    {SMALL_FIELD("yesno", WF_COLUMN_YESNO)},
    {SMALL_FIELD("word", WF_COLUMN_WORD), .words = small_words},
    {SMALL_FIELD("whole", WF_COLUMN_INTEGER), .min = -3, .max = 0x1p63},
    {SMALL_FIELD("fact", WF_COLUMN_FACT)},
    {SMALL_FIELD("persons", WF_COLUMN_PERSON), .personal = true, .bytes_max = 128,
     .list = true, .items_max = 3},
    {SMALL_FIELD("because", WF_COLUMN_FACT), .list = true, .items_max = 3},
    {SMALL_FIELD("numbers", WF_COLUMN_NUMBER), .min = -9, .max = 9, .list = true,
     .items_max = 4},
};
_Static_assert(SMALL_COUNT(small_fields) == SMALL_FIELDS_COUNT, "a name for every field");

static const wf_rule small_rules[] = {
    {WF_RULE_RISE, "starts", "ends"},
};

static const wf_column small_pair_fields[] = {
    {SMALL_FIELD("a", WF_COLUMN_PERSON), .personal = true, .bytes_max = 128},
    {SMALL_FIELD("b", WF_COLUMN_PERSON), .personal = true, .bytes_max = 128},
};
static const wf_rule small_pair_rules[] = {{WF_RULE_PAIR, "a", "b"},
                                           {WF_RULE_ONE_OF, "a", "b"}};

static const wf_column small_withdrawn_fields[] = {
    {SMALL_FIELD("device", WF_COLUMN_TEXT), .required = true,
     .bytes_max = WF_DEVICE_BYTES_MAX},
    {SMALL_FIELD("seq", WF_COLUMN_INTEGER), .required = true, .min = 1, .max = 0x1p63},
    {SMALL_FIELD("reason", WF_COLUMN_TEXT), .bytes_max = 200},
};

static const wf_column small_thing_columns[] = {
    {SMALL_FIELD("thing_id", WF_COLUMN_ID), .merge = WF_MERGE_KEY, .bytes_max = 8},
    {SMALL_FIELD("first_at", WF_COLUMN_TIME), .merge = WF_MERGE_EARLIEST},
    {SMALL_FIELD("last_at", WF_COLUMN_TIME), .merge = WF_MERGE_LATEST},
    {SMALL_FIELD("times", WF_COLUMN_INTEGER), .merge = WF_MERGE_COUNT, .max = 0x1p63},
    {SMALL_FIELD("note", WF_COLUMN_TEXT), .bytes_max = 12},
    {SMALL_FIELD("was_red", WF_COLUMN_YESNO)},
};
static const wf_table small_thing = {
    "thing", small_thing_columns, SMALL_COUNT(small_thing_columns), 1, true, "物",
    "thing"};

static const wf_column small_member_columns[] = {
    {SMALL_FIELD("thing_id", WF_COLUMN_ID), .merge = WF_MERGE_KEY, .bytes_max = 8},
    {SMALL_FIELD("person", WF_COLUMN_PERSON), .merge = WF_MERGE_KEY, .personal = true,
     .bytes_max = 128},
};
static const wf_table small_member = {"member", small_member_columns, 2, 2, true, "成员",
                                      "member"};

static const wf_column_source small_thing_sources[] = {
    {.column = "thing_id", .field = "id"},
    {.column = "first_at", .field = "@at"},
    {.column = "last_at", .field = "@at"},
    {.column = "times"},
    {.column = "note", .field = "note"},
    {.column = "was_red", .constant = 1, .if_field = "word", .if_word = "red"},
};
static const wf_column_source small_member_sources[] = {
    {.column = "thing_id", .field = "id"},
    {.column = "person", .field = "persons"},
};
static const wf_projection small_projections[] = {
    {&small_thing, NULL, small_thing_sources, SMALL_COUNT(small_thing_sources), false},
    {&small_member, "persons", small_member_sources, SMALL_COUNT(small_member_sources),
     false},
};

// Nobody has things in charge.
static const wf_naming small_names[] = {
    {"id", WF_NAMED_TUBE, WF_NEEDS_NOTHING, NULL},
    {"person", WF_NAMED_PERSON, WF_NEEDS_NOTHING, NULL},
    {"place", WF_NAMED_PLACE, WF_NEEDS_NOTHING, NULL},
    {"fact", WF_NAMED_FACT, WF_NEEDS_NOTHING, NULL},
    {"persons", WF_NAMED_PERSON, WF_NEEDS_NOTHING, NULL},
    {"because", WF_NAMED_FACT, WF_NEEDS_NOTHING, NULL},
};
static const wf_naming small_pair_names[] = {
    {"a", WF_NAMED_PERSON, WF_NEEDS_NOTHING, NULL},
    {"b", WF_NAMED_PERSON, WF_NEEDS_NOTHING, NULL},
};
static const wf_kind small_seen = {.name = "thing.seen",
                                   .number = 1,
                                   .keep = WF_KEEP_TESTING,
                                   .fields = small_fields,
                                   .fields_count = SMALL_FIELDS_COUNT,
                                   .projections = small_projections,
                                   .projections_count = 2,
                                   .roles = 1u << WF_ROLE_LAB,
                                   .where = "place",
                                   .rules = small_rules,
                                   .rules_count = 1,
                                   .names = small_names,
                                   .names_count = SMALL_COUNT(small_names),
                                   .zh = "看见一物",
                                   .en = "a thing was seen"};
static const wf_kind small_pair = {.name = "pair.met",
                                   .number = 2,
                                   .keep = WF_KEEP_VISIT,
                                   .fields = small_pair_fields,
                                   .fields_count = 2,
                                   .rules = small_pair_rules,
                                   .rules_count = 2,
                                   .names = small_pair_names,
                                   .names_count = SMALL_COUNT(small_pair_names),
                                   .zh = "二人相遇",
                                   .en = "two met"};
static const wf_kind small_withdrawn = {.name = "fact.withdrawn",
                                        .number = 3,
                                        .keep = WF_KEEP_REGISTER,
                                        .fields = small_withdrawn_fields,
                                        .fields_count = 3,
                                        .withdraws = true,
                                        .zh = "撤回",
                                        .en = "a fact was withdrawn"};

static const wf_kind *const small_kind_list[] = {&small_seen, &small_pair,
                                                 &small_withdrawn};
static const wf_table *const small_table_list[] = {&small_thing, &small_member};
static const wf_kinds small_kinds = {small_kind_list, 3, small_table_list, 2};

#endif
