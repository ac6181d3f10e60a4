#include "weft/care.h"

#include <string.h>

#include "access/change/due.h"
#include "access/city/city.h"
#include "desk/kinds.h"
#include "load/refused.h"

// ---- verify ----

typedef struct {
    void (*found)(void *context, const weft_error *what);
    void *context;
    uint64_t count;
} finder;

static void count_found(void *context, const weft_error *what)
{
    finder *all = context;
    all->count++;
    all->found(all->context, what);
}

// What is amiss in a part of the city is said, and does not end the work. A part that
// returns WEFT_FOUND_WRONG has named each thing itself.
static weft_status judge(finder *all, weft_status status, const weft_error *what,
                         weft_error *error)
{
    if (status == WEFT_OK || status == WEFT_FOUND_WRONG)
        return WEFT_OK;
    if (status == WEFT_DAMAGED || status == WEFT_KEYLESS) {
        count_found(all, what);
        return WEFT_OK;
    }
    *error = *what;
    return status;
}

static weft_status read_refused(const wf_refused_folder *folder, const char *name,
                                weft_error *error)
{
    wf_refused_reader *reader = NULL;
    wf_refused_item item = {0};
    weft_status status = WEFT_OK;
    WF_TRY(wf_refused_reader_open(folder, name, &reader, error));
    while (status == WEFT_OK && item.what != WF_REFUSED_END)
        status = wf_refused_next(reader, &item, error);
    wf_refused_reader_close(reader);
    return status;
}

static weft_status verify_refused(weft_city *city, finder *all, weft_error *error)
{
    enum { together = 256 };
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    char names[together][WF_REFUSED_NAME_MAX], after[WF_REFUSED_NAME_MAX] = "";
    size_t count = 0;
    do {
        WF_TRY(wf_refused_names(&folder, after, names, together, &count, error));
        for (size_t i = 0; i < count; i++) {
            weft_error what = {0};
            weft_status status = read_refused(&folder, names[i], &what);
            WF_TRY(judge(all, status, &what, error));
        }
        if (count > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (count > 0);
    return WEFT_OK;
}

weft_status weft_verify(weft_city *city,
                        void (*found)(void *context, const weft_error *what),
                        void *context, weft_error *error)
{
    finder all = {found, context, 0};
    const wf_visits_findings findings = {count_found, &all};
    weft_error what = {0};
    weft_status status = wf_visits_verify(city->visits, &findings, &what);
    WF_TRY(judge(&all, status, &what, error));
    what = (weft_error){0};
    status = wf_ledger_verify(wf_store_ledger(city->store), count_found, &all, &what);
    WF_TRY(judge(&all, status, &what, error));
    what = (weft_error){0};
    status = wf_records_verify(wf_store_records(city->store), count_found, &all, &what);
    WF_TRY(judge(&all, status, &what, error));
    WF_TRY(verify_refused(city, &all, error));
    if (all.count == 0)
        return WEFT_OK;
    char number[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_FOUND_WRONG, "verify.found", "count",
                   wf_number_text(number, (int64_t)all.count), NULL);
}

// ---- purge ----

static bool is_registered(void *context, wf_id_class id_class, uint32_t number)
{
    const weft_city *city = context;
    return id_class == WF_ID_PERSON ? wf_register_has_person(city->reg, number)
                                    : wf_register_has_place(city->reg, number);
}

// Rows whose day could not be read end with the day of receipt.
static weft_status forget_undated(weft_city *city, weft_day before,
                                  uint64_t *keys_destroyed, weft_error *error)
{
    weft_day *days;
    size_t count, destroyed = 0;
    WF_TRY(wf_keys_days(city->keys, WF_KEY_REFUSED, wf_city_new_answer(city), &days,
                        &count, error));
    if (count > 0 && days[0].number < before.number)
        WF_TRY(
            wf_keys_forget_before(city->keys, WF_KEY_REFUSED, before, &destroyed, error));
    *keys_destroyed += destroyed;
    return WEFT_OK;
}

static weft_status purge_refused(weft_city *city, weft_purge_summary *summary,
                                 weft_error *error)
{
    wf_refused_folder folder = {city->io, city->dir.text, city->keys};
    uint64_t rows;
    return wf_refused_purge(&folder, &rows, &summary->refused_files_removed, error);
}

// A slip of the year must not shut a living city: days that are forgotten take nothing in
// ever again, those to come too.
static weft_status check_before(const weft_city *city, const weft_day *before,
                                weft_error *error)
{
    char text[WF_DAY_TEXT_MAX];
    weft_day today = wf_zone_day_of(city->zone, weft_city_now(city));
    if (before == NULL || city->kind != WEFT_CITY_REAL ||
        before->number <= today.number + 1)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_USAGE, "purge.future", "day",
                   wf_day_text(text, *before), NULL);
}

// Bodies of facts that are due, and what rests on them. The register is closed meanwhile:
// the rows are made anew.
static weft_status purge_facts(weft_city *city, const wf_due *due,
                               weft_purge_summary *summary, weft_error *error)
{
    uint64_t destroyed = 0;
    wf_city_close_rows(city);
    weft_status status = wf_store_purge(city->store, due->facts, &destroyed, error);
    weft_error second = {0};
    weft_status again = wf_city_reread(city, &second);
    summary->keys_destroyed += destroyed;
    WF_TRY(status);
    if (again != WEFT_OK)
        *error = second;
    return again;
}

weft_status weft_purge(weft_city *city, const weft_day *before, weft_purge_summary *ret,
                       weft_error *error)
{
    wf_due due;
    wf_visits_purge_count count = {0};
    weft_purge_summary summary = {0};
    const wf_import_city into = wf_city_import(city);
    WF_TRY(check_before(city, before, error));
    WF_TRY(wf_import_settle(&into, error));
    WF_TRY(wf_due_read(city, &due, error));
    if (before != NULL && before->number > due.visits.number)
        due.visits = due.facts[WF_KEEP_VISIT] = *before;
    WF_TRY(forget_undated(city, due.refused, &summary.keys_destroyed, error));
    // Facts first: the dictionary keeps the ids that their rows still name.
    WF_TRY(purge_facts(city, &due, &summary, error));
    // Refused rows of a day are sealed under its key, so that they are swept in any case.
    weft_status status =
        wf_visits_purge(city->visits, due.visits, is_registered, city, &count, error);
    weft_error second = {0};
    weft_status swept = purge_refused(city, &summary, &second);
    WF_TRY(status);
    if (swept != WEFT_OK) {
        *error = second;
        return swept;
    }
    summary.keys_destroyed += count.keys_destroyed;
    summary.days_forgotten = count.days_forgotten;
    summary.files_removed = count.files_removed;
    summary.ids_forgotten = count.ids_forgotten;
    *ret = summary;
    return WEFT_OK;
}

// ---- digest ----

static const char *note_of(wf_day_state state)
{
    return state == WF_DAY_FORGOTTEN ? "forgotten"
           : state == WF_DAY_DAMAGED ? "damaged"
           : state == WF_DAY_KEYLESS ? "keyless"
                                     : "";
}

static weft_digest_line line_of(const char *name, const wf_digest *digest)
{
    weft_digest_line line = {.name = name, .note = ""};
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < sizeof digest->bytes; i++) {
        // The sum is little endian, people read the greatest digit first.
        unsigned byte = digest->bytes[sizeof digest->bytes - 1 - i];
        line.hex[2 * i] = digits[byte >> 4];
        line.hex[2 * i + 1] = digits[byte & 15];
    }
    return line;
}

typedef struct {
    wf_digest total;
    wf_digest *tables; // of wf_desk_kinds()
    weft_day *days;
    wf_digest *sums; // of the days
    wf_day_state *states;
    size_t count;
} digests;

static weft_status digest_tables(weft_city *city, wf_arena *arena, digests *all,
                                 weft_error *error)
{
    const wf_kinds *kinds = wf_desk_kinds();
    wf_database *db = NULL;
    all->tables = wf_arena_array(arena, kinds->tables_count, sizeof *all->tables);
    if (all->tables == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_store_reader(city->store, &db, error));
    weft_status status = wf_database_begin(db, error);
    for (size_t i = 0; status == WEFT_OK && i < kinds->tables_count; i++) {
        if (!kinds->tables[i]->in_digest)
            continue;
        status = wf_records_digest(wf_store_records(city->store), db, kinds->tables[i],
                                   all->tables[i].bytes, error);
        wf_digest_add(&all->total, &all->tables[i]);
    }
    wf_database_close(db);
    return status;
}

static weft_status digest_all(weft_city *city, digests *all, weft_error *error)
{
    wf_arena *arena = wf_city_new_answer(city);
    WF_TRY(digest_tables(city, arena, all, error));
    WF_TRY(wf_visits_days(city->visits, arena, &all->days, &all->count, error));
    all->sums = wf_arena_array(arena, all->count + 1, sizeof *all->sums);
    all->states = wf_arena_array(arena, all->count + 1, sizeof *all->states);
    if (all->sums == NULL || all->states == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < all->count; i++) {
        WF_TRY(wf_visits_digest_day(city->visits, all->days[i], &all->sums[i],
                                    &all->states[i], error));
        wf_digest_add(&all->total, &all->sums[i]);
    }
    return WEFT_OK;
}

// A day that cannot be read makes the total one of something else.
static weft_status incomplete(const digests *all, weft_error *error)
{
    for (size_t i = 0; i < all->count; i++) {
        char text[WF_DAY_TEXT_MAX];
        if (all->states[i] != WF_DAY_DAMAGED && all->states[i] != WF_DAY_KEYLESS)
            continue;
        return wf_fail(error,
                       all->states[i] == WF_DAY_DAMAGED ? WEFT_DAMAGED : WEFT_KEYLESS,
                       "digest.incomplete", "day", wf_day_text(text, all->days[i]), NULL);
    }
    return WEFT_OK;
}

weft_status weft_digest(weft_city *city,
                        void (*line)(void *context, const weft_digest_line *),
                        void *context, weft_error *error)
{
    digests all = {0};
    WF_TRY(digest_all(city, &all, error));
    weft_digest_line one = line_of("total", &all.total);
    line(context, &one);
    const wf_kinds *kinds = wf_desk_kinds();
    for (size_t i = 0; i < kinds->tables_count; i++) {
        if (!kinds->tables[i]->in_digest)
            continue;
        one = line_of(kinds->tables[i]->name, &all.tables[i]);
        line(context, &one);
    }
    for (size_t i = 0; i < all.count; i++) {
        char text[WF_DAY_TEXT_MAX];
        if (all.states[i] == WF_DAY_EMPTY)
            continue;
        one = line_of(wf_day_text(text, all.days[i]), &all.sums[i]);
        one.note = note_of(all.states[i]);
        line(context, &one);
    }
    return incomplete(&all, error);
}
