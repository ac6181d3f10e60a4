// What is read from /proc and /sys, from texts of machines of many kinds.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "support/fake_system.h"

#define SWAP_HEAD "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"

static void swap_is_counted_by_whether_it_is_encrypted(void **state)
{
    (void)state;
    static const struct {
        const char *swaps;
        unsigned on_disk, encrypted;
    } rows[] = {
        {SWAP_HEAD, 0, 0},
        {"", 0, 0},
        {SWAP_HEAD "/dev/sda2  partition 8388604 0 -2\n", 1, 0},
        {SWAP_HEAD "/swap\\040file  file 8388604 0 -2\n", 1, 0},
        {SWAP_HEAD "/dev/dm-1 partition 8388604 0 -2\n", 1, 1},
        {SWAP_HEAD "/dev/dm-2 partition 8388604 0 -2\n", 1, 0}, // LVM
        {SWAP_HEAD "/dev/zram0 partition 8388604 0 100\n", 0, 0},
        {SWAP_HEAD "/dev/dm-1 partition 8388604 0 -2\n/dev/sda2 partition 1 0 -3", 2, 1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_system fake = fake_system_sound();
        wf_system system = fake_system_table(&fake);
        wf_swap swap;
        fake_system_say(&fake, "/proc/swaps", rows[i].swaps);
        fake_system_say(&fake, "/sys/class/block/dm-1/dm/uuid", "CRYPT-PLAIN-swap\n");
        fake_system_say(&fake, "/sys/class/block/dm-2/dm/uuid", "LVM-xyz\n");
        assert_true(wf_system_swap(&system, &swap));
        assert_int_equal(swap.on_disk, rows[i].on_disk);
        assert_int_equal(swap.encrypted, rows[i].encrypted);
    }
}

static void limits_are_found_by_their_whole_name(void **state)
{
    (void)state;
    fake_system fake = fake_system_sound();
    wf_system system = fake_system_table(&fake);
    uint64_t limit = 7;
    assert_true(wf_system_limit(&system, "Max locked memory", &limit));
    assert_int_equal(limit, 8388608);
    assert_false(wf_system_limit(&system, "Max locked", &limit));
    assert_false(wf_system_limit(&system, "Max open files", &limit));
    fake_system_say(&fake, "/proc/self/limits",
                    "Max locked memory         unlimited            unlimited   bytes");
    assert_true(wf_system_limit(&system, "Max locked memory", &limit));
    assert_true(limit == UINT64_MAX);
    fake_system_say(&fake, "/proc/self/limits", "Max locked memory   many   8   bytes");
    assert_false(wf_system_limit(&system, "Max locked memory", &limit));
    fake_system_say(&fake, "/proc/self/limits", NULL);
    assert_false(wf_system_limit(&system, "Max locked memory", &limit));
}

static void a_program_gets_cores_whatever_the_limit(void **state)
{
    (void)state;
    static const struct {
        const char *limits, *pattern;
        wf_cores cores;
    } rows[] = {
        {FAKE_LIMITS, "core\n", WF_CORES_NONE},
        {FAKE_LIMITS, "|/usr/lib/systemd/systemd-coredump %P\n", WF_CORES_PROGRAM},
        {"Max core file size  unlimited  unlimited  bytes\n", "core\n", WF_CORES_FILE},
        {"Max core file size  1000  unlimited  bytes\n", "core\n", WF_CORES_FILE},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_system fake = fake_system_sound();
        wf_system system = fake_system_table(&fake);
        wf_cores cores;
        fake_system_say(&fake, "/proc/self/limits", rows[i].limits);
        fake_system_say(&fake, "/proc/sys/kernel/core_pattern", rows[i].pattern);
        assert_true(wf_system_cores(&system, &cores));
        assert_int_equal(cores, rows[i].cores);
    }
}

static void a_path_lies_on_the_innermost_mount(void **state)
{
    (void)state;
    static const char mounts[] =
        "26 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard\n"
        "30 26 254:1 / /srv rw,noatime master:1 - xfs /dev/vdb rw,nobarrier\n"
        "31 30 0:44 / /srv/my\\040city rw - tmpfs none rw,size=1g\n"
        "32 30 0:45 / /srv/twice rw - tmpfs none rw\n"
        "33 30 0:46 / /srv/twice ro - nfs4 host:/x rw,vers=4\n"
        "34 30 broken\n";
    static const struct {
        const char *path, *type, *has, *has_not;
    } rows[] = {
        {"/var/city", "ext4", "relatime", "nobarrier"},
        {"/", "ext4", "discard", "disc"},
        {"/srv", "xfs", "nobarrier", "barrier"},
        {"/srv/city", "xfs", "noatime", "size=1g"},
        {"/srvant", "ext4", "rw", "noatime"},
        {"/srv/my city/x", "tmpfs", "size=1g", "nobarrier"},
        {"/srv/twice/x", "nfs4", "vers=4", "nobarrier"},
    };
    fake_system fake = fake_system_sound();
    wf_system system = fake_system_table(&fake);
    fake_system_say(&fake, "/proc/self/mountinfo", mounts);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        wf_mount mount;
        assert_true(wf_system_mount(&system, rows[i].path, &mount));
        assert_string_equal(mount.type, rows[i].type);
        assert_true(wf_mount_has(&mount, rows[i].has));
        assert_false(wf_mount_has(&mount, rows[i].has_not));
    }
}

static void this_machine_answers(void **state)
{
    (void)state;
    const wf_system *machine = &wf_system_machine;
    wf_mount mount;
    wf_space space;
    wf_file_about about;
    uint64_t limit;
    char text[4];
    size_t size;
    assert_true(wf_system_mount(machine, "/", &mount));
    assert_true(mount.type[0] != '\0');
    assert_true(machine->space(machine, "/", &space));
    assert_true(space.bytes_free <= space.bytes_all);
    assert_true(machine->look(machine, "/", &about));
    assert_false(machine->look(machine, "/no such file", &about));
    assert_true(wf_system_limit(machine, "Max open files", &limit));
    // A file that does not fit is not half of one.
    assert_false(machine->read(machine, "/proc/self/limits", text, sizeof text, &size));
    assert_false(machine->read(machine, "/no such file", text, sizeof text, &size));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(swap_is_counted_by_whether_it_is_encrypted),
        cmocka_unit_test(limits_are_found_by_their_whole_name),
        cmocka_unit_test(a_program_gets_cores_whatever_the_limit),
        cmocka_unit_test(a_path_lies_on_the_innermost_mount),
        cmocka_unit_test(this_machine_answers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
