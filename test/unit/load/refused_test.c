// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>
#include <unistd.h>

#include "load/refused.h"
#include "load/refused_file.h"
#include "support/made_city.h"

static made_city city;

static int begin(void **state)
{
    (void)state;
    made_city_new(&city);
    return 0;
}

static int end(void **state)
{
    (void)state;
    made_city_done(&city);
    return 0;
}

static wf_refused_folder folder(void)
{
    return (wf_refused_folder){city.store.io, city.store.folder.text, city.store.keys};
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash == NULL ? path : slash + 1;
}

static void print_row(wf_buffer *to, const wf_refused_row *row)
{
    assert_true(wf_buffer_printf(to, "%u %.*s %.*s [%.*s]", (unsigned)row->line,
                                 (int)row->code.size, row->code.bytes,
                                 (int)row->field.size, row->field.bytes,
                                 (int)row->raw.size, row->raw.bytes));
    for (size_t i = 0; i < row->params_count; i++)
        assert_true(
            wf_buffer_printf(to, " %s=%s", row->params[i].name, row->params[i].value));
    assert_true(wf_buffer_append(to, "\n", 1));
}

static weft_status read_rows(const char *name, wf_buffer *ret, wf_refused_about *about)
{
    wf_refused_folder from = folder();
    wf_refused_reader *reader = NULL;
    wf_refused_item item = {0};
    weft_status status = wf_refused_reader_open(&from, name, &reader, &city.error);
    while (status == WEFT_OK && item.what != WF_REFUSED_END) {
        status = wf_refused_next(reader, &item, &city.error);
        if (status == WEFT_OK && item.what == WF_REFUSED_ROW)
            print_row(ret, &item.row);
    }
    if (reader != NULL)
        *about = *wf_refused_reader_about(reader);
    wf_refused_reader_close(reader);
    assert_true(wf_buffer_append(ret, "", 1));
    return status;
}

typedef char file_name[WF_REFUSED_NAME_MAX];

// The names of all files, some at a time; to be freed.
static file_name *all_names(size_t together, size_t *ret_count)
{
    wf_refused_folder from = folder();
    file_name *names = NULL, after = "";
    size_t count = 0, more = 0;
    do {
        names = reallocarray(names, count + together, sizeof *names);
        assert_non_null(names);
        assert_int_equal(
            wf_refused_names(&from, after, names + count, together, &more, &city.error),
            WEFT_OK);
        count += more;
        if (more > 0)
            memcpy(after, names[count - 1], sizeof after);
    } while (more > 0);
    *ret_count = count;
    return names;
}

// Refused rows in all files.
static uint64_t rows_listed(void)
{
    size_t count = 0;
    uint64_t rows = 0;
    file_name *names = all_names(8, &count);
    for (size_t i = 0; i < count; i++) {
        wf_buffer got = {0};
        wf_refused_about about;
        assert_int_equal(read_rows(names[i], &got, &about), WEFT_OK);
        rows += about.rows;
        wf_buffer_done(&got);
    }
    free(names);
    return rows;
}

#define VISITS "person,place,start,end\n"
#define BAD                                                                              \
    VISITS "P-secret,\"Q\n1\",2021-12-09 10:00,2021-12-09 09:00\n"                       \
           "P-secret,Q,2021-12-09 10:00,2021-12-09 11:00\n"                              \
           "P-secret,Q,not a time,\r\n"                                                  \
           "P-secret,Q,2021-12-08 10:00,2021-12-08 09:00\n"

static void import_bad_rows(void)
{
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, BAD), WEFT_OK);
    assert_int_equal(city.summary.refused, 3);
    assert_int_equal(city.summary.accepted, 1);
}

static void rows_are_kept_whole_and_sealed(void **state)
{
    (void)state;
    wf_buffer got = {0};
    wf_refused_about about;
    size_t size = 0;
    wf_path path = {0};
    import_bad_rows();
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_string_equal(
        got.bytes,
        "2 import.control place [P-secret,\"Q\n1\",2021-12-09 10:00,2021-12-09 09:00]\n"
        "5 import.time start [P-secret,Q,not a time,]\n"
        "6 import.end_before_start end [P-secret,Q,2021-12-08 10:00,2021-12-08 "
        "09:00]\n");
    assert_int_equal(about.rows, 3);
    assert_int_equal(about.unreadable, 0);
    memcpy(path.text, city.summary.refused_file, sizeof path.text);
    char *bytes = scratch_read(&path, &size);
    assert_null(memmem(bytes, size, "secret", 6));
    assert_null(memmem(bytes, size, "import.", 7));
    free(bytes);
    wf_buffer_done(&got);
}

// What the sentences name: the words of a column, the limits of a number. Reasons beyond
// those that a chunk calls by number have theirs too.
static void values_of_a_reason_are_kept(void **state)
{
    (void)state;
    wf_buffer got = {0}, lines = {0};
    wf_refused_about about;
    assert_int_equal(
        made_import(&city, WEFT_IMPORT_PERSONS, "person,sex\nP-1,f\nP-3,x\n"), WEFT_OK);
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_non_null(
        strstr(got.bytes, "2 import.word sex [P-1,f] words=female male other\n"));
    wf_buffer_clear(&got);
    for (unsigned i = 1; i <= 40; i++)
        assert_true(wf_buffer_printf(&lines, "%*s{\n{\"count\":%u\n", (int)i, "", i));
    assert_int_equal(made_import_bytes(&city, WEFT_IMPORT_FACTS, wf_buffer_text(&lines),
                                       &(weft_import_options){.as_of = WEFT_TIME_NONE}),
                     WEFT_OK);
    assert_int_equal(city.summary.refused, 80);
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    size_t named = 0;
    for (const char *at = got.bytes; (at = strstr(at, " column=")) != NULL; at++)
        named++;
    assert_int_equal(named, 80);
    wf_buffer_done(&lines);
    wf_buffer_done(&got);
}

typedef struct {
    unsigned char head[refused_head_bytes];
    uint32_t chunks;
    wf_buffer bytes;
} file_by_hand;

static void put_sealed(file_by_hand *file, refused_chunk_type type, uint32_t rows,
                       wf_text plain)
{
    const wf_key *key = NULL;
    unsigned char head[refused_chunk_head_bytes];
    refused_context context;
    weft_day day = wf_zone_day_of(city.store.zone, city.import.now);
    refused_chunk chunk = {.sealed_size = (uint32_t)(plain.size + WF_SEAL_BLOB_OVERHEAD),
                           .number = file->chunks++,
                           .key_class = WF_KEY_REFUSED,
                           .day = day.number,
                           .type = type,
                           .rows = rows};
    assert_int_equal(
        wf_keys_make(city.store.keys, WF_KEY_REFUSED, day, &key, &city.error), WEFT_OK);
    refused_put_chunk(head, &chunk);
    assert_true(wf_buffer_append(&file->bytes, head, sizeof head));
    assert_int_equal(wf_seal_blob(key, refused_context_of(file->head, head, &context),
                                  plain, &file->bytes, &city.error),
                     WEFT_OK);
}

// As they were written before reasons had values: two rows, the second of reason 1.
static void rows_without_values_are_read(void **state)
{
    (void)state;
    static const char name[] = "2021-12-12-0123456789abcdef.rows";
    static const char rows[] = "\0\013import.word\3sex\4\3a,f"
                               "\1\2\3b,f";
    file_by_hand file = {0};
    wf_buffer got = {0};
    wf_refused_about about;
    import_bad_rows(); // makes the folder
    memcpy(file.head, refused_magic, sizeof refused_magic);
    wf_put_u32(file.head + 32, WEFT_IMPORT_PERSONS);
    assert_true(wf_buffer_append(&file.bytes, file.head, sizeof file.head));
    put_sealed(&file, CHUNK_ABOUT, 0, (wf_text){"\0\0", 2});
    put_sealed(&file, CHUNK_SOURCE, 0, (wf_text){"\0\1x\12person,sex", 14});
    put_sealed(&file, CHUNK_ROWS_BARE, 2, (wf_text){rows, sizeof rows - 1});
    put_sealed(&file, CHUNK_END, 2, (wf_text){"\2", 1});
    wf_path folder_path = scratch_path(&city.store.folder, "refused");
    wf_path path = scratch_path(&folder_path, name);
    scratch_write(&path, file.bytes.bytes, file.bytes.size);
    assert_int_equal(read_rows(name, &got, &about), WEFT_OK);
    assert_string_equal(got.bytes, "2 import.word sex [a,f]\n3 import.word sex [b,f]\n");
    assert_int_equal(about.rows, 2);
    wf_buffer_done(&file.bytes);
    wf_buffer_done(&got);
}

static void a_flipped_byte_or_a_cut_is_found(void **state)
{
    (void)state;
    wf_path path = {0};
    size_t size = 0;
    import_bad_rows();
    memcpy(path.text, city.summary.refused_file, sizeof path.text);
    char *bytes = scratch_read(&path, &size);
    for (size_t at = 0; at < size; at++) {
        wf_buffer got = {0};
        wf_refused_about about;
        if (at >= 32 && at < 36)
            continue; // the kind: another kind, or none, which the blobs notice
        bytes[at] ^= 0x10;
        scratch_write(&path, bytes, size);
        weft_status status = read_rows(base_name(path.text), &got, &about);
        assert_true(status == WEFT_DAMAGED);
        bytes[at] ^= 0x10;
        wf_buffer_done(&got);
    }
    for (size_t cut = 0; cut < size; cut += 7) {
        wf_buffer got = {0};
        wf_refused_about about;
        scratch_write(&path, bytes, cut);
        assert_int_equal(read_rows(base_name(path.text), &got, &about), WEFT_DAMAGED);
        wf_buffer_done(&got);
    }
    free(bytes);
}

static void names_from_outside_cannot_leave_the_folder(void **state)
{
    (void)state;
    static const char *const names[] = {
        "../keep.rows", "", ".rows", "a/b.rows", "2021-12-12-0.rows.next", "nothing"};
    import_bad_rows();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        wf_buffer got = {0};
        wf_refused_about about;
        assert_int_equal(read_rows(names[i], &got, &about), WEFT_NOT_FOUND);
        wf_buffer_done(&got);
    }
}

static void a_purge_does_not_write_through_links(void **state)
{
    (void)state;
    wf_refused_folder from = folder();
    uint64_t rows = 0, files = 0;
    size_t size = 0;
    import_bad_rows();
    wf_path other = scratch_path(&city.store.folder, "other");
    wf_path link =
        scratch_path(&city.store.folder, "refused/2021-12-12-0123456789abcdef.rows.next");
    scratch_write(&other, "of somebody", 11);
    assert_int_equal(symlink(other.text, link.text), 0);
    assert_int_equal(wf_refused_purge(&from, &rows, &files, &city.error), WEFT_OK);
    assert_false(wf_io_exists(&wf_io_posix, link.text));
    char *bytes = scratch_read(&other, &size);
    assert_int_equal(size, 11);
    assert_memory_equal(bytes, "of somebody", 11);
    free(bytes);
}

static unsigned city_syncs;

static int note_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    city_syncs += strcmp(path, city.store.folder.text) == 0;
    return 0;
}

static void the_first_refused_rows_make_their_folder_durable(void **state)
{
    (void)state;
    wf_io io = city.store.quick;
    io.sync_dir = note_sync_dir;
    made_city_close(&city);
    made_city_open(&city, &io);
    city_syncs = 0;
    import_bad_rows();
    assert_true(city_syncs > 0);
    made_city_close(&city);
    made_city_open(&city, &city.store.quick);
}

static void rows_end_with_their_day(void **state)
{
    (void)state;
    wf_buffer got = {0};
    wf_refused_about about;
    wf_refused_folder from = folder();
    wf_visits_purge_count purged;
    weft_day before;
    uint64_t rows = 0, files = 0;
    size_t destroyed = 0;
    assert_true(wf_day_parse(WF_TEXT("2021-12-09"), &before));
    import_bad_rows();
    assert_int_equal(
        wf_visits_purge(city.store.visits, before, NULL, NULL, &purged, &city.error),
        WEFT_OK);
    assert_int_equal(wf_refused_purge(&from, &rows, &files, &city.error), WEFT_OK);
    assert_int_equal(rows, 1);
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_null(strstr(got.bytes, "2021-12-08"));
    assert_non_null(strstr(got.bytes, "not a time"));
    assert_int_equal(about.unreadable, 1);
    // Rows whose day could not be read end with the day of receipt.
    before.number += 10;
    assert_int_equal(wf_keys_forget_before(city.store.keys, WF_KEY_REFUSED, before,
                                           &destroyed, &city.error),
                     WEFT_OK);
    assert_int_equal(
        wf_visits_purge(city.store.visits, before, NULL, NULL, &purged, &city.error),
        WEFT_OK);
    assert_int_equal(wf_refused_purge(&from, &rows, &files, &city.error), WEFT_OK);
    assert_int_equal(files, 1);
    assert_int_equal(rows_listed(), 0);
    wf_buffer_done(&got);
}

static void rows_can_be_tried_again_with_their_mapping(void **state)
{
    (void)state;
    wf_path map = scratch_path(&city.store.folder, "map.yaml");
    const char *yaml = "kind: visits\nformat: space\nheader: false\nfields:\n"
                       "  person: {column: 1, prefix: \"P-\"}\n"
                       "  place: {column: 2}\n"
                       "  start: {time: {column: 3, format: \"%d/%m/%Y\"}}\n"
                       "  end: {constant: \"\"}\n";
    scratch_write(&map, yaml, strlen(yaml));
    weft_import_options with = {.mapping = map.text, .as_of = WEFT_TIME_NONE};
    weft_import_options again = {.as_of = WEFT_TIME_NONE};
    city.import.clocked = true;
    assert_int_equal(made_import_bytes(&city, WEFT_IMPORT_VISITS,
                                       WF_TEXT("1 Q 13/12/2021\n2 Q 12/12/2021\nx\n"),
                                       &with),
                     WEFT_OK);
    assert_int_equal(city.summary.refused, 2);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    const char *name = base_name(file.text);
    city.import.now = made_time(&city.store, "2021-12-13 08:00"); // a day later
    for (unsigned i = 0; i < 2; i++) { // what is refused again takes the file's place
        assert_int_equal(
            wf_import_retry(&city.import, name, &again, &city.summary, &city.error),
            WEFT_OK);
        assert_int_equal(city.summary.rows, 2 - i);
        assert_int_equal(city.summary.accepted, 1 - i);
        assert_int_equal(city.summary.refused, 1);
        assert_string_equal(city.summary.refused_file, file.text);
        assert_int_equal(rows_listed(), 1);
    }
}

static void a_file_goes_when_nothing_of_it_is_refused_again(void **state)
{
    (void)state;
    weft_import_options again = {.as_of = WEFT_TIME_NONE};
    city.import.clocked = true;
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS,
                                 VISITS "P,Q,2021-12-13,\nP,R,2021-12-13,\n"),
                     WEFT_OK);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    city.import.now = made_time(&city.store, "2021-12-13 08:00");
    assert_int_equal(wf_import_retry(&city.import, base_name(file.text), &again,
                                     &city.summary, &city.error),
                     WEFT_OK);
    assert_int_equal(city.summary.accepted, 2);
    assert_string_equal(city.summary.refused_file, "");
    assert_int_equal(wf_import_retry(&city.import, base_name(file.text), &again,
                                     &city.summary, &city.error),
                     WEFT_NOT_FOUND);
}

static void the_same_delivery_twice_has_one_file(void **state)
{
    (void)state;
    wf_path first = {0};
    import_bad_rows();
    memcpy(first.text, city.summary.refused_file, sizeof first.text);
    for (unsigned i = 0; i < 2; i++) {
        if (i == 1)
            city.import.now = made_time(&city.store, "2021-12-20 08:00");
        assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, BAD), WEFT_OK);
        assert_int_equal(city.summary.had, 1);
        assert_string_equal(city.summary.refused_file, first.text);
        assert_int_equal(rows_listed(), 3);
    }
    // Another line is another delivery.
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, BAD "P,Q,never,\n"), WEFT_OK);
    assert_string_not_equal(city.summary.refused_file, first.text);
    assert_int_equal(rows_listed(), 7);
}

// Three files at once, the middle one without refused rows; each has its own columns.
static void rows_of_several_sources_keep_their_headers(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "start,person,place,end\n2021-12-13,P-1,Q,\n2021-12-09,P-2,Q,\n2021-12-13,,Q,\n",
        VISITS "P-3,Q,2021-12-09,\n",
        "place,person,end,start,seat\nQ,P-4,,2021-12-13,7\nQ,P-5,,2021-12-13\n",
    };
    bytes_source from[3];
    weft_import_source sources[3];
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    for (size_t i = 0; i < 3; i++) {
        from[i] = (bytes_source){texts[i], strlen(texts[i]), 0, 0, 0};
        sources[i] =
            (weft_import_source){bytes_source_read, &from[i], "x.csv", strlen(texts[i])};
    }
    city.import.clocked = true;
    assert_int_equal(wf_import(&city.import, WEFT_IMPORT_VISITS, sources, 3, &options,
                               &city.summary, &city.error),
                     WEFT_OK);
    assert_int_equal(city.summary.rows, 6);
    assert_int_equal(city.summary.refused, 4);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    city.import.now = made_time(&city.store, "2021-12-13 08:00");
    assert_int_equal(wf_import_retry(&city.import, base_name(file.text), &options,
                                     &city.summary, &city.error),
                     WEFT_OK);
    assert_int_equal(city.summary.rows, 4);
    assert_int_equal(city.summary.accepted, 2); // P-1 and P-4
    wf_buffer got = {0};
    wf_refused_about about;
    assert_int_equal(read_rows(base_name(file.text), &got, &about), WEFT_OK);
    // The lines are those of the files the rows first came in.
    assert_string_equal(got.bytes, "4 import.empty person [2021-12-13,,Q,]\n"
                                   "3 import.fields  [Q,P-5,,2021-12-13]\n");
    wf_buffer_done(&got);
}

static void a_row_that_was_split_is_kept_once(void **state)
{
    (void)state;
    wf_path map = scratch_path(&city.store.folder, "map.yaml");
    const char *yaml = "kind: visits\nfields:\n  person: {column: who, split: \";\"}\n"
                       "  place: {column: where}\n  start: {column: day}\n"
                       "  end: {constant: \"\"}\n";
    scratch_write(&map, yaml, strlen(yaml));
    weft_import_options with = {.mapping = map.text, .as_of = WEFT_TIME_NONE};
    weft_import_options again = {.as_of = WEFT_TIME_NONE};
    city.import.clocked = true;
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS,
                          WF_TEXT("who,where,day\nP-1;P-2;P-3,Q,2021-12-13\n"), &with),
        WEFT_OK);
    assert_int_equal(city.summary.refused, 3);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    wf_buffer got = {0};
    wf_refused_about about;
    assert_int_equal(read_rows(base_name(file.text), &got, &about), WEFT_OK);
    assert_string_equal(got.bytes,
                        "2 import.future start [P-1;P-2;P-3,Q,2021-12-13]\n"
                        "2 import.future start []\n2 import.future start []\n");
    for (unsigned day = 12; day <= 13; day++) {
        char now[32];
        snprintf(now, sizeof now, "2021-12-%u 09:00", day);
        city.import.now = made_time(&city.store, now);
        assert_int_equal(wf_import_retry(&city.import, base_name(file.text), &again,
                                         &city.summary, &city.error),
                         WEFT_OK);
        assert_int_equal(city.summary.rows, 3);
        assert_int_equal(city.summary.accepted, day == 13 ? 3 : 0);
    }
    wf_buffer_done(&got);
}

// The reader runs ahead of the rows that are worked on, and rows come by their days.
static void lines_stay_those_of_the_file_whatever_is_tried_again(void **state)
{
    (void)state;
    enum { rows = 60000 };
    weft_import_options again = {.as_of = WEFT_TIME_NONE};
    wf_buffer text = {0};
    assert_true(wf_buffer_append(&text, VISITS, sizeof VISITS - 1));
    for (unsigned i = 0; i < rows; i++) // a third right, a third on two lines
        assert_true(wf_buffer_printf(&text,
                                     i % 3 == 0   ? "P-%u,Q,2021-12-%02u,\n"
                                     : i % 3 == 1 ? "P-%u,\"Q\n\",2021-12-%02u,\n"
                                                  : "P-%u,,2021-12-%02u,\n",
                                     i, 1 + i % 11));
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_buffer_text(&text), NULL),
        WEFT_OK);
    wf_buffer_done(&text);
    assert_int_equal(city.summary.refused, rows / 3 * 2);
    wf_path file = {0};
    memcpy(file.text, city.summary.refused_file, sizeof file.text);
    wf_buffer first = {0}, second = {0};
    wf_refused_about about;
    assert_int_equal(read_rows(base_name(file.text), &first, &about), WEFT_OK);
    assert_int_equal(wf_import_retry(&city.import, base_name(file.text), &again,
                                     &city.summary, &city.error),
                     WEFT_OK);
    assert_int_equal(city.summary.refused, rows / 3 * 2);
    assert_int_equal(read_rows(base_name(file.text), &second, &about), WEFT_OK);
    assert_non_null(strstr(first.bytes, "5 import.empty place [P-2,,2021-12-03,]\n"));
    assert_true(wf_text_equal(wf_buffer_text(&first), wf_buffer_text(&second)));
    wf_buffer_done(&first);
    wf_buffer_done(&second);
}

static void any_number_of_files_is_listed_in_order(void **state)
{
    (void)state;
    enum { files = 1300 };
    import_bad_rows(); // makes the folder
    for (unsigned i = 0; i < files; i++) {
        char name[WF_REFUSED_NAME_MAX];
        snprintf(name, sizeof name, "refused/2021-11-%02u-%016x.rows", 1 + i % 28,
                 i * 7919 % 65536);
        wf_path path = scratch_path(&city.store.folder, name);
        scratch_write(&path, "", 0);
    }
    static const size_t together[] = {1, 7, 256, 5000};
    for (size_t i = 0; i < sizeof together / sizeof *together; i++) {
        size_t count = 0;
        file_name *names = all_names(together[i], &count);
        assert_int_equal(count, files + 1);
        for (size_t n = 1; n < count; n++)
            assert_true(strcmp(names[n - 1], names[n]) < 0);
        free(names);
    }
}

static void many_days_and_many_rows_cost_little_memory(void **state)
{
    (void)state;
    wf_buffer text = {0};
    assert_true(wf_buffer_append(&text, VISITS, sizeof VISITS - 1));
    for (unsigned i = 0; i < 20000; i++)
        assert_true(
            wf_buffer_printf(&text, "P,,2021-%02u-%02u,\n", 1 + i % 12, 1 + i / 12 % 28));
    assert_int_equal(
        made_import_bytes(&city, WEFT_IMPORT_VISITS, wf_buffer_text(&text), NULL),
        WEFT_OK);
    assert_int_equal(city.summary.refused, 20000);
    assert_int_equal(city.refused_count, 20);
    wf_buffer got = {0};
    wf_refused_about about;
    assert_int_equal(read_rows(base_name(city.summary.refused_file), &got, &about),
                     WEFT_OK);
    assert_int_equal(about.rows, 20000);
    wf_buffer_done(&got);
    wf_buffer_done(&text);
}

// ---- faults ----

#define GOOD                                                                             \
    VISITS "P-1,Q,2021-12-09 10:00,2021-12-10 11:00\n"                                   \
           "P-2,Q,2021-12-09 10:00,bad\n"                                                \
           "P-3,Q,2021-12-11 10:00,2021-12-11 11:00\n"
#define LATER                                                                            \
    VISITS "P-1,Q,2021-12-13 10:00,2021-12-13 11:00\n"                                   \
           "P-2,Q,2021-12-13 10:00,bad\n"

static weft_status import_visits(void)
{
    return made_import(&city, WEFT_IMPORT_VISITS, GOOD);
}

static weft_status import_persons(void)
{
    return made_import(&city, WEFT_IMPORT_PERSONS,
                       "person,name\nP-1,Anna\n,Nobody\nP-2,Bo\n");
}

// Has both rows of LATER refused, then moves the clock to where one of them is right.
static void refuse_later_rows(void)
{
    city.import.now = made_time(&city.store, "2021-12-12 08:00");
    city.import.clocked = true;
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, LATER), WEFT_OK);
    assert_int_equal(city.summary.refused, 2);
    city.import.now = made_time(&city.store, "2021-12-13 12:00");
}

static weft_status retry_file(void)
{
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    size_t count = 0;
    file_name *names = all_names(8, &count);
    assert_int_equal(count, 1);
    city.summary = (weft_import_summary){0};
    weft_status status =
        wf_import_retry(&city.import, names[0], &options, &city.summary, &city.error);
    free(names);
    return status;
}

static weft_status import_facts(void)
{
    return made_import(&city, WEFT_IMPORT_FACTS,
                       "{\"device\":\"S-1\",\"seq\":1,\"kind\":\"tube.sealed\","
                       "\"at\":\"2021-12-09T07:41:05+08:00\","
                       "\"body\":{\"tube\":\"T1\",\"count\":10}}\nno fact\n");
}

// What is done while the disk fails, and how many refused rows are listed without and
// with it.
typedef struct {
    void (*prepare)(void); // NULL: nothing
    weft_status (*act)(void);
    uint64_t listed_before, listed_after;
    // The ledger has the facts, what follows failed: said as a failure, yet it stands.
    bool may_stand;
} faulty_deed;

static const faulty_deed deeds[] = {
    {NULL, import_visits, 0, 1, false},
    {NULL, import_persons, 0, 1, false},
    {NULL, import_facts, 0, 1, true},
    {refuse_later_rows, retry_file, 2, 1, false},
};

// What the city is opened through, afresh after each deed: that is how the next deed
// finds it, too, so that a trial opens once.
static fault_io fault;

static void open_again(void)
{
    bool clocked = city.import.clocked;
    weft_time now = city.import.now;
    made_city_close(&city);
    fault_io_init(&fault);
    made_city_open(&city, &fault.io);
    city.import.clocked = clocked;
    city.import.now = now;
}

// The deed while the disk fails at one call; then the city is opened afresh. True if
// there was such a call.
static bool act_with_fault(const faulty_deed *deed, fault_kind kind, unsigned long at,
                           weft_status *ret_status)
{
    wf_digest before = made_city_digest(&city);
    fault.kind = kind;
    fault.at = fault.calls + at;
    fault.errno_value = kind == FAULT_ONCE ? ENOSPC : EIO;
    *ret_status = deed->act();
    bool hit = fault.calls >= fault.at;
    fault.kind = FAULT_NONE;
    if (!fault.dead && *ret_status != WEFT_OK)
        assert_true(made_digests_equal(before, made_city_digest(&city)));
    open_again();
    return hit;
}

static wf_digest fresh_city(const faulty_deed *deed)
{
    made_city_new(&city);
    assert_int_equal(made_import(&city, WEFT_IMPORT_VISITS, VISITS "P-0,Q,2021-12-09,\n"),
                     WEFT_OK);
    if (deed->prepare != NULL)
        deed->prepare();
    open_again();
    return made_city_digest(&city);
}

// Fails at every call of a deed in turn. A city that has taken the rows is replaced.
static void fail_everywhere(const faulty_deed *deed, fault_kind kind)
{
    bool hit = true, fresh = false;
    wf_digest before = {{0}};
    for (unsigned long at = 1; hit; at++) {
        weft_status status;
        if (!fresh)
            before = fresh_city(deed);
        hit = act_with_fault(deed, kind, at, &status);
        fresh = made_digests_equal(before, made_city_digest(&city));
        if (status == WEFT_OK)
            assert_false(fresh);
        else if (kind == FAULT_ONCE && !deed->may_stand)
            assert_true(fresh);
        // Refused rows are there exactly with the import that refused them.
        assert_int_equal(rows_listed(), fresh ? deed->listed_before : deed->listed_after);
        if (!fresh) {
            // Whatever happened, all is there, and again changes nothing.
            assert_int_equal(deed->act(), WEFT_OK);
            assert_int_equal(city.summary.accepted, 0);
            assert_int_equal(rows_listed(), deed->listed_after);
            made_city_done(&city);
        }
    }
    assert_false(fresh);
}

static void a_full_disk_anywhere_leaves_nothing_half_done(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        fail_everywhere(&deeds[i], FAULT_ONCE);
}

static void a_kill_anywhere_leaves_all_or_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        fail_everywhere(&deeds[i], FAULT_KILL);
}

int main(void)
{
#define IN_CITY(test) cmocka_unit_test_setup_teardown(test, begin, end)
    const struct CMUnitTest tests[] = {
        IN_CITY(rows_are_kept_whole_and_sealed),
        IN_CITY(values_of_a_reason_are_kept),
        IN_CITY(rows_without_values_are_read),
        IN_CITY(a_flipped_byte_or_a_cut_is_found),
        IN_CITY(names_from_outside_cannot_leave_the_folder),
        IN_CITY(a_purge_does_not_write_through_links),
        IN_CITY(the_first_refused_rows_make_their_folder_durable),
        IN_CITY(rows_end_with_their_day),
        IN_CITY(rows_can_be_tried_again_with_their_mapping),
        IN_CITY(a_file_goes_when_nothing_of_it_is_refused_again),
        IN_CITY(the_same_delivery_twice_has_one_file),
        IN_CITY(rows_of_several_sources_keep_their_headers),
        IN_CITY(a_row_that_was_split_is_kept_once),
        IN_CITY(lines_stay_those_of_the_file_whatever_is_tried_again),
        IN_CITY(any_number_of_files_is_listed_in_order),
        IN_CITY(many_days_and_many_rows_cost_little_memory),
        cmocka_unit_test(a_full_disk_anywhere_leaves_nothing_half_done),
        cmocka_unit_test(a_kill_anywhere_leaves_all_or_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
