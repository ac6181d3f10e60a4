// The doctor on machines that no one should have, and in cities that need care.
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <string.h>

#include "access/change/outlines.h"
#include "access/doctor/doctor.h"
#include "model/catalogue.h"
#include "support/fake_system.h"
#include "support/scratch.h"
#include "weft/care.h"
#include "weft/facts.h"

typedef struct {
    wf_path folder, keys, dir;
    weft_key_options options;
} fixture;

static void ok(weft_status status, const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

static void make(fixture *f, weft_city_kind kind)
{
    weft_error error = {0};
    scratch_new(&f->folder);
    scratch_new(&f->keys);
    f->dir = scratch_path(&f->folder, "city");
    f->options = (weft_key_options){.key_dir = f->keys.text};
    weft_init_options options = {
        .kind = kind,
        .clock = kind == WEFT_CITY_DRILL ? "2021-12-12T06:00+08:00" : NULL,
        .keys = f->options};
    ok(weft_city_init(f->dir.text, &options, &error), &error);
}

static void done(fixture *f)
{
    scratch_remove(f->folder.text);
    scratch_remove(f->keys.text);
}

// ---- what was said ----

enum { checks_max = 24 };

typedef struct {
    weft_check checks[checks_max];
    size_t count;
} said;

// Every sentence is in the catalogue, in both languages, and says what to do.
static void read_well(const weft_check *check)
{
    for (int language = WF_LANGUAGE_ZH; language <= WF_LANGUAGE_EN; language++) {
        wf_buffer message = {0}, hint = {0};
        assert_true(wf_catalogue_has(check->what.code));
        assert_true(wf_error_part_text(&check->what, WF_PART_MESSAGE,
                                       (wf_language)language, &message));
        assert_true(
            wf_error_part_text(&check->what, WF_PART_HINT, (wf_language)language, &hint));
        assert_true(message.size > 0);
        assert_true(check->level == WEFT_CHECK_OK || hint.size > 0);
        assert_true(wf_buffer_append(&message, "", 1));
        assert_null(strchr(message.bytes, '{'));
        wf_buffer_done(&message);
        wf_buffer_done(&hint);
    }
}

static void keep(void *context, const weft_check *check)
{
    said *all = context;
    assert_true(all->count < checks_max);
    for (size_t i = 0; i < all->count; i++)
        assert_string_not_equal(all->checks[i].name, check->name);
    read_well(check);
    all->checks[all->count++] = *check;
}

static said examine(const fixture *f, fake_system *fake, weft_time now)
{
    said all = {0};
    weft_error error = {0};
    wf_system system = fake_system_table(fake);
    wf_doctor doctor = {.system = &system,
                        .dir = f->dir.text,
                        .keys = f->options,
                        .now = now,
                        .each = keep,
                        .context = &all};
    weft_status status = wf_doctor_run(&doctor, &error);
    bool bad = false;
    for (size_t i = 0; i < all.count; i++)
        bad = bad || all.checks[i].level == WEFT_CHECK_BAD;
    assert_int_equal(status, bad ? WEFT_FOUND_WRONG : WEFT_OK);
    return all;
}

static const weft_check *check_of(const said *all, const char *name)
{
    for (size_t i = 0; i < all->count; i++)
        if (strcmp(all->checks[i].name, name) == 0)
            return &all->checks[i];
    fail_msg("nothing was said of %s", name);
    return NULL;
}

static void check_is(const said *all, const char *name, weft_check_level level,
                     const char *code)
{
    const weft_check *check = check_of(all, name);
    if (check->level != level || strcmp(check->what.code, code) != 0)
        fail_msg("%s: %d %s, not %d %s", name, check->level, check->what.code, level,
                 code);
}

static const weft_time some_day = {INT64_C(1639260000000000)}; // 12 December 2021

// ---- the machine ----

static void a_sound_machine_and_a_new_city_are_well(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_REAL);
    fake_system fake = fake_system_sound();
    said all = examine(&f, &fake, some_day);
    for (size_t i = 0; i < all.count; i++)
        assert_int_equal(all.checks[i].level, WEFT_CHECK_OK);
    assert_true(all.count >= 15);
    done(&f);
}

static void a_machine_that_is_not_sound_is_told_what_is_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *path, *text, *check;
        weft_check_level level;
        const char *code;
    } rows[] = {
        {"/proc/swaps", "/dev/sda2 partition 1 0 -2\n", "swap", WEFT_CHECK_BAD,
         "doctor.swap_open"},
        {"/proc/swaps", NULL, "swap", WEFT_CHECK_LOOK, "doctor.unknown"},
        {"/proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda rw,nobarrier\n",
         "mount", WEFT_CHECK_BAD, "doctor.mount_unsafe"},
        {"/proc/self/mountinfo", "26 1 8:1 / / rw - ext4 /dev/sda rw,barrier=0\n",
         "mount", WEFT_CHECK_BAD, "doctor.mount_unsafe"},
        {"/proc/self/mountinfo", "26 1 0:1 / / rw - tmpfs none rw\n", "mount",
         WEFT_CHECK_BAD, "doctor.mount_memory"},
        {"/proc/self/mountinfo", "26 1 0:1 / / rw - nfs4 host:/x rw\n", "mount",
         WEFT_CHECK_LOOK, "doctor.mount_remote"},
        {"/proc/self/mountinfo", "26 1 0:1 / / rw - fuse.sshfs host:/x rw\n", "mount",
         WEFT_CHECK_LOOK, "doctor.mount_remote"},
        {"/proc/self/mountinfo", "", "mount", WEFT_CHECK_LOOK, "doctor.unknown"},
        {"/proc/self/limits", "Max locked memory  65536  65536  bytes\n", "locked_memory",
         WEFT_CHECK_LOOK, "doctor.locked"},
        {"/proc/self/limits", "Max locked memory  unlimited  unlimited  bytes\n",
         "locked_memory", WEFT_CHECK_OK, "doctor.locked_unlimited"},
        {"/proc/self/limits", NULL, "core_dumps", WEFT_CHECK_LOOK, "doctor.unknown"},
        {"/proc/sys/kernel/core_pattern", "|/bin/keep %p\n", "core_dumps",
         WEFT_CHECK_LOOK, "doctor.cores_program"},
        {"/usr/share/zoneinfo/tzdata.zi", NULL, "time_zone", WEFT_CHECK_OK,
         "doctor.zone"},
    };
    fixture f;
    make(&f, WEFT_CITY_REAL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_system fake = fake_system_sound();
        fake_system_say(&fake, rows[i].path, rows[i].text);
        said all = examine(&f, &fake, some_day);
        check_is(&all, rows[i].check, rows[i].level, rows[i].code);
    }
    done(&f);
}

static void a_disk_that_fills_up_is_said_in_time(void **state)
{
    (void)state;
    static const struct {
        wf_space space;
        weft_check_level disk, inodes;
    } rows[] = {
        {{UINT64_C(400) << 30, UINT64_C(500) << 30, 900, 1000000}, 0, WEFT_CHECK_BAD},
        {{UINT64_C(400) << 30, UINT64_C(500) << 30, 20000, 1000000}, 0, WEFT_CHECK_LOOK},
        {{UINT64_C(400) << 30, UINT64_C(500) << 30, 0, 0}, 0, WEFT_CHECK_OK},
        {{UINT64_C(9) << 30, UINT64_C(500) << 30, 1, 1}, WEFT_CHECK_LOOK, WEFT_CHECK_BAD},
        {{UINT64_C(900) << 20, UINT64_C(2) << 30, 0, 0}, WEFT_CHECK_BAD, WEFT_CHECK_OK},
        {{0, UINT64_C(2) << 30, 0, 0}, WEFT_CHECK_BAD, WEFT_CHECK_OK},
    };
    fixture f;
    make(&f, WEFT_CITY_REAL);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        fake_system fake = fake_system_sound();
        fake.space = rows[i].space;
        said all = examine(&f, &fake, some_day);
        assert_int_equal(check_of(&all, "disk")->level, rows[i].disk);
        assert_int_equal(check_of(&all, "inodes")->level, rows[i].inodes);
    }
    fake_system fake = fake_system_sound();
    fake.no_space = true;
    said all = examine(&f, &fake, some_day);
    check_is(&all, "disk", WEFT_CHECK_LOOK, "doctor.unknown");
    done(&f);
}

static void what_others_can_read_is_said(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_REAL);
    fake_system fake = fake_system_sound();
    fake.mode = 0755;
    said all = examine(&f, &fake, some_day);
    check_is(&all, "folder", WEFT_CHECK_LOOK, "doctor.modes_open");
    check_is(&all, "key_folder", WEFT_CHECK_BAD, "doctor.modes_open");
    fake = fake_system_sound();
    fake.user = 0;
    all = examine(&f, &fake, some_day);
    check_is(&all, "folder", WEFT_CHECK_LOOK, "doctor.owner");
    done(&f);
}

// ---- the clock ----

static void fact(const fixture *f, const char *tube, int64_t seq)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_fact_reply reply;
    char field[64];
    const char *fields[] = {field, "count=10"};
    weft_fact_options options = {.device = "S-03-2", .seq = seq, .at = WEFT_TIME_NONE};
    assert_true(snprintf(field, sizeof field, "tube=%s", tube) > 0);
    ok(weft_city_open(f->dir.text, &f->options, &city, &error), &error);
    ok(weft_fact_send(city, "tube.sealed", fields, 2, &options, &reply, &error), &error);
    weft_city_close(city);
}

static void a_clock_that_was_set_back_or_runs_alone_is_said(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_REAL);
    fake_system fake = fake_system_sound();
    fake.synchronised = false;
    said all = examine(&f, &fake, some_day);
    check_is(&all, "clock", WEFT_CHECK_LOOK, "doctor.clock_alone");
    fake.no_clock = true;
    all = examine(&f, &fake, some_day);
    check_is(&all, "clock", WEFT_CHECK_LOOK, "doctor.unknown");
    fact(&f, "T1", 1); // received by this machine's clock, long after that day
    all = examine(&f, &fake, some_day);
    check_is(&all, "clock", WEFT_CHECK_BAD, "doctor.clock_behind");
    done(&f);
}

// ---- the city ----

static void a_drill_says_its_own_clock(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_DRILL);
    fake_system fake = fake_system_sound();
    fake.synchronised = false;
    said all = examine(&f, &fake, some_day);
    check_is(&all, "clock", WEFT_CHECK_OK, "doctor.clock_drill");
    done(&f);
}

static void facts_that_have_not_come_are_counted(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_DRILL);
    fake_system fake = fake_system_sound();
    fact(&f, "T1", 1);
    said all = examine(&f, &fake, some_day);
    check_is(&all, "gaps", WEFT_CHECK_OK, "doctor.gaps_none");
    fact(&f, "T2", 9);
    all = examine(&f, &fake, some_day);
    check_is(&all, "gaps", WEFT_CHECK_LOOK, "doctor.gaps");
    assert_string_equal(check_of(&all, "gaps")->what.params[0].value, "1");
    assert_string_equal(check_of(&all, "gaps")->what.params[1].value, "7");
    done(&f);
}

static void outlines_that_are_damaged_are_said(void **state)
{
    (void)state;
    fixture f;
    make(&f, WEFT_CITY_DRILL);
    fake_system fake = fake_system_sound();
    said all = examine(&f, &fake, some_day);
    check_is(&all, "outlines", WEFT_CHECK_OK, "doctor.outlines_none");
    wf_path path = scratch_path(&f.dir, WF_OUTLINES_NAME);
    scratch_write(&path, "{\"digest\":\"\",\n", 14);
    all = examine(&f, &fake, some_day);
    check_is(&all, "outlines", WEFT_CHECK_BAD, "outlines.damaged");
    done(&f);
}

static void set_clock(const fixture *f, const char *text)
{
    wf_path path = scratch_path(&f->dir, "clock");
    scratch_write(&path, text, strlen(text));
}

static bool growth_of(const fixture *f, uint64_t *ret)
{
    weft_error error = {0};
    wf_doctor doctor = {.system = &wf_system_machine, .dir = f->dir.text};
    ok(weft_city_open(f->dir.text, &f->options, &doctor.city, &error), &error);
    bool known = wf_doctor_growth(&doctor, ret);
    weft_city_close(doctor.city);
    return known;
}

static void growth_is_known_after_a_day(void **state)
{
    (void)state;
    fixture f;
    uint64_t slow = 0, fast = 0;
    make(&f, WEFT_CITY_DRILL);
    assert_false(growth_of(&f, &slow));
    fact(&f, "T1", 1);
    assert_false(growth_of(&f, &slow));
    // One fact a day for twelve days, of which seven are looked at.
    for (int64_t day = 13; day < 25; day++) {
        char text[40];
        assert_true(snprintf(text, sizeof text, "2021-12-%dT06:00:00+08:00\n", (int)day) >
                    0);
        set_clock(&f, text);
        fact(&f, "T1", day);
    }
    assert_true(growth_of(&f, &slow));
    for (int64_t seq = 100; seq < 110; seq++)
        fact(&f, "T1", seq);
    assert_true(growth_of(&f, &fast));
    assert_true(slow > 0 && fast > slow && fast < 10 << 20);
    done(&f);
}

static void what_is_due_is_said_until_it_is_purged(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_city *city = NULL;
    weft_purge_summary summary;
    make(&f, WEFT_CITY_DRILL);
    fake_system fake = fake_system_sound();
    fact(&f, "T1", 1);
    said all = examine(&f, &fake, some_day);
    check_is(&all, "keys", WEFT_CHECK_OK, "doctor.keys");
    check_is(&all, "forgetting", WEFT_CHECK_OK, "doctor.due_none");
    set_clock(&f, "2041-12-12T06:00:00+08:00\n");
    all = examine(&f, &fake, some_day);
    check_is(&all, "forgetting", WEFT_CHECK_BAD, "doctor.due");
    ok(weft_city_open(f.dir.text, &f.options, &city, &error), &error);
    ok(weft_purge(city, NULL, &summary, &error), &error);
    weft_city_close(city);
    all = examine(&f, &fake, some_day);
    check_is(&all, "forgetting", WEFT_CHECK_OK, "doctor.due_none");
    done(&f);
}

static void a_city_that_does_not_open_is_one_check_of_many(void **state)
{
    (void)state;
    fixture f;
    weft_error error = {0};
    weft_city *city = NULL;
    make(&f, WEFT_CITY_DRILL);
    fake_system fake = fake_system_sound();
    ok(weft_city_open(f.dir.text, &f.options, &city, &error), &error);
    said all = examine(&f, &fake, some_day);
    check_is(&all, "city", WEFT_CHECK_LOOK, "city.busy");
    check_is(&all, "disk", WEFT_CHECK_OK, "doctor.disk");
    weft_city_close(city);
    fixture other = f;
    other.options.key_dir = f.folder.text; // no key is there
    all = examine(&other, &fake, some_day);
    assert_int_equal(check_of(&all, "city")->level, WEFT_CHECK_BAD);
    check_is(&all, "swap", WEFT_CHECK_OK, "doctor.swap_none");
    done(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_machine_and_a_new_city_are_well),
        cmocka_unit_test(a_machine_that_is_not_sound_is_told_what_is_wrong),
        cmocka_unit_test(a_disk_that_fills_up_is_said_in_time),
        cmocka_unit_test(what_others_can_read_is_said),
        cmocka_unit_test(a_clock_that_was_set_back_or_runs_alone_is_said),
        cmocka_unit_test(a_drill_says_its_own_clock),
        cmocka_unit_test(facts_that_have_not_come_are_counted),
        cmocka_unit_test(outlines_that_are_damaged_are_said),
        cmocka_unit_test(growth_is_known_after_a_day),
        cmocka_unit_test(what_is_due_is_said_until_it_is_purged),
        cmocka_unit_test(a_city_that_does_not_open_is_one_check_of_many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
