// Balance law: whatever is in a file, rows = accepted + had + refused; what was accepted
// is had the second time and changes nothing; every refused row can be read back.
//
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
#include "load/refused.h"
#include "support/made_city.h"
#include "support/seeds.h"

static const char *const people[] = {"P-1",  "P-2",  "P-3",     "\"P \"\"4\"\"\"",
                                     "",     "P\t5", "\"P,6\"", "\xE7\x94\xB2",
                                     "\xFF", "\"P-7"};
static const char *const places[] = {"Q-1", "Q-2", "\"Q\n3\"", "", "Q-4 "};
static const char *const times[] = {
    "2021-12-09 10:05",  "2021-12-09T10:05:30+08:00", "2021-12-10",       "",
    "2021-12-08T23:59Z", "2021-12-10 00:00",          "2021-02-30 10:00", "noon",
    "2031-12-09 10:05",  "2021-12-09 23:59:59.9"};

static const char *pick(wf_prng *prng, const char *const *words, size_t count)
{
    return words[wf_prng_below(prng, (uint32_t)count)];
}

#define PICK(prng, words) pick((prng), (words), sizeof(words) / sizeof *(words))

static void random_row(wf_prng *prng, bool visits, wf_buffer *ret)
{
    ret->size = 0;
    if (wf_prng_below(prng, 20) == 0) { // bytes of any kind
        for (uint32_t left = wf_prng_below(prng, 12); left > 0; left--) {
            static const char bytes[] = "P1,\"\r\0\xC3\xA9 ;";
            assert_true(
                wf_buffer_append(ret, &bytes[wf_prng_below(prng, sizeof bytes)], 1));
        }
        return;
    }
    const char *who = PICK(prng, people);
    const char *where = visits ? PICK(prng, places) : PICK(prng, people);
    const char *start = PICK(prng, times);
    const char *end = PICK(prng, times);
    assert_true(wf_buffer_printf(ret, "%s,%s,%s,%s", who, where, start, end));
    if (wf_prng_below(prng, 30) == 0)
        assert_true(wf_buffer_append(ret, ",x", 2));
}

enum { rows_max = 60 };

typedef struct {
    wf_buffer rows[rows_max];
    size_t count;
} row_list;

static void join_rows(const row_list *rows, bool visits, wf_buffer *ret)
{
    const char *header = visits ? "person,place,start,end\n" : "a,b,start,end\n";
    wf_buffer_clear(ret);
    assert_true(wf_buffer_append(ret, header, strlen(header)));
    for (size_t i = 0; i < rows->count; i++)
        assert_true(wf_buffer_append(ret, rows->rows[i].bytes, rows->rows[i].size) &&
                    wf_buffer_append(ret, "\n", 1));
}

static void assert_balanced(made_city *city)
{
    const weft_import_summary *got = &city->summary;
    assert_int_equal(got->rows, got->accepted + got->had + got->refused);
    if (got->refused == 0)
        return;
    wf_refused_folder folder = {city->store.io, city->store.folder.text,
                                city->store.keys};
    uint64_t count = 0;
    wf_refused_reader *reader = NULL;
    wf_refused_item item = {0};
    assert_int_equal(wf_refused_reader_open(&folder, strrchr(got->refused_file, '/') + 1,
                                            &reader, &city->error),
                     WEFT_OK);
    do {
        assert_int_equal(wf_refused_next(reader, &item, &city->error), WEFT_OK);
        count += item.what == WF_REFUSED_ROW;
        assert_true(item.what != WF_REFUSED_ROW || item.row.code.size > 0);
    } while (item.what != WF_REFUSED_END);
    wf_refused_reader_close(reader);
    assert_int_equal(count, got->refused);
    // The same delivery twice has one file of refused rows.
    char names[4][WF_REFUSED_NAME_MAX];
    size_t files = 0;
    assert_int_equal(wf_refused_names(&folder, "", names, 4, &files, &city->error),
                     WEFT_OK);
    assert_int_equal(files, 1);
}

static void import_case(wf_prng *prng)
{
    row_list rows = {.count = 1 + wf_prng_below(prng, rows_max)};
    bool visits = wf_prng_below(prng, 2) == 0;
    weft_import_kind kind = visits ? WEFT_IMPORT_VISITS : WEFT_IMPORT_ENCOUNTERS;
    wf_buffer text = {0};
    made_city city;
    made_city_new(&city);
    city.import.real = wf_prng_below(prng, 2) == 0;
    city.import.clocked = city.import.real || wf_prng_below(prng, 2) == 0;
    for (size_t i = 0; i < rows.count; i++)
        random_row(prng, visits, &rows.rows[i]);
    join_rows(&rows, visits, &text);
    assert_int_equal(made_import_bytes(&city, kind, wf_buffer_text(&text), NULL),
                     WEFT_OK);
    assert_balanced(&city);
    uint64_t new_or_had = city.summary.accepted + city.summary.had;
    uint64_t refused = city.summary.refused;
    wf_digest first = made_city_digest(&city);
    assert_int_equal(made_import_bytes(&city, kind, wf_buffer_text(&text), NULL),
                     WEFT_OK);
    assert_balanced(&city);
    assert_int_equal(city.summary.accepted, 0);
    assert_int_equal(city.summary.had, new_or_had);
    assert_int_equal(city.summary.refused, refused);
    assert_true(made_digests_equal(first, made_city_digest(&city)));
    made_city_done(&city);
    for (size_t i = 0; i < rows.count; i++)
        wf_buffer_done(&rows.rows[i]);
    wf_buffer_done(&text);
}

static void every_row_is_accepted_had_or_refused(void **state)
{
    (void)state;
    seeds_each(12, import_case);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_row_is_accepted_had_or_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
