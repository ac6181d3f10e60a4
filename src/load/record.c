#include "load/record.h"

#include <string.h>

#include "load/called.h"
#include "load/fact_rows.h"
#include "model/place_kind.h"
#include "wire/cell.h"

// ---- kinds ----

static const wf_mapping_target visit_fields[] = {
    [VISIT_PERSON] = {"person", true, false}, [VISIT_PLACE] = {"place", true, false},
    [VISIT_START] = {"start", true, true},    [VISIT_END] = {"end", true, true},
    [VISIT_SEAT] = {"seat", false, false},    [VISIT_GUESSED] = {"guessed", false, false},
};
static const wf_mapping_target meet_fields[] = {
    [MEET_A] = {"a", true, false},
    [MEET_B] = {"b", true, false},
    [MEET_START] = {"start", true, true},
    [MEET_END] = {"end", true, true},
    [MEET_SETTING] = {"setting", false, false},
};

static const wf_register_kind register_of[] = {
    [WEFT_IMPORT_PERSONS] = WF_REGISTER_PERSONS,
    [WEFT_IMPORT_PLACES] = WF_REGISTER_PLACES,
    [WEFT_IMPORT_CASES] = WF_REGISTER_CASES,
};

bool wf_load_is_register(weft_import_kind kind)
{
    return kind == WEFT_IMPORT_PERSONS || kind == WEFT_IMPORT_PLACES ||
           kind == WEFT_IMPORT_CASES;
}

bool wf_load_is_stays(weft_import_kind kind)
{
    return kind == WEFT_IMPORT_VISITS || kind == WEFT_IMPORT_ENCOUNTERS;
}

const wf_register_table *wf_load_table_of(weft_import_kind kind)
{
    const wf_fact_list *list = wf_fact_list_of(kind);
    WF_ASSERT(wf_load_is_register(kind) || list != NULL);
    return list != NULL ? list->table : wf_register_table_of(register_of[kind]);
}

bool wf_load_words_of(weft_import_kind kind, const char *column, char *to, size_t room)
{
    if (wf_load_is_stays(kind))
        return false;
    const wf_register_table *table = wf_load_table_of(kind);
    const wf_column *found = NULL;
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, column) == 0)
            found = &table->columns[i];
    return found != NULL && wf_column_words(found, to, room);
}

static void register_targets(const wf_register_table *table, wf_mapping_target *ret)
{
    WF_ASSERT(table->columns_count <= WF_MAPPING_FIELDS_MAX);
    for (size_t i = 0; i < table->columns_count; i++) {
        wf_column_type type = table->columns[i].type;
        ret[i] = (wf_mapping_target){table->columns[i].name, table->columns[i].required,
                                     type == WF_COLUMN_TIME || type == WF_COLUMN_DATE};
    }
}

void wf_load_kinds_init(wf_load_kinds *ret)
{
    *ret = (wf_load_kinds){0};
    memcpy(ret->fields[WEFT_IMPORT_VISITS], visit_fields, sizeof visit_fields);
    memcpy(ret->fields[WEFT_IMPORT_ENCOUNTERS], meet_fields, sizeof meet_fields);
    ret->kinds[WEFT_IMPORT_VISITS].name = "visits";
    ret->kinds[WEFT_IMPORT_ENCOUNTERS].name = "encounters";
    ret->kinds[WEFT_IMPORT_FACTS].name = "facts";
    for (size_t i = 0; i < WF_LOAD_TABLES; i++) {
        weft_import_kind kind = (weft_import_kind)i;
        ret->kinds[i].fields = ret->fields[i];
        ret->kinds[i].called = ret->called[i];
        wf_load_called_of(kind, ret->called[i]);
        if (kind == WEFT_IMPORT_FACTS || wf_load_is_stays(kind))
            continue;
        const wf_register_table *table = wf_load_table_of(kind);
        ret->kinds[i].name = table->name;
        register_targets(table, ret->fields[i]);
    }
}

// ---- ids ----

static const char *wrong(wf_load_record *record, const char *code, const char *field)
{
    record->refused = code;
    record->field = field;
    return code;
}

// True if one of the bytes is a control character or not ASCII.
static inline bool word_is_odd(uint64_t word)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t high = UINT64_C(0x8080808080808080);
    uint64_t is_delete = word ^ ones * 0x7F;
    uint64_t below = (word - ones * 0x20) & ~word;
    return ((word | below | ((is_delete - ones) & ~is_delete)) & high) != 0;
}

static bool is_printable_ascii(wf_text text)
{
    size_t at = 0;
    uint64_t word = 0;
    if (text.size < 8) {
        for (; at < text.size; at++)
            if ((unsigned char)text.bytes[at] < 0x20 ||
                (unsigned char)text.bytes[at] > 0x7E)
                return false;
        return true;
    }
    for (; at + 8 <= text.size; at += 8) {
        memcpy(&word, text.bytes + at, sizeof word);
        if (word_is_odd(word))
            return false;
    }
    memcpy(&word, text.bytes + text.size - 8, sizeof word);
    return !word_is_odd(word);
}

static bool has_controls(wf_text text)
{
    for (size_t i = 0; i < text.size; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        // U+0080 to U+009F are C2 80 to C2 9F.
        bool c1 =
            byte == 0xC2 && i + 1 < text.size && (unsigned char)text.bytes[i + 1] < 0xA0;
        if (byte < 0x20 || byte == 0x7F || c1)
            return true;
    }
    return false;
}

// What spreadsheet programs write where a formula failed or was never computed.
static bool is_error_word(wf_text text)
{
    static const char *const words[] = {"#NULL!", "#DIV/0!", "#VALUE!",
                                        "#REF!",  "#NAME?",  "#NUM!",
                                        "#N/A",   "#CALC!",  "#SPILL!"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (wf_text_equal(text, wf_text_of(words[i])))
            return true;
    return false;
}

// "3.20282196405310E+17": a program has taken a number of 16 digits or more, or one too
// wide for its column, for a quantity and has rounded it.
static bool is_rounded(wf_text text)
{
    size_t at = 2;
    if (text.size < 6 || text.bytes[1] != '.' || text.bytes[0] < '1' ||
        text.bytes[0] > '9')
        return false;
    while (at < text.size && text.bytes[at] >= '0' && text.bytes[at] <= '9')
        at++;
    int64_t power = 0;
    return at + 2 < text.size && text.bytes[at] == 'E' && text.bytes[at + 1] == '+' &&
           wf_parse_i64((wf_text){text.bytes + at + 2, text.size - at - 2}, 0, 400,
                        &power);
}

// What is wrong with an id or a text that went through a spreadsheet; NULL: nothing.
static const char *spoiled(wf_text text)
{
    if (text.bytes[0] == '#' && is_error_word(text))
        return "import.error_cell";
    return is_rounded(text) ? "import.rounded" : NULL;
}

const char *wf_record_id_wrong(wf_text id)
{
    if (id.size == 0)
        return "import.empty";
    if (id.size > WF_ID_BYTES_MAX)
        return "import.id_too_long";
    const char *code = spoiled(id);
    if (code != NULL)
        return code;
    return is_printable_ascii(id) || !has_controls(id) ? NULL : "import.control";
}

wf_load_rules wf_load_rules_of(weft_import_kind kind, const wf_binding *binding,
                               wf_calendar *calendar, const wf_mapping *mapping,
                               bool clocked, weft_time now)
{
    return (wf_load_rules){.kind = kind,
                           .binding = binding,
                           .calendar = calendar,
                           .stay_given = mapping != NULL && mapping->stay_given,
                           .stay_minutes = mapping != NULL ? mapping->stay_minutes
                                                           : WF_MAPPING_STAY_MIN,
                           .clocked = clocked,
                           .now = now};
}

// ---- stays ----

const char *wf_record_time(const wf_load_rules *rules, size_t field, wf_text text,
                           weft_time *ret, wf_iso_kind *ret_kind)
{
    const wf_mapping_field *how = rules->binding->fields[field].how;
    bool timed = how != NULL && how->timed;
    if (timed ? wf_binding_time(rules->binding, field, text, ret, ret_kind)
              : wf_calendar_parse(rules->calendar, wf_text_trim(text), ret, ret_kind))
        return NULL;
    if (timed && how->format != WF_TIME_ISO)
        return "import.time";
    switch (wf_binding_date(rules->binding, text, ret, ret_kind)) {
    case WF_DATE_READ:
        ret->us += timed ? how->plus_s * WF_US_PER_S : 0;
        return NULL;
    case WF_DATE_ASKED:
        return WF_IMPORT_DATE_ORDER;
    case WF_DATE_NONE:
        break;
    }
    return "import.time";
}

typedef struct {
    weft_time start, end;
    bool guessed;
} span;

static const char *read_start(const wf_load_rules *rules, const wf_text *texts,
                              wf_load_record *record, span *ret, wf_iso_kind *ret_kind)
{
    static const size_t field = VISIT_START; // the same in encounters
    if (wf_text_trim(texts[field]).size == 0)
        return wrong(record, "import.empty", "start");
    const char *code = wf_record_time(rules, field, texts[field], &ret->start, ret_kind);
    if (code != NULL)
        return wrong(record, code, "start");
    record->dated = true;
    record->first_day.number = wf_calendar_day_of(rules->calendar, ret->start)->number;
    return NULL;
}

static const char *read_end(const wf_load_rules *rules, const wf_text *texts,
                            wf_load_record *record, wf_iso_kind start_kind, span *ret)
{
    static const size_t field = VISIT_END;
    bool visit = rules->kind == WEFT_IMPORT_VISITS;
    wf_iso_kind kind = WF_ISO_INSTANT;
    if (wf_text_trim(texts[field]).size == 0) {
        ret->guessed = true;
        if (start_kind == WF_ISO_DATE)
            ret->end.us =
                wf_calendar_day_of_number(rules->calendar, record->first_day.number)
                    ->end_us;
        else if (visit || rules->stay_given)
            ret->end.us = ret->start.us + rules->stay_minutes * WF_US_PER_MINUTE;
        else
            return wrong(record, "import.empty", "end");
        return NULL;
    }
    const char *code = wf_record_time(rules, field, texts[field], &ret->end, &kind);
    if (code != NULL)
        return wrong(record, code, "end");
    if (kind == WF_ISO_DATE)
        ret->end.us = wf_calendar_day_of(rules->calendar, ret->end)->end_us;
    return NULL;
}

static const char *place_span(const wf_load_rules *rules, span stay,
                              wf_load_record *record)
{
    int64_t unit_us = rules->kind == WEFT_IMPORT_VISITS ? WF_US_PER_MINUTE : WF_US_PER_S;
    wf_load_span whole = {0};
    const char *code = wf_load_span_of(rules->calendar, unit_us, record->first_day,
                                       stay.start, stay.end, &whole);
    if (code != NULL)
        return wrong(record, code, "end");
    record->start = whole.start;
    record->end = whole.end;
    record->last_day = whole.last;
    return NULL;
}

// Whatever prefix a mapping sets before it.
static bool is_example(wf_text id)
{
    static const size_t size = sizeof WF_EXAMPLE_ID - 1;
    return id.size >= size && id.bytes[id.size - 1] == 'E' &&
           memcmp(id.bytes + id.size - size, WF_EXAMPLE_ID, size) == 0;
}

static const char *check_ids(const wf_load_rules *rules, wf_load_record *record)
{
    bool visit = rules->kind == WEFT_IMPORT_VISITS;
    const char *code = wf_record_id_wrong(record->who);
    if (code != NULL)
        return wrong(record, code, visit ? "person" : "a");
    if (is_example(record->who))
        return wrong(record, "import.example", visit ? "person" : "a");
    code = wf_record_id_wrong(record->where);
    if (code != NULL)
        return wrong(record, code, visit ? "place" : "b");
    if (!visit && wf_text_equal(record->who, record->where))
        return wrong(record, "import.same_person", "b");
    if (record->note.size > 0 &&
        (record->note.size > WF_ID_BYTES_MAX ||
         (!is_printable_ascii(record->note) && has_controls(record->note))))
        return wrong(record, "import.text", visit ? "seat" : "setting");
    return NULL;
}

void wf_record_check_stay(const wf_load_rules *rules, const wf_text *texts,
                          wf_load_record *record)
{
    span stay = {0};
    wf_iso_kind kind = WF_ISO_INSTANT;
    int64_t guessed = 0;
    record->who = texts[0];
    record->where = texts[1];
    record->note = texts[VISIT_SEAT]; // the setting of an encounter
    // The day first: a refused row is sealed under it.
    if (read_start(rules, texts, record, &stay, &kind) != NULL ||
        check_ids(rules, record) != NULL ||
        read_end(rules, texts, record, kind, &stay) != NULL)
        return;
    if (rules->kind == WEFT_IMPORT_VISITS) {
        wf_text word = wf_text_trim(texts[VISIT_GUESSED]);
        if (word.size > 0 && !wf_column_parse_yesno(word, &guessed)) {
            wrong(record, "import.yesno", "guessed");
            return;
        }
    }
    record->guessed = stay.guessed || guessed == 1;
    if (stay.end.us < stay.start.us)
        wrong(record, "import.end_before_start", "end");
    // A stay that is going on may end after now: answers end at their as-of. Were it
    // refused, the people it is shared with would be missed until it is over.
    else if (rules->clocked && stay.start.us > rules->now.us + WF_AHEAD_MAX_US)
        wrong(record, "import.future", "start");
    else
        place_span(rules, stay, record);
}

// ---- the register ----

static const char *check_time(const wf_load_rules *rules, size_t field,
                              const wf_column *column, wf_text text,
                              wf_load_record *record, wf_value *value)
{
    weft_time at;
    wf_iso_kind kind;
    const char *code = wf_record_time(rules, field, text, &at, &kind);
    bool is_date = column->type == WF_COLUMN_DATE;
    if (code == NULL && is_date && kind != WF_ISO_DATE)
        code = "import.date";
    if (code != NULL)
        return wrong(record,
                     is_date && strcmp(code, "import.time") == 0 ? "import.date" : code,
                     column->name);
    value->number = column->type == WF_COLUMN_DATE
                        ? wf_calendar_day_of(rules->calendar, at)->number
                        : at.us;
    if (!wf_column_takes_number(column, value->number))
        return wrong(record, "import.time", column->name);
    if (rules->clocked && column->type == WF_COLUMN_TIME && kind == WF_ISO_INSTANT &&
        at.us > rules->now.us + WF_AHEAD_MAX_US)
        return wrong(record, "import.future", column->name);
    return NULL;
}

static const char *check_value(const wf_load_rules *rules, size_t field,
                               const wf_column *column, wf_load_record *record,
                               wf_value *value)
{
    wf_text text = value->text;
    const char *code = NULL;
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        code = wf_record_id_wrong(text);
        return code == NULL ? NULL : wrong(record, code, column->name);
    case WF_COLUMN_TEXT:
        code = wf_column_takes_text(column, text) ? spoiled(text) : "import.text";
        return code == NULL ? NULL : wrong(record, code, column->name);
    case WF_COLUMN_WORD:
        return wf_column_takes_text(column, text)
                   ? NULL
                   : wrong(record, "import.word", column->name);
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
        return check_time(rules, field, column, text, record, value);
    case WF_COLUMN_NUMBER:
        return wf_parse_double(text, column->min, column->max, &value->real)
                   ? NULL
                   : wrong(record, "import.number", column->name);
    case WF_COLUMN_YESNO:
        return wf_column_parse_yesno(text, &value->number)
                   ? NULL
                   : wrong(record, "import.yesno", column->name);
    case WF_COLUMN_INTEGER:
    case WF_COLUMN_FACT:
        break; // no file of the register has them
    }
    return wrong(record, "import.text", column->name);
}

void wf_record_check_register(const wf_load_rules *rules, const wf_text *texts,
                              wf_load_record *record, wf_value *values,
                              bool *ret_other_kind)
{
    const wf_register_table *table = wf_load_table_of(rules->kind);
    *ret_other_kind = false;
    for (size_t i = 0; i < table->columns_count; i++) {
        const wf_column *column = &table->columns[i];
        // Ids are compared bytewise, as they are; all else loses the blanks around it.
        bool is_id = column->type == WF_COLUMN_ID || column->type == WF_COLUMN_PERSON ||
                     column->type == WF_COLUMN_PLACE;
        wf_text text = wf_list_text(is_id ? texts[i] : wf_text_trim(texts[i]));
        values[i] = (wf_value){.given = text.size > 0, .text = text};
        if (!values[i].given && column->required) {
            wrong(record, "import.empty", column->name);
            return;
        }
        if (i == 0 && is_example(text)) {
            wrong(record, "import.example", column->name);
            return;
        }
        wf_place_kind known;
        if (values[i].given && rules->kind == WEFT_IMPORT_PLACES &&
            strcmp(column->name, "kind") == 0 && !wf_place_kind_parse(text, &known)) {
            values[i].text = wf_text_of(wf_place_kind_word(WF_PLACE_OTHER));
            *ret_other_kind = true;
        }
        if (values[i].given && check_value(rules, i, column, record, &values[i]) != NULL)
            return;
    }
    const wf_fact_list *list = wf_fact_list_of(rules->kind);
    if (list == NULL)
        return;
    const char *field = NULL, *code = list->wrong(values, &field);
    if (code != NULL)
        wrong(record, code, field);
}
