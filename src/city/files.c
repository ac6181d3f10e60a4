#include "city/files.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>

#include "city/source.h"

enum { chunk_bytes = 1 << 20 };

typedef struct {
    wf_town *town;
    wf_outbreak outbreak;
    const wf_io *io;
    unsigned threads;
    const wf_city_files_progress *progress;
    char *chunk;
} writing;

static weft_status copy(writing *w, wf_table table, wf_city_source *source, int file,
                        const char *path, weft_error *error)
{
    for (;;) {
        ssize_t got = wf_city_source_read(source, w->chunk, chunk_bytes);
        if (got < 0)
            return wf_fail_memory(error);
        if (got == 0)
            return WEFT_OK;
        WF_TRY(wf_io_write_all(w->io, file, w->chunk, (size_t)got, path, error));
        if (w->progress != NULL &&
            !w->progress->tell(w->progress->context, table, wf_city_source_rows(source)))
            return wf_fail(error, WEFT_INTERRUPTED, "city.interrupted", NULL);
    }
}

static weft_status write_table(writing *w, const char *dir, wf_table table,
                               uint64_t *ret_rows, weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(dir, wf_table_file(table), &path, error));
    wf_city_source *source = NULL;
    WF_TRY(wf_city_source_open(w->town, &w->outbreak, table, w->threads, &source, error));
    int file = w->io->open(w->io, path.text, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    if (file < 0) {
        wf_city_source_close(source);
        return wf_fail_errno(error, errno, "io.open", path.text);
    }
    weft_status status = copy(w, table, source, file, path.text, error);
    if (w->io->close(w->io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path.text);
    *ret_rows = wf_city_source_rows(source);
    wf_city_source_close(source);
    return status;
}

weft_status wf_city_files_write(wf_town *town, const wf_io *io, const char *dir,
                                unsigned threads, const wf_city_files_progress *progress,
                                wf_city_files_summary *ret, weft_error *error)
{
    if (io->mkdir(io, dir, 0755) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", dir);
    writing w = {.town = town, .io = io, .threads = threads, .progress = progress};
    w.chunk = malloc(chunk_bytes);
    if (w.chunk == NULL)
        return wf_fail_memory(error);
    wf_city_files_summary summary = {0};
    weft_status status = WEFT_OK;
    for (int table = 0; table < WF_TABLE_COUNT && status == WEFT_OK; table++)
        status = write_table(&w, dir, (wf_table)table, &summary.rows[table], error);
    wf_outbreak_done(&w.outbreak);
    free(w.chunk);
    if (status == WEFT_OK)
        *ret = summary;
    return status;
}
