// What the desks' holes are asked for: no more subjects than have to be, and none by
// reading a whole table.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "store/query/holes_inside.h"
#include "support/story.h"

// Rows that a rule gives as a whole, and how many subjects it was asked for; SIZE_MAX:
// everybody.
static size_t give_whole(made_holes *made, size_t most, wf_buffer *to)
{
    weft_error error = {0};
    const wf_hole_rule *rule =
        &made->holes->rules[wf_holes_find(made->holes, "register/same_person")];
    made_holes_saying say = {made, to, 0, ""};
    wf_database *db = made_holes_reader(made);
    wf_hole_whole whole;
    bool row = false;
    assert_int_equal(wf_hole_whole_open(db, rule, most, "", "", &whole, &error), WEFT_OK);
    size_t asked = whole.by_subject ? whole.subjects.count : SIZE_MAX;
    while (wf_hole_whole_step(&whole, rule, &row, &error) == WEFT_OK && row) {
        wf_hole hole = wf_hole_read(rule, whole.statement);
        made_holes_line(&say, &hole);
    }
    wf_hole_whole_done(&whole);
    wf_database_close(db);
    return asked;
}

// Of a city's people few share the number of a document, and only these are asked for;
// when too many do, everybody is, and the answer is the same.
static void whose_number_is_not_shared_is_not_asked_for(void **state)
{
    (void)state;
    made_holes made;
    wf_buffer few = {0}, all = {0};
    made_holes_new(&made, NULL);
    story_tell(&made, "08:00 R-1/1 person.registered person=P-1 id_number=11\n"
                      "08:10 R-1/2 person.registered person=P-2 id_number=12\n"
                      "08:20 R-1/3 person.registered person=P-3 id_number=13\n"
                      "08:30 R-1/4 person.registered person=P-4\n"
                      "08:40 R-1/5 person.registered person=P-5\n"
                      "08:50 R-1/6 person.registered person=P-6 id_number=13\n"
                      "09:00 R-1/7 person.registered person=P-7 id_number=11\n"
                      "09:10 R-1/8 person.registered person=P-8 id_number=11\n");
    assert_int_equal(give_whole(&made, 5, &few), 5);
    assert_int_equal(give_whole(&made, 4, &all), SIZE_MAX);
    assert_int_equal(few.size, all.size);
    assert_true(wf_buffer_append(&few, "", 1) && wf_buffer_append(&all, "", 1));
    story_shorten(&few);
    story_shorten(&all); // in the order of the numbers' hashes
    assert_string_equal(few.bytes,
                        "register/same_person P-6 - register since 08:50 due +1 08:50\n"
                        "register/same_person P-7 - register since 09:00 due +1 09:00\n"
                        "register/same_person P-8 - register since 09:10 due +1 09:10\n");
    for (const char *line = few.bytes; *line != '\0'; line = strchr(line, '\n') + 1)
        assert_non_null(memmem(all.bytes, all.size, line, strcspn(line, "\n") + 1));
    wf_buffer_done(&few);
    wf_buffer_done(&all);
    made_holes_done(&made);
}

// A subject is found by an index: a rule that reads a whole table a subject would cost a
// city its evening.
static void no_rule_reads_a_whole_table_for_one_subject(void **state)
{
    (void)state;
    made_holes made;
    made_holes_new(&made, NULL);
    wf_database *db = made_holes_reader(&made);
    for (size_t i = 0; i < wf_holes_rules(made.holes); i++) {
        const wf_sql_file *file = wf_holes_rule(made.holes, i);
        weft_error error = {0};
        wf_statement *plan = NULL;
        wf_buffer sql = {0};
        bool row = false;
        assert_true(wf_buffer_printf(&sql,
                                     "EXPLAIN QUERY PLAN SELECT * FROM (%s) AS r WHERE "
                                     "subject = :subject",
                                     file->select) &&
                    wf_buffer_append(&sql, "", 1));
        assert_int_equal(wf_database_prepare(db, sql.bytes, &plan, &error), WEFT_OK);
        while (wf_statement_step(plan, &row, &error) == WEFT_OK && row) {
            wf_text step = wf_statement_text(plan, 3);
            // What is built for the one subject is read as a whole.
            bool own = story_begins(&step, "SCAN r");
            if (!own && story_begins(&step, "SCAN"))
                fail_msg("%s: SCAN%.*s", file->name, (int)step.size, step.bytes);
        }
        wf_statement_free(plan);
        wf_buffer_done(&sql);
    }
    wf_database_close(db);
    made_holes_done(&made);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whose_number_is_not_shared_is_not_asked_for),
        cmocka_unit_test(no_rule_reads_a_whole_table_for_one_subject),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
