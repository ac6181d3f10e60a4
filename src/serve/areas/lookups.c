// Tracing over HTTP: contacts, who was there, source, each of a case that the look names,
// and only once the case has evidence (access/looks/look.h). Persons and windows of one's
// own choosing, which the command line offers drills for checking, are not offered here.
//
// A place may be somebody's home: homes are asked for in a body, public places also in an
// address.
#include <stdlib.h>
#include <string.h>

#include "serve/areas/lookups.h"
#include "serve/areas/rows_json.h"

enum {
    limit_default = 200,
    explained_default = 20, // a screen of them
    explained_all = WF_LOOK_PERSONS_MAX,
    cases_max = 64,
    body_bytes_max = 16 << 10
};

// Two persons of a row (who met, and through whom) have to fit.
enum { persons_a_row = 2 };

static weft_status add(wf_asking *a, const char *name, json_t *value, weft_error *error)
{
    return json_object_set_new(a->answer, name, value) == 0 ? WEFT_OK
                                                            : wf_fail_memory(error);
}

// *case_id: any number of a case; its own id, where who asks sees it.
static weft_status own_id(const wf_asking *a, const char **case_id, weft_error *error)
{
    return wf_looks_case(wf_exchange_looks(a->x), a->asker.city, a->asker.actor, *case_id,
                         wf_exchange_arena(a->x), case_id, error);
}

// The look is at this case: who may trace one case has no business with another.
weft_status wf_lookups_begin(wf_asking *a, const char **case_id, const char *asked,
                             weft_error *error)
{
    WF_TRY(wf_asking_look(a, WF_LOOK_TRACE, asked, error));
    WF_TRY(own_id(a, case_id, error));
    if (strcmp(a->look.why.reference, *case_id) != 0)
        return wf_fail(error, WEFT_BAD_INPUT, "look.other_case", NULL);
    return add(a, "case", json_string(*case_id), error);
}

weft_status wf_lookups_begin_sums(wf_asking *a, const char **case_id, weft_error *error)
{
    WF_TRY(wf_answers_reach_case(&a->asker, WF_ACTION_CONTACTS, wf_exchange_arena(a->x),
                                 case_id, error));
    return add(a, "case", json_string(*case_id), error);
}

weft_status wf_lookups_end(wf_asking *a, const weft_lookup_summary *summary, json_t *more,
                           weft_error *error)
{
    wf_asking_stand(a);
    a->complete = a->complete && summary->complete;
    a->missing = wf_json_missing(summary);
    bool done =
        a->missing != NULL && more != NULL && json_object_update(a->answer, more) == 0;
    json_decref(more);
    if (!done)
        return wf_fail_memory(error);
    WF_TRY(add(a, "from", wf_json_time(a->asker.city, summary->from), error));
    return add(a, "to", wf_json_time(a->asker.city, summary->to), error);
}

// ---- contacts ----

typedef struct {
    wf_asking *a;
    json_t *notices;
    size_t first, limit, seen; // rows up to `seen` were given
    bool full;                 // no further person may be shown
    weft_error *error;
    weft_status status;
} taking;

static weft_status write_contact(wf_asking *a, const weft_contact *row, weft_error *error)
{
    wf_buffer *to;
    WF_TRY(wf_asking_write(a, &to, error));
    return wf_json_contact(a->asker.city, row, to) ? WEFT_OK : wf_fail_memory(error);
}

// A row whose persons have no room is the first of the page that follows.
static bool take_contact(void *context, const weft_contact *row)
{
    taking *to = context;
    wf_asking *a = to->a;
    to->full = to->full || a->shown.whom.count + persons_a_row > WF_LOOK_PERSONS_MAX;
    if (to->full)
        return true;
    to->status = wf_look_show(&a->shown, row->person, to->error);
    if (to->status == WEFT_OK && row->via != NULL)
        to->status = wf_look_show(&a->shown, row->via, to->error);
    if (to->status == WEFT_OK)
        to->status = write_contact(a, row, to->error);
    to->seen++;
    return to->status == WEFT_OK;
}

static bool take_notice(void *context, const weft_crowd_notice *notice)
{
    taking *to = context;
    if (json_array_append_new(to->notices, wf_json_notice(to->a->asker.city, notice)) !=
        0)
        to->status = wf_fail_memory(to->error);
    return to->status == WEFT_OK;
}

weft_status wf_lookups_next(wf_asking *a, size_t row, weft_error *error)
{
    char next[WF_NUMBER_TEXT_MAX];
    wf_number_text(next, (int64_t)row);
    a->next = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(next)).bytes;
    return a->next != NULL ? WEFT_OK : wf_fail_memory(error);
}

weft_texts wf_lookups_texts(const wf_asking *a, const char *texts)
{
    if (texts != NULL && strcmp(texts, "both") == 0)
        return WEFT_TEXTS_BOTH;
    return wf_exchange_language(a->x) == WF_LANGUAGE_ZH ? WEFT_TEXTS_ZH : WEFT_TEXTS_EN;
}

static weft_status find_contacts(wf_asking *a, const char *case_id, taking *to,
                                 weft_error *error)
{
    bool is_csv = wf_exchange_wants_csv(a->x);
    int64_t explained =
        wf_exchange_whole(a->x, "reasons", is_csv ? explained_all : explained_default);
    weft_contacts_query query = {
        .case_id = case_id,
        .from = WF_TIME_NONE,
        .to = WF_TIME_NONE,
        .generations = (unsigned)wf_exchange_whole(a->x, "generations", 1),
        .count_only = !a->has_look,
        .first = to->first,
        .most = to->limit,
        .explained = explained == 0 ? WEFT_EXPLAINED_NONE : explained,
        .telling = true,
        .texts = wf_lookups_texts(a, wf_asking_query(a, "texts"))};
    const weft_contacts_rows rows = {take_contact, take_notice, to};
    weft_contacts_summary summary = {0};
    weft_status status = weft_contacts(a->asker.city, &query, &rows, &summary, error);
    if (to->status != WEFT_OK) {
        *error = *to->error;
        return to->status;
    }
    // Of days that cannot be read the answer says so, and gives what there is.
    if (summary.base.missing == NULL)
        return status;
    wf_error_clear(error);
    WF_TRY(wf_lookups_end(a, &summary.base, wf_json_contacts_more(&summary), error));
    return a->has_look && to->seen < summary.base.rows
               ? wf_lookups_next(a, to->seen, error)
               : WEFT_OK;
}

static weft_status ask_contacts(wf_asking *a, weft_error *error)
{
    static const char *const columns[] = {
        "person",   "level",      "probability",    "low",
        "high",     "seconds",    "first_exposure", "last_exposure",
        "via",      "place_kind", "guessable",      "guess_why",
        "told_day", "told_kind",  "reasons",        NULL};
    weft_error inner = {0};
    const char *case_id = wf_asking_query(a, "case");
    taking to = {.a = a,
                 .notices = json_array(),
                 .first = (size_t)wf_exchange_whole(a->x, "after", 0),
                 .limit = (size_t)wf_exchange_whole(a->x, "limit", limit_default),
                 .error = &inner};
    if (to.notices == NULL)
        return wf_fail_memory(error);
    to.seen = to.first;
    WF_TRY(add(a, "notices", to.notices, error)); // the answer's from here
    // Who may see sums alone gets them, of nobody in particular: no look.
    if (wf_policy_reach(a->asker.actor, WF_ACTION_CONTACTS) == WF_REACH_ROWS)
        WF_TRY(wf_lookups_begin(a, &case_id, "contacts", error));
    else
        WF_TRY(wf_lookups_begin_sums(a, &case_id, error));
    a->columns = columns;
    return find_contacts(a, case_id, &to, error);
}

static void contacts(wf_exchange *x)
{
    wf_asking_answer(x, ask_contacts);
}

// ---- who was there ----

static weft_status write_stay(wf_asking *a, const weft_stay *row, weft_error *error)
{
    wf_buffer *to;
    WF_TRY(wf_look_show(&a->shown, row->person, error));
    WF_TRY(wf_asking_write(a, &to, error));
    return wf_json_stay(a->asker.city, row, to) ? WEFT_OK : wf_fail_memory(error);
}

static bool take_stay(void *context, const weft_stay *row)
{
    taking *to = context;
    to->status = write_stay(to->a, row, to->error);
    return to->status == WEFT_OK;
}

static weft_status find_who(wf_asking *a, weft_who_query *query, weft_error *error)
{
    static const char *const columns[] = {"person", "start",   "end",
                                          "seat",   "guessed", NULL};
    weft_error inner = {0};
    taking to = {.a = a, .error = &inner};
    weft_lookup_summary summary = {0};
    a->columns = columns;
    WF_TRY(wf_lookups_begin(a, &query->case_id, "who", error));
    // Whose home it is elsewhere others may ask.
    if (wf_answers_home(&a->asker, query->place) == WF_HOME_ELSEWHERE)
        return wf_fail(error, WEFT_NOT_FOUND, "lookup.place_unknown", NULL);
    weft_status status = weft_who(a->asker.city, query, take_stay, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    if (summary.missing == NULL)
        return status;
    wf_error_clear(error);
    return wf_lookups_end(a, &summary, json_object(), error);
}

static weft_status ask_who(wf_asking *a, weft_error *error)
{
    weft_who_query query = {.place = wf_asking_query(a, "place"),
                            .case_id = wf_asking_query(a, "case")};
    WF_TRY(wf_asking_time(a, wf_asking_query(a, "from"), &query.from, error));
    WF_TRY(wf_asking_time(a, wf_asking_query(a, "to"), &query.to, error));
    // A home and no place at all are one answer: an address tells nobody which it was.
    if (wf_answers_home(&a->asker, query.place) != WF_HOME_PUBLIC) {
        wf_error_at(error, NULL, 0, "place");
        return wf_fail(error, WEFT_BAD_INPUT, "look.no_public_place", NULL);
    }
    return find_who(a, &query, error);
}

static void who(wf_exchange *x)
{
    wf_asking_answer(x, ask_who);
}

static weft_status read_who(wf_asking *a, const json_t *body, weft_who_query *ret,
                            weft_error *error)
{
    static const char *const names[] = {"case", "place", "from", "to"};
    const char *texts[4] = {NULL};
    size_t known = 0;
    for (size_t i = 0; i < 4; i++) {
        const char *text = json_string_value(json_object_get(body, names[i]));
        known += text != NULL;
        if (text != NULL)
            texts[i] = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(text)).bytes;
        if (text != NULL && texts[i] == NULL)
            return wf_fail_memory(error);
    }
    if (texts[0] == NULL || texts[1] == NULL || known != json_object_size(body)) {
        wf_error_at(error, NULL, 0, texts[0] == NULL ? "case" : "place");
        return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
    }
    *ret = (weft_who_query){.case_id = texts[0], .place = texts[1]};
    WF_TRY(wf_asking_time(a, texts[2], &ret->from, error));
    return wf_asking_time(a, texts[3], &ret->to, error);
}

static weft_status ask_who_in_body(wf_asking *a, weft_error *error)
{
    json_t *body;
    weft_who_query query;
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    weft_status status = read_who(a, body, &query, error);
    json_decref(body);
    WF_TRY(status);
    return find_who(a, &query, error);
}

static void who_in_body(wf_exchange *x)
{
    wf_asking_answer(x, ask_who_in_body);
}

// ---- source ----

// "A,B" as ids; false when one is empty or there are too many.
static bool split(char *text, const char *ids[cases_max], size_t *ret_count)
{
    size_t count = 0;
    for (char *at = text; at != NULL; count++) {
        char *comma = strchr(at, ',');
        if (comma != NULL)
            *comma = '\0';
        if (*at == '\0' || count == cases_max)
            return false;
        ids[count] = at;
        at = comma == NULL ? NULL : comma + 1;
    }
    *ret_count = count;
    return true;
}

static bool take_place(void *context, const weft_shared_place *row)
{
    taking *to = context;
    to->status = wf_asking_write_row(to->a, wf_json_shared_place(to->a->asker.city, row),
                                     to->error);
    return to->status == WEFT_OK;
}

// Every case has to be one that may be traced; whose cases they are is looked at.
static weft_status look_at_cases(wf_asking *a, const char **ids, size_t count,
                                 weft_error *error)
{
    bool named = false;
    for (size_t i = 0; i < count; i++) {
        const char *person;
        WF_TRY(own_id(a, &ids[i], error));
        bool is_reference = strcmp(ids[i], a->look.why.reference) == 0;
        named = named || is_reference;
        if (!is_reference)
            WF_TRY(wf_looks_also(wf_exchange_looks(a->x), a->asker.city, &a->look, ids[i],
                                 wf_exchange_machine_now(a->x), error));
        WF_TRY(wf_answers_case_person(&a->asker, ids[i], &person, error));
        if (person != NULL)
            WF_TRY(wf_look_show(&a->shown, person, error));
    }
    return named ? WEFT_OK : wf_fail(error, WEFT_BAD_INPUT, "look.other_case", NULL);
}

static weft_status ask_source(wf_asking *a, weft_error *error)
{
    static const char *const columns[] = {
        "place",       "place_kind",          "from",     "to",
        "cases",       "independent",         "expected", "p_value",
        "p_corrected", "background_visitors", NULL};
    const char *ids[cases_max];
    size_t count = 0;
    weft_error inner = {0};
    taking to = {.a = a, .error = &inner};
    weft_source_summary summary = {0};
    wf_text text =
        wf_arena_text(wf_exchange_arena(a->x), wf_exchange_query(a->x, "cases"));
    if (text.bytes == NULL)
        return wf_fail_memory(error);
    // The copy is this request's own.
    if (!split((char *)(uintptr_t)text.bytes, ids, &count))
        return wf_fail(error, WEFT_BAD_INPUT, "source.cases", NULL);
    a->columns = columns;
    WF_TRY(wf_asking_look(a, WF_LOOK_TRACE, "source", error));
    WF_TRY(look_at_cases(a, ids, count, error));
    weft_status status =
        weft_source(a->asker.city, ids, count, take_place, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    if (summary.base.missing == NULL)
        return status;
    wf_error_clear(error);
    return wf_lookups_end(a, &summary.base, wf_json_source_more(&summary), error);
}

static void source(wf_exchange *x)
{
    wf_asking_answer(x, ask_source);
}

// ---- routes ----

#define PURPOSE                                                                          \
    {                                                                                    \
        .name = "Weft-Purpose", .place = WF_IN_HEADER, .required = true,                 \
        .bytes_max = 512, .zh = "事由（该病例）和用途",                                  \
        .en = "reference, which is the case, and purpose"                                \
    }
#define FORMAT                                                                           \
    {                                                                                    \
        .name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv" \
    }
#define CASE                                                                             \
    {                                                                                    \
        .name = "case", .place = WF_IN_QUERY, .required = true,                          \
        .zh = "病例编号，或其他编号", .en = "the case, by any of its numbers"            \
    }

static const char *const texts_words[] = {"asked", "both", NULL};
static const wf_parameter contacts_parameters[] = {
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .bytes_max = 512,
     .zh = "事由（该病例）和用途；只看人数的角色不需要",
     .en = "reference, which is the case, and purpose; not for who sees counts alone"},
    CASE,
    FORMAT,
    {.name = "generations",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 1,
     .max = 2,
     .zh = "1：密接；2：也列次密接",
     .en = "1: contacts; 2: theirs, too"},
    {.name = "limit",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 1,
     .max = WF_LOOK_PERSONS_MAX,
     .zh = "一页的行数（默认 200）",
     .en = "rows of a page (200)"},
    {.name = "after",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 0,
     .max = 1000000,
     .zh = "上一页的 next",
     .en = "`next` of the page before"},
    {.name = "reasons",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WHOLE,
     .min = 0,
     .max = WF_LOOK_PERSONS_MAX,
     .zh =
         "一页中附理由的行数（默认 20，CSV 为全部）；各行都有级别、时长、场所类别和经由",
     .en = "rows of a page that come with their reasons (20, in CSV all); every row has "
           "level, seconds, kind of place and via"},
    {.name = "texts",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_WORD,
     .words = texts_words,
     .zh = "理由和说明的语言：asked 所要求的语言（默认），both 两种",
     .en = "languages of the sentences: asked for (the default), or both"},
    {.name = NULL},
};
static const wf_parameter who_parameters[] = {
    PURPOSE,
    CASE,
    FORMAT,
    {.name = "place",
     .place = WF_IN_QUERY,
     .required = true,
     .zh = "场所编号；住所须写在请求正文里",
     .en = "the place; homes are named in a body"},
    {.name = "from",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_TIME,
     .zh = "从何时；不超出病例的传染期",
     .en = "from when, within the case's infectious window"},
    {.name = "to",
     .place = WF_IN_QUERY,
     .type = WF_PARAMETER_TIME,
     .zh = "到何时（不含）",
     .en = "to when (exclusive)"},
    {.name = NULL},
};
static const wf_parameter body_parameters[] = {PURPOSE, FORMAT, {.name = NULL}};
static const wf_parameter source_parameters[] = {
    PURPOSE,
    FORMAT,
    {.name = "cases",
     .place = WF_IN_QUERY,
     .required = true,
     .bytes_max = 4096,
     .zh = "病例编号或其他编号，逗号分隔，最多 64 个；事由须是其中之一",
     .en = "cases, each by any of its numbers, separated by commas, at most 64; the "
           "reference is one of them"},
    {.name = NULL},
};

#define ROWS_AND_DAYS                                                                    \
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\",\"missing\","    \
    "\"from\",\"to\"],\"properties\":{"                                                  \
    "\"as_of\":{\"type\":\"object\"},\"complete\":{\"type\":\"boolean\"},"               \
    "\"missing\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["      \
    "\"day\",\"why\"],\"properties\":{\"day\":{\"type\":\"string\"},"                    \
    "\"why\":{\"type\":\"string\"}}}},\"from\":{\"type\":\"string\"},"                   \
    "\"to\":{\"type\":\"string\"},\"next\":{\"type\":\"string\"},"                       \
    "\"case\":{\"type\":\"string\",\"description\":\"own id of the case, by "            \
    "whichever of its numbers it was asked for\"},"                                      \
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["

static const wf_schema contacts_schema = {
    "Contacts", ROWS_AND_DAYS
    "\"person\",\"level\",\"probability\",\"low\",\"high\",\"seconds\","
    "\"first_exposure\",\"last_exposure\",\"via\",\"place_kind\",\"reasons\","
    "\"reasons_left_out\",\"guessable\",\"guess_why\",\"told_day\",\"told_kind\"],"
    "\"properties\":{\"guessable\":{\"type\":\"boolean\"},"
    "\"guess_why\":{\"enum\":[null,\"few\",\"home\",\"met\",\"unknown\"]},"
    "\"told_day\":{\"type\":[\"string\",\"null\"],\"format\":\"date\"},"
    "\"told_kind\":{\"type\":[\"string\",\"null\"]}}}}}}"};
static const wf_schema who_schema = {
    "Stays", ROWS_AND_DAYS "\"person\",\"start\",\"end\",\"seat\",\"guessed\"]}}}}"};
static const wf_schema source_schema = {
    "SharedPlaces", ROWS_AND_DAYS
    "\"place\",\"place_kind\",\"from\",\"to\",\"cases\",\"independent\",\"expected\","
    "\"p_value\",\"p_corrected\",\"background_visitors\",\"text_zh\",\"text_en\"]}}}}"};
static const wf_schema who_body_schema = {
    "WhoQuery",
    "{\"type\":\"object\",\"required\":[\"case\",\"place\"],"
    "\"additionalProperties\":false,\"properties\":{\"case\":{\"type\":\"string\"},"
    "\"place\":{\"type\":\"string\"},\"from\":{\"type\":\"string\"},"
    "\"to\":{\"type\":\"string\"}}}"};

static const unsigned short lookup_errors[] = {409, 0};

#define LOOKUP(of_method, of_path, of_action, named, of_schema, of_parameters)           \
    .method = (of_method), .path = (of_path), .lane = WF_LANE_LOOKUPS,                   \
    .action = (of_action), .operation = (named), .parameters = (of_parameters),          \
    .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,                                   \
                .schema = &(of_schema),                                                  \
                .errors = lookup_errors}

extern const wf_route wf_routes_lookups[];
const wf_route wf_routes_lookups[] = {
    {LOOKUP("GET", "/v1/contacts", WF_ACTION_CONTACTS, "findContacts", contacts_schema,
            contacts_parameters),
     .zh = "一个病例的密接和次密接，按风险排列，每人附理由",
     .en = "a case's contacts, ranked, with reasons", .handle = contacts},
    {LOOKUP("GET", "/v1/who", WF_ACTION_WHO, "findWho", who_schema, who_parameters),
     .zh = "病例传染期内在某公共场所的人员",
     .en = "who was at a public place within a case's infectious window", .handle = who},
    {LOOKUP("POST", "/v1/who", WF_ACTION_WHO, "findWhoIn", who_schema, body_parameters),
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = body_bytes_max,
              .schema = &who_body_schema},
     .zh = "病例传染期内在某场所（含住所）的人员",
     .en = "who was at a place, also a home, within a case's infectious window",
     .handle = who_in_body},
    {LOOKUP("GET", "/v1/source", WF_ACTION_SOURCE, "findSource", source_schema,
            source_parameters),
     .zh = "多例病例共同到过、多于偶然的场所",
     .en = "places that cases share beyond chance", .handle = source},
    WF_ROUTES_END,
};
