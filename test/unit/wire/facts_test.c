// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/kinds.h"
#include "model/catalogue.h"
#include "support/small_kinds.h"
#include "wire/facts.h"

static wf_zone *zone;

static int open_zone(void **state)
{
    (void)state;
    weft_error error = {0};
    return wf_zone_open("Asia/Shanghai", &zone, &error) != WEFT_OK;
}

static int close_zone(void **state)
{
    (void)state;
    wf_zone_close(zone);
    return 0;
}

// ---- lines that are read ----

static const struct {
    const char *what, *line;
    const char *written; // NULL: as it came
} taken[] = {
    {"the line of the design",
     "{\"device\":\"S-03-2\",\"seq\":118,\"kind\":\"tube.sealed\","
     "\"at\":\"2021-12-12T07:41:05+08:00\",\"body\":{\"tube\":\"T0031877\",\"count\":10}"
     "}",
     NULL},
    {"any order of keys, blanks, another offset",
     " {\"body\" : {\"count\": 10, \"tube\": \"T1\"}, \"at\": \"2021-12-11T23:41:05Z\", "
     "\"kind\": \"tube.sealed\", \"seq\": 1, \"device\": \"d\"} ",
     "{\"device\":\"d\",\"seq\":1,\"kind\":\"tube.sealed\","
     "\"at\":\"2021-12-12T07:41:05+08:00\",\"body\":{\"tube\":\"T1\",\"count\":10}}"},
    {"times local to the zone, parts of seconds kept",
     "{\"device\":\"d\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"2021-12-12 "
     "07:41:05.25\","
     "\"body\":{\"tube\":\"T1\",\"count\":1}}",
     "{\"device\":\"d\",\"seq\":1,\"kind\":\"tube.sealed\","
     "\"at\":\"2021-12-12T07:41:05.250000+08:00\",\"body\":{\"tube\":\"T1\",\"count\":1}"
     "}"},
    {"a grid and a correction",
     "{\"device\":\"L-1\",\"seq\":9223372036854775807,\"kind\":\"tube.resulted\","
     "\"at\":\"2021-12-12T07:41:05+08:00\",\"grid\":\"320282\",\"instead_of\":"
     "{\"device\":\"L-1\",\"seq\":3},\"body\":{\"tube\":\"T1\",\"result\":\"positive\","
     "\"lab\":\"市疾控\",\"ct\":31.25}}",
     NULL},
    {"what says nothing is left out",
     "{\"device\":\"L-1\",\"seq\":1,\"kind\":\"tube.resulted\",\"at\":\"2021-12-12T07:41:"
     "05+08:00\","
     "\"grid\":\"\",\"instead_of\":null,\"body\":{\"tube\":\"T1\",\"result\":\"grey\","
     "\"lab\":\"\","
     "\"ct\":null}}",
     "{\"device\":\"L-1\",\"seq\":1,\"kind\":\"tube.resulted\",\"at\":\"2021-12-12T07:41:"
     "05+08:00\","
     "\"body\":{\"tube\":\"T1\",\"result\":\"grey\"}}"},
    {"a number without a point is a number",
     "{\"device\":\"L-1\",\"seq\":1,\"kind\":\"tube.resulted\",\"at\":\"2021-12-12T07:41:"
     "05+08:00\","
     "\"body\":{\"tube\":\"T1\",\"result\":\"grey\",\"ct\":38}}",
     NULL},
    {"escapes are read and written only where they must be",
     "{\"device\":\"a\\u005cb\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"2021-12-"
     "12T07:41:05+08:00\","
     "\"body\":{\"tube\":\"T\\\"\\u7ba1\\/1\",\"count\":1}}",
     "{\"device\":\"a\\\\b\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"2021-12-12T07:"
     "41:05+08:00\","
     "\"body\":{\"tube\":\"T\\\"管/1\",\"count\":1}}"},
    {"a withdrawal names its fact in the body",
     "{\"device\":\"S-1\",\"seq\":2,\"kind\":\"fact.withdrawn\",\"at\":\"2021-12-12T07:"
     "41:05+08:00\","
     "\"body\":{\"device\":\"S-1\",\"seq\":1,\"reason\":\"扫错管\"}}",
     NULL},
    {"lists are sets",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"order.issued\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"order\":\"O1\",\"kind\":\"hold\",\"persons\":[\"P-0000008\",\"P-"
     "0000007\",\"P-0000008\"],"
     "\"clause\":\"cn-39\",\"because\":[{\"seq\":5,\"device\":\"L-1\"}],"
     "\"until\":\"2021-12-12T13:41:05+08:00\"}}",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"order.issued\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"order\":\"O1\",\"kind\":\"hold\",\"persons\":[\"P-0000007\",\"P-"
     "0000008\"],"
     "\"clause\":\"cn-39\",\"because\":[{\"device\":\"L-1\",\"seq\":5}],"
     "\"until\":\"2021-12-12T13:41:05+08:00\"}}"},
    {"a date alone is the whole day: its start, or as an end its end",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"order.issued\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"order\":\"O1\",\"kind\":\"place_closed\",\"place\":\"PL-1\",\"clause\":"
     "\"cn-42\","
     "\"because\":[{\"device\":\"L-1\",\"seq\":5}],\"from\":\"2021-12-12\",\"until\":"
     "\"2021-12-12\"}}",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"order.issued\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"order\":\"O1\",\"kind\":\"place_closed\",\"place\":\"PL-1\",\"clause\":"
     "\"cn-42\","
     "\"because\":[{\"device\":\"L-1\",\"seq\":5}],\"from\":\"2021-12-12T00:00:00+08:"
     "00\","
     "\"until\":\"2021-12-13T00:00:00+08:00\"}}"},
    {"two ids of a pair have one order",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"person.same\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"a\":\"P-0000008\",\"b\":\"P-0000007\"}}",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"person.same\",\"at\":\"2021-12-12T07:41:05+"
     "08:00\","
     "\"body\":{\"a\":\"P-0000007\",\"b\":\"P-0000008\"}}"},
    {"dates, yes and no",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"person.registered\",\"at\":\"2021-12-12T07:"
     "41:05+08:00\","
     "\"body\":{\"person\":\"P-0000007\",\"name\":\"织女\",\"birth\":\"1970-01-01\"}}",
     NULL},
    {"the first and the last second of all",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"case.reported\",\"at\":\"9999-12-31T23:59:"
     "59.999999Z\","
     "\"body\":{\"case\":\"C1\",\"onset\":\"0001-01-01T00:00:00Z\",\"symptomatic\":false}"
     "}",
     "{\"device\":\"C\",\"seq\":1,\"kind\":\"case.reported\",\"at\":\"9999-12-31T23:59:"
     "59.999999Z\","
     "\"body\":{\"case\":\"C1\",\"onset\":\"0001-01-01T08:05:43+08:05:43\","
     "\"symptomatic\":false}}"},
};

static void lines_are_read_and_written_again(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof taken / sizeof *taken; i++) {
        wf_arena arena = {0};
        wf_buffer written = {0};
        weft_error error = {0};
        wf_fact fact;
        bool known = false;
        weft_status status =
            wf_facts_read(wf_desk_kinds(), zone, wf_text_of(taken[i].line), &arena, &fact,
                          &known, &error);
        if (status != WEFT_OK)
            fail_msg("%s: %s %s", taken[i].what, error.code, error.field);
        assert_true(known);
        assert_int_equal(wf_fact_check(&fact, &error), WEFT_OK);
        assert_int_equal(wf_facts_write(&fact, zone, &written, &error), WEFT_OK);
        const char *expected =
            taken[i].written != NULL ? taken[i].written : taken[i].line;
        if (!wf_text_equal(wf_buffer_text(&written), wf_text_of(expected)))
            fail_msg("%s: %.*s", taken[i].what, (int)written.size, written.bytes);
        wf_buffer_done(&written);
        wf_arena_done(&arena);
    }
}

static void a_withdrawal_and_a_correction_say_what_they_amend(void **state)
{
    (void)state;
    static const char *const lines[] = {"{\"device\":\"S-1\",\"seq\":2,\"kind\":\"fact."
                                        "withdrawn\",\"at\":\"2021-12-12T07:41:05Z\","
                                        "\"body\":{\"device\":\"S-9\",\"seq\":7}}",
                                        "{\"device\":\"S-1\",\"seq\":2,\"kind\":\"tube."
                                        "sealed\",\"at\":\"2021-12-12T07:41:05Z\","
                                        "\"instead_of\":{\"device\":\"S-9\",\"seq\":7},"
                                        "\"body\":{\"tube\":\"T1\",\"count\":1}}"};
    for (size_t i = 0; i < 2; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        wf_fact fact;
        bool known = false;
        assert_int_equal(wf_facts_read(wf_desk_kinds(), zone, wf_text_of(lines[i]),
                                       &arena, &fact, &known, &error),
                         WEFT_OK);
        assert_true(wf_identity_equal(fact.amends, (wf_identity){WF_TEXT("S-9"), 7}));
        wf_arena_done(&arena);
    }
}

// ---- lines that are refused ----

#define ENVELOPE "\"device\":\"S-1\",\"seq\":3,\"at\":\"2021-12-12T07:41:05Z\","
#define SEALED ENVELOPE "\"kind\":\"tube.sealed\","
#define SMALL(body)                                                                      \
    "{" ENVELOPE "\"kind\":\"thing.seen\",\"body\":{\"id\":\"T\"," body "}}"

static const struct {
    const char *line, *code, *field;
    bool known;
} refused[] = {
    {"", "fact.json", "", false},
    {"{", "fact.json", "", false},
    {"{} {}", "fact.json", "", false},
    {"{\"device\":\"S-1\",}", "fact.json", "", false},
    {"[]", "fact.not_object", "", false},
    {"{}", "fact.device", "device", false},
    {"{\"device\":\"\\u0000\"}", "fact.nul", "", false},
    {"{\"device\":\"\xC0\xAF\"}", "fact.utf8", "", false},
    {"{\"device\":\"S-1\",\"device\":\"S-2\"}", "fact.key_twice", "", false},
    {"{\"device\":\"S-1\",\"seq\":9223372036854775808}", "fact.too_great", "", false},
    {"{\"device\":\"S-1\",\"seq\":1e999}", "fact.too_great", "", false},
    {"{\"device\":7}", "fact.device", "device", false},
    {"{\"device\":\"\"}", "fact.device", "device", false},
    {"{\"device\":\"a\\nb\",\"seq\":1}", "fact.device", "device", false},
    {"{\"device\":\"S-1\"}", "fact.seq", "seq", false},
    {"{\"device\":\"S-1\",\"seq\":0}", "fact.seq", "seq", false},
    {"{\"device\":\"S-1\",\"seq\":\"1\"}", "fact.seq", "seq", false},
    {"{\"device\":\"S-1\",\"seq\":1.0}", "fact.seq", "seq", false},
    {"{\"device\":\"S-1\",\"seq\":1}", "fact.kind", "kind", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":7}", "fact.kind", "kind", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.seale\"}", "fact.kind", "kind", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kinds\":\"\"}", "fact.unknown", "kinds", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"P-0000007\":\"\"}", "fact.unknown", "", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.sealed\"}", "fact.at", "at", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":1639266065}",
     "fact.at", "at", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"2021-12-12\"}",
     "fact.at", "at", true},
    {"{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.sealed\",\"at\":\"0001-01-01T00:00:"
     "00+01:00\","
     "\"body\":{\"tube\":\"T\",\"count\":1}}",
     "fact.at", "at", true},
    {"{" SEALED "\"grid\":32}", "fact.string", "grid", true},
    {"{" SEALED "\"grid\":\"12345678901234567890123456789012\",\"body\":{\"tube\":\"T\","
     "\"count\":1}}",
     "fact.grid", "grid", true},
    {"{" SEALED "\"instead_of\":\"S-1/2\"}", "fact.fact", "instead_of", true},
    {"{" SEALED "\"instead_of\":{\"device\":\"S-1\"}}", "fact.fact", "instead_of", true},
    {"{" SEALED "\"instead_of\":{\"device\":\"S-1\",\"seq\":2,\"x\":1}}", "fact.fact",
     "instead_of", true},
    {"{" SEALED "\"instead_of\":{\"device\":\"\",\"seq\":2}}", "fact.fact", "instead_of",
     true},
    {"{" SEALED "\"instead_of\":{\"device\":\"S-1\",\"seq\":0},\"body\":{\"tube\":\"T\","
     "\"count\":1}}",
     "fact.fact", "instead_of", true},
    {"{" SEALED "\"instead_of\":{\"device\":\"S-1\",\"seq\":3},\"body\":{\"tube\":\"T\","
     "\"count\":1}}",
     "fact.amends_itself", "instead_of", true},
    {"{" ENVELOPE
     "\"kind\":\"fact.withdrawn\",\"instead_of\":{\"device\":\"S-1\",\"seq\":2},"
     "\"body\":{\"device\":\"S-1\",\"seq\":2}}",
     "fact.withdrawal_amends", "instead_of", true},
    {"{" ENVELOPE "\"kind\":\"fact.withdrawn\",\"body\":{\"device\":\"S-1\",\"seq\":3}}",
     "fact.amends_itself", "device", true},
    {"{" ENVELOPE "\"kind\":\"fact.withdrawn\",\"body\":{\"seq\":3}}", "fact.missing",
     "device", true},
    {"{" SEALED "\"body\":[]}", "fact.body", "body", true},
    {"{" SEALED "\"x\":1}", "fact.unknown", "x", true},
    {"{" ENVELOPE "\"kind\":\"thing.seen\"}", "fact.body", "body", true},
    {"{" ENVELOPE "\"kind\":\"thing.seen\",\"body\":{}}", "fact.missing", "id", true},
    {SMALL("\"colour\":1"), "fact.unknown", "colour", true},
    {SMALL("\"王五\":1"), "fact.unknown", "", true},
    {SMALL("\"note\":1"), "fact.string", "note", true},
    {SMALL("\"note\":\"a\\u0007\""), "fact.text", "note", true},
    {SMALL("\"note\":\"1234567890123\""), "fact.text", "note", true},
    {SMALL("\"word\":\"blue\""), "fact.word", "word", true},
    {SMALL("\"word\":true"), "fact.string", "word", true},
    {SMALL("\"date\":\"2021-02-30\""), "fact.date", "date", true},
    {SMALL("\"date\":\"2021-12-12T07:00\""), "fact.date", "date", true},
    {SMALL("\"starts\":\"noon\""), "fact.time", "starts", true},
    {SMALL("\"starts\":\"2021-12-12T07:00\",\"ends\":\"2021-12-12T06:59\""), "fact.rise",
     "ends", true},
    {SMALL("\"yesno\":1"), "fact.yesno", "yesno", true},
    {SMALL("\"yesno\":\"true\""), "fact.yesno", "yesno", true},
    {SMALL("\"whole\":1.0"), "fact.not_whole", "whole", true},
    {SMALL("\"whole\":\"1\""), "fact.not_whole", "whole", true},
    {SMALL("\"whole\":-4"), "fact.whole", "whole", true},
    {SMALL("\"number\":\"1\""), "fact.not_number", "number", true},
    {SMALL("\"number\":60.5"), "fact.number", "number", true},
    {SMALL("\"fact\":[]"), "fact.fact", "fact", true},
    {SMALL("\"persons\":\"A\""), "fact.list", "persons", true},
    {SMALL("\"persons\":[\"A\",\"\"]"), "fact.empty_item", "persons", true},
    {SMALL("\"persons\":[\"A\",null]"), "fact.empty_item", "persons", true},
    {SMALL("\"persons\":[\"A\",1]"), "fact.string", "persons", true},
    {SMALL("\"persons\":[\"A\",\"B\",\"C\",\"D\"]"), "fact.items", "persons", true},
};

static const wf_kinds *kinds_of(const char *line)
{
    return strstr(line, "thing.seen") != NULL ? &small_kinds : wf_desk_kinds();
}

static void what_is_wrong_with_a_line_is_said(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        // In memory of its very size, so that reading on is seen.
        size_t size = strlen(refused[i].line);
        char *line = malloc(size > 0 ? size : 1);
        assert_non_null(line);
        memcpy(line, refused[i].line, size);
        wf_arena arena = {0};
        weft_error error = {0};
        wf_fact fact;
        bool known = !refused[i].known;
        weft_status status =
            wf_facts_read(kinds_of(refused[i].line), zone, (wf_text){line, size}, &arena,
                          &fact, &known, &error);
        if (status != WEFT_BAD_INPUT || strcmp(error.code, refused[i].code) != 0 ||
            strcmp(error.field, refused[i].field) != 0 || known != refused[i].known)
            fail_msg("%s: %s \"%s\"", refused[i].line,
                     status == WEFT_OK ? "taken" : error.code, error.field);
        assert_true(wf_catalogue_has(error.code));
        if (known)
            assert_true(wf_text_equal(fact.id.device, WF_TEXT("S-1")));
        wf_arena_done(&arena);
        free(line);
    }
}

static void a_line_of_64_KiB_is_read_and_a_longer_one_is_not(void **state)
{
    (void)state;
    static const char begin[] =
        "{" ENVELOPE "\"kind\":\"order.issued\",\"body\":{\"order\":\"O\","
        "\"kind\":\"hold\",\"clause\":\"c\",\"because\":[{\"device\":\"L\",\"seq\":1}],"
        "\"until\":\"2021-12-13\",\"persons\":[\"P-0000000\"";
    wf_buffer line = {0};
    assert_true(wf_buffer_append(&line, begin, sizeof begin - 1));
    for (int i = 1; line.size < WF_FACT_LINE_BYTES_MAX - 24; i++)
        assert_true(wf_buffer_printf(&line, ",\"P-%07d\"", i));
    assert_true(wf_buffer_append(&line, "]}}", 3));
    while (line.size < WF_FACT_LINE_BYTES_MAX)
        assert_true(wf_buffer_append(&line, " ", 1));
    for (int over = 0; over < 2; over++) {
        wf_arena arena = {0};
        weft_error error = {0};
        wf_fact fact;
        bool known;
        assert_int_equal(wf_facts_read(wf_desk_kinds(), zone, wf_buffer_text(&line),
                                       &arena, &fact, &known, &error),
                         over ? WEFT_BAD_INPUT : WEFT_OK);
        if (over)
            assert_string_equal(error.code, "fact.line_long");
        assert_true(wf_buffer_append(&line, " ", 1));
        wf_arena_done(&arena);
    }
    wf_buffer_done(&line);
}

static void nesting_is_counted_before_it_is_followed(void **state)
{
    (void)state;
    for (size_t depth = 31; depth <= 33; depth++) {
        wf_buffer line = {0};
        assert_true(wf_buffer_printf(&line, "{\"x{[[[[[[[[[[\":"));
        for (size_t i = 1; i < depth; i++)
            assert_true(wf_buffer_append(&line, "[", 1));
        for (size_t i = 1; i < depth; i++)
            assert_true(wf_buffer_append(&line, "]", 1));
        assert_true(wf_buffer_append(&line, "}", 1));
        wf_arena arena = {0};
        weft_error error = {0};
        wf_fact fact;
        bool known;
        assert_int_equal(wf_facts_read(wf_desk_kinds(), zone, wf_buffer_text(&line),
                                       &arena, &fact, &known, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, depth > 32 ? "fact.deep" : "fact.device");
        wf_arena_done(&arena);
        wf_buffer_done(&line);
    }
}

static void a_raw_NUL_is_refused(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    wf_fact fact;
    bool known;
    assert_int_equal(wf_facts_read(wf_desk_kinds(), zone,
                                   WF_TEXT("{\"device\":\"a\0b\"}"), &arena, &fact,
                                   &known, &error),
                     WEFT_BAD_INPUT);
    assert_string_equal(error.code, "fact.nul");
    wf_arena_done(&arena);
}

static void a_full_arena_is_not_the_sender_s_fault(void **state)
{
    (void)state;
    wf_arena arena;
    weft_error error = {0};
    wf_fact fact;
    bool known;
    wf_arena_init(&arena, 1);
    assert_int_equal(wf_facts_read(wf_desk_kinds(), zone, wf_text_of(taken[0].line),
                                   &arena, &fact, &known, &error),
                     WEFT_NO_MEMORY);
    wf_arena_done(&arena);
}

static void a_full_buffer_is_left_as_it_was(void **state)
{
    (void)state;
    wf_arena arena = {0};
    weft_error error = {0};
    wf_fact fact;
    bool known;
    wf_buffer whole = {0};
    assert_int_equal(wf_facts_read(wf_desk_kinds(), zone, wf_text_of(taken[3].line),
                                   &arena, &fact, &known, &error),
                     WEFT_OK);
    assert_int_equal(wf_facts_write(&fact, zone, &whole, &error), WEFT_OK);
    for (size_t limit = 1; limit < whole.size; limit++) {
        wf_buffer cut = {.limit = limit};
        assert_int_equal(wf_facts_write(&fact, zone, &cut, &error), WEFT_NO_MEMORY);
        assert_int_equal(cut.size, 0);
        wf_buffer_done(&cut);
    }
    wf_buffer_done(&whole);
    wf_arena_done(&arena);
}

// ---- the command line ----

static void fields_of_the_command_line_make_the_fact_of_a_line(void **state)
{
    (void)state;
    static const char *const fields[] = {"id=T=1",
                                         "person=P-0000007",
                                         "note=",
                                         "date=2021-12-12",
                                         "starts=2021-12-12",
                                         "ends=2021-12-12",
                                         "number=-1.5",
                                         "yesno=yes",
                                         "word=red",
                                         "whole=7",
                                         "fact=a/b/12",
                                         "persons=P-0000008,P-0000007",
                                         "persons=P-0000008",
                                         "because=x/2"};
    static const char line[] =
        SMALL("\"person\":\"P-0000007\",\"date\":\"2021-12-12\",\"starts\":\"2021-12-"
              "12T00:00+08:00\","
              "\"ends\":\"2021-12-13T00:00+08:00\",\"number\":-1.5,\"yesno\":true,"
              "\"word\":\"red\","
              "\"whole\":7,\"fact\":{\"device\":\"a/b\",\"seq\":12},"
              "\"persons\":[\"P-0000007\",\"P-0000008\"],\"because\":[{\"device\":\"x\","
              "\"seq\":2}]");
    wf_arena arena = {0};
    weft_error error = {0};
    bool known;
    wf_fact made, read;
    assert_int_equal(wf_facts_read(&small_kinds, zone, wf_text_of(line), &arena, &read,
                                   &known, &error),
                     WEFT_OK);
    read.values[SMALL_ID].text = WF_TEXT("T=1");
    made = read;
    memset(made.values, 0, sizeof made.values);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++)
        assert_int_equal(wf_facts_field(&small_seen, zone, wf_text_of(fields[i]), &arena,
                                        made.values, &error),
                         WEFT_OK);
    assert_int_equal(wf_facts_finish(&made, &error), WEFT_OK);
    wf_buffer a = {0}, b = {0};
    assert_int_equal(wf_fact_encode(&made, &a, &error), WEFT_OK);
    assert_int_equal(wf_fact_encode(&read, &b, &error), WEFT_OK);
    assert_true(wf_text_equal(wf_buffer_text(&a), wf_buffer_text(&b)));
    wf_buffer_done(&a);
    wf_buffer_done(&b);
    wf_arena_done(&arena);
}

static void a_comma_within_an_item_has_a_backslash(void **state)
{
    (void)state;
    static const char *const items[] = {"A", "B,C", "\\D\\"};
    wf_arena arena = {0};
    weft_error error = {0};
    wf_value values[WF_FIELDS_MAX] = {0};
    assert_int_equal(wf_facts_field(&small_seen, zone, WF_TEXT("persons=\\D\\,A,B\\,C"),
                                    &arena, values, &error),
                     WEFT_OK);
    assert_int_equal(values[SMALL_PERSONS].items_count, 2);
    memset(values, 0, sizeof values);
    assert_int_equal(wf_facts_field(&small_seen, zone, WF_TEXT("persons=B\\,C,A,\\D\\"),
                                    &arena, values, &error),
                     WEFT_OK);
    assert_int_equal(values[SMALL_PERSONS].items_count, 3);
    for (size_t i = 0; i < 3; i++)
        assert_true(
            wf_text_equal(values[SMALL_PERSONS].items[i].text, wf_text_of(items[i])));
    wf_arena_done(&arena);
}

static void a_field_of_the_command_line_that_is_wrong_is_refused(void **state)
{
    (void)state;
    static const struct {
        const char *field, *code, *named;
    } cases[] = {
        {"", "fact.assignment", ""},
        {"note", "fact.assignment", "note"},
        {"=x", "fact.unknown", ""},
        {"colour=red", "fact.unknown", "colour"},
        {"id=again", "fact.twice", "id"},
        {"date=today", "fact.date", "date"},
        {"starts=now", "fact.time", "starts"},
        {"number=1,5", "fact.not_number", "number"},
        {"number=nan", "fact.not_number", "number"},
        {"yesno=maybe", "fact.yesno", "yesno"},
        {"whole=1.0", "fact.not_whole", "whole"},
        {"fact=12", "fact.fact", "fact"},
        {"because=a/", "fact.fact", "because"},
        {"because=a/1,,b/2", "fact.empty_item", "because"},
        {"persons=A,", "fact.empty_item", "persons"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        wf_arena arena = {0};
        weft_error error = {0};
        wf_value values[WF_FIELDS_MAX] = {
            [SMALL_ID] = {.given = true, .text = WF_TEXT("T")}};
        assert_int_equal(wf_facts_field(&small_seen, zone, wf_text_of(cases[i].field),
                                        &arena, values, &error),
                         WEFT_BAD_INPUT);
        assert_string_equal(error.code, cases[i].code);
        assert_string_equal(error.field, cases[i].named);
        wf_arena_done(&arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lines_are_read_and_written_again),
        cmocka_unit_test(a_withdrawal_and_a_correction_say_what_they_amend),
        cmocka_unit_test(what_is_wrong_with_a_line_is_said),
        cmocka_unit_test(a_line_of_64_KiB_is_read_and_a_longer_one_is_not),
        cmocka_unit_test(nesting_is_counted_before_it_is_followed),
        cmocka_unit_test(a_raw_NUL_is_refused),
        cmocka_unit_test(a_full_arena_is_not_the_sender_s_fault),
        cmocka_unit_test(a_full_buffer_is_left_as_it_was),
        cmocka_unit_test(fields_of_the_command_line_make_the_fact_of_a_line),
        cmocka_unit_test(a_comma_within_an_item_has_a_backslash),
        cmocka_unit_test(a_field_of_the_command_line_that_is_wrong_is_refused),
    };
    return cmocka_run_group_tests(tests, open_zone, close_zone);
}
