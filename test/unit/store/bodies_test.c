// Bodies that stand in another book: what the store asks of it, and when. The book is one
// in memory, with a log of what it was asked.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "store/facts.h"
#include "store/person_facts.h"
#include "store/store_inside.h"
#include "support/made_city.h"

// ---- a book in memory ----

enum { bodies_max = 16, body_max = 256 };

typedef struct {
    wf_identity id; // of one device, so that its text is no matter
    weft_day day;
    bool durable, seen, dead;
    size_t size;
    char bytes[body_max];
} body;

typedef struct {
    body all[bodies_max];
    size_t count;
    char log[64]; // p put, c commit, d committed, r rollback, u unsure, s settle, l life
    uint64_t position;
    weft_status refuses, fails; // of takes, of commit
} book;

static void note(book *of, char what)
{
    size_t size = strlen(of->log);
    if (size + 1 < sizeof of->log)
        of->log[size] = what;
}

static body *body_of(book *of, int64_t seq)
{
    for (size_t i = 0; i < of->count; i++)
        if (of->all[i].id.seq == seq)
            return &of->all[i];
    return NULL;
}

static weft_status takes(void *context, const wf_fact *fact, weft_day day,
                         weft_error *error)
{
    const book *of = context;
    (void)fact, (void)day;
    return of->refuses == WEFT_OK
               ? WEFT_OK
               : wf_fail(error, of->refuses, "visits.day_keyless", NULL);
}

static weft_status put(void *context, const wf_fact *fact, weft_day day, wf_text bytes,
                       weft_error *error)
{
    book *of = context;
    body *to = body_of(of, fact->id.seq);
    (void)error;
    note(of, 'p');
    to = to != NULL ? to : &of->all[of->count++];
    *to = (body){.id = {WF_TEXT("S-01"), fact->id.seq}, .day = day, .size = bytes.size};
    assert_true(bytes.size <= body_max && of->count <= bodies_max);
    memcpy(to->bytes, bytes.bytes, bytes.size);
    return WEFT_OK;
}

static weft_status commit(void *context, weft_error *error)
{
    book *of = context;
    note(of, 'c');
    if (of->fails != WEFT_OK)
        return wf_fail_memory(error);
    for (size_t i = 0; i < of->count; i++)
        of->all[i].durable = true;
    return WEFT_OK;
}

static void committed(void *context)
{
    book *of = context;
    note(of, 'd');
    for (size_t i = 0; i < of->count; i++)
        of->all[i].seen = true;
}

static void drop_unseen(book *of)
{
    size_t kept = 0;
    for (size_t i = 0; i < of->count; i++)
        if (of->all[i].seen)
            of->all[kept++] = of->all[i];
    of->count = kept;
}

static void rollback(void *context, bool unsure)
{
    note(context, unsure ? 'u' : 'r');
    if (!unsure)
        drop_unseen(context);
}

static weft_status find(void *context, wf_identity id, weft_day day, wf_arena *arena,
                        bool *ret_found, wf_text *ret, weft_error *error)
{
    body *found = body_of(context, id.seq);
    (void)arena, (void)error;
    *ret_found = found != NULL && found->day.number == day.number;
    if (*ret_found)
        *ret = (wf_text){found->bytes, found->size};
    return WEFT_OK;
}

static weft_status settle(void *context, wf_body_is_known *is_known, void *store,
                          weft_error *error)
{
    book *of = context;
    note(of, 's');
    for (size_t i = 0; i < of->count; i++) {
        body *one = &of->all[i];
        bool known = false;
        if (!one->seen)
            WF_TRY(is_known(store, one->id, one->day, (wf_text){one->bytes, one->size},
                            &known, error));
        one->seen = one->seen || known;
    }
    drop_unseen(of);
    return WEFT_OK;
}

static weft_status set_dead(void *context, wf_identity id, weft_day day, bool dead,
                            weft_error *error)
{
    body *one = body_of(context, id.seq);
    (void)error;
    if (one != NULL && one->day.number == day.number)
        one->dead = dead;
    return WEFT_OK;
}

static weft_status write_life(void *context, uint64_t position, weft_error *error)
{
    book *of = context;
    (void)error;
    if (of->position != position)
        note(of, 'l');
    of->position = position;
    return WEFT_OK;
}

static uint64_t life_position(void *context)
{
    return ((const book *)context)->position;
}

static weft_status each(void *context, wf_body_visitor *visit, void *store,
                        weft_error *error)
{
    book *of = context;
    for (size_t i = 0; i < of->count; i++)
        WF_TRY(visit(store, of->all[i].id, of->all[i].day, of->all[i].dead, error));
    return WEFT_OK;
}

// ---- a city with it ----

typedef struct {
    made_city city;
    book book;
    wf_bodies bodies;
} fixture;

static void fixture_new(fixture *f, bool has_book)
{
    *f = (fixture){.bodies = {takes, put, commit, committed, rollback, find, settle,
                              set_dead, write_life, life_position, each, &f->book}};
    f->city.bodies = &f->bodies;
    f->city.bodies_in_ledger = !has_book;
    made_city_make(&f->city);
    memset(f->book.log, 0, sizeof f->book.log);
}

// As after a restart: with the book.
static void reopen(fixture *f)
{
    made_city_close(&f->city);
    f->city.bodies_in_ledger = false;
    memset(f->book.log, 0, sizeof f->book.log);
    made_city_open(&f->city, &f->city.store.quick);
}

static wf_fact with_values(wf_fact fact, const char *const (*values)[2], size_t count)
{
    for (size_t i = 0; i < count; i++)
        fact.values[wf_kind_field(fact.kind, wf_text_of(values[i][0]))] =
            (wf_value){.given = true, .text = wf_text_of(values[i][1])};
    return fact;
}

static wf_fact stated(const fixture *f, int64_t seq, const char *start)
{
    static const char *const values[][2] = {{"person", "P-0000001"}, {"place", "R-1"}};
    const made_store *store = &f->city.store;
    wf_fact fact = {.id = {WF_TEXT("S-01"), seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("visit.stated")),
                    .at = made_time(store, "2021-12-10 09:00")};
    fact.values[wf_kind_field(fact.kind, WF_TEXT("start"))] =
        (wf_value){.given = true, .number = made_time(store, start).us};
    return with_values(fact, values, 2);
}

static wf_fact withdrawn(const fixture *f, int64_t seq, int64_t of)
{
    static const char *const values[][2] = {{"device", "S-01"}, {"reason", "mistake"}};
    wf_fact fact = {.id = {WF_TEXT("S-01"), seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("fact.withdrawn")),
                    .amends = {WF_TEXT("S-01"), of},
                    .at = made_time(&f->city.store, "2021-12-10 09:00")};
    fact.values[wf_kind_field(fact.kind, WF_TEXT("seq"))] =
        (wf_value){.given = true, .number = of};
    return with_values(fact, values, 2);
}

static wf_verdict sent(fixture *f, wf_fact fact)
{
    wf_verdict verdict;
    weft_error error = {0};
    assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
    assert_int_equal(
        wf_store_send(f->city.records, &fact, 1, WF_TIME_NONE, &verdict, &error),
        WEFT_OK);
    assert_int_equal(wf_store_apply(f->city.records, 0, &error), WEFT_OK);
    return verdict;
}

static wf_entry entry_at(fixture *f, uint64_t position, wf_arena *arena)
{
    wf_entry entry;
    weft_error error = {0};
    assert_int_equal(
        wf_ledger_read(wf_store_ledger(f->city.records), position, arena, &entry, &error),
        WEFT_OK);
    return entry;
}

// ---- tests ----

static void the_ledger_has_the_envelope_and_the_book_the_body(void **state)
{
    (void)state;
    fixture f;
    wf_arena arena;
    weft_error error = {0};
    fixture_new(&f, true);
    wf_arena_init(&arena, 0);
    assert_int_equal(sent(&f, stated(&f, 1, "2021-12-08 08:00")).sent, WF_SENT_ACCEPTED);
    assert_string_equal(f.book.log, "pcdl");
    assert_int_equal(sent(&f, stated(&f, 1, "2021-12-08 08:00")).sent, WF_SENT_HAD);
    assert_int_equal(sent(&f, stated(&f, 1, "2021-12-08 08:01")).sent, WF_SENT_CONFLICT);
    wf_entry entry = entry_at(&f, 1, &arena);
    assert_true(entry.elsewhere && !entry.forgotten);
    assert_int_equal(entry.day.number, f.book.all[0].day.number);
    assert_false(entry.fact.values[0].given);
    assert_int_equal(wf_store_read_body(f.city.records, &arena, &entry, &error), WEFT_OK);
    assert_false(entry.elsewhere);
    assert_true(wf_text_equal(entry.fact.values[0].text, WF_TEXT("P-0000001")));
    assert_int_equal(
        wf_ledger_verify(wf_store_ledger(f.city.records), NULL, NULL, &error), WEFT_OK);
    wf_arena_done(&arena);
    made_city_done(&f.city);
}

static void what_the_book_refuses_is_refused(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f, true);
    f.book.refuses = WEFT_KEYLESS;
    wf_verdict verdict = sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    assert_int_equal(verdict.sent, WF_SENT_REFUSED);
    assert_string_equal(verdict.why.code, "visits.day_keyless");
    assert_int_equal(f.book.count, 0);
    made_city_done(&f.city);
}

static void without_its_body_no_fact_is_taken(void **state)
{
    (void)state;
    fixture f;
    wf_verdict verdict;
    weft_error error = {0};
    fixture_new(&f, true);
    f.book.fails = WEFT_NO_MEMORY;
    wf_fact fact = stated(&f, 1, "2021-12-08 08:00");
    assert_int_equal(
        wf_store_send(f.city.records, &fact, 1, WF_TIME_NONE, &verdict, &error),
        WEFT_NO_MEMORY);
    assert_string_equal(f.book.log, "pcr");
    assert_int_equal(f.book.count, 0);
    assert_int_equal(wf_ledger_now(wf_store_ledger(f.city.records)).positions, 0);
    f.book.fails = WEFT_OK;
    assert_int_equal(sent(&f, fact).sent, WF_SENT_ACCEPTED);
    made_city_done(&f.city);
}

static void the_book_is_told_who_is_dead_and_who_lives_again(void **state)
{
    (void)state;
    fixture f;
    fixture_new(&f, true);
    // Withdrawn before it came.
    sent(&f, withdrawn(&f, 2, 1));
    sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    assert_true(f.book.all[0].dead);
    sent(&f, withdrawn(&f, 3, 2));
    assert_false(f.book.all[0].dead);
    wf_fact instead = stated(&f, 4, "2021-12-07 08:00");
    instead.amends = (wf_identity){WF_TEXT("S-01"), 1};
    sent(&f, instead);
    assert_true(body_of(&f.book, 1)->dead);
    assert_false(body_of(&f.book, 4)->dead);
    made_city_done(&f.city);
}

static void an_opening_makes_the_books_agree(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    fixture_new(&f, true);
    sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    sent(&f, stated(&f, 2, "2021-12-08 08:00"));
    sent(&f, withdrawn(&f, 3, 2));
    // A commit was cut off behind the book's; another before the book was told.
    wf_fact lost = stated(&f, 4, "2021-12-08 08:00");
    assert_int_equal(put(&f.book, &lost, f.book.all[0].day, WF_TEXT("x"), &error),
                     WEFT_OK);
    f.book.all[0].seen = false;
    // A name that came to a fact of another body.
    f.book.all[1].seen = f.book.all[1].dead = false;
    f.book.all[1].bytes[0] ^= 1;
    reopen(&f);
    assert_int_equal(f.book.count, 1);
    assert_true(f.book.all[0].seen && f.book.all[0].id.seq == 1);
    // Life that was not written is found again.
    made_city_close(&f.city);
    f.book.all[0].dead = true;
    f.book.position = 0;
    made_city_open(&f.city, &f.city.store.quick);
    assert_false(f.book.all[0].dead);
    made_city_done(&f.city);
}

static void rows_made_anew_tell_again_who_is_dead(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    fixture_new(&f, true);
    sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    sent(&f, withdrawn(&f, 2, 1));
    f.book.all[0].dead = false;
    wf_register_close(f.city.reg);
    f.city.reg = NULL;
    assert_int_equal(wf_store_rebuild(f.city.records, NULL, NULL, &error), WEFT_OK);
    assert_true(f.book.all[0].dead);
    made_city_done(&f.city);
}

static void bodies_of_an_older_ledger_are_put_into_the_book_once(void **state)
{
    (void)state;
    fixture f;
    wf_arena arena;
    fixture_new(&f, false);
    wf_arena_init(&arena, 0);
    sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    sent(&f, stated(&f, 2, "2021-12-08 08:00"));
    sent(&f, withdrawn(&f, 3, 2));
    assert_int_equal(f.book.count, 0);
    reopen(&f);
    assert_int_equal(f.book.count, 2);
    assert_true(f.book.all[0].seen && !f.book.all[0].dead && f.book.all[1].dead);
    // The ledger still has what it had.
    assert_false(entry_at(&f, 1, &arena).elsewhere);
    assert_int_equal(sent(&f, stated(&f, 1, "2021-12-08 08:00")).sent, WF_SENT_HAD);
    reopen(&f);
    assert_string_equal(f.book.log, "s");
    wf_arena_done(&arena);
    made_city_done(&f.city);
}

static weft_status count_values(void *context, const wf_entry *entry, bool live,
                                weft_error *error)
{
    size_t *count = context;
    (void)live, (void)error;
    *count += entry->fact.values[0].given ? 1 : 100;
    return WEFT_OK;
}

static size_t facts_of_person(fixture *f)
{
    wf_database *db = NULL;
    weft_error error = {0};
    size_t count = 0;
    assert_int_equal(wf_store_reader(f->city.records, &db, &error), WEFT_OK);
    assert_int_equal(wf_person_facts(f->city.records, db, WF_TEXT("P-0000001"),
                                     count_values, &count, &error),
                     WEFT_OK);
    wf_database_close(db);
    return count;
}

static void a_persons_facts_have_their_bodies(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    fixture_new(&f, true);
    sent(&f, stated(&f, 1, "2021-12-08 08:00"));
    sent(&f, stated(&f, 2, "2021-12-08 09:00"));
    assert_int_equal(facts_of_person(&f), 2);
    // The index, made anew, finds them too; a body that cannot be read is not given.
    assert_int_equal(wf_index_clear(f.city.records->index, &error), WEFT_OK);
    assert_int_equal(wf_store_index_anew(f.city.records, &error), WEFT_OK);
    assert_int_equal(facts_of_person(&f), 2);
    f.book.count = 1;
    assert_int_equal(facts_of_person(&f), 101);
    made_city_done(&f.city);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_ledger_has_the_envelope_and_the_book_the_body),
        cmocka_unit_test(what_the_book_refuses_is_refused),
        cmocka_unit_test(without_its_body_no_fact_is_taken),
        cmocka_unit_test(the_book_is_told_who_is_dead_and_who_lives_again),
        cmocka_unit_test(an_opening_makes_the_books_agree),
        cmocka_unit_test(rows_made_anew_tell_again_who_is_dead),
        cmocka_unit_test(bodies_of_an_older_ledger_are_put_into_the_book_once),
        cmocka_unit_test(a_persons_facts_have_their_bodies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
