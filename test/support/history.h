// Random histories for the laws of the ledger: valid facts of all kinds that are
// declared, from a seed. Values lie within the limits of their fields, as the
// declarations say, on the edges too; ids come from small pools, so that facts meet in
// rows; times tie; facts are corrected and withdrawn before and after they come, twice,
// in chains and in circles.
//
//     history h;
//     history_make(wf_desk_kinds(), &(history_options){.seed = 7, .facts_count = 1000},
//     &h); const wf_fact **again = history_reorder(h.arrivals, h.count, 8, 20, &count);
//
// What fails is made small by history_shrink, shown by history_print, and read again from
// what was kept by history_read.
#ifndef TEST_SUPPORT_HISTORY_H
#define TEST_SUPPORT_HISTORY_H

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/prng.h"
#include "model/fact.h"
#include "wire/facts.h"

// Zero means what is said in brackets; shares are of 1,000, and HISTORY_NONE is none.
#define HISTORY_NONE UINT32_MAX
typedef struct {
    uint64_t seed;
    size_t facts_count;  // different facts [200]
    uint32_t devices;    // senders that keep a book [6]; besides them an import, a rule
    uint32_t ids;        // of each sort [9]
    uint32_t days;       // that the facts' `at` lie in [8]
    uint32_t late;       // come long after others of their time [200]
    uint32_t repeats;    // come once more [50]
    uint32_t amendments; // correct or withdraw another [150]
    uint32_t conflicts;  // have the name of another and another body [none: with them
                         // the order of arrival matters]
    uint32_t lost;       // numbers that a sender used and that never come [20]
    uint32_t edges;      // values on the edge of what a field takes [60]
    bool (*takes)(const wf_kind *kind); // the kinds to use [all]
} history_options;

typedef struct {
    wf_arena arena;
    // In order of arrival; a fact that comes twice stands there twice. A fact holds only
    // the values of its kind's fields: copy it by history_copy.
    const wf_fact **arrivals;
    size_t count;
    weft_time first_at, last_at; // of all
} history;

// ---- drawing ----

// Uniform in [0, 1): 53 bits fill a double.
static inline double history_unit(wf_prng *prng)
{
    return (double)(wf_prng_u64(prng) >> 11) * 0x1p-53;
}

static inline bool history_hits(wf_prng *prng, uint32_t share)
{
    return wf_prng_below(prng, 1000) < share;
}

static inline void *history_memory(wf_arena *arena, size_t count, size_t size)
{
    void *memory = wf_arena_array(arena, count, size);
    if (memory == NULL)
        abort();
    return memory;
}

static inline wf_text history_text(wf_arena *arena, const char *bytes, size_t size)
{
    wf_text text = wf_arena_text(arena, (wf_text){bytes, size});
    if (text.bytes == NULL)
        abort();
    return text;
}

static inline uint32_t history_or(uint32_t given, uint32_t otherwise)
{
    return given == HISTORY_NONE ? 0 : given != 0 ? given : otherwise;
}

// ---- inside: the names that are given out before there are facts ----

typedef struct {
    wf_identity id;
    const wf_kind *kind;
    bool comes; // else it is lost
} history_name;

typedef struct {
    history_options o;
    wf_prng prng;
    wf_arena *arena;
    const wf_kind **kinds;
    size_t kinds_count;
    history_name *names;
    size_t names_count;
    weft_time first_at;
} history_maker;

static inline void history_draw_kinds(history_maker *m, const wf_kinds *kinds)
{
    m->kinds = history_memory(m->arena, kinds->kinds_count, sizeof(wf_kind *));
    for (size_t i = 0; i < kinds->kinds_count; i++)
        if (m->o.takes == NULL || m->o.takes(kinds->kinds[i]))
            m->kinds[m->kinds_count++] = kinds->kinds[i];
    if (m->kinds_count == 0)
        abort();
}

// Senders: "S-01" …; one whose numbers say nothing of time; one of reactions.
static inline void history_draw_names(history_maker *m)
{
    uint32_t senders = m->o.devices + 2;
    wf_text *devices = history_memory(m->arena, senders, sizeof *devices);
    int64_t *next = history_memory(m->arena, senders, sizeof *next);
    for (uint32_t i = 0; i < senders; i++) {
        char name[WF_DEVICE_BYTES_MAX];
        int size = snprintf(name, sizeof name, "S-%02" PRIu32, i + 1);
        if (i + 1 == senders)
            size = snprintf(name, sizeof name, "rule/pool/S-01");
        else if (i + 2 == senders)
            size = snprintf(name, sizeof name, "import/history");
        devices[i] = history_text(m->arena, name, (size_t)size);
    }
    m->names_count = m->o.facts_count;
    m->names = history_memory(m->arena, m->names_count, sizeof *m->names);
    for (size_t i = 0; i < m->names_count; i++) {
        uint32_t sender = wf_prng_below(&m->prng, senders);
        // Numbers of reactions are those of their causes: with great gaps.
        next[sender] += sender + 1 == senders ? 1 + wf_prng_below(&m->prng, 9) : 1;
        m->names[i] = (history_name){
            .id = {devices[sender], next[sender]},
            .kind = m->kinds[wf_prng_below(&m->prng, (uint32_t)m->kinds_count)],
            .comes = i == 0 || !history_hits(&m->prng, m->o.lost)};
    }
}

// Another fact than the at-th that comes, near it or anywhere, before or after it; of its
// kind when `same`. SIZE_MAX: none was met.
static inline size_t history_other(history_maker *m, size_t at, bool same)
{
    for (int tries = 0; tries < 40; tries++) {
        size_t other = wf_prng_below(&m->prng, (uint32_t)m->names_count);
        if (tries < 10)
            other =
                (at + 16 + m->names_count - wf_prng_below(&m->prng, 33)) % m->names_count;
        if (other != at && (!same || m->names[other].kind == m->names[at].kind))
            return other;
    }
    return SIZE_MAX;
}

// ---- values ----

// Text of about `size` bytes that a field of TEXT takes, of one to four bytes a letter.
static inline wf_text history_prose(history_maker *m, size_t size)
{
    static const char *const letters[] = {"a",  "Z", " ", "\"",      "'", "/",
                                          "\\", ",", "=", "0",       "é", "织",
                                          "㳇", "😀", "%", "\xC2\xA0"};
    wf_buffer text = {0};
    while (text.size < size) {
        const char *letter = letters[wf_prng_below(&m->prng, 16)];
        size_t bytes = strlen(letter);
        if (bytes > size - text.size || text.size == 0 || text.size + bytes == size)
            letter = "x", bytes = 1; // no blank at an end
        if (!wf_buffer_append(&text, letter, bytes))
            abort();
    }
    wf_text copy = history_text(m->arena, text.bytes, text.size);
    wf_buffer_done(&text);
    return copy;
}

// "P-0000003" of persons, "L-0000003" of places, "tube-3" of a field `tube`.
static inline wf_text history_pooled(history_maker *m, const wf_column *field)
{
    char text[160];
    uint32_t number = wf_prng_below(&m->prng, m->o.ids) + 1;
    int size = field->type == WF_COLUMN_PERSON
                   ? snprintf(text, sizeof text, "P-%07" PRIu32, number)
               : field->type == WF_COLUMN_PLACE
                   ? snprintf(text, sizeof text, "L-%07" PRIu32, number)
                   : snprintf(text, sizeof text, "%.100s-%" PRIu32, field->name, number);
    if (!wf_column_takes_text(field, (wf_text){text, (size_t)size}))
        size = snprintf(text, sizeof text, "%" PRIu32, number % 10);
    return history_text(m->arena, text, (size_t)size);
}

static inline wf_text history_words(history_maker *m, const wf_column *field)
{
    uint32_t count = 0;
    while (field->words[count] != NULL)
        count++;
    return wf_text_of(field->words[wf_prng_below(&m->prng, count)]);
}

static inline wf_text history_value_text(history_maker *m, const wf_column *field)
{
    if (field->type == WF_COLUMN_WORD)
        return history_words(m, field);
    if (history_hits(&m->prng, m->o.edges))
        return history_prose(m, wf_prng_below(&m->prng, 2) == 0 ? 1 : field->bytes_max);
    if (field->type == WF_COLUMN_TEXT && wf_prng_below(&m->prng, 3) == 0)
        return history_prose(m,
                             1 + wf_prng_below(&m->prng, field->bytes_max < 24
                                                             ? (uint32_t)field->bytes_max
                                                             : 24));
    return history_pooled(m, field);
}

static inline int64_t history_value_number(history_maker *m, const wf_column *field)
{
    int64_t min, max, day = INT64_C(86400) * WF_US_PER_S;
    wf_column_range(field, &min, &max);
    if (field->type == WF_COLUMN_TIME)
        min += day, max -= day + 1; // the leeway of zones is not for facts
    if (history_hits(&m->prng, m->o.edges))
        return wf_prng_below(&m->prng, 2) == 0 ? min : max;
    uint32_t near = wf_prng_below(&m->prng, 6);
    if (field->type == WF_COLUMN_DATE)
        return m->first_at.us / day + near;
    if (field->type == WF_COLUMN_TIME)
        return m->first_at.us + near * day +
               wf_prng_below(&m->prng, 3) * WF_US_PER_MINUTE;
    return (uint64_t)max - (uint64_t)min > near ? min + near : min;
}

static inline double history_value_real(history_maker *m, const wf_column *field)
{
    if (history_hits(&m->prng, m->o.edges))
        return wf_prng_below(&m->prng, 2) == 0 ? field->min : field->max;
    return field->min +
           (field->max - field->min) * (double)wf_prng_below(&m->prng, 1000) / 1000;
}

// A fact of another name; for a decision one that comes before it.
static inline wf_identity history_value_fact(history_maker *m, size_t at)
{
    bool decides = m->names[at].kind->kind_class == WF_DECISION;
    for (int tries = 0; decides && at > 0 && tries < 40; tries++) {
        size_t other = wf_prng_below(&m->prng, (uint32_t)at);
        if (m->names[other].comes)
            return m->names[other].id;
    }
    if (!decides)
        return m->names[wf_prng_below(&m->prng, (uint32_t)m->names_count)].id;
    return (wf_identity){WF_TEXT("S-before"), 1}; // of before this history
}

static inline void history_one_value(history_maker *m, const wf_column *field, size_t at,
                                     wf_value *ret)
{
    ret->given = true;
    switch (field->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        ret->text = history_value_text(m, field);
        return;
    case WF_COLUMN_NUMBER:
        ret->real = history_value_real(m, field);
        return;
    case WF_COLUMN_FACT:
        ret->fact = history_value_fact(m, at);
        return;
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
    case WF_COLUMN_YESNO:
    case WF_COLUMN_INTEGER:
        ret->number = history_value_number(m, field);
        return;
    }
    abort();
}

static inline void history_value(history_maker *m, const wf_column *field, size_t at,
                                 wf_value *ret)
{
    *ret = (wf_value){0};
    if (!field->list) {
        history_one_value(m, field, at, ret);
        return;
    }
    size_t most = history_hits(&m->prng, m->o.edges) ? 40 : 4;
    most = field->items_max < most ? field->items_max : most;
    size_t count = 1 + wf_prng_below(&m->prng, (uint32_t)most);
    wf_value *items = history_memory(m->arena, count, sizeof *items);
    for (size_t i = 0; i < count; i++)
        history_one_value(m, field, at, &items[i]);
    *ret = (wf_value){.given = true,
                      .items = items,
                      .items_count = wf_values_to_set(field->type, items, count)};
}

// ---- facts ----

// Makes two fields what the rule asks.
static inline void history_obey(history_maker *m, const wf_rule *rule, size_t at,
                                wf_fact *fact)
{
    size_t a = wf_kind_field(fact->kind, wf_text_of(rule->first));
    size_t b = wf_kind_field(fact->kind, wf_text_of(rule->second));
    wf_value *first = &fact->values[a], *second = &fact->values[b];
    const wf_column *field = &fact->kind->fields[a];
    if (rule->kind == WF_RULE_ONE_OF && !first->given && !second->given)
        history_value(m, field, at, first);
    if (rule->kind == WF_RULE_RISE && first->given && second->given &&
        wf_value_compare(field->type, first, second) > 0) {
        wf_value keep = *first;
        *first = *second;
        *second = keep;
    }
    // A stay of the visit store is believed up to 30 days, rounded to its minutes.
    const int64_t longest_us = 29 * INT64_C(86400) * WF_US_PER_S;
    if (rule->kind == WF_RULE_RISE && fact->kind->body_elsewhere && first->given &&
        second->given && second->number - first->number > longest_us)
        second->number = first->number + longest_us;
    while (rule->kind == WF_RULE_PAIR && first->given && second->given &&
           wf_value_compare(field->type, first, second) == 0)
        history_value(m, &fact->kind->fields[b], at, second);
}

static inline void history_amend(history_maker *m, size_t at, wf_fact *fact)
{
    bool same = !fact->kind->withdraws && wf_prng_below(&m->prng, 12) > 0;
    size_t other = history_other(m, at, same);
    if (!fact->kind->withdraws &&
        (other == SIZE_MAX || !history_hits(&m->prng, m->o.amendments) ||
         m->names[other].kind->kind_class != fact->kind->kind_class))
        return;
    fact->amends =
        other != SIZE_MAX ? m->names[other].id : (wf_identity){WF_TEXT("S-before"), 1};
    if (!fact->kind->withdraws)
        return;
    size_t device = wf_kind_field(fact->kind, WF_TEXT("device"));
    size_t seq = wf_kind_field(fact->kind, WF_TEXT("seq"));
    fact->values[device] = (wf_value){.given = true, .text = fact->amends.device};
    fact->values[seq] = (wf_value){.given = true, .number = fact->amends.seq};
}

// The at-th fact; `at` rises with it, save that minutes tie.
static inline const wf_fact *history_fact(history_maker *m, size_t at)
{
    static const char *const grids[] = {
        "", "3202", "320214", "320214001", "320214001002", "3202140010020010020001"};
    const wf_kind *kind = m->names[at].kind;
    size_t size = offsetof(wf_fact, values) + kind->fields_count * sizeof(wf_value);
    wf_fact *fact = history_memory(m->arena, 1, size);
    fact->id = m->names[at].id;
    fact->kind = kind;
    uint64_t minutes = (uint64_t)m->o.days * 1440;
    uint64_t minute = minutes * at / m->names_count;
    if (wf_prng_below(&m->prng, 4) == 0)
        minute = wf_prng_below(&m->prng, (uint32_t)minutes);
    fact->at.us = m->first_at.us + (int64_t)(minute / 20 * 20) * WF_US_PER_MINUTE;
    if (wf_prng_below(&m->prng, 2) == 0)
        fact->at.us += wf_prng_below(&m->prng, 1200) * WF_US_PER_S + (int64_t)(at % 2);
    fact->grid = wf_text_of(grids[wf_prng_below(&m->prng, 6)]);
    for (size_t i = 0; i < kind->fields_count; i++)
        if (kind->fields[i].required || wf_prng_below(&m->prng, 5) > 1)
            history_value(m, &kind->fields[i], at, &fact->values[i]);
    for (size_t i = 0; i < kind->rules_count; i++)
        history_obey(m, &kind->rules[i], at, fact);
    history_amend(m, at, fact);
    wf_fact_order_pairs(fact);
    weft_error error = {0};
    if (wf_fact_check(fact, &error) != WEFT_OK) {
        fprintf(stderr, "history: %s: %s (%s)\n", kind->name, error.code, error.field);
        abort(); // a field or a rule of a new sort: this file is to learn it
    }
    return fact;
}

// A whole wf_fact, for arrays that are sent.
static inline void history_copy(const wf_fact *from, wf_fact *to)
{
    memset(to, 0, sizeof *to);
    memcpy(to, from,
           offsetof(wf_fact, values) + from->kind->fields_count * sizeof(wf_value));
}

// ---- orders of arrival ----

typedef struct {
    const wf_fact *fact;
    double key;
    size_t at;
} history_place;

static inline int history_by_name(const void *a, const void *b)
{
    const wf_identity *x = &(*(const wf_fact *const *)a)->id;
    const wf_identity *y = &(*(const wf_fact *const *)b)->id;
    int order = wf_text_compare(x->device, y->device);
    return order != 0 ? order : (x->seq > y->seq) - (x->seq < y->seq);
}

static inline int history_place_by_name(const void *a, const void *b)
{
    const history_place *x = a, *y = b;
    int order = history_by_name(&x->fact, &y->fact);
    return order != 0 ? order : (x->key > y->key) - (x->key < y->key);
}

static inline int history_place_by_key(const void *a, const void *b)
{
    const history_place *x = a, *y = b;
    int order = (x->key > y->key) - (x->key < y->key);
    return order != 0 ? order : (x->at > y->at) - (x->at < y->at);
}

// When the fact of a name comes first; −1: it does not. `sorted` is by name and key.
static inline double history_when(const history_place *sorted, size_t count,
                                  wf_identity id)
{
    size_t low = 0, high = count;
    wf_fact wanted = {.id = id};
    const wf_fact *fact = &wanted;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (history_by_name(&sorted[middle].fact, &fact) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && history_by_name(&sorted[low].fact, &fact) == 0 ? sorted[low].key
                                                                         : -1;
}

// The latest of the first arrivals of what a decision rests on.
static inline double history_rests_on(const history_place *sorted, size_t count,
                                      const wf_fact *decision)
{
    double latest = -1;
    for (size_t i = 0; i < decision->kind->fields_count; i++) {
        const wf_value *value = &decision->values[i];
        if (decision->kind->fields[i].type != WF_COLUMN_FACT || !value->given)
            continue;
        const wf_value *items = value->items != NULL ? value->items : value;
        size_t items_count = value->items != NULL ? value->items_count : 1;
        for (size_t item = 0; item < items_count; item++) {
            double when = history_when(sorted, count, items[item].fact);
            latest = when > latest ? when : latest;
        }
    }
    return latest;
}

// Puts decisions, in the order in which they stand in `places`, after each other and
// after the observations that they rest on. Observations keep their keys.
static inline void history_settle(history_place *places, size_t count)
{
    history_place *sorted = malloc((count > 0 ? count : 1) * sizeof *sorted);
    if (sorted == NULL)
        abort();
    size_t observations = 0;
    for (size_t i = 0; i < count; i++)
        if (places[i].fact->kind->kind_class == WF_OBSERVATION)
            sorted[observations++] = places[i];
    qsort(sorted, observations, sizeof *sorted, history_place_by_name);
    double before = -1;
    for (size_t i = 0; i < count; i++) {
        if (places[i].fact->kind->kind_class != WF_DECISION)
            continue;
        double rests = history_rests_on(sorted, observations, places[i].fact);
        double key = places[i].key;
        key = key > rests ? key : rests;
        places[i].key = before = key > before ? key : before;
        // Equal keys are ordered by `at`: behind all observations.
        places[i].at += count;
    }
    free(sorted);
}

static inline const wf_fact **history_in_order(history_place *places, size_t count)
{
    const wf_fact **arrivals = malloc((count > 0 ? count : 1) * sizeof(wf_fact *));
    if (arrivals == NULL)
        abort();
    history_settle(places, count);
    qsort(places, count, sizeof *places, history_place_by_key);
    for (size_t i = 0; i < count; i++)
        arrivals[i] = places[i].fact;
    free(places);
    return arrivals;
}

// Gives the keys of decisions to them in rising order, so that they stay spread out.
static inline void history_spread_decisions(history_place *places, size_t count)
{
    history_place *decisions = malloc((count > 0 ? count : 1) * sizeof *decisions);
    if (decisions == NULL)
        abort();
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        if (places[i].fact->kind->kind_class == WF_DECISION)
            decisions[used++] = places[i];
    qsort(decisions, used, sizeof *decisions, history_place_by_key);
    for (size_t i = count; i > 0; i--)
        if (places[i - 1].fact->kind->kind_class == WF_DECISION)
            places[i - 1].key = decisions[--used].key;
    free(decisions);
}

// Another order in which the same facts may come, `repeats` in 1,000 of them once more:
// observations anywhere, decisions after each other as they stand and after what they
// rest on. The caller frees *ret; *ret_count is at least `count`.
static inline const wf_fact **history_reorder(const wf_fact *const *arrivals,
                                              size_t count, uint64_t seed,
                                              uint32_t repeats, size_t *ret_count)
{
    wf_prng prng = wf_prng_new(seed);
    history_place *places = malloc((count > 0 ? count : 1) * 2 * sizeof *places);
    if (places == NULL)
        abort();
    size_t used = 0;
    for (size_t i = 0; i < count; i++)
        for (int times = history_hits(&prng, repeats) ? 2 : 1; times > 0; times--) {
            places[used] = (history_place){arrivals[i], history_unit(&prng), used};
            used++;
        }
    history_spread_decisions(places, used);
    *ret_count = used;
    return history_in_order(places, used);
}

// The size of the next batch, of at most `left`: one, few, many.
static inline size_t history_batch(wf_prng *prng, size_t left)
{
    uint32_t most = UINT32_C(1) << (2 * wf_prng_below(prng, 6));
    size_t size = 1 + wf_prng_below(prng, most);
    return size < left ? size : left;
}

// ---- making ----

static inline history_options history_filled(const history_options *o)
{
    history_options filled = *o;
    filled.facts_count = o->facts_count != 0 ? o->facts_count : 200;
    filled.devices = history_or(o->devices, 6);
    filled.ids = history_or(o->ids, 9);
    filled.days = history_or(o->days, 8);
    filled.late = history_or(o->late, 200);
    filled.repeats = history_or(o->repeats, 50);
    filled.amendments = history_or(o->amendments, 150);
    filled.conflicts = history_or(o->conflicts, 0);
    filled.lost = history_or(o->lost, 20);
    filled.edges = history_or(o->edges, 60);
    return filled;
}

// Where facts come: as they were made, a little mixed; late ones long after, repeats and
// conflicts behind.
static inline void history_arrive(history_maker *m, history *ret)
{
    history_place *places = malloc(m->names_count * 3 * sizeof *places);
    if (places == NULL)
        abort();
    size_t used = 0;
    for (size_t i = 0; i < m->names_count; i++) {
        if (!m->names[i].comes)
            continue;
        const wf_fact *fact = history_fact(m, i);
        double key = (double)i + 3 * history_unit(&m->prng);
        if (history_hits(&m->prng, m->o.late))
            key += (double)(m->names_count - i) * history_unit(&m->prng);
        places[used] = (history_place){fact, key, used};
        used++;
        if (history_hits(&m->prng, m->o.repeats)) {
            places[used] = (history_place){fact, key + 20 * history_unit(&m->prng), used};
            used++;
        }
        if (history_hits(&m->prng, m->o.conflicts)) {
            places[used] = (history_place){history_fact(m, i),
                                           key + 20 * history_unit(&m->prng), used};
            used++;
        }
    }
    ret->count = used;
    ret->arrivals = history_in_order(places, used);
}

static inline void history_span(history *h)
{
    for (size_t i = 0; i < h->count; i++) {
        weft_time at = h->arrivals[i]->at;
        if (i == 0)
            h->first_at = h->last_at = at;
        h->first_at = at.us < h->first_at.us ? at : h->first_at;
        h->last_at = at.us > h->last_at.us ? at : h->last_at;
    }
}

static inline void history_make(const wf_kinds *kinds, const history_options *options,
                                history *ret)
{
    memset(ret, 0, sizeof *ret);
    wf_arena_init(&ret->arena, 0);
    history_maker m = {
        .o = history_filled(options),
        .prng = wf_prng_new(options->seed),
        .arena = &ret->arena,
        .first_at = {INT64_C(1638288000) * WF_US_PER_S}}; // 2021-11-30 16:00
    history_draw_kinds(&m, kinds);
    history_draw_names(&m);
    history_arrive(&m, ret);
    history_span(ret);
}

static inline void history_done(history *h)
{
    free(h->arrivals);
    wf_arena_done(&h->arena);
    memset(h, 0, sizeof *h);
}

// ---- what is to become of each ----

typedef enum { HISTORY_NEW, HISTORY_HAD, HISTORY_CONFLICT } history_outcome;

static inline bool history_same_body(const wf_fact *a, const wf_fact *b)
{
    wf_buffer x = {0}, y = {0};
    weft_error error = {0};
    wf_fact whole;
    bool done = false;
    history_copy(a, &whole);
    done = wf_fact_encode(&whole, &x, &error) == WEFT_OK;
    history_copy(b, &whole);
    done = done && wf_fact_encode(&whole, &y, &error) == WEFT_OK;
    if (!done)
        abort();
    bool same = wf_text_equal(wf_buffer_text(&x), wf_buffer_text(&y));
    wf_buffer_done(&x);
    wf_buffer_done(&y);
    return same;
}

// True when sending one after the other is a repeat.
static inline bool history_same(const wf_fact *a, const wf_fact *b)
{
    return a == b || (wf_identity_equal(a->id, b->id) && a->kind == b->kind &&
                      a->at.us == b->at.us && wf_text_equal(a->grid, b->grid) &&
                      wf_identity_equal(a->amends, b->amends) && history_same_body(a, b));
}

// Fills ret[i], for the i-th arrival.
static inline void history_expect(const wf_fact *const *arrivals, size_t count,
                                  history_outcome *ret)
{
    history_place *places = malloc((count > 0 ? count : 1) * sizeof *places);
    if (places == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        places[i] = (history_place){arrivals[i], (double)i, i};
    qsort(places, count, sizeof *places, history_place_by_name);
    size_t first = 0; // of those of one name
    for (size_t i = 0; i < count; i++) {
        if (history_by_name(&places[first].fact, &places[i].fact) != 0)
            first = i;
        ret[places[i].at] = first == i ? HISTORY_NEW
                            : history_same(places[first].fact, places[i].fact)
                                ? HISTORY_HAD
                                : HISTORY_CONFLICT;
    }
    free(places);
}

// ---- when a law fails ----

// Leaves out facts, by halves, quarters, …, single ones, while `fails` stays true of what
// is left. Works in `arrivals`; gives how many are left there.
static inline size_t
history_shrink(const wf_fact **arrivals, size_t count,
               bool (*fails)(void *context, const wf_fact *const *arrivals, size_t count),
               void *context)
{
    const wf_fact **fewer = malloc((count > 0 ? count : 1) * sizeof(wf_fact *));
    if (fewer == NULL)
        abort();
    for (size_t part = (count + 1) / 2; part > 0;) {
        bool smaller = false;
        for (size_t at = 0; at < count && count > 1;) {
            size_t gone = count - at < part ? count - at : part, left = count - gone;
            memcpy(fewer, arrivals, at * sizeof *fewer);
            memcpy(fewer + at, arrivals + at + gone, (left - at) * sizeof *fewer);
            if (fails(context, fewer, left)) {
                memcpy(arrivals, fewer, left * sizeof *fewer);
                count = left;
                smaller = true;
            } else {
                at += gone;
            }
        }
        if (!smaller || part > 1)
            part /= 2;
    }
    free(fewer);
    return count;
}

// The facts as lines of NDJSON in the order of their arrival, appended to *ret.
static inline void history_print(const wf_fact *const *arrivals, size_t count,
                                 const wf_zone *zone, wf_buffer *ret)
{
    weft_error error = {0};
    wf_fact whole;
    for (size_t i = 0; i < count; i++) {
        history_copy(arrivals[i], &whole);
        if (wf_facts_write(&whole, zone, ret, &error) != WEFT_OK ||
            !wf_buffer_append(ret, "\n", 1))
            abort();
    }
}

// A history of such lines: a case that was kept. False when a line is no fact.
static inline bool history_read(const wf_kinds *kinds, const wf_zone *zone, wf_text lines,
                                history *ret)
{
    memset(ret, 0, sizeof *ret);
    wf_arena_init(&ret->arena, 0);
    ret->arrivals = calloc(lines.size + 1, sizeof(wf_fact *));
    if (ret->arrivals == NULL)
        abort();
    while (lines.size > 0) {
        const char *end = memchr(lines.bytes, '\n', lines.size);
        size_t size = end != NULL ? (size_t)(end - lines.bytes) : lines.size;
        wf_fact *fact = history_memory(&ret->arena, 1, sizeof *fact);
        weft_error error = {0};
        bool known = false;
        if (wf_facts_read(kinds, zone, (wf_text){lines.bytes, size}, &ret->arena, fact,
                          &known, &error) != WEFT_OK) {
            history_done(ret);
            return false;
        }
        ret->arrivals[ret->count++] = fact;
        size += end != NULL;
        lines = (wf_text){lines.bytes + size, lines.size - size};
    }
    history_span(ret);
    return true;
}

#endif
