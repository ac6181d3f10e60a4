#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "weft/search.h"

enum { id_width = 20, name_width = 16, value_bytes_max = 1024 };

static const wf_option options[] = {
    {"name", WF_OPTION_TEXT, "N", "姓名；- 表示从标准输入读一行",
     "a name; - reads a line of standard input"},
    {"phone", WF_OPTION_TEXT, "P", "电话；- 同上", "a phone number; - as above"},
    {"id-number", WF_OPTION_TEXT, "I", "证件号码；- 同上",
     "the number of a document; - as above"},
    {"grid", WF_OPTION_TEXT, "CODE", "只找住在该网格内的人；姓名也按其中相邻两字查找",
     "people who live in this grid; names also by parts of them"},
    {"limit", WF_OPTION_TEXT, "N", "最多列出几人（默认 50，最多 500）",
     "how many are listed (50, at most 500)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

typedef struct {
    wf_cli *cli;
    bool headed;
} printing;

static const wf_cli_column columns[] = {
    {id_width, "人员", "person"},
    {name_width, "姓名", "name"},
    {0, "网格", "grid"},
};

static bool print_row(void *context, const weft_found_person *row)
{
    printing *to = context;
    if (to->cli->json) {
        wf_cli_json(to->cli, json_pack("{s:s, s:s?, s:s?}", "person", row->person, "name",
                                       row->name[0] != '\0' ? row->name : NULL, "grid",
                                       row->grid[0] != '\0' ? row->grid : NULL));
    } else {
        wf_cli_head(to->cli, &to->headed, columns);
        wf_cli_cell(to->cli, row->person, id_width);
        wf_cli_cell(to->cli, row->name, name_width);
        wf_cli_print(to->cli, "%s\n", row->grid);
    }
    return !to->cli->out_failed;
}

static void print_summary(wf_cli *cli, const weft_find_summary *summary)
{
    bool more = summary->found > summary->given;
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:{s:I, s:I, s:b}}", "summary", "rows",
                                   (json_int_t)summary->given, "found",
                                   (json_int_t)summary->found, "more", (int)more));
        return;
    }
    wf_cli_print(cli,
                 wf_cli_choose(cli, "找到 %llu 人\n",
                               summary->found == 1 ? "%llu person found\n"
                                                   : "%llu people found\n"),
                 (unsigned long long)summary->found);
    if (more)
        wf_cli_print(
            cli,
            wf_cli_choose(cli, "只列出前 %llu 人；用 --grid 缩小范围，或提高 --limit\n",
                          "only the first %llu are listed: name a smaller --grid, "
                          "or a larger --limit\n"),
            (unsigned long long)summary->given);
}

// A line of standard input, so that no name stands in a history of commands or in the
// list of processes.
static weft_status read_line(const wf_cli *cli, char *room, const char **ret,
                             weft_error *error)
{
    size_t size = 0;
    ssize_t got = 1;
    while (size + 1 < value_bytes_max && got > 0 && memchr(room, '\n', size) == NULL) {
        got = wf_cli_read(cli, cli->input, room + size, value_bytes_max - 1 - size);
        size += got > 0 ? (size_t)got : 0;
    }
    room[size] = '\0';
    size_t end = strcspn(room, "\r\n");
    if (size == 0 || end + 1 == value_bytes_max)
        return wf_fail(error, WEFT_BAD_INPUT, "find.empty", NULL);
    room[end] = '\0';
    *ret = room;
    return WEFT_OK;
}

static weft_status read_query(const wf_cli *cli, char *room, weft_find_query *ret,
                              weft_error *error)
{
    static const char *const names[] = {[WEFT_FIND_NAME] = "name",
                                        [WEFT_FIND_PHONE] = "phone",
                                        [WEFT_FIND_ID_NUMBER] = "id-number"};
    *ret = (weft_find_query){.grid = wf_cli_option(cli, "grid")};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = wf_cli_option(cli, names[i]);
        if (value != NULL && ret->value != NULL)
            return wf_fail(error, WEFT_BAD_USAGE, "usage.find", NULL);
        if (value == NULL)
            continue;
        ret->by = (weft_find_by)i;
        ret->value = value;
    }
    if (ret->value == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.find", NULL);
    WF_TRY(wf_cli_number(cli, "limit", 1, WEFT_FIND_LIMIT_MAX, &ret->limit, error));
    return strcmp(ret->value, "-") == 0 ? read_line(cli, room, &ret->value, error)
                                        : WEFT_OK;
}

// Whoever types the name takes their time: the city is opened after that.
static weft_status ask(wf_cli *cli, weft_error *error)
{
    char room[value_bytes_max];
    weft_city *city = NULL;
    weft_find_query query;
    weft_find_summary summary;
    printing to = {cli, false};
    WF_TRY(wf_cli_arguments(cli, 1, 1, error));
    WF_TRY(read_query(cli, room, &query, error));
    WF_TRY(wf_cli_open(cli, &city, error));
    weft_status status = weft_find(city, &query, print_row, &to, &summary, error);
    if (status == WEFT_OK)
        print_summary(cli, &summary);
    wf_cli_close(cli, city);
    return status;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    return ask(cli, &error) == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_find = {
    .name = "find",
    .arguments = "DIR (--name N | --phone P | --id-number I)",
    .zh = "按姓名、电话或证件号码找人",
    .en = "find people by name, phone or id number",
    .about_zh = "只显示人员编号、姓名和网格。按此刻的登记比对：改过的旧号码、已撤回的事实"
                "找不到人。\n"
                "姓名按全名查找；给出 --grid "
                "时，名字含有所给相邻两字（字母姓名按单词）的人也列出。\n"
                "例：printf '张三' | weft find DIR --name - --grid 320214001",
    .about_en =
        "Shows the person's id, name and grid, no more. The record as it stands now "
        "counts:\n"
        "an old number that was changed, or a fact that was withdrawn, finds nobody.\n"
        "A name is sought as a whole; with --grid also people whose names hold two\n"
        "neighbouring characters, or words, that are asked for. For instance:\n"
        "printf 'Li' | weft find DIR --name - --grid 320214001",
    .options = options,
    .run = run,
    .asks = true,
};
