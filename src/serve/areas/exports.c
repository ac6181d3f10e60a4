// Exports over HTTP: all rows of a view as a file, with a purpose of their own
// (model/look.h). Above WF_EXPORT_ALONE_MAX persons the file waits until somebody else
// agrees, and comes once.
//
// The file is put together page by page in memory, each page on a reader of its own, so
// that a long export keeps no slice of facts waiting; nothing of it touches a disk.
#include <stdlib.h>
#include <string.h>

#include "access/asked/export.h"
#include "access/looks/exports.h"
#include "base/hash.h"
#include "serve/areas/asking.h"

enum {
    page_rows = 2000,
    fields_max = 16,
    file_bytes_max = 256 << 20,
    question_bytes_max = 8000,
    body_bytes_max = 16 << 10
};

static const char book_type[] =
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

typedef struct {
    wf_exchange *x;
    wf_export_file file;
    bool is_book;         // xlsx; else CSV
    wf_export_book *book; // NULL until its first page
    char view[128], id[WF_EXPORT_ID_BYTES + 1];
    wf_look look;
    bool personal;
} exporting;

static void free_exporting(exporting *e)
{
    wf_export_book_free(e->book);
    wf_export_file_done(&e->file);
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

// {"view":"testing/tubes","fields":{…},"sort":…,"grid":…} as a question; texts in the
// request's arena.
typedef struct {
    weft_view_question question;
    const char *fields[fields_max];
} asked;

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

// ---- putting the file together ----

static weft_status put_page(exporting *e, weft_city *city, const weft_view_page *page,
                            bool is_first, weft_error *error)
{
    if (e->is_book && is_first)
        WF_TRY(wf_export_book_new(city, page->about, &e->book, error));
    if (e->is_book)
        return wf_export_book_page(e->book, city, page, error);
    if (is_first)
        WF_TRY(wf_export_csv_begin(city, page->about, &e->file.bytes, error));
    return wf_export_csv_page(city, page, &e->file.bytes, error);
}

static weft_status take_page(exporting *e, const wf_asker *asker, asked *of,
                             const char **ret_next, weft_error *error)
{
    const weft_view_about *about;
    weft_view_question question = of->question;
    weft_view_page page;
    weft_beside beside;
    WF_TRY(wf_answers_view(asker, e->view, &about, error));
    question.view = about->name;
    question.fields = of->fields;
    question.limit = page_rows;
    WF_TRY(wf_answers_bind(asker, about, &question, &beside, error));
    WF_TRY(weft_view_read(asker->city, &question, &page, error));
    WF_TRY(put_page(e, asker->city, &page, question.after == NULL, error));
    if (e->personal)
        WF_TRY(wf_export_file_show(&e->file, asker, &question, &page, error));
    *ret_next = NULL;
    if (page.next == NULL)
        return WEFT_OK;
    *ret_next = wf_arena_text(wf_exchange_arena(e->x), wf_text_of(page.next)).bytes;
    return *ret_next != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status put_together(exporting *e, asked *of, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    e->file.bytes.limit = file_bytes_max;
    do {
        weft_city *city;
        WF_TRY(wf_shared_read(shared, &city, error));
        wf_asker asker = asker_of(e->x, city);
        weft_status status = take_page(e, &asker, of, &of->question.after, error);
        wf_shared_read_end(shared, city);
        WF_TRY(status);
        if (wf_exchange_stopping(e->x))
            return wf_fail(error, WEFT_BUSY, "http.stopping", NULL);
    } while (of->question.after != NULL);
    return e->is_book ? wf_export_book_end(e->book, &e->file.bytes, error) : WEFT_OK;
}

// ---- the file leaves ----

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
    bool is_book = e->is_book;
    snprintf(name, sizeof name, "attachment; filename=\"%s.%s\"", e->view,
             is_book ? "xlsx" : "csv");
    for (char *at = name; *at != '\0'; at++)
        *at = *at == '/' ? '-' : *at;
    WF_IGNORE(!wf_exchange_add_header(x, "Content-Disposition", name),
              "without memory the file has no name");
    wf_buffer bytes = e->file.bytes;
    e->file.bytes = (wf_buffer){0};
    free_exporting(e);
    wf_exchange_bytes(x, 200, is_book ? book_type : "text/csv; charset=utf-8", &bytes);
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

static weft_status begin(exporting *e, const asked *of, weft_error *error)
{
    wf_shared *shared = wf_exchange_shared(e->x);
    const weft_view_about *about;
    weft_city *city;
    memcpy(e->view, of->question.view, strlen(of->question.view) + 1);
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
    asked of = {0};
    WF_TRY(read_asked(e->x, body, &of, error));
    WF_TRY(begin(e, &of, error));
    WF_TRY(put_together(e, &of, error));
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
    asked of = {0};
    json_t *body = json_loads(request->question, JSON_REJECT_DUPLICATES, NULL);
    weft_status status = body == NULL ? wf_fail_memory(error) : WEFT_OK;
    if (status == WEFT_OK)
        status = read_asked(e->x, body, &of, error);
    json_decref(body);
    WF_TRY(status);
    WF_TRY(begin_again(e, request, error));
    WF_TRY(put_together(e, &of, error));
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
     .lane = WF_LANE_DASHBOARDS,
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
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_EXPORT,
     .operation = "fetchExport",
     .parameters = fetch_parameters,
     .answers = {.media = WF_MEDIA_CSV | WF_MEDIA_XLSX, .errors = export_errors},
     .zh = "取回已获同意的导出文件；只交付一次",
     .en = "the file of an export that was agreed to; it comes once",
     .handle = fetch},
    WF_ROUTES_END,
};
