// Decisions are judged once, when they are stored, by what came before them: in the
// ledger, or in the same file.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdio.h>
#include <string.h>

#include "access/city/city.h"
#include "desk/kinds.h"
#include "model/catalogue.h"
#include "support/bytes_source.h"
#include "support/scratch.h"
#include "weft/facts.h"

enum { refused_max = 20, lines_max = 16 };

static wf_path folder, keys;
static weft_city *city;
static weft_error refused[refused_max];
static size_t refused_count;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void open_city(void)
{
    weft_error error = {0};
    const weft_key_options options = {.key_dir = keys.text};
    wf_path dir = scratch_path(&folder, "city");
    ok(weft_city_open(dir.text, &options, &city, &error), &error);
}

static int begin(void **state)
{
    (void)state;
    weft_error error = {0};
    scratch_new(&folder);
    scratch_new(&keys);
    wf_path dir = scratch_path(&folder, "city");
    weft_init_options options = {.kind = WEFT_CITY_DRILL, .keys.key_dir = keys.text};
    if (weft_city_init(dir.text, &options, &error) != WEFT_OK)
        return 1;
    open_city();
    return 0;
}

static int end(void **state)
{
    (void)state;
    weft_city_close(city);
    scratch_remove(folder.text);
    scratch_remove(keys.text);
    return 0;
}

// ---- files ----

static void note_refused(void *context, const weft_error *why)
{
    (void)context;
    assert_true(refused_count < refused_max);
    assert_true(wf_catalogue_has(why->code));
    refused[refused_count++] = *why;
}

static weft_import_summary import(const char *const *lines, size_t count)
{
    static char text[1 << 16];
    weft_error error = {0};
    size_t size = 0;
    for (size_t i = 0; i < count; i++) {
        int wrote = snprintf(text + size, sizeof text - size, "%s\n", lines[i]);
        assert_true(wrote > 0 && (size_t)wrote < sizeof text - size);
        size += (size_t)wrote;
    }
    bytes_source source = {text, size, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &source, "test.ndjson", size};
    weft_import_options options = {.as_of = WEFT_TIME_NONE, .refused = note_refused};
    weft_import_summary summary;
    refused_count = 0;
    ok(weft_import(city, WEFT_IMPORT_FACTS, &from, 1, &options, &summary, &error),
       &error);
    return summary;
}

#define FACT(device, seq, kind, body)                                                    \
    "{\"device\":\"" device "\",\"seq\":" seq ",\"kind\":\"" kind                        \
    "\",\"at\":\"2021-12-12T07:00:00+08:00\",\"body\":{" body "}}"
#define RESULT(seq)                                                                      \
    FACT("L-1", seq, "tube.resulted", "\"tube\":\"T1\",\"result\":\"positive\"")
#define BECAUSE(seq) "\"because\":[{\"device\":\"L-1\",\"seq\":" seq "}]"
#define ORDER_OF(seq, id, clause, because, until)                                        \
    FACT("C-1", seq, "order.issued",                                                     \
         "\"order\":\"" id "\",\"kind\":\"hold\",\"persons\":[\"P-0000007\"],"           \
         "\"clause\":\"" clause "\"," because ",\"until\":\"2021-12-12T" until           \
         ":00+08:00\"")
#define ORDER(seq, id) ORDER_OF(seq, id, "cn-40", BECAUSE("1"), "11:00")
#define LIFT(seq, id) FACT("C-1", seq, "order.lifted", "\"order\":\"" id "\"")
#define HASH(digit) digit digit digit digit digit digit digit digit
#define TOKEN_ROW(digit) "\"token\":\"" HASH(digit) HASH(digit) "\""
#define TOKEN(seq, digit, holder, rights, maker)                                         \
    FACT("weft/accounts", seq, "token.issued",                                           \
         TOKEN_ROW(digit) "," holder "," rights ",\"maker\":\"" maker "\"")
#define PERSON(seq, grid)                                                                \
    FACT("R-1", seq, "person.registered",                                                \
         "\"person\":\"P-0000007\",\"grid\":\"" grid "\"")
#define LYING_IN(grid, device, seq, kind, body)                                          \
    "{\"device\":\"" device "\",\"seq\":" seq ",\"kind\":\"" kind                        \
    "\",\"at\":\"2021-12-12T07:00:00+08:00\",\"grid\":\"" grid "\",\"body\":{" body "}}"
#define ASSIGN(seq, id, who, what, until)                                                \
    LYING_IN("320282", "C-1", seq, "assignment.given",                                   \
             "\"assignment\":\"" id "\",\"user\":\"" who "\"," what                      \
             ",\"until\":\"2021-12-" until "T07:00:00+08:00\"")
#define CUSTODY(seq, id, from, to)                                                       \
    LYING_IN(from, "C-1", seq, "custody.given",                                          \
             "\"custody\":\"" id "\",\"person\":\"P-0000007\",\"grid\":\"" to            \
             "\",\"until\":\"2021-12-20T07:00:00+08:00\"," BECAUSE("1"))
#define TAKEN(device, seq, grid, id)                                                     \
    LYING_IN(grid, device, seq, "custody.taken", "\"custody\":\"" id "\"")
#define WITHDRAW(seq, device, which)                                                     \
    FACT("W-1", seq, "fact.withdrawn", "\"device\":\"" device "\",\"seq\":" which)

typedef struct {
    const char *name;
    const char *lines[lines_max];
    struct {
        uint64_t line;
        const char *code, *field;
    } refused[lines_max];
} file;

static void check_file(const file *of)
{
    size_t lines = 0, wrong = 0;
    while (lines < lines_max && of->lines[lines] != NULL)
        lines++;
    weft_import_summary summary = import(of->lines, lines);
    for (; wrong < lines_max && of->refused[wrong].code != NULL; wrong++) {
        if (wrong >= refused_count)
            fail_msg("%s: %s is not refused", of->name, of->refused[wrong].code);
        if (strcmp(refused[wrong].code, of->refused[wrong].code) != 0 ||
            refused[wrong].line != of->refused[wrong].line)
            fail_msg("%s: line %u is refused: %s", of->name,
                     (unsigned)refused[wrong].line, refused[wrong].code);
        assert_string_equal(refused[wrong].field, of->refused[wrong].field);
    }
    if (refused_count != wrong)
        fail_msg("%s: %s in line %u", of->name, refused[wrong].code,
                 (unsigned)refused[wrong].line);
    assert_int_equal(summary.rows, lines);
    assert_int_equal(summary.refused, wrong);
}

#define CONTACT(seq, person, why)                                                        \
    FACT("C-3", seq, "contact.confirmed",                                                \
         "\"case\":\"C\",\"outbreak\":\"B\",\"level\":\"close\",\"person\":\"" person    \
         "\"," why)

#define NAMED(seq, person)                                                               \
    FACT("C-3", seq, "contact.named",                                                    \
         "\"case\":\"C\",\"outbreak\":\"B\",\"how\":\"interview\",\"person\":\"" person  \
         "\"")
#define IDENTIFIED(seq, person)                                                          \
    FACT("C-3", seq, "contact.identified",                                               \
         "\"case\":\"C\",\"outbreak\":\"B\",\"contact\":\"U\",\"person\":\"" person      \
         "\"")

// ---- tests ----

static const file orders_of_lines[] = {
    {"an order after its reason", {RESULT("1"), ORDER("1", "O-1")}, {{0}}},
    {"an order before its reason",
     {ORDER("1", "O-1"), RESULT("1")},
     {{1, "order.no_reason", "because"}}},
    {"a reason that never comes",
     {RESULT("2"), ORDER("1", "O-1")},
     {{2, "order.no_reason", "because"}}},
    {"a reason withdrawn before the order",
     {RESULT("1"), WITHDRAW("1", "L-1", "1"), ORDER("1", "O-1")},
     {{3, "order.dead_reason", "because"}}},
    {"a reason withdrawn before it comes",
     {WITHDRAW("1", "L-1", "1"), RESULT("1"), ORDER("1", "O-1")},
     {{3, "order.dead_reason", "because"}}},
    {"a withdrawal that is withdrawn",
     {RESULT("1"), WITHDRAW("1", "L-1", "1"), WITHDRAW("2", "W-1", "1"),
      ORDER("1", "O-1")},
     {{0}}},
    {"a reason withdrawn after the order",
     {RESULT("1"), ORDER("1", "O-1"), WITHDRAW("1", "L-1", "1")},
     {{0}}},
    {"two orders of one id",
     {RESULT("1"), ORDER("1", "O-1"), ORDER("2", "O-1"), ORDER("3", "O-2")},
     {{3, "order.there", "order"}}},
    {"an order lifted after it was issued",
     {RESULT("1"), ORDER("1", "O-1"), LIFT("2", "O-1"), LIFT("3", "O-1")},
     {{0}}},
    {"an order lifted before it is issued",
     {RESULT("1"), LIFT("1", "O-1"), ORDER("2", "O-1")},
     {{2, "order.unknown", "order"}}},
    {"an order lifted where it does not lie, and in the county where it does",
     {RESULT("1"),
      LYING_IN("320282001", "C-1", "1", "order.issued",
               "\"order\":\"O-1\",\"kind\":\"hold\",\"persons\":[\"P-0000007\"],"
               "\"clause\":\"cn-40\"," BECAUSE(
                   "1") ",\"until\":\"2021-12-12T11:00:00+08:00\""),
      LYING_IN("320282002", "C-2", "1", "order.lifted", "\"order\":\"O-1\""),
      LYING_IN("320282", "C-2", "2", "order.lifted", "\"order\":\"O-1\"")},
     {{3, "order.unknown", "order"}}},
    {"an order that was refused is not there to be lifted",
     {ORDER("1", "O-1"), LIFT("2", "O-1")},
     {{1, "order.no_reason", "because"}, {2, "order.unknown", "order"}}},
    {"the law",
     {RESULT("1"), ORDER_OF("1", "O-1", "cn-99", BECAUSE("1"), "11:00"),
      ORDER_OF("2", "O-2", "cn-42", BECAUSE("1"), "11:00"),
      ORDER_OF("3", "O-3", "cn-40", BECAUSE("1"), "07:00")},
     {{2, "order.no_clause", "clause"},
      {3, "order.not_founded", "kind"},
      {4, "order.over", "until"}}},
    {"outbreaks",
     {FACT("C-1", "1", "outbreak.ended", "\"outbreak\":\"B-1\""),
      FACT("C-1", "2", "outbreak.declared", "\"outbreak\":\"B-1\""),
      FACT("C-1", "3", "outbreak.ended", "\"outbreak\":\"B-1\"")},
     {{1, "outbreak.unknown", "outbreak"}}},
    {"devices",
     {FACT("C-1", "1", "device.revoked", "\"device\":\"S-1\""),
      FACT("C-1", "2", "device.enrolled", "\"device\":\"S-1\",\"role\":\"sampler\""),
      FACT("C-1", "3", "device.revoked", "\"device\":\"S-1\""),
      FACT("C-1", "4", "device.enrolled", "\"device\":\"S-1\",\"role\":\"lab\""),
      FACT("C-1", "5", "device.enrolled",
           "\"device\":\"rule/pool/S-1\",\"role\":\"lab\"")},
     {{1, "device.unknown", "device"}, {5, "device.reserved", "device"}}},
    {"users",
     {FACT("C-1", "1", "user.changed", "\"user\":\"U-1\",\"role\":\"lab\""),
      FACT("C-1", "2", "user.added", "\"user\":\"U-1\",\"role\":\"lab\""),
      FACT("C-1", "3", "user.added", "\"user\":\"U-1\",\"role\":\"lead\""),
      FACT("C-1", "4", "user.changed", "\"user\":\"U-1\",\"role\":\"lead\""),
      FACT("C-1", "5", "user.removed", "\"user\":\"U-1\""),
      FACT("C-1", "6", "user.added", "\"user\":\"U-1\",\"role\":\"lab\""),
      FACT("C-1", "7", "user.removed", "\"user\":\"U-2\"")},
     {{1, "user.unknown", "user"},
      {3, "user.there", "user"},
      {7, "user.unknown", "user"}}},
};

static void lines_of_one_file_are_judged_in_their_order(void **state)
{
    for (size_t i = 0; i < sizeof orders_of_lines / sizeof *orders_of_lines; i++) {
        check_file(&orders_of_lines[i]);
        assert_int_equal(end(state), 0);
        assert_int_equal(begin(state), 0);
    }
}

// Who is named, identified or judged to be a contact.
static const file contact_files[] = {
    {"a case",
     {FACT("C-3", "1", "case.reported", "\"case\":\"C\",\"person\":\"P-0000009\"")},
     {{0}}},
    {"has contacts",
     {CONTACT("2", "P-0000009", "\"judgement\":\"j\""),
      CONTACT("3", "P-0000008", BECAUSE("9")),
      CONTACT("4", "P-0000008", "\"judgement\":\"j\"")},
     {{1, "contact.oneself", "person"}, {2, "contact.reason", "because"}}},
    {"named or identified as any other",
     {NAMED("12", "P-0000009"), IDENTIFIED("13", "P-0000009"), NAMED("14", "P-0000008")},
     {{1, "contact.oneself", "person"}, {2, "contact.oneself", "person"}}},
    {"who may have two ids",
     {FACT("C-3", "7", "person.same", "\"a\":\"P-0000006\",\"b\":\"P-0000009\"")},
     {{0}}},
    {"and is no contact of their own case by either",
     {CONTACT("8", "P-0000006", "\"judgement\":\"j\"")},
     {{1, "contact.oneself", "person"}}},
    {"nor named as one",
     {NAMED("15", "P-0000006"), IDENTIFIED("16", "P-0000006")},
     {{1, "contact.oneself", "person"}, {2, "contact.oneself", "person"}}},
    {"or three",
     {FACT("C-3", "10", "person.same", "\"a\":\"P-0000006\",\"b\":\"P-0000005\"")},
     {{0}}},
    {"nor by way of another",
     {CONTACT("11", "P-0000005", "\"judgement\":\"j\"")},
     {{1, "contact.oneself", "person"}}},
    {"was none",
     {FACT("C-3", "5", "case.classified",
           "\"case\":\"C\",\"classification\":\"not_a_case\"")},
     {{0}}},
    {"and has none any more",
     {CONTACT("6", "P-0000007", "\"judgement\":\"j\"")},
     {{1, "contact.no_case", "case"}}},
    {"but somebody may still be named, should it be one after all",
     {NAMED("17", "P-0000007")},
     {{0}}},
};

static void nobody_is_a_contact_of_their_own_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof contact_files / sizeof *contact_files; i++)
        check_file(&contact_files[i]);
}

// Each file alone, so that what came before stands in the rows.
static void a_later_file_is_judged_by_the_rows(void **state)
{
    static const file files[] = {
        {"nothing yet", {ORDER("1", "O-1")}, {{1, "order.no_reason", "because"}}},
        {"the reason", {RESULT("1")}, {{0}}},
        {"no such order", {LIFT("2", "O-1")}, {{1, "order.unknown", "order"}}},
        {"the line that was refused", {ORDER("1", "O-1")}, {{0}}},
        {"the order is there", {ORDER("3", "O-1")}, {{1, "order.there", "order"}}},
        {"it is corrected",
         {"{\"device\":\"C-1\",\"seq\":3,\"kind\":\"order.issued\",\"at\":\"2021-12-"
          "12T07:"
          "00:00+08:00\",\"instead_of\":{\"device\":\"C-1\",\"seq\":1},\"body\":{"
          "\"order\":"
          "\"O-1\",\"kind\":\"hold\",\"persons\":[\"P-0000008\"],\"clause\":\"cn-40\","
          "\"because\":[{\"device\":\"L-1\",\"seq\":1}],\"until\":\"2021-12-12T11:00\"}"
          "}"},
         {{0}}},
        {"lifted", {LIFT("2", "O-1")}, {{0}}},
        {"the reason is gone", {WITHDRAW("1", "L-1", "1")}, {{0}}},
        {"nothing rests on it any more",
         {ORDER("4", "O-2")},
         {{1, "order.dead_reason", "because"}}},
        {"an outbreak",
         {FACT("C-2", "1", "outbreak.declared", "\"outbreak\":\"B\"")},
         {{0}}},
        {"ends", {FACT("C-2", "2", "outbreak.ended", "\"outbreak\":\"B\"")}, {{0}}},
        {"a user",
         {FACT("C-2", "3", "user.added", "\"user\":\"U\",\"role\":\"lab\"")},
         {{0}}},
        {"is there",
         {FACT("C-2", "4", "user.added", "\"user\":\"U\",\"role\":\"lab\"")},
         {{1, "user.there", "user"}}},
        {"is removed", {FACT("C-2", "5", "user.removed", "\"user\":\"U\"")}, {{0}}},
        {"a device",
         {FACT("C-2", "6", "device.enrolled", "\"device\":\"S\",\"role\":\"lab\"")},
         {{0}}},
        {"is revoked", {FACT("C-2", "7", "device.revoked", "\"device\":\"S\"")}, {{0}}},
    };
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        check_file(&files[i]);
}

static const file token_files[] = {
    {"who works",
     {FACT("C-1", "1", "device.enrolled",
           "\"device\":\"S\",\"role\":\"sampler\",\"grid\":\"320282\""),
      FACT("C-1", "2", "user.added",
           "\"user\":\"OP\",\"role\":\"operator\",\"grid\":\"320282\""),
      FACT("C-1", "3", "user.added", "\"user\":\"A\",\"role\":\"auditor\""),
      FACT("C-1", "4", "device.enrolled", "\"device\":\"X\",\"role\":\"sampler\""),
      FACT("C-1", "5", "device.revoked", "\"device\":\"X\"")},
     {{0}}},
    {"tokens and who has them",
     {TOKEN("1", "0", "\"device\":\"S\"",
            "\"role\":\"sampler\",\"grid\":\"320282001\",\"until\":\"2021-12-20T07:00\"",
            "owner"),
      TOKEN("2", "1", "\"device\":\"T\"", "\"role\":\"sampler\"", "owner"),
      TOKEN("3", "2", "\"device\":\"X\"", "\"role\":\"sampler\"", "owner"),
      TOKEN("4", "3", "\"device\":\"S\",\"user\":\"OP\"", "\"role\":\"sampler\"",
            "owner"),
      TOKEN("5", "4", "\"device\":\"S\"", "\"role\":\"lab\",\"grid\":\"320282\"",
            "owner"),
      TOKEN("6", "5", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"32028\"",
            "owner"),
      TOKEN("7", "6", "\"device\":\"S\"", "\"role\":\"sampler\"", "owner"),
      TOKEN("8", "0", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282\"",
            "owner")},
     {{2, "token.holder", "device"},
      {3, "token.holder", "device"},
      {4, "token.holder", "user"},
      {5, "token.role", "role"},
      {6, "token.area", "grid"},
      {7, "token.area", "grid"},
      {8, "token.there", "token"}}},
    {"and who makes them",
     {TOKEN("10", "1", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282\"",
            "user/OP"),
      TOKEN("11", "2", "\"user\":\"A\"", "\"role\":\"auditor\",\"grid\":\"320282\"",
            "user/OP"),
      TOKEN("12", "3", "\"user\":\"A\"", "\"role\":\"auditor\"", "user/A"),
      TOKEN("13", "4", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282\"",
            "user/A"),
      TOKEN("14", "5", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282\"",
            "user/NOBODY"),
      TOKEN("15", "6", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282\"",
            "me"),
      TOKEN("16", "7", "\"device\":\"S\"", "\"role\":\"sampler\",\"grid\":\"320282001\"",
            "token/" HASH("0") HASH("0")),
      TOKEN("17", "8", "\"device\":\"S\"",
            "\"role\":\"sampler\",\"grid\":\"320282\",\"until\":\"2021-12-19T07:00\"",
            "token/" HASH("0") HASH("0")),
      TOKEN("18", "9", "\"device\":\"S\"",
            "\"role\":\"sampler\",\"grid\":\"320282001\",\"until\":\"2021-12-20T07:00\"",
            "token/" HASH("0") HASH("0"))},
     {{2, "token.exceeds", "role"},
      {4, "token.exceeds", "role"},
      {5, "token.maker", "maker"},
      {6, "token.maker", "maker"},
      {7, "token.exceeds", "until"},
      {8, "token.exceeds", "grid"}}},
    {"revoked, and secrets",
     {FACT("weft/accounts", "19", "token.revoked", TOKEN_ROW("0")),
      FACT("weft/accounts", "20", "token.revoked", TOKEN_ROW("7")),
      FACT("weft/accounts", "21", "user.secret_set",
           "\"user\":\"A\",\"secret\":\"$argon2id$x\""),
      FACT("weft/accounts", "22", "user.secret_set",
           "\"user\":\"A\",\"secret\":\"in the clear\""),
      FACT("weft/accounts", "23", "user.secret_set",
           "\"user\":\"B\",\"secret\":\"$argon2id$x\"")},
     {{2, "token.unknown", "token"},
      {4, "secret.form", "secret"},
      {5, "user.unknown", "user"}}},
    {"a revoked token makes none",
     {TOKEN("24", "a", "\"device\":\"S\"",
            "\"role\":\"sampler\",\"grid\":\"320282001\",\"until\":\"2021-12-20T07:00\"",
            "token/" HASH("0") HASH("0"))},
     {{1, "token.maker", "maker"}}},
};

static void a_token_exceeds_neither_its_holder_nor_its_maker(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof token_files / sizeof *token_files; i++)
        check_file(&token_files[i]);
}

static const file charge_files[] = {
    {"a person, their case, a user",
     {PERSON("1", "320282001001"),
      FACT("R-1", "2", "case.reported",
           "\"case\":\"C-0001\",\"person\":\"P-0000007\",\"reported\":\"2021-12-12\""),
      FACT("C-1", "1", "user.added", "\"user\":\"U\",\"role\":\"investigator\""),
      RESULT("1")},
     {{0}}},
    {"assignments",
     {ASSIGN("2", "A-1", "U", "\"reference\":\"case:C-0001\"", "20"),
      ASSIGN("3", "A-1", "U", "\"reference\":\"case:C-0001\"", "20"),
      ASSIGN("4", "A-2", "V", "\"reference\":\"case:C-0001\"", "20"),
      ASSIGN("5", "A-3", "U", "\"reference\":\"case:C-0002\"", "20"),
      ASSIGN("6", "A-4", "U", "\"reference\":\"task:T-1\"", "20"),
      ASSIGN("7", "A-5", "U", "\"reference\":\"task:T-1\",\"person\":\"P-0000007\"",
             "20"),
      ASSIGN("8", "A-6", "U", "\"reference\":\"case:C-0001\"", "12"),
      LYING_IN("320205", "C-1", "9", "assignment.given",
               "\"assignment\":\"A-7\",\"user\":\"U\",\"reference\":\"case:C-0001\","
               "\"until\":\"2021-12-20T07:00\""),
      FACT("C-1", "10", "assignment.ended", "\"assignment\":\"A-1\""),
      FACT("C-1", "11", "assignment.ended", "\"assignment\":\"A-9\""),
      ASSIGN("30", "A-9", "U", "\"reference\":\"case:C-0003\",\"person\":\"P-0000007\"",
             "20"),
      ASSIGN("31", "A-9", "U", "\"reference\":\"order:O-1\",\"person\":\"P-0000007\"",
             "20"),
      ASSIGN("32", "A-9", "U", "\"reference\":\"site:M-9\",\"person\":\"P-0000007\"",
             "20"),
      ASSIGN("33", "A-9", "U", "\"reference\":\"case:C-0001\",\"person\":\"P-0000007\"",
             "20")},
     {{2, "assignment.there", "assignment"},
      {4, "assignment.reference", "reference"},
      {5, "assignment.reference", "reference"},
      {7, "assignment.over", "until"},
      {8, "assignment.reference", "reference"},
      {10, "assignment.unknown", "assignment"},
      {11, "assignment.reference", "reference"},
      {12, "assignment.reference", "reference"},
      {13, "assignment.reference", "reference"}}},
    {"from where they live to another county",
     {CUSTODY("12", "K-1", "320205", "320214"), CUSTODY("13", "K-2", "320282", "320205"),
      FACT("C-1", "14", "custody.ended", "\"custody\":\"K-9\"")},
     {{1, "custody.person", "person"}, {3, "custody.unknown", "custody"}}},
    {"it is taken by another, of the grid that it was handed to, while it goes on",
     {CUSTODY("19", "K-5", "320205", "320214"), TAKEN("C-1", "20", "320205", "K-2"),
      TAKEN("C-2", "1", "320282", "K-2"), TAKEN("C-2", "2", "320205001", "K-2"),
      TAKEN("C-2", "3", "320205", "K-9"), TAKEN("C-2", "4", "320205", "K-2")},
     {{1, "custody.person", "person"},
      {2, "custody.same", "custody"},
      {3, "custody.unknown", "custody"},
      {4, "custody.unknown", "custody"},
      {5, "custody.unknown", "custody"}}},
    {"and on, as long as it holds",
     {CUSTODY("15", "K-3", "320205", "320214"),
      FACT("C-1", "16", "custody.ended", "\"custody\":\"K-2\""),
      FACT("W-1", "1", "fact.withdrawn", "\"device\":\"L-1\",\"seq\":1"),
      CUSTODY("17", "K-4", "320282", "320205")},
     {{4, "custody.reason", "because"}}},
    {"not after it was ended",
     {LYING_IN("320205", "C-1", "18", "assignment.given",
               "\"assignment\":\"A-8\",\"user\":\"U\",\"reference\":\"case:C-0001\","
               "\"until\":\"2021-12-20T07:00\"")},
     {{1, "assignment.reference", "reference"}}},
};

static void nobody_is_handed_over_by_whom_they_are_not_in_charge_of(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof charge_files / sizeof *charge_files; i++)
        check_file(&charge_files[i]);
}

static void what_was_judged_is_not_judged_again(void **state)
{
    static const char *const first[] = {RESULT("1"), ORDER("1", "O-1"),
                                        WITHDRAW("1", "L-1", "1")};
    weft_error error = {0};
    uint64_t facts = 0;
    wf_digest before[2] = {0};
    (void)state;
    assert_int_equal(import(first, 3).accepted, 3);
    // Its reason has fallen and its id is taken: as a new fact it would be refused.
    assert_int_equal(import(&first[1], 1).had, 1);
    wf_records *records = wf_store_records(city->store);
    const wf_table *orders = wf_kinds_table(wf_desk_kinds(), WF_TEXT("orders"));
    wf_database *db = NULL;
    for (size_t i = 0; i < 2; i++) {
        ok(wf_store_reader(city->store, &db, &error), &error);
        ok(wf_records_digest(records, db, orders, before[i].bytes, &error), &error);
        wf_database_close(db);
        ok(weft_rebuild(city, NULL, NULL, &facts, &error), &error);
        records = wf_store_records(city->store);
    }
    assert_memory_equal(before[0].bytes, before[1].bytes, sizeof before[0].bytes);
    assert_memory_not_equal(before[0].bytes, (unsigned char[32]){0}, 32);
    weft_city_close(city);
    open_city();
    assert_int_equal(import(&first[1], 1).had, 1);
}

// A kind that the judge does not know would end the program.
static void every_kind_of_decision_has_a_judge(void **state)
{
    static const struct {
        const char *kind, *line;
    } known[] = {
        {"order.issued", ORDER("1", "O-1")},
        {"order.lifted", LIFT("2", "O-1")},
        {"outbreak.declared",
         FACT("C-1", "3", "outbreak.declared", "\"outbreak\":\"B\"")},
        {"outbreak.ended", FACT("C-1", "4", "outbreak.ended", "\"outbreak\":\"B\"")},
        {"device.enrolled",
         FACT("C-1", "5", "device.enrolled", "\"device\":\"S\",\"role\":\"lab\"")},
        {"device.revoked", FACT("C-1", "6", "device.revoked", "\"device\":\"S\"")},
        {"user.added", FACT("C-1", "7", "user.added", "\"user\":\"U\",\"role\":\"lab\"")},
        {"user.changed", FACT("C-1", "8", "user.changed", "\"user\":\"U\"")},
        {"user.removed", FACT("C-1", "9", "user.removed", "\"user\":\"U\"")},
        {"user.secret_set", FACT("C-1", "10", "user.secret_set",
                                 "\"user\":\"U\",\"secret\":\"$argon2id$\"")},
        {"token.issued",
         TOKEN("11", "0", "\"device\":\"S\"", "\"role\":\"lab\"", "owner")},
        {"token.revoked", FACT("C-1", "12", "token.revoked", TOKEN_ROW("0"))},
        {"assignment.given",
         ASSIGN("13", "A-1", "U", "\"reference\":\"case:C-0001\"", "20")},
        {"assignment.ended",
         FACT("C-1", "14", "assignment.ended", "\"assignment\":\"A-1\"")},
        {"custody.given", CUSTODY("15", "K-1", "320282", "320205")},
        {"custody.taken", TAKEN("C-2", "1", "320205", "K-1")},
        {"custody.ended", FACT("C-1", "16", "custody.ended", "\"custody\":\"K-1\"")},
        {"contact.named", NAMED("3", "P-0000008")},
        {"contact.identified", IDENTIFIED("4", "P-0000008")},
        {"contact.confirmed", CONTACT("1", "P-0000008", BECAUSE("1"))},
        {"contact.dismissed",
         FACT("C-3", "2", "contact.dismissed",
              "\"case\":\"C\",\"outbreak\":\"B\",\"person\":\"P-0000008\","
              "\"reason\":\"no_contact\"")},
    };
    const wf_kinds *kinds = wf_desk_kinds();
    (void)state;
    const char *const reason[] = {RESULT("1")};
    assert_int_equal(import(reason, 1).accepted, 1);
    for (size_t i = 0; i < kinds->kinds_count; i++) {
        const wf_kind *kind = kinds->kinds[i];
        size_t place = 0;
        if (kind->kind_class != WF_DECISION)
            continue;
        while (place < sizeof known / sizeof *known &&
               strcmp(known[place].kind, kind->name) != 0)
            place++;
        if (place == sizeof known / sizeof *known)
            fail_msg("%s: say here what the judge makes of it", kind->name);
        assert_int_equal(import(&known[place].line, 1).rows, 1);
    }
}

static void a_single_fact_is_judged_as_a_line_is(void **state)
{
    static const char *const result[] = {"tube=T1", "result=positive"};
    static const char *const order[] = {"order=O-1",     "kind=hold",
                                        "persons=P-007", "clause=cn-40",
                                        "because=L-1/1", "until=2021-12-13T07:00"};
    weft_fact_options lab = {.device = "L-1", .seq = 1, .at = {0}};
    weft_fact_options commander = {.device = "C-1", .at = {0}};
    weft_fact_reply reply;
    weft_error error = {0};
    (void)state;
    assert_int_equal(
        weft_fact_send(city, "order.issued", order, 6, &commander, &reply, &error),
        WEFT_BAD_INPUT);
    assert_string_equal(error.code, "order.no_reason");
    ok(weft_fact_send(city, "tube.resulted", result, 2, &lab, &reply, &error), &error);
    ok(weft_fact_send(city, "order.issued", order, 6, &commander, &reply, &error),
       &error);
    // What was refused filled its number.
    assert_int_equal(reply.seq, 2);
}

// By whoever runs the command, too: before it is stored, for then it is named.
static void a_case_that_nobody_reported_is_asked_about(void **state)
{
    static const char *const named[] = {"case=C-LATE", "person=P-0000006", "outbreak=O-1",
                                        "how=interview"};
    static const char *const reported[] = {"case=C-LATE"};
    weft_fact_options by = {.device = "C-3", .at = {INT64_C(1639285200000000)}};
    weft_fact_reply reply;
    weft_error error = {0};
    (void)state;
    ok(weft_fact_send(city, "contact.named", named, 4, &by, &reply, &error), &error);
    assert_string_equal(reply.warning.code, "case.unknown_yet");
    assert_string_equal(reply.warning.field, "case");
    ok(weft_fact_send(city, "case.reported", reported, 1, &by, &reply, &error), &error);
    assert_null(reply.warning.code);
    by.seq = 0;
    ok(weft_fact_send(city, "contact.named", named, 4, &by, &reply, &error), &error);
    assert_null(reply.warning.code);
}

// A meeting names no case: of two ids that are one person it is asked, and kept.
static void a_meeting_of_two_ids_of_one_person_is_asked_about(void **state)
{
    static const char *const same[] = {"a=P-0000006", "b=P-0000009"};
    static const char *const met[] = {"a=P-0000009", "b=P-0000006",
                                      "start=2021-12-11T10:00", "end=2021-12-11T10:20"};
    static const char *const other[] = {"a=P-0000009", "b=P-0000005",
                                        "start=2021-12-11T10:00", "end=2021-12-11T10:20"};
    weft_fact_options by = {.device = "C-3", .at = {INT64_C(1639285200000000)}};
    weft_fact_reply reply;
    weft_error error = {0};
    (void)state;
    ok(weft_fact_send(city, "encounter.named", met, 4, &by, &reply, &error), &error);
    assert_null(reply.warning.code);
    ok(weft_fact_send(city, "person.same", same, 2, &by, &reply, &error), &error);
    by.seq = 0;
    ok(weft_fact_send(city, "encounter.named", met, 4, &by, &reply, &error), &error);
    assert_string_equal(reply.warning.code, "encounter.oneself");
    ok(weft_fact_send(city, "encounter.named", other, 4, &by, &reply, &error), &error);
    assert_null(reply.warning.code);
}

static weft_error warned[refused_max];
static size_t warned_count;

static void note_warned(void *context, const weft_error *why)
{
    (void)context;
    assert_true(warned_count < refused_max);
    warned[warned_count++] = *why;
}

// Of a file, as it is loaded or looked at before.
static weft_import_summary meetings(weft_import_kind kind, const char *text,
                                    uint64_t preview_warned)
{
    weft_error error = {0};
    bytes_source source = {text, strlen(text), 0, 0, 0}, again = source;
    weft_import_source from = {bytes_source_read, &source, "met", strlen(text)};
    weft_import_options options = {.as_of = WEFT_TIME_NONE, .warned = note_warned};
    weft_import_summary summary;
    weft_preview preview;
    warned_count = 0;
    if (kind != WEFT_IMPORT_FACTS) {
        ok(weft_import_preview(city, kind, &from, &options, &preview, &error), &error);
        assert_int_equal(preview.warned, preview_warned);
        from.context = &again;
    }
    ok(weft_import(city, kind, &from, 1, &options, &summary, &error), &error);
    return summary;
}

// So are meetings of files and of lists, when they are looked at and when they are
// loaded; by what stood before the file, and with the line.
static void meetings_of_files_and_lists_are_asked_about(void **state)
{
#define MET(seq, a, b)                                                                   \
    FACT("I-1", seq, "encounter.named",                                                  \
         "\"a\":\"" a "\",\"b\":\"" b "\",\"start\":\"2021-12-12T06:00:00+08:00\","      \
         "\"end\":\"2021-12-12T06:20:00+08:00\"")                                        \
    "\n"
    static const char list[] = "a,b,start,end\n"
                               "P-9,P-5,2021-12-11T10:00,2021-12-11T10:20\n"
                               "P-9,P-6,2021-12-11T10:00,2021-12-11T10:20\n"
                               "P-8,P-7,2021-12-11T10:00,2021-12-11T10:20\n";
    static const char facts[] =
        MET("1", "P-9", "P-5") MET("2", "P-6", "P-9") MET("3", "P-6", "P-UNKNOWN");
    static const char *const same[] = {"a=P-6", "b=P-9"};
    weft_fact_options by = {.device = "C-3", .at = {INT64_C(1639285200000000)}};
    weft_fact_reply reply;
    weft_error error = {0};
    (void)state;
    assert_int_equal(meetings(WEFT_IMPORT_ENCOUNTERS, list, 0).warned, 0);
    ok(weft_fact_send(city, "person.same", same, 2, &by, &reply, &error), &error);
    weft_import_summary told = meetings(WEFT_IMPORT_FACTS, facts, 0);
    assert_int_equal(told.accepted, 3);
    assert_int_equal(told.warned, 1);
    assert_int_equal(warned_count, 1);
    assert_string_equal(warned[0].code, "encounter.oneself");
    assert_int_equal(warned[0].line, 2);
    told = meetings(WEFT_IMPORT_ENCOUNTERS, list, 1);
    assert_int_equal(told.warned, 1);
    assert_int_equal(told.refused, 0);
    assert_int_equal(warned_count, 1);
    assert_string_equal(warned[0].code, "encounter.oneself");
    assert_int_equal(warned[0].line, 3);
#undef MET
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(lines_of_one_file_are_judged_in_their_order),
        TEST(nobody_is_a_contact_of_their_own_case),
        TEST(a_later_file_is_judged_by_the_rows),
        TEST(a_token_exceeds_neither_its_holder_nor_its_maker),
        TEST(nobody_is_handed_over_by_whom_they_are_not_in_charge_of),
        TEST(what_was_judged_is_not_judged_again),
        TEST(every_kind_of_decision_has_a_judge),
        TEST(a_single_fact_is_judged_as_a_line_is),
        TEST(a_case_that_nobody_reported_is_asked_about),
        TEST(a_meeting_of_two_ids_of_one_person_is_asked_about),
        TEST(meetings_of_files_and_lists_are_asked_about),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
