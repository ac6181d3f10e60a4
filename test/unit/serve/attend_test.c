// The Unix socket of a served city, with guests that keep to the rules and guests that do
// not.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <errno.h>
#include <poll.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>

#include "serve/owner/attend.h"
#include "serve/owner/guest_inside.h"
#include "serve/owner/packet.h"
#include "support/scratch.h"

typedef struct {
    wf_path dir;
    wf_attend *attend;
    _Atomic int reason; // errno of what the verb asked of its guest
    _Atomic unsigned runs, ends;
} place;

enum { much_bytes = 40 << 20 }; // more than a spool holds

// As many bytes as it can; each says where it is.
static bool say_much(wf_guest *guest)
{
    char part[1 << 16];
    for (size_t at = 0; at < much_bytes; at += sizeof part) {
        for (size_t i = 0; i < sizeof part; i++)
            part[i] = (char)((at + i) % 251);
        if (wf_guest_say(guest, WF_GUEST_OUT, part, sizeof part) < 0)
            return false;
    }
    return true;
}

// The verb of these tests: "much" prints more than a spool holds, "ask" opens a file of
// the guest, "wait" waits until it is interrupted, "deaf" until the test lets it go,
// "say" prints its argument.
static int verb(void *context, wf_guest *guest, int argc, char **argv)
{
    place *p = context;
    struct timespec moment = {.tv_nsec = 1000000};
    assert_int_equal(argc, 3);
    if (strcmp(argv[1], "wait") == 0)
        wf_guest_mind(guest);
    atomic_fetch_add(&p->runs, 1);
    if (strcmp(argv[1], "say") == 0)
        wf_guest_say(guest, WF_GUEST_OUT, argv[2], strlen(argv[2]));
    if (strcmp(argv[1], "much") == 0)
        atomic_store(&p->reason, say_much(guest) ? 0 : errno);
    if (strcmp(argv[1], "ask") == 0) {
        const wf_io *io = wf_guest_io(guest);
        int file = io->open(io, argv[2], O_RDONLY, 0);
        atomic_store(&p->reason, file < 0 ? errno : 0);
        if (file >= 0)
            assert_int_equal(close(file), 0);
    }
    if (strcmp(argv[1], "wait") == 0 || strcmp(argv[1], "deaf") == 0)
        while (!wf_guest_interrupted(guest))
            nanosleep(&moment, NULL);
    atomic_fetch_add(&p->ends, 1);
    return 7;
}

static int set_up(void **state)
{
    place *p = calloc(1, sizeof *p);
    weft_error error = {0};
    assert_non_null(p);
    scratch_new(&p->dir);
    const wf_attend_options options = {
        .city_dir = p->dir.text, .version = "1", .run = verb, .context = p};
    assert_int_equal(wf_attend_start(&options, &p->attend, &error), WEFT_OK);
    *state = p;
    return 0;
}

static int tear_down(void **state)
{
    place *p = *state;
    wf_attend_stop(p->attend);
    assert_int_equal(p->runs, p->ends);
    scratch_remove(p->dir.text);
    free(p);
    return 0;
}

// ---- the other side ----

static unsigned char room[WF_PACKET_MAX];

static int enter(const place *p)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int size = snprintf(address.sun_path, sizeof address.sun_path, "%s/" WF_SOCKET_NAME,
                        p->dir.text);
    assert_true(size > 0 && (size_t)size < sizeof address.sun_path);
    int end = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
    assert_true(end >= 0);
    assert_int_equal(connect(end, (struct sockaddr *)&address, sizeof address), 0);
    return end;
}

static void say(int end, const wf_packet *packet, int file)
{
    size_t size = wf_packet_write(packet, room);
    assert_int_equal(wf_packet_send(end, room, size, file, true), size);
}

// The kind of what comes; 0: the end.
static wf_packet hear(int end)
{
    struct pollfd waiting = {.fd = end, .events = POLLIN};
    wf_packet packet = {0};
    int file = -1;
    assert_int_equal(poll(&waiting, 1, 20000), 1);
    if (wf_packet_receive(end, room, &packet, &file) <= 0)
        packet = (wf_packet){0};
    assert_int_equal(file, -1);
    return packet;
}

static void greet(int end)
{
    say(end,
        &(wf_packet){
            .kind = WF_PACKET_HELLO, .code = WF_PACKET_PROTOCOL, .first = WF_TEXT("1")},
        -1);
    assert_int_equal(hear(end).kind, WF_PACKET_WELCOME);
}

static void call(int end, const char *word, const char *argument)
{
    greet(end);
    say(end, &(wf_packet){.kind = WF_PACKET_CALL, .number = 3}, STDIN_FILENO);
    say(end, &(wf_packet){.kind = WF_PACKET_ARGUMENT, .first = WF_TEXT("weft")}, -1);
    say(end, &(wf_packet){.kind = WF_PACKET_ARGUMENT, .first = wf_text_of(word)}, -1);
    say(end, &(wf_packet){.kind = WF_PACKET_ARGUMENT, .first = wf_text_of(argument)}, -1);
}

static void ends_with(int end, uint32_t code)
{
    wf_packet packet = hear(end);
    assert_int_equal(packet.kind, WF_PACKET_EXIT);
    assert_int_equal(packet.code, code);
    assert_int_equal(hear(end).kind, 0);
    assert_int_equal(close(end), 0);
}

// ---- what holds ----

static void a_verb_runs_and_its_output_comes_before_its_end(void **state)
{
    int end = enter(*state);
    call(end, "say", "some words");
    wf_packet packet = hear(end);
    assert_int_equal(packet.kind, WF_PACKET_OUT);
    assert_true(wf_text_equal(packet.first, WF_TEXT("some words")));
    ends_with(end, 7);
}

static void the_socket_is_for_its_owner_alone(void **state)
{
    const place *p = *state;
    struct stat about;
    wf_path path = scratch_path(&p->dir, WF_SOCKET_NAME);
    assert_int_equal(stat(path.text, &about), 0);
    assert_int_equal(about.st_mode & 07777, 0600);
}

static void a_program_of_another_version_is_told_so(void **state)
{
    static const struct {
        uint32_t protocol;
        const char *version;
    } rows[] = {{WF_PACKET_PROTOCOL, "2"}, {WF_PACKET_PROTOCOL + 1, "1"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int end = enter(*state);
        say(end,
            &(wf_packet){.kind = WF_PACKET_HELLO,
                         .code = rows[i].protocol,
                         .first = wf_text_of(rows[i].version)},
            -1);
        wf_packet packet = hear(end);
        assert_int_equal(packet.kind, WF_PACKET_REFUSED);
        assert_true(wf_text_equal(packet.first, WF_TEXT("remote.version")));
        assert_true(wf_text_equal(packet.second, WF_TEXT("1")));
        assert_int_equal(hear(end).kind, 0);
        assert_int_equal(close(end), 0);
    }
}

static void who_breaks_the_rules_is_let_go(void **state)
{
    static const struct {
        bool greets;
        wf_packet packet;
    } rows[] = {
        {false, {.kind = WF_PACKET_CALL, .number = 3}},
        {false, {.kind = WF_PACKET_DONE}},
        {true, {.kind = WF_PACKET_HELLO}},
        {true, {.kind = WF_PACKET_ARGUMENT}},
        {true, {.kind = WF_PACKET_CALL, .number = 1}},
        {true, {.kind = WF_PACKET_CALL, .number = UINT64_MAX}},
        {true, {.kind = WF_PACKET_DONE}}, // nothing was asked
        {true, {.kind = WF_PACKET_EXIT}},
        {true, {.kind = WF_PACKET_OUT}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int end = enter(*state);
        if (rows[i].greets)
            greet(end);
        say(end, &rows[i].packet, STDIN_FILENO);
        assert_int_equal(hear(end).kind, 0);
        assert_int_equal(close(end), 0);
    }
    int end = enter(*state);
    assert_int_equal(send(end, "garbage", 7, MSG_NOSIGNAL), 7);
    assert_int_equal(hear(end).kind, 0);
    assert_int_equal(close(end), 0);
}

static void a_file_comes_as_a_descriptor_or_with_the_reason(void **state)
{
    static const struct {
        uint32_t code;
        bool file;
        int reason;
    } rows[] = {{0, true, 0},
                {ENOENT, false, ENOENT},
                {0, false, EPROTO},
                {EACCES, true, EACCES},
                {70000, false, EPROTO}};
    place *p = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int end = enter(p);
        call(end, "ask", "some/file");
        wf_packet packet = hear(end);
        assert_int_equal(packet.kind, WF_PACKET_OPEN);
        assert_int_equal(packet.code & O_ACCMODE, O_RDONLY);
        assert_true(wf_text_equal(packet.first, WF_TEXT("some/file")));
        say(end, &(wf_packet){.kind = WF_PACKET_DONE, .code = rows[i].code},
            rows[i].file ? STDIN_FILENO : -1);
        ends_with(end, 7);
        assert_int_equal(atomic_load(&p->reason), rows[i].reason);
    }
}

static void a_file_of_the_city_is_asked_of_nobody(void **state)
{
    place *p = *state;
    wf_path path = scratch_path(&p->dir, "missing");
    int end = enter(p);
    call(end, "ask", path.text);
    ends_with(end, 7);
    assert_int_equal(atomic_load(&p->reason), ENOENT);
}

static void a_guest_that_dies_frees_its_verb(void **state)
{
    place *p = *state;
    struct timespec moment = {.tv_nsec = 1000000};
    int asked = enter(p), waits = enter(p);
    call(asked, "ask", "some/file");
    assert_int_equal(hear(asked).kind, WF_PACKET_OPEN);
    call(waits, "wait", "");
    assert_int_equal(close(asked), 0);
    assert_int_equal(close(waits), 0);
    for (unsigned i = 0; atomic_load(&p->ends) < 2 && i < 20000; i++)
        nanosleep(&moment, NULL);
    assert_int_equal(atomic_load(&p->ends), 2);
    assert_int_equal(atomic_load(&p->reason), ECANCELED);
}

static void much_output_comes_whole_and_in_order(void **state)
{
    int end = enter(*state);
    size_t at = 0;
    call(end, "much", "");
    wf_packet packet = hear(end);
    for (; packet.kind == WF_PACKET_OUT; packet = hear(end))
        for (size_t i = 0; i < packet.first.size; i++, at++)
            if (packet.first.bytes[i] != (char)(at % 251))
                fail_msg("another byte at %zu", at);
    assert_int_equal(packet.kind, WF_PACKET_EXIT);
    assert_int_equal(at, much_bytes);
    assert_int_equal(close(end), 0);
}

static void output_that_nobody_can_have_ends_the_verb(void **state)
{
    place *p = *state;
    struct timespec moment = {.tv_nsec = 1000000};
    // One who closes standard output, and one who dies with a full spool.
    int closes = enter(p);
    call(closes, "much", "");
    say(closes, &(wf_packet){.kind = WF_PACKET_CLOSED, .code = EPIPE}, -1);
    wf_packet packet = hear(closes);
    while (packet.kind == WF_PACKET_OUT)
        packet = hear(closes);
    assert_int_equal(packet.kind, WF_PACKET_EXIT);
    assert_int_equal(atomic_load(&p->reason), EPIPE);
    assert_int_equal(close(closes), 0);
    int dies = enter(p);
    call(dies, "much", "");
    assert_int_equal(hear(dies).kind, WF_PACKET_OUT);
    assert_int_equal(close(dies), 0);
    for (unsigned i = 0; atomic_load(&p->ends) < 2 && i < 20000; i++)
        nanosleep(&moment, NULL);
    assert_int_equal(atomic_load(&p->ends), 2);
    assert_int_equal(atomic_load(&p->reason), EPIPE);
}

// Whoever takes a packet now and then begins no new wait: all of them are one.
static void waits_for_room_are_added_up(void **state)
{
    (void)state;
    wf_guest *guest = wf_guest_new(-1);
    assert_non_null(guest);
    guest->wake = eventfd(0, EFD_CLOEXEC);
    assert_true(guest->wake >= 0);
    guest->spooled = wf_guest_spool_max;
    guest->waited_ns = wf_guest_waits_ns - 2000000;
    assert_int_equal(wf_guest_say(guest, WF_GUEST_OUT, "x", 1), -1);
    assert_int_equal(errno, ETIMEDOUT);
    assert_true(guest->waited_ns >= wf_guest_waits_ns);
    assert_int_equal(wf_guest_say(guest, WF_GUEST_OUT, "x", 1), -1);
    assert_int_equal(errno, ETIMEDOUT);
    // Room is what ends it, not the wait.
    guest->spooled = 0;
    assert_int_equal(wf_guest_say(guest, WF_GUEST_OUT, "x", 1), 1);
    assert_int_equal(close(guest->wake), 0);
    wf_guest_free(guest);
}

static void an_interrupt_ends_a_verb_or_its_guest(void **state)
{
    static const struct {
        const char *word;
        uint32_t code;
    } rows[] = {{"wait", 7}, {"deaf", 130}};
    place *p = *state;
    struct timespec moment = {.tv_nsec = 1000000};
    for (unsigned i = 0; i < sizeof rows / sizeof *rows; i++) {
        int end = enter(p);
        call(end, rows[i].word, "");
        while (atomic_load(&p->runs) <= i)
            nanosleep(&moment, NULL);
        say(end, &(wf_packet){.kind = WF_PACKET_INTERRUPT}, -1);
        ends_with(end, rows[i].code);
    }
}

int main(void)
{
#define WITH_PLACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        WITH_PLACE(a_verb_runs_and_its_output_comes_before_its_end),
        WITH_PLACE(the_socket_is_for_its_owner_alone),
        WITH_PLACE(a_program_of_another_version_is_told_so),
        WITH_PLACE(who_breaks_the_rules_is_let_go),
        WITH_PLACE(a_file_comes_as_a_descriptor_or_with_the_reason),
        WITH_PLACE(a_file_of_the_city_is_asked_of_nobody),
        WITH_PLACE(a_guest_that_dies_frees_its_verb),
        WITH_PLACE(much_output_comes_whole_and_in_order),
        WITH_PLACE(output_that_nobody_can_have_ends_the_verb),
        cmocka_unit_test(waits_for_room_are_added_up),
        WITH_PLACE(an_interrupt_ends_a_verb_or_its_guest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
