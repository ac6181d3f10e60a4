// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>
#include <string.h>

#include "desk/kinds.h"
#include "desk/register/kinds.h"
#include "model/fact.h"
#include "support/golden.h"

static void what_the_desks_declare_is_sound(void **state)
{
    (void)state;
    char text[WF_SOUND_TEXT_MAX] = "";
    if (!wf_kinds_sound(wf_desk_kinds(), text))
        fail_msg("%s", text);
}

// ---- the golden copy ----

static const char *const type_names[] = {
    [WF_COLUMN_ID] = "id",         [WF_COLUMN_PERSON] = "person",
    [WF_COLUMN_PLACE] = "place",   [WF_COLUMN_TEXT] = "text",
    [WF_COLUMN_DATE] = "date",     [WF_COLUMN_TIME] = "time",
    [WF_COLUMN_NUMBER] = "number", [WF_COLUMN_YESNO] = "yesno",
    [WF_COLUMN_WORD] = "word",     [WF_COLUMN_INTEGER] = "whole",
    [WF_COLUMN_FACT] = "fact",
};
static const char *const merge_names[] = {
    [WF_MERGE_LAST] = "last",     [WF_MERGE_EARLIEST] = "earliest",
    [WF_MERGE_LATEST] = "latest", [WF_MERGE_COUNT] = "count",
    [WF_MERGE_KEY] = "key",
};

static void put_column(const wf_column *column, size_t place, const char *merge,
                       wf_buffer *to)
{
    assert_true(wf_buffer_printf(to, "  %zu %s %s%s%s", place, column->name,
                                 type_names[column->type], column->list ? " list" : "",
                                 merge));
    if (column->words != NULL)
        for (size_t i = 0; column->words[i] != NULL; i++)
            assert_true(
                wf_buffer_printf(to, "%s%s", i == 0 ? " " : "|", column->words[i]));
    assert_true(wf_buffer_printf(to, "%s%s\n", column->required ? " required" : "",
                                 wf_column_is_sealed(column) ? " sealed" : ""));
}

static void put_table(const wf_table *table, wf_buffer *to)
{
    assert_true(wf_buffer_printf(to, "table %s%s\n", table->name,
                                 table->in_digest ? " digest" : ""));
    for (size_t i = 0; i < table->columns_count; i++) {
        char merge[16];
        snprintf(merge, sizeof merge, " %s", merge_names[table->columns[i].merge]);
        put_column(&table->columns[i], i, merge, to);
    }
}

static void put_kind(const wf_kind *kind, wf_buffer *to)
{
    assert_true(
        wf_buffer_printf(to, "kind %u %s %s %s\n", kind->number, kind->name,
                         kind->kind_class == WF_DECISION ? "decision" : "observation",
                         wf_keep_word(kind->keep)));
    for (size_t i = 0; i < kind->fields_count; i++)
        put_column(&kind->fields[i], i, "", to);
}

// Numbers and places are stored: what stands in the golden copy may be added to, at the
// ends, and never be changed. WEFT_GOLDEN_WRITE=1 writes what was added.
static void numbers_and_places_stay_as_they_were(void **state)
{
    (void)state;
    const wf_kinds *kinds = wf_desk_kinds();
    wf_buffer made = {0};
    for (size_t i = 0; i < kinds->kinds_count; i++)
        put_kind(kinds->kinds[i], &made);
    for (size_t i = 0; i < kinds->tables_count; i++)
        put_table(kinds->tables[i], &made);
    golden_compare("test/golden/kinds.txt", &made);
    wf_buffer_done(&made);
}

// ---- the files of the register ----

static bool has_source(const wf_projection *projection, const char *field)
{
    for (size_t i = 0; i < projection->sources_count; i++)
        if (projection->sources[i].field != NULL &&
            strcmp(projection->sources[i].field, field) == 0)
            return true;
    return false;
}

// A column that is added to a file reaches its table.
static void every_column_of_a_file_is_a_field_and_a_column(void **state)
{
    (void)state;
    static const struct {
        wf_register_kind file;
        const char *kind;
    } files[] = {{WF_REGISTER_PERSONS, "person.registered"},
                 {WF_REGISTER_PLACES, "place.registered"},
                 {WF_REGISTER_CASES, "case.reported"}};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        const wf_register_table *file = wf_register_table_of(files[i].file);
        const wf_kind *kind = wf_kinds_find(wf_desk_kinds(), wf_text_of(files[i].kind));
        assert_non_null(kind);
        for (size_t c = 0; c < file->columns_count; c++) {
            const wf_column *column = &file->columns[c];
            // The columns of the first files have the first places; later ones follow
            // what the kind has had since.
            size_t at = wf_kind_field(kind, wf_text_of(column->name));
            assert_true(at == c || (at < kind->fields_count && at > c));
            assert_true(has_source(&kind->projections[0], column->name));
            if (c > 0) // the row's own id is a person or a place in a fact
                assert_int_equal(kind->fields[at].type, column->type);
        }
    }
}

static void what_a_reader_must_not_see_is_sealed_in_every_table(void **state)
{
    (void)state;
    static const struct {
        const char *table, *column;
    } sealed[] = {{"person", "name"},  {"person", "birth"}, {"person", "household"},
                  {"person", "phone"}, {"person", "needs"}, {"person", "id_number"},
                  {"users", "name"},   {"orders", "reason"}};
    for (size_t i = 0; i < sizeof sealed / sizeof *sealed; i++) {
        const wf_table *table =
            wf_kinds_table(wf_desk_kinds(), wf_text_of(sealed[i].table));
        assert_non_null(table);
        size_t column = wf_table_column(table, wf_text_of(sealed[i].column));
        assert_true(column != SIZE_MAX);
        assert_true(wf_column_is_sealed(&table->columns[column]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_desks_declare_is_sound),
        cmocka_unit_test(numbers_and_places_stay_as_they_were),
        cmocka_unit_test(every_column_of_a_file_is_a_field_and_a_column),
        cmocka_unit_test(what_a_reader_must_not_see_is_sealed_in_every_table),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
