// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <unistd.h>

#include "base/io.h"
#include "support/scratch.h"

// A machine on which everything is the next user's.
static int look_at_others(const wf_io *io, const char *path, bool follow,
                          struct stat *ret)
{
    (void)io;
    if ((follow ? stat : lstat)(path, ret) != 0)
        return -1;
    ret->st_uid = geteuid() + 1;
    return 0;
}

static void a_folder_is_its_owners_also_where_root_asks(void **state)
{
    (void)state;
    weft_error error = {0};
    wf_path dir;
    scratch_new(&dir);
    wf_path none = scratch_path(&dir, "none");
    wf_io others = wf_io_posix;
    others.look = look_at_others;
    assert_int_equal(wf_io_own(&wf_io_posix, dir.text, &error), WEFT_OK);
    assert_int_equal(wf_io_own(&others, dir.text, &error), WEFT_NOT_ALLOWED);
    assert_string_equal(error.code, "io.owner");
    assert_int_equal(wf_io_own(&others, none.text, &error), WEFT_NOT_FOUND);
    scratch_remove(dir.text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_is_its_owners_also_where_root_asks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
