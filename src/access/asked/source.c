#include "trace/source.h"

#include <stdio.h>
#include <string.h>

#include "access/asked/explain.h"
#include "access/asked/lookup.h"
#include "trace/rows.h"

typedef struct {
    const wf_net *net;
    const wf_trace_source_query *query;
    const wf_trace_source *answer;
    weft_error *error;
} giving;

// ---- the cases ----

static bool is_named(const wf_case_row *cases, size_t count, wf_text id)
{
    for (size_t i = 0; i < count; i++)
        if (wf_text_equal(cases[i].id, id))
            return true;
    return false;
}

// Each once, by whichever of its numbers.
static weft_status named_cases(weft_city *city, const char *const *case_ids,
                               wf_arena *arena, wf_case_row **ret, size_t *count,
                               weft_error *error)
{
    wf_case_row *cases = wf_arena_array(arena, *count + 1, sizeof *cases);
    size_t kept = 0;
    if (cases == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < *count; i++) {
        const char *id = case_ids[i];
        WF_TRY(wf_lookup_case(city, &id, arena, &cases[kept].about, error));
        if (is_named(cases, kept, wf_text_of(id)))
            continue;
        cases[kept++].id = wf_text_of(id);
    }
    *ret = cases;
    *count = kept;
    return WEFT_OK;
}

// Everybody that is not ruled out.
static weft_status all_cases(const wf_net *net, wf_arena *arena, wf_case_row **ret,
                             size_t *ret_count, weft_error *error)
{
    wf_case_row *cases;
    size_t count, kept = 0;
    WF_TRY(wf_register_cases(net->reg, arena, &cases, &count, error));
    for (size_t i = 0; i < count; i++)
        if (cases[i].about.classification != WF_CASE_NOT_A_CASE)
            cases[kept++] = cases[i];
    *ret = cases;
    *ret_count = kept;
    return WEFT_OK;
}

// ---- one row ----

static void decimal(char buffer[32], double value, const char *format)
    __attribute__((format(printf, 3, 0)));
static void decimal(char buffer[32], double value, const char *format)
{
    int size = snprintf(buffer, 32, format, value);
    WF_ASSERT(size > 0 && size < 32);
}

static const char *text_of(const wf_source_place *place, wf_language language,
                           wf_arena *arena)
{
    char cases[WF_NUMBER_TEXT_MAX], independent[WF_NUMBER_TEXT_MAX], expected[32], p[32];
    decimal(expected, place->expected, "%.2g");
    decimal(p, place->p_corrected, "%.2g");
    return wf_explain(arena, language, "source.text", "cases",
                      wf_number_text(cases, (int64_t)place->cases_count), "independent",
                      wf_number_text(independent, (int64_t)place->independent), "kind",
                      language == WF_LANGUAGE_ZH ? wf_place_kind_zh(place->kind)
                                                 : wf_place_kind_en(place->kind),
                      "expected", expected, "p", p, NULL);
}

static weft_status fill(const giving *to, const wf_source_place *from, wf_arena *arena,
                        weft_shared_place *ret)
{
    const char **cases = wf_arena_array(arena, from->cases_count, sizeof *cases);
    wf_text place =
        wf_ids_text(wf_visits_ids(to->net->visits), WF_ID_PLACE, from->place.number);
    if (cases == NULL)
        return wf_fail_memory(to->error);
    for (size_t i = 0; i < from->cases_count; i++) {
        uint32_t listed = to->answer->found.case_list[from->cases_from + i];
        const wf_case_row *row = &to->query->cases[to->answer->case_of[listed]];
        cases[i] = wf_arena_text(arena, row->id).bytes;
        if (cases[i] == NULL)
            return wf_fail_memory(to->error);
    }
    *ret = (weft_shared_place){.place = wf_arena_text(arena, place).bytes,
                               .place_kind = wf_place_kind_word(from->kind),
                               .from = wf_trace_rows_time(&to->answer->span, from->from),
                               .to = wf_trace_rows_time(&to->answer->span, from->to),
                               .cases = cases,
                               .cases_count = from->cases_count,
                               .independent = from->independent,
                               .expected = from->expected,
                               .p_value = from->p_value,
                               .p_corrected = from->p_corrected,
                               .background_visitors = from->visitors,
                               .text_zh = text_of(from, WF_LANGUAGE_ZH, arena),
                               .text_en = text_of(from, WF_LANGUAGE_EN, arena)};
    if (ret->place == NULL || ret->text_zh == NULL || ret->text_en == NULL)
        return wf_fail_memory(to->error);
    return WEFT_OK;
}

static weft_status give(const giving *to,
                        bool (*row)(void *context, const weft_shared_place *row),
                        void *context)
{
    for (size_t i = 0; i < to->answer->found.places_count; i++) {
        wf_arena arena = {0};
        weft_shared_place place;
        weft_status status = fill(to, &to->answer->found.places[i], &arena, &place);
        if (status == WEFT_OK && !row(context, &place))
            status = wf_fail(to->error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
        wf_arena_done(&arena);
        WF_TRY(status);
    }
    return WEFT_OK;
}

// ---- the whole ----

static weft_status answer_with(const giving *to, wf_arena *arena,
                               bool (*row)(void *context, const weft_shared_place *row),
                               void *context, weft_source_summary *ret)
{
    const wf_trace_source *answer = to->answer;
    weft_source_summary summary = {.cases = answer->cases_count,
                                   .independent = answer->found.independent,
                                   .places_tested = answer->places_could};
    WF_TRY(give(to, row, context));
    WF_TRY(wf_lookup_summary(to->net, &answer->span, answer->from, answer->to,
                             answer->found.places_count, arena, &summary.base,
                             to->error));
    *ret = summary;
    return wf_span_status(&answer->span, to->error);
}

weft_status weft_source(weft_city *city, const char *const *case_ids, size_t cases_count,
                        bool (*row)(void *context, const weft_shared_place *row),
                        void *context, weft_source_summary *ret, weft_error *error)
{
    wf_net net = wf_city_net(city);
    wf_arena *arena = wf_city_new_answer(city);
    wf_case_row *cases = NULL;
    if (case_ids == NULL && weft_city_kind_of(city) == WEFT_CITY_REAL)
        return wf_fail(error, WEFT_NOT_ALLOWED, "source.needs_cases", NULL);
    if (case_ids == NULL)
        WF_TRY(all_cases(&net, arena, &cases, &cases_count, error));
    else
        WF_TRY(named_cases(city, case_ids, arena, &cases, &cases_count, error));
    wf_trace_source_query query = {cases, cases_count, case_ids == NULL};
    wf_trace_source answer;
    WF_TRY(wf_trace_source_find(&net, &query, arena, &answer, error));
    giving to = {&net, &query, &answer, error};
    weft_status status = answer_with(&to, arena, row, context, ret);
    wf_trace_source_done(&answer);
    return status;
}
