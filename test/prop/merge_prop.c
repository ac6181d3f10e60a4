// Two records of one person, joined and parted: whatever facts were told of which of
// their ids, in whatever order they come,
//
//   a merge that is taken back leaves no trace in any list, count, hole or clock;
//   where all ids are joined, contacts answer as if all had been told of the one id;
//   the order of arrival does not matter, and SQLite and PostgreSQL answer the same;
//   nobody has two rows in a list of contacts, and none is missing there.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "base/prng.h"
#include "desk/tracing/work.h"
#include "support/made_holes.h"
#include "support/server.h"

enum {
    cases_default = 8,
    facts_count = 60,
    merges_count = 10,
    persons_count = 3,
    ids_max = 3,
    batch_max = 12,
    outbreak_cases = 3
};

// Their ids, the least of each not the first; the last has one.
static const struct {
    const char *ids[ids_max];
    uint32_t count;
    const char *grid;
} persons[persons_count] = {{{"A-3", "A-1", "A-2"}, 3, "320282001201"},
                            {{"B-1", "B-2"}, 2, "320282002202"},
                            {{"K-1"}, 1, "320282003203"}};

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value, error->params[1].value);
    assert_int_equal(status, WEFT_OK);
}

// ---- stories ----

// What is said, %P for the person's id, %C for the case, %T for a tube or another id of
// its own, %O for the outbreak, %G for where the person lives. What the row of a contact
// keeps of the last word alone (how, level, where) is the same for each: which of two
// records said it last the rows do not tell.
static const struct {
    const char *kind, *body;
    uint32_t often;
} sayings[] = {
    {"contact.named",
     "'case':'%C','person':'%P','outbreak':'%O','how':'interview','level':'%L'", 6},
    {"contact.confirmed",
     "'case':'%C','person':'%P','outbreak':'%O','level':'%L','judgement':'met'", 8},
    {"contact.dismissed",
     "'case':'%C','person':'%P','outbreak':'%O','reason':'no_contact'", 3},
    {"contact.dismissed",
     "'case':'%C','person':'%P','outbreak':'%O','reason':'other_region'", 2},
    {"contact.attempted", "'outbreak':'%O','person':'%P','result':'no_answer'", 3},
    {"contact.attempted", "'outbreak':'%O','person':'%P','result':'refused'", 2},
    {"contact.reached", "'outbreak':'%O','person':'%P','how':'phone'", 3},
    {"contact.placed", "'outbreak':'%O','person':'%P','where':'site'", 2},
    {"contact.tested", "'outbreak':'%O','person':'%P','result':'negative'", 2},
    {"prophylaxis.given", "'outbreak':'%O','person':'%P','kind':'antiviral'", 1},
    {"contact.converted", "'outbreak':'%O','person':'%P','case':'C-2'", 1},
    {"contact.identified", "'contact':'X-%T','case':'%C','person':'%P','outbreak':'%O'",
     1},
    {"person.registered", "'person':'%P','name':'虚构','grid':'%G'", 3},
    {"person.absent", "'person':'%P','reason':'travelling'", 1},
    {"letter.sent",
     "'letter':'D-%T','region':'R','about':'check','persons':['%P'],'outbreak':'%O'", 1},
    {"case.reported", "'case':'C-2','person':'%P','outbreak':'O-1','source':'screening'",
     1},
    {"case.classified", "'case':'%C','classification':'not_a_case'", 1},
    {"case.classified", "'case':'%C','classification':'confirmed'", 2},
    {"order.issued",
     "'order':'M-%T','kind':'home_isolation','persons':['%P'],'clause':'39','because':"
     "[{'device':'S-1','seq':1}],'until':'2022-01-01T08:00:00+08:00'",
     1},
    {"sample.collected", "'tube':'T-%T','person':'%P','round':'R-1'", 1},
    {"tube.resulted", "'tube':'T-%T','result':'positive'", 1},
};

enum { sayings_count = sizeof sayings / sizeof *sayings };

typedef struct {
    uint32_t saying; // sayings_count: two ids are one; + 1: they are not
    uint32_t person, id, other, case_id, own;
    bool wrong; // dismissed as the wrong person
} said;

typedef struct {
    said facts[facts_count + merges_count + 2 * ids_max * persons_count];
    size_t count, told; // told: without what joins and parts at the end
} story;

static uint32_t draw_saying(wf_prng *dice)
{
    uint32_t sum = 0, at = 0;
    for (uint32_t i = 0; i < sayings_count; i++)
        sum += sayings[i].often;
    for (uint32_t left = wf_prng_below(dice, sum); left >= sayings[at].often; at++)
        left -= sayings[at].often;
    return at;
}

static said draw_fact(wf_prng *dice)
{
    uint32_t person = wf_prng_below(dice, persons_count);
    return (said){.saying = draw_saying(dice),
                  .person = person,
                  .id = wf_prng_below(dice, persons[person].count),
                  .case_id = 1 + wf_prng_below(dice, outbreak_cases),
                  .own = 1 + wf_prng_below(dice, 4)};
}

static said draw_pair(wf_prng *dice)
{
    uint32_t person = wf_prng_below(dice, persons_count - 1);
    uint32_t id = wf_prng_below(dice, persons[person].count);
    return (said){.saying = sayings_count + wf_prng_below(dice, 2),
                  .person = person,
                  .id = id,
                  .other = (id + 1 + wf_prng_below(dice, persons[person].count - 1)) %
                           persons[person].count};
}

// Cases first, which the rest is about. `merges`: ids are joined and parted meanwhile.
static void draw_story(story *of, wf_prng *dice, bool wrong)
{
    static const said head = {.saying = sayings_count + 2};
    *of = (story){.count = 0};
    for (uint32_t i = 0; i < outbreak_cases; i++) {
        of->facts[of->count] = head;
        of->facts[of->count++].case_id = i + 1;
    }
    for (size_t i = 0; i < facts_count + merges_count; i++) {
        said *fact = &of->facts[of->count++];
        *fact = wf_prng_below(dice, facts_count + merges_count) < merges_count
                    ? draw_pair(dice)
                    : draw_fact(dice);
        fact->wrong = wrong && wf_prng_below(dice, 2) == 0;
    }
    of->told = of->count;
}

static bool is_pair(const said *fact)
{
    return fact->saying == sayings_count || fact->saying == sayings_count + 1;
}

// Every pair of everybody's ids is said to be one person, or not to be.
static void end_with(story *of, bool same)
{
    for (uint32_t p = 0; p < persons_count; p++)
        for (uint32_t a = 0; a < persons[p].count; a++)
            for (uint32_t b = 0; b < persons[p].count; b++)
                if (a != b && of->count < sizeof of->facts / sizeof *of->facts &&
                    (!same || b == a + 1))
                    of->facts[of->count++] =
                        (said){.saying = sayings_count + (same ? 0 : 1),
                               .person = p,
                               .id = a,
                               .other = b};
}

// The id under which a person is shown whose ids are all joined: the least that is
// registered, else the least.
static uint32_t shown_id(const story *of, uint32_t person)
{
    uint32_t best = 0;
    bool best_is = false;
    for (uint32_t i = 0; i < persons[person].count; i++) {
        bool is = false;
        for (size_t k = 0; k < of->told; k++)
            is = is ||
                 (of->facts[k].saying < sayings_count &&
                  strcmp(sayings[of->facts[k].saying].kind, "person.registered") == 0 &&
                  of->facts[k].person == person && of->facts[k].id == i);
        bool less = strcmp(persons[person].ids[i], persons[person].ids[best]) < 0;
        if (i == 0 || (is && !best_is) || (is == best_is && less)) {
            best = i;
            best_is = is;
        }
    }
    return best;
}

// Whether a fact is told of an id; where nobody is joined the others are not known.
static bool is_told_of(const story *of, uint32_t person, uint32_t id)
{
    for (size_t k = 0; k < of->count; k++)
        if (of->facts[k].saying < sayings_count && of->facts[k].person == person &&
            of->facts[k].id == id &&
            strstr(sayings[of->facts[k].saying].body, "%P") != NULL)
            return true;
    return false;
}

// ---- as lines ----

// What a letter stands for; the last case is of an outbreak of its own.
static void put_letter(const said *fact, const char *id, char letter, wf_buffer *to)
{
    const uint32_t number = letter == 'T'   ? fact->own
                            : letter == 'C' ? fact->case_id
                                            : 1 + (fact->case_id == outbreak_cases);
    const char *level = (fact->case_id + fact->person) % 3 == 0 ? "secondary" : "close";
    const char *text = letter == 'P'   ? id
                       : letter == 'L' ? level
                                       : persons[fact->person].grid;
    bool is_number = strchr("TCO", letter) != NULL;
    const char *before = letter == 'C' ? "C-" : letter == 'O' ? "O-" : "";
    assert_true(is_number ? wf_buffer_printf(to, "%s%u", before, number)
                          : wf_buffer_printf(to, "%s", text));
}

static void put_body(const said *fact, const char *id, const char *body, wf_buffer *to)
{
    for (const char *at = body; *at != '\0'; at++)
        if (*at == '%')
            put_letter(fact, id, *++at, to);
        else
            assert_true(wf_buffer_append(to, *at == '\'' ? "\"" : at, 1));
}

// Who joins and parts keeps a book of their own, which is not there where nothing is.
static size_t number_in_book(const story *of, size_t place)
{
    size_t number = 0;
    for (size_t i = 0; i <= place; i++)
        number += is_pair(&of->facts[i]) == is_pair(&of->facts[place]);
    return number;
}

// `as`: by person the one id all is told of; NULL: as it was drawn.
static void put_fact(const story *of, size_t place, const uint32_t *as, wf_buffer *to)
{
    const said *fact = &of->facts[place];
    const char *const *ids = persons[fact->person].ids;
    const char *id = ids[as != NULL ? as[fact->person] : fact->id];
    const char *kind = "case.reported", *body = "'case':'%C','outbreak':'%O','reported':"
                                                "'2021-12-11T08:00:00+08:00'";
    if (fact->saying < sayings_count) {
        kind = sayings[fact->saying].kind;
        body = sayings[fact->saying].body;
    } else if (is_pair(fact)) {
        kind = fact->saying == sayings_count ? "person.same" : "person.not_same";
        body = NULL;
    }
    if (fact->wrong && strcmp(kind, "contact.dismissed") == 0)
        body = "'case':'%C','person':'%P','outbreak':'%O','reason':'wrong_person'";
    assert_true(wf_buffer_printf(to,
                                 "{\"device\":\"S-%d\",\"seq\":%zu,\"kind\":\"%s\","
                                 "\"at\":\"2021-12-11T%02zu:%02zu:"
                                 "00+08:00\",\"body\":{",
                                 is_pair(fact) ? 2 : 1, number_in_book(of, place), kind,
                                 8 + place / 60, place % 60));
    if (body != NULL)
        put_body(fact, id, body, to);
    else
        assert_true(
            wf_buffer_printf(to, "\"a\":\"%s\",\"b\":\"%s\"", id, ids[fact->other]));
    assert_true(wf_buffer_printf(to, "}}\n"));
}

// ---- a city ----

typedef struct {
    made_holes made;
    wf_views *views;
    wf_view_computed computed[32];
    test_address where;
    bool remote;
} home;

static bool is_known(const wf_sql_file *file, const wf_view_computed *all, size_t count)
{
    bool found = !file->computed;
    for (size_t i = 0; i < count; i++)
        found = found || strcmp(all[i].name, file->name) == 0;
    return found && file->parameters_count == 0;
}

// Views that need nothing but what all have.
static void open_views(home *h)
{
    weft_error error = {0};
    size_t count, computed_count, kept = 0, functions = 0;
    const wf_sql_text *texts = wf_desk_views(&count);
    const wf_view_computed *computed = wf_desk_computed(&computed_count);
    static wf_sql_text ours[64];
    for (size_t i = 0; i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        assert_true(wf_sql_file_read(&texts[i], wf_desk_kinds(), &arena, &file, why));
        if (is_known(&file, computed, computed_count)) {
            ours[kept++] = texts[i];
            for (size_t k = 0; k < computed_count; k++)
                if (strcmp(computed[k].name, texts[i].name) == 0)
                    h->computed[functions++] = computed[k];
        }
        wf_arena_done(&arena);
    }
    made_city *city = &h->made.city;
    wf_views_options options = {.store = city->records,
                                .keys = city->store.keys,
                                .kinds = wf_desk_kinds(),
                                .numbers = wf_numbers_of(city->store.visits),
                                .protocol = h->made.protocol,
                                .zone = city->store.zone,
                                .beside = wf_desk_beside(),
                                .same_person = wf_desk_same_person(),
                                .texts = ours,
                                .texts_count = kept,
                                .computed = h->computed,
                                .computed_count = functions};
    ok(wf_views_open(&options, &h->views, &error), &error);
}

static void home_new(home *h, bool remote)
{
    memset(h, 0, sizeof *h);
    h->remote = remote;
    if (remote)
        h->where = test_postgres_schema(&server);
    made_holes_new(&h->made, remote ? h->where.text : NULL);
    open_views(h);
}

static void home_done(home *h)
{
    weft_error error = {0};
    wf_database *db = NULL;
    wf_views_close(h->views);
    made_holes_done(&h->made);
    if (!h->remote)
        return;
    wf_database_options options = {.io = &wf_io_posix, .where = h->where.text};
    ok(wf_database_open(&options, &db, &error), &error);
    ok(wf_database_run(db, "DROP SCHEMA weft_made CASCADE", &error), &error);
    wf_database_close(db);
}

// ---- nobody twice, nobody missing ----

static const struct {
    const char *says, *counts;
} once[] = {
    {"a row a person and case",
     "SELECT count(*) FROM (SELECT 1 AS one FROM tracing_joined AS k LEFT JOIN alias AS "
     "a "
     "ON a.person = k.person GROUP BY k.case_id, coalesce(a.same_as, k.person) HAVING "
     "count(*) > 1) AS q"},
    {"under the id that is shown",
     "SELECT count(*) FROM tracing_joined AS k JOIN register_shown AS o ON o.person = "
     "k.person WHERE o.shown <> k.person"},
    {"everybody who was named, but those who were found to be the case",
     "SELECT (SELECT count(*) FROM tracing_joined) - (SELECT count(*) FROM (SELECT "
     "DISTINCT k.case_id, coalesce(a.same_as, k.person) AS person FROM contact AS k LEFT "
     "JOIN alias AS a ON a.person = k.person WHERE NOT EXISTS (SELECT 1 FROM cases AS c "
     "LEFT JOIN alias AS o ON o.person = c.person WHERE c.case_id = k.case_id AND "
     "coalesce(o.same_as, c.person) = coalesce(a.same_as, k.person))) AS q)"},
    {"holes of contacts under the id that is shown",
     "SELECT count(*) FROM hole AS h JOIN register_shown AS o ON o.person = h.number "
     "WHERE "
     "h.kind >= 'tracing/contact_' AND h.kind < 'tracing/contact`' AND o.shown <> "
     "h.number"},
};

static void is_sound(home *h)
{
    weft_error error = {0};
    wf_buffer differs = {0};
    wf_database *db = made_holes_reader(&h->made);
    if (made_holes_check_by(&h->made, db, &differs) > 0)
        fail_msg("%.*s", (int)differs.size, differs.bytes);
    for (size_t i = 0; i < sizeof once / sizeof *once; i++) {
        int64_t count = -1;
        ok(wf_database_number(db, once[i].counts, 0, &count, &error), &error);
        if (count != 0)
            fail_msg("not so: %s (%lld)", once[i].says, (long long)count);
    }
    wf_database_close(db);
    wf_buffer_done(&differs);
}

// Tells the facts of these places, some at once, and looks in between.
static void tell(home *h, const story *of, const size_t *places, size_t count,
                 const uint32_t *as, wf_prng *dice)
{
    wf_buffer lines = {0};
    for (size_t at = 0, next; at < count; at = next) {
        next = at + 1 + wf_prng_below(dice, batch_max);
        next = next < count ? next : count;
        wf_buffer_clear(&lines);
        for (size_t i = at; i < next; i++)
            if (as == NULL || !is_pair(&of->facts[places[i]]))
                put_fact(of, places[i], as, &lines);
        assert_true(wf_buffer_append(&lines, "", 1));
        if (lines.size == 1)
            continue;
        ok(made_import(&h->made.city, WEFT_IMPORT_FACTS, lines.bytes),
           &h->made.city.error);
        if (h->made.city.summary.refused > 0)
            fail_msg("%s %s: %s", h->made.city.refused[0].code,
                     h->made.city.refused[0].field, lines.bytes);
        if (wf_prng_below(dice, 4) == 0)
            is_sound(h);
    }
    wf_buffer_done(&lines);
    is_sound(h);
}

// ---- what is answered ----

static void put_value(const wf_column *about, const wf_value *value, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, "|");
    if (!value->given)
        return;
    switch (about->type) {
    case WF_COLUMN_DATE:
    case WF_COLUMN_TIME:
    case WF_COLUMN_INTEGER:
    case WF_COLUMN_YESNO:
        done = done && wf_buffer_printf(to, "%lld", (long long)value->number);
        break;
    case WF_COLUMN_NUMBER:
        done = done && wf_buffer_printf(to, "%.9g", value->real);
        break;
    default:
        done = done && wf_buffer_append(to, value->text.bytes, value->text.size);
    }
    assert_true(done);
}

typedef struct {
    const wf_sql_file *file;
    wf_buffer *to;
} putting;

static weft_status put_page(void *context, const wf_view_page *page, weft_error *error)
{
    putting *p = context;
    (void)error;
    for (size_t i = 0; i < page->rows_count; i++) {
        assert_true(wf_buffer_printf(p->to, "%s ", p->file->name));
        for (size_t k = 0; k < page->columns_count; k++)
            put_value(p->file->columns[k].about,
                      &page->values[i * page->columns_count + k], p->to);
        assert_true(wf_buffer_printf(p->to, "\n"));
    }
    return WEFT_OK;
}

// Of lists that tell what each record said, and not of the person: where they are, all is
// compared, or none.
static bool is_of_persons(const char *name)
{
    static const char *const names[] = {"tracing/contacts",  "tracing/bottomed_out",
                                        "tracing/funnel",    "tracing/clock",
                                        "tracing/open_risk", "tracing/last_round",
                                        "cases/found",       "cases/milestones"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(name, names[i]) == 0)
            return true;
    return false;
}

static void put_views(home *h, bool of_persons, wf_buffer *to)
{
    weft_error error = {0};
    const wf_value filters[WF_SQL_LIST_MAX] = {{0}};
    for (size_t i = 0; i < wf_views_count(h->views); i++) {
        wf_view *view = wf_views_at(h->views, i);
        const wf_sql_file *file = wf_view_file(view);
        wf_view_as_of as_of;
        if (of_persons && !is_of_persons(file->name))
            continue;
        const wf_view_question question = {
            .filters = filters,
            .now = made_time(&h->made.city.store, "2021-12-14 08:00")};
        ok(wf_view_all(view, &question, put_page, &(putting){file, to}, &as_of, &error),
           &error);
    }
}

// Whoever is asked for by any of their ids is found by it: those who are joined under the
// same rows.
static void ids_find_their_rows(home *h, const story *of)
{
    weft_error error = {0};
    wf_view *view = wf_views_find(h->views, WF_TEXT("tracing/contacts"));
    const wf_sql_file *file = wf_view_file(view);
    for (uint32_t p = 0; p < persons_count; p++) {
        wf_buffer first = {0};
        for (uint32_t i = 0; i < persons[p].count; i++) {
            wf_value filters[WF_SQL_LIST_MAX] = {{0}};
            wf_buffer found = {0};
            wf_view_as_of as_of;
            for (size_t k = 0; k < file->filters_count; k++)
                if (strcmp(file->columns[file->filters[k]].name, "person") == 0)
                    filters[k] =
                        (wf_value){.given = true, .text = wf_text_of(persons[p].ids[i])};
            const wf_view_question question = {.filters = filters};
            if (!is_told_of(of, p, i))
                continue;
            ok(wf_view_all(view, &question, put_page, &(putting){file, &found}, &as_of,
                           &error),
               &error);
            assert_true(wf_buffer_append(&found, "", 1));
            if (first.size > 0)
                assert_string_equal(first.bytes, found.bytes);
            wf_buffer_done(&first);
            first = found;
        }
        wf_buffer_done(&first);
    }
}

// What a look-up would find: by every id that somebody has here, with a rank of its own.
static size_t find_contacts(home *h, const story *of, const uint32_t *as, wf_contact *to)
{
    size_t count = 0;
    wf_ids *ids = wf_visits_ids(h->made.city.store.visits);
    for (uint32_t p = 0; p < persons_count; p++)
        for (uint32_t i = 0; i < persons[p].count; i++) {
            uint32_t id = as != NULL ? as[p] : i;
            wf_contact one = {.level =
                                  (p + i) % 2 == 0 ? WF_LEVEL_CLOSE : WF_LEVEL_GENERAL,
                              .rank = 0.1 + 0.2 * p + 0.03 * i};
            one.person.number =
                wf_ids_find(ids, WF_ID_PERSON, wf_text_of(persons[p].ids[id]));
            if (one.person.number != WF_NUMBER_NONE && is_told_of(of, p, i))
                to[count++] = one;
        }
    return count;
}

static void put_time(weft_time time, wf_buffer *to)
{
    assert_true(weft_time_is_none(time)
                    ? wf_buffer_printf(to, "|")
                    : wf_buffer_printf(to, "|%lld", (long long)time.us));
}

static void put_work_row(home *h, const wf_work_row *row, wf_buffer *to)
{
    wf_numbers numbers = wf_numbers_of(h->made.city.store.visits);
    wf_text id = row->contact;
    if (row->person.number != WF_NUMBER_NONE)
        id = numbers.text_of(numbers.context, WF_COLUMN_PERSON, row->person.number);
    assert_true(wf_buffer_printf(
        to, "%.*s %s %d %d %.3f %lld %.*s %.*s %.*s %.*s", (int)id.size, id.bytes,
        wf_work_state_word(row->state), (int)row->level, row->found != NULL,
        row->priority, (long long)row->attempts, (int)row->attempt.size,
        row->attempt.bytes, (int)row->placed_in.size, row->placed_in.bytes,
        (int)row->result.size, row->result.bytes, (int)row->dismissed_for.size,
        row->dismissed_for.bytes));
    const weft_time times[] = {row->exposed_from, row->exposed_until, row->named_at,
                               row->confirmed_at, row->dismissed_at,  row->attempted_at,
                               row->reached_at,   row->placed_at,     row->tested_at,
                               row->converted_at};
    for (size_t i = 0; i < sizeof times / sizeof *times; i++)
        put_time(times[i], to);
    assert_true(wf_buffer_printf(to, "\n"));
}

static void put_work(home *h, const story *of, const uint32_t *as, wf_buffer *to)
{
    weft_error error = {0};
    wf_database *db = made_holes_reader(&h->made);
    wf_contact found[persons_count * ids_max];
    const wf_contacts contacts = {.contacts = found,
                                  .contacts_count = find_contacts(h, of, as, found)};
    for (int i = 1; i <= outbreak_cases; i++) {
        char name[8];
        wf_arena arena = {0};
        wf_work work;
        snprintf(name, sizeof name, "C-%d", i);
        ok(wf_work_read(db, wf_text_of(name), &contacts, &arena, &work, &error), &error);
        for (size_t k = 0; k < work.count; k++) {
            assert_true(wf_buffer_printf(to, "work %s ", name));
            put_work_row(h, &work.rows[k], to);
        }
        assert_true(wf_buffer_printf(to, "work %s to call %llu\n", name,
                                     (unsigned long long)work.to_call));
        wf_arena_done(&arena);
    }
    wf_database_close(db);
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

// All that is answered, a line each, in no order of numbers.
static wf_buffer answers(home *h, const story *of, const uint32_t *as, bool of_persons)
{
    const wf_holes_query all = {.rule = SIZE_MAX, .not_yet_due = true};
    wf_buffer text = {0}, sorted = {0};
    put_views(h, of_persons, &text);
    (void)made_holes_list(&h->made, &all, &text);
    put_work(h, of, as, &text);
    assert_true(wf_buffer_append(&text, "", 1));
    char **lines = malloc(text.size * sizeof *lines), *rest = NULL;
    size_t count = 0;
    assert_non_null(lines);
    for (char *line = strtok_r(text.bytes, "\n", &rest); line != NULL;
         line = strtok_r(NULL, "\n", &rest))
        lines[count++] = line;
    qsort(lines, count, sizeof *lines, by_text);
    for (size_t i = 0; i < count; i++)
        assert_true(wf_buffer_printf(&sorted, "%s\n", lines[i]));
    assert_true(wf_buffer_append(&sorted, "", 1));
    free(lines);
    wf_buffer_done(&text);
    return sorted;
}

// The lines that one has and the other has not.
static void print_missing(const char *mark, const char *of, const char *in)
{
    for (const char *line = of, *end; *line != '\0'; line = end + 1) {
        end = strchr(line, '\n');
        size_t size = (size_t)(end - line) + 1;
        const char *at = memmem(in, strlen(in), line, size);
        if (at == NULL)
            print_error("%s %.*s\n", mark, (int)size - 1, line);
    }
}

static void same(const char *law, wf_buffer one, wf_buffer other)
{
    if (strcmp(one.bytes, other.bytes) != 0) {
        print_missing("-", one.bytes, other.bytes);
        print_missing("+", other.bytes, one.bytes);
        fail_msg("not so: %s", law);
    }
    wf_buffer_done(&one);
    wf_buffer_done(&other);
}

// ---- the laws ----

static void in_order(size_t *places, size_t count)
{
    for (size_t i = 0; i < count; i++)
        places[i] = i;
}

static void shuffle(size_t *places, size_t count, wf_prng *dice)
{
    for (size_t i = count; i > 1; i--) {
        size_t other = wf_prng_below(dice, (uint32_t)i), keep = places[i - 1];
        places[i - 1] = places[other];
        places[other] = keep;
    }
}

enum { places_max = sizeof((story *)0)->facts / sizeof(said) };

static void taken_back(uint64_t seed)
{
    static home never, merged;
    static story of;
    size_t places[places_max], kept[places_max], count = 0;
    wf_prng dice = wf_prng_new(seed);
    draw_story(&of, &dice, true);
    end_with(&of, false);
    in_order(places, of.count);
    for (size_t i = 0; i < of.count; i++)
        if (!is_pair(&of.facts[i]))
            kept[count++] = i;
    home_new(&never, false);
    home_new(&merged, false);
    tell(&never, &of, kept, count, NULL, &dice);
    tell(&merged, &of, places, of.count, NULL, &dice);
    same("a merge that is taken back leaves no trace", answers(&never, &of, NULL, false),
         answers(&merged, &of, NULL, false));
    home_done(&never);
    home_done(&merged);
}

static void as_one(uint64_t seed)
{
    static home two, one;
    static story of;
    size_t places[places_max];
    uint32_t as[persons_count];
    wf_prng dice = wf_prng_new(seed);
    draw_story(&of, &dice, false);
    end_with(&of, true);
    in_order(places, of.count);
    for (uint32_t p = 0; p < persons_count; p++)
        as[p] = shown_id(&of, p);
    home_new(&two, false);
    home_new(&one, false);
    tell(&two, &of, places, of.count, NULL, &dice);
    tell(&one, &of, places, of.count, as, &dice);
    ids_find_their_rows(&two, &of);
    same("joined ids answer as one", answers(&two, &of, NULL, true),
         answers(&one, &of, as, true));
    home_done(&two);
    home_done(&one);
}

static void in_any_order(uint64_t seed, bool remote)
{
    static home one, other;
    static story of;
    size_t places[places_max];
    wf_prng dice = wf_prng_new(seed);
    draw_story(&of, &dice, true);
    in_order(places, of.count);
    home_new(&one, false);
    home_new(&other, remote);
    tell(&one, &of, places, of.count, NULL, &dice);
    shuffle(places, of.count, &dice);
    tell(&other, &of, places, of.count, NULL, &dice);
    same("the order of arrival does not matter", answers(&one, &of, NULL, false),
         answers(&other, &of, NULL, false));
    home_done(&one);
    home_done(&other);
}

static uint64_t number_of(const char *name, uint64_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void each_seed(void (*law)(uint64_t seed))
{
    uint64_t first = number_of("WEFT_PROP_SEED", 1);
    for (uint64_t i = 0; i < number_of("WEFT_PROP_CASES", cases_default); i++) {
        print_message("# seed %llu\n", (unsigned long long)(first + i));
        law(first + i);
    }
}

static void a_merge_that_is_taken_back_leaves_no_trace(void **state)
{
    (void)state;
    each_seed(taken_back);
}

static void joined_ids_answer_as_one(void **state)
{
    (void)state;
    each_seed(as_one);
}

static void in_the_folder(uint64_t seed)
{
    in_any_order(seed, false);
}

static void by_the_server(uint64_t seed)
{
    if (seed % 4 == 1)
        in_any_order(seed, true);
}

static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    each_seed(in_the_folder);
    if (has_server)
        each_seed(by_the_server);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_merge_that_is_taken_back_leaves_no_trace),
        cmocka_unit_test(joined_ids_answer_as_one),
        cmocka_unit_test(the_order_of_arrival_does_not_matter),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
