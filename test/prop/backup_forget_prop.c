// The forget law for backups: with the newest ring, which opens every backup of the city,
// neither a backup from after a purge nor one from before it yields a forgotten word; and
// a city made from either is one that never had them.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "base/prng.h"
#include "keys/copy_file.h"
#include "keys/parcel.h"
#include "support/backed_city.h"
#include "support/marker_search.h"

enum { cases_default = 3, rows_max = 12, word_bytes = 24 };

typedef struct {
    uint64_t seed;
    wf_prng dice;
    backed_city b;
    char gone[word_bytes + 1], kept[word_bytes + 1]; // how words begin
} forget_case;

static void draw_word(forget_case *c, const char *begin, char word[word_bytes + 1])
{
    size_t size = strlen(begin);
    memcpy(word, begin, size);
    for (; size < word_bytes; size++)
        word[size] = (char)('a' + wf_prng_below(&c->dice, 26));
    word[word_bytes] = '\0';
}

// Rows of days that go and of days that stay, in facts, visits and refused lines.
static void fill(forget_case *c)
{
    uint32_t count = 1 + wf_prng_below(&c->dice, rows_max);
    for (uint32_t i = 0; i < count; i++) {
        char text[64], date[16];
        bool old = i == 0 || wf_prng_below(&c->dice, 2) == 0;
        const char *word = old ? c->gone : c->kept;
        assert_true(snprintf(text, sizeof text, "%s%04u", word, i) > 0);
        assert_true(snprintf(date, sizeof date, "%s-%02u", old ? "01" : "12",
                             1 + wf_prng_below(&c->dice, 10)) > 0);
        backed_tube(&c->b, text, date);
        backed_visit(&c->b, text, text, old ? BACKED_OLD : BACKED_NEW);
    }
}

static void purge(forget_case *c)
{
    weft_error error = {0};
    weft_purge_summary summary;
    const weft_day before = BACKED_NEW;
    backed_ok(weft_purge(c->b.city, &before, &summary, &error), &error);
    assert_true(summary.keys_destroyed >= 2); // visits, and facts of January
}

static wf_keys *open_copy(const forget_case *c, const wf_path *copy)
{
    weft_error error = {0};
    wf_recipient_secret *secret = NULL;
    wf_copy_about about;
    wf_keys *keys = NULL;
    backed_ok(
        wf_recipient_open(&wf_io_posix, c->b.secret.text, WF_TEXT(""), &secret, &error),
        &error);
    backed_ok(wf_copy_read(&wf_io_posix, copy->text, secret, &about, &keys, &error),
              &error);
    wf_recipient_close(secret);
    return keys;
}

// All that is in a backup, unsealed as far as the ring does it.
static wf_buffer unsealed(const wf_keys *keys, const wf_path *file)
{
    static char part[65536];
    weft_error error = {0};
    wf_parcel_reader *reader = NULL;
    wf_buffer all = {0};
    size_t got = 1;
    backed_ok(wf_parcel_open(&wf_io_posix, file->text, &reader, &error), &error);
    backed_ok(wf_parcel_unlock(reader, keys, &error), &error);
    while (got > 0) {
        backed_ok(wf_parcel_read_some(reader, part, sizeof part, &got, &error), &error);
        assert_true(wf_buffer_append(&all, part, got));
    }
    wf_parcel_reader_free(reader);
    return all;
}

static void search(const forget_case *c, const wf_keys *keys, const wf_path *file)
{
    marker_search forms = {.count = 0};
    size_t size;
    marker_add_text(&forms, c->gone);
    char *raw = scratch_read(file, &size);
    assert_non_null(raw);
    assert_null(marker_found(&forms, raw, size));
    free(raw);
    wf_buffer all = unsealed(keys, file);
    assert_true(all.size > 0);
    assert_null(marker_found(&forms, all.bytes, all.size));
    wf_buffer_done(&all);
}

typedef struct {
    const forget_case *c;
    size_t kept, forgotten;
} reading;

static weft_status read_entry(void *context, const wf_entry *entry, weft_error *error)
{
    reading *to = context;
    (void)error;
    to->forgotten += entry->forgotten;
    for (size_t i = 0; !entry->forgotten && entry->fact.kind != NULL &&
                       i < entry->fact.kind->fields_count;
         i++) {
        wf_text text = entry->fact.values[i].text;
        if (!entry->fact.values[i].given || text.size < word_bytes)
            continue;
        assert_memory_not_equal(text.bytes, to->c->gone, word_bytes);
        to->kept += memcmp(text.bytes, to->c->kept, word_bytes) == 0;
    }
    return WEFT_OK;
}

static reading read_facts(const forget_case *c, weft_city *city)
{
    weft_error error = {0};
    reading all = {.c = c};
    backed_ok(wf_ledger_scan(wf_store_ledger(city->store), 1, read_entry, &all, &error),
              &error);
    return all;
}

static void check_city(const forget_case *c, weft_city *city, bool with_visits)
{
    reading here = read_facts(c, c->b.city), there = read_facts(c, city);
    backed_digest now = backed_digest_of(c->b.city), is = backed_digest_of(city);
    assert_int_equal(there.kept, here.kept);
    assert_int_equal(there.forgotten, here.forgotten);
    assert_true(here.forgotten > 0);
    assert_string_equal(is.tables, now.tables);
    if (with_visits)
        assert_string_equal(is.total, now.total);
    assert_true(backed_is_whole(city));
    weft_city_close(city);
}

static void check_case(uint64_t seed)
{
    forget_case c = {.seed = seed, .dice = wf_prng_new(seed)};
    print_message("# seed %llu\n", (unsigned long long)seed);
    draw_word(&c, "gone", c.gone);
    draw_word(&c, "kept", c.kept);
    backed_new(&c.b);
    fill(&c);
    wf_path before = backed_backup(&c.b, "before");
    purge(&c);
    wf_path after = backed_backup(&c.b, "after"), ring = backed_export(&c.b, "copy");
    wf_keys *keys = open_copy(&c, &ring);
    search(&c, keys, &before);
    search(&c, keys, &after);
    wf_keys_close(keys);
    check_city(&c, backed_restore(&c.b, &after, &ring, "from-after", false), true);
    check_city(&c, backed_restore(&c.b, &before, &ring, "from-before", true), false);
    backed_done(&c.b);
}

static void no_backup_yields_what_was_forgotten(void **state)
{
    (void)state;
    const char *cases = getenv("WEFT_PROP_CASES"), *from = getenv("WEFT_PROP_SEED");
    int64_t count = cases_default, seed = 1;
    if (cases != NULL)
        assert_true(wf_parse_i64(wf_text_of(cases), 1, 1000000, &count));
    if (from != NULL)
        assert_true(wf_parse_i64(wf_text_of(from), 0, INT64_MAX - 1000000, &seed));
    for (int64_t i = 0; i < count; i++)
        check_case((uint64_t)(seed + i));
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_backup_yields_what_was_forgotten),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
