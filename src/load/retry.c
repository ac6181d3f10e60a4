// Refused rows imported again: they are read out of their file as if it were the files
// they came from, each with its header row.
#include <stdlib.h>
#include <string.h>

#include "load/import.h"
#include "load/refused.h"

enum { arena_bytes_max = 256 << 20 };

// The rows of one source, opened into memory that the import reads.
typedef struct {
    size_t number;
    wf_text name;
    wf_buffer text;
    size_t at;
} refused_source;

typedef struct {
    wf_arena arena;
    wf_text mapping_yaml;
    bool about_seen;
    refused_source *sources;
    size_t count, capacity;
    bool no_memory;
} collected;

static void take_about(void *context, const wf_refused_about *about, wf_text mapping_yaml)
{
    collected *to = context;
    (void)about;
    to->mapping_yaml = wf_arena_text(&to->arena, mapping_yaml);
    to->no_memory = to->no_memory || to->mapping_yaml.bytes == NULL;
    to->about_seen = true;
}

static bool append_line(wf_buffer *text, wf_text line)
{
    return wf_buffer_append(text, line.bytes, line.size) &&
           wf_buffer_append(text, "\n", 1);
}

static void take_source(void *context, size_t number, wf_text name, wf_text header)
{
    collected *to = context;
    if (to->count == to->capacity) {
        size_t capacity = to->capacity == 0 ? 8 : to->capacity * 2;
        refused_source *sources = reallocarray(to->sources, capacity, sizeof *sources);
        if (sources == NULL) {
            to->no_memory = true;
            return;
        }
        to->sources = sources;
        to->capacity = capacity;
    }
    refused_source *source = &to->sources[to->count++];
    *source = (refused_source){.number = number, .name = wf_arena_text(&to->arena, name)};
    to->no_memory = to->no_memory || source->name.bytes == NULL ||
                    (header.size > 0 && !append_line(&source->text, header));
}

static bool take_row(void *context, const wf_refused_row *row)
{
    collected *to = context;
    for (size_t i = to->count; i-- > 0;)
        if (to->sources[i].number == row->source)
            to->no_memory = to->no_memory || !append_line(&to->sources[i].text, row->raw);
    return !to->no_memory;
}

static ssize_t read_source(void *context, void *bytes, size_t size)
{
    refused_source *source = context;
    size_t left = source->text.size - source->at;
    size_t part = size < left ? size : left;
    if (part > 0)
        memcpy(bytes, source->text.bytes + source->at, part);
    source->at += part;
    return (ssize_t)part;
}

static weft_status import_again(const wf_import_city *city, collected *from,
                                const wf_refused_about *about,
                                const weft_import_options *options,
                                weft_import_summary *ret, weft_error *error)
{
    weft_import_source *sources =
        wf_arena_array(&from->arena, from->count + 1, sizeof *sources);
    if (sources == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < from->count; i++)
        sources[i] = (weft_import_source){.read = read_source,
                                          .context = &from->sources[i],
                                          .name = from->sources[i].name.bytes,
                                          .size_bytes = from->sources[i].text.size};
    wf_import_request request = {.kind = about->kind,
                                 .sources = sources,
                                 .sources_count = from->count,
                                 .options = options,
                                 .mapping_yaml = from->mapping_yaml,
                                 .is_utf8 = true};
    if (options->mapping != NULL) {
        request.mapping_name = options->mapping;
        WF_TRY(wf_io_read_file(city->io, options->mapping, arena_bytes_max / 4,
                               &from->arena, &request.mapping_yaml, error));
    } else if (about->mapping[0] != '\0') {
        request.mapping_name = about->mapping;
    }
    return wf_import_run(city, &request, ret, error);
}

weft_status wf_import_retry(const wf_import_city *city, const char *name,
                            const weft_import_options *options, weft_import_summary *ret,
                            weft_error *error)
{
    collected from = {0};
    wf_refused_about about;
    weft_import_summary summary;
    wf_refused_folder folder = {city->io, city->city_dir, city->keys};
    wf_refused_visitor visitor = {take_about, take_source, take_row, &from};
    wf_arena_init(&from.arena, arena_bytes_max);
    weft_status status = wf_refused_read(&folder, name, &visitor, &about, error);
    if (status == WEFT_OK && from.no_memory)
        status = wf_fail_memory(error);
    else if (status == WEFT_OK && (!from.about_seen || about.unreadable > 0))
        status = wf_fail(error, WEFT_FORGOTTEN, "refused.partly_gone", NULL);
    if (status == WEFT_OK)
        status = import_again(city, &from, &about, options, &summary, error);
    if (status == WEFT_OK)
        status = wf_refused_remove(&folder, name, error);
    for (size_t i = 0; i < from.count; i++)
        wf_buffer_wipe(&from.sources[i].text);
    free(from.sources);
    wf_arena_done(&from.arena);
    if (status == WEFT_OK)
        *ret = summary;
    return status;
}
