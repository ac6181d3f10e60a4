// The mapping files that come with Weft fit the files that they are for: their columns
// are held to the titles that those systems use, where these are at hand
// ($WEFT_SHARED_DATA, else ../shared/data beside the sources; never in the repository).
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include <stdlib.h>

#include "load/record.h"
#include "support/scratch.h"
#include "support/skip.h"

static char *read_below(const char *folder, const char *name)
{
    wf_path path;
    weft_error error = {0};
    size_t size;
    assert_int_equal(wf_path_join(folder, name, &path, &error), WEFT_OK);
    if (access(path.text, R_OK) != 0)
        return NULL;
    char *bytes = scratch_read(&path, &size);
    bytes = realloc(bytes, size + 1);
    assert_non_null(bytes);
    bytes[size] = '\0';
    return bytes;
}

// The titles of one file out of HEADERS.tsv: name, …, count, titles parted by |.
static size_t titles_of(char *headers, const char *file, wf_text *ret)
{
    for (char *line; (line = strsep(&headers, "\n")) != NULL;) {
        size_t count = 0;
        char *last = strrchr(line, '\t');
        if (strncmp(line, file, strlen(file)) != 0 || last == NULL)
            continue;
        last++;
        for (char *title;
             (title = strsep(&last, "|")) != NULL && count < WF_CSV_FIELDS_MAX;)
            ret[count++] = wf_text_of(title);
        return count;
    }
    fail_msg("%s has no titles", file);
    return 0;
}

static const struct {
    const char *profile, *folder, *file;
} profiles[] = {
    {"mappings/godata-cases.yaml", "interop_godata", "cases_clean.csv"},
    {"mappings/godata-persons.yaml", "interop_godata", "cases_clean.csv"},
    {"mappings/godata-persons.yaml", "interop_godata", "contacts_clean.csv"},
    {"mappings/godata-encounters.yaml", "interop_godata", "relationships_clean.csv"},
    {"mappings/godata-contacts.yaml", "interop_godata", "relationships_clean.csv"},
    {"mappings/godata-followups.yaml", "interop_godata", "followups_clean.csv"},
    {"mappings/godata-results.yaml", "interop_godata", "lab_results_clean.csv"},
    {"mappings/sormas-contacts.yaml", "interop_sormas",
     "e2e_sormas_contacts_sordev_10361.csv"},
    {"mappings/sormas-followups.yaml", "interop_sormas",
     "e2e_sormas_contacts_sordev_10361.csv"},
    {"mappings/sormas-results.yaml", "interop_sormas",
     "e2e_sormas_cases_sordev_10361.csv"},
    {"mappings/sormas-second-results.yaml", "interop_sormas",
     "e2e_sormas_cases_sordev_10361.csv"},
    {"mappings/sormas-third-results.yaml", "interop_sormas",
     "e2e_sormas_cases_sordev_10361.csv"},
    {"mappings/sormas-template-contacts.yaml", "interop_sormas",
     "e2e_TestContact_ImportPrio_template.csv"},
    {"mappings/sormas-template-persons.yaml", "interop_sormas",
     "e2e_TestContact_ImportPrio_template.csv"},
    {"mappings/sormas-detailed-cases.yaml", "interop_sormas",
     "e2e_sormas_cases_sordev_10361.csv"},
    {"mappings/sormas-detailed-persons.yaml", "interop_sormas",
     "e2e_sormas_cases_sordev_10361.csv"},
    {"mappings/sormas-detailed-persons.yaml", "interop_sormas",
     "e2e_sormas_contacts_sordev_10361.csv"},
    {"mappings/sormas-einreise-persons.yaml", "interop_sormas",
     "e2e_Importvorlage_Einreise_22.04.01.csv"},
    {"mappings/sormas-cases.yaml", "interop_sormas",
     "sormas_import_test_line_listing.csv"},
    {"mappings/sormas-persons.yaml", "interop_sormas",
     "sormas_import_test_line_listing.csv"},
};

static void profiles_fit_the_titles_of_their_systems(void **state)
{
    (void)state;
    const char *data = getenv("WEFT_DATA_DIR"), *shared = getenv("WEFT_SHARED_DATA");
    wf_path beside;
    weft_error error = {0};
    wf_zone *zone = NULL;
    wf_load_kinds kinds;
    assert_non_null(data);
    assert_int_equal(wf_path_join(data, "../shared/data", &beside, &error), WEFT_OK);
    shared = shared != NULL ? shared : beside.text;
    if (access(shared, R_OK) != 0)
        TEST_SKIP("no titles of other systems here (WEFT_SHARED_DATA)");
    assert_int_equal(wf_zone_open("Asia/Shanghai", &zone, &error), WEFT_OK);
    wf_load_kinds_init(&kinds);
    for (size_t i = 0; i < sizeof profiles / sizeof *profiles; i++) {
        wf_text titles[WF_CSV_FIELDS_MAX];
        wf_path folder;
        wf_arena arena;
        const wf_mapping *mapping = NULL;
        wf_binding binding;
        wf_arena_init(&arena, 16 << 20);
        assert_int_equal(wf_path_join(shared, profiles[i].folder, &folder, &error),
                         WEFT_OK);
        char *yaml = read_below(data, profiles[i].profile);
        char *headers = read_below(folder.text, "HEADERS.tsv");
        assert_non_null(yaml);
        assert_non_null(headers);
        size_t count = titles_of(headers, profiles[i].file, titles);
        if (wf_mapping_parse(wf_text_of(yaml), profiles[i].profile, kinds.kinds,
                             WF_LOAD_TABLES, &arena, &mapping, &error) != WEFT_OK ||
            wf_mapping_bind(mapping, mapping->kind, zone, titles, count, &binding,
                            &error) != WEFT_OK)
            fail_msg("%s: %s %s", profiles[i].profile, error.code, error.params[0].value);
        // What is only written are titles of the system as well.
        for (size_t also = 0; also < mapping->also_count; also++) {
            size_t at = 0;
            while (at < count && !wf_text_equal(titles[at], mapping->also[also].from))
                at++;
            assert_true(at < count);
        }
        wf_arena_done(&arena);
        free(yaml);
        free(headers);
    }
    wf_zone_close(zone);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(profiles_fit_the_titles_of_their_systems)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
