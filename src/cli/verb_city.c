// weft city: a synthetic city, as CSV files or as a drill city.
#include <string.h>

#include "base/io.h"
#include "base/parallel.h"
#include "city/make.h"
#include "cli/cli.h"

static const wf_option options[] = {
    {"people", WF_OPTION_TEXT, "N", "人数（默认 100000）", "people (default 100000)"},
    {"days", WF_OPTION_TEXT, "N", "天数（默认 14）", "days (default 14)"},
    {"seed", WF_OPTION_TEXT, "S", "种子（默认 1）：同一种子得到同样的城市",
     "seed (default 1): the same seed gives the same city"},
    {"start", WF_OPTION_TEXT, "DATE", "第一天（默认 2021-11-28）",
     "the first day (default 2021-11-28)"},
    {"grid", WF_OPTION_TEXT, "FILE", "网格 CSV：code,name（默认虚构编码）",
     "grid codes, a CSV code,name (default: invented ones)"},
    {"out", WF_OPTION_TEXT, "CSVDIR", "写成 CSV 文件；不给 DIR 则不建城市",
     "write CSV files; without DIR no city is made"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

enum { grid_bytes_max = 16 << 20 };

static weft_status read_start(const wf_cli *cli, weft_day *ret, weft_error *error)
{
    const char *text = wf_cli_option(cli, "start");
    weft_day low, high;
    bool made = wf_day_from_date(1900, 1, 1, &low) && wf_day_from_date(2200, 1, 1, &high);
    WF_ASSERT(made);
    weft_day day;
    if (!wf_day_parse(wf_text_of(text != NULL ? text : "2021-11-28"), &day) ||
        day.number < low.number || day.number > high.number)
        return wf_fail(error, WEFT_BAD_USAGE, "city.start", "start", text, NULL);
    *ret = day;
    return WEFT_OK;
}

// The grid file stays in the arena as long as the town reads it.
static weft_status read_options(const wf_cli *cli, wf_arena *arena, wf_town_options *ret,
                                weft_error *error)
{
    uint64_t people = 100000;
    uint64_t days = 14;
    uint64_t seed = 1;
    WF_TRY(wf_cli_number(cli, "people", WF_TOWN_PEOPLE_MIN, WF_TOWN_PEOPLE_MAX, &people,
                         error));
    WF_TRY(wf_cli_number(cli, "days", 1, WF_TOWN_DAYS_MAX, &days, error));
    WF_TRY(wf_cli_number(cli, "seed", 0, INT64_MAX, &seed, error));
    wf_town_options town = {
        .people = (uint32_t)people, .days = (uint32_t)days, .seed = seed};
    WF_TRY(read_start(cli, &town.start, error));
    town.grid_file = wf_cli_option(cli, "grid");
    if (town.grid_file != NULL)
        WF_TRY(wf_io_read_file(&wf_io_posix, town.grid_file, grid_bytes_max, arena,
                               &town.grid_csv, error));
    *ret = town;
    return WEFT_OK;
}

static bool tell(void *context, wf_table table, uint64_t rows)
{
    wf_cli *cli = context;
    fprintf(cli->messages, "\r%-16s %12llu", wf_table_file(table),
            (unsigned long long)rows);
    fflush(cli->messages);
    return true;
}

// {"persons":100000,…}; also NULL, which the caller's end reports.
static json_t *rows_object(const wf_city_files_summary *summary, int tables)
{
    json_t *object = json_object();
    for (int i = 0; i < tables && object != NULL; i++) {
        const char *file = wf_table_file((wf_table)i);
        size_t size = strcspn(file, ".");
        json_t *rows = json_integer((json_int_t)summary->rows[i]);
        if (json_object_setn_new(object, file, size, rows) != 0) {
            json_decref(object);
            object = NULL;
        }
    }
    return object;
}

static void print_summary(wf_cli *cli, const char *where,
                          const wf_city_files_summary *summary, int tables)
{
    if (cli->json) {
        wf_cli_json(cli, rows_object(summary, tables));
        return;
    }
    wf_cli_print(cli, "%s\n", where);
    for (int i = 0; i < tables; i++) {
        const char *file = wf_table_file((wf_table)i);
        wf_cli_print(cli, "%12llu  %.*s\n", (unsigned long long)summary->rows[i],
                     (int)strcspn(file, "."), file);
    }
}

static weft_status write_files(wf_cli *cli, wf_town *town, unsigned threads,
                               const wf_city_files_progress *progress, weft_error *error)
{
    const char *out = wf_cli_option(cli, "out");
    wf_city_files_summary summary;
    WF_TRY(
        wf_city_files_write(town, &wf_io_posix, out, threads, progress, &summary, error));
    print_summary(cli, out, &summary, WF_TABLE_COUNT);
    return WEFT_OK;
}

static weft_status make_city(wf_cli *cli, wf_town *town, unsigned threads,
                             const wf_city_files_progress *progress, weft_error *error)
{
    wf_city_files_summary summary;
    WF_TRY(wf_city_make(town, cli->arguments[0], &cli->keys, threads, progress, &summary,
                        error));
    print_summary(cli, cli->arguments[0], &summary, WF_TABLE_TRUTH);
    return WEFT_OK;
}

static weft_status make(wf_cli *cli, wf_arena *arena, weft_error *error)
{
    const char *out = wf_cli_option(cli, "out");
    WF_TRY(wf_cli_arguments(cli, 0, 1, error));
    if (out == NULL && cli->arguments_count == 0)
        return wf_fail(error, WEFT_BAD_USAGE, "city.nothing_to_make", NULL);
    wf_town_options asked;
    WF_TRY(read_options(cli, arena, &asked, error));
    wf_town *town = NULL;
    WF_TRY(wf_town_new(&asked, &town, error));
    unsigned threads = cli->threads != 0 ? cli->threads : wf_parallel_threads();
    wf_city_files_progress told = {tell, cli};
    const wf_city_files_progress *progress = wf_cli_shows_progress(cli) ? &told : NULL;
    weft_status status = WEFT_OK;
    if (out != NULL)
        status = write_files(cli, town, threads, progress, error);
    if (status == WEFT_OK && cli->arguments_count > 0)
        status = make_city(cli, town, threads, progress, error);
    wf_town_free(town);
    if (progress != NULL)
        fputc('\n', cli->messages);
    return status;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    wf_arena arena;
    wf_arena_init(&arena, 0);
    weft_status status = make(cli, &arena, &error);
    wf_arena_done(&arena);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_city = {
    .name = "city",
    .arguments = "[DIR]",
    .zh = "生成合成城市",
    .en = "make a synthetic city",
    .about_zh =
        "在 DIR 新建演练城市，时钟停在最后一天结束时，与导入 --out 的各文件相同。\n"
        "人名、电话和编号全部虚构（“演练…”、以 1000 开头的电话、P-0000007）。\n"
        "--out 写出 persons places visits encounters cases 五个 CSV，可用 weft import "
        "导入；\ntruth.csv 记载谁在哪里感染了谁，仅供核对。",
    .about_en =
        "Makes a drill city in DIR whose clock stands at the end of the last day: the "
        "same as\nimporting the files of --out. All names, numbers and ids are invented "
        "(“演练…”, telephone numbers from 1000, "
        "P-0000007).\n--out writes persons, places, visits, encounters and cases as CSV "
        "files for weft import;\ntruth.csv says who infected whom where, for checking "
        "only.",
    .options = options,
    .run = run,
    .takes_no_city = true,
};
