// Packets of weft.sock, whole and damaged.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "serve/owner/packet.h"

static void what_is_written_is_read(void **state)
{
    static const wf_packet rows[] = {
        {.kind = WF_PACKET_HELLO, .code = 1, .first = {"0.1.0", 5}},
        {.kind = WF_PACKET_DONE, .code = 2, .mode = 0100600, .number = UINT64_MAX},
        {.kind = WF_PACKET_OUT, .first = {"a\0b", 3}},
        {.kind = WF_PACKET_RENAME, .first = {"from", 4}, .second = {"to", 2}},
        {.kind = WF_PACKET_EXIT, .code = 130},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char room[WF_PACKET_MAX];
        wf_packet read = {0};
        size_t size = wf_packet_write(&rows[i], room);
        assert_true(wf_packet_read(room, size, &read));
        assert_int_equal(read.kind, rows[i].kind);
        assert_int_equal(read.code, rows[i].code);
        assert_int_equal(read.mode, rows[i].mode);
        assert_int_equal(read.number, rows[i].number);
        assert_true(wf_text_equal(read.first, rows[i].first));
        assert_true(wf_text_equal(read.second, rows[i].second));
    }
}

static void what_is_no_packet_is_refused(void **state)
{
    static const struct {
        size_t at;
        unsigned char byte;
        size_t size;
    } rows[] = {
        {0, 0, 28},                  // no kind
        {0, WF_PACKET_KIND_END, 28}, // a kind of a newer program
        {1, 1, 28},                  // not zero
        {3, 1, 28},
        {12, 5, 28},   // the first text is longer than the packet
        {15, 255, 28}, // and much longer
        {25, 0, 28},   // a NUL inside a path
        {24, 'a', 0},  // nothing
        {24, 'a', WF_PACKET_HEAD - 1},
    };
    const wf_packet packet = {
        .kind = WF_PACKET_RENAME, .first = {"ab", 2}, .second = {"cd", 2}};
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned char room[WF_PACKET_MAX];
        wf_packet read;
        assert_int_equal(wf_packet_write(&packet, room), 28);
        assert_true(wf_packet_read(room, 28, &read));
        room[rows[i].at] = rows[i].byte;
        assert_false(wf_packet_read(room, rows[i].size, &read));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_is_no_packet_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
