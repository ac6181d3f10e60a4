// Looks: what the header says, on what a look may rest, whom it showed, and who learns of
// it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "access/looks/look.h"
#include "access/looks/look_often.h"
#include "support/fact_city.h"
#include "support/server.h"

static fact_city drill;

static int begin(void **state)
{
    (void)state;
    fact_city_new(&drill, NULL);
    return 0;
}

// The same on a server, where one can be started; else once more without.
static int begin_on_server(void **state)
{
    (void)state;
    if (!has_server) {
        fact_city_new(&drill, NULL);
        return 0;
    }
    test_address where = test_postgres_schema(&server);
    fact_city_new_at(&drill, NULL, where.text);
    return 0;
}

static int end(void **state)
{
    (void)state;
    fact_city_done(&drill);
    return 0;
}

// ---- the header ----

static void the_header_names_a_reference_and_a_purpose_once_each(void **state)
{
    (void)state;
    static const struct {
        const char *header, *code; // NULL: it is read
        wf_reference_kind kind;
        const char *reference;
        wf_purpose purpose;
    } rows[] = {
        {"ref=case:C-0001; purpose=trace-contacts", NULL, WF_REFERENCE_CASE, "C-0001",
         WF_PURPOSE_TRACE_CONTACTS},
        {"  purpose = find-missed ;ref = round:R2", NULL, WF_REFERENCE_ROUND, "R2",
         WF_PURPOSE_FIND_MISSED},
        {"ref=order:M:1=2; purpose=care", NULL, WF_REFERENCE_ORDER, "M:1=2",
         WF_PURPOSE_CARE},
        {"ref=case:%E7%97%85%3b1;purpose=interview", NULL, WF_REFERENCE_CASE,
         "\xe7\x97\x85;1", WF_PURPOSE_INTERVIEW},
        {"ref=case:C-1; purpose=interview;", NULL, WF_REFERENCE_CASE, "C-1",
         WF_PURPOSE_INTERVIEW},
        {"", "look.needed", 0, NULL, 0},
        {"  ", "look.needed", 0, NULL, 0},
        {"ref=case:C-1", "look.header", 0, NULL, 0},
        {"purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:C-1; ref=case:C-2; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:C-1; purpose=care; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:C-1; purpose=care; x=1", "look.header", 0, NULL, 0},
        {"ref=case:; purpose=care", "look.header", 0, NULL, 0},
        {"ref=C-1; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:%4; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:%00; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:%ff; purpose=care", "look.header", 0, NULL, 0},
        {"ref=case:\xe7\x97\x85; purpose=care", "look.header", 0, NULL, 0},
        {"ref=murder:C-1; purpose=care", "look.kind", 0, NULL, 0},
        {"ref=case:C-1; purpose=curiosity", "look.purpose", 0, NULL, 0},
        {"ref=case:C-1; purpose=Care", "look.header", 0, NULL, 0},
        {";;", "look.header", 0, NULL, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_look_why why = {0};
        weft_error error = {0};
        weft_status status = wf_look_parse(wf_text_of(rows[i].header), &why, &error);
        if (rows[i].code != NULL) {
            assert_int_equal(status, WEFT_BAD_INPUT);
            assert_string_equal(error.code, rows[i].code);
            continue;
        }
        fact_city_ok(status, &error);
        assert_int_equal(why.kind, rows[i].kind);
        assert_string_equal(why.reference, rows[i].reference);
        assert_int_equal(why.purpose, rows[i].purpose);
    }
}

static void an_id_of_128_bytes_is_read_and_a_longer_one_is_not(void **state)
{
    (void)state;
    char header[200];
    wf_look_why why = {0};
    weft_error error = {0};
    snprintf(header, sizeof header, "ref=case:%0128d; purpose=care", 7);
    fact_city_ok(wf_look_parse(wf_text_of(header), &why, &error), &error);
    assert_int_equal(strlen(why.reference), 128);
    snprintf(header, sizeof header, "ref=case:%0129d; purpose=care", 7);
    assert_int_equal(wf_look_parse(wf_text_of(header), &why, &error), WEFT_BAD_INPUT);
}

// ---- facts, all of one day ----

static weft_time at(const char *hour)
{
    char text[32];
    snprintf(text, sizeof text, "2021-12-12T%s+08:00", hour);
    return fact_city_time(&drill, text);
}

static void fact(const char *device, int64_t seq, const char *kind, const char *hour,
                 const char *body)
{
    fact_city_line(&drill, device, seq, kind, at(hour), "", body);
}

static void come(void)
{
    weft_import_summary summary = fact_city_import(&drill);
    assert_int_equal(summary.refused, 0);
}

static void a_case(int64_t seq, const char *id, const char *person, const char *more)
{
    char body[256];
    snprintf(body, sizeof body, "\"case\":\"%s\",\"person\":\"%s\"%s", id, person, more);
    fact("I-1", seq, "case.reported", "08:00", body);
}

// ---- the judge ----

static bool sees(void *context, const wf_actor *actor, wf_reference_kind kind,
                 wf_text reference, const wf_reference *about)
{
    (void)context;
    (void)kind;
    (void)reference;
    size_t size = strlen(actor->grid);
    return strncmp(about->grid, actor->grid, size) == 0;
}

static const wf_actor investigator = {.kind = WF_ACTOR_USER,
                                      .role = WF_ROLE_INVESTIGATOR,
                                      .name = "u-1",
                                      .grid = "320214",
                                      .person_number = WF_NUMBER_NONE};

// What the judge says of a header: "" when it lets pass, else "refusal code".
static const char *judged(const char *header, wf_look_use use, const char *hour,
                          char text[96])
{
    wf_look look = {.actor = &investigator, .use = use, .asked = "contacts"};
    const wf_look_scope scope = {.sees = sees};
    weft_error error = {0};
    wf_look_refusal refusal;
    fact_city_ok(wf_look_parse(wf_text_of(header), &look.why, &error), &error);
    text[0] = '\0';
    if (wf_look_judge(drill.city, &look, &scope, at(hour), &refusal, &error) != WEFT_OK)
        snprintf(text, 96, "%s %s", refusal != NULL ? refusal : "-", error.code);
    return text;
}

static void says(const char *header, wf_look_use use, const char *hour, const char *what)
{
    char text[96];
    assert_string_equal(judged(header, use, hour, text), what);
}

#define TRACED(id) "ref=case:" id "; purpose=trace-contacts"

static void people(void)
{
    fact("I-1", 1, "person.registered", "07:00",
         "\"person\":\"P-1\",\"grid\":\"320214001\"");
    fact("I-1", 2, "person.registered", "07:00",
         "\"person\":\"P-2\",\"grid\":\"320282001\"");
}

static void a_look_rests_on_what_is_there_goes_on_and_is_ones_own(void **state)
{
    (void)state;
    people();
    a_case(3, "C-1", "P-1", ",\"classification\":\"confirmed\"");
    a_case(4, "C-2", "P-2", ",\"classification\":\"confirmed\"");
    a_case(5, "C-3", "P-1", ",\"classification\":\"not_a_case\"");
    a_case(6, "C-4", "P-1", ",\"classification\":\"confirmed\",\"outbreak\":\"O-1\"");
    fact("I-1", 7, "outbreak.declared", "08:00", "\"outbreak\":\"O-1\"");
    fact("I-1", 8, "order.issued", "09:00",
         "\"order\":\"M-1\",\"kind\":\"hold\",\"persons\":[\"P-1\"],\"clause\":\"cn-40\","
         "\"because\":[{\"device\":\"I-1\",\"seq\":3}],"
         "\"until\":\"2021-12-12T12:00:00+08:00\"");
    fact("I-1", 9, "place.registered", "08:00",
         "\"place\":\"S-1\",\"kind\":\"hall\",\"grid\":\"320214\"");
    come();
    says("ref=case:C-1; purpose=interview", WF_LOOK_READ, "10:00", "");
    says("ref=case:C-9; purpose=interview", WF_LOOK_READ, "10:00",
         "unknown look.reference");
    says("ref=case:C-2; purpose=interview", WF_LOOK_READ, "10:00",
         "elsewhere look.reference");
    says("ref=case:C-3; purpose=interview", WF_LOOK_READ, "10:00", "over look.over");
    says("ref=case:C-4; purpose=interview", WF_LOOK_READ, "10:00", "");
    // The order has no grid of its own, so that nobody's scope holds it.
    says("ref=order:M-1; purpose=care", WF_LOOK_READ, "10:00",
         "elsewhere look.reference");
    says("ref=site:S-1; purpose=give-result", WF_LOOK_READ, "10:00", "");
    says("ref=round:R-1; purpose=find-missed", WF_LOOK_READ, "10:00", "- look.not_kept");
    says("ref=site:S-1; purpose=interview", WF_LOOK_READ, "10:00",
         "- look.purpose_not_for");
    says("ref=case:C-1; purpose=interview", WF_LOOK_TRACE, "10:00",
         "- look.purpose_not_for");
    says("ref=case:C-1; purpose=interview", WF_LOOK_EXPORT, "10:00",
         "- look.purpose_not_for");
    fact("I-1", 10, "outbreak.ended", "11:00", "\"outbreak\":\"O-1\"");
    come();
    says("ref=case:C-4; purpose=interview", WF_LOOK_READ, "11:30", "over look.over");
}

static void an_order_founds_looks_until_it_ends_or_is_lifted(void **state)
{
    (void)state;
    for (int i = 1; i <= 2; i++) {
        char line[512], body[400];
        weft_time nine = at("09:00");
        snprintf(body, sizeof body,
                 "\"order\":\"M-%d\",\"kind\":\"hold\",\"persons\":[\"P-1\"],"
                 "\"clause\":\"cn-40\",\"because\":[{\"device\":\"L-1\",\"seq\":1}],"
                 "\"until\":\"2021-12-12T12:00:00+08:00\"",
                 i);
        if (i == 1)
            fact("L-1", 1, "tube.resulted", "08:00",
                 "\"tube\":\"T-1\",\"result\":\"positive\"");
        char when[WF_TIME_TEXT_MAX];
        snprintf(line, sizeof line,
                 "{\"device\":\"O-1\",\"seq\":%d,\"kind\":\"order.issued\",\"grid\":"
                 "\"320214\",\"at\":\"%s\",\"body\":{%s}}\n",
                 i, weft_city_time_text(drill.city, nine, when), body);
        assert_true(wf_buffer_append(&drill.lines, line, strlen(line)));
    }
    fact("O-1", 3, "order.lifted", "10:00", "\"order\":\"M-2\"");
    come();
    says("ref=order:M-1; purpose=care", WF_LOOK_READ, "11:59", "");
    says("ref=order:M-1; purpose=care", WF_LOOK_READ, "12:00", "over look.over");
    says("ref=order:M-2; purpose=care", WF_LOOK_READ, "11:00", "over look.over");
}

static void tracing_waits_for_evidence(void **state)
{
    (void)state;
    people();
    a_case(3, "C-1", "P-1", ",\"classification\":\"suspected\"");
    a_case(4, "C-2", "P-1", ",\"classification\":\"asymptomatic\"");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:00", "evidence look.no_evidence");
    says(TRACED("C-1"), WF_LOOK_READ, "10:00", ""); // to call them
    says(TRACED("C-2"), WF_LOOK_TRACE, "10:00", "");
}

static void the_persons_own_positive_sample_is_evidence_a_pool_is_not(void **state)
{
    (void)state;
    people();
    a_case(3, "C-1", "P-1", "");
    fact("S-1", 1, "sample.collected", "07:00", "\"tube\":\"T-1\",\"person\":\"P-1\"");
    fact("S-1", 2, "sample.collected", "07:01", "\"tube\":\"T-1\",\"person\":\"P-2\"");
    fact("S-1", 3, "tube.sealed", "07:02", "\"tube\":\"T-1\",\"count\":2");
    fact("L-1", 1, "tube.resulted", "09:00", "\"tube\":\"T-1\",\"result\":\"positive\"");
    // A pool of which one member's fact has come is a pool.
    fact("S-1", 4, "sample.collected", "07:05", "\"tube\":\"T-2\",\"person\":\"P-1\"");
    fact("S-1", 5, "tube.sealed", "07:06", "\"tube\":\"T-2\",\"count\":10");
    fact("L-1", 2, "tube.resulted", "09:00", "\"tube\":\"T-2\",\"result\":\"positive\"");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:00", "evidence look.no_evidence");
    fact("S-1", 6, "sample.collected", "09:30", "\"tube\":\"T-3\",\"person\":\"P-1\"");
    fact("S-1", 7, "tube.sealed", "09:31", "\"tube\":\"T-3\",\"count\":1");
    fact("L-1", 3, "tube.resulted", "10:00", "\"tube\":\"T-3\",\"result\":\"positive\"");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:30", "");
    fact("L-1", 4, "result.corrected", "11:00",
         "\"tube\":\"T-3\",\"result\":\"negative\"");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "11:30", "evidence look.no_evidence");
}

static void two_people_by_two_senders_answer_for_a_case(void **state)
{
    (void)state;
    people();
    a_case(3, "C-1", "P-1", "");
    fact("D-1", 1, "case.vouched", "09:00",
         "\"case\":\"C-1\",\"by\":\"u-1\",\"because\":\"a rash\"");
    fact("D-1", 2, "case.vouched", "09:01",
         "\"case\":\"C-1\",\"by\":\"u-2\",\"because\":\"a rash\"");
    fact("D-2", 1, "case.vouched", "09:02",
         "\"case\":\"C-1\",\"by\":\"u-1\",\"because\":\"a rash\"");
    come();
    // One phone, or one person, is not two.
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:00", "");
    fact("D-1", 3, "fact.withdrawn", "10:01", "\"device\":\"D-1\",\"seq\":2");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:30", "evidence look.no_evidence");
    fact("D-3", 1, "case.vouched", "10:40",
         "\"case\":\"C-1\",\"by\":\"u-3\",\"because\":\"a rash\"");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "11:00", "");
}

static void a_user(int64_t seq, const char *user, const char *person)
{
    char body[128];
    snprintf(body, sizeof body, "\"user\":\"%s\",\"role\":\"lead\",\"person\":\"%s\"",
             user, person);
    fact("R-9", seq, "user.added", "07:00", body);
}

static void vouches(const char *user)
{
    char sender[32], body[128];
    snprintf(sender, sizeof sender, "user/%s", user);
    snprintf(body, sizeof body, "\"case\":\"C-1\",\"by\":\"%s\",\"because\":\"a rash\"",
             user);
    fact(sender, 1, "case.vouched", "09:00", body);
}

// Nor under another of their ids.
static void two_accounts_of_one_person_answer_for_a_case_once(void **state)
{
    (void)state;
    people();
    a_case(3, "C-1", "P-1", "");
    a_user(1, "u-5", "P-2");
    a_user(2, "u-6", "P-2");
    a_user(3, "u-7", "P-2-OLD");
    a_user(4, "u-8", "P-3");
    fact("I-9", 1, "person.same", "07:00", "\"a\":\"P-2\",\"b\":\"P-2-OLD\"");
    vouches("u-5");
    vouches("u-6");
    vouches("u-7");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:00", "evidence look.no_evidence");
    vouches("u-8");
    come();
    says(TRACED("C-1"), WF_LOOK_TRACE, "10:30", "");
}

// ---- the fact, and who learns of it ----

static wf_fact fact_of(wf_look_shown *shown, int64_t seq, const char *hour,
                       wf_arena *arena)
{
    // The fact borrows from it.
    static const wf_look look = {.actor = &investigator,
                                 .why = {WF_REFERENCE_CASE, "C-1", WF_PURPOSE_INTERVIEW},
                                 .asked = "register/persons"};
    wf_look_moment moment = {.zone = drill.city->zone,
                             .now = at(hour),
                             .seq = seq,
                             .pace = {.in_minute = (uint32_t)shown->whom.count,
                                      .in_hour = (uint32_t)shown->whom.count}};
    weft_error error = {0};
    wf_fact made;
    fact_city_ok(wf_look_fact(&look, &shown->whom, &moment, arena, &made, &error),
                 &error);
    return made;
}

static void send(const wf_fact *one)
{
    weft_error error = {0};
    wf_verdict verdict;
    fact_city_ok(wf_store_send(drill.city->store, one, 1, WF_TIME_NONE, &verdict, &error),
                 &error);
    assert_int_equal(verdict.sent, WF_SENT_ACCEPTED);
    fact_city_ok(wf_store_apply(drill.city->store, 0, &error), &error);
    fact_city_ok(wf_city_reread(drill.city, &error), &error);
}

static void a_look_shows(int64_t seq, const char *hour, const char *const *persons)
{
    wf_arena arena = {0};
    wf_look_shown shown = {0};
    weft_error error = {0};
    for (size_t i = 0; persons[i] != NULL; i++)
        fact_city_ok(wf_look_show(&shown, persons[i], &error), &error);
    wf_fact made = fact_of(&shown, seq, hour, &arena);
    send(&made);
    wf_look_shown_done(&shown);
    wf_arena_done(&arena);
}

// How many looks a person is told of at a time of 13 December.
static size_t told_of(const char *person, const char *hour)
{
    char field[64], text[40];
    const char *fields[] = {field};
    weft_error error = {0};
    weft_view_page page;
    const weft_view_question question = {
        .view = "register/looks_at_person", .fields = fields, .fields_count = 1};
    snprintf(field, sizeof field, "person=%s", person);
    snprintf(text, sizeof text, "2021-12-13T%s+08:00", hour);
    drill.city->kept_clock = fact_city_time(&drill, text);
    fact_city_ok(weft_view_read(drill.city, &question, &page, &error), &error);
    drill.city->kept_clock = WF_TIME_NONE;
    for (size_t i = 0; i < page.rows_count; i++) {
        assert_string_equal(fact_city_cell(&page, i, "office")->text, "tracing");
        assert_string_equal(fact_city_cell(&page, i, "purpose")->text, "interview");
    }
    return page.rows_count;
}

static void a_person_learns_of_a_look_after_a_day_by_any_of_their_ids(void **state)
{
    (void)state;
    static const char *const first[] = {"P-1", "P-2", "P-1", NULL};
    static const char *const second[] = {"P-2", NULL};
    people();
    fact("I-1", 3, "person.registered", "07:00", "\"person\":\"P-3\"");
    come();
    a_look_shows(1, "08:00", first);
    a_look_shows(2, "09:00", second);
    assert_int_equal(told_of("P-1", "07:59"), 0);
    assert_int_equal(told_of("P-1", "08:00"), 1);
    assert_int_equal(told_of("P-2", "08:30"), 1);
    assert_int_equal(told_of("P-2", "09:00"), 2);
    assert_int_equal(told_of("P-3", "09:00"), 0);
    // One person under two ids was shown once by the first look.
    fact("I-1", 4, "person.same", "10:00", "\"a\":\"P-1\",\"b\":\"P-2\"");
    come();
    assert_int_equal(told_of("P-1", "09:00"), 2);
    fact_city_rebuild(&drill);
    assert_int_equal(told_of("P-2", "09:00"), 2);
}

static void a_person_who_was_reached_learns_of_looks_at_once(void **state)
{
    (void)state;
    static const char *const shown[] = {"P-1", NULL};
    people();
    come();
    a_look_shows(1, "08:00", shown);
    assert_int_equal(told_of("P-1", "07:00"), 0);
    fact("I-1", 3, "contact.attempted", "08:30",
         "\"outbreak\":\"B-1\",\"person\":\"P-1\",\"result\":\"no_answer\"");
    come();
    assert_int_equal(told_of("P-1", "07:00"), 0);
    fact("I-1", 4, "contact.reached", "09:00",
         "\"outbreak\":\"B-1\",\"person\":\"P-2\",\"how\":\"phone\"");
    come();
    assert_int_equal(told_of("P-1", "07:00"), 0);
    // Reached under another of their ids.
    fact("I-1", 5, "person.same", "10:00", "\"a\":\"P-1\",\"b\":\"P-2\"");
    come();
    assert_int_equal(told_of("P-1", "07:00"), 1);
    fact("I-1", 6, "fact.withdrawn", "11:00", "\"device\":\"I-1\",\"seq\":4");
    come();
    assert_int_equal(told_of("P-1", "07:00"), 0);
}

static void keep_total(void *context, const weft_digest_line *line)
{
    if (strcmp(line->name, "total") == 0)
        memcpy(context, line->hex, 65);
}

static void looks_are_no_part_of_a_persons_file_nor_of_the_digest(void **state)
{
    (void)state;
    static const char *const shown[] = {"P-1", NULL};
    static const char *const fields[] = {"person=P-1"};
    const weft_view_question question = {
        .view = "register/person_file", .fields = fields, .fields_count = 1};
    weft_error error = {0};
    weft_view_page page;
    char before[65] = "", after[65] = "";
    people();
    come();
    fact_city_ok(weft_digest(drill.city, keep_total, before, &error), &error);
    a_look_shows(1, "08:00", shown);
    fact_city_ok(weft_digest(drill.city, keep_total, after, &error), &error);
    fact_city_ok(weft_view_read(drill.city, &question, &page, &error), &error);
    assert_int_equal(page.rows_count, 1); // person.registered
    assert_int_equal(strlen(before), 64);
    assert_string_equal(before, after);
}

static void more_than_500_people_are_no_one_answer(void **state)
{
    (void)state;
    wf_look_shown shown = {0};
    weft_error error = {0};
    char id[16];
    for (int i = 0; i < WF_LOOK_PERSONS_MAX; i++) {
        snprintf(id, sizeof id, "P-%d", i);
        fact_city_ok(wf_look_show(&shown, id, &error), &error);
    }
    fact_city_ok(wf_look_show(&shown, "P-7", &error), &error);
    assert_int_equal(wf_look_show(&shown, "P-500", &error), WEFT_TOO_LARGE);
    assert_string_equal(error.code, "look.too_many");
    wf_arena arena = {0};
    wf_fact made = fact_of(&shown, 1, "08:00", &arena);
    send(&made);
    assert_int_equal(told_of("P-499", "08:00"), 1);
    wf_arena_done(&arena);
    wf_look_shown_done(&shown);
}

static void somebody_of_the_lookers_household_is_noticed(void **state)
{
    (void)state;
    wf_actor actor = investigator;
    weft_error error = {0};
    fact("I-1", 1, "person.registered", "07:00",
         "\"person\":\"P-1\",\"household\":\"H-1\"");
    fact("I-1", 2, "person.registered", "07:00",
         "\"person\":\"P-2\",\"household\":\"H-1\"");
    fact("I-1", 3, "person.registered", "07:00",
         "\"person\":\"P-3\",\"household\":\"H-3\"");
    fact("I-1", 4, "person.registered", "07:00", "\"person\":\"P-4\"");
    come();
    for (int own = 0; own < 2; own++)
        for (int whom = 2; whom <= 4; whom++) {
            wf_look_shown shown = {0};
            char id[8];
            snprintf(id, sizeof id, "P-%d", whom);
            const wf_ids *ids = wf_visits_ids(drill.city->visits);
            // Once as P-1, once as P-4, of whom no household is known.
            actor.person_number = wf_ids_find(ids, WF_ID_PERSON,
                                              own == 0 ? WF_TEXT("P-1") : WF_TEXT("P-4"));
            fact_city_ok(wf_look_show(&shown, id, &error), &error);
            fact_city_ok(wf_look_close_by(drill.city, &actor, &shown.whom, &error),
                         &error);
            assert_int_equal(shown.whom.own_household, own == 0 && whom == 2);
            wf_look_shown_done(&shown);
        }
}

// ---- pace ----

static void pace_is_summed_over_a_minute_and_an_hour_for_each_who_looks(void **state)
{
    (void)state;
    static const struct {
        const char *actor;
        int64_t second;
        uint32_t persons, in_minute, in_hour;
    } rows[] = {
        {"u-1", 1000000, 400, 400, 400}, {"u-1", 1000001, 400, 800, 800},
        {"u-2", 1000001, 7, 7, 7},       {"u-1", 1000059, 400, 1200, 1200},
        {"u-1", 1000060, 1, 801, 1201},  {"u-1", 1000200, 1, 1, 1202},
        {"u-2", 1000200, 0, 0, 7},       {"u-1", 1000100, 5, 6, 1207},
        {"u-1", 1003500, 1, 1, 1208},    {"u-1", 1003700, 1, 1, 8},
        {"u-1", 1090000, 2, 2, 2},
    };
    wf_look_paces *paces;
    weft_error error = {0};
    wf_pace pace;
    fact_city_ok(wf_look_paces_new(&paces, &error), &error);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        weft_time now = {rows[i].second * WF_US_PER_S};
        pace = wf_look_paces_note(paces, wf_text_of(rows[i].actor), rows[i].persons,
                                  false, now);
        assert_int_equal(pace.in_minute, rows[i].in_minute);
        assert_int_equal(pace.in_hour, rows[i].in_hour);
    }
    // Many who look, and room is made without those who no longer do.
    for (int i = 0; i < 1000; i++) {
        char actor[16];
        snprintf(actor, sizeof actor, "v-%d", i);
        weft_time now = {(2000000 + i * 60) * WF_US_PER_S};
        pace = wf_look_paces_note(paces, wf_text_of(actor), 3, false, now);
        assert_int_equal(pace.in_hour, 3);
    }
    wf_look_paces_free(paces);
}

// As much again after it was too much is said again, as much within a minute as within an
// hour; less is not, however long it goes on.
static void a_pace_is_over_again_when_it_was_as_much_again(void **state)
{
    (void)state;
    static const struct {
        int64_t second;
        uint32_t persons;
        bool in_file, over;
    } rows[] = {
        {1000000, 1000, false, false},
        {1000000, 1, false, true},
        {1000001, 500, false, false},
        {1000002, 500, false, false},
        {1000003, 1, false, true},
        {1000100, 900, false, false},
        {1000200, 900, false, false},
        {1000300, 900, false, false},
        {1000400, 298, false, false},
        {1000500, 1, false, true}, // 5,001 in the hour
        {1000600, 1000, false, false},
        {1000700, 1000, false, false},
        {1000800, 1000, false, false},
        {1000900, 1000, false, false},
        {1001000, 999, false, false},
        {1001100, 1, false, false},
        {1001200, 1, false, true}, // and 5,001 more
        // Files are of the hour only, and slow work is never over.
        {1020000, 4000, true, false},
        {1020001, 1000, true, false},
        {1020002, 1, true, true},
        {1030000, 4999, true, false},
        {1034000, 4999, true, false},
        {1038000, 4999, true, false},
    };
    wf_look_paces *paces;
    weft_error error = {0};
    fact_city_ok(wf_look_paces_new(&paces, &error), &error);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        weft_time now = {rows[i].second * WF_US_PER_S};
        wf_pace pace = wf_look_paces_note(paces, WF_TEXT("u-1"), rows[i].persons,
                                          rows[i].in_file, now);
        assert_int_equal(pace.over, rows[i].over);
    }
    wf_look_paces_free(paces);
}

static uint32_t looked(wf_look_often *often, const char *actor, const char *person,
                       int64_t second)
{
    weft_time now = {second * WF_US_PER_S};
    return wf_look_often_note(often, wf_text_of(actor), wf_text_of(person), now).in_day;
}

static void looks_at_one_person_are_summed_over_a_day_for_each_who_looks(void **state)
{
    (void)state;
    enum { hour = 3600, first = 1000 * hour, strangers = 400000 };
    wf_look_often *often;
    weft_error error = {0};
    fact_city_ok(wf_look_often_new(&often, &error), &error);
    assert_int_equal(looked(often, "u-1", "P-1", first), 1);
    assert_int_equal(looked(often, "u-1", "P-1", first + 1), 2);
    assert_int_equal(looked(often, "u-1", "P-2", first + 1), 1);
    assert_int_equal(looked(often, "u-2", "P-1", first + 1), 1);
    assert_int_equal(looked(often, "u-1P", "-1", first + 1), 1);
    assert_int_equal(looked(often, "u-1", "P-1", first + 23 * hour), 3);
    assert_int_equal(looked(often, "u-1", "P-1", first + 24 * hour), 2);
    assert_int_equal(looked(often, "u-1", "P-1", first + 20 * hour), 3); // set back
    assert_int_equal(looked(often, "u-1", "P-1", first + 60 * hour), 1);
    // More than there is room for: who is looked at most is not forgotten.
    for (uint32_t i = 1; i <= 40; i++)
        assert_int_equal(looked(often, "u-3", "P-3", first + 61 * hour), i);
    for (int i = 0; i < strangers; i++) {
        char person[16];
        snprintf(person, sizeof person, "Q-%d", i);
        assert_int_equal(looked(often, "u-3", person, first + 62 * hour), 1);
    }
    assert_int_equal(looked(often, "u-3", "P-3", first + 63 * hour), 41);
    wf_look_often_free(often);
}

static void
looks_at_one_person_are_too_many_again_when_they_were_as_many_again(void **state)
{
    (void)state;
    enum { hour = 3600, first = 1000 * hour };
    wf_look_often *often;
    weft_error error = {0};
    fact_city_ok(wf_look_often_new(&often, &error), &error);
    for (int i = 1; i <= 200; i++) {
        weft_time now = {(int64_t)(first + i) * WF_US_PER_S};
        wf_looked one = wf_look_often_note(often, WF_TEXT("u-1"), WF_TEXT("P-1"), now);
        assert_int_equal(one.over, i % 51 == 0);
        // Of another person they are counted by themselves.
        one = wf_look_often_note(often, WF_TEXT("u-1"), WF_TEXT("P-2"), now);
        assert_int_equal(one.over, i % 51 == 0);
    }
    // Twice an hour for days is work.
    for (int i = 0; i < 400; i++) {
        weft_time now = {(int64_t)(first + i * hour / 2) * WF_US_PER_S};
        assert_false(wf_look_often_note(often, WF_TEXT("u-2"), WF_TEXT("P-1"), now).over);
    }
    wf_look_often_free(often);
}

#define CITY_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
#define SERVER_TEST(name)                                                                \
    {                                                                                    \
#name "_on_a_server", name, begin_on_server, end, NULL                           \
    }

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_header_names_a_reference_and_a_purpose_once_each),
        cmocka_unit_test(an_id_of_128_bytes_is_read_and_a_longer_one_is_not),
        cmocka_unit_test(pace_is_summed_over_a_minute_and_an_hour_for_each_who_looks),
        cmocka_unit_test(a_pace_is_over_again_when_it_was_as_much_again),
        cmocka_unit_test(looks_at_one_person_are_summed_over_a_day_for_each_who_looks),
        cmocka_unit_test(
            looks_at_one_person_are_too_many_again_when_they_were_as_many_again),
        CITY_TEST(a_look_rests_on_what_is_there_goes_on_and_is_ones_own),
        CITY_TEST(an_order_founds_looks_until_it_ends_or_is_lifted),
        CITY_TEST(tracing_waits_for_evidence),
        CITY_TEST(the_persons_own_positive_sample_is_evidence_a_pool_is_not),
        CITY_TEST(two_people_by_two_senders_answer_for_a_case),
        CITY_TEST(two_accounts_of_one_person_answer_for_a_case_once),
        CITY_TEST(a_person_learns_of_a_look_after_a_day_by_any_of_their_ids),
        CITY_TEST(a_person_who_was_reached_learns_of_looks_at_once),
        CITY_TEST(looks_are_no_part_of_a_persons_file_nor_of_the_digest),
        CITY_TEST(more_than_500_people_are_no_one_answer),
        CITY_TEST(somebody_of_the_lookers_household_is_noticed),
        SERVER_TEST(a_look_rests_on_what_is_there_goes_on_and_is_ones_own),
        SERVER_TEST(the_persons_own_positive_sample_is_evidence_a_pool_is_not),
        SERVER_TEST(two_accounts_of_one_person_answer_for_a_case_once),
    };
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
