// Files of rows over HTTP: looked at, imported, and their refused rows given back to be
// mended. What is done with them: access/change/upload.h.
//
// The body is the file itself. Nothing of its text stands in an address or the log: its
// name stays with whoever sends it, sheets and columns go by number.
#include <stdlib.h>
#include <string.h>

#include "access/change/preview_json.h"
#include "access/change/upload.h"
#include "serve/http/exchange_inside.h"

enum {
    body_bytes_max = 16 << 20,
    file_bytes_max = 64 << 20, // of refused rows as they leave
    arena_bytes_max = 16 << 20,
    refusals_max = 20
};

static bool ends(void *context)
{
    return wf_exchange_stopping(context) || wf_exchange_left(context);
}

static wf_upload_by by_of(wf_exchange *x)
{
    return (wf_upload_by){.shared = wf_exchange_shared(x),
                          .accounts = wf_exchange_accounts(x),
                          .actor = wf_exchange_actor(x),
                          .now = wf_exchange_now(x),
                          .ends = ends,
                          .context = x};
}

// ---- what is asked ----

static weft_status read_upload(wf_exchange *x, wf_upload *ret, weft_error *error)
{
    wf_text dates = wf_exchange_query(x, "dates"), as_of = wf_exchange_query(x, "as_of");
    int64_t sheet = wf_exchange_whole(x, "sheet", 0);
    *ret = (wf_upload){.bytes = wf_exchange_body(x),
                       .profile = wf_exchange_query(x, "profile").bytes,
                       .columns = wf_exchange_query(x, "columns").bytes,
                       .remember = wf_exchange_query(x, "remember").bytes,
                       .header_line = (uint64_t)wf_exchange_whole(x, "header", 0),
                       .join_cases =
                           wf_text_equal(wf_exchange_query(x, "join"), WF_TEXT("true")),
                       .as_of = WEFT_TIME_NONE};
    WF_IGNORE(!weft_import_kind_parse(wf_exchange_query(x, "kind").bytes, &ret->kind),
              "a parameter of words is one of them");
    if (dates.bytes != NULL)
        ret->dates =
            dates.bytes[0] == 'd' ? WEFT_DATES_DAY_FIRST : WEFT_DATES_MONTH_FIRST;
    if (sheet > 0) {
        char *name = wf_arena_new(wf_exchange_arena(x), 24);
        if (name == NULL)
            return wf_fail_memory(error);
        snprintf(name, 24, "#%d", (int)sheet);
        ret->sheet = name;
    }
    if (as_of.bytes == NULL)
        return WEFT_OK;
    if (weft_city_time_parse(wf_exchange_city(x), as_of.bytes, &ret->as_of, error) ==
        WEFT_OK)
        return WEFT_OK;
    wf_error_clear(error);
    wf_error_at(error, NULL, 0, "as_of");
    return wf_fail(error, WEFT_BAD_INPUT, "http.parameter_wrong", "name", "as_of", NULL);
}

// Where a message has the name of a file stands who sent it (access/change/upload.h):
// said in words, for the file's own name was not sent.
static void name_file(wf_exchange *x, weft_error *error)
{
    char room[WF_ACTOR_SENDER_MAX + 1];
    wf_text sender = wf_actor_sender(wf_exchange_actor(x), room);
    const char *words = wf_exchange_language(x) == WF_LANGUAGE_ZH
                            ? "上传的文件"
                            : "the file that was uploaded";
    for (size_t i = 0; i < error->params_count; i++) {
        weft_error_param *param = &error->params[i];
        if (strcmp(param->name, "path") != 0 ||
            !wf_text_equal(wf_text_of(param->value), sender))
            continue;
        snprintf(param->value, sizeof param->value, "%s", words);
    }
}

// ---- the preview ----

static weft_status take_profile(void *context, const char *profile, bool remembered,
                                weft_error *error)
{
    json_t *one =
        json_pack("{s:s, s:b}", "profile", profile, "remembered", (int)remembered);
    return json_array_append_new(context, one) == 0 ? WEFT_OK : wf_fail_memory(error);
}

static weft_status preview_json(wf_exchange *x, weft_city *reader, json_t **ret,
                                weft_error *error)
{
    wf_upload upload;
    weft_preview preview;
    json_t *made = NULL;
    const wf_upload_by by = by_of(x);
    WF_TRY(read_upload(x, &upload, error));
    WF_TRY(wf_upload_preview(&by, reader, &upload, &preview, error));
    name_file(x, &preview.problem);
    WF_TRY(wf_preview_json(&preview, wf_exchange_language(x), WF_PART_HINT_OVER_HTTP,
                           &made, error));
    json_t *profiles = json_array();
    weft_status status =
        wf_upload_profiles(reader, upload.kind, take_profile, profiles, error);
    if (json_object_set_new(made, "profiles", profiles) != 0 && status == WEFT_OK)
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        *ret = made;
    else
        json_decref(made);
    return status;
}

static void look_at(wf_exchange *x)
{
    weft_error error = {0};
    weft_city *reader;
    json_t *made = NULL;
    weft_status status = wf_shared_read(wf_exchange_shared(x), &reader, &error);
    if (status == WEFT_OK) {
        status = preview_json(x, reader, &made, &error);
        wf_shared_read_end(wf_exchange_shared(x), reader);
    }
    if (status == WEFT_OK) {
        wf_exchange_json(x, 200, made);
        return;
    }
    name_file(x, &error);
    wf_exchange_fail(x, &error);
}

// ---- the import ----

typedef struct {
    wf_exchange *x;
    json_t *refusals, *warnings;
} importing;

static bool import_ends(void *context)
{
    return ends(((importing *)context)->x);
}

static void take_refusal(void *context, const weft_error *why)
{
    importing *on = context;
    WF_IGNORE(json_array_append_new(on->refusals,
                                    wf_preview_why_json(why, wf_exchange_language(on->x),
                                                        WF_PART_HINT_OVER_HTTP)) != 0,
              "the count and the file of refused rows say it all the same");
}

static void take_warning(void *context, const weft_error *warning)
{
    importing *on = context;
    WF_IGNORE(json_array_append_new(
                  on->warnings, wf_preview_why_json(warning, wf_exchange_language(on->x),
                                                    WF_PART_HINT_OVER_HTTP)) != 0,
              "the count says it all the same");
}

static void take_in(wf_exchange *x)
{
    weft_error error = {0};
    wf_upload upload;
    weft_import_summary summary;
    importing on = {.x = x, .refusals = json_array(), .warnings = json_array()};
    wf_upload_by by = by_of(x);
    by.ends = import_ends;
    by.refused = take_refusal;
    by.warned = take_warning;
    by.context = &on;
    weft_status status = read_upload(x, &upload, &error);
    if (status == WEFT_OK)
        status = wf_upload_import(&by, &upload, &summary, &error);
    if (status != WEFT_OK) {
        json_decref(on.refusals);
        json_decref(on.warnings);
        name_file(x, &error);
        wf_exchange_fail(x, &error);
        return;
    }
    wf_exchange_json(
        x, 200,
        json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:s, s:o, s:o}", "rows",
                  (json_int_t)summary.rows, "accepted", (json_int_t)summary.accepted,
                  "had", (json_int_t)summary.had, "refused", (json_int_t)summary.refused,
                  "warned", (json_int_t)summary.warned, "unknown_kinds",
                  (json_int_t)summary.unknown_kinds, "not_kept",
                  (json_int_t)summary.refused_not_kept, "refused_file",
                  summary.refused_file, "refusals", on.refusals, "warnings",
                  on.warnings));
}

// ---- tables that are given ----

static bool asks_for_book(wf_exchange *x)
{
    wf_text format = wf_exchange_query(x, "format");
    return format.bytes != NULL && wf_text_equal(format, WF_TEXT("xlsx"));
}

// `named`: for the header, where the browser finds the file's name.
static void give_table(wf_exchange *x, bool is_book, const char *named, wf_buffer *bytes)
{
    WF_IGNORE(!wf_exchange_add_header(x, "Content-Disposition", named),
              "without memory the file has no name");
    wf_exchange_bytes(x, 200,
                      is_book ? "application/vnd.openxmlformats-officedocument."
                                "spreadsheetml.sheet"
                              : "text/csv; charset=utf-8",
                      bytes);
}

// Refused rows, to be mended.
static void give_refused(wf_exchange *x)
{
    weft_error error = {0};
    wf_buffer bytes = {.limit = file_bytes_max};
    const wf_upload_by by = by_of(x);
    bool is_book = asks_for_book(x);
    weft_status status = wf_upload_refused(&by, wf_exchange_path(x, "file").bytes,
                                           is_book ? WEFT_EXPORT_XLSX : WEFT_EXPORT_CSV,
                                           wf_exchange_language(x), &bytes, &error);
    if (status != WEFT_OK) {
        wf_buffer_wipe(&bytes);
        wf_exchange_fail(x, &error);
        return;
    }
    give_table(x, is_book,
               is_book ? "attachment; filename=\"refused.xlsx\""
                       : "attachment; filename=\"refused.csv\"",
               &bytes);
}

static void give_template(wf_exchange *x)
{
    weft_error error = {0};
    weft_import_kind kind = WEFT_IMPORT_PERSONS;
    wf_buffer bytes = {.limit = file_bytes_max};
    const wf_upload_by by = by_of(x);
    bool is_book = asks_for_book(x);
    WF_IGNORE(!weft_import_kind_parse(wf_exchange_query(x, "kind").bytes, &kind),
              "a parameter of words is one of them");
    if (wf_upload_template(&by, kind, is_book ? WEFT_EXPORT_XLSX : WEFT_EXPORT_CSV,
                           wf_exchange_language(x), &bytes, &error) != WEFT_OK) {
        wf_buffer_done(&bytes);
        wf_exchange_fail(x, &error);
        return;
    }
    give_table(x, is_book,
               is_book ? "attachment; filename=\"template.xlsx\""
                       : "attachment; filename=\"template.csv\"",
               &bytes);
}

// ---- routes ----

static const char *const kinds[] = {"persons",    "places",   "cases",     "visits",
                                    "encounters", "contacts", "followups", "results",
                                    "tubes",      NULL};
static const char *const orders[] = {"day-first", "month-first", NULL};
static const char *const formats[] = {"csv", "xlsx", NULL};

#define KIND                                                                             \
    {                                                                                    \
        .name = "kind", .place = WF_IN_QUERY, .type = WF_PARAMETER_WORD,                 \
        .required = true, .words = kinds, .zh = "行的种类", .en = "what the rows are"    \
    }
#define FORMAT                                                                           \
    {                                                                                    \
        .name = "format", .place = WF_IN_QUERY, .type = WF_PARAMETER_WORD,               \
        .words = formats, .zh = "文件格式（默认 csv）", .en = "of the file (csv)"        \
    }
#define HOW                                                                              \
    KIND,                                                                                \
        {.name = "profile",                                                              \
         .place = WF_IN_QUERY,                                                           \
         .bytes_max = 63,                                                                \
         .zh = "随附的或本市记住的列对照",                                               \
         .en = "a mapping that comes with Weft or that the city remembers"},             \
        {.name = "columns",                                                              \
         .place = WF_IN_QUERY,                                                           \
         .bytes_max = 512,                                                               \
         .zh = "列对照，按列的序号：person:1,name:3；不与 profile 同用",                 \
         .en = "our fields by the number of their column: person:1,name:3; not with "    \
               "profile"},                                                               \
        {.name = "sheet",                                                                \
         .place = WF_IN_QUERY,                                                           \
         .type = WF_PARAMETER_WHOLE,                                                     \
         .min = 1,                                                                       \
         .max = 1000,                                                                    \
         .zh = "第几张工作表（隐藏的不算）",                                             \
         .en = "which sheet, of those that are not hidden"},                             \
        {.name = "header",                                                               \
         .place = WF_IN_QUERY,                                                           \
         .type = WF_PARAMETER_WHOLE,                                                     \
         .min = 1,                                                                       \
         .max = 1000,                                                                    \
         .zh = "表头在第几行（默认在前 10 行中找）",                                     \
         .en = "the line of the header (it is looked for in the first 10 rows)"},        \
        {.name = "dates",                                                                \
         .place = WF_IN_QUERY,                                                           \
         .type = WF_PARAMETER_WORD,                                                      \
         .words = orders,                                                                \
         .zh = "03/04/2021 先日还是先月",                                                \
         .en = "what comes first in 03/04/2021"},                                        \
    {                                                                                    \
        .name = "join", .place = WF_IN_QUERY, .type = WF_PARAMETER_YESNO,                \
        .zh = "病例：用其他编号称呼已有病例的行，归入该病例",                            \
        .en = "cases: rows that name a case by another of its numbers are of that case"  \
    }

static const wf_parameter preview_parameters[] = {HOW, {.name = NULL}};
static const wf_parameter import_parameters[] = {
    HOW,
    {.name = "remember",
     .place = WF_IN_QUERY,
     .bytes_max = 63,
     .zh = "以此名记住列对照和日期先后（a-z 0-9 -）",
     .en = "keep columns and order of dates under this name (a-z 0-9 -)"},
    {.name = "as_of",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_TIME,
     .zh = "数据的时间（默认现在）",
     .en = "how old the values are (now)"},
    {.name = NULL},
};
static const wf_parameter refused_parameters[] = {
    {.name = "file",
     .place = WF_IN_PATH,
     .required = true,
     .zh = "拒收文件",
     .en = "the file of refused rows"},
    FORMAT,
    {.name = NULL},
};

static const wf_parameter template_parameters[] = {
    KIND,
    FORMAT,
    {.name = NULL},
};

#define WHY                                                                              \
    "\"type\":[\"object\",\"null\"],\"required\":[\"line\",\"code\",\"field\","          \
    "\"reason\",\"detail\",\"hint\"]"
static const wf_schema preview_schema = {
    "ImportPreview",
    "{\"type\":\"object\",\"required\":[\"header\",\"top\",\"columns\",\"fields\","
    "\"rows\",\"rows_read\",\"refused\",\"warned\",\"joinable\",\"joins\",\"waiting\","
    "\"problem\","
    "\"profiles\"],"
    "\"properties\":{"
    "\"header\":{\"type\":[\"integer\",\"null\"],\"description\":\"the line of the row "
    "that "
    "was taken as the header, or looks like one\"},\"top\":{\"type\":\"array\","
    "\"maxItems\":10,\"description\":\"the first rows as they stand there\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"line\",\"text\"]}},\"columns\":{\"type\":"
    "\"array\",\"items\":{\"type\":\"object\",\"required\":[\"title\",\"fields\"]}},"
    "\"fields\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"field\",\"required\",\"bound\",\"dates_asked\",\"only_day_first\","
    "\"only_month_first\"]}},\"rows\":{\"type\":\"array\",\"maxItems\":10,\"items\":{"
    "\"type\":\"object\",\"required\":[\"line\",\"values\",\"refused\",\"warnings\"],"
    "\"properties\":{\"refused\":{" WHY "},\"warnings\":{\"type\":\"array\","
    "\"maxItems\":2,\"description\":\"all that looks wrong of a row that would be "
    "taken\",\"items\":{" WHY "}}}}},\"rows_read\":{\"type\":\"integer\"},\"refused\":{"
    "\"type\":\"integer\",\"description\":\"by their own line\"},\"warned\":{\"type\":"
    "\"integer\",\"description\":\"of the others those that look "
    "wrong\"},\"joinable\":{\"type\":\"integer\",\"description\":\"of cases: rows "
    "that name one that is there by another of its numbers\"},\"joins\":{\"type\":"
    "\"boolean\",\"description\":\"they are of that case; else they become second "
    "ones\"},\"waiting\":{\"type\":\"integer\",\"description\":\"of cases: contacts that "
    "stand under other numbers of them, and join when their list comes "
    "again\"},\"problem\":{" WHY
    ",\"description\":\"why the import would not begin\"},\"profiles\":{\"type\":"
    "\"array\",\"items\":{\"type\":\"object\",\"required\":[\"profile\","
    "\"remembered\"]}}}}"};
static const wf_schema import_schema = {
    "ImportReply",
    "{\"type\":\"object\",\"required\":[\"rows\",\"accepted\",\"had\",\"refused\","
    "\"warned\",\"unknown_kinds\",\"not_kept\",\"refused_file\",\"refusals\","
    "\"warnings\"],"
    "\"properties\":{\"rows\":{"
    "\"type\":\"integer\"},\"accepted\":{\"type\":\"integer\"},\"had\":{\"type\":"
    "\"integer\"},\"refused\":{\"type\":\"integer\"},\"unknown_kinds\":{\"type\":"
    "\"integer\"},\"warned\":{\"type\":\"integer\"},\"warnings\":{\"type\":\"array\","
    "\"maxItems\":20,"
    "\"items\":{" WHY
    "}},\"not_kept\":{\"type\":\"integer\",\"description\":\"of the refused, those "
    "whose text the service does not keep: their sender's bound of the day is "
    "reached\"},\"refused_file\":{\"type\":\"string\",\"description\":\"empty: no "
    "refused row is "
    "kept\"},\"refusals\":{\"type\":\"array\",\"maxItems\":20,\"items\":{" WHY "}}}}"};

static const unsigned short import_errors[] = {409, 410, 0};

extern const wf_route wf_routes_imports[];
const wf_route wf_routes_imports[] = {
    {.method = "POST",
     .path = "/v1/imports/preview",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_IMPORT,
     .operation = "previewImport",
     .parameters = preview_parameters,
     .body = {.kind = WF_BODY_FILE, .bytes_max = body_bytes_max},
     .answers = {.media = WF_MEDIA_JSON, .schema = &preview_schema},
     .zh = "看一份名单导入后会怎样；什么都不存",
     .en = "what a file of rows would become; nothing is stored",
     .handle = look_at},
    {.method = "POST",
     .path = "/v1/imports",
     .lane = WF_LANE_FILES,
     .action = WF_ACTION_IMPORT,
     .operation = "importFile",
     .parameters = import_parameters,
     .body = {.kind = WF_BODY_FILE, .bytes_max = body_bytes_max},
     .answers = {.media = WF_MEDIA_JSON,
                 .schema = &import_schema,
                 .errors = import_errors},
     .zh = "导入一份名单（CSV 或 xlsx）；一次导入要么全部可见，要么全不可见",
     .en =
         "import a file of rows (CSV or xlsx); it becomes visible at once or not at all",
     .handle = take_in},
    {.method = "GET",
     .path = "/v1/imports/refused/{file}",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_IMPORT,
     .operation = "fetchRefused",
     .parameters = refused_parameters,
     .answers = {.media = WF_MEDIA_CSV | WF_MEDIA_XLSX},
     .zh = "自己导入时被拒收的行，连同原因，修改后可再导入",
     .en = "the refused rows of one's own import with the reasons, to be mended and "
           "imported again",
     .handle = give_refused},
    {.method = "GET",
     .path = "/v1/imports/template",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_IMPORT,
     .operation = "fetchTemplate",
     .parameters = template_parameters,
     .answers = {.media = WF_MEDIA_CSV | WF_MEDIA_XLSX},
     .zh = "一种名单的模板：列名和一行示例（导入时拒收）",
     .en = "the template of a list: its columns and a row that is an example, which an "
           "import refuses",
     .handle = give_template},
    WF_ROUTES_END,
};
