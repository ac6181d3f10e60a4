// Letters between regions (协查函): out, in, and what was answered.
#include "desk/declare.h"
#include "desk/tracing/kinds.h"

enum { region_bytes_max = 128 };

static const char *const about_words[] = {"check", "control", "other", NULL};
static const char *const answer_words[] = {"received",  "checked", "under_control",
                                           "not_found", "done",    NULL};

static const wf_column letter_columns[] = {
    {ID_OF("letter_id", "协查函编号", "the letter's id"), KEY},
    {NAMED("outgoing", WF_COLUMN_YESNO, "是否发出", "sent by this city")},
    {TEXT_OF("region", region_bytes_max, "对方地区", "the other region")},
    {WORD_OF("about", about_words, "请求事项", "what it asks for")},
    {ID_OF("case_id", "病例编号", "the case it is about")},
    {ID_OF("outbreak", "疫情编号", "the outbreak")},
    {GRID_OF("承办网格", "grid that deals with it")},
    {TIME_OF("sent_at", "发出时间", "sent"), EARLIEST},
    {TIME_OF("received_at", "收到时间", "received"), EARLIEST},
    {TIME_OF("receipt_at", "首次回复时间", "first word from the receiver"), EARLIEST},
    {TIME_OF("checked_at", "首次核查时间", "first check done"), EARLIEST},
    {TIME_OF("controlled_at", "落实管控时间", "person under control"), EARLIEST},
    {TIME_OF("not_found_at", "查无此人时间", "said not to be found"), EARLIEST},
    {TIME_OF("done_at", "办结时间", "everything answered"), EARLIEST},
    {TIME_OF("answered_at", "最近答复时间", "last answered"), LATEST},
};
const wf_table wf_table_letter = {
    .name = "letter",
    COLUMNS(letter_columns),
    .keys_count = 1,
    .in_digest = true,
    .zh = "协查函",
    .en = "a letter between regions",
};
static const wf_column person_columns[] = {
    {ID_OF("letter_id", "协查函编号", "the letter's id"), KEY},
    {PERSON_OF("person", "人员编号", "whom it is about"), KEY, .indexed = true},
};
const wf_table wf_table_letter_person = {
    .name = "letter_person",
    COLUMNS(person_columns),
    .keys_count = 2,
    .in_digest = true,
    .zh = "协查函所涉人员",
    .en = "a person whom a letter is about",
};

#define LETTER_FIELDS                                                                    \
    {ID_OF("letter", "协查函编号", "the letter's id"), .required = true},                \
        {TEXT_OF("region", region_bytes_max, "对方地区", "the other region"),            \
         .required = true},                                                              \
        {WORD_OF("about", about_words, "请求事项", "what it asks for"),                  \
         .required = true},                                                              \
        {PERSON_OF("persons", "所涉人员", "whom it is about"), .list = true,             \
         .items_max = WF_ITEMS_MAX},                                                     \
        {ID_OF("case", "病例编号", "the case it is about")},                             \
    {                                                                                    \
        ID_OF("outbreak", "疫情编号", "the outbreak")                                    \
    }
#define LETTER_SOURCES(is_outgoing, time_column)                                         \
    FROM("letter_id", "letter"), ALWAYS("outgoing", (is_outgoing)), SAME("region"),      \
        SAME("about"), FROM("case_id", "case"), SAME("outbreak"), FROM("grid", "@grid"), \
        FROM((time_column), "@at")

static const wf_column_source letter_person[] = {FROM("letter_id", "letter"),
                                                 FROM("person", "persons")};

static const wf_column sent_fields[] = {LETTER_FIELDS};
static const wf_column_source sent_sources[] = {LETTER_SOURCES(1, "sent_at")};
static const wf_projection sent_projections[] = {
    {&wf_table_letter, .each = NULL, SOURCES(sent_sources)},
    {&wf_table_letter_person, .each = "persons", SOURCES(letter_person)},
};
// Letters are about people who are elsewhere.
static const wf_naming letter_sent_names[] = {
    OWN_OR_NEW("letter", LETTER),
    ANY("persons", PERSON),
    OWN_OR_NEW("case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_letter_sent = {
    .name = "letter.sent",
    .number = 170,
    .keep = WF_KEEP_CASE,
    FIELDS(sent_fields),
    PROJECTIONS(sent_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    NAMES(letter_sent_names),
    .zh = "向其他地区发出协查函",
    .en = "another region was asked to look for people",
};

static const wf_column received_fields[] = {LETTER_FIELDS};
static const wf_column_source received_sources[] = {LETTER_SOURCES(0, "received_at")};
static const wf_projection received_projections[] = {
    {&wf_table_letter, .each = NULL, SOURCES(received_sources)},
    {&wf_table_letter_person, .each = "persons", SOURCES(letter_person)},
};
static const wf_naming letter_received_names[] = {
    OWN_OR_NEW("letter", LETTER),
    ANY("persons", PERSON),
    ANY("case", CASE),
    ANY("outbreak", OUTBREAK),
};
const wf_kind wf_kind_letter_received = {
    .name = "letter.received",
    .number = 171,
    .keep = WF_KEEP_CASE,
    FIELDS(received_fields),
    PROJECTIONS(received_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    NAMES(letter_received_names),
    .zh = "收到其他地区的协查函",
    .en = "another region asks to look for people",
};

static const wf_column answered_fields[] = {
    {ID_OF("letter", "协查函编号", "the letter's id"), .required = true},
    {WORD_OF("answer", answer_words, "回复", "answer"), .required = true},
    {TEXT_OF("remark", WF_TEXT_BYTES_MAX, "说明", "in words"), .personal = true},
};
#define WHEN(of_column, word)                                                            \
    {                                                                                    \
        .column = (of_column), .field = "@at", .if_field = "answer", .if_word = (word)   \
    }
// Only who says that people are under control says when: whoever is not to be found here
// need not be held, and a letter that is answered in full was not answered as to when.
static const wf_column_source answered_sources[] = {
    FROM("letter_id", "letter"),
    FROM("receipt_at", "@at"),
    WHEN("checked_at", "checked"),
    WHEN("checked_at", "under_control"),
    WHEN("checked_at", "not_found"),
    WHEN("checked_at", "done"),
    WHEN("controlled_at", "under_control"),
    WHEN("not_found_at", "not_found"),
    WHEN("done_at", "not_found"),
    WHEN("done_at", "done"),
    FROM("answered_at", "@at"),
};
static const wf_projection answered_projections[] = {
    {&wf_table_letter, .each = NULL, SOURCES(answered_sources)},
};
static const wf_naming letter_answered_names[] = {
    OWN_OR_NEW("letter", LETTER),
};
const wf_kind wf_kind_letter_answered = {
    .name = "letter.answered",
    .number = 172,
    .keep = WF_KEEP_CASE,
    FIELDS(answered_fields),
    PROJECTIONS(answered_projections),
    .roles = ROLE(LEAD) | ROLE(INVESTIGATOR),
    NAMES(letter_answered_names),
    .zh = "回复一份协查函，或收到对方的回复",
    .en = "a letter was answered, by this city or by the other region",
};
