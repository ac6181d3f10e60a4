// Parcels: what goes in comes out, and what is spoiled, mixed or another's does not.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "keys/parcel.h"
#include "support/fuzz_ledger.h"
#include "support/scratch.h"

#define CITY "0123456789abcdef0123456789abcdef"

enum {
    content_bytes = 5 * wf_parcel_piece_bytes / 2, // two pieces and a half
    piece_bytes = 4 + wf_parcel_piece_bytes + 16,  // in the file
    half_bytes = 4 + wf_parcel_piece_bytes / 2 + 16,
    last_bytes = 4 + wf_parcel_end_bytes + 16,
};

static wf_path folder;
static wf_keys *keys;
static unsigned char *content;

static int begin(void **state)
{
    (void)state;
    scratch_new(&folder);
    keys = fuzz_ledger_keys();
    content = malloc(content_bytes);
    if (keys == NULL || content == NULL)
        return 1;
    for (size_t i = 0; i < content_bytes; i++)
        content[i] = (unsigned char)(i * 7 + i / 251);
    return 0;
}

static int end(void **state)
{
    (void)state;
    free(content);
    wf_keys_close(keys);
    scratch_remove(folder.text);
    return 0;
}

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

// Writes a parcel in parts of uneven size.
static wf_path write_parcel(const char *name, size_t size)
{
    weft_error error = {0};
    wf_parcel_writer *writer = NULL;
    wf_path path = scratch_path(&folder, name);
    ok(wf_parcel_create(&wf_io_posix, path.text, keys, CITY, &writer, &error), &error);
    for (size_t at = 0, part = 1; at < size; at += part, part = part * 3 + 1) {
        part = part < size - at ? part : size - at;
        ok(wf_parcel_add(writer, content + at, part, &error), &error);
    }
    ok(wf_parcel_finish(writer, &error), &error);
    wf_parcel_writer_free(writer);
    return path;
}

// Reads all of it; what it holds must be how `content` begins, of this size.
static weft_status read_parcel(const wf_path *path, size_t size, weft_error *error)
{
    static unsigned char part[100000];
    wf_parcel_reader *reader = NULL;
    size_t at = 0, got = 1;
    WF_TRY(wf_parcel_open(&wf_io_posix, path->text, &reader, error));
    weft_status status = wf_parcel_unlock(reader, keys, error);
    while (status == WEFT_OK && got > 0) {
        status = wf_parcel_read_some(reader, part, sizeof part, &got, error);
        if (status == WEFT_OK) {
            assert_in_range(at + got, 0, size);
            assert_memory_equal(part, content + at, got);
            at += got;
        }
    }
    if (status == WEFT_OK)
        assert_int_equal(at, size);
    wf_parcel_reader_free(reader);
    return status;
}

static void what_goes_in_comes_out(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,
                                   1,
                                   wf_parcel_piece_bytes - 1,
                                   wf_parcel_piece_bytes,
                                   wf_parcel_piece_bytes + 1,
                                   content_bytes};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        weft_error error = {0};
        wf_path path = write_parcel("whole", sizes[i]);
        ok(read_parcel(&path, sizes[i], &error), &error);
    }
}

// ---- spoiled ----

typedef struct {
    char *bytes;
    size_t size;
} image;

static image image_of(const wf_path *path)
{
    image whole;
    whole.bytes = scratch_read(path, &whole.size);
    assert_non_null(whole.bytes);
    return whole;
}

static void put(image *to, const image *from, size_t at, size_t size)
{
    memcpy(to->bytes + to->size, from->bytes + at, size);
    to->size += size;
}

static void refused(const image *spoiled)
{
    weft_error error = {0};
    wf_path path = scratch_path(&folder, "spoiled");
    scratch_write(&path, spoiled->bytes, spoiled->size);
    assert_int_equal(read_parcel(&path, content_bytes, &error), WEFT_DAMAGED);
}

static void pieces_in_another_order_or_of_another_parcel_are_refused(void **state)
{
    (void)state;
    enum { a = wf_parcel_head_bytes, b = a + piece_bytes, c = b + piece_bytes };
    enum { d = c + half_bytes }; // the last
    // Which pieces of which of two parcels are put together; −1 ends.
    static const int orders[][5] = {
        {1, 0, 2, 3, -1},  {0, 0, 1, 2, 3},   {0, 2, 3, -1, 0},  {0, 1, 3, -1, 0},
        {0, 1, 2, -1, 0},  {0, 11, 2, 3, -1}, {0, 1, 12, 3, -1}, {0, 1, 2, 13, -1},
        {10, 1, 2, 3, -1}, {0, 1, 2, 3, 3},   {3, -1, 0, 0, 0}};
    static const size_t at[] = {a, b, c, d},
                        sizes[] = {piece_bytes, piece_bytes, half_bytes, last_bytes};
    wf_path one = write_parcel("one", content_bytes),
            two = write_parcel("two", content_bytes);
    image from[2] = {image_of(&one), image_of(&two)};
    assert_int_equal(from[0].size, d + last_bytes);
    image made = {malloc(2 * from[0].size), 0};
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        made.size = 0;
        put(&made, &from[0], 0, a);
        for (size_t j = 0; j < 5 && orders[i][j] >= 0; j++) {
            int piece = orders[i][j] % 10;
            put(&made, &from[orders[i][j] / 10], at[piece], sizes[piece]);
        }
        refused(&made);
    }
    free(made.bytes);
    free(from[0].bytes);
    free(from[1].bytes);
}

static void a_parcel_cut_or_changed_anywhere_is_refused(void **state)
{
    (void)state;
    wf_path path = write_parcel("whole", content_bytes);
    image whole = image_of(&path);
    const size_t edges[] = {0,
                            1,
                            wf_parcel_head_bytes - 1,
                            wf_parcel_head_bytes,
                            wf_parcel_head_bytes + 4,
                            wf_parcel_head_bytes + piece_bytes,
                            whole.size - last_bytes,
                            whole.size - 1};
    for (size_t i = 0; i < sizeof edges / sizeof *edges; i++) {
        image cut = {whole.bytes, edges[i]};
        refused(&cut);
        whole.bytes[edges[i]] ^= 1;
        if (edges[i] < 16 || edges[i] >= wf_parcel_head_bytes) // else: another city
            refused(&whole);
        whole.bytes[edges[i]] ^= 1;
    }
    whole.bytes = realloc(whole.bytes, whole.size + 1);
    assert_non_null(whole.bytes);
    whole.bytes[whole.size++] = 0; // something behind it
    refused(&whole);
    free(whole.bytes);
}

// The city's id and the parcel's own are in what every piece authenticates.
static void a_parcel_says_its_city_and_cannot_say_another(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_parcel_reader *reader = NULL;
    wf_path path = write_parcel("whole", 100);
    ok(wf_parcel_open(&wf_io_posix, path.text, &reader, &error), &error);
    assert_string_equal(wf_parcel_reader_about(reader)->city_id, CITY);
    wf_parcel_reader_free(reader);
    image whole = image_of(&path);
    for (size_t at = 16; at < wf_parcel_head_bytes; at += 13) {
        whole.bytes[at] = whole.bytes[at] == 'a' ? 'b' : 'a';
        refused(&whole);
        free(whole.bytes);
        whole = image_of(&path);
    }
    free(whole.bytes);
}

static void without_the_ledgers_key_nothing_is_read_or_written(void **state)
{
    (void)state;
    enum { head_bytes = 192 };
    weft_error error = {0};
    unsigned char plain[head_bytes] = {2};
    for (size_t i = 64; i < head_bytes; i += 4)
        plain[i + 3] = 0x80;
    wf_keys *none = NULL;
    wf_parcel_reader *reader = NULL;
    wf_parcel_writer *writer = NULL;
    ok(wf_keys_parse((wf_text){(char *)plain, sizeof plain}, &none, &error), &error);
    wf_path path = write_parcel("whole", 100), no = scratch_path(&folder, "no");
    ok(wf_parcel_open(&wf_io_posix, path.text, &reader, &error), &error);
    assert_int_equal(wf_parcel_unlock(reader, none, &error), WEFT_KEYLESS);
    wf_parcel_reader_free(reader);
    assert_int_equal(wf_parcel_create(&wf_io_posix, no.text, none, CITY, &writer, &error),
                     WEFT_KEYLESS);
    assert_false(wf_io_exists(&wf_io_posix, no.text));
    wf_keys_close(none);
}

// ---- the golden copy ----

// A parcel that was written once must be read for ever. WEFT_GOLDEN_WRITE=1 writes it.
static void the_golden_parcel_is_still_read(void **state)
{
    (void)state;
    enum { golden_bytes = 1000 };
    weft_error error = {0};
    wf_path path;
    const char *root = getenv("WEFT_DATA_DIR");
    assert_non_null(root);
    ok(wf_path_join(root, "test/golden/backup.parcel", &path, &error), &error);
    if (getenv("WEFT_GOLDEN_WRITE") != NULL) {
        wf_path made = write_parcel("golden", golden_bytes);
        image whole = image_of(&made);
        scratch_write(&path, whole.bytes, whole.size);
        free(whole.bytes);
    }
    ok(read_parcel(&path, golden_bytes, &error), &error);
}

// ---- how it is written ----

typedef struct {
    wf_io io;
    off_t pushed;
    bool fails;
} pushing;

static int note_push(const wf_io *io, int file, off_t at, off_t size)
{
    pushing *on = io->self;
    struct stat about;
    assert_int_equal(fstat(file, &about), 0);
    assert_int_equal(at, on->pushed); // nothing is left out
    assert_true(at + size <= about.st_size);
    on->pushed += size;
    errno = EIO;
    return on->fails ? -1 : 0;
}

static weft_status write_pushed(pushing *on, weft_error *error)
{
    wf_parcel_writer *writer = NULL;
    wf_path path = scratch_path(&folder, "pushed");
    on->io = wf_io_posix;
    on->io.push = note_push;
    on->io.self = on;
    ok(wf_parcel_create(&on->io, path.text, keys, CITY, &writer, error), error);
    weft_status status = wf_parcel_add(writer, content, content_bytes, error);
    wf_parcel_writer_free(writer);
    return status;
}

// Much that is written at once would stand in the way of the ledger's sync.
static void it_goes_to_the_disk_bit_by_bit(void **state)
{
    (void)state;
    weft_error error = {0};
    pushing all = {.pushed = 0}, failing = {.fails = true};
    ok(write_pushed(&all, &error), &error);
    assert_true(all.pushed >= content_bytes / 2);
    assert_int_equal(write_pushed(&failing, &error), WEFT_STORAGE);
    assert_string_equal(error.code, "io.write");
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_goes_in_comes_out),
        cmocka_unit_test(pieces_in_another_order_or_of_another_parcel_are_refused),
        cmocka_unit_test(a_parcel_cut_or_changed_anywhere_is_refused),
        cmocka_unit_test(a_parcel_says_its_city_and_cannot_say_another),
        cmocka_unit_test(without_the_ledgers_key_nothing_is_read_or_written),
        cmocka_unit_test(the_golden_parcel_is_still_read),
        cmocka_unit_test(it_goes_to_the_disk_bit_by_bit),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
