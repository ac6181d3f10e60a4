// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "load/called.h"
#include "model/catalogue.h"

static wf_load_kinds kinds;

static int begin(void **state)
{
    (void)state;
    wf_load_kinds_init(&kinds);
    return 0;
}

static size_t fields_of(const wf_mapping_kind *kind)
{
    size_t count = 0;
    while (kind->fields[count].name != NULL)
        count++;
    return count;
}

static void expect_bound(const wf_mapping_kind *kind, const wf_text *titles)
{
    wf_binding binding;
    weft_error error = {0};
    size_t count = fields_of(kind);
    if (wf_mapping_bind(NULL, kind, NULL, titles, count, &binding, &error) != WEFT_OK)
        fail_msg("%s: %s %s", kind->name, error.code, error.params[0].value);
    for (size_t f = 0; f < count; f++)
        if (!binding.fields[f].given || binding.fields[f].columns[0] != f)
            fail_msg("%s: %.*s is not %s", kind->name, (int)titles[f].size,
                     titles[f].bytes, kind->fields[f].name);
}

// Every kind of list, in every language: as it stands, and as people change it.
static void every_title_is_of_its_field(void **state)
{
    (void)state;
    size_t lists = 0;
    for (size_t k = 0; k < WF_LOAD_TABLES; k++) {
        const wf_mapping_kind *kind = &kinds.kinds[k];
        if (k == WEFT_IMPORT_FACTS)
            continue;
        wf_text zh[WF_MAPPING_FIELDS_MAX], en[WF_MAPPING_FIELDS_MAX];
        for (size_t f = 0; f < fields_of(kind); f++) {
            zh[f] = wf_text_of(kind->called[f].zh);
            en[f] = wf_text_of(kind->called[f].en);
        }
        expect_bound(kind, zh);
        expect_bound(kind, en);
        lists++;
    }
    assert_int_equal(lists, 9);
    const wf_text changed[] = {WF_TEXT("人员编号*"),
                               WF_TEXT(" The Place's ID "),
                               WF_TEXT("start"),
                               WF_TEXT("离开 时间（估计）"),
                               WF_TEXT("SEAT or part of the place:"),
                               WF_TEXT("guessed")};
    expect_bound(&kinds.kinds[WEFT_IMPORT_VISITS], changed);
}

static void what_is_not_called_so_is_unknown(void **state)
{
    (void)state;
    static const char *const titles[] = {"人员", "（人员编号）", "the person",
                                         "the person's ids", "*"};
    for (size_t i = 0; i < sizeof titles / sizeof *titles; i++) {
        const wf_text header[] = {wf_text_of(titles[i])};
        wf_binding binding;
        weft_error error = {0};
        assert_int_equal(wf_mapping_bind(NULL, &kinds.kinds[WEFT_IMPORT_PERSONS], NULL,
                                         header, 1, &binding, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, "mapping.unknown_column");
    }
    // Two titles of one field are two columns of it.
    const wf_text twice[] = {WF_TEXT("person"), WF_TEXT("人员编号")};
    wf_binding binding;
    weft_error error = {0};
    assert_int_equal(wf_mapping_bind(NULL, &kinds.kinds[WEFT_IMPORT_PERSONS], NULL, twice,
                                     2, &binding, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "mapping.column_twice");
}

// Whatever is written for a word of ours stands for one that the column takes.
static void words_stand_for_words_that_are_known(void **state)
{
    (void)state;
    size_t words = 0;
    for (size_t k = 0; k < WF_LOAD_TABLES; k++) {
        if (k == WEFT_IMPORT_FACTS || wf_load_is_stays((weft_import_kind)k))
            continue;
        const wf_register_table *table = wf_load_table_of((weft_import_kind)k);
        for (size_t f = 0; f < table->columns_count; f++) {
            const wf_mapping_called *called = &kinds.called[k][f];
            const wf_column *column = &table->columns[f];
            for (size_t i = 0; i < called->words_count; i++, words++) {
                wf_text to = called->words[i].to;
                int64_t yes = 0;
                if (column->type == WF_COLUMN_WORD && !wf_column_takes_text(column, to))
                    fail_msg("%s %s takes no %s", table->name, column->name, to.bytes);
                if (column->type == WF_COLUMN_YESNO && !wf_column_parse_yesno(to, &yes))
                    fail_msg("%s %s takes no %s", table->name, column->name, to.bytes);
            }
            // And each word that it takes is called so in Chinese.
            for (const char *const *word = column->words; word != NULL && *word != NULL;
                 word++)
                if ((unsigned char)*wf_load_called_word(called, wf_text_of(*word), true)
                        .bytes < 0x80)
                    fail_msg("%s %s: %s has no Chinese", table->name, column->name,
                             *word);
        }
    }
    assert_true(words > 80);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_title_is_of_its_field),
        cmocka_unit_test(what_is_not_called_so_is_unknown),
        cmocka_unit_test(words_stand_for_words_that_are_known),
    };
    return cmocka_run_group_tests(tests, begin, NULL);
}
