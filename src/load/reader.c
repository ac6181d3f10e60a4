#include "load/reader.h"

#include <errno.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/parallel.h"
#include "load/header.h"

enum {
    blocks_count = 6, // read ahead of the worker
    arena_bytes_max = 256 << 20
};

struct wf_reader {
    wf_reader_options options;
    // Of the reader's thread alone.
    wf_calendar calendar;
    wf_binding binding;
    wf_load_rules rules;
    uint64_t bytes_before; // of the sources read to their end
    uint64_t bytes_now;

    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    // Under the lock: a ring of blocks; [taken, filled) are ready for the worker.
    wf_load_block blocks[blocks_count];
    uint64_t filled, taken, given_back;
    bool stop, ended;
    weft_status status;
    weft_error error;
};

// ---- records of a block ----

static bool grow(void **array, size_t *capacity, size_t count, size_t item_size)
{
    if (count <= *capacity)
        return true;
    size_t wanted = *capacity * 2 > count ? *capacity * 2 : count;
    void *grown = reallocarray(*array, wanted, item_size);
    if (grown == NULL)
        return false;
    *array = grown;
    *capacity = wanted;
    return true;
}

static wf_load_record *add_record(wf_load_block *block, size_t row)
{
    void *records = block->records;
    if (!grow(&records, &block->records_capacity, block->records_count + 1,
              sizeof *block->records))
        return NULL;
    block->records = records;
    wf_load_record *record = &block->records[block->records_count++];
    *record = (wf_load_record){.row = (uint32_t)row};
    return record;
}

// Room for the values of a row of the register, kept only where the row is right.
static wf_value *reserve_values(wf_load_block *block, size_t count)
{
    void *values = block->values;
    if (!grow(&values, &block->values_capacity, block->values_count + count,
              sizeof *block->values))
        return NULL;
    block->values = values;
    return block->values + block->values_count;
}

static bool check(wf_reader *reader, wf_load_block *block, const wf_text *texts,
                  wf_load_record *record)
{
    if (wf_load_is_stays(reader->options.kind)) {
        wf_record_check_stay(&reader->rules, texts, record);
        return true;
    }
    bool other_kind = false;
    size_t columns = reader->binding.fields_count;
    wf_value *values = reserve_values(block, columns);
    if (values == NULL)
        return false;
    wf_record_check_register(&reader->rules, texts, record, values, &other_kind);
    if (record->refused != NULL)
        return true;
    record->values = (uint32_t)block->values_count;
    block->values_count += columns;
    block->other_kinds += other_kind;
    return true;
}

// Plain CSV without doubled work: the fields stand in their columns.
static bool plain_record(wf_reader *reader, wf_load_block *block, size_t row,
                         const wf_text *cells)
{
    static const wf_text nothing = {"", 0};
    wf_text texts[WF_MAPPING_FIELDS_MAX];
    const wf_binding *binding = &reader->binding;
    for (size_t f = 0; f < binding->fields_count; f++)
        texts[f] = binding->fields[f].given
                       ? wf_binding_word(binding, f, cells[binding->fields[f].columns[0]])
                       : nothing;
    for (size_t f = binding->fields_count; f < WF_MAPPING_FIELDS_MAX; f++)
        texts[f] = nothing;
    wf_load_record *record = add_record(block, row);
    return record != NULL && check(reader, block, texts, record);
}

static bool mapped_records(wf_reader *reader, wf_load_block *block, size_t row,
                           const wf_text *cells)
{
    wf_text texts[WF_MAPPING_FIELDS_MAX];
    const wf_binding *binding = &reader->binding;
    size_t parts = wf_binding_records(binding, cells);
    if (parts > WF_BINDING_PARTS_MAX) {
        wf_load_record *record = add_record(block, row);
        if (record != NULL)
            record->refused = "import.too_many_parts";
        return record != NULL;
    }
    for (size_t part = 0; part < parts; part++) {
        for (size_t f = 0; f < WF_MAPPING_FIELDS_MAX; f++) {
            texts[f] = (wf_text){"", 0};
            if (f < binding->fields_count &&
                !wf_binding_text(binding, f, cells, part, &block->arena, &texts[f]))
                return false;
        }
        wf_load_record *record = add_record(block, row);
        if (record == NULL || !check(reader, block, texts, record))
            return false;
    }
    return true;
}

static bool row_records(wf_reader *reader, wf_load_block *block, size_t row)
{
    const wf_csv_row *from = &block->csv.rows[row];
    const wf_text *cells = block->csv.fields + from->first_field;
    const char *refused = from->bad;
    if (refused == NULL && !wf_header_fits(&reader->binding, cells, from->fields_count))
        refused = "import.fields";
    if (refused != NULL) {
        wf_load_record *record = add_record(block, row);
        if (record != NULL)
            record->refused = refused;
        return record != NULL;
    }
    const wf_mapping *mapping = reader->options.mapping;
    return mapping == NULL || mapping->plain ? plain_record(reader, block, row, cells)
                                             : mapped_records(reader, block, row, cells);
}

// ---- sources ----

static weft_status bind_source(wf_reader *reader, wf_load_block *block, const char *name,
                               size_t *ret_first_row, weft_error *error)
{
    const wf_reader_options *options = &reader->options;
    const wf_header_options of = {.mapping = options->mapping,
                                  .target = options->target,
                                  .zone = options->zone,
                                  .name = name,
                                  .line = options->header_line,
                                  .real = options->real};
    size_t header = SIZE_MAX;
    WF_TRY(wf_header_bind(&of, &block->csv, &header, ret_first_row, &reader->binding,
                          error));
    if (header != SIZE_MAX)
        block->header = block->csv.rows[header].raw;
    return WEFT_OK;
}

static void reset_block(wf_load_block *block, size_t source, bool begins)
{
    block->records_count = 0;
    block->values_count = 0;
    block->other_kinds = 0;
    block->source = source;
    block->begins = begins;
    block->header = (wf_text){"", 0};
    wf_arena_done(&block->arena);
    wf_arena_init(&block->arena, arena_bytes_max);
}

// A date that may be two: nothing of the file is taken before somebody says which.
static weft_status ask_order(const wf_reader *reader, const wf_load_block *block,
                             size_t first, weft_error *error)
{
    for (size_t i = first; i < block->records_count; i++) {
        const wf_load_record *record = &block->records[i];
        if (record->refused == NULL || strcmp(record->refused, WF_IMPORT_DATE_ORDER) != 0)
            continue;
        wf_error_at(error, reader->options.sources[block->source].name,
                    block->csv.rows[record->row].line, record->field);
        return wf_fail(error, WEFT_BAD_INPUT, "import.date_order", NULL);
    }
    return WEFT_OK;
}

static weft_status fill_block(wf_reader *reader, wf_csv *csv, size_t source, bool begins,
                              wf_load_block *block, weft_error *error)
{
    size_t first = 0;
    reset_block(block, source, begins);
    WF_TRY(wf_csv_next(csv, &block->csv, error));
    if (begins)
        WF_TRY(bind_source(reader, block, reader->options.sources[source].name, &first,
                           error));
    for (size_t row = first; row < block->csv.rows_count; row++) {
        size_t before = block->records_count;
        if (!row_records(reader, block, row))
            return wf_fail_memory(error);
        WF_TRY(ask_order(reader, block, before, error));
    }
    reader->bytes_now = reader->bytes_before + block->csv.bytes_read;
    block->bytes = reader->bytes_now;
    return WEFT_OK;
}

// An empty block to fill, or NULL when the worker has stopped.
static wf_load_block *wait_for_room(wf_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    while (!reader->stop && reader->filled - reader->given_back == blocks_count)
        pthread_cond_wait(&reader->changed, &reader->lock);
    wf_load_block *block =
        reader->stop ? NULL : &reader->blocks[reader->filled % blocks_count];
    pthread_mutex_unlock(&reader->lock);
    return block;
}

static void hand_over(wf_reader *reader)
{
    pthread_mutex_lock(&reader->lock);
    reader->filled++;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
}

// Reads one source; *ret_stopped when the worker wants no more.
static weft_status read_source(wf_reader *reader, size_t source, bool *ret_stopped,
                               weft_error *error)
{
    const wf_reader_options *options = &reader->options;
    const weft_import_source *from = &options->sources[source];
    wf_csv_options csv_options = {.read = from->read,
                                  .context = from->context,
                                  .name = from->name,
                                  .sheet = options->sheet};
    wf_csv *csv = NULL;
    if (options->mapping != NULL) {
        csv_options.dialect = options->mapping->dialect;
        if (options->sheet == NULL)
            csv_options.sheet = options->mapping->sheet;
        csv_options.gb18030 = options->mapping->gb18030 && !options->is_utf8;
    }
    WF_TRY(wf_csv_open(&csv_options, &csv, error));
    weft_status status = WEFT_OK;
    for (bool begins = true;; begins = false) {
        wf_load_block *block = wait_for_room(reader);
        *ret_stopped = block == NULL;
        if (block == NULL)
            break;
        status = fill_block(reader, csv, source, begins, block, error);
        if (status != WEFT_OK || block->csv.rows_count == 0)
            break;
        hand_over(reader);
    }
    reader->bytes_before = reader->bytes_now;
    wf_csv_close(csv);
    return status;
}

static void *run(void *context)
{
    wf_reader *reader = context;
    weft_error error = {0};
    weft_status status = WEFT_OK;
    bool stopped = false;
    wf_thread_name("weft reader");
    for (size_t i = 0; i < reader->options.sources_count && status == WEFT_OK && !stopped;
         i++)
        status = read_source(reader, i, &stopped, &error);
    pthread_mutex_lock(&reader->lock);
    reader->status = status;
    reader->error = error;
    reader->ended = true;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    return NULL;
}

// ---- the worker's side ----

static void free_blocks(wf_reader *reader)
{
    for (size_t i = 0; i < blocks_count; i++) {
        wf_load_block *block = &reader->blocks[i];
        wf_csv_block_done(&block->csv);
        free(block->records);
        free(block->values);
        wf_arena_done(&block->arena);
    }
}

static void init_lock(wf_reader *reader)
{
    pthread_condattr_t attributes;
    WF_ASSERT(pthread_condattr_init(&attributes) == 0 &&
              pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
              pthread_cond_init(&reader->changed, &attributes) == 0 &&
              pthread_mutex_init(&reader->lock, NULL) == 0);
    pthread_condattr_destroy(&attributes);
}

weft_status wf_reader_start(const wf_reader_options *options, wf_reader **ret,
                            weft_error *error)
{
    wf_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return wf_fail_memory(error);
    reader->options = *options;
    wf_calendar_init(&reader->calendar, options->zone);
    reader->rules = wf_load_rules_of(options->kind, &reader->binding, &reader->calendar,
                                     options->mapping, options->clocked, options->now);
    init_lock(reader);
    int failed = pthread_create(&reader->thread, NULL, run, reader);
    if (failed != 0) {
        pthread_cond_destroy(&reader->changed);
        pthread_mutex_destroy(&reader->lock);
        free(reader);
        return wf_fail_errno(error, failed, "import.no_thread", "");
    }
    *ret = reader;
    return WEFT_OK;
}

weft_status wf_reader_next(wf_reader *reader, unsigned wait_ms, wf_load_block **ret,
                           bool *ret_end, weft_error *error)
{
    uint64_t until = wf_clock_monotonic_ns() + (uint64_t)wait_ms * 1000000;
    struct timespec when = {(time_t)(until / 1000000000), (long)(until % 1000000000)};
    weft_status status = WEFT_OK;
    *ret = NULL;
    *ret_end = false;
    pthread_mutex_lock(&reader->lock);
    while (reader->taken == reader->filled && !reader->ended)
        if (pthread_cond_timedwait(&reader->changed, &reader->lock, &when) == ETIMEDOUT)
            break;
    if (reader->taken < reader->filled) {
        *ret = &reader->blocks[reader->taken++ % blocks_count];
    } else if (reader->ended) {
        *ret_end = true;
        status = reader->status;
        if (status != WEFT_OK)
            *error = reader->error;
    }
    pthread_mutex_unlock(&reader->lock);
    return status;
}

void wf_reader_give_back(wf_reader *reader, wf_load_block *block)
{
    pthread_mutex_lock(&reader->lock);
    WF_ASSERT(block == &reader->blocks[reader->given_back % blocks_count]);
    reader->given_back++;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
}

void wf_reader_stop(wf_reader *reader)
{
    if (reader == NULL)
        return;
    pthread_mutex_lock(&reader->lock);
    reader->stop = true;
    pthread_cond_broadcast(&reader->changed);
    pthread_mutex_unlock(&reader->lock);
    pthread_join(reader->thread, NULL);
    free_blocks(reader);
    pthread_cond_destroy(&reader->changed);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}
