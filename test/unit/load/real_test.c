// The ready mapping files: each parses, and, where the real data is at hand, imports its
// file. The data is never in the repository: $WEFT_SHARED_DATA, else ../shared/data
// beside the sources.
//
// clang-format off
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>
// clang-format on

#include "load/record.h"
#include "support/made_city.h"

typedef struct {
    const char *mapping;
    weft_import_kind kind;
    const char *data;
    uint64_t rows, refused; // rows after cells were split
    const char *code;       // of the first refused row
} real_file;

// Counts of rows are those of each SOURCE.md.
static const real_file files[] = {
    {"sociopatterns-invs15", WEFT_IMPORT_ENCOUNTERS,
     "sociopatterns/workplace_InVS15_tij.dat.gz", 78249, 0, NULL},
    {"sociopatterns-sfhh", WEFT_IMPORT_ENCOUNTERS, "sociopatterns/SFHH_tij.dat.gz", 70261,
     0, NULL},
    {"mers-korea-2015-cases", WEFT_IMPORT_CASES,
     "outbreaks/mers_korea_2015__linelist.csv", 162, 0, NULL},
    {"mers-korea-2015-visits", WEFT_IMPORT_VISITS,
     "outbreaks/mers_korea_2015__linelist.csv", 162, 5, "import.empty"},
    {"mers-korea-2015-links", WEFT_IMPORT_ENCOUNTERS,
     "outbreaks/mers_korea_2015__contacts.csv", 98, 0, NULL},
    {"singapore-2020-cases", WEFT_IMPORT_CASES,
     "clusters_tianjin_singapore/COVID-19_Singapore_data_revised.csv", 93, 0, NULL},
    {"singapore-2020-links", WEFT_IMPORT_ENCOUNTERS,
     "clusters_tianjin_singapore/COVID-19_Singapore_data_revised.csv", 103, 1,
     "import.same_person"}, // case 71 is related to itself
    {"ds4c-korea-routes", WEFT_IMPORT_VISITS, "ds4c_korea/PatientRoute.csv", 8092, 0,
     NULL},
    {"ds4c-korea-places", WEFT_IMPORT_PLACES, "ds4c_korea/PatientRoute.csv", 8092, 0,
     NULL},
    {"ds4c-korea-persons", WEFT_IMPORT_PERSONS, "ds4c_korea/PatientInfo.csv", 4004, 0,
     NULL},
    {"ds4c-korea-cases", WEFT_IMPORT_CASES, "ds4c_korea/PatientInfo.csv", 4004, 0, NULL},
    {"ds4c-korea-links", WEFT_IMPORT_ENCOUNTERS, "ds4c_korea/PatientInfo.csv", 899, 2,
     "import.same_person"},
};

static const char *root(void)
{
    const char *dir = getenv("WEFT_DATA_DIR");
    return dir != NULL ? dir : ".";
}

static wf_path mapping_path(const real_file *file)
{
    wf_path path;
    int size = snprintf(path.text, sizeof path.text, "%s/mappings/%s.yaml", root(),
                        file->mapping);
    assert_true(size > 0 && (size_t)size < sizeof path.text);
    return path;
}

static wf_path data_path(const real_file *file)
{
    wf_path path;
    const char *shared = getenv("WEFT_SHARED_DATA");
    int size =
        snprintf(path.text, sizeof path.text, "%s%s/%s", shared != NULL ? shared : root(),
                 shared != NULL ? "" : "/../shared/data", file->data);
    assert_true(size > 0 && (size_t)size < sizeof path.text);
    return path;
}

static void every_ready_mapping_parses_for_its_kind(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        wf_arena arena = {0};
        wf_text yaml;
        weft_error error = {0};
        const wf_mapping *mapping = NULL;
        wf_load_kinds kinds;
        wf_path path = mapping_path(&files[i]);
        wf_load_kinds_init(&kinds);
        assert_int_equal(wf_io_read_file(&wf_io_posix, path.text, WF_MAPPING_BYTES_MAX,
                                         &arena, &yaml, &error),
                         WEFT_OK);
        if (wf_mapping_parse(yaml, path.text, kinds.kinds, WEFT_IMPORT_KIND_COUNT, &arena,
                             &mapping, &error) != WEFT_OK)
            fail_msg("%s:%u: %s", path.text, (unsigned)error.line, error.code);
        assert_ptr_equal(mapping->kind, &kinds.kinds[files[i].kind]);
        wf_arena_done(&arena);
    }
}

static void import_real(made_city *city, const real_file *file)
{
    size_t size = 0;
    wf_path map = mapping_path(file), data = data_path(file);
    char *bytes = scratch_read(&data, &size);
    assert_non_null(bytes);
    weft_import_options options = {.mapping = map.text, .as_of = WEFT_TIME_NONE};
    for (int again = 0; again < 2; again++) {
        if (made_import_bytes(city, file->kind, (wf_text){bytes, size}, &options) !=
            WEFT_OK)
            fail_msg("%s: %s line %u", file->mapping, city->error.code,
                     (unsigned)city->error.line);
        const weft_import_summary *got = &city->summary;
        if (got->refused != file->refused || (file->rows > 0 && got->rows != file->rows))
            fail_msg("%s: %u rows, %u refused (%s line %u %s)", file->mapping,
                     (unsigned)got->rows, (unsigned)got->refused,
                     city->refused_count > 0 ? city->refused[0].code : "",
                     (unsigned)city->refused[0].line, city->refused[0].field);
        assert_true(got->rows > 0);
        if (file->code != NULL)
            assert_string_equal(city->refused[0].code, file->code);
        if (again == 0 ? got->accepted == 0 : got->accepted > 0)
            fail_msg("%s: %u accepted, %u had", file->mapping, (unsigned)got->accepted,
                     (unsigned)got->had);
    }
    free(bytes);
}

static void real_files_import_and_come_twice_without_effect(void **state)
{
    (void)state;
    wf_path first = data_path(&files[0]);
    if (!wf_io_exists(&wf_io_posix, first.text)) {
        print_message("# SKIPPED, the real data is not here: %s\n", first.text);
        return; // cmocka calls a skipped test "not ok"
    }
    made_city city;
    made_city_new(&city);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        import_real(&city, &files[i]);
    made_city_done(&city);
}

// In the workplace each pair is in one order and each record lasts its slot of 20 s.
static void a_slot_of_a_badge_is_the_20_seconds_before_its_time(void **state)
{
    (void)state;
    made_city city;
    weft_day monday;
    wf_day_state day_state;
    const wf_day *day = NULL;
    wf_meeting_list meetings = {0};
    made_city_new(&city);
    wf_path map = mapping_path(&files[0]);
    weft_import_options options = {.mapping = map.text, .as_of = WEFT_TIME_NONE};
    // 28,840 s after midnight in Paris, at UTC+2, is 14:00:40 here.
    assert_int_equal(made_import_bytes(&city, WEFT_IMPORT_ENCOUNTERS,
                                       WF_TEXT("28840 7 8\n"), &options),
                     WEFT_OK);
    assert_true(wf_day_parse(WF_TEXT("2015-06-22"), &monday));
    assert_int_equal(
        wf_visits_day(city.store.visits, monday, &day_state, &day, &city.error), WEFT_OK);
    wf_person who = {
        wf_ids_find(wf_visits_ids(city.store.visits), WF_ID_PERSON, WF_TEXT("InVS15-7"))};
    assert_int_equal(wf_day_person_meetings(day, who, &meetings), WEFT_OK);
    assert_int_equal(meetings.count, 1);
    assert_int_equal(meetings.rows[0].start, 14 * 3600 + 20);
    assert_int_equal(meetings.rows[0].end, 14 * 3600 + 40);
    wf_meeting_list_done(&meetings);
    made_city_done(&city);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_ready_mapping_parses_for_its_kind),
        cmocka_unit_test(real_files_import_and_come_twice_without_effect),
        cmocka_unit_test(a_slot_of_a_badge_is_the_20_seconds_before_its_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
