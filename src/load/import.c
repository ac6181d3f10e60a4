#include "load/import.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "load/delivery.h"
#include "load/fact_rows.h"
#include "load/facts.h"
#include "load/feed.h"
#include "load/keep.h"
#include "load/reader.h"
#include "load/refused.h"
#include "load/two_places.h"
#include "store/sheaf.h"

enum {
    tick_ms = 200, // how often progress is told
    mapping_bytes_max = 64 << 20
};

// An import under way.
typedef struct {
    const wf_import_city *city;
    const wf_import_request *request;
    wf_arena arena; // of the mapping
    const wf_mapping *mapping;
    wf_load_kinds kinds;
    wf_visits_batch *batch; // NULL once it has committed or failed to
    bool delivering;        // rows of the register, to the store
    wf_refused *refused;
    wf_path refused_path;
    wf_refused_commits before; // this import
    bool had_stopped;          // the ledger, before this import's commit
    wf_feed feed;
    wf_delivery *delivery; // of visits or encounters; else NULL
    uint64_t bytes, size_bytes, told_ns;
    wf_visits_batch_count counts;
} import;

void wf_import_device(const wf_import_city *city, weft_import_kind kind,
                      char ret[WF_DEVICE_BYTES_MAX + 1])
{
    int size = snprintf(ret, WF_DEVICE_BYTES_MAX + 1, "import/%s%s%s",
                        weft_import_kind_name(kind), city->by != NULL ? "/" : "",
                        city->by != NULL ? city->by : "");
    WF_ASSERT(size > 0 && size <= WF_DEVICE_BYTES_MAX);
}

// ---- steps ----

// What must not be seen half done: by the writer where others go on.
static weft_status alone(import *on, bool readers_out, wf_import_step *step,
                         weft_error *error)
{
    const wf_import_city *city = on->city;
    return city->alone != NULL
               ? city->alone(city->alone_context, readers_out, step, on, error)
               : step(on, error);
}

// Rows of the register that become facts beside posts.
static bool is_roll(const import *on)
{
    return on->city->alone != NULL && wf_load_is_register(on->request->kind);
}

// ---- progress ----

static weft_status tell(import *on, bool always, weft_error *error)
{
    const weft_import_options *options = on->request->options;
    uint64_t now_ns = wf_clock_monotonic_ns();
    if (options->progress == NULL ||
        (!always && now_ns - on->told_ns < (uint64_t)tick_ms * 1000000))
        return WEFT_OK;
    on->told_ns = now_ns;
    weft_import_progress progress = {
        .rows = on->feed.rows, .bytes = on->bytes, .size_bytes = on->size_bytes};
    if (options->progress(options->context, &progress))
        return WEFT_OK;
    return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
}

// Past the reading nothing can be stopped any more; what the listener says is not heard.
static void tell_days(void *context, size_t done, size_t all)
{
    import *on = context;
    const weft_import_options *options = on->request->options;
    weft_import_progress progress = {.rows = on->feed.rows,
                                     .bytes = on->bytes,
                                     .size_bytes = on->size_bytes,
                                     .days_done = done,
                                     .days_all = all};
    if (options->progress != NULL)
        options->progress(options->context, &progress);
}

// ---- beginning ----

// A quarter of the machine's memory, between 256 MiB and 4 GiB.
static size_t memory_for_rows(void)
{
    const size_t least = (size_t)256 << 20, most = (size_t)4 << 30;
    long pages = sysconf(_SC_PHYS_PAGES), page = sysconf(_SC_PAGESIZE);
    size_t bytes = pages > 0 && page > 0 ? (size_t)pages * (size_t)page / 4 : least;
    return bytes < least ? least : bytes > most ? most : bytes;
}

static weft_status read_mapping(import *on, weft_error *error)
{
    const wf_import_request *request = on->request;
    if (request->mapping_name == NULL)
        return WEFT_OK;
    WF_TRY(wf_mapping_parse(request->mapping_yaml, request->mapping_name, on->kinds.kinds,
                            WF_LOAD_TABLES, &on->arena, &on->mapping, error));
    if (on->mapping->kind == &on->kinds.kinds[request->kind])
        return WEFT_OK;
    wf_error_at(error, request->mapping_name, 0, "kind");
    return wf_fail(error, WEFT_BAD_INPUT, "mapping.other_kind", "kind",
                   on->mapping->kind->name, NULL);
}

static weft_status check_options(const import *on, weft_error *error)
{
    const weft_import_options *options = on->request->options;
    if (options->keeps_until &&
        options->keep_until.number < wf_zone_day_of(on->city->zone, on->city->now).number)
        return wf_fail(error, WEFT_BAD_USAGE, "import.keep_until_past", NULL);
    return WEFT_OK;
}

// What was committed so far.
static weft_status commits(const wf_import_city *city, wf_refused_commits *ret,
                           weft_error *error)
{
    WF_TRY(wf_visits_generation(city->visits, &ret->visits, error));
    ret->registers = wf_ledger_now(wf_store_ledger(city->store)).commits;
    return WEFT_OK;
}

weft_status wf_import_settle(const wf_import_city *city, weft_error *error)
{
    const wf_refused_folder folder = {city->io, city->city_dir, city->keys};
    wf_refused_commits now;
    WF_TRY(commits(city, &now, error));
    // First: what is sent now is not the commit that a file of refused rows waits for.
    WF_TRY(wf_refused_settle(&folder, &now, error));
    return wf_delivery_settle(city, error);
}

static weft_status begin_rows(import *on, weft_error *error)
{
    const wf_import_city *city = on->city;
    const wf_import_request *request = on->request;
    bool is_register = wf_load_is_register(request->kind);
    if (is_register && !is_roll(on)) {
        WF_TRY(wf_store_deliver_begin(city->store, city->now, error));
        on->delivering = true;
    }
    bool is_facts = wf_fact_list_of(request->kind) != NULL;
    // The slice of a roll makes its ids durable, and facts have theirs with them.
    if (!is_roll(on) && !is_facts)
        WF_TRY(wf_visits_batch_begin(city->visits, memory_for_rows(), &on->batch, error));
    WF_TRY(wf_feed_init(&on->feed, city, request->kind, request->options, on->batch,
                        on->refused, error));
    on->feed.lines = request->lines;
    on->feed.beside_bytes = request->mapping_yaml.size;
    if (is_register)
        return is_roll(on) ? wf_feed_roll(&on->feed, error) : WEFT_OK;
    return is_facts ? wf_fact_rows_begin(&on->feed, error)
                    : wf_delivery_new(city, request, &on->feed, &on->delivery, error);
}

static weft_status begin(void *of, weft_error *error)
{
    import *on = of;
    const wf_import_city *city = on->city;
    const wf_import_request *request = on->request;
    WF_TRY(check_options(on, error));
    // Before this import's own commits: they are not what an earlier file waits for.
    WF_TRY(wf_import_settle(city, error));
    WF_TRY(commits(city, &on->before, error));
    WF_TRY(read_mapping(on, error));
    for (size_t i = 0; i < request->sources_count; i++) {
        uint64_t size = request->sources[i].size_bytes;
        on->size_bytes =
            size == 0 || (i > 0 && on->size_bytes == 0) ? 0 : on->size_bytes + size;
    }
    wf_refused_options refused = {
        .io = city->io,
        .city_dir = city->city_dir,
        .keys = city->keys,
        .received = wf_zone_day_of(city->zone, city->now),
        .now = city->now,
        .kind = request->kind,
        .mapping_name =
            wf_text_of(request->mapping_name != NULL ? request->mapping_name : ""),
        .mapping_yaml = request->mapping_yaml,
        .replaces = request->retries};
    WF_TRY(wf_refused_new(&refused, &on->refused, error));
    return begin_rows(on, error);
}

// ---- reading ----

static weft_status feed_all(import *on, wf_reader *reader, weft_error *error)
{
    for (;;) {
        wf_load_block *block = NULL;
        bool end = false;
        WF_TRY(wf_reader_next(reader, tick_ms, &block, &end, error));
        if (end)
            return WEFT_OK;
        if (block != NULL) {
            const char *name = on->request->sources[block->source].name;
            WF_TRY(wf_feed_block(&on->feed, name, block, error));
            on->bytes = block->bytes;
            wf_reader_give_back(reader, block);
        }
        WF_TRY(tell(on, false, error));
    }
}

weft_status wf_import_rows_agree(const weft_import_options *options, uint64_t rows,
                                 weft_error *error)
{
    char came[WF_NUMBER_TEXT_MAX], stated[WF_NUMBER_TEXT_MAX];
    if (!options->rows_are_stated || options->rows_stated == rows)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_INPUT, "import.rows_differ", "rows",
                   wf_number_text(came, (int64_t)rows), "stated",
                   wf_number_text(stated, (int64_t)options->rows_stated), NULL);
}

static weft_status read_all(import *on, weft_error *error)
{
    const wf_import_request *request = on->request;
    wf_reader_options options = {.kind = request->kind,
                                 .sources = on->delivery != NULL
                                                ? wf_delivery_sources(on->delivery)
                                                : request->sources,
                                 .sources_count = request->sources_count,
                                 .mapping = on->mapping,
                                 .target = &on->kinds.kinds[request->kind],
                                 .sheet = request->options->sheet,
                                 .header_line = request->options->header_line,
                                 .is_utf8 = request->is_utf8,
                                 .zone = on->city->zone,
                                 .clocked = on->city->clocked,
                                 .now = on->city->now,
                                 .real = on->city->real};
    wf_reader *reader = NULL;
    WF_TRY(wf_reader_start(&options, &reader, error));
    weft_status status = feed_all(on, reader, error);
    wf_reader_stop(reader);
    WF_TRY(status);
    WF_TRY(wf_import_rows_agree(request->options, on->feed.rows, error));
    WF_TRY(wf_feed_finish(&on->feed, error));
    return tell(on, true, error);
}

// ---- the end ----

// What was refused awaits the commit that follows: others have committed since the import
// began.
static weft_status finish_refused(import *on, weft_error *error)
{
    on->had_stopped = wf_ledger_is_stopped(wf_store_ledger(on->city->store));
    if (on->city->alone != NULL)
        WF_TRY(commits(on->city, &on->before, error));
    return wf_refused_finish(on->refused, &on->before, &on->refused_path, error);
}

static weft_status number_fact_rows(void *of, weft_error *error)
{
    import *on = of;
    return wf_sheaf_number(on->feed.sheaf, error);
}

// Rows that become facts are judged and made ready beside posts; what is left for the
// commit is to seal and to write them.
static weft_status ready_fact_rows(import *on, weft_error *error)
{
    if (wf_fact_list_of(on->request->kind) == NULL)
        return WEFT_OK;
    WF_TRY(wf_fact_rows_put(&on->feed, error));
    WF_TRY(alone(on, false, number_fact_rows, error));
    return wf_sheaf_ready(on->feed.sheaf, error);
}

static weft_status commit_fact_rows(import *on, weft_error *error)
{
    WF_TRY(finish_refused(on, error));
    WF_TRY(wf_sheaf_commit(on->feed.sheaf, error));
    // Where others post meanwhile their writer applies what is outstanding.
    return on->city->alone == NULL ? wf_store_apply(on->city->store, 0, error) : WEFT_OK;
}

static weft_status commit(void *of, weft_error *error)
{
    import *on = of;
    const wf_import_city *city = on->city;
    if (wf_fact_list_of(on->request->kind) != NULL)
        return commit_fact_rows(on, error);
    WF_TRY(finish_refused(on, error));
    if (is_roll(on))
        return wf_roll_commit(on->feed.roll, error);
    // Kept days are noted first: a note without rows does no harm.
    if (on->feed.kept_days.count > 0)
        WF_TRY(wf_keep_add(city->io, city->city_dir, on->feed.kept_days.days,
                           on->feed.kept_days.count, on->request->options->keep_until,
                           error));
    wf_visits_batch *batch = on->batch;
    on->batch = NULL; // freed by its commit in every case
    if (on->delivery != NULL && city->alone == NULL)
        wf_delivery_attach(on->delivery, batch);
    WF_TRY(wf_visits_batch_commit(batch, tell_days, on, &on->counts, error));
    if (on->delivery != NULL)
        return wf_delivery_send(on->delivery, error);
    on->delivering = false;
    return wf_store_deliver_commit(city->store, error);
}

// Where others go on, days are joined with what they hold beside them.
static weft_status join_days(import *on, weft_error *error)
{
    if (on->city->alone == NULL || on->delivery == NULL)
        return WEFT_OK;
    wf_delivery_attach(on->delivery, on->batch);
    return wf_visits_batch_join(on->batch, tell_days, on, error);
}

// Ends the refused rows: shown with the import, removed without it. While it is not known
// which of the two happened (a sync failed), the next opening decides.
static void end_refused(import *on, weft_status status)
{
    weft_error unknown = {0};
    uint64_t generation;
    if (on->refused == NULL)
        return;
    bool known = wf_visits_generation(on->city->visits, &generation, &unknown) == WEFT_OK;
    if (!wf_load_is_stays(on->request->kind) && !on->had_stopped)
        known = known && !wf_ledger_is_stopped(wf_store_ledger(on->city->store));
    if (status == WEFT_OK)
        wf_refused_show(on->refused);
    wf_refused_free(on->refused, !known);
}

static weft_status give_up(void *of, weft_error *error)
{
    import *on = of;
    (void)error;
    if (on->batch != NULL)
        wf_visits_batch_abandon(on->batch);
    if (on->delivering)
        wf_store_deliver_rollback(on->city->store);
    return WEFT_OK;
}

static void sum_up(import *on, weft_import_summary *ret)
{
    wf_feed *feed = &on->feed;
    const wf_visits_batch_count *counts = &on->counts;
    *ret = (weft_import_summary){
        .rows = feed->rows,
        .accepted = feed->register_accepted + counts->visits_accepted +
                    counts->encounters_accepted,
        .had = feed->register_had + counts->visits_had + counts->encounters_had,
        .refused = feed->refused_rows,
        .warned = feed->warned,
        .refused_not_kept = feed->not_kept,
        .unknown_kinds = feed->other_kinds};
    WF_ASSERT(ret->rows == ret->accepted + ret->had + ret->refused);
    _Static_assert(sizeof ret->refused_file >= WF_PATH_MAX, "a path fits");
    memcpy(ret->refused_file, on->refused_path.text, WF_PATH_MAX);
    if (on->request->kind != WEFT_IMPORT_VISITS)
        return;
    weft_error error = {0};
    wf_feed_days_tidy(&feed->touched);
    // The import has happened: what cannot be counted is said, and is no failure.
    ret->two_places_unknown =
        wf_two_places_count(on->city->visits, feed->touched.days, feed->touched.count,
                            on->city->threads, on->city->alone != NULL, &ret->two_places,
                            &error) != WEFT_OK;
}

weft_status wf_import_run(const wf_import_city *city, const wf_import_request *request,
                          weft_import_summary *ret, weft_error *error)
{
    if (request->kind == WEFT_IMPORT_FACTS)
        return wf_import_facts(city, request, ret, error);
import on = {.city = city, .request = request };
    wf_load_kinds_init(&on.kinds);
    wf_arena_init(&on.arena, mapping_bytes_max);
    weft_error unused = {0};
    weft_status status = alone(&on, false, begin, error);
    if (status == WEFT_OK)
        status = read_all(&on, error);
    if (status == WEFT_OK)
        status = join_days(&on, error);
    if (status == WEFT_OK)
        status = ready_fact_rows(&on, error);
    // Days that are open change with the visits' commit.
    if (status == WEFT_OK)
        status = alone(&on, on.delivery != NULL, commit, error);
    if (status == WEFT_OK)
        sum_up(&on, ret);
    else
        WF_IGNORE(alone(&on, true, give_up, &unused), "it does not fail");
    end_refused(&on, status);
    wf_delivery_free(on.delivery);
    wf_feed_done(&on.feed);
    wf_arena_done(&on.arena);
    return status;
}

weft_status wf_import(const wf_import_city *city, weft_import_kind kind,
                      const weft_import_source *sources, size_t sources_count,
                      const weft_import_options *options, weft_import_summary *ret,
                      weft_error *error)
{
    wf_arena arena;
    wf_import_request request = {.kind = kind,
                                 .sources = sources,
                                 .sources_count = sources_count,
                                 .options = options,
                                 .mapping_yaml = {"", 0}};
    wf_arena_init(&arena, 4 * WF_MAPPING_BYTES_MAX);
    weft_status status = wf_import_mapping_said(
        city, kind, options, &arena, &request.mapping_name, &request.mapping_yaml, error);
    if (status == WEFT_OK)
        status = wf_import_remember_check(options, request.mapping_name, error);
    if (status == WEFT_OK)
        status = wf_import_run(city, &request, ret, error);
    if (status == WEFT_OK && options->remember != NULL)
        status = wf_import_remember(city, kind, options->remember, request.mapping_yaml,
                                    error);
    wf_arena_done(&arena);
    return status;
}
