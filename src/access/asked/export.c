#include "weft/export.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "access/asked/export.h"
#include "wire/csv_write.h"
#include "wire/xlsx_write.h"

enum {
    flush_bytes = 1 << 20, // of CSV, at a time
    digits_max = 15,       // that spreadsheet programs keep of a number
    room_bytes = 64
};

static const char drill_mark[] = "演练 DRILL";

typedef struct {
    weft_city *city;
    const weft_view_about *about;
    const wf_export_table_options *table; // instead of a view; or NULL
    weft_export_format format;
    uint64_t rows_max;
    const char *path; // of the first part
    uint64_t parts, part_rows, rows;
    wf_xlsx *book;
    int memory; // where the book is written when the file's path is elsewhere; −1: none
    int file;   // −1: none
    wf_buffer text;
    bool kept; // all text stays in `text`: no file is written
    weft_error *error;
    weft_status status;
} writing;

// ---- cells ----

static wf_cell text_cell(const char *text)
{
    return (wf_cell){.text = wf_text_of(text)};
}

static bool is_duration(const weft_view_column *column)
{
    return column->type == WEFT_COLUMN_WHOLE && strcmp(column->unit, "µs") == 0;
}

static wf_cell whole_cell(int64_t number, char room[room_bytes])
{
    static const int64_t end = INT64_C(1000000000000000); // 16 digits
    _Static_assert(digits_max == 15, "one more than 15 digits");
    int size = snprintf(room, room_bytes, "%" PRId64, number);
    return (wf_cell){.text = {room, (size_t)size},
                     .is_number = number > -end && number < end,
                     .number = (double)number};
}

static wf_cell real_cell(double number, char room[room_bytes])
{
    int size = snprintf(room, room_bytes, "%.*g", digits_max, number);
    return (wf_cell){.text = {room, (size_t)size}, .is_number = true, .number = number};
}

// "2021-12-12 07:41:05", in the city's zone.
static wf_cell time_cell(const weft_city *city, int64_t us, char room[room_bytes])
{
    _Static_assert(room_bytes >= WF_TIME_TEXT_MAX, "a time fits");
    static const char shape[] = "2021-12-12T07:41:05";
    wf_time_text(room, (weft_time){us}, city->zone);
    if (strlen(room) >= sizeof shape - 1) {
        room[sizeof shape - 1] = '\0';
        room[strcspn(room, "T")] = ' ';
    }
    return text_cell(room);
}

static wf_cell cell_of(const weft_city *city, const weft_view_column *column,
                       const weft_view_value *value, char room[room_bytes])
{
    if (!value->given)
        return (wf_cell){0};
    switch (column->type) {
    case WEFT_COLUMN_TEXT:
        return text_cell(value->text);
    case WEFT_COLUMN_DATE:
        return text_cell(wf_day_text(room, (weft_day){(int32_t)value->number}));
    case WEFT_COLUMN_TIME:
        return time_cell(city, value->number, room);
    case WEFT_COLUMN_WHOLE:
        return is_duration(column)
                   ? real_cell((double)value->number / (double)WF_US_PER_S, room)
                   : whole_cell(value->number, room);
    case WEFT_COLUMN_REAL:
        return real_cell(value->real, room);
    case WEFT_COLUMN_YESNO:
        return text_cell(value->number != 0 ? "yes" : "no");
    }
    WF_BUG("a type is one of the list");
}

// ---- parts ----

// "…/tubes.csv" and 2 give "…/tubes-2.csv".
static weft_status part_path(const writing *w, uint64_t part, wf_path *ret,
                             weft_error *error)
{
    const char *name = strrchr(w->path, '/');
    const char *dot = strrchr(name != NULL ? name : w->path, '.');
    size_t stem = dot == NULL ? strlen(w->path) : (size_t)(dot - w->path);
    int size = part == 1 ? snprintf(ret->text, sizeof ret->text, "%s", w->path)
                         : snprintf(ret->text, sizeof ret->text, "%.*s-%" PRIu64 "%s",
                                    (int)stem, w->path, part, w->path + stem);
    if (size < 0 || (size_t)size + sizeof ".next" > sizeof ret->text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", w->path, NULL);
    return WEFT_OK;
}

static weft_status next_path(const writing *w, uint64_t part, wf_path *ret,
                             weft_error *error)
{
    wf_path path;
    WF_TRY(part_path(w, part, &path, error));
    snprintf(ret->text, sizeof ret->text, "%.*s.next",
             (int)(sizeof ret->text - sizeof ".next"), path.text);
    return WEFT_OK;
}

// An empty file that nobody else can read, whatever a crash left there.
static weft_status make_file(const writing *w, uint64_t part, wf_path *ret, int *ret_file,
                             weft_error *error)
{
    const wf_io *io = w->city->outside;
    WF_TRY(next_path(w, part, ret, error));
    if (io->unlink(io, ret->text) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.open", ret->text);
    int file = io->open(io, ret->text, O_WRONLY | O_CREAT | O_EXCL, 0600);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", ret->text);
    *ret_file = file;
    return WEFT_OK;
}

static weft_status flush(writing *w, weft_error *error)
{
    wf_path path;
    WF_TRY(next_path(w, w->parts, &path, error));
    WF_TRY(wf_io_write_all(w->city->outside, w->file, w->text.bytes, w->text.size,
                           path.text, error));
    wf_buffer_clear(&w->text);
    return WEFT_OK;
}

static weft_status sync_file(const writing *w, int file, const char *path,
                             weft_error *error)
{
    const wf_io *io = w->city->outside;
    weft_status status = WEFT_OK;
    if (io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    return status;
}

static weft_status end_csv_part(writing *w, weft_error *error)
{
    wf_path path;
    WF_TRY(flush(w, error));
    WF_TRY(next_path(w, w->parts, &path, error));
    int file = w->file;
    w->file = -1;
    return sync_file(w, file, path.text, error);
}

static weft_status put_row(writing *w, const wf_cell *cells, size_t count,
                           weft_error *error)
{
    w->part_rows++;
    if (w->format == WEFT_EXPORT_XLSX)
        return wf_xlsx_row(w->book, cells, count, error);
    if (!wf_csv_put_row(cells, count, &w->text))
        return wf_fail_memory(error);
    return w->text.size >= flush_bytes && !w->kept ? flush(w, error) : WEFT_OK;
}

typedef struct {
    wf_cell cells[WEFT_VIEW_COLUMNS_MAX];
    char rooms[WEFT_VIEW_COLUMNS_MAX][256];
} titles;

static void make_titles(const weft_city *city, const weft_view_about *about, bool english,
                        titles *ret)
{
    for (size_t i = 0; i < about->columns_count; i++) {
        const weft_view_column *column = &about->columns[i];
        const char *title = english ? column->title_en : column->title_zh;
        const char *unit = is_duration(column)                ? "s"
                           : column->type == WEFT_COLUMN_TIME ? city->zone_name
                                                              : column->unit;
        snprintf(ret->rooms[i], sizeof ret->rooms[i], unit[0] == '\0' ? "%s" : "%s (%s)",
                 title, unit);
        ret->cells[i] = text_cell(ret->rooms[i]);
    }
}

static weft_status put_titles(writing *w, bool english, weft_error *error)
{
    titles made;
    make_titles(w->city, w->about, english, &made);
    return put_row(w, made.cells, w->about->columns_count, error);
}

static weft_status begin_sheet(writing *w, weft_error *error)
{
    char name[32];
    snprintf(name, sizeof name, w->parts == 1 ? "%.26s" : "%.26s %u",
             w->table != NULL ? w->table->name : w->about->name, (unsigned)w->parts);
    for (char *at = name; *at != '\0'; at++)
        if (*at == '/')
            *at = ' ';
    return wf_xlsx_sheet(w->book, name, error);
}

static weft_status begin_part(writing *w, weft_error *error)
{
    wf_path path;
    if (w->format == WEFT_EXPORT_CSV && w->file >= 0)
        WF_TRY(end_csv_part(w, error));
    w->parts++;
    w->part_rows = 0;
    if (w->format == WEFT_EXPORT_XLSX)
        WF_TRY(begin_sheet(w, error));
    else if (!w->kept)
        WF_TRY(make_file(w, w->parts, &path, &w->file, error));
    bool bare = w->table != NULL && w->table->bare;
    if (w->format == WEFT_EXPORT_CSV && !bare && !wf_csv_put_mark(&w->text))
        return wf_fail_memory(error);
    wf_cell mark = text_cell(drill_mark);
    if (w->city->kind == WEFT_CITY_DRILL && !bare)
        WF_TRY(put_row(w, &mark, 1, error));
    if (w->table != NULL)
        return put_row(w, w->table->header, w->table->count, error);
    WF_TRY(put_titles(w, false, error));
    return put_titles(w, true, error);
}

// ---- rows ----

static weft_status put_values(writing *w, const weft_view_value *values,
                              weft_error *error)
{
    wf_cell cells[WEFT_VIEW_COLUMNS_MAX];
    char rooms[WEFT_VIEW_COLUMNS_MAX][room_bytes];
    if (w->part_rows == w->rows_max)
        WF_TRY(begin_part(w, error));
    for (size_t i = 0; i < w->about->columns_count; i++)
        cells[i] = cell_of(w->city, &w->about->columns[i], &values[i], rooms[i]);
    w->rows++;
    return put_row(w, cells, w->about->columns_count, error);
}

static bool take_part(void *context, const weft_view_page *part)
{
    writing *w = context;
    for (size_t i = 0; w->status == WEFT_OK && i < part->rows_count; i++)
        w->status = put_values(w, part->values + i * w->about->columns_count, w->error);
    return w->status == WEFT_OK;
}

// ---- the whole ----

// The library of workbooks opens paths by itself.
static weft_status use_memory(writing *w, wf_path *ret_path, wf_path *ret_folder,
                              weft_error *error)
{
    static const char in_memory[] = "/dev/shm"; // also its passing files
    w->memory = memfd_create("export", MFD_CLOEXEC);
    if (w->memory < 0)
        return wf_fail_errno(error, errno, "io.open", "memory");
    int size =
        snprintf(ret_path->text, sizeof ret_path->text, "/proc/self/fd/%d", w->memory);
    WF_ASSERT(size > 0 && (size_t)size < sizeof ret_path->text);
    memcpy(ret_folder->text, in_memory, sizeof in_memory);
    return WEFT_OK;
}

static const char *title_of(const writing *w)
{
    return w->city->kind == WEFT_CITY_DRILL ? drill_mark
           : w->table != NULL               ? w->table->name
                                            : w->about->title_zh;
}

static weft_status begin(writing *w, weft_error *error)
{
    wf_path path, folder = wf_path_folder(w->path);
    if (w->format == WEFT_EXPORT_XLSX) {
        int file;
        WF_TRY(make_file(w, 1, &path, &file, error));
        if (w->city->outside->close(w->city->outside, file) != 0)
            return wf_fail_errno(error, errno, "io.write", path.text);
        if (w->city->outside->elsewhere)
            WF_TRY(use_memory(w, &path, &folder, error));
        WF_TRY(wf_xlsx_open(path.text, folder.text, title_of(w), &w->book, error));
    }
    return begin_part(w, error);
}

// What was written to memory, into the file.
static weft_status copy_memory(const writing *w, int file, const char *path,
                               weft_error *error)
{
    enum { part_bytes = 64 << 10 };
    const wf_io *io = w->city->outside;
    char part[part_bytes];
    ssize_t got;
    for (off_t at = 0; (got = io->pread(io, w->memory, part, sizeof part, at)) > 0;
         at += got)
        WF_TRY(wf_io_write_all(io, file, part, (size_t)got, path, error));
    return got == 0 ? WEFT_OK : wf_fail_errno(error, errno, "io.read", path);
}

static weft_status end_book(writing *w, weft_error *error)
{
    const wf_io *io = w->city->outside;
    wf_path path;
    wf_xlsx *book = w->book;
    w->book = NULL;
    WF_TRY(wf_xlsx_close(book, error));
    WF_TRY(next_path(w, 1, &path, error));
    int file = io->open(io, path.text, O_RDWR, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = w->memory < 0 ? WEFT_OK : copy_memory(w, file, path.text, error);
    if (status == WEFT_OK)
        return sync_file(w, file, path.text, error);
    WF_IGNORE(io->close(io, file), "it is removed");
    return status;
}

static uint64_t files_of(const writing *w)
{
    return w->format == WEFT_EXPORT_XLSX ? 1 : w->parts;
}

// The first part is the last to be in place: who sees it sees all.
static weft_status put_in_place(const writing *w, weft_error *error)
{
    const wf_io *io = w->city->outside;
    wf_path folder = wf_path_folder(w->path);
    for (uint64_t part = files_of(w); part > 0; part--) {
        wf_path from, to;
        WF_TRY(next_path(w, part, &from, error));
        WF_TRY(part_path(w, part, &to, error));
        if (io->rename(io, from.text, to.text) != 0)
            return wf_fail_errno(error, errno, "io.rename", to.text);
    }
    if (io->sync_dir(io, folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", folder.text);
    return WEFT_OK;
}

// What a failure leaves beside the file.
static void clean(writing *w)
{
    const wf_io *io = w->city->outside;
    weft_error unused = {0};
    wf_path path;
    wf_xlsx_abandon(w->book);
    if (w->file >= 0)
        WF_IGNORE(io->close(io, w->file), "it is removed");
    if (w->memory >= 0)
        WF_IGNORE(io->close(io, w->memory), "what was in it is in the file");
    for (uint64_t part = 1; part == 1 || part <= files_of(w); part++)
        if (next_path(w, part, &path, &unused) == WEFT_OK)
            WF_IGNORE(io->unlink(io, path.text), "it may not be there");
    wf_buffer_wipe(&w->text);
}

static weft_status write_all(writing *w, const weft_view_question *question,
                             weft_view_as_of *ret, weft_error *error)
{
    WF_TRY(begin(w, error));
    weft_status status = weft_view_read_all(w->city, question, take_part, w, ret, error);
    if (w->status != WEFT_OK)
        return w->status;
    WF_TRY(status);
    WF_TRY(w->format == WEFT_EXPORT_XLSX ? end_book(w, error) : end_csv_part(w, error));
    return put_in_place(w, error);
}

static weft_status find_about(weft_city *city, const char *name,
                              const weft_view_about **ret, weft_error *error)
{
    const weft_view_about *abouts;
    size_t count;
    WF_TRY(weft_views_list(city, &abouts, &count, error));
    for (size_t i = 0; i < count; i++)
        if (strcmp(abouts[i].name, name) == 0) {
            *ret = &abouts[i];
            return WEFT_OK;
        }
    return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
}

weft_status weft_export(weft_city *city, const weft_view_question *question,
                        const weft_export_options *options, const char *path,
                        weft_export_summary *ret, weft_error *error)
{
    weft_error inner = {0};
    weft_view_as_of as_of = {0};
    writing w = {.city = city,
                 .format = options->format,
                 .rows_max =
                     options->rows_max == 0 ? WEFT_EXPORT_ROWS_MAX : options->rows_max,
                 .path = path,
                 .file = -1,
                 .memory = -1,
                 .error = &inner};
    _Static_assert(WEFT_EXPORT_ROWS_MAX == WF_XLSX_ROWS_MAX, "a sheet holds them");
    WF_ASSERT(w.rows_max >= 4 && w.rows_max <= WEFT_EXPORT_ROWS_MAX);
    WF_TRY(find_about(city, question->view, &w.about, error));
    weft_status status = write_all(&w, question, &as_of, error);
    if (w.status != WEFT_OK)
        *error = inner;
    clean(&w);
    WF_TRY(status);
    *ret = (weft_export_summary){.rows = w.rows, .parts = w.parts, .as_of = as_of};
    return WEFT_OK;
}

// ---- tables of others ----

struct wf_export_table {
    writing w;
};

weft_status wf_export_table_row(wf_export_table *to, const wf_cell *cells,
                                weft_error *error)
{
    writing *w = &to->w;
    if (w->part_rows == w->rows_max)
        WF_TRY(begin_part(w, error));
    return put_row(w, cells, w->table->count, error);
}

weft_status wf_export_table_write(weft_city *city, const wf_export_table_options *options,
                                  const char *path,
                                  weft_status (*fill)(void *context, wf_export_table *to,
                                                      weft_error *error),
                                  void *context, weft_error *error)
{
    wf_export_table to = {.w = {.city = city,
                                .table = options,
                                .format = options->format,
                                .rows_max = WEFT_EXPORT_ROWS_MAX,
                                .path = path,
                                .file = -1,
                                .memory = -1}};
    writing *w = &to.w;
    weft_status status = begin(w, error);
    if (status == WEFT_OK)
        status = fill(context, &to, error);
    if (status == WEFT_OK)
        status =
            w->format == WEFT_EXPORT_XLSX ? end_book(w, error) : end_csv_part(w, error);
    if (status == WEFT_OK)
        status = put_in_place(w, error);
    clean(w);
    return status;
}

// ---- in memory ----

weft_status wf_export_csv_begin(const weft_city *city, const weft_view_about *about,
                                wf_buffer *to, weft_error *error)
{
    wf_cell mark = text_cell(drill_mark);
    titles made;
    bool done = wf_csv_put_mark(to) &&
                (city->kind != WEFT_CITY_DRILL || wf_csv_put_row(&mark, 1, to));
    for (int english = 0; done && english < 2; english++) {
        make_titles(city, about, english == 1, &made);
        done = wf_csv_put_row(made.cells, about->columns_count, to);
    }
    return done ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_export_csv_page(const weft_city *city, const weft_view_page *page,
                               wf_buffer *to, weft_error *error)
{
    const weft_view_about *about = page->about;
    wf_cell cells[WEFT_VIEW_COLUMNS_MAX];
    char rooms[WEFT_VIEW_COLUMNS_MAX][room_bytes];
    for (size_t i = 0; i < page->rows_count; i++) {
        const weft_view_value *values = page->values + i * about->columns_count;
        for (size_t c = 0; c < about->columns_count; c++)
            cells[c] = cell_of(city, &about->columns[c], &values[c], rooms[c]);
        if (!wf_csv_put_row(cells, about->columns_count, to))
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

struct wf_export_book {
    writing w;
};

static weft_status open_in_memory(writing *w, weft_error *error)
{
    wf_path path, folder;
    WF_TRY(use_memory(w, &path, &folder, error));
    WF_TRY(wf_xlsx_open(path.text, folder.text, title_of(w), &w->book, error));
    return begin_part(w, error);
}

weft_status wf_export_book_new(weft_city *city, const weft_view_about *about,
                               wf_export_book **ret, weft_error *error)
{
    wf_export_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return wf_fail_memory(error);
    book->w = (writing){.city = city,
                        .about = about,
                        .format = WEFT_EXPORT_XLSX,
                        .rows_max = WEFT_EXPORT_ROWS_MAX,
                        .memory = -1,
                        .file = -1};
    weft_status status = open_in_memory(&book->w, error);
    if (status == WEFT_OK)
        *ret = book;
    else
        wf_export_book_free(book);
    return status;
}

weft_status wf_export_book_page(wf_export_book *book, weft_city *city,
                                const weft_view_page *page, weft_error *error)
{
    writing *w = &book->w;
    w->city = city;
    w->about = page->about;
    w->error = error;
    w->status = WEFT_OK;
    return take_part(w, page) ? WEFT_OK : w->status;
}

// The file of a book in memory is whole; *ret_size: how large.
static weft_status end_in_memory(writing *w, size_t *ret_size, weft_error *error)
{
    wf_xlsx *made = w->book;
    struct stat about;
    w->book = NULL;
    WF_TRY(wf_xlsx_close(made, error));
    if (fstat(w->memory, &about) != 0)
        return wf_fail_errno(error, errno, "io.read", "memory");
    *ret_size = (size_t)about.st_size;
    return WEFT_OK;
}

// At most so many of its bytes, appended.
static weft_status take_memory(const writing *w, size_t at, size_t most, wf_buffer *to,
                               weft_error *error)
{
    if (!wf_buffer_reserve(to, most))
        return wf_fail_memory(error);
    ssize_t got = pread(w->memory, to->bytes + to->size, most, (off_t)at);
    if (got < 0)
        return wf_fail_errno(error, errno, "io.read", "memory");
    to->size += (size_t)got;
    return WEFT_OK;
}

weft_status wf_export_book_end(wf_export_book *book, size_t *ret_size, weft_error *error)
{
    return end_in_memory(&book->w, ret_size, error);
}

weft_status wf_export_book_take(const wf_export_book *book, size_t at, size_t most,
                                wf_buffer *to, weft_error *error)
{
    return take_memory(&book->w, at, most, to, error);
}

void wf_export_book_free(wf_export_book *book)
{
    if (book == NULL)
        return;
    wf_xlsx_abandon(book->w.book);
    if (book->w.memory >= 0)
        close(book->w.memory);
    free(book);
}

// A small book, all of it.
static weft_status take_book(writing *w, wf_buffer *to, weft_error *error)
{
    size_t size = 0, before = to->size;
    WF_TRY(end_in_memory(w, &size, error));
    if (to->limit != 0 && size > to->limit - before)
        return wf_fail(error, WEFT_TOO_LARGE, "export.too_large", NULL);
    while (to->size - before < size)
        WF_TRY(take_memory(w, to->size - before, size - (to->size - before), to, error));
    return WEFT_OK;
}

weft_status wf_export_table_bytes(weft_city *city, const wf_export_table_options *options,
                                  weft_status (*fill)(void *context, wf_export_table *to,
                                                      weft_error *error),
                                  void *context, wf_buffer *to, weft_error *error)
{
    bool is_book = options->format == WEFT_EXPORT_XLSX;
    wf_export_table table = {.w = {.city = city,
                                   .table = options,
                                   .format = options->format,
                                   .rows_max = WEFT_EXPORT_ROWS_MAX,
                                   .file = -1,
                                   .memory = -1,
                                   .kept = true}};
    writing *w = &table.w;
    weft_status status = is_book ? open_in_memory(w, error) : begin_part(w, error);
    if (status == WEFT_OK)
        status = fill(context, &table, error);
    if (status == WEFT_OK && is_book)
        status = take_book(w, to, error);
    else if (status == WEFT_OK && !wf_buffer_append(to, w->text.bytes, w->text.size))
        status = wf_fail(error, WEFT_TOO_LARGE, "export.too_large", NULL);
    wf_xlsx_abandon(w->book);
    if (w->memory >= 0)
        close(w->memory);
    wf_buffer_wipe(&w->text);
    return status;
}

// ---- all views ----

// "testing/tubes" in a folder gives "…/testing-tubes.csv".
static weft_status file_of(const char *folder, const char *view,
                           weft_export_format format, wf_path *ret, weft_error *error)
{
    char name[128];
    int size = snprintf(name, sizeof name, "%s.%s", view,
                        format == WEFT_EXPORT_XLSX ? "xlsx" : "csv");
    WF_ASSERT(size > 0 && (size_t)size < sizeof name);
    name[strcspn(name, "/")] = '-';
    return wf_path_join(folder, name, ret, error);
}

weft_status wf_export_make_folder(const weft_city *city, const char *folder,
                                  weft_error *error)
{
    if (city->outside->mkdir(city->outside, folder, 0700) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", folder);
    return WEFT_OK;
}

weft_status weft_export_all(weft_city *city, const weft_export_options *options,
                            const char *folder,
                            void (*told)(void *context, const weft_view_about *view,
                                         const weft_export_summary *summary),
                            void *context, weft_error *error)
{
    const weft_view_about *abouts;
    size_t count;
    WF_TRY(weft_views_list(city, &abouts, &count, error));
    WF_TRY(wf_export_make_folder(city, folder, error));
    for (size_t i = 0; i < count; i++) {
        weft_view_question question = {.view = abouts[i].name};
        weft_export_summary summary;
        wf_path path;
        if (abouts[i].parameters_count > 0)
            continue;
        WF_TRY(file_of(folder, abouts[i].name, options->format, &path, error));
        WF_TRY(weft_export(city, &question, options, path.text, &summary, error));
        if (told != NULL)
            told(context, &abouts[i], &summary);
    }
    return WEFT_OK;
}
