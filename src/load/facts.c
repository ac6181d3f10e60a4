#include "load/facts.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "load/doubt.h"
#include "load/oneself.h"
#include "load/refused.h"
#include "wire/facts.h"

enum {
    read_bytes = 1 << 16,
    line_bytes_max = 1 << 20,
    line_arena_bytes_max = 8 << 20,
    told_max = 20,
    tell_lines = 4096 // between calls of progress
};

// An import under way.
typedef struct {
    const wf_import_city *city;
    const wf_import_request *request;
    wf_refused *refused;
    wf_refused_commits before;
    wf_path refused_path;
    wf_arena arena; // of the line at hand
    size_t source;
    uint64_t line;  // of the source, as it is read now
    uint64_t stood; // of the file that the line first came in
    uint64_t bytes;
    bool undecided; // the commit failed: it may stand nevertheless
    weft_import_summary counts;
} facts_import;

// ---- refused lines ----

static weft_status keep_refused(facts_import *on, wf_text line, weft_error *why,
                                weft_error *error)
{
    const weft_import_options *options = on->request->options;
    wf_refused_row row = {.source = on->source,
                          .line = on->stood,
                          .code = wf_text_of(why->code),
                          .field = wf_text_of(why->field),
                          .params = why->params,
                          .params_count = why->params_count,
                          .raw = line};
    on->counts.refused++;
    wf_error_at(why, on->request->sources[on->source].name, on->stood, NULL);
    if (options->refused != NULL && on->counts.refused <= told_max)
        options->refused(options->context, why);
    return wf_refused_add(on->refused, &row, error);
}

// Of what was taken and looks wrong.
static weft_status warn(facts_import *on, const wf_fact *fact, weft_error *error)
{
    const weft_import_options *options = on->request->options;
    weft_error warning = {0};
    if (on->city->numbers != NULL)
        WF_TRY(on->city->numbers(on->city->numbers_context, fact, &warning, error));
    if (warning.code == NULL && !wf_doubt_of(fact, on->city->zone, &warning))
        WF_TRY(wf_oneself_ask_fact(on->city, fact, &warning, error));
    if (warning.code == NULL)
        return WEFT_OK;
    if (on->counts.warned++ >= told_max || options->warned == NULL)
        return WEFT_OK;
    wf_error_at(&warning, on->request->sources[on->source].name, on->stood, NULL);
    options->warned(options->context, &warning);
    return WEFT_OK;
}

// ---- lines ----

static weft_status refuse_line(facts_import *on, wf_text line, wf_identity id,
                               weft_error *why, weft_error *error)
{
    WF_TRY(wf_store_refuse(on->city->store, id, why->code, on->city->now, error));
    return keep_refused(on, line, why, error);
}

// What the store has, or another line of this file, is what it is.
static weft_status judge_names(const facts_import *on, const wf_fact *fact,
                               weft_error *error)
{
    const wf_import_city *city = on->city;
    if (city->names == NULL ||
        wf_senders_state(wf_store_senders(city->store), fact->id) == WF_SEQ_HAD)
        return WEFT_OK;
    return city->names(city->names_context, fact, error);
}

static weft_status put_fact(facts_import *on, wf_text line, const wf_fact *fact,
                            weft_error *error)
{
    wf_verdict verdict;
    weft_error why = {0};
    weft_status named = judge_names(on, fact, &why);
    if (named == WEFT_BAD_INPUT)
        return refuse_line(on, line, fact->id, &why, error);
    if (named != WEFT_OK) {
        *error = why;
        return named;
    }
    WF_TRY(wf_store_put(on->city->store, fact, &verdict, error));
    switch (verdict.sent) {
    case WF_SENT_ACCEPTED:
        on->counts.accepted++;
        return warn(on, fact, error);
    case WF_SENT_HAD:
        on->counts.had++;
        return WEFT_OK;
    default:
        return keep_refused(on, line, &verdict.why, error);
    }
}

// Goes to the next line, whether or not it can be taken.
static void enter_line(facts_import *on)
{
    wf_line_notes *notes = on->request->lines;
    on->line++;
    on->stood =
        notes == NULL ? on->line : wf_line_notes_find(notes, on->source, on->line);
}

static weft_status too_long(weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_TOO_LARGE, "fact.line_long", "limit",
                   wf_number_text(limit, line_bytes_max), NULL);
}

static weft_status take_line(facts_import *on, wf_text line, weft_error *error)
{
    const wf_import_city *city = on->city;
    wf_fact fact;
    weft_error why = {0};
    bool known = false;
    if (line.size > 0 && line.bytes[line.size - 1] == '\r')
        line.size--;
    if (line.size == 0)
        return WEFT_OK;
    on->counts.rows++;
    wf_arena_done(&on->arena);
    wf_arena_init(&on->arena, line_arena_bytes_max);
    weft_status status =
        wf_facts_read(city->kinds, city->zone, line, &on->arena, &fact, &known, &why);
    if (status == WEFT_OK)
        return put_fact(on, line, &fact, error);
    if (status != WEFT_BAD_INPUT && status != WEFT_TOO_LARGE) {
        *error = why;
        return status;
    }
    return known ? refuse_line(on, line, fact.id, &why, error)
                 : keep_refused(on, line, &why, error);
}

static weft_status tell(facts_import *on, weft_error *error)
{
    const weft_import_options *options = on->request->options;
    weft_import_progress progress = {.rows = on->counts.rows, .bytes = on->bytes};
    if (options->progress == NULL || options->progress(options->context, &progress))
        return WEFT_OK;
    return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
}

// Takes the whole lines at the front of the buffer; what is left moves there.
static weft_status take_lines(facts_import *on, wf_buffer *buffer, bool end,
                              weft_error *error)
{
    size_t from = 0;
    for (;;) {
        const char *begin = buffer->bytes + from;
        size_t left = buffer->size - from;
        const char *newline = left > 0 ? memchr(begin, '\n', left) : NULL;
        if (newline == NULL && !(end && left > 0))
            break;
        size_t size = newline != NULL ? (size_t)(newline - begin) : left;
        enter_line(on);
        if (size > line_bytes_max)
            return too_long(error);
        WF_TRY(take_line(on, (wf_text){begin, size}, error));
        from += newline != NULL ? size + 1 : left;
        if (on->line % tell_lines == 0)
            WF_TRY(tell(on, error));
    }
    buffer->size -= from;
    if (from > 0 && buffer->size > 0)
        memmove(buffer->bytes, buffer->bytes + from, buffer->size);
    if (buffer->size <= line_bytes_max)
        return WEFT_OK;
    enter_line(on); // its end has not come yet
    return too_long(error);
}

// Of a file's first bytes only; what is tried again lost its mark when it first came.
static void drop_mark(const facts_import *on, wf_buffer *buffer)
{
    static const char mark[] = "\xEF\xBB\xBF";
    if (on->request->retries != NULL)
        return;
    if (buffer->size < 3 || memcmp(buffer->bytes, mark, 3) != 0)
        return;
    buffer->size -= 3;
    memmove(buffer->bytes, buffer->bytes + 3, buffer->size);
}

static weft_status read_more(const weft_import_source *source, wf_buffer *buffer,
                             bool *ret_end, weft_error *error)
{
    if (!wf_buffer_reserve(buffer, read_bytes))
        return wf_fail_memory(error);
    ssize_t got = source->read(source->context, buffer->bytes + buffer->size, read_bytes);
    if (got < 0 && errno == EINTR)
        return wf_fail(error, WEFT_INTERRUPTED, "import.stopped", NULL);
    if (got < 0)
        return wf_fail_errno(error, errno, "io.read", source->name);
    buffer->size += (size_t)got;
    *ret_end = got == 0;
    return WEFT_OK;
}

static weft_status read_source(facts_import *on, wf_buffer *buffer, weft_error *error)
{
    const weft_import_source *source = &on->request->sources[on->source];
    bool end = false, first = true;
    on->line = on->stood = 0;
    WF_TRY(wf_refused_source(on->refused, on->source, source->name, WF_TEXT(""), error));
    while (!end) {
        size_t before = buffer->size;
        WF_TRY(read_more(source, buffer, &end, error));
        on->bytes += buffer->size - before;
        if (first && buffer->size < 3 && !end)
            continue;
        if (first)
            drop_mark(on, buffer);
        first = false;
        WF_TRY(take_lines(on, buffer, end, error));
    }
    return WEFT_OK;
}

static weft_status read_all(facts_import *on, weft_error *error)
{
    for (on->source = 0; on->source < on->request->sources_count; on->source++) {
        wf_buffer buffer = {0};
        weft_status status = read_source(on, &buffer, error);
        wf_buffer_wipe(&buffer);
        wf_error_at(error, on->request->sources[on->source].name, on->stood, NULL);
        WF_TRY(status);
    }
    return WEFT_OK;
}

// ---- the import ----

static weft_status begin(facts_import *on, weft_error *error)
{
    const wf_import_city *city = on->city;
    wf_refused_options refused = {.io = city->io,
                                  .city_dir = city->city_dir,
                                  .keys = city->keys,
                                  .received = wf_zone_day_of(city->zone, city->now),
                                  .now = city->now,
                                  .kind = WEFT_IMPORT_FACTS,
                                  .mapping_name = {"", 0},
                                  .mapping_yaml = {"", 0},
                                  .replaces = on->request->retries};
    const weft_import_options *options = on->request->options;
    if (on->request->mapping_name != NULL || options->sheet != NULL ||
        options->header_line > 0 || options->keeps_until ||
        !weft_time_is_none(options->as_of))
        return wf_fail(error, WEFT_BAD_USAGE, "import.facts_options", NULL);
    WF_TRY(wf_import_settle(city, error));
    on->before.registers = wf_ledger_now(wf_store_ledger(city->store)).commits;
    WF_TRY(wf_refused_new(&refused, &on->refused, error));
    wf_store_begin(city->store, city->clocked ? city->now : WF_TIME_NONE);
    return WEFT_OK;
}

static weft_status run(facts_import *on, weft_error *error)
{
    weft_status status = read_all(on, error);
    if (status == WEFT_OK)
        status = wf_import_rows_agree(on->request->options, on->counts.rows, error);
    if (status == WEFT_OK)
        status = wf_refused_finish(on->refused, &on->before, &on->refused_path, error);
    if (status != WEFT_OK) {
        wf_store_rollback(on->city->store);
        return status;
    }
    status = wf_store_commit(on->city->store, error);
    on->undecided = status != WEFT_OK;
    WF_TRY(status);
    wf_refused_show(on->refused);
    return wf_store_apply(on->city->store, 0, error);
}

weft_status wf_import_facts(const wf_import_city *city, const wf_import_request *request,
                            weft_import_summary *ret, weft_error *error)
{
    facts_import on = {.city = city, .request = request};
    wf_arena_init(&on.arena, line_arena_bytes_max);
    weft_status status = begin(&on, error);
    if (status == WEFT_OK)
        status = run(&on, error);
    if (on.refused != NULL)
        wf_refused_free(on.refused, on.undecided); // the next opening decides
    wf_arena_done(&on.arena);
    WF_TRY(status);
    memcpy(on.counts.refused_file, on.refused_path.text, WF_PATH_MAX);
    WF_ASSERT(on.counts.rows == on.counts.accepted + on.counts.had + on.counts.refused);
    *ret = on.counts;
    return WEFT_OK;
}
