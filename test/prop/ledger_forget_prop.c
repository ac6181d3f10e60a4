// The forget law (DESIGN §3) for facts: after a purge the rows are those of a city that
// never had the bodies that were forgotten, while what came is still had and what was
// amended stays amended; and nothing that is left, nor an old copy of it, yields a
// forgotten word once the keys are destroyed.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <dirent.h>

#include "store/facts.h"
#include "support/history.h"
#include "support/made_city.h"
#include "support/marker_search.h"

enum {
    cases_default = 5,
    facts_default = 120,
    batch_max = 25,
    mark_bytes = marker_bytes
};

// ---- one case ----

typedef struct {
    uint64_t seed;
    wf_prng prng;
    history h;
    wf_arena arena;
    wf_fact *facts; // the different ones of the history, with marks in their texts
    size_t count;
    bool *forgotten; // each of them
    bool *live;
    weft_day before[WF_KEEP_END];
    char gone[mark_bytes + 1], kept[mark_bytes + 1]; // how marks begin
    size_t marks[2];                                 // how many were put: kept, gone
} forget_case;

static int place_of(const forget_case *c, wf_identity id)
{
    for (size_t i = 0; i < c->count; i++)
        if (wf_identity_equal(c->facts[i].id, id))
            return (int)i;
    return -1;
}

static int target_of(const forget_case *c, int at)
{
    wf_identity amends = c->facts[at].amends;
    return amends.device.size == 0 ? -1 : place_of(c, amends);
}

// ---- which facts are live, as the definition says it ----

static bool in_circle(const forget_case *c, int fact)
{
    int at = fact;
    for (size_t i = 0; i < c->count && at >= 0; i++) {
        at = target_of(c, at);
        if (at == fact)
            return true;
    }
    return false;
}

static bool names(const forget_case *c, int by, int fact)
{
    return wf_identity_equal(c->facts[by].amends, c->facts[fact].id);
}

static bool stands(const forget_case *c, int fact)
{
    for (int i = 0; i < (int)c->count; i++)
        if (names(c, i, fact) && !in_circle(c, i) && stands(c, i))
            return false;
    return true;
}

static bool is_live(const forget_case *c, int fact)
{
    const wf_fact *mine = &c->facts[fact];
    if (!stands(c, fact))
        return false;
    if (mine->amends.device.size == 0 || mine->kind->withdraws || in_circle(c, fact))
        return true;
    for (int i = 0; i < (int)c->count; i++) {
        const wf_fact *other = &c->facts[i];
        if (i != fact && !other->kind->withdraws &&
            wf_identity_equal(other->amends, mine->amends) && !in_circle(c, i) &&
            stands(c, i) && wf_fact_order(other->at, other->id, mine->at, mine->id) > 0)
            return false;
    }
    return true;
}

// ---- making a case ----

static bool is_observation(const wf_kind *kind)
{
    return kind->kind_class == WF_OBSERVATION;
}

static void put_marks(forget_case *c, size_t at)
{
    wf_fact *fact = &c->facts[at];
    for (size_t i = 0; i < fact->kind->fields_count; i++) {
        const wf_column *field = &fact->kind->fields[i];
        char text[64];
        int size = snprintf(text, sizeof text, "%s%06zu", // both begin with a letter
                            c->forgotten[at] ? c->gone : c->kept, at * 32 + i);
        if (field->type != WF_COLUMN_TEXT || field->list || fact->kind->withdraws ||
            !wf_column_takes_text(field, (wf_text){text, (size_t)size}))
            continue;
        fact->values[i] = (wf_value){.given = true,
                                     .text = history_text(&c->arena, text, (size_t)size)};
        c->marks[c->forgotten[at]]++;
    }
    wf_fact_order_pairs(fact);
    weft_error error = {0};
    if (wf_fact_check(fact, &error) != WEFT_OK)
        fail_msg("%s: %s", fact->kind->name, error.code);
}

static void take_facts(forget_case *c)
{
    c->facts = history_memory(&c->arena, c->h.count, sizeof *c->facts);
    c->forgotten = history_memory(&c->arena, c->h.count, sizeof *c->forgotten);
    c->live = history_memory(&c->arena, c->h.count, sizeof *c->live);
    for (size_t i = 0; i < c->h.count; i++)
        if (place_of(c, c->h.arrivals[i]->id) < 0)
            history_copy(c->h.arrivals[i], &c->facts[c->count++]);
}

// Which days of which classes go: none, some, all.
static void draw_purge(forget_case *c, const wf_zone *zone)
{
    weft_day first = wf_zone_day_of(zone, c->h.first_at);
    c->before[0].number = INT32_MIN;
    for (int keep = 1; keep < WF_KEEP_END; keep++) {
        c->before[keep].number = INT32_MIN;
        if (wf_prng_below(&c->prng, 4) > 0)
            c->before[keep].number = first.number + (int)wf_prng_below(&c->prng, 8);
    }
    for (size_t i = 0; i < c->count; i++)
        c->forgotten[i] = wf_zone_day_of(zone, wf_fact_kept_at(&c->facts[i])).number <
                          c->before[c->facts[i].kind->keep].number;
}

static void case_new(forget_case *c, uint64_t seed, size_t facts_count,
                     const wf_zone *zone)
{
    memset(c, 0, sizeof *c);
    c->seed = seed;
    c->prng = wf_prng_new(seed);
    wf_arena_init(&c->arena, 0);
    snprintf(c->gone, sizeof c->gone, "gone%020llu", (unsigned long long)seed);
    snprintf(c->kept, sizeof c->kept, "kept%020llu", (unsigned long long)seed);
    history_make(wf_desk_kinds(),
                 &(history_options){.seed = seed,
                                    .facts_count = facts_count,
                                    .days = 6,
                                    .amendments = 300,
                                    .edges = HISTORY_NONE,
                                    .takes = is_observation},
                 &c->h);
    take_facts(c);
    draw_purge(c, zone);
    for (size_t i = 0; i < c->count; i++)
        put_marks(c, i);
    for (size_t i = 0; i < c->count; i++)
        c->live[i] = is_live(c, (int)i);
}

static void case_done(forget_case *c)
{
    wf_arena_done(&c->arena);
    history_done(&c->h);
}

// ---- cities ----

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("%s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void send(made_city *city, const wf_fact *facts, size_t count, wf_sent expected)
{
    wf_verdict verdicts[batch_max];
    weft_error error = {0};
    ok(wf_store_send(city->records, facts, count, WF_TIME_NONE, verdicts, &error),
       &error);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(verdicts[i].sent, expected);
}

static void send_all(made_city *city, forget_case *c, wf_sent expected)
{
    weft_error error = {0};
    for (size_t at = 0, next; at < c->count; at = next) {
        next = at + 1 + wf_prng_below(&c->prng, batch_max);
        next = next < c->count ? next : c->count;
        send(city, c->facts + at, next - at, expected);
        if (wf_prng_below(&c->prng, 3) == 0)
            ok(wf_store_apply(city->records, wf_prng_below(&c->prng, 20), &error),
               &error);
    }
    ok(wf_store_apply(city->records, 0, &error), &error);
}

// The rows of the live facts that are left, as if nothing else had ever been said.
static wf_digest digest_of_left(const forget_case *c, bool purged)
{
    made_city city;
    weft_error error = {0};
    made_city_new(&city);
    for (size_t i = 0; i < c->count; i++) {
        wf_fact fact = c->facts[i];
        if (!c->live[i] || (purged && c->forgotten[i]) || fact.kind->withdraws)
            continue;
        fact.amends = (wf_identity){0};
        send(&city, &fact, 1, WF_SENT_ACCEPTED);
    }
    ok(wf_store_apply(city.records, 0, &error), &error);
    wf_digest digest = made_city_digest(&city);
    made_city_done(&city);
    return digest;
}

static void close_register(made_city *city)
{
    wf_register_close(city->reg);
    city->reg = NULL;
}

static void reopen(made_city *city)
{
    made_city_close(city);
    made_city_open(city, city->store.io);
}

// ---- what the ledger still says ----

typedef struct {
    made_city *city;
    const forget_case *c;
    size_t kept, gone, entries_forgotten;
} reading;

static weft_status read_entry(void *context, const wf_entry *entry, weft_error *error)
{
    reading *job = context;
    wf_arena arena = {0};
    wf_entry copy = *entry;
    job->entries_forgotten += entry->forgotten;
    // Bodies that stand in the visit store are looked for there.
    WF_TRY(wf_store_read_body(job->city->records, &arena, &copy, error));
    for (size_t i = 0; !entry->forgotten && i < entry->fact.kind->fields_count; i++) {
        wf_text text = copy.fact.values[i].text;
        if (text.size < mark_bytes)
            continue;
        job->kept += memcmp(text.bytes, job->c->kept, mark_bytes) == 0;
        job->gone += memcmp(text.bytes, job->c->gone, mark_bytes) == 0;
    }
    wf_arena_done(&arena);
    return WEFT_OK;
}

static reading read_ledger(made_city *city, const forget_case *c)
{
    reading job = {.city = city, .c = c};
    weft_error error = {0};
    ok(wf_ledger_scan(wf_store_ledger(city->records), 1, read_entry, &job, &error),
       &error);
    return job;
}

static size_t forgotten_count(const forget_case *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->count; i++)
        count += c->forgotten[i];
    return count;
}

static void check_ledger(made_city *city, const forget_case *c, bool purged)
{
    weft_error error = {0};
    reading read = read_ledger(city, c);
    assert_int_equal(read.kept, c->marks[0]);
    assert_int_equal(read.gone, purged ? 0 : c->marks[1]);
    if (!purged)
        assert_int_equal(read.entries_forgotten, 0);
    else // refusals of the test among them, or not
        assert_true(read.entries_forgotten >= forgotten_count(c));
    ok(wf_ledger_verify(wf_store_ledger(city->records), NULL, NULL, &error), &error);
    ok(wf_records_verify(wf_store_records(city->records), NULL, NULL, &error), &error);
}

// ---- what the disk still says ----

static void the_search_finds_what_is_there(void **state)
{
    (void)state;
    const char *mark = "gone00000000000000000042";
    marker_search search = {.count = 0};
    marker_add_text(&search, mark);
    for (size_t pad = 0; pad < 3; pad++) {
        char plain[64], text[128];
        int size = snprintf(plain, sizeof plain, "%.*s%s000001", (int)pad, "ab", mark);
        assert_string_equal(marker_found(&search, plain, (size_t)size), "UTF-8");
        sodium_bin2base64(text, sizeof text, (const unsigned char *)plain, (size_t)size,
                          sodium_base64_VARIANT_ORIGINAL);
        assert_string_equal(marker_found(&search, text, strlen(text)), "base64");
        assert_null(marker_found(&search, text, mark_bytes / 2));
        sodium_bin2hex(text, sizeof text, (const unsigned char *)plain, (size_t)size);
        assert_string_equal(marker_found(&search, text, strlen(text)), "hex");
    }
}

typedef struct {
    const marker_search *search; // NULL: files are copied
} walking;

static void walk(const wf_path *folder, const walking *job, const wf_path *to)
{
    DIR *open = opendir(folder->text);
    assert_non_null(open);
    if (to != NULL)
        assert_int_equal(mkdir(to->text, 0700), 0);
    for (const struct dirent *one = readdir(open); one != NULL; one = readdir(open)) {
        struct stat about;
        wf_path path = scratch_path(folder, one->d_name), copy = path;
        if (strcmp(one->d_name, ".") == 0 || strcmp(one->d_name, "..") == 0)
            continue;
        if (to != NULL)
            copy = scratch_path(to, one->d_name);
        assert_int_equal(lstat(path.text, &about), 0);
        if (S_ISDIR(about.st_mode)) {
            walk(&path, job, to != NULL ? &copy : NULL);
            continue;
        }
        size_t size;
        char *bytes = scratch_read(&path, &size);
        assert_non_null(bytes);
        if (to != NULL)
            scratch_write(&copy, bytes, size);
        else if (marker_found(job->search, bytes, size) != NULL)
            fail_msg("a forgotten word stands in %s, in %s", one->d_name,
                     marker_found(job->search, bytes, size));
        free(bytes);
    }
    closedir(open);
}

static void search(const made_city *city, const wf_path *copy, const forget_case *c)
{
    marker_search forms = {.count = 0};
    marker_add_text(&forms, c->gone);
    walking job = {&forms};
    walk(&city->store.folder, &job, NULL);
    walk(&city->store.key_dir, &job, NULL);
    walk(copy, &job, NULL);
}

// ---- an old copy of everything but the keys ----

static void copy_file(const wf_path *from, const wf_path *to)
{
    size_t size;
    char *bytes = scratch_read(from, &size);
    assert_non_null(bytes);
    scratch_write(to, bytes, size);
    free(bytes);
}

// The old rows, opened with every key of rows that there is now.
static void check_rows_are_shut(const made_city *old)
{
    wf_arena arena;
    weft_day *generations;
    size_t count;
    weft_error error = {0};
    wf_path path = scratch_path(&old->store.folder, "records.db");
    wf_arena_init(&arena, 0);
    ok(wf_keys_days(old->store.keys, WF_KEY_RECORDS, &arena, &generations, &count,
                    &error),
       &error);
    assert_true(count > 0);
    for (size_t i = 0; i < count; i++) {
        wf_database *db = NULL;
        wf_database_options options = {
            .io = old->store.io, .where = path.text, .use = WF_DATABASE_READ};
        ok(wf_keys_find(old->store.keys, WF_KEY_RECORDS, generations[i], &options.key,
                        &error),
           &error);
        assert_int_equal(wf_database_open(&options, &db, &error), WEFT_KEYLESS);
    }
    wf_arena_done(&arena);
}

// A visit store of before a purge opens with no key that there is now. Its living days do
// beside what the purge left: the ledger's old files are tried with them.
static void put_back_visits(const made_city *city, made_city *old)
{
    static const char *const names[] = {"manifest", "dictionary"};
    weft_error error = {0};
    if (made_store_open(&old->store, city->store.io, &error) == WEFT_OK) {
        made_store_close(&old->store);
        return;
    }
    for (size_t i = 0; i < 2; i++) {
        wf_path from = scratch_path(&city->store.folder, "visits");
        wf_path to = scratch_path(&old->store.folder, "visits");
        from = scratch_path(&from, names[i]);
        to = scratch_path(&to, names[i]);
        copy_file(&from, &to);
    }
}

static void check_old_copy(const made_city *city, const wf_path *copy,
                           const forget_case *c, wf_digest left, bool destroyed)
{
    made_city old = *city;
    weft_error error = {0};
    wf_path new_keys = scratch_path(&city->store.folder, "keys");
    wf_path old_keys = scratch_path(copy, "keys");
    wf_path new_ring = scratch_path(&new_keys, "ring");
    wf_path old_ring = scratch_path(&old_keys, "ring");
    old.store.folder = *copy;
    old.store.keys = NULL;
    old.store.visits = NULL;
    wf_keys_options keys = made_keys_options(&old.store);
    if (destroyed)
        assert_int_not_equal(wf_keys_open(&keys, MADE_CITY_ID, &old.store.keys, &error),
                             WEFT_OK);
    copy_file(&new_ring, &old_ring);
    ok(wf_keys_open(&keys, MADE_CITY_ID, &old.store.keys, &error), &error);
    if (destroyed)
        check_rows_are_shut(&old);
    wf_keys_close(old.store.keys);
    put_back_visits(city, &old);
    made_city_open(&old, city->store.io);
    check_ledger(&old, c, true);
    assert_true(made_digests_equal(made_city_digest(&old), left));
    made_city_close(&old);
}

// ---- the law ----

// What came is had; what would come is not taken.
static void check_forgotten_days(made_city *city, forget_case *c)
{
    wf_verdict verdict;
    weft_error error = {0};
    send_all(city, c, WF_SENT_HAD);
    for (size_t i = 0; i < c->count; i++) {
        wf_fact fact = c->facts[i];
        fact.id.seq += 1000000;
        fact.amends = (wf_identity){0};
        if (!c->forgotten[i] || fact.kind->withdraws)
            continue;
        ok(wf_store_send(city->records, &fact, 1, WF_TIME_NONE, &verdict, &error),
           &error);
        assert_int_equal(verdict.sent, WF_SENT_REFUSED);
        assert_string_equal(verdict.why.code, "fact.forgotten");
    }
}

static bool keep_id(void *context, wf_id_class id_class, uint32_t number)
{
    (void)context, (void)id_class, (void)number;
    return true; // the rows of a register name it
}

// Both books forget the same days.
static void forget_visits(made_city *city, const forget_case *c)
{
    wf_visits_purge_count count;
    weft_error error = {0};
    if (c->before[WF_KEEP_VISIT].number > INT32_MIN)
        ok(wf_visits_purge(city->store.visits, c->before[WF_KEEP_VISIT], keep_id, NULL,
                           &count, &error),
           &error);
}

static void check_case(uint64_t seed, size_t facts_count)
{
    forget_case c;
    made_city city;
    weft_error error = {0};
    uint64_t destroyed = 0;
    made_city_new(&city);
    case_new(&c, seed, facts_count, city.store.zone);
    send_all(&city, &c, WF_SENT_ACCEPTED);
    assert_true(made_digests_equal(made_city_digest(&city), digest_of_left(&c, false)));
    check_ledger(&city, &c, false);
    reopen(&city);
    wf_path base = city.store.folder;
    *strrchr(base.text, '/') = '\0';
    wf_path copy = scratch_path(&base, "copy");
    walk(&city.store.folder, &(walking){0}, &copy);
    close_register(&city);
    ok(wf_store_purge(city.records, c.before, &destroyed, &error), &error);
    forget_visits(&city, &c);
    assert_true((destroyed > 0) == (forgotten_count(&c) > 0));
    wf_digest left = digest_of_left(&c, true);
    assert_true(made_digests_equal(made_city_digest(&city), left));
    check_ledger(&city, &c, true);
    search(&city, &copy, &c);
    ok(wf_store_rebuild(city.records, NULL, NULL, &error), &error);
    assert_true(made_digests_equal(made_city_digest(&city), left));
    reopen(&city);
    assert_true(made_digests_equal(made_city_digest(&city), left));
    check_old_copy(&city, &copy, &c, left, destroyed > 0);
    check_forgotten_days(&city, &c);
    assert_true(made_digests_equal(made_city_digest(&city), left));
    made_city_close(&city);
    search(&city, &copy, &c);
    made_city_done(&city);
    case_done(&c);
}

static size_t number_of(const char *name, size_t otherwise)
{
    const char *given = getenv(name);
    return given != NULL ? strtoull(given, NULL, 10) : otherwise;
}

static void what_is_forgotten_is_gone_and_was_had(void **state)
{
    (void)state;
    uint64_t seed = number_of("WEFT_PROP_SEED", 1);
    size_t cases = number_of("WEFT_PROP_CASES", cases_default);
    for (size_t i = 0; i < cases; i++) {
        printf("# seed %llu\n", (unsigned long long)(seed + i));
        check_case(seed + i, number_of("WEFT_PROP_FACTS", facts_default));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_search_finds_what_is_there),
        cmocka_unit_test(what_is_forgotten_is_gone_and_was_had),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
