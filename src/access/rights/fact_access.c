#include "access/rights/fact_access.h"

#include <string.h>

#include "access/asked/case_number.h"
#include "access/asked/views.h"
#include "access/city/numbers.h"
#include "access/rights/named.h"
#include "access/rights/scope.h"
#include "access/rights/unknown.h"
#include "desk/cases/isolation_check.h"
#include "desk/cases/kinds.h"
#include "desk/cases/notice_check.h"
#include "desk/cases/report_check.h"
#include "desk/kinds.h"
#include "desk/tracing/check.h"
#include "load/doubt.h"
#include "model/grid.h"
#include "wire/facts.h"

typedef struct {
    const wf_fact_access *by;
    wf_arena *arena;
    char sender[WF_ACTOR_SENDER_MAX + 1];
    weft_city *reader;   // NULL: nobody was looked up yet
    wf_column_type type; // of what was looked up last
    wf_text asked, grid; // and where it is
    wf_named_last last;
    wf_told_before told; // by lines that were taken before
} judging;

// ---- where a fact lies ----

static weft_status take_reader(judging *on, weft_error *error)
{
    return on->reader != NULL ? WEFT_OK
                              : wf_shared_read(on->by->shared, &on->reader, error);
}

static weft_status look_up(judging *on, wf_column_type type, wf_text id, wf_text *ret,
                           weft_error *error)
{
    wf_id_class id_class = type == WF_COLUMN_PLACE ? WF_ID_PLACE : WF_ID_PERSON;
    wf_place_about place = {.registered = false};
    wf_person_about person = {.registered = false};
    WF_TRY(take_reader(on, error));
    uint32_t number = wf_ids_find(wf_visits_ids(on->reader->visits), id_class, id);
    *ret = WF_TEXT("");
    if (number == WF_NUMBER_NONE)
        return WEFT_OK;
    if (type == WF_COLUMN_PLACE)
        WF_TRY(wf_register_place(on->reader->reg, (wf_place){number}, &place, error));
    else
        WF_TRY(wf_register_person(on->reader->reg, (wf_person){number}, &person, error));
    const char *grid = type == WF_COLUMN_PLACE ? place.grid : person.grid;
    *ret = wf_arena_text(on->arena, wf_text_of(grid));
    return ret->bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

// The place or person that the kind's `where` names. Posts of a site name it again and
// again: it is looked up once.
static weft_status grid_of_where(judging *on, const wf_fact *fact, wf_text *ret,
                                 weft_error *error)
{
    const char *where = fact->kind->where;
    *ret = WF_TEXT("");
    if (where == NULL)
        return WEFT_OK;
    size_t field = wf_kind_field(fact->kind, wf_text_of(where));
    const wf_value *value = &fact->values[field];
    if (!value->given)
        return WEFT_OK;
    wf_column_type type = fact->kind->fields[field].type;
    if (type != on->type || !wf_text_equal(value->text, on->asked)) {
        WF_TRY(look_up(on, type, value->text, &on->grid, error));
        on->type = type;
        on->asked = value->text;
    }
    *ret = on->grid;
    return WEFT_OK;
}

static weft_status place(judging *on, wf_fact *fact, weft_error *error)
{
    fact->grid_assumed = false;
    if (fact->grid.size > 0)
        return WEFT_OK;
    // Of what lies elsewhere the fact lies with its sender: to refuse it would say so.
    wf_text own = wf_text_of(on->by->actor->grid);
    WF_TRY(grid_of_where(on, fact, &fact->grid, error));
    if (fact->grid.size == 0 || !wf_grid_is_inside(fact->grid, own))
        fact->grid = own;
    fact->grid_assumed = true;
    return WEFT_OK;
}

// ---- lines ----

// Only of their own book: nobody fills another's.
static void fill(const judging *on, wf_identity id, wf_post_line *line)
{
    if (on->by->actor->kind == WF_ACTOR_OWNER ||
        wf_text_equal(id.device, wf_text_of(on->sender)))
        line->id = id;
}

static weft_status refuse(const judging *on, const weft_error *why, wf_post_line *line,
                          weft_error *error)
{
    line->fact = NULL;
    line->sent = WF_SENT_REFUSED;
    line->why = wf_arena_new(on->arena, sizeof *line->why);
    if (line->why == NULL)
        return wf_fail_memory(error);
    *line->why = *why;
    wf_error_at(line->why, NULL, line->line, NULL);
    return WEFT_OK;
}

static wf_named_by named_by(judging *on)
{
    return (wf_named_by){.city = on->reader,
                         .accounts = on->by->accounts,
                         .actor = on->by->actor,
                         .sender = wf_text_of(on->sender),
                         .now = wf_shared_now(on->by->shared),
                         .last = &on->last};
}

// Which case it means is asked first: that a number is the id of one elsewhere is nothing
// to tell to those whose case goes by it, too.
static weft_status judge_names(judging *on, const wf_fact *fact, weft_error *error)
{
    bool cases = wf_case_number_is_named(fact->kind);
    bool needs = wf_named_needs(on->by->actor, fact->kind);
    if (!cases && !needs)
        return WEFT_OK;
    WF_TRY(take_reader(on, error));
    wf_named_by named = named_by(on);
    if (cases)
        WF_TRY(
            wf_case_number_judge(on->reader, fact, wf_named_reaches_case, &named, error));
    return needs ? wf_named_judge(&named, fact, error) : WEFT_OK;
}

static weft_status keep_said(const judging *on, const wf_post_line *line,
                             const weft_error *said, const weft_error **ret,
                             weft_error *error)
{
    weft_error *kept = wf_arena_new(on->arena, sizeof *kept);
    if (kept == NULL)
        return wf_fail_memory(error);
    *kept = *said;
    wf_error_at(kept, NULL, line->line, NULL);
    *ret = kept;
    return WEFT_OK;
}

static weft_status take_rows(judging *on, wf_database **ret, weft_error *error)
{
    wf_references *references;
    WF_TRY(take_reader(on, error));
    WF_TRY(wf_city_references(on->reader, &references, error));
    *ret = wf_references_rows(references);
    return WEFT_OK;
}

// Who reports something of themselves is answered in the reply.
static weft_status answer(judging *on, wf_post_line *line, weft_error *error)
{
    wf_database *rows;
    const char *code = NULL;
    weft_error said = {0};
    if (!wf_report_is(line->fact->kind))
        return WEFT_OK;
    WF_TRY(take_rows(on, &rows, error));
    WF_TRY(wf_report_answer(wf_numbers_of(on->reader->visits), rows, line->fact, &code,
                            error));
    WF_IGNORE(wf_fail(&said, WEFT_BAD_INPUT, code, NULL), "it is an answer");
    return keep_said(on, line, &said, &line->answer, error);
}

// What it names that nobody has told of, in the rows or before it in the body.
static weft_status warn_unknown(judging *on, wf_post_line *line, weft_error *error)
{
    weft_error said;
    bool asks = false;
    if (!wf_unknown_may_ask(line->fact->kind))
        return wf_unknown_note(&on->told, line->fact, on->arena, error);
    WF_TRY(take_reader(on, error));
    wf_named_by named = named_by(on);
    WF_TRY(wf_unknown_asks(&named, &on->told, line->fact, &asks, &said, error));
    WF_TRY(wf_unknown_note(&on->told, line->fact, on->arena, error));
    return asks ? keep_said(on, line, &said, &line->warning, error) : WEFT_OK;
}

// Whether another case goes by the numbers of a report of a case.
static weft_status doubt_numbers(judging *on, const wf_fact *fact, weft_error *ret,
                                 weft_error *error)
{
    if (fact->kind != &wf_kind_case_reported)
        return WEFT_OK;
    WF_TRY(take_reader(on, error));
    wf_named_by named = named_by(on);
    return wf_case_number_warn(on->reader, fact, wf_named_reaches_case, &named, ret,
                               error);
}

// A notice is warned of where it may tell who the case is, a case where it is, or may be,
// another one's, or its dates look wrong, a meeting where it is of one person, and where
// it names what nobody has told of; nothing is refused for it.
static weft_status warn(judging *on, wf_post_line *line, weft_error *error)
{
    wf_database *rows;
    weft_error said = {0};
    bool is_notice = wf_notice_is(line->fact->kind), asks = false;
    bool isolates = wf_isolation_is(line->fact->kind);
    WF_TRY(warn_unknown(on, line, error));
    if (line->warning != NULL)
        return WEFT_OK;
    WF_TRY(doubt_numbers(on, line->fact, &said, error));
    if (said.code != NULL || wf_doubt_of(line->fact, on->by->city->zone, &said))
        return keep_said(on, line, &said, &line->warning, error);
    if (!is_notice && !isolates && !wf_tracing_may_ask(line->fact->kind))
        return WEFT_OK;
    WF_TRY(take_rows(on, &rows, error));
    wf_numbers numbers = wf_numbers_of(on->reader->visits);
    if (isolates)
        WF_TRY(wf_isolation_asks(rows, on->by->city->zone, line->fact, &asks, error));
    else
        WF_TRY(is_notice ? wf_notice_is_telling(numbers, rows, line->fact, &asks, error)
                         : wf_tracing_asks(numbers, rows, line->fact, &asks, error));
    if (!asks)
        return WEFT_OK;
    WF_IGNORE(wf_fail(&said, WEFT_BAD_INPUT,
                      isolates    ? "case.isolated_before_onset"
                      : is_notice ? "notice.one_case"
                                  : "encounter.oneself",
                      NULL),
              "it is a warning");
    wf_error_at(&said, NULL, 0, isolates ? "at" : is_notice ? "place" : "b");
    return keep_said(on, line, &said, &line->warning, error);
}

// A number that is too great fills nothing: behind it its sender's book could not go on.
static weft_status read_line(const judging *on, wf_text raw, wf_fact *fact,
                             bool *ret_known, weft_error *error)
{
    weft_status status = wf_facts_read(wf_desk_kinds(), on->by->city->zone, raw,
                                       on->arena, fact, ret_known, error);
    if (!*ret_known || fact->id.seq <= WF_POST_SEQ_MAX)
        return status;
    *ret_known = false;
    *error = (weft_error){0};
    wf_error_at(error, NULL, 0, "seq");
    return wf_fail(error, WEFT_BAD_INPUT, "access.seq", NULL);
}

static weft_status judge_line(judging *on, wf_post_line *line, weft_error *error)
{
    weft_error why = {0};
    bool known = false;
    wf_fact *fact = wf_arena_new(on->arena, sizeof *fact);
    if (fact == NULL)
        return wf_fail_memory(error);
    weft_status status = read_line(on, line->raw, fact, &known, &why);
    if (status == WEFT_OK) {
        WF_TRY(place(on, fact, error));
        status = wf_scope_may_send(on->by->accounts, on->by->actor, fact, &why);
    }
    if (status == WEFT_OK)
        status = judge_names(on, fact, &why);
    if (status == WEFT_OK) {
        line->fact = fact;
        WF_TRY(warn(on, line, error));
        return answer(on, line, error);
    }
    if (status != WEFT_BAD_INPUT) {
        *error = why;
        return status;
    }
    if (known)
        fill(on, fact->id, line);
    return refuse(on, &why, line, error);
}

// ---- the body ----

static weft_status add_line(judging *on, wf_text raw, uint64_t number,
                            wf_post_line **lines, size_t *count, size_t *capacity,
                            weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    if (raw.size > 0 && raw.bytes[raw.size - 1] == '\r')
        raw.size--;
    if (raw.size == 0)
        return WEFT_OK;
    if (*count == WF_POST_LINES_MAX)
        return wf_fail(error, WEFT_TOO_LARGE, "facts.too_many", "limit",
                       wf_number_text(limit, WF_POST_LINES_MAX), NULL);
    wf_post_line *all =
        wf_arena_grow(on->arena, *lines, *count, capacity, sizeof **lines);
    if (all == NULL)
        return wf_fail_memory(error);
    *lines = all;
    all[*count] = (wf_post_line){.raw = raw, .line = number};
    return judge_line(on, &all[(*count)++], error);
}

static weft_status judge_all(judging *on, wf_text body, wf_post_line **ret,
                             size_t *ret_count, weft_error *error)
{
    wf_post_line *lines = NULL;
    size_t count = 0, capacity = 0;
    uint64_t number = 0;
    for (size_t at = 0; at < body.size;) {
        const char *begin = body.bytes + at;
        const char *end = memchr(begin, '\n', body.size - at);
        size_t size = end != NULL ? (size_t)(end - begin) : body.size - at;
        WF_TRY(add_line(on, (wf_text){begin, size}, ++number, &lines, &count, &capacity,
                        error));
        at += size + 1;
    }
    *ret = lines;
    *ret_count = count;
    return WEFT_OK;
}

weft_status wf_facts_judge(const wf_fact_access *by, wf_text body, wf_arena *arena,
                           wf_post_line **ret, size_t *ret_count, weft_error *error)
{
    judging on = {.by = by, .arena = arena};
    WF_IGNORE(wf_actor_sender(by->actor, on.sender).size > 0, "nobody has no book");
    weft_status status = judge_all(&on, body, ret, ret_count, error);
    if (on.reader != NULL)
        wf_shared_read_end(by->shared, on.reader);
    return status;
}
