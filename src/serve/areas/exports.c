// Exports over HTTP: all rows of a view as a file, with a purpose of their own
// (model/look.h). Above WF_EXPORT_ALONE_MAX persons the file waits until somebody else
// agrees, and comes once.
//
// A file of CSV leaves in pieces: pages of rows read by their key, each on a reader that
// is given back before the page leaves, so that a slow client holds one page, no reader
// and no worker. A file of one piece leaves as one.
//
//   gather       the pages of the first piece; where rows name people also all others,
//   for
//                whom they show: the looks of all are durable before a byte leaves
//   next_piece   reads the next page once the one before has left. Whoever has come into
//                the rows meanwhile is looked at first, durably, too
//
// A file that cannot be continued is cut. Workbooks are whole before they leave (their
// table of contents comes last), in the machine's memory. Nothing touches a disk.
#include <stdlib.h>
#include <string.h>

#include "access/asked/export.h"
#include "access/looks/exports.h"
#include "base/hash.h"
#include "serve/areas/asking.h"
#include "serve/http/exchange_inside.h"

enum {
    page_rows = 1000,
    computed_rows = 4000, // all rows are computed for each page
    noted_rows = 10000,   // of a page that is only gone through
    fields_max = 16,
    book_bytes_max = 256 << 20,
    book_piece_bytes = 128 << 10,
    question_bytes_max = 8000,
    body_bytes_max = 16 << 10
};

static const char book_type[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

// {"view":"testing/tubes","fields":{…},"sort":…,"grid":…} as a question; texts in the
// request's arena.
typedef struct {
    weft_view_question question;
    const char *fields[fields_max];
} asked;

typedef struct {
    wf_exchange *x;
    asked of;
    wf_export_file file;  // whom it shows, and has not been posted yet
    size_t posted;        // persons whose looks are durable
    bool is_book;         // xlsx; else CSV
    wf_export_book *book; // NULL until its first page
    size_t book_bytes, book_at;
    wf_buffer held;  // bytes that leave next
    wf_buffer after; // the key of the page that comes behind them, ended by NUL; empty:
                     // there is none
    char view[128], id[WF_EXPORT_ID_BYTES + 1];
    wf_look look;
    bool personal;
    pthread_mutex_t lock; // of what follows, once it is a stream
    bool waits;           // for looks to be durable
    bool failed;          // they could not be
    bool gone;            // the client, meanwhile
} exporting;

static void free_exporting(exporting *e)
{
    wf_export_book_free(e->book);
    wf_export_file_done(&e->file);
    wf_buffer_wipe(&e->held);
    wf_buffer_wipe(&e->after);
    pthread_mutex_destroy(&e->lock);
    free(e);
}

static void fail(exporting *e, const weft_error *error)
{
    wf_exchange *x = e->x;
    free_exporting(e);
    wf_exchange_fail(x, error);
}

static wf_asker asker_of(wf_exchange *x, weft_city *city)
{
    return (wf_asker){.city = city,
                      .accounts = wf_exchange_accounts(x),
                      .actor = wf_exchange_actor(x),
                      .now = wf_exchange_now(x)};
}

// ---- what is asked ----

static weft_status wrong(weft_error *error, const char *name)
{
    wf_error_at(error, NULL, 0, name);
    return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
}

static weft_status copy(wf_exchange *x, const json_t *value, const char **ret,
                        weft_error *error)
{
    const char *text = json_string_value(value);
    *ret =
        text == NULL ? NULL : wf_arena_text(wf_exchange_arena(x), wf_text_of(text)).bytes;
    return text == NULL || *ret != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_field(wf_exchange *x, const char *name, const json_t *value,
                              asked *to, weft_error *error)
{
    const char *text = json_string_value(value);
    if (text == NULL || to->question.fields_count == fields_max)
        return wrong(error, "fields");
    size_t size = strlen(name) + 1 + strlen(text) + 1;
    char *field = wf_arena_new(wf_exchange_arena(x), size);
    if (field == NULL)
        return wf_fail_memory(error);
    snprintf(field, size, "%s=%s", name, text);
    to->fields[to->question.fields_count++] = field;
    return WEFT_OK;
}

static weft_status read_asked(wf_exchange *x, json_t *body, asked *ret, weft_error *error)
{
    static const char *const names[] = {"view", "sort", "grid"};
    const char **into[] = {&ret->question.view, &ret->question.sort, &ret->question.grid};
    json_t *fields = json_object_get(body, "fields"), *value;
    const char *name;
    size_t known = fields != NULL;
    if (fields != NULL && !json_is_object(fields))
        return wrong(error, "fields");
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        value = json_object_get(body, names[i]);
        known += value != NULL;
        if (value != NULL && !json_is_string(value))
            return wrong(error, names[i]);
        WF_TRY(copy(x, value, into[i], error));
    }
    if (ret->question.view == NULL || known != json_object_size(body) ||
        strlen(ret->question.view) >= sizeof((exporting *)NULL)->view)
        return wrong(error, "view");
    json_object_foreach(fields, name, value)
        WF_TRY(read_field(x, name, value, ret, error));
    return WEFT_OK;
}

// ---- pages ----

static weft_status put_page(exporting *e, weft_city *city, const weft_view_page *page,
                            bool is_first, weft_error *error)
{
    if (e->is_book && is_first)
        WF_TRY(wf_export_book_new(city, page->about, &e->book, error));
    if (e->is_book)
        return wf_export_book_page(e->book, city, page, error);
    if (is_first)
        WF_TRY(wf_export_csv_begin(city, page->about, &e->held, error));
    return wf_export_csv_page(city, page, &e->held, error);
}

static weft_status follow(exporting *e, const char *next, weft_error *error)
{
    wf_buffer_clear(&e->after);
    return next == NULL || wf_buffer_append(&e->after, next, strlen(next) + 1)
               ? WEFT_OK
               : wf_fail_memory(error);
}

static size_t rows_of_page(const exporting *e, const wf_asker *asker,
                           const weft_view_about *about, bool put)
{
    size_t rows = e->x->server->options.page_rows;
    if (rows != 0)
        return rows;
    return !put                                   ? noted_rows
           : wf_answers_is_computed(asker, about) ? computed_rows
                                                  : page_rows;
}

// The page that comes next: puts its rows, notes whom it shows.
static weft_status take_page(exporting *e, const wf_asker *asker, bool put,
                             weft_error *error)
{
    const weft_view_about *about;
    weft_view_question question = e->of.question;
    weft_view_page page;
    weft_beside beside;
    WF_TRY(wf_answers_view(asker, e->view, &about, error));
    question.view = about->name;
    question.fields = e->of.fields;
    question.limit = rows_of_page(e, asker, about, put);
    question.after = e->after.size > 0 ? e->after.bytes : NULL;
    WF_TRY(wf_answers_bind(asker, about, &question, &beside, error));
    WF_TRY(weft_view_read(asker->city, &question, &page, error));
    if (put)
        WF_TRY(put_page(e, asker->city, &page, question.after == NULL, error));
    if (e->personal)
        WF_TRY(wf_export_file_show(&e->file, asker, &question, &page, error));
    return follow(e, page.next, error);
}

static weft_status end_book(exporting *e, weft_error *error)
{
    WF_TRY(wf_export_book_end(e->book, &e->book_bytes, error));
    return e->book_bytes <= book_bytes_max
               ? WEFT_OK
               : wf_fail(error, WEFT_TOO_LARGE, "export.too_large", NULL);
}

static bool is_full(const exporting *e)
{
    size_t whole = e->x->server->options.whole_bytes;
    return !e->is_book && e->held.size > (whole != 0 ? whole : wf_asking_whole_bytes);
}

static weft_status gather_page(exporting *e, bool put, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    weft_city *city;
    WF_TRY(wf_shared_read(shared, &city, error));
    wf_asker asker = asker_of(e->x, city);
    weft_status status = take_page(e, &asker, put, error);
    wf_shared_read_end(shared, city);
    WF_TRY(status);
    return wf_exchange_stopping(e->x) ? wf_fail(error, WEFT_BUSY, "http.stopping", NULL)
                                      : WEFT_OK;
}

// The first piece, or a whole workbook, and all whom the file shows.
static weft_status gather(exporting *e, weft_error *error)
{
    wf_buffer behind = {0}; // the key behind the first piece
    weft_status status = WEFT_OK;
    do {
        status = gather_page(e, behind.size == 0, error);
        if (status == WEFT_OK && behind.size == 0 && e->after.size > 0 && is_full(e) &&
            !wf_buffer_append(&behind, e->after.bytes, e->after.size))
            status = wf_fail_memory(error);
    } while (status == WEFT_OK && e->after.size > 0 && (e->personal || behind.size == 0));
    wf_buffer_wipe(&e->after);
    e->after = behind;
    WF_TRY(status);
    if (e->after.size > 0 && !wf_exchange_notices_cuts(e->x))
        return wf_fail(error, WEFT_BAD_INPUT, "export.old_version", NULL);
    if (e->after.size > 0 || e->is_book)
        WF_TRY(wf_exchange_may_stream(e->x, error));
    return e->is_book ? end_book(e, error) : WEFT_OK;
}

// ---- in pieces ----

// The looks of whoever has come into the rows are durable, or not.
static void looked(void *context, weft_status status, const weft_error *error)
{
    exporting *e = context;
    (void)error;
    pthread_mutex_lock(&e->lock);
    e->waits = false;
    e->failed = status != WEFT_OK;
    e->posted += e->file.count;
    wf_export_file_posted(&e->file);
    bool gone = e->gone;
    if (!gone)
        wf_exchange_wake(e->x);
    pthread_mutex_unlock(&e->lock);
    if (gone)
        free_exporting(e);
}

// The page that comes next, and looks at whoever was not there when the file began: as
// many as one may have alone.
static weft_status read_next(exporting *e, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    weft_city *city;
    WF_TRY(wf_shared_read(shared, &city, error));
    wf_asker asker = asker_of(e->x, city);
    weft_status status = take_page(e, &asker, true, error);
    size_t more = e->file.count;
    if (status == WEFT_OK && more > 0 && e->id[0] == '\0' &&
        e->posted + more > WF_EXPORT_ALONE_MAX)
        status = wf_fail(error, WEFT_CONFLICT, "export.waits", NULL);
    if (status == WEFT_OK && more > 0) {
        e->waits = true; // nobody else looks at it yet
        wf_exports_post(wf_exchange_looks(e->x), city, &e->look, &e->file, "",
                        wf_exchange_machine_now(e->x), looked, e);
    }
    wf_shared_read_end(shared, city);
    return status;
}

// What has been read leaves, unless its look is not durable.
static wf_stream_state give_held(exporting *e, wf_buffer *to)
{
    pthread_mutex_lock(&e->lock);
    bool waits = e->waits, failed = e->failed;
    pthread_mutex_unlock(&e->lock);
    if (waits)
        return WF_STREAM_WAIT;
    if (failed)
        return WF_STREAM_BROKEN;
    wf_buffer emptied = *to;
    *to = e->held;
    e->held = emptied;
    return e->after.size > 0 ? WF_STREAM_MORE : WF_STREAM_END;
}

static bool is_waiting(exporting *e)
{
    pthread_mutex_lock(&e->lock);
    bool waits = e->waits;
    pthread_mutex_unlock(&e->lock);
    return waits;
}

static wf_stream_state next_piece(void *context, wf_buffer *to)
{
    exporting *e = context;
    weft_error error = {0};
    if (is_waiting(e))
        return WF_STREAM_WAIT;
    if (!wf_exchange_may_still(e->x))
        return WF_STREAM_BROKEN;
    if (e->held.size == 0 && read_next(e, &error) != WEFT_OK) {
        wf_exchange_cut(e->x, &error);
        return WF_STREAM_BROKEN;
    }
    return give_held(e, to);
}

static wf_stream_state next_of_book(void *context, wf_buffer *to)
{
    exporting *e = context;
    weft_error error = {0};
    if (!wf_exchange_may_still(e->x))
        return WF_STREAM_BROKEN;
    if (wf_export_book_take(e->book, e->book_at, book_piece_bytes, to, &error) !=
        WEFT_OK) {
        wf_exchange_cut(e->x, &error);
        return WF_STREAM_BROKEN;
    }
    e->book_at += to->size;
    return e->book_at < e->book_bytes ? WF_STREAM_MORE : WF_STREAM_END;
}

static void end_pieces(void *context)
{
    exporting *e = context;
    pthread_mutex_lock(&e->lock);
    e->gone = true;
    bool waits = e->waits;
    pthread_mutex_unlock(&e->lock);
    if (!waits)
        free_exporting(e);
}

// ---- the file leaves ----

static void leave_as_csv(exporting *e)
{
    static const char type[] = "text/csv; charset=utf-8";
    wf_exchange *x = e->x;
    if (e->after.size > 0) {
        const wf_stream stream = {
            .next = next_piece, .done = end_pieces, .context = e, .whole = true};
        wf_exchange_stream(x, 200, type, &stream);
        return;
    }
    wf_buffer bytes = e->held;
    e->held = (wf_buffer){0};
    free_exporting(e);
    wf_exchange_bytes(x, 200, type, &bytes);
}

static void leave_as_book(exporting *e)
{
    const wf_stream stream = {.next = next_of_book,
                              .done = end_pieces,
                              .context = e,
                              .size = e->book_bytes,
                              .whole = true};
    wf_exchange_stream(e->x, 200, book_type, &stream);
}

static void leave(void *context, weft_status status, const weft_error *error)
{
    exporting *e = context;
    wf_exchange *x = e->x;
    char name[160];
    if (status != WEFT_OK) {
        wf_exports_forget(wf_exchange_looks(x), e->id);
        fail(e, error);
        return;
    }
    e->posted = e->file.count;
    wf_export_file_posted(&e->file);
    snprintf(name, sizeof name, "attachment; filename=\"%s.%s\"", e->view,
             e->is_book ? "xlsx" : "csv");
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '-' : *at;
    WF_IGNORE(!wf_exchange_add_header(x, "Content-Disposition", name),
              "without memory the file has no name");
    if (e->is_book)
        leave_as_book(e);
    else
        leave_as_csv(e);
}

static weft_status send_off(exporting *e, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    weft_city *city;
    if (!e->personal) {
        leave(e, WEFT_OK, NULL);
        return WEFT_OK;
    }
    WF_TRY(wf_shared_read(shared, &city, error));
    wf_exports_post(wf_exchange_looks(e->x), city, &e->look, &e->file, e->id,
                    wf_exchange_machine_now(e->x), leave, e);
    wf_shared_read_end(shared, city);
    return WEFT_OK;
}

// ---- asking for one ----

static weft_status begin(exporting *e, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    const weft_view_about *about;
    weft_city *city;
    memcpy(e->view, e->of.question.view, strlen(e->of.question.view) + 1);
    WF_TRY(wf_shared_read(shared, &city, error));
    wf_asker asker = asker_of(e->x, city);
    weft_status status = wf_answers_view(&asker, e->view, &about, error);
    e->personal = status == WEFT_OK && about->personal;
    if (e->personal)
        status = wf_looks_begin(wf_exchange_looks(e->x), city, asker.actor,
                                wf_exchange_header(e->x, "Weft-Purpose"), WF_LOOK_EXPORT,
                                e->view, wf_exchange_machine_now(e->x), &e->look, error);
    wf_shared_read_end(shared, city);
    return status;
}

static weft_status wait_for_another(exporting *e, const json_t *body, weft_error *error)
{
    char id[WF_EXPORT_ID_BYTES + 1];
    char *question = json_dumps(body, JSON_COMPACT);
    size_t persons = e->file.count;
    if (question == NULL)
        return wf_fail_memory(error);
    weft_status status = strlen(question) > question_bytes_max
                             ? wrong(error, "fields")
                             : wf_exports_request(wf_exchange_looks(e->x), &e->look,
                                                  question, persons, id, error);
    free(question);
    WF_TRY(status);
    wf_exchange *x = e->x;
    free_exporting(e);
    wf_exchange_json(x, 202,
                     json_pack("{s:s, s:I, s:s}", "export", id, "persons",
                               (json_int_t)persons, "state", "waits"));
    return WEFT_OK;
}

static weft_status ask_for(exporting *e, json_t *body, weft_error *error)
{
    e->file.most = WF_EXPORT_ALONE_MAX + 1;
    WF_TRY(read_asked(e->x, body, &e->of, error));
    WF_TRY(begin(e, error));
    WF_TRY(gather(e, error));
    if (e->personal && e->file.count > WF_EXPORT_ALONE_MAX)
        return wait_for_another(e, body, error);
    return send_off(e, error);
}

static exporting *new_exporting(wf_exchange *x)
{
    weft_error error = {0};
    exporting *e = calloc(1, sizeof *e);
    if (e == NULL) {
        WF_IGNORE(wf_fail_memory(&error), "it becomes the answer");
        wf_exchange_fail(x, &error);
        return NULL;
    }
    e->x = x;
    WF_ASSERT(pthread_mutex_init(&e->lock, NULL) == 0);
    wf_text format = wf_exchange_query(x, "format");
    e->is_book = format.bytes != NULL && wf_text_equal(format, WF_TEXT("xlsx"));
    return e;
}

static void request(wf_exchange *x)
{
    weft_error error = {0};
    json_t *body = NULL;
    exporting *e = new_exporting(x);
    if (e == NULL)
        return;
    weft_status status = wf_exchange_parse(x, &body, &error);
    if (status == WEFT_OK)
        status = ask_for(e, body, &error); // done: `e` is gone
    json_decref(body);
    if (status != WEFT_OK)
        fail(e, &error);
}

// ---- agreeing, and fetching ----

static weft_status find(wf_exchange *x, bool to_release, wf_export_request *ret,
                        weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(x);
    weft_city *city;
    WF_TRY(wf_shared_read(shared, &city, error));
    wf_asker asker = asker_of(x, city);
    weft_status status =
        wf_exports_find(&asker, wf_exchange_path(x, "export").bytes, ret, error);
    if (status == WEFT_OK)
        status = to_release ? wf_exports_may_release(&asker, ret, error)
                            : wf_exports_may_fetch(&asker, ret, error);
    wf_shared_read_end(shared, city);
    return status;
}

static void release(wf_exchange *x)
{
    weft_error error = {0};
    wf_export_request request;
    weft_status status = find(x, true, &request, &error);
    if (status == WEFT_OK)
        status = wf_exports_release(wf_exchange_looks(x), wf_exchange_actor(x),
                                    request.id, &error);
    if (status != WEFT_OK)
        wf_exchange_fail(x, &error);
    else
        wf_exchange_json(x, 200,
                         json_pack("{s:s, s:I, s:s}", "export", request.id, "persons",
                                   (json_int_t)request.persons, "state", "released"));
}

// By the reference and purpose it was asked for, which have to hold still.
static weft_status begin_again(exporting *e, const wf_export_request *request,
                               weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    weft_city *city;
    memcpy(e->view, request->view, sizeof e->view);
    memcpy(e->id, request->id, sizeof e->id);
    e->personal = true;
    e->look = (wf_look){.actor = wf_exchange_actor(e->x),
                        .why = request->why,
                        .use = WF_LOOK_EXPORT,
                        .asked = e->view};
    WF_TRY(wf_shared_read(shared, &city, error));
    weft_status status = wf_looks_judge(wf_exchange_looks(e->x), city, &e->look,
                                        wf_exchange_machine_now(e->x), error);
    wf_shared_read_end(shared, city);
    return status;
}

static weft_status deliver(exporting *e, const wf_export_request *request,
                           weft_error *error)
{
    json_t *body = json_loads(request->question, JSON_REJECT_DUPLICATES, NULL);
    weft_status status = body == NULL ? wf_fail_memory(error) : WEFT_OK;
    if (status == WEFT_OK)
        status = read_asked(e->x, body, &e->of, error);
    json_decref(body);
    WF_TRY(status);
    WF_TRY(begin_again(e, request, error));
    WF_TRY(gather(e, error));
    // Two who fetch at once get one file.
    WF_TRY(wf_exports_once(wf_exchange_looks(e->x), e->id, error));
    status = send_off(e, error);
    if (status != WEFT_OK)
        wf_exports_forget(wf_exchange_looks(e->x), e->id);
    return status;
}

static void fetch(wf_exchange *x)
{
    weft_error error = {0};
    wf_export_request request;
    exporting *e = new_exporting(x);
    if (e == NULL)
        return;
    weft_status status = find(x, false, &request, &error);
    // Whoever asks what it would be has not had it.
    if (status == WEFT_OK && wf_exchange_is_head(x)) {
        free_exporting(e);
        wf_exchange_empty(x, 200);
        return;
    }
    if (status == WEFT_OK)
        status = deliver(e, &request, &error); // done: `e` is gone
    if (status != WEFT_OK)
        fail(e, &error);
}

// ---- routes ----

#define EXPORT_ID                                                                        \
    {                                                                                    \
        .name = "export", .place = WF_IN_PATH, .required = true, .zh = "导出编号",       \
        .en = "the export's id"                                                          \
    }
static const char *const formats[] = {"csv", "xlsx", NULL};
#define FORMAT                                                                           \
    {                                                                                    \
        .name = "format", .place = WF_IN_QUERY, .type = WF_PARAMETER_WORD,               \
        .words = formats, .zh = "文件格式（默认 csv）", .en = "of the file (csv)"        \
    }
static const wf_parameter request_parameters[] = {
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .bytes_max = 512,
     .zh = "事由和导出用途；导出涉及个人的视图时必须给出",
     .en = "reference and a purpose of exports; needed for views that name people"},
    FORMAT,
    {.name = NULL},
};
static const wf_parameter id_parameters[] = {EXPORT_ID, {.name = NULL}};
static const wf_parameter fetch_parameters[] = {EXPORT_ID, FORMAT, {.name = NULL}};

static const wf_schema request_schema = {
    "ExportRequest",
    "{\"type\":\"object\",\"required\":[\"view\"],\"additionalProperties\":false,"
    "\"properties\":{\"view\":{\"type\":\"string\"},\"fields\":{\"type\":\"object\","
    "\"additionalProperties\":{\"type\":\"string\"}},\"sort\":{\"type\":\"string\"},"
    "\"grid\":{\"type\":\"string\"}}}"};
static const wf_schema state_schema = {
    "ExportState",
    "{\"type\":\"object\",\"required\":[\"export\",\"persons\",\"state\"],"
    "\"properties\":{\"export\":{\"type\":\"string\"},\"persons\":{\"type\":\"integer\"},"
    "\"state\":{\"type\":\"string\",\"enum\":[\"waits\",\"released\"]}}}"};

static const unsigned short export_errors[] = {409, 0};
static const unsigned short or_waits[] = {202, 409, 0};

extern const wf_route wf_routes_exports[];
const wf_route wf_routes_exports[] = {
    {.method = "POST",
     .path = "/v1/exports",
     .lane = WF_LANE_FILES,
     .action = WF_ACTION_EXPORT,
     .operation = "requestExport",
     .parameters = request_parameters,
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = body_bytes_max,
              .schema = &request_schema},
     .answers = {.media = WF_MEDIA_CSV | WF_MEDIA_XLSX | WF_MEDIA_JSON,
                 .schema = &state_schema,
                 .errors = or_waits},
     .zh = "导出视图的全部行（CSV 或 xlsx）；涉及 5000 人以上时答 202，待另一人同意",
     .en = "all rows of a view as CSV or xlsx; of more than 5,000 persons 202, until "
           "somebody "
           "else agrees",
     .handle = request},
    {.method = "POST",
     .path = "/v1/exports/{export}/release",
     .lane = WF_LANE_ORDERS,
     .action = WF_ACTION_EXPORT_LARGE,
     .operation = "releaseExport",
     .parameters = id_parameters,
     .body = {.kind = WF_BODY_JSON, .bytes_max = 64, .schema = NULL},
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &state_schema,
                 .errors = export_errors},
     .zh = "同意他人申请的大量导出",
     .en = "agree to a large export that somebody else asked for",
     .handle = release},
    {.method = "GET",
     .path = "/v1/exports/{export}",
     .lane = WF_LANE_FILES,
     .action = WF_ACTION_EXPORT,
     .operation = "fetchExport",
     .parameters = fetch_parameters,
     .answers = {.media = WF_MEDIA_CSV | WF_MEDIA_XLSX, .errors = export_errors},
     .zh = "取回已获同意的导出文件；只交付一次",
     .en = "the file of an export that was agreed to; it comes once",
     .handle = fetch},
    WF_ROUTES_END,
};
