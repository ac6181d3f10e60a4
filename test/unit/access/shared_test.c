// A city that many threads ask while one writes: what is acknowledged is there once,
// whatever fails between.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <pthread.h>
#include <unistd.h>

#include "access/shared/quota.h"
#include "access/shared/shared.h"
#include "desk/kinds.h"
#include "store/register/register.h"
#include "support/fact_city.h"
#include "support/fault_io.h"
#include "visits/store.h"
#include "weft/care.h"
#include "weft/lookup.h"

static fact_city files; // its folders; the city is opened through the failing disk
static fault_io disk;
static weft_city *city;
static wf_shared *shared;

static weft_time now_is(void *context)
{
    (void)context;
    return (weft_time){INT64_C(1639281600) * WF_US_PER_S}; // 2021-12-12T12:00+08:00
}

static void open_city(void)
{
    weft_error error = {0};
    const weft_key_options keys = {.key_dir = files.keys.text};
    wf_path dir = scratch_path(&files.folder, "city");
    fact_city_ok(wf_city_open_restoring(&disk.io, dir.text, &keys, &city, &error),
                 &error);
}

// 1: the rows' log is moved after every slice; 0: no test has so many rows.
static size_t log_pages;
static bool reads_ahead;

// Of a sender in a day; no other test reaches it.
enum { refused_bytes = 64 << 10, refused_posts = 40 };

static void share(void)
{
    weft_error error = {0};
    const wf_shared_settings settings = {.readers_max = 4,
                                         .now = now_is,
                                         .log_pages = log_pages,
                                         .reads_ahead = reads_ahead,
                                         .refused_bytes = refused_bytes,
                                         .retry_ms = 5};
    open_city();
    fact_city_ok(wf_shared_open(city, &settings, &shared, &error), &error);
}

static void close_all(void)
{
    wf_shared_close(shared);
    weft_city_close(city);
    shared = NULL;
}

static int begin(void **state)
{
    (void)state;
    fact_city_new(&files, NULL);
    weft_city_close(files.city);
    fault_io_init(&disk);
    disk.errno_value = EIO;
    share();
    return 0;
}

static int begin_and_move(void **state)
{
    log_pages = 1;
    return begin(state);
}

static int end(void **state)
{
    (void)state;
    disk.kind = FAULT_NONE;
    close_all();
    fact_city_open(&files);
    fact_city_done(&files);
    log_pages = 0;
    reads_ahead = false;
    return 0;
}

// ---- posts ----

enum { facts_each = 10 };

typedef struct {
    wf_post post;
    wf_post_line lines[facts_each];
    wf_fact facts[facts_each];
    char tubes[facts_each][40], persons[facts_each][40], device[16];
    wf_arena arena;
    pthread_mutex_t lock;
    pthread_cond_t ended;
    bool is_done;
    weft_status status;
} sending;

static void done(wf_post *post, weft_status status, const weft_error *error)
{
    sending *of = post->context;
    (void)error;
    pthread_mutex_lock(&of->lock);
    of->is_done = true;
    of->status = status;
    pthread_cond_signal(&of->ended);
    pthread_mutex_unlock(&of->lock);
}

static wf_fact sealed(wf_text device, int64_t seq, char tube[40])
{
    wf_fact fact = {.id = {device, seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("tube.sealed")),
                    .at = {now_is(NULL).us - 4 * 3600 * WF_US_PER_S}};
    snprintf(tube, 40, "T%.*s-%lld", (int)device.size, device.bytes, (long long)seq);
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(tube)};
    fact.values[1] = (wf_value){.given = true, .number = 10};
    return fact;
}

// Of a person whom nobody knew, so that the dictionary grows while others ask it.
static wf_fact collected(wf_text device, int64_t seq, char tube[40], char person[40])
{
    wf_fact fact = sealed(device, seq, tube);
    fact.kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"));
    snprintf(person, 40, "P-%.*s-%lld", (int)device.size, device.bytes, (long long)seq);
    fact.values[1] = (wf_value){.given = true, .text = wf_text_of(person)};
    return fact;
}

// Facts seq, seq + 1, … of a device, and waits for the end of the post.
static weft_status send_from(sending *of, unsigned device, int64_t seq)
{
    memset(of, 0, sizeof *of);
    pthread_mutex_init(&of->lock, NULL);
    pthread_cond_init(&of->ended, NULL);
    wf_arena_init(&of->arena, 0);
    snprintf(of->device, sizeof of->device, "S-%u", device);
    for (int i = 0; i < facts_each; i++) {
        wf_text name = wf_text_of(of->device);
        of->facts[i] = i % 2 == 0
                           ? sealed(name, seq + i, of->tubes[i])
                           : collected(name, seq + i, of->tubes[i], of->persons[i]);
        of->lines[i] = (wf_post_line){.line = (uint64_t)i + 1, .fact = &of->facts[i]};
    }
    of->post = (wf_post){.lines = of->lines,
                         .count = facts_each,
                         .from = of->device,
                         .arena = &of->arena,
                         .done = done,
                         .context = of};
    wf_shared_post(shared, &of->post);
    pthread_mutex_lock(&of->lock);
    while (!of->is_done)
        pthread_cond_wait(&of->ended, &of->lock);
    pthread_mutex_unlock(&of->lock);
    wf_arena_done(&of->arena);
    pthread_cond_destroy(&of->ended);
    pthread_mutex_destroy(&of->lock);
    return of->status;
}

static unsigned count(const sending *of, wf_sent sent)
{
    unsigned found = 0;
    for (int i = 0; i < facts_each; i++)
        found += of->lines[i].sent == sent;
    return found;
}

static uint64_t in_ledger(void)
{
    return wf_ledger_now(wf_store_ledger(city->store)).positions;
}

// What the rows of a reader hold.
static uint64_t rows_of_a_reader(void)
{
    weft_error error = {0};
    weft_city *reader;
    weft_overview all;
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    fact_city_ok(weft_city_overview(reader, &all, &error), &error);
    wf_shared_read_end(shared, reader);
    return all.as_of;
}

// Whether every sample that a reader sees has its tube and person.
static bool sees_samples(void)
{
    weft_error error = {0};
    weft_city *reader;
    weft_view_page page;
    const weft_view_question question = {.view = "testing/samples", .limit = 20};
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    fact_city_ok(weft_view_read(reader, &question, &page, &error), &error);
    bool whole = true;
    for (size_t i = 0; i < page.rows_count; i++)
        whole =
            whole && strncmp(fact_city_cell(&page, i, "person")->text, "P-S-", 4) == 0;
    wf_shared_read_end(shared, reader);
    return whole;
}

// ---- many threads ----

enum { senders = 6, posts_each = 12 };

typedef struct {
    unsigned device;
    uint64_t accepted, had;
    bool failed;
} sender;

// Each post is sent twice in a row: phones do.
static void *send_many(void *context)
{
    sender *me = context;
    sending of;
    for (int64_t i = 0; i < 2 * posts_each; i++) {
        if (send_from(&of, me->device, 1 + i / 2 * facts_each) != WEFT_OK)
            me->failed = true;
        me->accepted += count(&of, WF_SENT_ACCEPTED);
        me->had += count(&of, WF_SENT_HAD);
    }
    return NULL;
}

static void *read_many(void *context)
{
    bool *ends = context;
    while (!__atomic_load_n(ends, __ATOMIC_RELAXED)) {
        wf_shared_stand before = wf_shared_as_of(shared);
        if (rows_of_a_reader() < before.position)
            return "rows went back";
        if (!sees_samples())
            return "a sample without a person";
    }
    return NULL;
}

static void what_many_threads_post_is_there_once_and_in_their_order(void **state)
{
    (void)state;
    sender of[senders] = {{0}};
    pthread_t threads[senders], readers[2];
    bool ends = false;
    void *complaint;
    for (size_t i = 0; i < 2; i++)
        pthread_create(&readers[i], NULL, read_many, &ends);
    for (unsigned i = 0; i < senders; i++) {
        of[i].device = i;
        pthread_create(&threads[i], NULL, send_many, &of[i]);
    }
    for (unsigned i = 0; i < senders; i++) {
        pthread_join(threads[i], NULL);
        assert_false(of[i].failed);
        assert_int_equal(of[i].accepted, posts_each * facts_each);
        assert_int_equal(of[i].had, posts_each * facts_each);
    }
    __atomic_store_n(&ends, true, __ATOMIC_RELAXED);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(readers[i], &complaint);
        assert_null(complaint);
    }
    assert_true(wf_shared_catch_up(shared, 10000));
    assert_int_equal(rows_of_a_reader(), senders * posts_each * facts_each);
    wf_shared_counts counts = wf_shared_count(shared);
    assert_int_equal(counts.facts_accepted, senders * posts_each * facts_each);
    assert_int_equal(counts.facts_had, senders * posts_each * facts_each);
    assert_int_equal(counts.waiting_posts + counts.readers_out, 0);
}

static void what_is_in_the_rows_does_not_wait(void **state)
{
    (void)state;
    sending of;
    assert_int_equal(send_from(&of, 1, 1), WEFT_OK);
    assert_true(wf_shared_catch_up(shared, 10000));
    wf_shared_stand stand = wf_shared_as_of(shared);
    assert_int_equal(stand.position, facts_each);
    assert_int_equal(stand.ledger, facts_each);
    assert_int_equal(stand.lag_us, 0);
    assert_int_equal(stand.at.us, now_is(NULL).us);
}

// Market M-1, measured again.
static weft_status send_area(int64_t area_m2)
{
    weft_error error = {0};
    wf_verdict verdict;
    const wf_kind *kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("place.registered"));
    wf_fact fact = {.id = {WF_TEXT("S-market"), area_m2},
                    .kind = kind,
                    .at = {now_is(NULL).us - 3600 * WF_US_PER_S + area_m2}};
    fact.values[0] = (wf_value){.given = true, .text = WF_TEXT("M-1")};
    fact.values[wf_kind_field(kind, WF_TEXT("area_m2"))] =
        (wf_value){.given = true, .real = (double)area_m2};
    return wf_shared_send(shared, &fact, 1, &verdict, &error);
}

static uint32_t number_of_market(void)
{
    const wf_numbers *numbers = wf_store_numbers(city->store);
    return numbers->find(numbers->context, WF_COLUMN_PLACE, WF_TEXT("M-1"));
}

static int64_t area_of_a_reader(void)
{
    weft_error error = {0};
    weft_city *reader;
    wf_place_brief brief;
    wf_place place = {number_of_market()};
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    fact_city_ok(wf_register_place_brief(reader->reg, place, &brief, &error), &error);
    wf_shared_read_end(shared, reader);
    return (int64_t)brief.area_m2;
}

// A reader that nobody had while rows moved on keeps its old snapshot for a moment. Who
// was told of the rows came within it, and did not see its own fact.
static void who_is_told_that_rows_have_moved_on_reads_them(void **state)
{
    (void)state;
    enum { rounds = 200 };
    for (int64_t area = 1; area <= rounds; area++) {
        uint64_t position = in_ledger() + 1;
        assert_int_equal(send_area(area), WEFT_OK);
        while (wf_shared_as_of(shared).position < position)
            continue; // nothing sleeps between the word and the look
        assert_int_equal(area_of_a_reader(), area);
    }
}

// ---- stays that are stated ----

// The seq-th person was at R-1 from the seq-th minute of a day on.
static weft_status send_stay(int64_t seq)
{
    char person[24];
    weft_error error = {0};
    wf_verdict verdict;
    wf_fact fact = {.id = {WF_TEXT("S-stays"), seq},
                    .kind = wf_kinds_find(wf_desk_kinds(), WF_TEXT("visit.stated")),
                    .at = {now_is(NULL).us - 4 * 3600 * WF_US_PER_S}};
    snprintf(person, sizeof person, "P-%lld", (long long)seq);
    fact.values[0] = (wf_value){.given = true, .text = wf_text_of(person)};
    fact.values[1] = (wf_value){.given = true, .text = WF_TEXT("R-1")};
    fact.values[2] = (wf_value){
        .given = true, .number = now_is(NULL).us - (24 * 60 - seq) * WF_US_PER_MINUTE};
    return wf_shared_send(shared, &fact, 1, &verdict, &error);
}

static bool count_row(void *context, const weft_stay *row)
{
    (void)row;
    (*(int64_t *)context)++;
    return true;
}

// As a reader finds them.
static int64_t stays_seen(void)
{
    weft_error error = {0};
    weft_city *reader;
    weft_lookup_summary summary;
    int64_t rows = 0;
    const int64_t day_us = INT64_C(86400) * WF_US_PER_S;
    const weft_who_query who = {
        .place = "R-1", .from = {now_is(NULL).us - 2 * day_us}, .to = now_is(NULL)};
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    weft_status status = weft_who(reader, &who, count_row, &rows, &summary, &error);
    assert_true(status == WEFT_NOT_FOUND || status == WEFT_OK); // R-1 was not heard of
    assert_true(status != WEFT_OK || summary.complete);
    wf_shared_read_end(shared, reader);
    return rows;
}

static void keep_total(void *context, const weft_digest_line *line)
{
    if (strcmp(line->name, "total") == 0)
        memcpy(context, line->hex, sizeof line->hex);
}

typedef struct {
    char text[65];
} total;

static total total_of(weft_city *of)
{
    weft_error error = {0};
    total sum = {""};
    fact_city_ok(weft_digest(of, keep_total, sum.text, &error), &error);
    return sum;
}

static total total_of_a_reader(void)
{
    weft_error error = {0};
    weft_city *reader;
    fact_city_ok(wf_shared_read(shared, &reader, &error), &error);
    total sum = total_of(reader);
    wf_shared_read_end(shared, reader);
    return sum;
}

static total total_of_the_owner(void)
{
    weft_error error = {0};
    weft_city *own;
    fact_city_ok(wf_shared_own(shared, &own, &error), &error);
    total sum = total_of(own);
    wf_shared_own_end(shared);
    return sum;
}

static void *see_many(void *context)
{
    bool *ends = context;
    int64_t seen = 0;
    while (!__atomic_load_n(ends, __ATOMIC_RELAXED)) {
        int64_t now = stays_seen();
        if (total_of_a_reader().text[0] == '\0')
            return "no digest";
        if (now < seen)
            return "a stay was lost";
        seen = now;
    }
    return NULL;
}

static void what_is_stated_is_seen_while_others_ask(void **state)
{
    (void)state;
    enum { stays = 30 };
    pthread_t readers[2];
    bool ends = false;
    void *complaint;
    for (size_t i = 0; i < 2; i++)
        pthread_create(&readers[i], NULL, see_many, &ends);
    for (int64_t seq = 1; seq <= stays; seq++)
        assert_int_equal(send_stay(seq), WEFT_OK);
    assert_int_equal(stays_seen(), stays);
    __atomic_store_n(&ends, true, __ATOMIC_RELAXED);
    for (size_t i = 0; i < 2; i++) {
        pthread_join(readers[i], &complaint);
        if (complaint != NULL)
            fail_msg("%s", (const char *)complaint);
    }
    assert_true(wf_shared_catch_up(shared, 10000));
    assert_string_equal(total_of_a_reader().text, total_of_the_owner().text);
}

static size_t days_open(void)
{
    wf_visits *visits = city->visits;
    WF_ASSERT(pthread_mutex_lock(&visits->lock) == 0);
    size_t count = visits->opened_count > 0 && visits->opened[0].day != NULL;
    WF_ASSERT(pthread_mutex_unlock(&visits->lock) == 0);
    return count;
}

static void days_are_open_before_somebody_asks(void **state)
{
    (void)state;
    assert_int_equal(send_stay(1), WEFT_OK);
    close_all();
    share();
    assert_int_equal(days_open(), 0); // and nobody opens them
    close_all();
    reads_ahead = true;
    share();
    for (int waited = 0; days_open() == 0 && waited < 10000; waited++)
        usleep(1000);
    assert_int_equal(days_open(), 1);
    for (int i = 0; i < 20; i++) { // ended while it is at it
        close_all();
        share();
    }
}

// Whichever call fails: what is acknowledged is seen, and nothing else.
static void what_is_stated_on_a_failing_disk_is_seen_once_it_is_said(void **state)
{
    (void)state;
    int64_t seq = 1;
    assert_int_equal(send_stay(seq), WEFT_OK);
    for (unsigned long nth = 1; nth <= 24; nth++) {
        assert_true(wf_shared_catch_up(shared, 10000));
        disk.errno_value = nth % 2 == 0 ? EIO : ENOSPC;
        disk.at = __atomic_load_n(&disk.calls, __ATOMIC_RELAXED) + nth;
        disk.kind = FAULT_ONCE;
        weft_status status = send_stay(++seq);
        for (int tries = 0; status != WEFT_OK && tries < 500; tries++) {
            usleep(5000);
            status = send_stay(seq);
        }
        assert_int_equal(status, WEFT_OK);
        assert_int_equal(stays_seen(), seq);
    }
    disk.kind = FAULT_NONE;
    close_all();
    share();
    assert_int_equal(stays_seen(), seq);
}

// ---- refusals ----

// Posts a line that is none, and says how many were not kept.
static size_t post_nonsense(const char *from, unsigned number)
{
    char raw[40];
    weft_error why = {.status = WEFT_BAD_INPUT, .code = "fact.json"};
    wf_arena arena;
    wf_arena_init(&arena, 0);
    snprintf(raw, sizeof raw, "nonsense %u", number);
    wf_post_line line = {.raw = wf_text_of(raw), .line = 1, .why = &why};
    sending of = {.post = {.lines = &line,
                           .count = 1,
                           .from = from,
                           .arena = &arena,
                           .done = done,
                           .context = &of}};
    pthread_mutex_init(&of.lock, NULL);
    pthread_cond_init(&of.ended, NULL);
    wf_shared_post(shared, &of.post);
    pthread_mutex_lock(&of.lock);
    while (!of.is_done)
        pthread_cond_wait(&of.ended, &of.lock);
    pthread_mutex_unlock(&of.lock);
    assert_int_equal(of.status, WEFT_OK);
    assert_int_equal(line.sent, WF_SENT_REFUSED);
    wf_arena_done(&arena);
    return of.post.not_kept;
}

static uint64_t refused_files(void)
{
    weft_error error = {0};
    weft_city *own;
    weft_overview all;
    fact_city_ok(wf_shared_own(shared, &own, &error), &error);
    fact_city_ok(weft_city_overview(own, &all, &error), &error);
    wf_shared_own_end(shared);
    return all.refused_files;
}

// Who is refused again and again fills no disk, and takes nothing from others.
static void of_a_sender_no_more_is_kept_in_a_day_than_there_is_room_for(void **state)
{
    (void)state;
    uint64_t before = refused_files(), lost = wf_shared_count(shared).refused_not_kept;
    size_t not_kept = 0;
    for (unsigned i = 0; i < refused_posts; i++)
        not_kept += post_nonsense("S-41", i);
    // A post's first line takes 4 KiB and more.
    assert_in_range(not_kept, refused_posts - refused_bytes / 4096, refused_posts - 1);
    assert_int_equal(refused_files() - before, refused_posts - not_kept);
    assert_int_equal(wf_shared_count(shared).refused_not_kept - lost, not_kept);
    assert_int_equal(post_nonsense("S-42", 0), 0);
    assert_int_equal(post_nonsense("S-41", 1), 0); // it was kept before
}

// The files of the day are counted when the service starts again: a sender gains nothing
// by it, and who has room left has no more than that.
static void the_bound_of_a_day_outlives_the_service(void **state)
{
    (void)state;
    size_t not_kept = 0;
    for (unsigned i = 0; i < refused_posts / 4; i++)
        assert_int_equal(post_nonsense("S-43", 1000 + i), 0);
    for (unsigned i = 0; i < refused_posts; i++)
        not_kept += post_nonsense("S-44", 2000 + i);
    uint64_t before = refused_files();
    assert_true(not_kept > 0);
    close_all();
    share();
    for (unsigned i = 0; i < refused_posts; i++)
        assert_int_equal(post_nonsense("S-44", 3000 + i), 1);
    not_kept = 0;
    for (unsigned i = 0; i < refused_posts; i++)
        not_kept += post_nonsense("S-43", 4000 + i);
    size_t room = refused_bytes / (WF_QUOTA_POST_BYTES + WF_QUOTA_LINE_BYTES);
    assert_in_range(refused_files() - before, 1, room - refused_posts / 4);
    assert_int_equal(refused_files() - before, refused_posts - not_kept);
}

static void a_refused_line_fills_its_number_and_is_kept(void **state)
{
    (void)state;
    char tube[40];
    weft_error why = {.status = WEFT_BAD_INPUT, .code = "fact.json"};
    wf_arena arena;
    wf_arena_init(&arena, 0);
    wf_fact late = sealed(WF_TEXT("S-9"), 2, tube);
    late.at.us = now_is(NULL).us + 3600 * WF_US_PER_S;
    wf_post_line lines[2] = {{.raw = WF_TEXT("{\"device\":\"S-9\",\"seq\":1,"),
                              .line = 1,
                              .id = {WF_TEXT("S-9"), 1},
                              .why = &why},
                             {.raw = WF_TEXT("{…}"), .line = 2, .fact = &late}};
    for (int i = 0; i < 2; i++) { // the second time nothing is kept again
        sending of = {.post = {.lines = lines,
                               .count = 2,
                               .from = "S-9",
                               .arena = &arena,
                               .done = done,
                               .context = &of}};
        pthread_mutex_init(&of.lock, NULL);
        pthread_cond_init(&of.ended, NULL);
        wf_shared_post(shared, &of.post);
        pthread_mutex_lock(&of.lock);
        while (!of.is_done)
            pthread_cond_wait(&of.ended, &of.lock);
        pthread_mutex_unlock(&of.lock);
        assert_int_equal(of.status, WEFT_OK);
        assert_int_equal(lines[0].sent, WF_SENT_REFUSED);
        assert_int_equal(lines[1].sent, WF_SENT_REFUSED);
        assert_string_equal(lines[1].why->code, "fact.future");
    }
    weft_error error = {0};
    weft_city *own;
    weft_overview all;
    fact_city_ok(wf_shared_own(shared, &own, &error), &error);
    fact_city_ok(weft_city_overview(own, &all, &error), &error);
    assert_int_equal(all.refused_files, 1);
    assert_int_equal(wf_senders_next(wf_store_senders(own->store), WF_TEXT("S-9")), 3);
    wf_shared_own_end(shared);
    wf_arena_done(&arena);
}

// ---- the owner's turn ----

static void the_owner_has_the_city_alone_and_what_was_posted_is_in_it(void **state)
{
    (void)state;
    sending of;
    weft_error error = {0};
    weft_city *own;
    weft_fact_reply reply;
    const char *const fields[] = {"tube=T-own", "count=3"};
    const weft_fact_options options = {.at = now_is(NULL)};
    for (int64_t i = 0; i < 3; i++) {
        assert_int_equal(send_from(&of, 1, 1 + i * facts_each), WEFT_OK);
        fact_city_ok(wf_shared_own(shared, &own, &error), &error);
        assert_ptr_equal(own, city);
        uint64_t posted = (uint64_t)(i + 1) * facts_each + (uint64_t)i;
        assert_int_equal(wf_records_applied_upto(wf_store_records(own->store)), posted);
        assert_int_equal(wf_shared_count(shared).readers_out, 0);
        fact_city_ok(
            weft_fact_send(own, "tube.sealed", fields, 2, &options, &reply, &error),
            &error);
        wf_shared_own_end(shared);
        assert_int_equal(rows_of_a_reader(), posted + 1);
    }
}

// ---- listening ----

static void hear(void *context, const wf_shared_event *events, size_t n)
{
    uint64_t *newest = context;
    for (size_t i = 0; i < n; i++) {
        if (events[i].position != *newest + 1)
            abort();
        *newest = events[i].position;
    }
}

static void listeners_are_told_of_every_fact_in_order(void **state)
{
    (void)state;
    sending of;
    uint64_t newest = 0;
    weft_error error = {0};
    weft_city *own;
    weft_fact_reply reply;
    const char *const fields[] = {"tube=T-own", "count=3"};
    const weft_fact_options options = {.at = now_is(NULL)};
    wf_shared_listen(shared, hear, &newest);
    assert_int_equal(send_from(&of, 1, 1), WEFT_OK);
    fact_city_ok(wf_shared_own(shared, &own, &error), &error);
    fact_city_ok(weft_fact_send(own, "tube.sealed", fields, 2, &options, &reply, &error),
                 &error);
    wf_shared_own_end(shared);
    assert_int_equal(send_from(&of, 2, 1), WEFT_OK);
    close_all();
    assert_int_equal(newest, 2 * facts_each + 1);
    share();
}

// ---- failing disks ----

// Whatever call fails, each post is acknowledged or not there by its failing; later ones
// go on.
static void fail_each_call(int errno_value)
{
    sending of;
    int64_t seq = 1;
    uint64_t acknowledged = 0, failed = 0, came = 0;
    assert_int_equal(send_from(&of, 1, seq), WEFT_OK); // the first makes keys and files
    seq += facts_each;
    acknowledged += facts_each;
    for (unsigned long nth = 1; nth <= 12; nth++) {
        assert_true(wf_shared_catch_up(shared, 10000));
        disk.errno_value = errno_value;
        disk.at = __atomic_load_n(&disk.calls, __ATOMIC_RELAXED) + nth;
        disk.kind = FAULT_ONCE;
        weft_status status = send_from(&of, 1, seq);
        failed += status != WEFT_OK;
        // A phone sends again what was not acknowledged.
        for (int tries = 0; status != WEFT_OK && tries < 500; tries++) {
            status = send_from(&of, 1, seq);
            if (status != WEFT_OK)
                usleep(5000);
        }
        assert_int_equal(status, WEFT_OK);
        acknowledged += facts_each;
        seq += facts_each;
        assert_true(wf_shared_catch_up(shared, 10000));
        came += __atomic_load_n(&disk.calls, __ATOMIC_RELAXED) >= disk.at;
    }
    // Which call it is where the log is moved is chance: maybe no post's.
    assert_true(came > 0);
    assert_true(failed > 0 || log_pages > 0);
    disk.kind = FAULT_NONE;
    close_all();
    share();
    assert_int_equal(in_ledger(), acknowledged);
    assert_int_equal(rows_of_a_reader(), acknowledged);
}

static void a_call_that_fails_loses_nothing_that_was_acknowledged(void **state)
{
    (void)state;
    fail_each_call(EIO);
}

static void a_full_disk_refuses_and_heals_by_itself(void **state)
{
    (void)state;
    fail_each_call(ENOSPC);
}

static void rows_whose_log_cannot_be_moved_are_opened_again(void **state)
{
    (void)state;
    fail_each_call(EIO);
}

static void a_log_that_finds_no_room_stays(void **state)
{
    (void)state;
    fail_each_call(ENOSPC);
}

int main(void)
{
#define MOVING(name) cmocka_unit_test_setup_teardown(name, begin_and_move, end)
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(what_many_threads_post_is_there_once_and_in_their_order),
        TEST(what_is_in_the_rows_does_not_wait),
        TEST(who_is_told_that_rows_have_moved_on_reads_them),
        TEST(what_is_stated_is_seen_while_others_ask),
        TEST(days_are_open_before_somebody_asks),
        TEST(what_is_stated_on_a_failing_disk_is_seen_once_it_is_said),
        TEST(a_refused_line_fills_its_number_and_is_kept),
        TEST(of_a_sender_no_more_is_kept_in_a_day_than_there_is_room_for),
        TEST(the_bound_of_a_day_outlives_the_service),
        TEST(the_owner_has_the_city_alone_and_what_was_posted_is_in_it),
        TEST(listeners_are_told_of_every_fact_in_order),
        TEST(a_call_that_fails_loses_nothing_that_was_acknowledged),
        TEST(a_full_disk_refuses_and_heals_by_itself),
        MOVING(what_many_threads_post_is_there_once_and_in_their_order),
        MOVING(who_is_told_that_rows_have_moved_on_reads_them),
        MOVING(the_owner_has_the_city_alone_and_what_was_posted_is_in_it),
        MOVING(rows_whose_log_cannot_be_moved_are_opened_again),
        MOVING(a_log_that_finds_no_room_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
