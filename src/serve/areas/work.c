// The work list of a case over HTTP: of a case that the look names, and only once it has
// evidence, as contacts are (serve/areas/lookups.c). It is asked for in a body: what is
// asked names a case.
#include <string.h>

#include "serve/areas/lookups.h"
#include "serve/areas/rows_json.h"

enum {
    limit_default = 200,
    explained_default = 20, // a screen of them
    explained_all = WF_LOOK_PERSONS_MAX,
    rows_max = 1000000,
    body_bytes_max = 4 << 10,
    persons_a_row = 2, // who met, and through whom
    persons_a_gone = 1 // who was, or whom they were found to be
};

// ---- the body ----

static weft_status wrong(const char *field, weft_error *error)
{
    wf_error_at(error, NULL, 0, field);
    return wf_fail(error, WEFT_BAD_INPUT, "http.field", NULL);
}

// A text of the body, in the exchange's arena; NULL: it is not there.
static weft_status read_text(wf_asking *a, const json_t *value, const char *field,
                             const char **ret, weft_error *error)
{
    if (value == NULL)
        return WEFT_OK;
    if (!json_is_string(value))
        return wrong(field, error);
    *ret = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(json_string_value(value)))
               .bytes;
    return *ret != NULL ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_whole(const json_t *body, const char *field, int64_t min,
                              int64_t max, int64_t *ret, weft_error *error)
{
    const json_t *value = json_object_get(body, field);
    if (value == NULL)
        return WEFT_OK;
    if (!json_is_integer(value) || json_integer_value(value) < min ||
        json_integer_value(value) > max)
        return wrong(field, error);
    *ret = json_integer_value(value);
    return WEFT_OK;
}

static weft_status only_known(const json_t *body, weft_error *error)
{
    static const char *const names[] = {"case",    "generations", "limit", "after",
                                        "reasons", "texts",       "names"};
    size_t known = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        known += json_object_get(body, names[i]) != NULL;
    return known == json_object_size(body) ? WEFT_OK : wrong("case", error);
}

static weft_status read_body(wf_asking *a, const json_t *body, weft_work_query *ret,
                             bool *ret_names, weft_error *error)
{
    const json_t *names = json_object_get(body, "names");
    const char *case_id = NULL, *texts = NULL;
    int64_t generations = 1, limit = limit_default, after = 0;
    int64_t reasons = wf_exchange_wants_csv(a->x) ? explained_all : explained_default;
    WF_TRY(only_known(body, error));
    WF_TRY(read_text(a, json_object_get(body, "case"), "case", &case_id, error));
    WF_TRY(read_text(a, json_object_get(body, "texts"), "texts", &texts, error));
    WF_TRY(read_whole(body, "generations", 1, 2, &generations, error));
    WF_TRY(read_whole(body, "limit", 1, WF_LOOK_PERSONS_MAX, &limit, error));
    WF_TRY(read_whole(body, "after", 0, rows_max, &after, error));
    WF_TRY(read_whole(body, "reasons", 0, WF_LOOK_PERSONS_MAX, &reasons, error));
    if (case_id == NULL)
        return wrong("case", error);
    if (names != NULL && !json_is_boolean(names))
        return wrong("names", error);
    *ret_names = json_is_true(names);
    if (texts != NULL && strcmp(texts, "both") != 0 && strcmp(texts, "asked") != 0)
        return wrong("texts", error);
    *ret = (weft_work_query){.case_id = case_id,
                             .generations = (unsigned)generations,
                             .first = (uint64_t)after,
                             .most = (uint64_t)limit,
                             .explained = reasons == 0 ? WEFT_EXPLAINED_NONE : reasons,
                             .texts = wf_lookups_texts(a, texts)};
    return WEFT_OK;
}

// ---- rows ----

typedef struct {
    wf_asking *a;
    size_t seen; // rows up to here were given
    bool full;   // no further person may be shown
    // Whose names are asked for, in the exchange's arena; NULL: nobody's.
    const char **persons;
    size_t persons_count;
    weft_error *error;
    weft_status status;
} taking;

static weft_status show(wf_asking *a, const weft_work_row *row, weft_error *error)
{
    wf_buffer *to;
    if (row->person != NULL)
        WF_TRY(wf_look_show(&a->shown, row->person, error));
    if (row->found != NULL && row->found->via != NULL)
        WF_TRY(wf_look_show(&a->shown, row->found->via, error));
    WF_TRY(wf_asking_write(a, &to, error));
    return wf_json_work_row(a->asker.city, row, to) ? WEFT_OK : wf_fail_memory(error);
}

// Who may see sums alone gets no row. A row whose persons have no room is the first of
// the page that follows.
static bool take(void *context, const weft_work_row *row)
{
    taking *to = context;
    wf_asking *a = to->a;
    to->full = to->full || !a->has_look ||
               a->shown.whom.count + persons_a_row > WF_LOOK_PERSONS_MAX;
    if (to->full)
        return true;
    to->status = show(a, row, to->error);
    to->seen++;
    if (to->status == WEFT_OK && to->persons != NULL && row->person != NULL) {
        wf_text person = wf_arena_text(wf_exchange_arena(a->x), wf_text_of(row->person));
        to->persons[to->persons_count++] = person.bytes;
        to->status = person.bytes != NULL ? WEFT_OK : wf_fail_memory(to->error);
    }
    return to->status == WEFT_OK;
}

// ---- whom one calls ----

// NULL: it is not said.
static const char *text_in(const weft_view_page *page, const char *column)
{
    for (size_t i = 0; i < page->about->columns_count; i++)
        if (strcmp(page->about->columns[i].name, column) == 0)
            return page->values[i].text[0] != '\0' ? page->values[i].text : NULL;
    return NULL;
}

// What the register's own page of this person would open to them: nothing of whom they do
// not reach.
static weft_status add_name(wf_asking *a, const weft_view_about *about,
                            const char *person, json_t *to, weft_error *error)
{
    char field[sizeof "person=" + WF_ID_BYTES_MAX];
    const char *fields[] = {field};
    weft_view_question question = {
        .view = about->name, .fields = fields, .fields_count = 1, .limit = 1};
    weft_beside beside;
    weft_view_page page;
    int size = snprintf(field, sizeof field, "person=%s", person);
    if (size < 0 || (size_t)size >= sizeof field) // no registered id
        return WEFT_OK;
    weft_error why = {0};
    weft_status status = wf_answers_bind(&a->asker, about, &question, &beside, &why);
    if (status == WEFT_OK)
        status = weft_view_read(a->asker.city, &question, &page, &why);
    if (status == WEFT_NOT_FOUND || status == WEFT_NOT_ALLOWED)
        return WEFT_OK;
    if (status != WEFT_OK) {
        *error = why;
        return status;
    }
    if (page.rows_count == 0)
        return WEFT_OK;
    json_t *one = json_pack("{s:s, s:s?, s:s?}", "person", person, "name",
                            text_in(&page, "name"), "phone", text_in(&page, "phone"));
    return json_array_append_new(to, one) == 0 ? WEFT_OK : wf_fail_memory(error);
}

// Adds the names and telephone numbers of those on the page to what the answer says more
// of. Who may not read the register gets none.
static weft_status add_names(wf_asking *a, const taking *of, json_t *more,
                             weft_error *error)
{
    const weft_view_about *about;
    weft_error unused = {0};
    if (of->persons == NULL || more == NULL)
        return WEFT_OK;
    json_t *names = json_array();
    if (json_object_set_new(more, "names", names) != 0)
        return wf_fail_memory(error);
    if (wf_answers_view(&a->asker, "register/persons", &about, &unused) != WEFT_OK)
        return WEFT_OK;
    for (size_t i = 0; i < of->persons_count; i++)
        WF_TRY(add_name(a, about, of->persons[i], names, error));
    return WEFT_OK;
}

// Those who stand in the list no more are shown as the rows are: as long as the page has
// room. `gone_count` says how many there are.
static weft_status add_gone(wf_asking *a, const weft_work_summary *summary, json_t *more,
                            weft_error *error)
{
    json_t *list = json_array();
    if (more == NULL || json_object_set_new(more, "gone", list) != 0)
        return wf_fail_memory(error);
    for (size_t i = 0; i < summary->gone_count && a->has_look &&
                       a->shown.whom.count + persons_a_gone <= WF_LOOK_PERSONS_MAX;
         i++) {
        const weft_work_gone *one = &summary->gone[i];
        if (one->person != NULL)
            WF_TRY(wf_look_show(&a->shown, one->person, error));
        if (one->identified != NULL)
            WF_TRY(wf_look_show(&a->shown, one->identified, error));
        json_t *row =
            json_pack("{s:s?, s:s?, s:s?, s:o}", "person", one->person, "contact",
                      one->contact, "identified", one->identified, "reviewed_at",
                      wf_json_time(a->asker.city, one->reviewed_at));
        if (json_array_append_new(list, row) != 0)
            return wf_fail_memory(error);
    }
    return WEFT_OK;
}

// What a look-up gave lasts until the city is asked again, and names are asked for.
static weft_status keep_missing(wf_asking *a, weft_lookup_summary *summary,
                                weft_error *error)
{
    weft_missing_day *kept =
        wf_arena_array(wf_exchange_arena(a->x), summary->missing_count + 1, sizeof *kept);
    if (kept == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < summary->missing_count; i++)
        kept[i] = summary->missing[i];
    summary->missing = kept;
    return WEFT_OK;
}

static weft_status find(wf_asking *a, const weft_work_query *asked, bool names,
                        weft_error *error)
{
    weft_error inner = {0};
    taking to = {.a = a, .seen = (size_t)asked->first, .error = &inner};
    if (names && a->has_look) {
        to.persons = wf_arena_array(wf_exchange_arena(a->x), WF_LOOK_PERSONS_MAX,
                                    sizeof *to.persons);
        if (to.persons == NULL)
            return wf_fail_memory(error);
    }
    weft_work_summary summary = {0};
    weft_status status = weft_work(a->asker.city, asked, take, &to, &summary, error);
    if (to.status != WEFT_OK) {
        *error = inner;
        return to.status;
    }
    // Of days that cannot be read the answer says so, and gives what there is.
    if (summary.contacts.base.missing == NULL)
        return status;
    wf_error_clear(error);
    WF_TRY(keep_missing(a, &summary.contacts.base, error));
    json_t *more = wf_json_work_more(a->asker.city, &summary);
    status = add_gone(a, &summary, more, error);
    if (status == WEFT_OK)
        status = add_names(a, &to, more, error);
    if (status != WEFT_OK) {
        json_decref(more);
        return status;
    }
    WF_TRY(wf_lookups_end(a, &summary.contacts.base, more, error));
    return a->has_look && to.seen < summary.rows ? wf_lookups_next(a, to.seen, error)
                                                 : WEFT_OK;
}

static weft_status answer_work(wf_asking *a, weft_work_query *asked, bool names,
                               weft_error *error)
{
    static const char *const columns[] = {
        "place",        "person",        "contact",
        "state",        "level",         "change",
        "changes",      "was",           "reviewed_at",
        "suggested",    "priority",      "probability",
        "low",          "high",          "seconds",
        "via",          "place_kind",    "guessable",
        "guess_why",    "told_day",      "told_kind",
        "exposed_from", "exposed_until", "named_at",
        "confirmed_at", "attempts",      "attempted_at",
        "attempt",      "reached_at",    "placed_at",
        "placed_in",    "tested_at",     "result",
        "converted_at", "dismissed_at",  "dismissed_for",
        "description",  "reasons",       NULL};
    a->columns = columns;
    // Who may see sums alone gets them, of nobody in particular: no look.
    if (wf_policy_reach(a->asker.actor, WF_ACTION_CONTACTS) == WF_REACH_ROWS)
        WF_TRY(wf_lookups_begin(a, &asked->case_id, "work", error));
    else
        WF_TRY(wf_lookups_begin_sums(a, &asked->case_id, error));
    return find(a, asked, names, error);
}

static weft_status ask_work(wf_asking *a, weft_error *error)
{
    json_t *body;
    weft_work_query asked = {0};
    bool names = false;
    WF_TRY(wf_exchange_parse(a->x, &body, error));
    weft_status status = read_body(a, body, &asked, &names, error);
    json_decref(body);
    WF_TRY(status);
    return answer_work(a, &asked, names && !wf_exchange_wants_csv(a->x), error);
}

static void work(wf_exchange *x)
{
    wf_asking_answer(x, ask_work);
}

// ---- routes ----

static const wf_parameter work_parameters[] = {
    {.name = "Weft-Purpose",
     .place = WF_IN_HEADER,
     .bytes_max = 512,
     .zh = "事由（该病例）和用途；只看人数的角色不需要",
     .en = "reference, which is the case, and purpose; not for who sees counts alone"},
    {.name = "format", .place = WF_IN_QUERY, .zh = "json 或 csv", .en = "json or csv"},
    {.name = NULL},
};

static const wf_schema work_schema = {
    "WorkList",
    "{\"type\":\"object\",\"required\":[\"rows\",\"as_of\",\"complete\",\"missing\","
    "\"case\",\"from\",\"to\",\"computed\",\"count\",\"to_call\",\"states\",\"worked_"
    "at\","
    "\"reviewed_at\",\"gone\",\"gone_count\",\"not_a_case\"],\"properties\":{\"as_of\":{"
    "\"type\":"
    "\"object\"},"
    "\"complete\":{\"type\":\"boolean\"},\"computed\":{\"type\":\"boolean\"},"
    "\"case\":{\"type\":\"string\",\"description\":\"own id of the case, by whichever of "
    "its numbers it was asked for\"},"
    "\"count\":{\"type\":\"integer\"},\"to_call\":{\"type\":\"integer\"},"
    "\"states\":{\"type\":\"object\"},\"next\":{\"type\":\"string\"},"
    "\"gone_count\":{\"type\":\"integer\"},"
    "\"not_a_case\":{\"type\":\"boolean\",\"description\":\"the case was found to be "
    "none: whom it lists owes nothing\"},"
    "\"gone\":{\"type\":\"array\",\"description\":\"who was to be called when somebody "
    "last went through the list, and stands in it no more\",\"items\":{"
    "\"type\":\"object\",\"required\":[\"person\",\"contact\",\"identified\","
    "\"reviewed_at\"]}},"
    "\"names\":{\"type\":\"array\",\"description\":\"of those on the page whom one "
    "reaches, where they were asked for\",\"items\":{\"type\":\"object\","
    "\"required\":[\"person\",\"name\",\"phone\"]}},"
    "\"rows\":{\"type\":\"array\",\"items\":{\"type\":\"object\",\"required\":["
    "\"place\",\"person\",\"contact\",\"state\",\"level\",\"change\",\"changes\",\"was\","
    "\"reviewed_at\","
    "\"suggested\",\"priority\",\"probability\",\"reasons\",\"attempts\","
    "\"description\"],\"properties\":{\"description\":{\"type\":[\"string\",\"null\"],"
    "\"description\":\"the words in which somebody is described who is not identified; "
    "null of a person\"}}}}}}"};
static const wf_schema work_body_schema = {
    "WorkQuery",
    "{\"type\":\"object\",\"required\":[\"case\"],\"additionalProperties\":false,"
    "\"properties\":{\"case\":{\"type\":\"string\",\"description\":\"by any of its "
    "numbers\"},"
    "\"generations\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":2},"
    "\"limit\":{\"type\":\"integer\",\"minimum\":1,\"maximum\":500},"
    "\"after\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":1000000},"
    "\"reasons\":{\"type\":\"integer\",\"minimum\":0,\"maximum\":500},"
    "\"texts\":{\"type\":\"string\",\"enum\":[\"asked\",\"both\"]},"
    "\"names\":{\"type\":\"boolean\",\"description\":\"with names and telephone "
    "numbers\"}}}"};

static const unsigned short work_errors[] = {409, 0};

extern const wf_route wf_routes_work[];
const wf_route wf_routes_work[] = {
    {.method = "POST",
     .path = "/v1/work",
     .lane = WF_LANE_LOOKUPS,
     .action = WF_ACTION_CONTACTS,
     .operation = "findWork",
     .parameters = work_parameters,
     .answers = {.media = WF_MEDIA_JSON | WF_MEDIA_CSV,
                 .schema = &work_schema,
                 .errors = work_errors},
     .body = {.kind = WF_BODY_JSON,
              .bytes_max = body_bytes_max,
              .schema = &work_body_schema},
     .zh = "一个病例的工作清单：系统建议的、已判定的和待核实的，按呼叫顺序，各到哪一步",
     .en = "the work list of a case: suggested, judged and unidentified contacts in "
           "calling order, and how far each is",
     .handle = work},
    WF_ROUTES_END,
};
