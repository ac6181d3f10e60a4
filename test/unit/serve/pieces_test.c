// Answers that leave in pieces: the same rows as in one, to nobody whose look is not
// durable, at the client's own pace, and never short without the client seeing it.

// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <netinet/tcp.h>
#include <stdatomic.h>

#include "access/looks/exports.h"
#include "support/asked_city.h"

#define HAND_OVER "ref=case:C-1; purpose=hand-over"
#define TRACING "ref=case:C-1; purpose=trace-contacts"
#define SOURCE "ref=case:C-1; purpose=find-source"

enum { crowd = 120, others = 4900 };

static _Atomic bool dismissed;

static weft_status unless_dismissed(wf_exchange *x, wf_actor *ret, weft_error *error)
{
    return atomic_load(&dismissed)
               ? wf_fail(error, WEFT_NOT_ALLOWED, "access.token", NULL)
               : by_name(x, ret, error);
}

// ---- the city ----

static void import(weft_import_kind kind, const wf_buffer *rows, size_t count)
{
    weft_error error = {0};
    bytes_source bytes = {rows->bytes, rows->size, 0, 0, 0};
    weft_import_source from = {bytes_source_read, &bytes, "rows.csv", rows->size};
    weft_import_options options = {.as_of = WEFT_TIME_NONE};
    weft_import_summary summary;
    assert_int_equal(weft_import(city.city, kind, &from, 1, &options, &summary, &error),
                     WEFT_OK);
    assert_int_equal(summary.accepted, count);
}

// A market where many met the case, and people of another county, whose rows are wide:
// more of them than sockets hold.
static void fill_more(void)
{
    static const char wide[] =
        "a long word for what somebody does, for rows that take room";
    wf_buffer visits = {0}, persons = {0};
    assert_true(wf_buffer_printf(&visits, "person,place,start,end\n"));
    for (int i = 0; i < crowd; i++)
        assert_true(wf_buffer_printf(
            &visits, "V-%07d,M-1,2021-12-10T09:%02d,2021-12-10T10:30\n", i, i % 60));
    import(WEFT_IMPORT_VISITS, &visits, crowd);
    assert_true(
        wf_buffer_printf(&persons, "person,name,sex,birth,grid,household,occupation\n"));
    for (int i = 0; i < others; i++)
        assert_true(wf_buffer_printf(
            &persons, "P-2%06d,虚构,female,1964-05-31,320283001,H-2%06d,\"%s\"\n", i, i,
            wide));
    import(WEFT_IMPORT_PERSONS, &persons, others);
    wf_buffer_done(&visits);
    wf_buffer_done(&persons);
}

// `whole_bytes` 0: as it is served.
static void serve(size_t whole_bytes, size_t page_rows)
{
    const wf_server_options options = {
        .identify = unless_dismissed, .whole_bytes = whole_bytes, .page_rows = page_rows};
    atomic_store(&dismissed, false);
    served_start(&city, &options);
}

static void serve_again(size_t whole_bytes, size_t page_rows)
{
    wf_server_stop(city.server, 10);
    serve(whole_bytes, page_rows);
}

static int make_city(void **state)
{
    (void)state;
    served_make(&city);
    fill();
    fill_more();
    serve(0, 0);
    return 0;
}

// ---- what comes ----

typedef struct {
    unsigned status;
    bool chunked, cut; // cut: it ended before its end
    wf_buffer raw, body;
} arrival;

static void begin_asking(int file, const char *version, const char *who,
                         const char *method, const char *path, const char *purpose,
                         const char *body)
{
    wf_buffer text = {0};
    assert_true(wf_buffer_printf(&text,
                                 "%s %s %s\r\nHost: x\r\nAuthorization: Bearer %s\r\n",
                                 method, path, version, who));
    if (purpose != NULL)
        assert_true(wf_buffer_printf(&text, "Weft-Purpose: %s\r\n", purpose));
    if (body != NULL)
        assert_true(wf_buffer_printf(
            &text, "Content-Type: application/json\r\nContent-Length: %zu\r\n",
            strlen(body)));
    assert_true(
        wf_buffer_printf(&text, "Connection: close\r\n\r\n%s", body != NULL ? body : ""));
    assert_true(client_send(file, text.bytes, text.size));
    wf_buffer_done(&text);
}

static bool read_some(int file, wf_buffer *to)
{
    enum { part_bytes = 16 << 10 };
    assert_true(wf_buffer_reserve(to, part_bytes));
    ssize_t got = recv(file, to->bytes + to->size, part_bytes, 0);
    if (got > 0)
        to->size += (size_t)got;
    return got > 0;
}

static size_t head_size(const wf_buffer *raw)
{
    const char *end =
        raw->size == 0 ? NULL : memmem(raw->bytes, raw->size, "\r\n\r\n", 4);
    return end == NULL ? 0 : (size_t)(end - raw->bytes) + 4;
}

static bool head_has(const wf_buffer *raw, const char *text)
{
    return memmem(raw->bytes, head_size(raw), text, strlen(text)) != NULL;
}

// False when the last chunk is not there.
static bool join_chunks(const char *at, size_t size, wf_buffer *to)
{
    const char *end = at + size;
    while (at < end) {
        char *behind;
        const char *line = memmem(at, (size_t)(end - at), "\r\n", 2);
        if (line == NULL)
            return false;
        unsigned long length = strtoul(at, &behind, 16);
        assert_ptr_equal(behind, line);
        at = line + 2;
        if (length == 0)
            return true;
        size_t there = (size_t)(end - at) < length ? (size_t)(end - at) : length;
        assert_true(wf_buffer_append(to, at, there));
        if (there < length)
            return false;
        at += length + 2;
    }
    return false;
}

// Reads on to the end of the connection; `raw` holds what has come already.
static void read_to_end(int file, arrival *ret)
{
    while (read_some(file, &ret->raw))
        continue;
    size_t head = head_size(&ret->raw);
    assert_true(head > 0);
    ret->status = (unsigned)strtoul(ret->raw.bytes + 9, NULL, 10);
    ret->chunked = head_has(&ret->raw, "Transfer-Encoding: chunked");
    const char *bytes = ret->raw.bytes + head;
    size_t size = ret->raw.size - head;
    if (ret->chunked) {
        ret->cut = !join_chunks(bytes, size, &ret->body);
    } else {
        const char *length = memmem(ret->raw.bytes, head, "Content-Length: ", 16);
        assert_non_null(length);
        ret->cut = size < strtoul(length + 16, NULL, 10);
        assert_true(wf_buffer_append(&ret->body, bytes, size));
    }
    assert_true(wf_buffer_append(&ret->body, "", 1)); // texts end
    ret->body.size--;
    close(file);
}

static arrival come(const char *who, const char *method, const char *path,
                    const char *purpose, const char *body)
{
    arrival ret = {0};
    int file = client_open(&city);
    begin_asking(file, "HTTP/1.1", who, method, path, purpose, body);
    read_to_end(file, &ret);
    return ret;
}

static void drop(arrival *one)
{
    wf_buffer_done(&one->raw);
    wf_buffer_done(&one->body);
}

// How many looks there are, and at how many persons.
static void count_looks(size_t *ret_looks, int64_t *ret_persons)
{
    assert_true(wf_shared_catch_up(city.server->shared, 20000));
    arrival came =
        come("auditor", "GET", "/v1/views/register/looks?limit=1000", NULL, NULL);
    assert_int_equal(came.status, 200);
    json_t *all = json_loadb(came.body.bytes, came.body.size, 0, NULL), *row;
    json_t *rows = json_object_get(all, "rows");
    size_t at;
    assert_non_null(rows);
    *ret_looks = json_array_size(rows);
    *ret_persons = 0;
    json_array_foreach(rows, at, row) *ret_persons +=
        json_integer_value(json_object_get(row, "shown"));
    json_decref(all);
    drop(&came);
}

// ---- the same ----

static const struct {
    const char *who, *method, *path, *purpose, *body;
    bool json;
} asked[] = {
    {"here", "GET", "/v1/contacts?case=C-1&limit=500&reasons=500", TRACING, NULL, true},
    {"here", "GET", "/v1/contacts?case=C-1&limit=100&format=csv", TRACING, NULL, false},
    {"here", "GET", "/v1/contacts?case=C-1&after=500", TRACING, NULL, true},
    {"here", "GET", "/v1/who?case=C-1&place=M-1", TRACING, NULL, true},
    {"here", "GET", "/v1/who?case=C-1&place=M-1&format=csv", TRACING, NULL, false},
    {"lead", "GET", "/v1/source?cases=C-1,C-3", SOURCE, NULL, true},
    {"lead", "GET", "/v1/source?cases=C-1,C-3&format=csv", SOURCE, NULL, false},
    {"here", "POST", "/v1/work", TRACING, "{\"case\":\"C-1\",\"limit\":500}", true},
    {"here", "GET", "/v1/counts", NULL, NULL, true},
    {"here", "GET", "/v1/views/register/persons?limit=500", TRACING, NULL, true},
    {"here", "GET", "/v1/views/register/persons?format=csv", TRACING, NULL, false},
    {"lead", "GET", "/v1/views/register/places", NULL, NULL, true},
    {"lead", "GET", "/v1/holes?kind=cases/not_isolated&all=true", TRACING, NULL, true},
    {"here", "POST", "/v1/exports", HAND_OVER, "{\"view\":\"register/persons\"}", false},
    {"here", "POST", "/v1/exports", NULL, "{\"view\":\"register/places\"}", false},
    {"lead", "POST", "/v1/exports", HAND_OVER, "{\"view\":\"register/persons\"}", false},
};
enum { asked_count = sizeof asked / sizeof *asked };

static arrival come_asked(size_t i)
{
    return come(asked[i].who, asked[i].method, asked[i].path, asked[i].purpose,
                asked[i].body);
}

// Looks and the clock go on between two answers.
static json_t *without_moment(const arrival *of)
{
    json_t *all = json_loadb(of->body.bytes, of->body.size, 0, NULL), *row;
    size_t at;
    assert_non_null(all);
    json_object_del(all, "as_of");
    json_object_del(all, "complete");
    json_object_del(all, "to"); // a window that is open ends now
    json_array_foreach(json_object_get(all, "rows"), at, row)
        json_object_del(row, "late_s");
    return all;
}

static void check_same(size_t i, const arrival *a, const arrival *b)
{
    if (!asked[i].json) {
        assert_int_equal(a->body.size, b->body.size);
        assert_memory_equal(a->body.bytes, b->body.bytes, a->body.size);
        return;
    }
    json_t *one = without_moment(a), *other = without_moment(b);
    if (!json_equal(one, other))
        print_error("# %s\n", asked[i].path);
    assert_true(json_equal(one, other));
    json_decref(one);
    json_decref(other);
}

static void what_leaves_in_pieces_is_what_leaves_as_one(void **state)
{
    static const size_t cuts[][2] = {{1, 7}, {5000, 100}};
    arrival whole[asked_count];
    (void)state;
    for (size_t i = 0; i < asked_count; i++) {
        whole[i] = come_asked(i);
        assert_int_equal(whole[i].status, 200);
        assert_false(whole[i].cut);
    }
    for (size_t c = 0; c < sizeof cuts / sizeof *cuts; c++) {
        serve_again(cuts[c][0], cuts[c][1]);
        for (size_t i = 0; i < asked_count; i++) {
            if (i == asked_count - 1 && cuts[c][1] < 100)
                continue; // hundreds of pages
            arrival pieces = come_asked(i);
            assert_int_equal(pieces.status, 200);
            assert_false(pieces.cut);
            check_same(i, &whole[i], &pieces);
            drop(&pieces);
        }
    }
    for (size_t i = 0; i < asked_count; i++)
        drop(&whole[i]);
    serve_again(0, 0);
}

static void what_is_small_says_its_length_and_comes_as_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < asked_count - 1; i++) {
        arrival came = come_asked(i);
        assert_int_equal(came.status, 200);
        assert_false(came.chunked);
        drop(&came);
    }
    arrival large = come_asked(asked_count - 1);
    assert_true(large.chunked);
    assert_true(large.body.size > (512 << 10));
    drop(&large);
}

// ---- looks ----

static void everybody_of_a_file_is_looked_at_before_it_begins(void **state)
{
    size_t looks, more;
    int64_t persons, more_persons;
    (void)state;
    count_looks(&looks, &persons);
    arrival came = come_asked(asked_count - 1);
    drop(&came);
    count_looks(&more, &more_persons);
    // Those of fill, and the others, in parts of 500.
    assert_int_equal(more - looks, (others + 3) / 500 + 1);
    assert_int_equal(more_persons - persons, others + 3);
}

// A socket that holds little, on both sides: what is sent stays with the sender.
static int open_narrow(void)
{
    const char *colon = strrchr(wf_server_address(city.server), ':');
    struct sockaddr_in at = {.sin_family = AF_INET,
                             .sin_port = htons((uint16_t)strtol(colon + 1, NULL, 10)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int file = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const int narrow = 4096, segment = 536;
    assert_true(file >= 0);
    assert_int_equal(setsockopt(file, SOL_SOCKET, SO_RCVBUF, &narrow, sizeof narrow), 0);
    assert_int_equal(setsockopt(file, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof segment),
                     0);
    assert_int_equal(connect(file, (const struct sockaddr *)&at, sizeof at), 0);
    const struct timeval patience = {.tv_sec = 30};
    assert_int_equal(
        setsockopt(file, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience), 0);
    return file;
}

// The large file, of which the head has come.
static int begin_large(arrival *ret)
{
    int file = open_narrow();
    size_t i = asked_count - 1;
    begin_asking(file, "HTTP/1.1", asked[i].who, asked[i].method, asked[i].path,
                 asked[i].purpose, asked[i].body);
    while (head_size(&ret->raw) == 0)
        assert_true(read_some(file, &ret->raw));
    assert_true(head_has(&ret->raw, "200 OK"));
    return file;
}

static void whoever_comes_while_a_file_leaves_is_looked_at_first(void **state)
{
    size_t looks, more;
    int64_t persons, more_persons;
    arrival came = {0};
    weft_error error = {0};
    weft_city *own;
    (void)state;
    serve_again(4096, 50);
    count_looks(&looks, &persons);
    int file = begin_large(&came);
    // The last in its order, and so on a page that has not been read.
    assert_int_equal(wf_shared_own(city.server->shared, &own, &error), WEFT_OK);
    FACT("person.registered", "person=P-9999999", "name=丁", "grid=320283001");
    wf_shared_own_end(city.server->shared);
    read_to_end(file, &came);
    assert_false(came.cut);
    assert_non_null(strstr(came.body.bytes, "P-9999999"));
    drop(&came);
    count_looks(&more, &more_persons);
    assert_int_equal(more - looks, (others + 3) / 500 + 2);
    assert_int_equal(more_persons - persons, others + 4);
    serve_again(0, 0);
}

// ---- at the client's pace ----

static void a_slow_reader_holds_no_reader_and_no_writer(void **state)
{
    arrival came = {0};
    wf_shared_counts counts;
    (void)state;
    serve_again(4096, 50);
    int file = begin_large(&came);
    do // until what the sockets take has been read
        counts = wf_shared_count(city.server->shared);
    while (counts.readers_out > 0);
    ask("lead", "POST", "/v1/facts", NULL,
        "{\"device\":\"user/lead\",\"seq\":1,\"kind\":\"place.registered\","
        "\"at\":\"2021-12-11T06:01:00+08:00\",\"body\":{\"place\":\"M-7\","
        "\"kind\":\"market\"}}\n");
    says(200, "\"accepted\":1");
    read_to_end(file, &came);
    assert_false(came.cut);
    assert_true(came.body.size > (512 << 10));
    drop(&came);
    serve_again(0, 0);
}

static void whoever_is_dismissed_gets_no_more_of_it_and_sees_that(void **state)
{
    arrival came = {0};
    (void)state;
    serve_again(4096, 50);
    int file = begin_large(&came);
    atomic_store(&dismissed, true);
    usleep(1100000); // who asks is looked at once a second
    read_to_end(file, &came);
    assert_true(came.cut);
    drop(&came);
    serve_again(0, 0);
}

static void a_service_that_stops_at_once_cuts_what_has_not_left(void **state)
{
    arrival came = {0};
    (void)state;
    serve_again(4096, 50);
    int file = begin_large(&came);
    wf_server_stop(city.server, 0);
    read_to_end(file, &came);
    assert_true(came.cut);
    drop(&came);
    serve(0, 0);
}

// An end that cannot be told from a cut is not given, and nothing is noted of it.
static void over_the_old_version_a_file_of_pieces_is_refused(void **state)
{
    size_t looks, more;
    int64_t persons;
    arrival came = {0};
    (void)state;
    count_looks(&looks, &persons);
    int file = client_open(&city);
    begin_asking(file, "HTTP/1.0", "lead", "POST", "/v1/exports", HAND_OVER,
                 "{\"view\":\"register/persons\"}");
    read_to_end(file, &came);
    assert_int_equal(came.status, 400);
    assert_non_null(strstr(came.body.bytes, "export.old_version"));
    drop(&came);
    file = client_open(&city);
    begin_asking(file, "HTTP/1.0", "here", "POST", "/v1/exports", HAND_OVER,
                 "{\"view\":\"register/persons\"}");
    came = (arrival){0};
    read_to_end(file, &came);
    assert_int_equal(came.status, 200);
    drop(&came);
    count_looks(&more, &persons);
    assert_int_equal(more, looks + 1);
}

static void a_workbook_of_pieces_is_whole(void **state)
{
    (void)state;
    arrival came = come("lead", "POST", "/v1/exports?format=xlsx", HAND_OVER,
                        "{\"view\":\"register/persons\"}");
    assert_int_equal(came.status, 200);
    assert_false(came.chunked || came.cut);
    assert_memory_equal(came.body.bytes, "PK\3\4", 4);
    // The table of contents stands at the end of such a file.
    assert_memory_equal(came.body.bytes + came.body.size - 22, "PK\5\6", 4);
    drop(&came);
}

static void to_ask_what_an_export_would_be_is_not_to_fetch_it(void **state)
{
    char id[WF_EXPORT_ID_BYTES + 1], fetch[64];
    weft_error error = {0};
    wf_look look = {.actor = &actors[0],
                    .why = {WF_REFERENCE_CASE, "C-1", WF_PURPOSE_HAND_OVER},
                    .use = WF_LOOK_EXPORT,
                    .asked = "register/persons"};
    (void)state;
    assert_int_equal(wf_exports_request(city.server->looks, &look,
                                        "{\"view\":\"register/persons\"}", 5001, id,
                                        &error),
                     WEFT_OK);
    assert_int_equal(wf_exports_release(city.server->looks, &actors[1], id, &error),
                     WEFT_OK);
    snprintf(fetch, sizeof fetch, "/v1/exports/%s", id);
    arrival came = come("lead", "HEAD", fetch, NULL, NULL);
    assert_int_equal(came.status, 200);
    assert_int_equal(came.body.size, 0);
    drop(&came);
    came = come("lead", "GET", fetch, NULL, NULL);
    assert_int_equal(came.status, 200);
    assert_non_null(strstr(came.body.bytes, "P-3"));
    drop(&came);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_leaves_in_pieces_is_what_leaves_as_one),
        cmocka_unit_test(what_is_small_says_its_length_and_comes_as_one),
        cmocka_unit_test(everybody_of_a_file_is_looked_at_before_it_begins),
        cmocka_unit_test(a_workbook_of_pieces_is_whole),
        cmocka_unit_test(to_ask_what_an_export_would_be_is_not_to_fetch_it),
        cmocka_unit_test(over_the_old_version_a_file_of_pieces_is_refused),
        cmocka_unit_test(whoever_comes_while_a_file_leaves_is_looked_at_first),
        cmocka_unit_test(a_slow_reader_holds_no_reader_and_no_writer),
        cmocka_unit_test(whoever_is_dismissed_gets_no_more_of_it_and_sees_that),
        cmocka_unit_test(a_service_that_stops_at_once_cuts_what_has_not_left),
    };
    return cmocka_run_group_tests(tests, make_city, end);
}
