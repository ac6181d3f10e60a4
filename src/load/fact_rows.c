#include "load/fact_rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "base/hash.h"
#include "base/hash_set.h"
#include "load/contradict.h"
#include "load/doubt.h"
#include "load/told.h"
#include "store/sheaf.h"

enum {
    told_max = 20,
    rows_bytes_max = 256 << 20,
    stood_bytes_max = 1 << 30,
    rows_between_looks = 1024 // at whether it goes on
};

// ---- the lists ----

const wf_fact_list *wf_fact_list_of(weft_import_kind kind)
{
    switch (kind) {
    case WEFT_IMPORT_CONTACTS:
        return &wf_list_contacts;
    case WEFT_IMPORT_FOLLOWUPS:
        return &wf_list_followups;
    case WEFT_IMPORT_RESULTS:
        return &wf_list_results;
    case WEFT_IMPORT_TUBES:
        return &wf_list_tubes;
    default:
        return NULL;
    }
}

wf_fact *wf_fact_row_add(wf_row_facts *to, const wf_kinds *kinds, const char *kind,
                         weft_time at)
{
    WF_ASSERT(to->count < WF_ROW_FACTS_MAX);
    wf_fact *fact = &to->facts[to->count++];
    *fact = (wf_fact){.kind = wf_kinds_find(kinds, wf_text_of(kind)), .at = at};
    WF_ASSERT(fact->kind != NULL);
    return fact;
}

void wf_fact_row_set(wf_fact *fact, const char *name, wf_value value)
{
    size_t at = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(at != SIZE_MAX);
    fact->values[at] = value;
}

void wf_fact_row_of_register(const wf_register_table *table, const wf_value *values,
                             wf_fact *to)
{
    const wf_kind *kind = to->kind;
    for (size_t i = 0; i < table->columns_count; i++) {
        const char *name = table->columns[i].name;
        size_t at = i < kind->fields_count && strcmp(kind->fields[i].name, name) == 0
                        ? i
                        : wf_kind_field(kind, wf_text_of(name));
        WF_ASSERT(at != SIZE_MAX);
        to->values[at] = values[i];
    }
}

const char *wf_fact_row_lacks(const wf_column *columns, const wf_value *values,
                              size_t when, size_t what, const char **ret_field)
{
    if (values[when].given == values[what].given)
        return NULL;
    *ret_field = columns[values[when].given ? what : when].name;
    return "import.empty";
}

// ---- gathering ----

typedef struct {
    wf_value *values; // one a column
    wf_text raw;
    size_t source;
    uint64_t line;
    // Where the list names cases: what is known of the name, and the name as it came.
    wf_case_named named;
    wf_text was;
} row;

struct wf_fact_rows {
    const wf_fact_list *list;
    wf_arena arena, stood; // of the rows; of what stands of them
    row *rows;
    size_t count, capacity;
    wf_stood_rows stand[WF_STANDINGS_MAX];
    wf_text outbreak; // the only one; size 0: none, or several
    size_t outbreaks;
    // What this delivery has told, by two hashes of each fact: a row that comes twice, or
    // a tube's result beside each of its people, is one fact.
    wf_hash_set told[2];
    uint64_t seeds[2];
    wf_told before;    // and what the ledger was told before it
    wf_rows_said said; // by the place of a row
};

void wf_fact_rows_free(wf_fact_rows *rows)
{
    if (rows == NULL)
        return;
    free(rows->rows);
    for (size_t i = 0; i < WF_STANDINGS_MAX; i++)
        free(rows->stand[i].all);
    wf_hash_set_done(&rows->told[0]);
    wf_hash_set_done(&rows->told[1]);
    wf_told_done(&rows->before);
    wf_rows_said_done(&rows->said);
    wf_arena_done(&rows->arena);
    wf_arena_done(&rows->stood);
    free(rows);
}

static bool copy_row(wf_fact_rows *rows, const wf_value *values, wf_text raw, row *ret)
{
    const wf_register_table *table = rows->list->table;
    ret->raw = wf_arena_text(&rows->arena, raw);
    ret->values = wf_arena_array(&rows->arena, table->columns_count, sizeof *ret->values);
    bool done = ret->raw.bytes != NULL && ret->values != NULL;
    for (size_t i = 0; done && i < table->columns_count; i++) {
        ret->values[i] = values[i];
        if (!values[i].given || values[i].text.size == 0)
            continue;
        ret->values[i].text = wf_arena_text(&rows->arena, values[i].text);
        done = ret->values[i].text.bytes != NULL;
    }
    return done;
}

static weft_status ready(wf_feed *feed, weft_error *error)
{
    if (feed->fact_rows != NULL)
        return WEFT_OK;
    wf_fact_rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(error);
    rows->list = wf_fact_list_of(feed->kind);
    rows->seeds[0] = wf_hash_seed();
    rows->seeds[1] = wf_hash_seed();
    rows->said.seed = wf_hash_seed();
    wf_arena_init(&rows->arena, rows_bytes_max);
    wf_arena_init(&rows->stood, stood_bytes_max);
    feed->fact_rows = rows;
    return WEFT_OK;
}

// Says how many rows did fit, so that whoever sends the list knows in what parts.
static weft_status too_many(const wf_fact_rows *rows, weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_TOO_LARGE, "import.list_too_large", "limit",
                   wf_number_text(limit, (int64_t)rows->count), NULL);
}

weft_status wf_fact_rows_block(wf_feed *feed, const wf_load_block *block,
                               weft_error *error)
{
    WF_TRY(ready(feed, error));
    wf_fact_rows *gathered = feed->fact_rows;
    for (size_t i = 0; i < block->records_count; i++) {
        const wf_load_record *record = &block->records[i];
        if (record->refused != NULL)
            continue;
        row *rows =
            wf_grow(gathered->rows, gathered->count, &gathered->capacity, sizeof *rows);
        if (rows == NULL)
            return wf_fail_memory(error);
        gathered->rows = rows;
        row *to = &rows[gathered->count];
        *to = (row){.source = block->source};
        to->line = wf_feed_line(feed, block, record->row);
        if (!copy_row(gathered, block->values + record->values,
                      block->csv.rows[record->row].raw, to))
            return too_many(gathered, error);
        if (!wf_rows_said_add(&gathered->said, gathered->list, to->values,
                              gathered->count))
            return wf_fail_memory(error);
        gathered->count++;
    }
    return WEFT_OK;
}

// ---- what stands ----

static const wf_table *table_of(const wf_kinds *kinds, const wf_stood_of *of)
{
    const wf_kind *found = wf_kinds_find(kinds, wf_text_of(of->kind));
    WF_ASSERT(found != NULL && found->projections_count > of->projection);
    return found->projections[of->projection].table;
}

static weft_status take_standing(void *context, const wf_value *values, weft_error *error)
{
    wf_stood_rows *of = context;
    wf_text about = values[of->about].text;
    if (!wf_hash_set_has(of->wanted, wf_hash(about.bytes, about.size, of->seed)))
        return WEFT_OK;
    wf_stood *all = wf_grow(of->all, of->count, &of->capacity, sizeof *all);
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
    wf_stood *one = &all[of->count++];
    *one = (wf_stood){.key = {{"", 0}, {"", 0}}, .values = kept};
    for (size_t i = 0; i < WF_STANDING_KEYS; i++)
        if (of->key[i] != SIZE_MAX && kept[of->key[i]].given)
            one->key[i] = kept[of->key[i]].text;
    return WEFT_OK;
}

static int compare_standing(const void *a, const void *b)
{
    const wf_stood *left = a, *right = b;
    int order = wf_text_compare(left->key[0], right->key[0]);
    return order != 0 ? order : wf_text_compare(left->key[1], right->key[1]);
}

static weft_status note_wanted(const wf_fact_rows *rows, size_t field, wf_hash_set *to,
                               weft_error *error)
{
    for (size_t i = 0; i < rows->count; i++) {
        wf_text text = rows->rows[i].values[field].text;
        if (!wf_hash_set_add(to, wf_hash(text.bytes, text.size, rows->seeds[0])))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// Which columns of the table are the keys.
static void find_keys(const wf_stood_of *by, wf_stood_rows *of)
{
    for (size_t i = 0; i < WF_STANDING_KEYS; i++) {
        of->key[i] = by->key[i] == NULL
                         ? SIZE_MAX
                         : wf_table_column(of->table, wf_text_of(by->key[i]));
        WF_ASSERT(by->key[i] == NULL || of->key[i] != SIZE_MAX);
    }
}

static weft_status read_standing(wf_feed *feed, wf_database *db, const wf_stood_of *by,
                                 wf_stood_rows *of, weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    wf_hash_set wanted = {0};
    of->table = table_of(feed->city->kinds, by);
    of->arena = &rows->stood;
    of->about = wf_table_column(of->table, wf_text_of(by->about));
    WF_ASSERT(of->about != SIZE_MAX);
    find_keys(by, of);
    of->wanted = &wanted;
    of->seed = rows->seeds[0];
    weft_status status = note_wanted(rows, by->field, &wanted, error);
    if (status == WEFT_OK)
        status = wf_records_each(wf_store_records(feed->city->store), db, of->table,
                                 take_standing, of, error);
    of->wanted = NULL;
    wf_hash_set_done(&wanted);
    if (status == WEFT_OK && of->count > 0)
        qsort(of->all, of->count, sizeof *of->all, compare_standing);
    return status;
}

static weft_status take_outbreak(void *context, const wf_value *values, weft_error *error)
{
    wf_fact_rows *rows = context;
    rows->outbreaks++;
    rows->outbreak = wf_arena_text(&rows->arena, values[0].text);
    return rows->outbreak.bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_rows(wf_feed *feed, const wf_fact_list *list, weft_error *error)
{
    static const wf_stood_of outbreaks = {.kind = "outbreak.declared"};
    wf_fact_rows *rows = feed->fact_rows;
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(feed->city->store, &db, error));
    weft_status status = wf_records_each(wf_store_records(feed->city->store), db,
                                         table_of(feed->city->kinds, &outbreaks),
                                         take_outbreak, rows, error);
    for (size_t i = 0; status == WEFT_OK && i < WF_STANDINGS_MAX; i++)
        if (list->stand[i].kind != NULL)
            status = read_standing(feed, db, &list->stand[i], &rows->stand[i], error);
    wf_database_close(db);
    return status;
}

const wf_value *wf_stood_value(const wf_stood_rows *of, const wf_stood *found,
                               const char *column)
{
    size_t at = wf_table_column(of->table, wf_text_of(column));
    WF_ASSERT(at != SIZE_MAX);
    return &found->values[at];
}

bool wf_stood_says(const wf_stood_rows *of, const wf_stood *found, const char *column,
                   const wf_value *value)
{
    size_t at = wf_table_column(of->table, wf_text_of(column));
    WF_ASSERT(at != SIZE_MAX);
    const wf_value *stood = &found->values[at];
    if (!value->given)
        return true;
    if (!stood->given)
        return false;
    switch (of->table->columns[at].type) {
    case WF_COLUMN_NUMBER:
        return memcmp(&stood->real, &value->real, sizeof value->real) == 0;
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
    case WF_COLUMN_INTEGER:
    case WF_COLUMN_YESNO:
        return stood->number == value->number;
    default:
        return wf_text_equal(stood->text, value->text);
    }
}

const wf_stood *wf_stood_find(const wf_stood_rows *of, wf_text first, wf_text second)
{
    bool by_both = of->key[1] != SIZE_MAX && second.bytes != NULL;
    size_t low = 0, high = of->count;
    const wf_stood key = {.key = {first, by_both ? second : (wf_text){"", 0}}};
    while (low < high) {
        size_t half = low + (high - low) / 2;
        if (compare_standing(&of->all[half], &key) < 0)
            low = half + 1;
        else
            high = half;
    }
    if (low == of->count || !wf_text_equal(of->all[low].key[0], first) ||
        (by_both && !wf_text_equal(of->all[low].key[1], second)))
        return NULL;
    return &of->all[low];
}

// A case goes by its own id from here on, whichever of its numbers the list has.
static weft_status name_cases(wf_feed *feed, weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    if (!rows->list->names_case)
        return WEFT_OK;
    WF_TRY(wf_case_numbers_read(feed->city, &feed->cases, error));
    for (size_t i = 0; i < rows->count; i++) {
        wf_value *of = &rows->rows[i].values[0];
        rows->rows[i].was = of->text;
        rows->rows[i].named = wf_case_numbers_find(feed->cases, of->text, &of->text);
    }
    return WEFT_OK;
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
                           .params = why->params,
                           .params_count = why->params_count,
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

// Leaves what this delivery has told already out of the facts, which have been checked;
// *ret_hashes of those that are left.
static weft_status leave_told(wf_fact_rows *rows, wf_row_facts *facts,
                              uint64_t ret_hashes[WF_ROW_FACTS_MAX][2], weft_error *error)
{
    wf_buffer body = {0};
    weft_status status = WEFT_OK;
    size_t left = 0;
    for (size_t i = 0; status == WEFT_OK && i < facts->count; i++) {
        wf_fact *fact = &facts->facts[i];
        uint64_t hashes[2];
        body.size = 0;
        if (!wf_buffer_append(&body, &fact->kind->number, sizeof fact->kind->number) ||
            !wf_buffer_append(&body, &fact->at, sizeof fact->at))
            status = wf_fail_memory(error);
        else
            status = wf_fact_encode(fact, &body, error);
        for (size_t h = 0; status == WEFT_OK && h < 2; h++)
            hashes[h] = wf_hash(body.bytes, body.size, rows->seeds[h]);
        if (status != WEFT_OK || (wf_hash_set_has(&rows->told[0], hashes[0]) &&
                                  wf_hash_set_has(&rows->told[1], hashes[1])))
            continue;
        memcpy(ret_hashes[left], hashes, sizeof hashes);
        if (left != i)
            facts->facts[left] = *fact;
        left++;
    }
    facts->count = left;
    wf_buffer_wipe(&body);
    return status;
}

// Whole or not at all: all of a row's facts are judged before any of them is added.
static weft_status put_facts(wf_feed *feed, wf_row_facts *facts, weft_error *ret_why,
                             weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    uint64_t hashes[WF_ROW_FACTS_MAX][2] = {{0}};
    WF_TRY(leave_told(rows, facts, hashes, error));
    for (size_t i = 0; i < facts->count; i++) {
        weft_status taken = WEFT_OK;
        weft_error why = {0};
        WF_TRY(wf_sheaf_judge(feed->sheaf, &facts->facts[i], &taken, &why, error));
        if (taken != WEFT_OK) {
            *ret_why = why;
            return WEFT_OK;
        }
    }
    for (size_t i = 0; i < facts->count; i++) {
        WF_TRY(wf_sheaf_add(feed->sheaf, &facts->facts[i], error));
        if (!wf_hash_set_add(&rows->told[0], hashes[i][0]) ||
            !wf_hash_set_add(&rows->told[1], hashes[i][1]))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

static void tell_doubt(const wf_feed *feed, const row *of, weft_error *warning)
{
    if (feed->warned > told_max || feed->options->warned == NULL)
        return;
    wf_error_at(warning, feed->source_name, of->line, NULL);
    feed->options->warned(feed->options->context, warning);
}

// Of a row that was had, and is not what stands.
static void warn_as(wf_feed *feed, const row *of, const char *code)
{
    const wf_fact_list *list = feed->fact_rows->list;
    weft_error said = {0};
    feed->warned++;
    wf_error_at(&said, NULL, 0, list->table->columns[list->says].name);
    WF_IGNORE(wf_fail(&said, WEFT_BAD_INPUT, code, NULL), "the row is had");
    tell_doubt(feed, of, &said);
}

// Of a row that was taken: what its list asks about it, and what its dates do. Whatever
// is said of it, it is counted once.
static void warn(wf_feed *feed, const wf_fact *fact, const row *of)
{
    const wf_fact_rows *rows = feed->fact_rows;
    weft_error by_list = {0}, by_dates = {0};
    const char *field = NULL, *code = NULL;
    if (rows->list->doubt != NULL)
        code = rows->list->doubt(rows->stand, of->values, &field);
    if (code == NULL && rows->list->names_case) {
        code = wf_case_named_doubt(of->named);
        field = rows->list->table->columns[0].name;
    }
    bool dates = wf_doubt_of(fact, feed->city->zone, &by_dates);
    feed->warned += code != NULL || dates;
    if (code != NULL) {
        wf_error_at(&by_list, NULL, 0, field);
        WF_IGNORE(wf_fail(&by_list, WEFT_BAD_INPUT, code, NULL), "the row is taken");
        tell_doubt(feed, of, &by_list);
    }
    if (dates)
        tell_doubt(feed, of, &by_dates);
}

// ---- what was told before ----

// Leaves the fact that may have been told before out, if it was. Rows are judged beside
// posts; the ledger is asked where nobody posts, once a row of what stands.
static weft_status leave_asked(const wf_feed *feed, const row *of, wf_row_facts *facts,
                               bool *ret_left, weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    const wf_stood_of *by = &rows->list->stand[rows->list->ledger];
    bool found = false;
    *ret_left = false;
    if (facts->asked == NULL)
        return WEFT_OK;
    WF_TRY(wf_told_before(&rows->before, feed->city, table_of(feed->city->kinds, by),
                          of->values[by->field].text, facts->asked, &found, error));
    if (!found)
        return WEFT_OK;
    size_t at = (size_t)(facts->asked - facts->facts);
    facts->count--;
    memmove(&facts->facts[at], &facts->facts[at + 1],
            (facts->count - at) * sizeof *facts->facts);
    facts->asked = NULL;
    *ret_left = true;
    return WEFT_OK;
}

// ---- a row ----

static weft_status refuse_for(wf_feed *feed, const row *of, const char *code,
                              const char *field, weft_error *error)
{
    weft_error why = {0};
    wf_error_at(&why, NULL, 0, field);
    WF_IGNORE(wf_fail(&why, WEFT_BAD_INPUT, code, NULL), "the row is refused");
    return refuse(feed, of, &why, error);
}

// Whose they are. What its kind lays nowhere lies with its sender, as where it is posted.
static void sign(const wf_feed *feed, wf_text device, wf_row_facts *facts)
{
    const char *grid = feed->city->grid;
    for (size_t i = 0; i < facts->count; i++) {
        wf_fact *fact = &facts->facts[i];
        fact->id = (wf_identity){device, 1};
        if (grid != NULL && grid[0] != '\0' && fact->kind->where == NULL) {
            fact->grid = wf_text_of(grid);
            fact->grid_assumed = true;
        }
    }
}

// All that the row says, and not only what does not stand: whether something stands is
// nothing to tell to those who may not speak of it.
static weft_status check_row(const wf_feed *feed, const row *of, wf_text device,
                             weft_error *ret_why, weft_error *error)
{
    wf_row_facts whole = {.count = 0};
    if (feed->city->may == NULL)
        return WEFT_OK;
    feed->fact_rows->list->facts(NULL, feed->city->kinds, of->values, feed->as_of,
                                 &whole);
    sign(feed, device, &whole);
    return check_facts(feed, whole.facts, whole.count, ret_why, error);
}

// Of a row that is right by itself.
static weft_status tell_row(wf_feed *feed, const row *of, weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    wf_row_facts facts = {.count = 0};
    weft_error why = {0};
    char device[WF_DEVICE_BYTES_MAX + 1];
    bool left = false;
    wf_import_device(feed->city, feed->kind, device);
    WF_TRY(check_row(feed, of, wf_text_of(device), &why, error));
    if (why.code != NULL)
        return refuse(feed, of, &why, error);
    rows->list->facts(rows->stand, feed->city->kinds, of->values, feed->as_of, &facts);
    if (of->named == WF_CASE_OTHER && rows->list->moved != NULL)
        rows->list->moved(rows->stand, feed->city->kinds, of->values, of->was,
                          feed->as_of, &facts);
    sign(feed, wf_text_of(device), &facts);
    WF_TRY(check_facts(feed, facts.facts, facts.count, &why, error));
    if (why.code == NULL)
        WF_TRY(leave_asked(feed, of, &facts, &left, error));
    if (why.code == NULL)
        WF_TRY(put_facts(feed, &facts, &why, error));
    if (why.code != NULL)
        return refuse(feed, of, &why, error);
    if (left && facts.stays_other != NULL)
        warn_as(feed, of, facts.stays_other);
    if (facts.count == 0) {
        feed->register_had++;
        return WEFT_OK;
    }
    feed->register_accepted++;
    warn(feed, &facts.facts[0], of);
    return WEFT_OK;
}

static weft_status put_row(wf_feed *feed, size_t at, weft_error *error)
{
    wf_fact_rows *rows = feed->fact_rows;
    const wf_fact_list *list = rows->list;
    row *of = &rows->rows[at];
    wf_value *outbreak = list->outbreak == SIZE_MAX ? NULL : &of->values[list->outbreak];
    if (wf_rows_said_has(&rows->said, at))
        return refuse_for(feed, of, "import.contradicts",
                          list->table->columns[list->says].name, error);
    if (list->needs_outbreak && !outbreak->given && rows->outbreaks == 1)
        *outbreak = (wf_value){.given = true, .text = rows->outbreak};
    if (list->needs_outbreak && !outbreak->given)
        return refuse_for(feed, of, "import.which_outbreak", "outbreak", error);
    if (of->named == WF_CASE_SEVERAL)
        return refuse_for(feed, of, "import.case_several", list->table->columns[0].name,
                          error);
    return tell_row(feed, of, error);
}

weft_status wf_fact_rows_begin(wf_feed *feed, weft_error *error)
{
    const wf_import_city *city = feed->city;
    char device[WF_DEVICE_BYTES_MAX + 1];
    wf_import_device(city, feed->kind, device);
    return wf_sheaf_new(city->store, wf_text_of(device),
                        city->clocked ? city->now : WF_TIME_NONE, &feed->sheaf, error);
}

// Judging takes its time as reading does, and is stopped as that is.
static weft_status goes_on(const wf_feed *feed, weft_error *error)
{
    const weft_import_options *options = feed->options;
    const weft_import_progress progress = {.rows = feed->rows};
    if (options->progress == NULL || options->progress(options->context, &progress))
        return WEFT_OK;
    return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
}

weft_status wf_fact_rows_put(wf_feed *feed, weft_error *error)
{
    WF_TRY(ready(feed, error));
    WF_TRY(name_cases(feed, error));
    WF_TRY(read_rows(feed, feed->fact_rows->list, error));
    wf_rows_said_find(&feed->fact_rows->said);
    for (size_t i = 0; i < feed->fact_rows->count; i++) {
        if (i % rows_between_looks == 0)
            WF_TRY(goes_on(feed, error));
        WF_TRY(put_row(feed, i, error));
    }
    return WEFT_OK;
}
