// The list of contacts: what was judged, and the work on them.
#include <stdlib.h>
#include <string.h>

#include "access/asked/lists_inside.h"
#include "base/grow.h"
#include "desk/cases/kinds.h"
#include "desk/register/alias.h"
#include "desk/tracing/kinds.h"
#include "store/person_facts.h"

// Work on a person in an outbreak, under whichever of their ids it was done.
typedef struct {
    wf_text outbreak;
    uint32_t person; // the id under which lists show them
    wf_back_value reached, reached_by, placed, placed_in;
    weft_time placed_in_at; // what of their ids was placed last says where
} follow;

// Why a contact was found to be one, or none, by the fact that said so at a time.
typedef struct {
    wf_text case_id, person;
    bool dismissed;
    weft_time at;
    size_t order; // of the ledger
    wf_text why;
} judgement;

// The outbreak that was said of a case.
typedef struct {
    wf_text case_id, outbreak;
} case_outbreak;

typedef struct {
    wf_listing *list;
    wf_buffer aliases;    // of wf_alias_shown
    case_outbreak *cases; // by case
    size_t cases_count, cases_capacity;
    follow *all;
    size_t count, capacity;
    wf_text *persons; // of whom there are judgements
    size_t persons_count, persons_capacity;
    judgement *judged;
    size_t judged_count, judged_capacity;
} follows;

static const wf_value *value_named(const wf_table *table, const wf_value *values,
                                   const char *name)
{
    for (size_t i = 0; i < table->columns_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &values[i];
    WF_BUG("the tables of contacts have this column");
}

static wf_back_value time_of(const wf_table *table, const wf_value *values,
                             const char *name)
{
    const wf_value *value = value_named(table, values, name);
    return (wf_back_value){.given = value->given,
                           .timed = true,
                           .text = {"", 0},
                           .at = {value->given ? value->number : 0}};
}

static wf_back_value text_of(const wf_table *table, const wf_value *values,
                             const char *name)
{
    const wf_value *value = value_named(table, values, name);
    return (wf_back_value){.given = value->given,
                           .text = value->given ? value->text : (wf_text){"", 0}};
}

static bool keep_text(wf_arena *arena, wf_text *text)
{
    *text = wf_arena_text(arena, *text);
    return text->bytes != NULL;
}

// The id under which lists show the person who has this one.
static uint32_t shown_of(const follows *of, wf_text person)
{
    const wf_numbers *numbers = wf_store_numbers(of->list->city->store);
    uint32_t number = numbers->find(numbers->context, WF_COLUMN_PERSON, person);
    const wf_alias_shown *shown = wf_alias_find_shown(&of->aliases, number);
    return shown == NULL ? number : shown->shown;
}

static weft_status add_follow(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_contact_follow;
    follows *of = context;
    follow *all = wf_grow(of->all, of->count, &of->capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->all = all;
    follow *one = &all[of->count];
    *one = (follow){.outbreak = value_named(table, values, "outbreak")->text,
                    .person = shown_of(of, value_named(table, values, "person")->text),
                    .reached = time_of(table, values, "reached_at"),
                    .reached_by = text_of(table, values, "reached_by"),
                    .placed = time_of(table, values, "placed_at"),
                    .placed_in = text_of(table, values, "placed_in")};
    one->placed_in_at = one->placed.at;
    wf_arena *arena = &of->list->arena;
    if (!keep_text(arena, &one->outbreak) || !keep_text(arena, &one->reached_by.text) ||
        !keep_text(arena, &one->placed_in.text))
        return wf_fail_memory(error);
    of->count++;
    return WEFT_OK;
}

static int compare_follows(const void *a, const void *b)
{
    const follow *left = a, *right = b;
    int order = wf_text_compare(left->outbreak, right->outbreak);
    return order != 0 ? order
                      : (left->person > right->person) - (left->person < right->person);
}

static bool is_earlier(const wf_back_value *a, const wf_back_value *b)
{
    return a->given && (!b->given || a->at.us < b->at.us);
}

// As tracing_joined has it: reached and placed as soon as one of their ids was, where the
// last that was placed says.
static void join_follow(follow *to, const follow *more)
{
    if (is_earlier(&more->reached, &to->reached)) {
        to->reached = more->reached;
        to->reached_by = more->reached_by;
    }
    if (more->placed_in.given &&
        (!to->placed_in.given || more->placed_in_at.us > to->placed_in_at.us)) {
        to->placed_in = more->placed_in;
        to->placed_in_at = more->placed_in_at;
    }
    if (is_earlier(&more->placed, &to->placed))
        to->placed = more->placed;
}

static weft_status read_follows(follows *of, wf_database *db, weft_error *error)
{
    WF_TRY(wf_alias_read_shown(db, &of->aliases, error));
    WF_TRY(wf_records_each(wf_store_records(of->list->city->store), db,
                           &wf_table_contact_follow, add_follow, of, error));
    if (of->count == 0)
        return WEFT_OK;
    qsort(of->all, of->count, sizeof *of->all, compare_follows);
    size_t kept = 0;
    for (size_t i = 1; i < of->count; i++)
        if (compare_follows(&of->all[kept], &of->all[i]) == 0)
            join_follow(&of->all[kept], &of->all[i]);
        else
            of->all[++kept] = of->all[i];
    of->count = kept + 1;
    return WEFT_OK;
}

// ---- the outbreak of their case, where work on them counts, too ----

static weft_status add_case(void *context, const wf_value *values, weft_error *error)
{
    follows *of = context;
    wf_back_value outbreak = text_of(&wf_table_cases, values, "outbreak");
    if (!outbreak.given)
        return WEFT_OK;
    case_outbreak *all =
        wf_grow(of->cases, of->cases_count, &of->cases_capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->cases = all;
    case_outbreak *one = &all[of->cases_count];
    *one =
        (case_outbreak){text_of(&wf_table_cases, values, "case_id").text, outbreak.text};
    wf_arena *arena = &of->list->arena;
    if (!keep_text(arena, &one->case_id) || !keep_text(arena, &one->outbreak))
        return wf_fail_memory(error);
    of->cases_count++;
    return WEFT_OK;
}

static int compare_cases(const void *a, const void *b)
{
    return wf_text_compare(((const case_outbreak *)a)->case_id,
                           ((const case_outbreak *)b)->case_id);
}

static weft_status read_cases(follows *of, wf_database *db, weft_error *error)
{
    WF_TRY(wf_records_each(wf_store_records(of->list->city->store), db, &wf_table_cases,
                           add_case, of, error));
    if (of->cases_count > 0)
        qsort(of->cases, of->cases_count, sizeof *of->cases, compare_cases);
    return WEFT_OK;
}

static void add_work(const follows *of, wf_text outbreak, uint32_t person, follow *to)
{
    const follow key = {.outbreak = outbreak, .person = person};
    const follow *found = of->count == 0 ? NULL
                                         : bsearch(&key, of->all, of->count,
                                                   sizeof *of->all, compare_follows);
    if (found != NULL)
        join_follow(to, found);
}

// As tracing_joined has it: in the outbreak that was named with them, and in that of the
// case.
static follow work_on(const follows *of, wf_text case_id, wf_text outbreak,
                      uint32_t person)
{
    follow ret = {.person = person};
    const case_outbreak key = {.case_id = case_id};
    const case_outbreak *own =
        of->cases_count == 0
            ? NULL
            : bsearch(&key, of->cases, of->cases_count, sizeof *of->cases, compare_cases);
    add_work(of, outbreak, person, &ret);
    if (own != NULL && !wf_text_equal(own->outbreak, outbreak))
        add_work(of, own->outbreak, person, &ret);
    return ret;
}

// ---- why they were judged so: the facts say it, and no row ----

static weft_status add_person(void *context, const wf_value *values, weft_error *error)
{
    follows *of = context;
    if (!value_named(&wf_table_contact, values, "confirmed_at")->given)
        return WEFT_OK;
    wf_text *all =
        wf_grow(of->persons, of->persons_count, &of->persons_capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->persons = all;
    all[of->persons_count] = value_named(&wf_table_contact, values, "person")->text;
    if (!keep_text(&of->list->arena, &all[of->persons_count]))
        return wf_fail_memory(error);
    of->persons_count++;
    return WEFT_OK;
}

// What was looked up rests on facts: as many of their names as a text has room for.
static bool names_of(const wf_value *because, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "依据事实记录 rests on");
    for (size_t i = 0; done && i < because->items_count; i++) {
        wf_fact_name name = wf_fact_name_of(because->items[i].fact);
        if (to->size + strlen(name.text) + 2 > WF_TEXT_BYTES_MAX)
            break;
        done = wf_buffer_printf(to, "%s %s", i > 0 ? "," : "", name.text);
    }
    return done;
}

static const wf_value *field_of(const wf_fact *fact, const char *name)
{
    size_t at = wf_kind_field(fact->kind, wf_text_of(name));
    WF_ASSERT(at != SIZE_MAX);
    return &fact->values[at];
}

static weft_status add_judgement(void *context, const wf_entry *entry, bool live,
                                 weft_error *error)
{
    follows *of = context;
    const wf_fact *fact = &entry->fact;
    bool dismissed = fact->kind == &wf_kind_contact_dismissed;
    if (!live || entry->forgotten ||
        (!dismissed && fact->kind != &wf_kind_contact_confirmed))
        return WEFT_OK;
    judgement *all =
        wf_grow(of->judged, of->judged_count, &of->judged_capacity, sizeof *all);
    if (all == NULL)
        return wf_fail_memory(error);
    of->judged = all;
    const wf_value *words = field_of(fact, "judgement");
    const wf_value *because = field_of(fact, "because");
    judgement *one = &all[of->judged_count];
    wf_buffer names = {0};
    *one = (judgement){.case_id = field_of(fact, "case")->text,
                       .person = field_of(fact, "person")->text,
                       .dismissed = dismissed,
                       .at = fact->at,
                       .order = of->judged_count};
    bool done = words->given || !because->given || names_of(because, &names);
    one->why = words->given ? words->text : wf_buffer_text(&names);
    wf_arena *arena = &of->list->arena;
    done = done && keep_text(arena, &one->case_id) && keep_text(arena, &one->person) &&
           keep_text(arena, &one->why);
    wf_buffer_wipe(&names);
    of->judged_count += done;
    return done ? WEFT_OK : wf_fail_memory(error);
}

// By case, person and which of the two it is, what was said last of a time last.
static int compare_judged(const void *a, const void *b)
{
    const judgement *left = a, *right = b;
    int order = wf_text_compare(left->case_id, right->case_id);
    if (order == 0)
        order = wf_text_compare(left->person, right->person);
    if (order == 0)
        order = left->dismissed - right->dismissed;
    if (order == 0)
        order = (left->at.us > right->at.us) - (left->at.us < right->at.us);
    return order != 0 ? order
                      : (left->order > right->order) - (left->order < right->order);
}

static int compare_texts(const void *a, const void *b)
{
    return wf_text_compare(*(const wf_text *)a, *(const wf_text *)b);
}

static weft_status read_judgements(follows *of, wf_database *db, weft_error *error)
{
    wf_store *store = of->list->city->store;
    WF_TRY(wf_records_each(wf_store_records(store), db, &wf_table_contact, add_person, of,
                           error));
    if (of->persons_count > 0)
        qsort(of->persons, of->persons_count, sizeof *of->persons, compare_texts);
    for (size_t i = 0; i < of->persons_count; i++)
        if (i == 0 || !wf_text_equal(of->persons[i - 1], of->persons[i]))
            WF_TRY(wf_person_facts(store, db, of->persons[i], add_judgement, of, error));
    if (of->judged_count > 0)
        qsort(of->judged, of->judged_count, sizeof *of->judged, compare_judged);
    return WEFT_OK;
}

// Of the judgement or the dismissal that stands; nothing where its fact is forgotten.
static wf_back_value why_judged(const follows *of, wf_text case_id, wf_text person,
                                bool dismissed, weft_time at)
{
    const judgement key = {.case_id = case_id,
                           .person = person,
                           .dismissed = dismissed,
                           .at = at,
                           .order = SIZE_MAX};
    size_t low = 0, high = of->judged_count;
    while (low < high) {
        size_t half = low + (high - low) / 2;
        if (compare_judged(&of->judged[half], &key) < 0)
            low = half + 1;
        else
            high = half;
    }
    const judgement *one = low == 0 ? NULL : &of->judged[low - 1];
    if (one == NULL || !wf_text_equal(one->case_id, case_id) ||
        !wf_text_equal(one->person, person) || one->dismissed != dismissed ||
        one->at.us != at.us)
        return (wf_back_value){.text = {"", 0}};
    return (wf_back_value){.given = one->why.size > 0, .text = one->why};
}

// ---- a row ----

// In the order of load's columns of contacts.
static weft_status add_contact(void *context, const wf_value *values, weft_error *error)
{
    static const wf_table *const table = &wf_table_contact;
    follows *of = context;
    wf_back_value confirmed = time_of(table, values, "last_confirmed_at");
    wf_back_value dismissed = time_of(table, values, "dismissed_at");
    wf_back_value why = text_of(table, values, "dismissed_for");
    wf_text case_id = text_of(table, values, "case_id").text;
    wf_text person = text_of(table, values, "person").text;
    wf_text outbreak = text_of(table, values, "outbreak").text;
    wf_back_value because = why_judged(of, case_id, person, false, confirmed.at);
    wf_back_value words = why_judged(of, case_id, person, true, dismissed.at);
    if (!confirmed.given)
        return WEFT_OK; // named only, or never found to be one
    if (dismissed.given && dismissed.at.us <= confirmed.at.us)
        dismissed.given = why.given = false; // found to be one again
    words.given = words.given && dismissed.given;
    const follow work = work_on(of, case_id, outbreak, shown_of(of, person));
    const wf_back_value cells[] = {text_of(table, values, "case_id"),
                                   text_of(table, values, "person"),
                                   text_of(table, values, "outbreak"),
                                   text_of(table, values, "level"),
                                   time_of(table, values, "exposed_from"),
                                   time_of(table, values, "exposed_until"),
                                   text_of(table, values, "place"),
                                   because,
                                   confirmed,
                                   work.reached,
                                   work.reached_by,
                                   work.placed,
                                   work.placed_in,
                                   dismissed,
                                   why,
                                   words};
    _Static_assert(sizeof cells / sizeof *cells <= WF_COLUMNS_MAX, "a row has room");
    WF_ASSERT(sizeof cells / sizeof *cells == of->list->fields->columns_count);
    wf_buffer sort = {0};
    bool done = wf_buffer_append(&sort, cells[0].text.bytes, cells[0].text.size) &&
                wf_buffer_append(&sort, "", 1) &&
                wf_buffer_append(&sort, cells[1].text.bytes, cells[1].text.size) &&
                wf_listing_add(of->list, cells, wf_buffer_text(&sort));
    wf_buffer_wipe(&sort);
    return done ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_listing_contacts(wf_listing *list, weft_error *error)
{
    wf_records *records = wf_store_records(list->city->store);
    follows of = {.list = list};
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(list->city->store, &db, error));
    weft_status status = read_follows(&of, db, error);
    if (status == WEFT_OK)
        status = read_judgements(&of, db, error);
    if (status == WEFT_OK)
        status = read_cases(&of, db, error);
    if (status == WEFT_OK)
        status = wf_records_each(records, db, &wf_table_contact, add_contact, &of, error);
    wf_database_close(db);
    wf_buffer_done(&of.aliases);
    free(of.all);
    free(of.cases);
    free(of.persons);
    free(of.judged);
    if (status == WEFT_OK)
        wf_listing_sort(list);
    return status;
}
