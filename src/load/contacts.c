#include "load/contacts.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "load/doubt.h"

enum { told_max = 20, rows_bytes_max = 256 << 20 };

typedef enum {
    CASE,
    PERSON,
    OUTBREAK,
    LEVEL,
    EXPOSED_FROM,
    EXPOSED_UNTIL,
    PLACE,
    JUDGEMENT,
    CONFIRMED,
    REACHED,
    REACHED_BY,
    PLACED,
    PLACED_IN,
    DISMISSED,
    DISMISSED_FOR,
    FIELDS_COUNT
} field;

// ---- the columns ----

// The words of the kinds' fields (desk/tracing); a fact is checked by its kind as well.
static const char *const level_words[] = {"close", "secondary", "general", NULL};
static const char *const reached_words[] = {"phone", "visit", "message", "letter", NULL};
static const char *const placed_words[] = {"site", "hospital", "home", "other_region",
                                           NULL};
static const char *const dismissed_words[] = {
    "no_contact", "outside_window", "wrong_person", "other_region", "no_case", NULL};

#define NAMED(name_, type_, zh_, en_)                                                    \
    .name = (name_), .type = (type_), .unit = "", .zh = (zh_), .en = (en_)
#define ID_COLUMN(name_, type_, zh_, en_)                                                \
    NAMED(name_, type_, zh_, en_), .bytes_max = WF_ID_BYTES_MAX

static const wf_column columns[] = {
    [CASE] = {ID_COLUMN("case", WF_COLUMN_ID, "病例编号", "whose contact"),
              .required = true},
    [PERSON] = {ID_COLUMN("person", WF_COLUMN_PERSON, "人员编号", "the contact"),
                .required = true, .personal = true},
    [OUTBREAK] = {ID_COLUMN("outbreak", WF_COLUMN_ID, "疫情编号", "the outbreak")},
    [LEVEL] = {NAMED("level", WF_COLUMN_WORD, "接触者类别", "level"), .required = true,
               .words = level_words},
    [EXPOSED_FROM] = {NAMED("exposed_from", WF_COLUMN_TIME, "首次暴露时间",
                            "first exposed")},
    [EXPOSED_UNTIL] = {NAMED("exposed_until", WF_COLUMN_TIME, "末次暴露时间",
                             "last exposed")},
    [PLACE] = {ID_COLUMN("place", WF_COLUMN_PLACE, "场所编号", "where exposed")},
    [JUDGEMENT] = {NAMED("judgement", WF_COLUMN_TEXT, "判定理由",
                         "the investigator's judgement"),
                   .personal = true, .bytes_max = WF_TEXT_BYTES_MAX},
    [CONFIRMED] = {NAMED("confirmed", WF_COLUMN_TIME, "判定时间", "when confirmed")},
    [REACHED] = {NAMED("reached", WF_COLUMN_TIME, "联系上时间", "when reached")},
    [REACHED_BY] = {NAMED("reached_by", WF_COLUMN_WORD, "联系方式", "how reached"),
                    .words = reached_words},
    [PLACED] = {NAMED("placed", WF_COLUMN_TIME, "管控时间", "when placed")},
    [PLACED_IN] = {NAMED("placed_in", WF_COLUMN_WORD, "管控方式", "where placed"),
                   .words = placed_words},
    [DISMISSED] = {NAMED("dismissed", WF_COLUMN_TIME, "排除时间", "when dismissed")},
    [DISMISSED_FOR] = {NAMED("dismissed_for", WF_COLUMN_WORD, "排除理由",
                             "why dismissed"),
                       .words = dismissed_words},
};

const wf_register_table *wf_contact_rows_table(void)
{
    static const wf_register_table table = {"contacts", columns, FIELDS_COUNT};
    return &table;
}

// ---- a row by itself ----

static const char *lacks(const wf_value *values, field when, field what,
                         const char **ret_field)
{
    if (values[when].given == values[what].given)
        return NULL;
    *ret_field = columns[values[when].given ? what : when].name;
    return "import.empty";
}

const char *wf_contact_rows_wrong(const wf_value *values, const char **ret_field)
{
    static const field pairs[][2] = {
        {REACHED, REACHED_BY}, {PLACED, PLACED_IN}, {DISMISSED, DISMISSED_FOR}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        const char *code = lacks(values, pairs[i][0], pairs[i][1], ret_field);
        if (code != NULL)
            return code;
    }
    if (values[EXPOSED_FROM].given && values[EXPOSED_UNTIL].given &&
        values[EXPOSED_UNTIL].number < values[EXPOSED_FROM].number) {
        *ret_field = columns[EXPOSED_UNTIL].name;
        return "import.end_before_start";
    }
    // What is dismissed before it is confirmed stands confirmed.
    if (values[DISMISSED].given && values[CONFIRMED].given &&
        values[DISMISSED].number <= values[CONFIRMED].number) {
        *ret_field = columns[DISMISSED].name;
        return "import.end_before_start";
    }
    return NULL;
}

static void set(wf_fact *fact, const char *name, wf_value value)
{
    size_t at = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(at != SIZE_MAX);
    fact->values[at] = value;
}

static void begin_fact(const wf_kinds *kinds, const char *kind, const wf_value *values,
                       weft_time at, wf_fact *ret)
{
    *ret = (wf_fact){.kind = wf_kinds_find(kinds, wf_text_of(kind)), .at = at};
    WF_ASSERT(ret->kind != NULL);
    set(ret, "person", values[PERSON]);
    set(ret, "outbreak", values[OUTBREAK]);
}

static void make_confirmed(const wf_kinds *kinds, const wf_value *values, weft_time at,
                           wf_fact *ret)
{
    static const field same[] = {CASE, LEVEL, EXPOSED_FROM, EXPOSED_UNTIL, PLACE};
    begin_fact(kinds, "contact.confirmed", values, at, ret);
    for (size_t i = 0; i < sizeof same / sizeof *same; i++)
        set(ret, columns[same[i]].name, values[same[i]]);
    // Who sends a list has judged it: the fact says where the judgement came from.
    wf_value judged = values[JUDGEMENT];
    if (!judged.given)
        judged =
            (wf_value){.given = true, .text = WF_TEXT("按导入名单判定 as the list says")};
    set(ret, "judgement", judged);
}

size_t wf_contact_rows_facts(const wf_kinds *kinds, const wf_value *values, weft_time at,
                             wf_fact ret[WF_CONTACT_FACTS_MAX])
{
    size_t count = 0;
    // A row that only dismisses judges nothing else.
    if (values[CONFIRMED].given || !values[DISMISSED].given)
        make_confirmed(kinds, values,
                       values[CONFIRMED].given ? (weft_time){values[CONFIRMED].number}
                                               : at,
                       &ret[count++]);
    if (values[REACHED].given) {
        begin_fact(kinds, "contact.reached", values, (weft_time){values[REACHED].number},
                   &ret[count]);
        set(&ret[count++], "how", values[REACHED_BY]);
    }
    if (values[PLACED].given) {
        begin_fact(kinds, "contact.placed", values, (weft_time){values[PLACED].number},
                   &ret[count]);
        set(&ret[count++], "where", values[PLACED_IN]);
    }
    if (values[DISMISSED].given) {
        begin_fact(kinds, "contact.dismissed", values,
                   (weft_time){values[DISMISSED].number}, &ret[count]);
        set(&ret[count], "case", values[CASE]);
        set(&ret[count++], "reason", values[DISMISSED_FOR]);
    }
    return count;
}

// ---- gathering ----

typedef struct {
    wf_value values[FIELDS_COUNT];
    wf_text raw;
    size_t source;
    uint64_t line;
} row;

// What stands of a contact, by the rows of a table: the key, and the values that are
// compared.
typedef struct {
    wf_text key[2];
    const wf_value *values;
} standing;

typedef struct {
    const wf_table *table;
    standing *all;
    size_t count, capacity;
    wf_arena *arena;
} standings;

struct wf_contact_rows {
    wf_arena arena;
    row *rows;
    size_t count, capacity;
    standings judged, followed; // contact, contact_follow
    wf_text outbreak;           // the only one; size 0: none, or several
    size_t outbreaks;
};

void wf_contact_rows_free(wf_contact_rows *contacts)
{
    if (contacts == NULL)
        return;
    free(contacts->rows);
    free(contacts->judged.all);
    free(contacts->followed.all);
    wf_arena_done(&contacts->arena);
    free(contacts);
}

static bool copy_row(wf_contact_rows *contacts, const wf_value *values, wf_text raw,
                     row *ret)
{
    ret->raw = wf_arena_text(&contacts->arena, raw);
    bool done = ret->raw.bytes != NULL;
    for (size_t i = 0; done && i < FIELDS_COUNT; i++) {
        ret->values[i] = values[i];
        if (!values[i].given || columns[i].type == WF_COLUMN_TIME)
            continue;
        ret->values[i].text = wf_arena_text(&contacts->arena, values[i].text);
        done = ret->values[i].text.bytes != NULL;
    }
    return done;
}

static weft_status ready(wf_feed *feed, weft_error *error)
{
    if (feed->contacts != NULL)
        return WEFT_OK;
    feed->contacts = calloc(1, sizeof *feed->contacts);
    if (feed->contacts == NULL)
        return wf_fail_memory(error);
    wf_arena_init(&feed->contacts->arena, rows_bytes_max);
    return WEFT_OK;
}

weft_status wf_contact_rows_block(wf_feed *feed, const wf_load_block *block,
                                  weft_error *error)
{
    WF_TRY(ready(feed, error));
    wf_contact_rows *contacts = feed->contacts;
    for (size_t i = 0; i < block->records_count; i++) {
        const wf_load_record *record = &block->records[i];
        if (record->refused != NULL)
            continue;
        row *rows =
            wf_grow(contacts->rows, contacts->count, &contacts->capacity, sizeof *rows);
        if (rows == NULL)
            return wf_fail_memory(error);
        contacts->rows = rows;
        row *to = &rows[contacts->count];
        to->source = block->source;
        to->line = wf_feed_line(feed, block, record->row);
        if (!copy_row(contacts, block->values + record->values,
                      block->csv.rows[record->row].raw, to))
            return wf_fail_memory(error);
        contacts->count++;
    }
    return WEFT_OK;
}

// ---- what stands ----

static const wf_table *table_of(const wf_feed *feed, const char *kind)
{
    const wf_kind *found = wf_kinds_find(feed->city->kinds, wf_text_of(kind));
    WF_ASSERT(found != NULL && found->projections_count > 0);
    return found->projections[0].table;
}

static weft_status take_standing(void *context, const wf_value *values, weft_error *error)
{
    standings *of = context;
    standing *all = wf_grow(of->all, of->count, &of->capacity, sizeof *all);
    size_t count = of->table->columns_count;
    wf_value *kept = wf_arena_array(of->arena, count, sizeof *kept);
    if (all != NULL)
        of->all = all;
    if (all == NULL || kept == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        kept[i] = values[i];
        if (values[i].given && values[i].text.size > 0)
            kept[i].text = wf_arena_text(of->arena, values[i].text);
        if (values[i].given && values[i].text.size > 0 && kept[i].text.bytes == NULL)
            return wf_fail_memory(error);
    }
    all[of->count++] = (standing){{kept[0].text, kept[1].text}, kept};
    return WEFT_OK;
}

static int compare_standing(const void *a, const void *b)
{
    const standing *left = a, *right = b;
    int order = wf_text_compare(left->key[0], right->key[0]);
    return order != 0 ? order : wf_text_compare(left->key[1], right->key[1]);
}

static weft_status read_standing(wf_feed *feed, wf_database *db, const char *kind,
                                 standings *of, weft_error *error)
{
    of->table = table_of(feed, kind);
    of->arena = &feed->contacts->arena;
    WF_TRY(wf_records_each(wf_store_records(feed->city->store), db, of->table,
                           take_standing, of, error));
    if (of->count > 0)
        qsort(of->all, of->count, sizeof *of->all, compare_standing);
    return WEFT_OK;
}

static weft_status take_outbreak(void *context, const wf_value *values, weft_error *error)
{
    wf_contact_rows *contacts = context;
    contacts->outbreaks++;
    contacts->outbreak = wf_arena_text(&contacts->arena, values[0].text);
    return contacts->outbreak.bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_rows(wf_feed *feed, weft_error *error)
{
    wf_contact_rows *contacts = feed->contacts;
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(feed->city->store, &db, error));
    weft_status status =
        read_standing(feed, db, "contact.confirmed", &contacts->judged, error);
    if (status == WEFT_OK)
        status = read_standing(feed, db, "contact.reached", &contacts->followed, error);
    if (status == WEFT_OK)
        status = wf_records_each(wf_store_records(feed->city->store), db,
                                 table_of(feed, "outbreak.declared"), take_outbreak,
                                 contacts, error);
    wf_database_close(db);
    return status;
}

static const wf_value *stands(const standings *of, const standing *found,
                              const char *column)
{
    for (size_t i = 0; i < of->table->columns_count; i++)
        if (strcmp(of->table->columns[i].name, column) == 0)
            return &found->values[i];
    WF_BUG("the tables of contacts have this column");
}

static bool says(const standings *of, const standing *found, const char *column,
                 const wf_value *value, bool is_text)
{
    const wf_value *stood = stands(of, found, column);
    if (!value->given)
        return true;
    return stood->given && (is_text ? wf_text_equal(stood->text, value->text)
                                    : stood->number == value->number);
}

static const standing *find(const standings *of, wf_text first, wf_text second)
{
    const standing key = {.key = {first, second}};
    return of->count == 0
               ? NULL
               : bsearch(&key, of->all, of->count, sizeof *of->all, compare_standing);
}

// Whether all that a row says stands: the judgement with its values, and each time.
static bool is_had(const wf_contact_rows *contacts, const wf_value *values)
{
    const standings *judged = &contacts->judged, *followed = &contacts->followed;
    const standing *one = find(judged, values[CASE].text, values[PERSON].text);
    if (one == NULL || !says(judged, one, "outbreak", &values[OUTBREAK], true) ||
        !says(judged, one, "dismissed_at", &values[DISMISSED], false) ||
        !says(judged, one, "dismissed_for", &values[DISMISSED_FOR], true))
        return false;
    bool confirms = values[CONFIRMED].given || !values[DISMISSED].given;
    if (confirms && (!stands(judged, one, "confirmed_at")->given ||
                     !says(judged, one, "level", &values[LEVEL], true) ||
                     !says(judged, one, "exposed_from", &values[EXPOSED_FROM], false) ||
                     !says(judged, one, "exposed_until", &values[EXPOSED_UNTIL], false) ||
                     !says(judged, one, "place", &values[PLACE], true) ||
                     !says(judged, one, "last_confirmed_at", &values[CONFIRMED], false)))
        return false;
    if (!values[REACHED].given && !values[PLACED].given)
        return true;
    const standing *work = find(followed, values[OUTBREAK].text, values[PERSON].text);
    return work != NULL && says(followed, work, "reached_at", &values[REACHED], false) &&
           says(followed, work, "reached_by", &values[REACHED_BY], true) &&
           says(followed, work, "placed_at", &values[PLACED], false) &&
           says(followed, work, "placed_in", &values[PLACED_IN], true);
}

// ---- putting ----

static weft_status refuse(wf_feed *feed, const row *of, const weft_error *why,
                          weft_error *error)
{
    const wf_import_city *city = feed->city;
    weft_error told = *why;
    feed->refused_rows++;
    wf_error_at(&told, feed->source_name, of->line, NULL);
    if (feed->options->refused != NULL && feed->told++ < told_max)
        feed->options->refused(feed->options->context, &told);
    if (city->keeps != NULL &&
        !city->keeps(city->keeps_context, feed->beside_bytes + of->raw.size)) {
        feed->not_kept++;
        return WEFT_OK;
    }
    feed->beside_bytes = 0;
    wf_refused_row kept = {.source = of->source,
                           .line = of->line,
                           .code = wf_text_of(why->code),
                           .field = wf_text_of(why->field),
                           .raw = of->raw};
    return wf_refused_add(feed->refused, &kept, error);
}

// *ret_why: why the row is refused; else untouched.
static weft_status check_facts(const wf_feed *feed, const wf_fact *facts, size_t count,
                               weft_error *ret_why, weft_error *error)
{
    const wf_import_city *city = feed->city;
    for (size_t i = 0; i < count; i++) {
        const char *code = NULL, *at = NULL;
        weft_status status = wf_fact_check(&facts[i], ret_why);
        if (status != WEFT_OK)
            return status == WEFT_BAD_INPUT ? WEFT_OK : wf_fail_memory(error);
        if (city->may == NULL)
            continue;
        WF_TRY(city->may(city->may_context, &facts[i], &code, &at, error));
        if (code == NULL)
            continue;
        wf_error_at(ret_why, NULL, 0, at);
        WF_IGNORE(wf_fail(ret_why, WEFT_BAD_INPUT, code, NULL), "the row is refused");
        return WEFT_OK;
    }
    return WEFT_OK;
}

static weft_status put_facts(wf_feed *feed, wf_fact *facts, size_t count,
                             weft_error *ret_why, weft_error *error)
{
    for (size_t i = 0; i < count; i++) {
        wf_verdict verdict;
        facts[i].id.seq =
            wf_senders_next(wf_store_senders(feed->city->store), facts[i].id.device);
        WF_TRY(wf_store_put(feed->city->store, &facts[i], &verdict, error));
        if (verdict.sent == WF_SENT_ACCEPTED || verdict.sent == WF_SENT_HAD)
            continue;
        *ret_why = verdict.why;
        return WEFT_OK;
    }
    return WEFT_OK;
}

static void warn(wf_feed *feed, const wf_fact *fact, uint64_t line)
{
    weft_error warning;
    if (!wf_doubt_of(fact, feed->city->zone, &warning) || feed->warned++ >= told_max ||
        feed->options->warned == NULL)
        return;
    wf_error_at(&warning, feed->source_name, line, NULL);
    feed->options->warned(feed->options->context, &warning);
}

static weft_status put_row(wf_feed *feed, row *of, weft_error *error)
{
    wf_contact_rows *contacts = feed->contacts;
    wf_fact facts[WF_CONTACT_FACTS_MAX];
    weft_error why = {0};
    char device[WF_DEVICE_BYTES_MAX + 1];
    if (!of->values[OUTBREAK].given && contacts->outbreaks == 1)
        of->values[OUTBREAK] = (wf_value){.given = true, .text = contacts->outbreak};
    if (!of->values[OUTBREAK].given) {
        wf_error_at(&why, NULL, 0, "outbreak");
        WF_IGNORE(wf_fail(&why, WEFT_BAD_INPUT, "import.which_outbreak", NULL),
                  "the row is refused");
        return refuse(feed, of, &why, error);
    }
    if (is_had(contacts, of->values)) {
        feed->register_had++;
        return WEFT_OK;
    }
    size_t count =
        wf_contact_rows_facts(feed->city->kinds, of->values, feed->as_of, facts);
    wf_import_device(feed->city, feed->kind, device);
    for (size_t i = 0; i < count; i++)
        facts[i].id = (wf_identity){wf_text_of(device), 1};
    WF_TRY(check_facts(feed, facts, count, &why, error));
    if (why.code == NULL)
        WF_TRY(put_facts(feed, facts, count, &why, error));
    if (why.code != NULL)
        return refuse(feed, of, &why, error);
    feed->register_accepted++;
    warn(feed, &facts[0], of->line);
    return WEFT_OK;
}

weft_status wf_contact_rows_put(wf_feed *feed, weft_error *error)
{
    const wf_import_city *city = feed->city;
    WF_TRY(ready(feed, error));
    WF_TRY(read_rows(feed, error));
    wf_store_begin(city->store, city->clocked ? city->now : WF_TIME_NONE);
    for (size_t i = 0; i < feed->contacts->count; i++)
        WF_TRY(put_row(feed, &feed->contacts->rows[i], error));
    return WEFT_OK;
}
