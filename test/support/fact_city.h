// A drill city in a folder, without a clock: facts come as lines of files, reactions run,
// and who is bound at a moment is asked of the views.
#ifndef TEST_SUPPORT_FACT_CITY_H
#define TEST_SUPPORT_FACT_CITY_H

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "access/city/city.h"
#include "support/bytes_source.h"
#include "support/scratch.h"
#include "weft/care.h"
#include "weft/facts.h"
#include "weft/react.h"
#include "weft/views.h"

typedef struct {
    wf_path folder, keys;
    weft_city *city;
    wf_buffer lines; // of the file that comes next
} fact_city;

static inline void fact_city_ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s %s\n", error->code != NULL ? error->code : "?",
                    error->params[0].value);
    assert_int_equal(status, WEFT_OK);
}

static inline void fact_city_open(fact_city *of)
{
    weft_error error = {0};
    const weft_key_options options = {.key_dir = of->keys.text};
    wf_path dir = scratch_path(&of->folder, "city");
    fact_city_ok(weft_city_open(dir.text, &options, &of->city, &error), &error);
}

// `records`: "postgres://…", where the rows are kept; NULL: in the folder.
static inline void fact_city_new_at(fact_city *of, const char *protocol,
                                    const char *records)
{
    weft_error error = {0};
    *of = (fact_city){0};
    scratch_new(&of->folder);
    scratch_new(&of->keys);
    wf_path dir = scratch_path(&of->folder, "city");
    weft_init_options options = {
        .kind = WEFT_CITY_DRILL, .protocol = protocol, .keys.key_dir = of->keys.text};
    fact_city_ok(weft_city_init(dir.text, &options, &error), &error);
    if (records != NULL) {
        wf_path path = scratch_path(&dir, "weft.yaml");
        FILE *file = fopen(path.text, "a");
        assert_non_null(file);
        assert_true(fprintf(file, "records: \"%s\"\n", records) > 0);
        assert_int_equal(fclose(file), 0);
    }
    fact_city_open(of);
}

static inline void fact_city_new(fact_city *of, const char *protocol)
{
    fact_city_new_at(of, protocol, NULL);
}

static inline void fact_city_done(fact_city *of)
{
    weft_city_close(of->city);
    wf_buffer_done(&of->lines);
    scratch_remove(of->folder.text);
    scratch_remove(of->keys.text);
}

static inline void fact_city_reopen(fact_city *of)
{
    weft_city_close(of->city);
    fact_city_open(of);
}

static inline weft_time fact_city_time(const fact_city *of, const char *text)
{
    weft_time at = WEFT_TIME_NONE;
    weft_error error = {0};
    fact_city_ok(weft_city_time_parse(of->city, text, &at, &error), &error);
    return at;
}

// ---- facts ----

// Adds a line to the file that comes next; `body` without its braces.
static inline void fact_city_line(fact_city *of, const char *device, int64_t seq,
                                  const char *kind, weft_time at, const char *instead_of,
                                  const char *body)
{
    char time[WF_TIME_TEXT_MAX];
    assert_true(wf_buffer_printf(&of->lines,
                                 "{\"device\":\"%s\",\"seq\":%lld,\"kind\":\"%s\",\"at\":"
                                 "\"%s\"%s,\"body\":{%s}}\n",
                                 device, (long long)seq, kind,
                                 weft_city_time_text(of->city, at, time), instead_of,
                                 body));
}

// Imports the lines that were added; those that were refused are counted.
static inline weft_import_summary fact_city_import(fact_city *of)
{
    weft_error error = {0};
    bytes_source source = {of->lines.bytes, of->lines.size, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "test.ndjson", of->lines.size};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    fact_city_ok(
        weft_import(of->city, WEFT_IMPORT_FACTS, &from, 1, &options, &summary, &error),
        &error);
    wf_buffer_clear(&of->lines);
    return summary;
}

static inline void fact_city_keep_reaction(void *context, const weft_reaction *reaction)
{
    *(weft_reaction *)context = *reaction;
}

// Runs what is due. `lacks` of the answer says only whether something was lacking.
static inline weft_reaction fact_city_react(fact_city *of)
{
    weft_error error = {0};
    weft_reaction reaction = {0};
    fact_city_ok(weft_react(of->city, fact_city_keep_reaction, &reaction, &error),
                 &error);
    return reaction;
}

static inline void fact_city_rebuild(fact_city *of)
{
    weft_error error = {0};
    uint64_t facts = 0;
    fact_city_ok(weft_rebuild(of->city, NULL, NULL, &facts, &error), &error);
}

// ---- who is bound ----

// The view's rows at `now`, until the next look-up: order_id, person, kind, clause, …
static inline weft_view_page fact_city_bound(fact_city *of, weft_time now)
{
    weft_error error = {0};
    weft_view_page page;
    const weft_view_question question = {.view = "order/bound_persons", .limit = 100000};
    // A drill without a clock asks for the moment of its newest fact.
    of->city->kept_clock = now;
    fact_city_ok(weft_view_read(of->city, &question, &page, &error), &error);
    of->city->kept_clock = WF_TIME_NONE;
    assert_null(page.next);
    return page;
}

static inline const weft_view_value *fact_city_cell(const weft_view_page *page,
                                                    size_t row, const char *column)
{
    for (size_t i = 0; i < page->about->columns_count; i++)
        if (strcmp(page->about->columns[i].name, column) == 0)
            return &page->values[row * page->about->columns_count + i];
    fail_msg("no column %s", column);
    return NULL;
}

// "P-1 P-2": who is bound at `now`, each once, in order.
static inline const char *fact_city_held(fact_city *of, weft_time now, char text[4096])
{
    weft_view_page page = fact_city_bound(of, now);
    const char *last = "";
    size_t size = 0;
    text[0] = '\0';
    for (;;) {
        const char *least = NULL;
        for (size_t i = 0; i < page.rows_count; i++) {
            const char *person = fact_city_cell(&page, i, "person")->text;
            if (strcmp(person, last) > 0 && (least == NULL || strcmp(person, least) < 0))
                least = person;
        }
        if (least == NULL)
            return text;
        int wrote =
            snprintf(text + size, 4096 - size, "%s%s", size > 0 ? " " : "", least);
        assert_true(wrote > 0 && (size_t)wrote < 4096 - size);
        size += (size_t)wrote;
        last = least;
    }
}

#endif
