// Reading everything, and naming what is wrong once each.
#include "visits/stated_file.h"

typedef struct {
    const wf_visits *visits;
    const wf_visits_findings *findings;
    uint64_t count;
} verifier;

static void found(verifier *v, const weft_error *what)
{
    v->count++;
    if (v->findings->found != NULL)
        v->findings->found(v->findings->context, what);
}

// Names it if it is something wrong with what is stored; other failures end the work.
static weft_status judge(verifier *v, weft_status status, const weft_error *what,
                         weft_error *error)
{
    if (status == WEFT_DAMAGED || status == WEFT_KEYLESS) {
        found(v, what);
        return WEFT_OK;
    }
    if (status != WEFT_OK)
        *error = *what;
    return status;
}

static weft_status check_dictionary(verifier *v, weft_error *error)
{
    const wf_visits *visits = v->visits;
    const wf_ids_mark *mark = &visits->manifest.ids;
    const wf_key *key;
    wf_path path;
    wf_ids *ids = NULL;
    weft_error what = {0};
    WF_TRY(wf_path_join(visits->folder.text, "dictionary", &path, error));
    WF_TRY(wf_keys_find(visits->keys, WF_KEY_DICTIONARY, (weft_day){mark->generation},
                        &key, error));
    WF_TRY(wf_ids_new(&ids, error));
    weft_status status =
        wf_ids_file_load(visits->io, path.text, key, mark, visits->threads, ids, &what);
    wf_ids_free(ids);
    return judge(v, status, &what, error);
}

// ---- days ----

static bool is_known(const wf_visits *visits, wf_id_class id_class, uint32_t number)
{
    return number < wf_ids_count(visits->ids, id_class) &&
           wf_ids_text(visits->ids, id_class, number).size > 0;
}

// Whether the dictionary has an id for every number in the rows.
static bool ids_known(const wf_visits *visits, const wf_segment_rows *rows)
{
    bool known = true;
    for (size_t i = 0; i < rows->visits_count && known; i++)
        known = is_known(visits, WF_ID_PERSON, rows->visits[i].person) &&
                is_known(visits, WF_ID_PLACE, rows->visits[i].place);
    for (size_t i = 0; i < rows->encounters_count && known; i++)
        known = is_known(visits, WF_ID_PERSON, rows->encounters[i].a) &&
                is_known(visits, WF_ID_PERSON, rows->encounters[i].b);
    return known;
}

// The same of the rows of an entry, dead or alive.
static bool entry_ids_known(const wf_visits *visits, const wf_stated *entry)
{
    bool known = true;
    for (size_t i = 0; i < entry->visits_count && known; i++)
        known = is_known(visits, WF_ID_PERSON, entry->visits[i].row.person) &&
                is_known(visits, WF_ID_PLACE, entry->visits[i].row.place);
    for (size_t i = 0; i < entry->encounters_count && known; i++)
        known = is_known(visits, WF_ID_PERSON, entry->encounters[i].row.a) &&
                is_known(visits, WF_ID_PERSON, entry->encounters[i].row.b);
    return known;
}

static weft_status name_unknown_ids(verifier *v, weft_day day, unsigned slot,
                                    weft_error *error)
{
    weft_error what = {0};
    wf_path path;
    WF_TRY(wf_store_path(v->visits, day, slot, &path, error));
    WF_IGNORE(
        wf_fail(&what, WEFT_DAMAGED, "visits.rows_without_ids", "path", path.text, NULL),
        "only the error is wanted");
    found(v, &what);
    return WEFT_OK;
}

static weft_status check_stated(verifier *v, const wf_manifest_day *day,
                                weft_error *error)
{
    wf_stated_table table = {0};
    wf_stated_read read;
    weft_error what = {0};
    weft_status status = wf_stated_load(v->visits, day, &table, &what);
    WF_TRY(judge(v, status, &what, error));
    bool known = true;
    for (size_t i = 0; i < table.count && known; i++) {
        wf_stated_table_read(&table, i, &read);
        known = entry_ids_known(v->visits, &read.entry);
    }
    wf_stated_table_done(&table);
    return known ? WEFT_OK : name_unknown_ids(v, day->day, WF_SLOT_STATED, error);
}

static weft_status check_segment(verifier *v, weft_day day, unsigned slot,
                                 const wf_segment *segment, weft_error *error)
{
    wf_segment_unpacked unpacked = {0};
    WF_TRY(wf_segment_unpack(segment, &unpacked, error));
    bool known = ids_known(v->visits, &unpacked.rows);
    wf_segment_unpacked_done(&unpacked);
    return known ? WEFT_OK : name_unknown_ids(v, day, slot, error);
}

// Without a key the headers of its files are all that can be compared.
static weft_status check_keyless_day(verifier *v, const wf_manifest_day *day,
                                     weft_error *error)
{
    weft_error what = {0};
    char text[WF_DAY_TEXT_MAX];
    WF_IGNORE(wf_fail(&what, WEFT_KEYLESS, "visits.day_keyless", "day",
                      wf_day_text(text, day->day), NULL),
              "only the error is wanted");
    found(v, &what);
    for (unsigned slot = 0; slot < WF_SLOT_COUNT; slot++) {
        wf_path path;
        weft_error wrong = {0};
        if (day->files[slot].generation == 0)
            continue;
        WF_TRY(wf_store_path(v->visits, day->day, slot, &path, error));
        weft_status status =
            wf_stored_check_file(v->visits, path.text, day, slot, &wrong);
        WF_TRY(judge(v, status, &wrong, error));
    }
    return WEFT_OK;
}

static weft_status check_day(verifier *v, const wf_manifest_day *day, weft_error *error)
{
    wf_stored stored;
    weft_error what = {0};
    weft_status status =
        wf_stored_open(v->visits, day, true, v->visits->threads, &stored, &what);
    if (status == WEFT_KEYLESS)
        return check_keyless_day(v, day, error);
    if (status != WEFT_OK) {
        *error = what;
        return status;
    }
    for (unsigned slot = 0; slot < WF_SLOT_COUNT && status == WEFT_OK; slot++) {
        if ((stored.damaged >> slot & 1) != 0)
            found(v, &stored.why[slot]);
        if (stored.segments[slot] != NULL)
            status = check_segment(v, day->day, slot, stored.segments[slot], error);
    }
    wf_stored_close(&stored);
    return status == WEFT_OK ? check_stated(v, day, error) : status;
}

// ---- strays ----

// What the store left itself is gone by now, so that all other names that the manifest
// does not know were put there by somebody.
static weft_status check_name(void *context, const char *name, weft_error *error)
{
    verifier *v = context;
    const wf_visits *visits = v->visits;
    weft_day day;
    unsigned slot = 0;
    wf_path path;
    const char *code = "visits.stray";
    wf_name_kind kind = wf_store_name(name, &day, &slot);
    if (kind == WF_NAME_STORE)
        return WEFT_OK;
    if (kind == WF_NAME_FILE) {
        const wf_manifest_day *named = wf_manifest_find(&visits->manifest, day);
        if (named != NULL && named->files[slot].generation != 0)
            return WEFT_OK;
        if (wf_visits_day_is_forgotten(visits, day))
            code = "visits.forgotten_file";
    }
    WF_TRY(wf_path_join(visits->folder.text, name, &path, error));
    weft_error what = {0};
    WF_IGNORE(wf_fail(&what, WEFT_FOUND_WRONG, code, "path", path.text, NULL),
              "only the error is wanted");
    found(v, &what);
    return WEFT_OK;
}

weft_status wf_visits_verify(wf_visits *visits, const wf_visits_findings *findings,
                             weft_error *error)
{
    verifier v = {visits, findings, 0};
    WF_ASSERT(visits->batch == NULL);
    WF_TRY(wf_commit_ready(visits, error));
    WF_TRY(wf_commit_recover(visits, error)); // takes away what failed changes left
    WF_TRY(check_dictionary(&v, error));
    for (size_t i = 0; i < visits->manifest.count; i++)
        WF_TRY(check_day(&v, &visits->manifest.days[i], error));
    WF_TRY(wf_store_each_name(visits, check_name, &v, error));
    if (v.count == 0)
        return WEFT_OK;
    char number[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_FOUND_WRONG, "visits.found_wrong", "count",
                   wf_number_text(number, (int64_t)v.count), NULL);
}
