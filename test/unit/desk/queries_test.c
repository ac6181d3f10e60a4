// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "desk/kinds.h"
#include "desk/queries.h"

typedef const wf_sql_text *(*give)(size_t *ret_count);

static void check_read(give files, bool are_holes)
{
    size_t count;
    const wf_sql_text *texts = files(&count);
    for (size_t i = 0; i < count; i++) {
        wf_arena arena = {0};
        wf_sql_file file;
        char why[WF_SQL_WHY_MAX] = "";
        if (!wf_sql_file_read(&texts[i], wf_desk_kinds(), &arena, &file, why))
            fail_msg("%s", why);
        assert_int_equal(file.closes_zh != NULL, are_holes);
        wf_arena_done(&arena);
    }
}

static void every_view_and_hole_is_sound(void **state)
{
    (void)state;
    check_read(wf_desk_views, false);
    check_read(wf_desk_readable, false);
    check_read(wf_desk_holes, true);
}

static const char *read_file(const char *path)
{
    FILE *file = fopen(path, "rb");
    static char text[64 * 1024];
    assert_non_null(file);
    size_t size = fread(text, 1, sizeof text, file);
    assert_true(size < sizeof text);
    text[size] = '\0';
    fclose(file);
    return text;
}

// "…/src/desk/testing/views/tubes.sql" has come as "testing/tubes", byte by byte.
static void check_listed(const char *path, const char *desks, const char *folder,
                         const wf_sql_text *texts, size_t count)
{
    char name[128];
    const char *desk = path + strlen(desks), *slash = strchr(desk, '/');
    const char *stem = strrchr(path, '/') + 1;
    assert_memory_equal(slash + 1, folder, strlen(folder));
    snprintf(name, sizeof name, "%.*s/%.*s", (int)(slash - desk), desk,
             (int)(strlen(stem) - strlen(".sql")), stem);
    for (size_t i = 0; i < count; i++)
        if (strcmp(texts[i].name, name) == 0) {
            assert_string_equal(texts[i].text, read_file(path));
            return;
        }
    fail_msg("%s is not in the list of src/desk/meson.build", path);
}

// What is shared stands before the views, and views are all that follow.
static const wf_sql_text *shared(size_t *ret_count)
{
    size_t views, all;
    (void)wf_desk_views(&views);
    const wf_sql_text *texts = wf_desk_readable(&all);
    *ret_count = all - views;
    return texts;
}

static void check_folder(const char *folder, give files)
{
    const char *top = getenv("WEFT_DATA_DIR");
    char desks[512], pattern[1024];
    size_t count;
    glob_t found;
    const wf_sql_text *texts = files(&count);
    assert_non_null(top);
    snprintf(desks, sizeof desks, "%s/src/desk/", top);
    snprintf(pattern, sizeof pattern, "%s*/%s/*.sql", desks, folder);
    int result = glob(pattern, 0, NULL, &found);
    assert_int_equal(result, count == 0 ? GLOB_NOMATCH : 0);
    assert_int_equal(result == 0 ? found.gl_pathc : 0, count);
    for (size_t i = 0; i < count; i++)
        check_listed(found.gl_pathv[i], desks, folder, texts, count);
    globfree(&found);
}

static void every_file_of_the_desks_is_part_of_the_program(void **state)
{
    (void)state;
    check_folder("views", wf_desk_views);
    check_folder("holes", wf_desk_holes);
    check_folder("shared", shared);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_and_hole_is_sound),
        cmocka_unit_test(every_file_of_the_desks_is_part_of_the_program),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
