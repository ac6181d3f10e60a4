// A list that is written, imported into an empty city and written again is the same, byte
// by byte as CSV and cell by cell as a workbook; in the columns of others, what they can
// carry is. Of contacts, follow-ups and results, which are judged, whatever the city took
// goes round.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "base/prng.h"
#include "support/bytes_source.h"
#include "support/open_city.h"
#include "weft/lists.h"
#include "wire/csv_write.h"

// Whatever a list may hold; ids and names that look like formulas, too. Doubled blanks in
// a name are lost where a name is two columns.
static const char *const ids[] = {
    "P-1", "=P+2",  "'=3",      "'4",   "P,\"5\"",
    "6 b", "虚构7", "_x000D_8", "''@9", "000000000000000010"};
static const char *const names[] = {"",   "虚构甲", "A B",   "A B C",
                                    "=A", "'+B",    "甲,乙", "O'X"};
static const char *const sexes[] = {"", "female", "male", "other"};
static const char *const births[] = {"", "1964-05-31", "0999-01-01", "2021-12-09"};
static const char *const phones[] = {"", "+8613800000000", "13800000000", "-1"};
static const char *const times[] = {"", "2021-12-09", "2021-12-09 10:05",
                                    "2021-12-08T23:59:30Z",
                                    "2021-12-09T10:05:00.25+08:00"};
static const char *const classes[] = {"",          "suspected",    "probable",
                                      "confirmed", "asymptomatic", "not_a_case"};
static const char *const yesnos[] = {"", "yes", "no"};
static const char *const kinds[] = {"", "market", "household", "other"};
static const char *const outbreaks[] = {"O-1", "=O-2"};
static const char *const levels[] = {"close", "secondary", "general"};
static const char *const when[] = {"", "2021-12-09", "2021-12-10 10:05",
                                   "2021-12-10T23:59:30.25Z"};
static const char *const later[] = {"", "2021-12-11", "2021-12-12 10:05",
                                    "2021-12-11T23:59:30.25Z"};
static const char *const ways[] = {"", "phone", "other", "visit"};
static const char *const homes[] = {"", "site", "home", "other_region"};
static const char *const reasons[] = {"", "no_contact", "wrong_person", "no_case"};
static const char *const reason_words[] = {"", "虚构：隔着玻璃", "", "=A"};
static const char *const outcomes[] = {"reached", "no_answer", "other"};
static const char *const any_way[] = {"", "phone", "other"};
static const char *const results[] = {"", "negative", "positive", "grey"};
static const char *const laboratories[] = {"", "虚构检测所", "=LAB"};
static const char *const cts[] = {"", "21.5", "0.1", "40"};
static const char *const numbers[] = {"", "31.362", "0.1", "-0.30000000000000004", "90"};

#define COUNT(words) (sizeof(words) / sizeof *(words))

// What the rows of a table are drawn from, in the order of its columns.
typedef struct {
    weft_import_kind kind;
    const char *header;
    struct {
        const char *const *words;
        size_t count;
        bool beside; // goes with the column before it: the word at the same place
    } columns[16];
    size_t columns_count;
    bool judged; // rows may be refused by what other rows say
} table;

#define WORDS(words)                                                                     \
    {                                                                                    \
        words, COUNT(words), false                                                       \
    }
#define BESIDE(words)                                                                    \
    {                                                                                    \
        words, COUNT(words), true                                                        \
    }
static const table tables[] = {
    {WEFT_IMPORT_PERSONS,
     "person,name,sex,birth,phone,id_number,occupation",
     {WORDS(ids), WORDS(names), WORDS(sexes), WORDS(births), WORDS(phones), WORDS(ids),
      WORDS(names)},
     7,
     false},
    {WEFT_IMPORT_PLACES,
     "place,name,kind,parent,lat,lon,ventilation",
     {WORDS(ids), WORDS(names), WORDS(kinds), WORDS(ids), WORDS(numbers), WORDS(numbers),
      WORDS(yesnos)},
     7,
     false},
    {WEFT_IMPORT_CASES,
     "case,person,reported,onset,sampled,symptomatic,isolated,classification,died",
     {WORDS(ids), WORDS(ids), WORDS(times), WORDS(times), WORDS(times), WORDS(yesnos),
      WORDS(times), WORDS(classes), WORDS(times)},
     9,
     false},
    {WEFT_IMPORT_CONTACTS,
     "case,person,outbreak,level,exposed_from,exposed_until,place,judgement,confirmed,"
     "reached,"
     "reached_by,placed,placed_in,dismissed,dismissed_for,dismissed_because",
     {WORDS(ids), WORDS(ids), WORDS(outbreaks), WORDS(levels), WORDS(when), WORDS(later),
      WORDS(ids), WORDS(names), WORDS(when), WORDS(later), BESIDE(ways), WORDS(later),
      BESIDE(homes), WORDS(later), BESIDE(reasons), BESIDE(reason_words)},
     16,
     true},
    {WEFT_IMPORT_FOLLOWUPS,
     "person,at,outcome,outbreak,how,symptomatic",
     {WORDS(ids), WORDS(when), WORDS(outcomes), WORDS(outbreaks), WORDS(any_way),
      WORDS(yesnos)},
     6,
     true},
    {WEFT_IMPORT_RESULTS,
     "sample,person,collected,site,round,received,result,resulted,lab,ct,outbreak",
     {WORDS(ids), WORDS(ids), WORDS(when), WORDS(ids), WORDS(outbreaks), WORDS(later),
      WORDS(results), BESIDE(later), WORDS(laboratories), WORDS(cts), WORDS(outbreaks)},
     11,
     true},
    {WEFT_IMPORT_TUBES,
     "tube,result,resulted,received,lab,ct",
     {WORDS(ids), WORDS(results), WORDS(later), WORDS(when), WORDS(laboratories),
      WORDS(cts)},
     6,
     true},
};

enum { rows_count = 12 };

static void random_list(wf_prng *prng, const table *of, wf_buffer *to)
{
    assert_true(wf_buffer_printf(to, "%s\n", of->header));
    for (size_t row = 0; row < rows_count; row++) {
        wf_cell cells[16];
        uint32_t at = 0;
        for (size_t i = 0; i < of->columns_count; i++) {
            if (!of->columns[i].beside)
                at = wf_prng_below(prng, (uint32_t)of->columns[i].count);
            cells[i].text = wf_text_of(of->columns[i].words[at]);
        }
        for (size_t i = 0; i < of->columns_count; i++)
            cells[i].is_number = cells[i].text.size == 0;
        assert_true(wf_csv_put_row(cells, of->columns_count, to));
    }
}

static void say_refused(void *context, const weft_error *why)
{
    (void)context;
    print_message("# line %u, %s: %s\n", (unsigned)why->line, why->field, why->code);
}

static void import_bytes(open_city *into, weft_import_kind kind, const char *profile,
                         bool may_refuse, wf_text bytes)
{
    bytes_source source = {bytes.bytes, bytes.size, 0, 0, 0};
    weft_import_source from = {
        .read = bytes_source_read, .context = &source, .name = "list"};
    weft_import_options options = {
        .profile = profile, .as_of = WEFT_TIME_NONE, .refused = say_refused};
    weft_import_summary summary;
    weft_error error = {0};
    open_city_ok(weft_import(into->city, kind, &from, 1, &options, &summary, &error),
                 &error);
    if (summary.refused > 0 && !may_refuse)
        fail_msg("%llu rows refused of:\n%.*s", (unsigned long long)summary.refused,
                 (int)bytes.size, bytes.bytes);
}

// The list as bytes; freed by the caller.
static wf_text list_bytes(open_city *of, weft_import_kind kind, const char *profile,
                          weft_export_format format)
{
    weft_list_options options = {.format = format, .profile = profile};
    weft_error error = {0};
    uint64_t rows;
    size_t size;
    wf_path path = scratch_path(&of->folder, "list");
    open_city_ok(weft_list_write(of->city, kind, &options, path.text, &rows, &error),
                 &error);
    char *bytes = scratch_read(&path, &size);
    return (wf_text){bytes, size};
}

// Writes as `format`, imports elsewhere; there it is the same as CSV.
static void goes_round(open_city *city, const table *of, const char *profile,
                       weft_export_format format)
{
    open_city other;
    open_city_begin(&other);
    wf_text whole = list_bytes(city, of->kind, profile, WEFT_EXPORT_CSV);
    wf_text sent = list_bytes(city, of->kind, profile, format);
    import_bytes(&other, of->kind, profile, false, sent);
    wf_text again = list_bytes(&other, of->kind, profile, WEFT_EXPORT_CSV);
    if (!wf_text_equal(whole, again))
        fail_msg("%s, %s:\n%.*s\nbecame\n%.*s", of->header,
                 profile != NULL ? profile : "plain", (int)whole.size, whole.bytes,
                 (int)again.size, again.bytes);
    free((void *)(uintptr_t)whole.bytes);
    free((void *)(uintptr_t)sent.bytes);
    free((void *)(uintptr_t)again.bytes);
    open_city_end(&other);
}

static void lists_read_back_as_they_were(void **state)
{
    (void)state;
    static const char *const profiles[] = {"who", "godata", "sormas"};
    const char *cases = getenv("WEFT_PROP_CASES"), *seed = getenv("WEFT_PROP_SEED");
    int64_t count = 1, first = 1;
    if (cases != NULL)
        assert_true(wf_parse_i64(wf_text_of(cases), 1, 1000000, &count));
    if (seed != NULL)
        assert_true(wf_parse_i64(wf_text_of(seed), 0, INT64_MAX / 2, &first));
    for (int64_t i = 0; i < count; i++) {
        wf_prng prng = wf_prng_new((uint64_t)(first + i));
        print_message("# seed %lld\n", (long long)(first + i));
        for (size_t t = 0; t < COUNT(tables); t++) {
            open_city city;
            wf_buffer list = {0};
            open_city_begin(&city);
            random_list(&prng, &tables[t], &list);
            import_bytes(&city, tables[t].kind, NULL, tables[t].judged,
                         wf_buffer_text(&list));
            goes_round(&city, &tables[t], NULL, WEFT_EXPORT_CSV);
            goes_round(&city, &tables[t], NULL, WEFT_EXPORT_XLSX);
            bool others = tables[t].kind != WEFT_IMPORT_PLACES && !tables[t].judged;
            for (size_t p = 0; others && p < 3; p++)
                goes_round(&city, &tables[t], profiles[p],
                           p % 2 == 0 ? WEFT_EXPORT_CSV : WEFT_EXPORT_XLSX);
            wf_buffer_done(&list);
            open_city_end(&city);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(lists_read_back_as_they_were)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
