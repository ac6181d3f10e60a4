#include "access/asked/contacts.h"

#include <limits.h>
#include <string.h>

#include "access/asked/explain.h"
#include "access/asked/lookup.h"
#include "access/asked/one_person.h"
#include "access/asked/telling.h"
#include "trace/rows.h"

// What one answer needs everywhere.
typedef struct {
    const wf_net *net;
    const wf_case *index;
    const wf_trace_contacts *answer;
    weft_texts texts;
    wf_arena *arena; // of the row being given, then the answer's
    weft_error *error;
} giving;

static bool wants(const giving *to, wf_language language)
{
    return to->texts == WEFT_TEXTS_BOTH ||
           (to->texts == WEFT_TEXTS_ZH) == (language == WF_LANGUAGE_ZH);
}

// NULL is what was not asked for, else there was no memory for it.
static bool has_texts(const giving *to, const char *zh, const char *en)
{
    return (zh != NULL || !wants(to, WF_LANGUAGE_ZH)) &&
           (en != NULL || !wants(to, WF_LANGUAGE_EN));
}

// ---- one row ----

// Ended by NUL, in the arena.
static const char *id_text(const giving *to, wf_id_class id_class, uint32_t number)
{
    wf_text id = wf_ids_text(wf_visits_ids(to->net->visits), id_class, number);
    return wf_arena_text(to->arena, id).bytes;
}

static const char *kind_word(const wf_exposure *exposure)
{
    return exposure->place.number == WF_NUMBER_NONE ? "encounter"
                                                    : wf_place_kind_word(exposure->kind);
}

static const char *exposure_text(const giving *to, const wf_exposure *exposure,
                                 const wf_explain_reason *about, wf_language language)
{
    return wants(to, language) ? wf_explain_exposure(exposure, about, language, to->arena)
                               : NULL;
}

static weft_day day_of(const giving *to, uint32_t day)
{
    return (weft_day){to->answer->span.first.number + (int32_t)day};
}

static wf_unit unit_of(const giving *to, const wf_exposure *exposure)
{
    const wf_place_rule *rule = &to->net->protocol->kinds[exposure->kind];
    return exposure->ventilated == 1 ? rule->unit_ventilated : rule->unit;
}

static weft_status fill_reason(const giving *to, const wf_exposure *from,
                               weft_reason *reason)
{
    const wf_span *span = &to->answer->span;
    bool encounter = from->place.number == WF_NUMBER_NONE;
    wf_explain_reason about = {.date = day_of(to, from->day.day),
                               .days_from_onset =
                                   to->answer->days_from_onset[from->day.day],
                               .from_sample = weft_time_is_none(to->index->onset),
                               .unit = encounter ? WF_UNIT_WHOLE : unit_of(to, from),
                               .to_close = from->with.number != to->index->person.number};
    *reason = (weft_reason){
        .day = about.date,
        .start = wf_trace_rows_time(span, from->day.start),
        .end = wf_trace_rows_time(span, from->day.end),
        .seconds = from->day.seconds,
        .place = encounter ? NULL : id_text(to, WF_ID_PLACE, from->place.number),
        .place_kind = kind_word(from),
        .days_from_onset = about.days_from_onset,
        .unit_known = from->day.unit != WF_UNIT_UNKNOWN,
        .same_unit = from->day.unit == WF_UNIT_WITHIN,
        .lingering = from->day.lingering,
        .ventilated = from->ventilated,
        .end_guessed = from->day.guessed,
        .probability = from->probability.mid,
        .text_zh = exposure_text(to, from, &about, WF_LANGUAGE_ZH),
        .text_en = exposure_text(to, from, &about, WF_LANGUAGE_EN)};
    if (!has_texts(to, reason->text_zh, reason->text_en) ||
        (!encounter && reason->place == NULL))
        return wf_fail_memory(to->error);
    return WEFT_OK;
}

// The reasons a person is told first: those of the level, then the strongest.
static size_t choose_reasons(const wf_contact *contact, const wf_exposure *exposures,
                             const wf_exposure *ret[WF_CONTACT_REASONS_MAX])
{
    size_t count = 0;
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < contact->exposures_count && count < WF_CONTACT_REASONS_MAX;
             i++) {
            const wf_exposure *one = &exposures[contact->exposures_from + i];
            if (one->near == (pass == 0))
                ret[count++] = one;
        }
    return count;
}

static weft_status fill_contact(const giving *to, const wf_contact *from, bool explained,
                                weft_reason *reasons, weft_contact *contact)
{
    const wf_span *span = &to->answer->span;
    const wf_exposure *chosen[WF_CONTACT_REASONS_MAX];
    size_t count = choose_reasons(from, to->answer->found.exposures, chosen);
    const char *kind = kind_word(chosen[0]);
    bool has_via = from->level == WF_LEVEL_SECONDARY;
    count = explained ? count : 0;
    for (size_t i = 0; i < count; i++)
        WF_TRY(fill_reason(to, chosen[i], &reasons[i]));
    *contact = (weft_contact){.person = id_text(to, WF_ID_PERSON, from->person.number),
                              .level = (weft_level)from->level,
                              .probability = from->probability.mid,
                              .low = from->probability.low,
                              .high = from->probability.high,
                              .seconds = from->seconds,
                              .first_exposure = wf_trace_rows_time(span, from->first),
                              .last_exposure = wf_trace_rows_time(span, from->last),
                              .via = has_via ? id_text(to, WF_ID_PERSON, from->via.number)
                                             : NULL,
                              .place_kind = kind,
                              .reasons = reasons,
                              .reasons_count = count,
                              .reasons_left_out = from->exposures_count - count};
    if (contact->person == NULL || (has_via && contact->via == NULL))
        return wf_fail_memory(to->error);
    return WEFT_OK;
}

// `telling` NULL: it is not asked for.
static weft_status give_contact(const giving *to, const wf_contact *from, bool explained,
                                wf_telling *telling, const weft_contacts_rows *rows)
{
    weft_reason reasons[WF_CONTACT_REASONS_MAX];
    weft_contact contact;
    WF_TRY(fill_contact(to, from, explained, reasons, &contact));
    if (telling != NULL)
        WF_TRY(wf_telling_find(telling, from, &contact.telling, to->error));
    if (!rows->contact(rows->context, &contact))
        return wf_fail(to->error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    return WEFT_OK;
}

// The rows ahead are said to be asked for, so that nobody waits for each id.
static void expect_ids(const giving *to, const wf_contact *rows, size_t at, size_t count)
{
    enum { texts_ahead = 4, places_ahead = 8 };
    const wf_ids *ids = wf_visits_ids(to->net->visits);
    if (at + places_ahead < count)
        wf_ids_expect_place(ids, WF_ID_PERSON, rows[at + places_ahead].person.number);
    if (at + texts_ahead < count)
        wf_ids_expect_text(ids, WF_ID_PERSON, rows[at + texts_ahead].person.number);
}

static weft_status give_contacts(giving *to, const weft_contacts_query *query,
                                 wf_telling *telling, const weft_contacts_rows *rows)
{
    const wf_contacts *found = &to->answer->found;
    size_t all = found->contacts_count;
    size_t first = query->first < all ? (size_t)query->first : all;
    size_t most =
        query->most != 0 && query->most < all - first ? (size_t)query->most : all - first;
    size_t explained = query->explained < 0 ? 0 : (size_t)query->explained;
    explained = query->explained == 0 ? most : explained;
    wf_arena row = {0}, *arena = to->arena;
    weft_status status = WEFT_OK;
    to->arena = &row;
    for (size_t i = 0; status == WEFT_OK && i < most; i++) {
        expect_ids(to, found->contacts + first, i, most);
        status =
            give_contact(to, &found->contacts[first + i], i < explained, telling, rows);
        wf_arena_clear(&row);
    }
    to->arena = arena;
    wf_arena_done(&row);
    return status;
}

// ---- crowd notices ----

static void clock_text(const giving *to, int64_t second, char buffer[8])
{
    wf_civil civil;
    wf_zone_civil(to->net->zone, wf_trace_rows_time(&to->answer->span, second), &civil);
    buffer[0] = (char)('0' + civil.hour / 10);
    buffer[1] = (char)('0' + civil.hour % 10);
    buffer[2] = ':';
    buffer[3] = (char)('0' + civil.minute / 10);
    buffer[4] = (char)('0' + civil.minute % 10);
    buffer[5] = '\0';
}

static const char *notice_text(const giving *to, const wf_crowd *crowd,
                               wf_language language)
{
    char from[8], end[8], limit[WF_NUMBER_TEXT_MAX], people[WF_NUMBER_TEXT_MAX];
    if (!wants(to, language))
        return NULL;
    const char *kind = language == WF_LANGUAGE_ZH ? wf_place_kind_zh(crowd->kind)
                                                  : wf_place_kind_en(crowd->kind);
    const char *date = wf_explain_date(to->arena, language, day_of(to, crowd->day));
    if (date == NULL)
        return NULL;
    clock_text(to, crowd->start, from);
    clock_text(to, crowd->end, end);
    wf_number_text(limit, (int64_t)to->net->protocol->crowd_people_per_hour.value);
    wf_number_text(people, (int64_t)crowd->people);
    return wf_explain(to->arena, language, "crowd.notice", "date", date, "from", from,
                      "to", end, "kind", kind, "crowd", limit, "people", people, NULL);
}

static weft_status give_notice(const giving *to, const wf_crowd *crowd,
                               const weft_contacts_rows *rows)
{
    weft_crowd_notice notice = {.place = id_text(to, WF_ID_PLACE, crowd->place.number),
                                .place_kind = wf_place_kind_word(crowd->kind),
                                .day = day_of(to, crowd->day),
                                .from =
                                    wf_trace_rows_time(&to->answer->span, crowd->start),
                                .to = wf_trace_rows_time(&to->answer->span, crowd->end),
                                .people = crowd->people,
                                .text_zh = notice_text(to, crowd, WF_LANGUAGE_ZH),
                                .text_en = notice_text(to, crowd, WF_LANGUAGE_EN)};
    if (notice.place == NULL || !has_texts(to, notice.text_zh, notice.text_en))
        return wf_fail_memory(to->error);
    if (!rows->notice(rows->context, &notice))
        return wf_fail(to->error, WEFT_INTERRUPTED, "lookup.stopped", NULL);
    return WEFT_OK;
}

static weft_status give_notices(giving *to, const weft_contacts_rows *rows)
{
    const wf_contacts *found = &to->answer->found;
    size_t count = rows->notice != NULL ? found->crowds_count : 0;
    wf_arena row = {0}, *arena = to->arena;
    weft_status status = WEFT_OK;
    to->arena = &row;
    for (size_t i = 0; status == WEFT_OK && i < count; i++) {
        status = give_notice(to, &found->crowds[i], rows);
        wf_arena_clear(&row);
    }
    to->arena = arena;
    wf_arena_done(&row);
    return status;
}

// ---- summary ----

static const char *left_text(const giving *to, const wf_left *left, const char *code,
                             wf_language language)
{
    char people[WF_NUMBER_TEXT_MAX];
    if (!wants(to, language))
        return NULL;
    wf_number_text(people, (int64_t)left->people);
    return wf_explain(to->arena, language, code, "people", people, NULL);
}

static weft_status fill_left_out(const giving *to, weft_contacts_summary *summary)
{
    static const struct {
        const char *rule, *code;
    } words[WF_LEFT_COUNT] = {
        [WF_LEFT_CROWD] = {"crowd", "left.crowd"},
        [WF_LEFT_LIMIT] = {"limit", "left.limit"},
        [WF_LEFT_BELOW_MINUTES] = {"below_minutes", "left.below_minutes"},
        [WF_LEFT_SECONDARY_KIND] = {"secondary_kind", "left.secondary_kind"},
    };
    weft_left_out *rows = wf_arena_array(to->arena, WF_LEFT_COUNT, sizeof *rows);
    if (rows == NULL)
        return wf_fail_memory(to->error);
    summary->left_out = rows;
    for (size_t i = 0; i < WF_LEFT_COUNT; i++) {
        const wf_left *left = &to->answer->found.left[i];
        if (left->people == 0 && left->place_days == 0)
            continue;
        weft_left_out *row = &rows[summary->left_out_count++];
        *row = (weft_left_out){words[i].rule, left->people, left->place_days,
                               left_text(to, left, words[i].code, WF_LANGUAGE_ZH),
                               left_text(to, left, words[i].code, WF_LANGUAGE_EN)};
        if (!has_texts(to, row->text_zh, row->text_en))
            return wf_fail_memory(to->error);
    }
    return WEFT_OK;
}

// Which of the answer's numbers no text gave.
static bool append_unsure(const giving *to, wf_language language, wf_buffer *text)
{
    const wf_contacts *found = &to->answer->found;
    bool seen[WF_PLACE_KIND_COUNT] = {false}, encounters = false, first = true;
    for (size_t i = 0; i < found->exposures_count; i++) {
        encounters |= found->exposures[i].place.number == WF_NUMBER_NONE;
        seen[found->exposures[i].kind] |=
            found->exposures[i].place.number != WF_NUMBER_NONE;
    }
    const char *comma = language == WF_LANGUAGE_ZH ? "、" : ", ";
    for (int kind = 0; kind < WF_PLACE_KIND_COUNT; kind++) {
        if (!seen[kind] ||
            to->net->protocol->kinds[kind].hazard_per_h.sureness != WF_SURE_D)
            continue;
        const char *name = language == WF_LANGUAGE_ZH
                               ? wf_place_kind_zh((wf_place_kind)kind)
                               : wf_place_kind_en((wf_place_kind)kind);
        if (!wf_buffer_printf(text, "%s%s", first ? "" : comma, name))
            return false;
        first = false;
    }
    const char *more[2] = {NULL, NULL};
    if (encounters && to->net->protocol->encounter_hazard_per_h.sureness == WF_SURE_D)
        more[0] = wf_explain(to->arena, language, "note.encounters", NULL);
    if (to->net->protocol->infectiousness.sureness == WF_SURE_D)
        more[1] = wf_explain(to->arena, language, "note.infectiousness", NULL);
    for (int i = 0; i < 2; i++) {
        if (more[i] != NULL &&
            !wf_buffer_printf(text, "%s%s", first ? "" : comma, more[i]))
            return false;
        first = first && more[i] == NULL;
    }
    return true;
}

static const char *note(const giving *to, wf_language language)
{
    char conversions[WF_NUMBER_TEXT_MAX];
    if (!wants(to, language))
        return NULL;
    wf_number_text(conversions,
                   (int64_t)to->net->protocol->conversions_for_calibration.value);
    const char *uncalibrated = wf_explain(to->arena, language, "note.uncalibrated",
                                          "conversions", conversions, NULL);
    const char *unsure = wf_explain(to->arena, language, "note.unsure", NULL);
    if (uncalibrated == NULL || unsure == NULL)
        return NULL;
    wf_buffer text = {0};
    const char *ret = NULL;
    if (wf_buffer_printf(&text, "%s%s", uncalibrated, unsure) &&
        append_unsure(to, language, &text))
        ret = wf_arena_text(to->arena, wf_buffer_text(&text)).bytes;
    wf_buffer_done(&text);
    return ret;
}

static weft_status fill_summary(giving *to, const wf_window *window, bool of_case,
                                uint64_t rows, weft_contacts_summary *ret)
{
    const wf_contacts *found = &to->answer->found;
    weft_contacts_summary summary = {
        .protocol = to->net->protocol->name,
        .opened_by = of_case ? wf_event_word(window->opened_by) : "asked",
        .closed_by = !of_case                ? "asked"
                     : window->closed_by < 0 ? "as_of"
                                             : wf_event_word((wf_event)window->closed_by),
        .close = found->found[WF_LEVEL_CLOSE],
        .secondary = found->found[WF_LEVEL_SECONDARY],
        .general = found->found[WF_LEVEL_GENERAL],
        .calibrated = false,
        .not_a_case = of_case && to->index->classification == WF_CASE_NOT_A_CASE,
        .note_zh = note(to, WF_LANGUAGE_ZH),
        .note_en = note(to, WF_LANGUAGE_EN)};
    if (!has_texts(to, summary.note_zh, summary.note_en))
        return wf_fail_memory(to->error);
    WF_TRY(fill_left_out(to, &summary));
    WF_TRY(wf_lookup_summary(to->net, &to->answer->span, window->from, window->to, rows,
                             to->arena, &summary.base, to->error));
    *ret = summary;
    return WEFT_OK;
}

// ---- the whole ----

static giving giving_of(const wf_contacts_asked *asked, wf_arena *arena,
                        weft_error *error)
{
    return (giving){.net = &asked->net,
                    .index = &asked->index,
                    .answer = &asked->answer,
                    .texts = asked->texts,
                    .arena = arena,
                    .error = error};
}

weft_status wf_contacts_tell(const wf_contacts_asked *asked, const wf_contact *from,
                             bool explained, wf_arena *arena,
                             weft_reason reasons[WF_CONTACT_REASONS_MAX],
                             weft_contact *ret, weft_error *error)
{
    giving to = giving_of(asked, arena, error);
    return fill_contact(&to, from, explained, reasons, ret);
}

weft_status wf_contacts_sum(const wf_contacts_asked *asked, wf_arena *arena,
                            weft_contacts_summary *ret, weft_error *error)
{
    giving to = giving_of(asked, arena, error);
    WF_TRY(fill_summary(&to, &asked->window, asked->case_id != NULL,
                        asked->answer.found.contacts_count, ret));
    ret->base.case_id = asked->case_id;
    return WEFT_OK;
}

// Rows of which the order is seen; 0: all.
static uint64_t best_of(const weft_contacts_query *query)
{
    if (query->count_only)
        return 1;
    return query->most == 0 || query->first > UINT64_MAX - query->most
               ? 0
               : query->first + query->most;
}

// Rows beyond the best have no order, so that one of a person's that is left out there
// may be the stronger: then all are put in order.
static weft_status find_once(weft_city *city, wf_trace_contacts_query *find,
                             wf_contacts_asked *of, wf_arena *arena, weft_error *error)
{
    size_t left_out = 0;
    for (bool again = true; again;) {
        WF_TRY(wf_trace_contacts_find(&of->net, find, arena, &of->answer, error));
        weft_status status = wf_contacts_join_ids(city, of->index.person,
                                                  &of->answer.found, &left_out, error);
        again = status == WEFT_OK && left_out > 0 && find->best > 0;
        if (status != WEFT_OK || again)
            wf_trace_contacts_done(&of->answer);
        if (status != WEFT_OK)
            return status;
        find->best = 0;
    }
    return WEFT_OK;
}

weft_status wf_contacts_ask(weft_city *city, const weft_contacts_query *query,
                            wf_contacts_asked *ret, weft_error *error)
{
    wf_arena *arena = wf_city_new_answer(city);
    wf_contacts_asked asked = {.net = wf_city_net(city), .texts = query->texts};
    wf_lookup_ask ask = {.case_id = query->case_id,
                         .person = query->person,
                         .from = query->from,
                         .to = query->to};
    if (query->generations < 1 || query->generations > 2)
        return wf_fail(error, WEFT_BAD_USAGE, "lookup.generations", NULL);
    WF_TRY(wf_lookup_resolve(city, &asked.net, &ask, arena, &asked.index, &asked.window,
                             error));
    asked.case_id = ask.case_id;
    WF_TRY(wf_person_own_ids(city, asked.index.person, arena, &asked.net.own, error));
    wf_trace_contacts_query find = {.index = &asked.index,
                                    .window = asked.window,
                                    .generations = query->generations,
                                    .limit = query->limit,
                                    .best = best_of(query)};
    WF_TRY(find_once(city, &find, &asked, arena, error));
    *ret = asked;
    return WEFT_OK;
}

static weft_status give(const wf_contacts_asked *asked, const weft_contacts_query *query,
                        const weft_contacts_rows *rows, wf_arena *arena,
                        weft_contacts_summary *ret, weft_error *error)
{
    giving to = giving_of(asked, arena, error);
    if (!query->count_only) {
        wf_telling telling = {0};
        weft_status status =
            query->telling ? wf_telling_begin(asked, &telling, error) : WEFT_OK;
        if (status == WEFT_OK)
            status = give_contacts(&to, query, query->telling ? &telling : NULL, rows);
        wf_telling_done(&telling);
        WF_TRY(status);
        WF_TRY(give_notices(&to, rows));
    }
    return wf_contacts_sum(asked, arena, ret, error);
}

weft_status weft_contacts(weft_city *city, const weft_contacts_query *query,
                          const weft_contacts_rows *rows, weft_contacts_summary *ret,
                          weft_error *error)
{
    wf_contacts_asked asked = {0};
    WF_TRY(wf_contacts_ask(city, query, &asked, error));
    weft_status status = give(&asked, query, rows, &city->answer, ret, error);
    if (status == WEFT_OK)
        status = wf_span_status(&asked.answer.span, error);
    wf_trace_contacts_done(&asked.answer);
    return status;
}
