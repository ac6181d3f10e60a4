// Refused rows imported again: they are read out of their file as if it were the files
// they came from, each with its header row.
//
// The file is read twice. First here, to know its sources and that all of it can be read;
// then by the import's reader thread, a chunk at a time. The second reading uses only
// keys that the first one met, because the import makes new ones beside it.
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "load/import.h"
#include "load/refused.h"
#include "wire/mapping.h"

enum { arena_bytes_max = 256 << 20 };

// The rows of the file as they are read again. Sources come one after another.
typedef struct {
    wf_refused_reader *reader;
    size_t met;    // sources whose beginning was read
    uint64_t line; // of the source, at which the next row begins
    wf_text left;  // of a header or row, before its line end
    bool in_line;
    bool ended, failed;
    wf_line_notes lines;
} row_stream;

typedef struct {
    row_stream *stream;
    size_t number; // 1 is the first source
} stream_part;

typedef struct {
    wf_arena arena;
    wf_refused_about about;
    wf_text mapping_yaml;
    weft_import_source *sources;
    size_t count, capacity;
    row_stream stream;
} retry;

// ---- the first reading ----

static weft_status add_source(retry *on, const wf_refused_item *item, weft_error *error)
{
    if (on->count == on->capacity) {
        size_t capacity = on->capacity == 0 ? 8 : on->capacity * 2;
        weft_import_source *sources =
            reallocarray(on->sources, capacity, sizeof *sources);
        if (sources == NULL)
            return wf_fail_memory(error);
        on->sources = sources;
        on->capacity = capacity;
    }
    stream_part *part = wf_arena_new(&on->arena, sizeof *part);
    const char *name = wf_arena_text(&on->arena, item->name).bytes;
    if (part == NULL || name == NULL)
        return wf_fail_memory(error);
    on->sources[on->count++] = (weft_import_source){
        .context = part,
        .name = name,
        .size_bytes = item->header.size > 0 ? item->header.size + 1 : 0};
    *part = (stream_part){&on->stream, on->count};
    return WEFT_OK;
}

static weft_status take_item(retry *on, const wf_refused_item *item, weft_error *error)
{
    switch (item->what) {
    case WF_REFUSED_ABOUT:
        on->mapping_yaml = wf_arena_text(&on->arena, item->mapping_yaml);
        return on->mapping_yaml.bytes != NULL ? WEFT_OK : wf_fail_memory(error);
    case WF_REFUSED_SOURCE:
        return add_source(on, item, error);
    case WF_REFUSED_ROW:
        if (on->count > 0 && item->row.raw.size > 0)
            on->sources[on->count - 1].size_bytes += item->row.raw.size + 1;
        return WEFT_OK;
    case WF_REFUSED_END:
        return WEFT_OK;
    }
    WF_BUG("a file of refused rows has four kinds of things");
}

static weft_status survey(retry *on, weft_error *error)
{
    wf_refused_item item;
    do {
        WF_TRY(wf_refused_next(on->stream.reader, &item, error));
        WF_TRY(take_item(on, &item, error));
    } while (item.what != WF_REFUSED_END);
    on->about = *wf_refused_reader_about(on->stream.reader);
    if (on->mapping_yaml.bytes == NULL || on->about.partly_gone)
        return wf_fail(error, WEFT_FORGOTTEN, "refused.partly_gone", NULL);
    wf_refused_reader_rewind(on->stream.reader);
    return WEFT_OK;
}

// ---- the second reading ----

static uint64_t lines_in(wf_text text)
{
    uint64_t lines = 1;
    for (size_t i = 0; i < text.size; i++)
        lines += text.bytes[i] == '\n';
    return lines;
}

// Begins to give a header or a row; false when memory ends.
static bool begin_line(row_stream *stream, const wf_refused_item *item)
{
    bool is_source = item->what == WF_REFUSED_SOURCE;
    stream->left = is_source ? item->header : item->row.raw;
    stream->in_line = stream->left.size > 0; // a row's parts come with the row
    if (is_source) {
        stream->met++;
        stream->line = 1;
    } else if (stream->in_line) {
        wf_line_note note = {stream->met - 1, stream->line, item->row.line};
        if (!wf_line_notes_add(&stream->lines, note))
            return false;
    }
    if (stream->in_line)
        stream->line += lines_in(stream->left);
    return true;
}

// Goes to the next line of a source; false at the source's end and on failure.
static bool next_line(row_stream *stream, size_t number)
{
    wf_refused_item item;
    weft_error error = {0};
    while (!stream->ended && stream->met <= number) {
        // It could be read a moment ago.
        if (wf_refused_next(stream->reader, &item, &error) != WEFT_OK ||
            !begin_line(stream, &item)) {
            stream->failed = true;
            return false;
        }
        stream->ended = item.what == WF_REFUSED_END;
        if (stream->in_line)
            return stream->met == number;
    }
    return false;
}

static ssize_t read_part(void *context, void *bytes, size_t size)
{
    const stream_part *part = context;
    row_stream *stream = part->stream;
    char *to = bytes;
    size_t got = 0;
    while (got < size && stream->met <= part->number) {
        if (!stream->in_line && !next_line(stream, part->number)) {
            if (!stream->failed)
                break;
            errno = EIO;
            return -1;
        }
        if (stream->met != part->number)
            break; // the header of the next source waits for its turn
        size_t room = size - got;
        size_t piece = stream->left.size < room ? stream->left.size : room;
        if (piece > 0)
            memcpy(to + got, stream->left.bytes, piece);
        got += piece;
        stream->left.bytes += piece;
        stream->left.size -= piece;
        if (stream->left.size == 0 && got < size) {
            to[got++] = '\n';
            stream->in_line = false;
        }
    }
    return (ssize_t)got;
}

// ---- the import ----

static weft_status import_again(const wf_import_city *city, retry *on,
                                const weft_import_options *options,
                                weft_import_summary *ret, weft_error *error)
{
    for (size_t i = 0; i < on->count; i++)
        on->sources[i].read = read_part;
    wf_import_request request = {.kind = on->about.kind,
                                 .sources = on->sources,
                                 .sources_count = on->count,
                                 .options = options,
                                 .mapping_yaml = on->mapping_yaml,
                                 .is_utf8 = true,
                                 .retries = on->about.name,
                                 .lines = &on->stream.lines};
    if (options->mapping != NULL) {
        request.mapping_name = options->mapping;
        WF_TRY(wf_io_read_file(city->outside, options->mapping, WF_MAPPING_BYTES_MAX,
                               &on->arena, &request.mapping_yaml, error));
    } else if (on->about.mapping[0] != '\0') {
        request.mapping_name = on->about.mapping;
    }
    return wf_import_run(city, &request, ret, error);
}

weft_status wf_import_retry(const wf_import_city *city, const char *name,
                            const weft_import_options *options, weft_import_summary *ret,
                            weft_error *error)
{
    const wf_refused_folder folder = {city->io, city->city_dir, city->keys};
    retry on = {0};
    weft_import_summary summary;
    WF_TRY(wf_import_settle(city, error)); // a newer one may wait to take its place
    WF_TRY(wf_refused_reader_open(&folder, name, &on.stream.reader, error));
    wf_arena_init(&on.arena, arena_bytes_max);
    wf_line_notes_init(&on.stream.lines);
    weft_status status = survey(&on, error);
    if (status == WEFT_OK)
        status = import_again(city, &on, options, &summary, error);
    wf_refused_reader_close(on.stream.reader);
    if (status == WEFT_OK && summary.refused == 0)
        status = wf_refused_remove(&folder, on.about.name, error);
    free(on.sources);
    wf_line_notes_done(&on.stream.lines);
    wf_arena_done(&on.arena);
    if (status == WEFT_OK)
        *ret = summary;
    return status;
}
