// What the service manager is told.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <sys/socket.h>
#include <sys/un.h>

#include "serve/process/notify.h"
#include "support/scratch.h"

static int listen_at(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int end = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    assert_true(end >= 0 && strlen(path) < sizeof address.sun_path);
    memcpy(address.sun_path, path, strlen(path));
    assert_int_equal(bind(end, (struct sockaddr *)&address, sizeof address), 0);
    return end;
}

static void a_manager_hears_what_is_said(void **state)
{
    char heard[32] = "";
    wf_path folder;
    (void)state;
    scratch_new(&folder);
    wf_path path = scratch_path(&folder, "notify");
    int end = listen_at(path.text);
    assert_int_equal(setenv("NOTIFY_SOCKET", path.text, 1), 0);
    int manager = wf_notify_open();
    assert_true(manager >= 0);
    wf_notify_say(manager, "READY=1");
    assert_int_equal(recv(end, heard, sizeof heard, 0), 7);
    assert_string_equal(heard, "READY=1");
    assert_int_equal(close(manager), 0);
    assert_int_equal(close(end), 0);
    scratch_remove(folder.text);
}

static void without_one_nothing_is_said(void **state)
{
    static const char *const paths[] = {"", "x", "relative", "/there/is/none"};
    (void)state;
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++) {
        assert_int_equal(setenv("NOTIFY_SOCKET", paths[i], 1), 0);
        assert_int_equal(wf_notify_open(), -1);
    }
    assert_int_equal(unsetenv("NOTIFY_SOCKET"), 0);
    assert_int_equal(wf_notify_open(), -1);
    wf_notify_say(-1, "READY=1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_manager_hears_what_is_said),
        cmocka_unit_test(without_one_nothing_is_said),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
