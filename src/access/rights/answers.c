#include "access/rights/answers.h"

#include <stdio.h>
#include <string.h>

#include "access/asked/case_number.h"
#include "access/asked/views.h"
#include "access/rights/scope.h"
#include "desk/register/alias.h"

// ---- grids ----

static bool is_within(const char *grid, const char *outer)
{
    return strncmp(grid, outer, strlen(outer)) == 0;
}

static bool has_whole_city(const wf_actor *actor)
{
    return actor->kind == WF_ACTOR_OWNER || actor->grid[0] == '\0';
}

weft_status wf_answers_grid(const wf_asker *asker, const char *asked, const char **ret,
                            weft_error *error)
{
    const wf_actor *actor = asker->actor;
    const char *own = has_whole_city(actor) ? "" : actor->grid;
    if (asked != NULL && !is_within(asked, own))
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    *ret = asked != NULL ? asked : own;
    return WEFT_OK;
}

// By whom lists reach beside a grid, when it is all of theirs. Those who see nobody reach
// nobody; residents have no lists.
static const weft_beside *beside_of(const wf_asker *asker, const char *grid,
                                    weft_beside *room)
{
    const wf_actor *actor = asker->actor;
    if (has_whole_city(actor) || strcmp(grid, actor->grid) != 0 ||
        wf_policy_reach(actor, WF_ACTION_READ_PERSONAL_VIEW) != WF_REACH_ROWS)
        return NULL;
    *room = (weft_beside){.grid = actor->grid,
                          .user = actor->kind == WF_ACTOR_USER ? actor->name : NULL,
                          .person = actor->person};
    return room;
}

// ---- views ----

static const wf_sql_file *file_of(const wf_asker *asker, const weft_view_about *about)
{
    const wf_views *views = asker->city->views->views;
    return wf_view_file(wf_views_find(views, wf_text_of(about->name)));
}

bool wf_answers_is_computed(const wf_asker *asker, const weft_view_about *about)
{
    return file_of(asker, about)->computed;
}

bool wf_answers_may_read(const wf_asker *asker, const weft_view_about *about)
{
    wf_action action =
        about->personal ? WF_ACTION_READ_PERSONAL_VIEW : WF_ACTION_READ_VIEW;
    return wf_policy_is_among(asker->actor, file_of(asker, about)->roles) &&
           wf_policy_reach(asker->actor, action) == WF_REACH_ROWS;
}

weft_status wf_answers_view(const wf_asker *asker, const char *name,
                            const weft_view_about **ret, weft_error *error)
{
    const weft_view_about *abouts;
    size_t count;
    WF_TRY(weft_views_list(asker->city, &abouts, &count, error));
    for (size_t i = 0; i < count; i++)
        if (strcmp(abouts[i].name, name) == 0 && wf_answers_may_read(asker, &abouts[i])) {
            *ret = &abouts[i];
            return WEFT_OK;
        }
    return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
}

// The column of a parameter or filter; NULL: there is none of that name.
static const wf_column *field_of(const wf_sql_file *file, wf_text name,
                                 bool *ret_is_parameter)
{
    *ret_is_parameter = true;
    for (size_t i = 0; i < file->parameters_count; i++)
        if (wf_text_equal(wf_text_of(file->parameters[i].name), name))
            return file->parameters[i].about;
    *ret_is_parameter = false;
    for (size_t i = 0; i < file->filters_count; i++)
        if (wf_text_equal(wf_text_of(file->columns[file->filters[i]].name), name))
            return file->columns[file->filters[i]].about;
    return NULL;
}

// Whom the question names; NULL: nobody.
static const char *person_asked(const wf_sql_file *file,
                                const weft_view_question *question,
                                bool *ret_is_parameter)
{
    for (size_t i = 0; i < question->fields_count; i++) {
        const char *sign = strchr(question->fields[i], '=');
        if (sign == NULL)
            continue;
        wf_text name = {question->fields[i], (size_t)(sign - question->fields[i])};
        const wf_column *field = field_of(file, name, ret_is_parameter);
        if (field != NULL && field->type == WF_COLUMN_PERSON)
            return sign + 1;
    }
    return NULL;
}

static wf_person find_person(const wf_asker *asker, const char *id)
{
    wf_text text = wf_text_of(id);
    uint32_t number = WF_NUMBER_NONE;
    if (text.size > 0 && text.size <= WF_ID_BYTES_MAX)
        number = wf_ids_find(wf_visits_ids(asker->city->visits), WF_ID_PERSON, text);
    return (wf_person){number};
}

static weft_status reaches_id(const wf_asker *asker, wf_person person, bool *ret,
                              weft_error *error)
{
    wf_person_about about;
    WF_TRY(wf_register_person(asker->city->reg, person, &about, error));
    wf_subject subject = {.grid = wf_text_of(about.grid), .person = person.number};
    *ret = wf_scope_sees(asker->accounts, asker->actor, &subject, asker->now);
    return WEFT_OK;
}

// Whoever reaches one of the ids of a person reaches the person, whom lists show under
// one of them.
static weft_status reaches_other_id(const wf_asker *asker, wf_person person, bool *ret,
                                    weft_error *error)
{
    wf_references *references;
    wf_buffer ids = {0};
    WF_TRY(wf_city_references(asker->city, &references, error));
    weft_status status =
        wf_alias_members(wf_references_rows(references), person.number, &ids, error);
    const uint32_t *persons = (const uint32_t *)(const void *)ids.bytes;
    for (size_t i = 0; status == WEFT_OK && !*ret && i < ids.size / sizeof *persons; i++)
        status = reaches_id(asker, (wf_person){persons[i]}, ret, error);
    wf_buffer_done(&ids);
    return status;
}

// Whether they reach a person by where they live, by custody or by assignment. Of who is
// not there the same is asked as of who lives elsewhere: how long an answer takes tells
// nobody which it was.
static weft_status reaches(const wf_asker *asker, const char *id, bool *ret,
                           weft_error *error)
{
    wf_person person = find_person(asker, id);
    *ret = false;
    WF_TRY(reaches_id(asker, person, ret, error));
    if (!*ret)
        WF_TRY(reaches_other_id(asker, person, ret, error));
    *ret = *ret && person.number != WF_NUMBER_NONE;
    return WEFT_OK;
}

weft_status wf_answers_bind(const wf_asker *asker, const weft_view_about *about,
                            weft_view_question *question, weft_beside *room,
                            weft_error *error)
{
    bool is_parameter = false, reached = false;
    const char *person = person_asked(file_of(asker, about), question, &is_parameter);
    if (person != NULL)
        WF_TRY(reaches(asker, person, &reached, error));
    if (person != NULL && is_parameter && about->personal && !reached)
        return wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL);
    if (reached || has_whole_city(asker->actor))
        return WEFT_OK;
    // Rows that lie nowhere are within nobody's grid.
    if (!about->has_grid)
        return about->personal ? wf_fail(error, WEFT_NOT_FOUND, "view.unknown", NULL)
                               : WEFT_OK;
    WF_TRY(wf_answers_grid(asker, question->grid, &question->grid, error));
    bool widens = about->personal || file_of(asker, about)->beside;
    question->beside = widens ? beside_of(asker, question->grid, room) : NULL;
    return WEFT_OK;
}

weft_status wf_answers_each_person(
    const wf_asker *asker, const weft_view_question *question, const weft_view_page *page,
    weft_status (*each)(void *context, const char *person, weft_error *error),
    void *context, weft_error *error)
{
    bool is_parameter = false;
    const wf_sql_file *file = file_of(asker, page->about);
    const char *named = person_asked(file, question, &is_parameter);
    if (named != NULL && is_parameter)
        WF_TRY(each(context, named, error));
    for (size_t c = 0; c < file->columns_count; c++) {
        if (file->columns[c].about->type != WF_COLUMN_PERSON)
            continue;
        for (size_t i = 0; i < page->rows_count; i++) {
            const weft_view_value *value = &page->values[i * file->columns_count + c];
            if (value->given)
                WF_TRY(each(context, value->text, error));
        }
    }
    return WEFT_OK;
}

static weft_status show(void *context, const char *person, weft_error *error)
{
    return wf_look_show(context, person, error);
}

weft_status wf_answers_show_page(const wf_asker *asker,
                                 const weft_view_question *question,
                                 const weft_view_page *page, wf_look_shown *shown,
                                 weft_error *error)
{
    return wf_answers_each_person(asker, question, page, show, shown, error);
}

// ---- holes ----

static const wf_sql_file *rule_of(const wf_asker *asker, const char *kind)
{
    const wf_holes *holes = asker->city->holes;
    size_t rule = wf_holes_find(holes, kind);
    return rule == SIZE_MAX ? NULL : wf_holes_rule(holes, rule);
}

bool wf_answers_is_personal_hole(const wf_asker *asker, const char *kind)
{
    const wf_sql_file *rule = rule_of(asker, kind);
    return rule != NULL && rule->personal;
}

// Holes of looks name who looked: they are for those who audit.
static bool may_see_kind(const wf_asker *asker, const char *kind)
{
    static const char looks[] = "register/look_";
    return strncmp(kind, looks, sizeof looks - 1) != 0 ||
           wf_policy_reach(asker->actor, WF_ACTION_LOOKS_AUDIT) == WF_REACH_ROWS;
}

typedef struct {
    const wf_asker *asker;
    bool personal;
    bool (*row)(void *context, const weft_hole *hole);
    bool (*count)(void *context, const weft_holes_count *count);
    bool (*span)(void *context, const weft_holes_span *span);
    void *context;
    bool (*kind)(void *context, const weft_hole_kind *kind);
    uint64_t rows;
} cutting;

static bool cut_row(void *context, const weft_hole *hole)
{
    cutting *to = context;
    if (!may_see_kind(to->asker, hole->kind) ||
        (!to->personal && wf_answers_is_personal_hole(to->asker, hole->kind)))
        return true;
    to->rows++;
    return to->row(to->context, hole);
}

static bool cut_count(void *context, const weft_holes_count *count)
{
    cutting *to = context;
    if (!may_see_kind(to->asker, count->kind))
        return true;
    to->rows++;
    return to->count(to->context, count);
}

// Their own grid, and no kind that is not theirs.
static weft_status bind_holes(const wf_asker *asker, const weft_holes_query *query,
                              weft_holes_query *ret, weft_error *error)
{
    *ret = *query;
    WF_TRY(wf_answers_grid(asker, query->grid, &ret->grid, error));
    if (query->kind != NULL &&
        (rule_of(asker, query->kind) == NULL || !may_see_kind(asker, query->kind)))
        return wf_fail(error, WEFT_NOT_FOUND, "holes.kind", "kind", query->kind, NULL);
    return WEFT_OK;
}

// Whose a hole is by now is said to those who may list the tasks.
static bool reads_tasks(const wf_asker *asker)
{
    const weft_view_about *tasks;
    weft_error none = {0};
    return wf_answers_view(asker, "command/tasks", &tasks, &none) == WEFT_OK;
}

weft_status wf_answers_holes(const wf_asker *asker, const weft_holes_query *query,
                             bool personal,
                             bool (*row)(void *context, const weft_hole *hole),
                             void *context, weft_holes_summary *ret, weft_error *error)
{
    weft_holes_query mine;
    weft_beside room;
    cutting to = {.asker = asker, .personal = personal, .row = row, .context = context};
    WF_TRY(bind_holes(asker, query, &mine, error));
    mine.beside = beside_of(asker, mine.grid, &room);
    mine.with_tasks = query->with_tasks || reads_tasks(asker);
    WF_TRY(weft_holes(asker->city, &mine, cut_row, &to, ret, error));
    ret->rows = to.rows;
    return WEFT_OK;
}

weft_status wf_answers_counts(const wf_asker *asker, const weft_holes_query *query,
                              bool (*row)(void *context, const weft_holes_count *count),
                              void *context, weft_holes_summary *ret, weft_error *error)
{
    weft_holes_query mine;
    cutting to = {.asker = asker, .count = row, .context = context};
    WF_TRY(bind_holes(asker, query, &mine, error));
    WF_TRY(weft_holes_counts(asker->city, &mine, cut_count, &to, ret, error));
    ret->rows = to.rows;
    return WEFT_OK;
}

static bool cut_span(void *context, const weft_holes_span *span)
{
    cutting *to = context;
    if (!may_see_kind(to->asker, span->kind))
        return true;
    to->rows++;
    return to->span(to->context, span);
}

weft_status wf_answers_spans(const wf_asker *asker, const weft_holes_query *query,
                             size_t digits,
                             bool (*row)(void *context, const weft_holes_span *span),
                             void *context, int64_t *ret_step_s, weft_holes_summary *ret,
                             weft_error *error)
{
    weft_holes_query mine;
    cutting to = {.asker = asker, .span = row, .context = context};
    WF_TRY(bind_holes(asker, query, &mine, error));
    WF_TRY(weft_holes_spans(asker->city, &mine, digits, cut_span, &to, ret_step_s, ret,
                            error));
    ret->rows = to.rows;
    return WEFT_OK;
}

static bool cut_kind(void *context, const weft_hole_kind *kind)
{
    cutting *to = context;
    return !may_see_kind(to->asker, kind->kind) || to->kind(to->context, kind);
}

bool wf_answers_hole_kinds(const wf_asker *asker,
                           bool (*row)(void *context, const weft_hole_kind *kind),
                           void *context)
{
    cutting to = {.asker = asker, .kind = row, .context = context};
    return weft_holes_kinds(asker->city, cut_kind, &to);
}

// ---- people ----

weft_status wf_answers_case_person(const wf_asker *asker, const char *case_id,
                                   const char **ret, weft_error *error)
{
    wf_arena *arena = &asker->city->answer;
    wf_case about;
    *ret = NULL;
    WF_TRY(wf_register_case(asker->city->reg, wf_text_of(case_id), arena, &about, error));
    if (about.person.number == WF_NUMBER_NONE)
        return WEFT_OK;
    wf_text id = wf_ids_text(wf_visits_ids(asker->city->visits), WF_ID_PERSON,
                             about.person.number);
    *ret = wf_arena_text(arena, id).bytes;
    return *ret != NULL ? WEFT_OK : wf_fail_memory(error);
}

typedef struct {
    const wf_asker *asker;
    wf_action action;
} reaching;

static bool reaches_case(void *context, wf_text id, const wf_whereabouts *about)
{
    const reaching *by = context;
    (void)id;
    const wf_subject subject = {.grid = wf_text_of(about->grid), .person = about->person};
    return wf_scope_reach(by->asker->accounts, by->asker->actor, by->action, &subject,
                          by->asker->now) != WF_REACH_NOTHING;
}

static bool lies_within(void *context, wf_text id, const wf_whereabouts *about)
{
    const wf_asker *asker = context;
    char reference[sizeof "case:" + WF_ID_BYTES_MAX];
    int size = snprintf(reference, sizeof reference, "case:%.*s", (int)id.size, id.bytes);
    WF_ASSERT(size > 0 && (size_t)size < sizeof reference);
    const wf_subject subject = {.grid = wf_text_of(about->grid),
                                .case_grid = wf_text_of(about->also),
                                .reference = {reference, (size_t)size},
                                .person = about->person};
    return wf_scope_reaches(asker->accounts, asker->actor, &subject, asker->now);
}

weft_status wf_answers_case(const wf_asker *asker, wf_arena *arena, const char **case_id,
                            weft_error *error)
{
    wf_asker by = *asker;
    return wf_case_number(asker->city, *case_id, lies_within, &by, arena, case_id, error);
}

weft_status wf_answers_reach_case(const wf_asker *asker, wf_action action,
                                  wf_arena *arena, const char **case_id,
                                  weft_error *error)
{
    wf_case of;
    wf_person_about about = {.registered = false};
    reaching by = {asker, action};
    WF_TRY(
        wf_case_number(asker->city, *case_id, reaches_case, &by, arena, case_id, error));
    weft_status status = wf_register_case(asker->city->reg, wf_text_of(*case_id),
                                          &asker->city->answer, &of, error);
    // That it is not there and that it is not theirs is one answer.
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "look.reference", NULL);
    WF_TRY(status);
    if (of.person.number != WF_NUMBER_NONE)
        WF_TRY(wf_register_person(asker->city->reg, of.person, &about, error));
    const wf_subject subject = {.grid = wf_text_of(about.grid),
                                .person = of.person.number};
    return wf_scope_reach(asker->accounts, asker->actor, action, &subject, asker->now) !=
                   WF_REACH_NOTHING
               ? WEFT_OK
               : wf_fail(error, WEFT_NOT_FOUND, "look.reference", NULL);
}

weft_status wf_answers_is_registered(const wf_asker *asker, const char *person, bool *ret,
                                     weft_error *error)
{
    wf_person found = find_person(asker, person);
    wf_person_about about = {.registered = false};
    if (found.number != WF_NUMBER_NONE)
        WF_TRY(wf_register_person(asker->city->reg, found, &about, error));
    *ret = about.registered;
    return WEFT_OK;
}

wf_home_kind wf_answers_home(const wf_asker *asker, const char *place)
{
    const wf_ids *ids = wf_visits_ids(asker->city->visits);
    wf_text text = wf_text_of(place);
    wf_place_about about;
    weft_error unused = {0};
    if (text.size == 0 || text.size > WF_ID_BYTES_MAX)
        return WF_HOME_NOT_KNOWN;
    wf_place found = {wf_ids_find(ids, WF_ID_PLACE, text)};
    if (found.number == WF_NUMBER_NONE)
        return WF_HOME_NOT_KNOWN;
    // What cannot be read is taken for a home elsewhere.
    if (wf_register_place(asker->city->reg, found, &about, &unused) != WEFT_OK)
        return WF_HOME_ELSEWHERE;
    if (about.kind != WF_PLACE_HOUSEHOLD && about.kind != WF_PLACE_ROOM)
        return WF_HOME_PUBLIC;
    return has_whole_city(asker->actor) || is_within(about.grid, asker->actor->grid)
               ? WF_HOME_THEIRS
               : WF_HOME_ELSEWHERE;
}
