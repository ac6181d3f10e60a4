#include "load/keep.h"

#include <stdlib.h>

enum { file_bytes_max = 64 << 20 };

static weft_status damaged(const char *path, uint64_t line, weft_error *error)
{
    wf_error_at(error, path, line, NULL);
    return wf_fail(error, WEFT_DAMAGED, "import.keep_damaged", NULL);
}

static weft_status parse(wf_text text, const char *path, wf_arena *arena,
                         wf_keep_entry **ret, size_t *ret_count, weft_error *error)
{
    enum { line_bytes = 22 }; // two dates, a blank, a line end
    if (text.size % line_bytes != 0)
        return damaged(path, 0, error);
    size_t count = text.size / line_bytes;
    wf_keep_entry *entries = wf_arena_array(arena, count + 1, sizeof *entries);
    if (entries == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++) {
        const char *line = text.bytes + i * line_bytes;
        bool whole =
            wf_day_parse((wf_text){line, 10}, &entries[i].day) && line[10] == ' ' &&
            wf_day_parse((wf_text){line + 11, 10}, &entries[i].until) && line[21] == '\n';
        if (!whole || (i > 0 && entries[i - 1].day.number >= entries[i].day.number))
            return damaged(path, i + 1, error);
    }
    *ret = entries;
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_keep_read(const wf_io *io, const char *city_dir, wf_arena *arena,
                         wf_keep_entry **ret, size_t *ret_count, weft_error *error)
{
    wf_path path;
    wf_text text = {"", 0};
    WF_TRY(wf_path_join(city_dir, "keep", &path, error));
    if (wf_io_exists(io, path.text))
        WF_TRY(wf_io_read_file(io, path.text, file_bytes_max, arena, &text, error));
    return parse(text, path.text, arena, ret, ret_count, error);
}

static int compare_entries(const void *a, const void *b)
{
    const wf_keep_entry *left = a, *right = b;
    if (left->day.number != right->day.number)
        return left->day.number < right->day.number ? -1 : 1;
    // The one that is kept longest comes first.
    return (left->until.number < right->until.number) -
           (left->until.number > right->until.number);
}

static weft_status write_entries(const wf_io *io, const char *city_dir,
                                 const wf_keep_entry *entries, size_t count,
                                 weft_error *error)
{
    wf_path path;
    wf_buffer text = {0};
    char day[WF_DAY_TEXT_MAX], until[WF_DAY_TEXT_MAX];
    WF_TRY(wf_path_join(city_dir, "keep", &path, error));
    for (size_t i = 0; i < count; i++) {
        if (i > 0 && entries[i - 1].day.number == entries[i].day.number)
            continue;
        if (!wf_buffer_printf(&text, "%s %s\n", wf_day_text(day, entries[i].day),
                              wf_day_text(until, entries[i].until))) {
            wf_buffer_done(&text);
            return wf_fail_memory(error);
        }
    }
    weft_status status =
        wf_io_replace_file(io, path.text, wf_buffer_text(&text), 0600, error);
    wf_buffer_done(&text);
    return status;
}

weft_status wf_keep_add(const wf_io *io, const char *city_dir, const weft_day *days,
                        size_t count, weft_day until, weft_error *error)
{
    wf_arena arena;
    wf_keep_entry *entries = NULL;
    size_t had = 0;
    wf_arena_init(&arena, 0);
    weft_status status = wf_keep_read(io, city_dir, &arena, &entries, &had, error);
    if (status == WEFT_OK) {
        wf_keep_entry *all = wf_arena_array(&arena, had + count + 1, sizeof *all);
        if (all == NULL) {
            status = wf_fail_memory(error);
        } else {
            for (size_t i = 0; i < had; i++)
                all[i] = entries[i];
            for (size_t i = 0; i < count; i++)
                all[had + i] = (wf_keep_entry){days[i], until};
            qsort(all, had + count, sizeof *all, compare_entries);
            status = write_entries(io, city_dir, all, had + count, error);
        }
    }
    wf_arena_done(&arena);
    return status;
}
