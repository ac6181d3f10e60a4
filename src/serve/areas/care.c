// What whoever looks after the service has to know: the protocol in force with where its
// numbers come from (everybody), the doctor's answers, and the files of refused rows.
// None of it names anybody. The doctor and the refused rows are asked in the owner's
// turn, as the verbs are.
#include <string.h>

#include "access/shared/shared.h"
#include "serve/http/exchange_inside.h"
#include "weft/doctor.h"
#include "weft/import.h"
#include "weft/protocol.h"

enum { files_max = 200 };

// An answer as it is put together; NULL when memory ran out.
typedef struct {
    wf_exchange *x;
    const weft_city *city;
    json_t *rows, *about;
    size_t left; // files that are not listed
} gathering;

static void take(gathering *to, json_t *row)
{
    if (json_array_append_new(to->rows, row) != 0) {
        json_decref(to->rows);
        to->rows = NULL;
    }
}

// A part of a sentence in the asker's language; "" where there is none.
static json_t *part(const gathering *of, const weft_error *why, wf_error_part which)
{
    wf_buffer text = {0};
    json_t *made = NULL;
    bool is = wf_error_part_text(why, which, wf_exchange_language(of->x), &text);
    made = json_stringn(is && text.size > 0 ? text.bytes : "", is ? text.size : 0);
    wf_buffer_done(&text);
    return made;
}

static void answer(gathering *of, weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        wf_exchange_json(of->x, 200,
                         of->about != NULL ? json_pack("{s:o*, s:o*}", "about", of->about,
                                                       "rows", of->rows)
                                           : json_pack("{s:o*, s:I}", "rows", of->rows,
                                                       "left", (json_int_t)of->left));
    else {
        json_decref(of->rows);
        json_decref(of->about);
        wf_exchange_fail(of->x, error);
    }
}

// ---- the protocol ----

static bool take_edition(void *context, const weft_edition *edition)
{
    gathering *to = context;
    to->about = json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "name", edition->name,
                          "title_zh", edition->title_zh, "title_en", edition->title_en,
                          "pathogen", edition->pathogen, "pathogen_zh",
                          edition->pathogen_zh, "in_force", edition->in_force);
    return to->about != NULL;
}

static bool take_number(void *context, const weft_protocol_row *row)
{
    gathering *to = context;
    const char sure[] = {row->sureness, '\0'};
    if (row->sureness == ' ')
        return true; // words for programs
    json_t *value = row->is_text ? json_null() : json_real(row->value);
    take(to,
         json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:s, s:s, s:s, s:s, s:s, s:s, "
                   "s:s, s:s, s:s, s:s}",
                   "name", row->name, "label_zh", row->label_zh, "label_en",
                   row->label_en, "text_zh", row->is_text ? row->text_zh : "", "text_en",
                   row->is_text ? row->text_en : "", "value", value, "unit_zh",
                   row->unit_zh, "unit_en", row->unit_en, "terms_zh", row->terms_zh,
                   "terms_en", row->terms_en, "source", row->source, "source_title_zh",
                   row->source_title_zh, "source_title_en", row->source_title_en, "sure",
                   sure, "why_zh", row->why_zh, "why_en", row->why_en));
    return to->rows != NULL;
}

static void show_protocol(wf_exchange *x)
{
    weft_error error = {0};
    gathering to = {.x = x, .rows = json_array()};
    weft_status status = weft_protocol_show(weft_city_protocol(wf_exchange_city(x)),
                                            take_edition, take_number, &to, &error);
    if (to.rows == NULL)
        status = wf_fail_memory(&error);
    answer(&to, status, &error);
}

// ---- the doctor ----

static void take_check(void *context, const weft_check *check)
{
    static const char *const levels[] = {
        [WEFT_CHECK_OK] = "ok", [WEFT_CHECK_LOOK] = "look", [WEFT_CHECK_BAD] = "bad"};
    gathering *to = context;
    if (to->rows == NULL)
        return;
    take(to, json_pack("{s:s, s:s, s:s, s:o, s:o, s:o}", "check", check->name, "level",
                       levels[check->level], "code", check->what.code, "message",
                       part(to, &check->what, WF_PART_MESSAGE), "detail",
                       part(to, &check->what, WF_PART_DETAIL), "hint",
                       part(to, &check->what, WF_PART_HINT_OVER_HTTP)));
}

static weft_status examine(gathering *to, weft_city *city, weft_error *error)
{
    weft_status status =
        weft_doctor_inside(city, &to->x->server->options.keys, take_check, to, error);
    return status == WEFT_FOUND_WRONG ? WEFT_OK : status;
}

// ---- refused rows ----

static json_t *reasons_of(const gathering *of, const weft_refused_file *file)
{
    json_t *reasons = json_array();
    for (size_t i = 0; reasons != NULL && i < file->reasons_count; i++) {
        weft_error why = {.code = file->reasons[i].code};
        wf_error_params(&why, file->reasons[i].params, file->reasons[i].params_count);
        json_t *one = json_pack("{s:s, s:I, s:o, s:o}", "code", file->reasons[i].code,
                                "rows", (json_int_t)file->reasons[i].rows, "message",
                                part(of, &why, WF_PART_MESSAGE), "hint",
                                part(of, &why, WF_PART_HINT_OVER_HTTP));
        if (json_array_append_new(reasons, one) != 0) {
            json_decref(reasons);
            reasons = NULL;
        }
    }
    return reasons;
}

static bool take_file(void *context, const weft_refused_file *file)
{
    gathering *to = context;
    char received[WF_TIME_TEXT_MAX];
    if (json_array_size(to->rows) >= files_max) {
        to->left++;
        return true;
    }
    take(to,
         json_pack("{s:s, s:s, s:s, s:I, s:I, s:b, s:o}", "file", file->name, "received",
                   weft_city_time_text(to->city, file->received, received), "kind",
                   weft_import_kind_name(file->kind), "rows", (json_int_t)file->rows,
                   "unreadable", (json_int_t)file->unreadable, "damaged",
                   (int)file->damaged, "reasons", reasons_of(to, file)));
    return to->rows != NULL;
}

static weft_status list_refused(gathering *to, weft_city *city, weft_error *error)
{
    return weft_refused_list(city, take_file, to, error);
}

// ---- in the owner's turn ----

static void ask_owner(wf_exchange *x, weft_status (*ask)(gathering *to, weft_city *city,
                                                         weft_error *error))
{
    weft_error error = {0};
    weft_city *city = NULL;
    gathering to = {.x = x, .rows = json_array()};
    weft_status status = wf_exchange_own(x, &city, &error);
    if (status == WEFT_OK) {
        to.city = city;
        status = ask(&to, city, &error);
        wf_shared_own_end(wf_exchange_shared(x));
    }
    if (status == WEFT_OK && to.rows == NULL)
        status = wf_fail_memory(&error);
    answer(&to, status, &error);
}

static void show_doctor(wf_exchange *x)
{
    ask_owner(x, examine);
}

static void show_refused(wf_exchange *x)
{
    ask_owner(x, list_refused);
}

// ---- routes ----

static const wf_schema protocol_schema = {
    "Protocol", "{\"type\":\"object\",\"required\":[\"about\",\"rows\"],\"properties\":{"
                "\"about\":{\"type\":\"object\",\"required\":[\"name\",\"title_zh\","
                "\"title_en\",\"pathogen\",\"pathogen_zh\",\"in_force\"],\"properties\":{"
                "\"in_force\":{"
                "\"type\":\"string\",\"description\":\"empty: not read\"}}},"
                "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
                "\"required\":[\"name\",\"source\",\"source_title_zh\","
                "\"source_title_en\",\"sure\",\"why_zh\",\"why_en\"]}}}}"};
static const wf_schema doctor_schema = {
    "Doctor", "{\"type\":\"object\",\"required\":[\"rows\"],\"properties\":{"
              "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\","
              "\"required\":[\"check\",\"level\",\"code\",\"message\",\"detail\","
              "\"hint\"],\"properties\":{\"level\":{\"type\":\"string\","
              "\"enum\":[\"ok\",\"look\",\"bad\"]}}}}}}"};
static const wf_schema refused_schema = {
    "RefusedFiles",
    "{\"type\":\"object\",\"required\":[\"rows\",\"left\"],\"properties\":{"
    "\"left\":{\"type\":\"integer\",\"description\":\"files that are not listed\"},"
    "\"rows\":{\"type\":\"array\",\"maxItems\":200,\"items\":{\"type\":\"object\","
    "\"required\":[\"file\",\"received\",\"kind\",\"rows\",\"reasons\"]}}}}"};

extern const wf_route wf_routes_care[];
const wf_route wf_routes_care[] = {
    {.method = "GET",
     .path = "/v1/protocol",
     .lane = WF_LANE_DASHBOARDS,
     .action = WF_ACTION_ME,
     .operation = "readProtocol",
     .answers = {.media = WF_MEDIA_JSON, .schema = &protocol_schema},
     .zh = "本市现行防控方案的每个取值、出处与可靠程度",
     .en = "the numbers of the protocol in force, where each comes from and how sure it "
           "is",
     .handle = show_protocol},
    {.method = "GET",
     .path = "/v1/doctor",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_METRICS,
     .operation = "examine",
     .answers = {.media = WF_MEDIA_JSON, .schema = &doctor_schema},
     .zh = "机器与城市有无隐患，以及该做什么",
     .en = "what of the machine and the city could end badly, and what to do",
     .handle = show_doctor},
    {.method = "GET",
     .path = "/v1/refused",
     .lane = WF_LANE_ORDERS,
     .turn = true,
     .action = WF_ACTION_METRICS,
     .operation = "listRefused",
     .answers = {.media = WF_MEDIA_JSON, .schema = &refused_schema},
     .zh = "拒收的行：每个文件多少行、为什么；不含行的内容",
     .en = "refused rows: how many in each file, and why; not what is in them",
     .handle = show_refused},
    WF_ROUTES_END,
};
