#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "base/io.h"
#include "base/time.h"
#include "cli/import_outlines.h"
#include "cli/import_run.h"
#include "cli/preview.h"

static const wf_option options[] = {
    {"map", WF_OPTION_TEXT, "FILE", "列对照文件", "mapping file of the columns"},
    {"profile", WF_OPTION_TEXT, "NAME", "记住的或随附的列对照：who godata sormas",
     "a mapping that was remembered, or comes with Weft: who godata sormas"},
    {"remember", WF_OPTION_TEXT, "NAME",
     "导入后记住列对照和日期先后，以后用 --profile NAME",
     "keep the mapping in the city: --profile NAME from then on"},
    {"sheet", WF_OPTION_TEXT, "NAME", "工作簿（xlsx）中的工作表",
     "the sheet of a workbook (xlsx)"},
    {"header", WF_OPTION_TEXT, "LINE", "表头在第几行（默认在前 10 行中找）",
     "the line of the header (default: looked for in the first 10 rows)"},
    {"dates", WF_OPTION_TEXT, "day-first|month-first",
     "03/04/2021 这样的日期先日还是先月", "what comes first in dates such as 03/04/2021"},
    {"join", WF_OPTION_FLAG, NULL, "病例：用其他编号称呼已有病例的行，归入该病例",
     "cases: rows that name a case by another of its numbers are of that case"},
    {"preview", WF_OPTION_FLAG, NULL, "只看会怎样，什么都不存",
     "say what would become of it, and store nothing"},
    {"as-of", WF_OPTION_TEXT, "TIME", "数据的时间（默认现在）",
     "how old the values are (default now)"},
    {"keep-until", WF_OPTION_TEXT, "DATE", "已过保存期限的日子保存到何日",
     "keep days that are past keeping until this date"},
    {"rows", WF_OPTION_TEXT, "N", "发送方所说的行数；不符则什么都不存",
     "how many rows the sender states; others: nothing is stored"},
    {"strict", WF_OPTION_FLAG, NULL, "有拒收的行时以 1 退出",
     "exit 1 when rows were refused"},
    {"datum", WF_OPTION_TEXT, "wgs84|gcj02", "轮廓：坐标的基准，必须说明",
     "outlines: what positions are measured by; has to be said"},
    {"property", WF_OPTION_TEXT, "NAME", "轮廓：哪个属性是网格代码（默认 grid）",
     "outlines: which property is the grid's code (default: grid)"},
    {"remove", WF_OPTION_FLAG, NULL, "轮廓：撤去，此后没有地图",
     "outlines: takes them away; there is no map then"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

// A file opened when its turn comes, so that thousands of them need one descriptor.
typedef struct {
    const wf_cli *cli;
    const char *path; // "-": standard input
    int file;         // −1: not open yet
    bool ended;       // a read behind the end finds the end again
} file_source;

static void close_source(file_source *source)
{
    const wf_io *io = source->cli->io;
    if (source->file >= 0 && source->file != source->cli->input)
        WF_IGNORE(io->close(io, source->file), "it was only read");
    source->file = -1;
}

static ssize_t read_file(void *context, void *bytes, size_t size)
{
    file_source *source = context;
    const wf_io *io = source->cli->io;
    if (source->ended)
        return 0;
    if (source->file < 0)
        source->file = strcmp(source->path, "-") == 0
                           ? source->cli->input
                           : io->open(io, source->path, O_RDONLY | O_CLOEXEC, 0);
    if (source->file < 0)
        return -1;
    ssize_t got = wf_cli_read(source->cli, source->file, bytes, size);
    if (got == 0) {
        source->ended = true;
        close_source(source);
    }
    return got;
}

static weft_status check_files(wf_cli *cli, file_source *files,
                               weft_import_source *sources, size_t count,
                               weft_error *error)
{
    for (size_t i = 0; i < count; i++) {
        const char *path = cli->arguments[2 + i];
        struct stat about = {0};
        if (strcmp(path, "-") != 0)
            WF_TRY(wf_io_look(cli->io, path, &about, error));
        if (S_ISDIR(about.st_mode))
            return wf_fail_errno(error, EISDIR, "io.open", path);
        files[i] = (file_source){.cli = cli, .path = path, .file = -1};
        sources[i] = (weft_import_source){
            .read = read_file,
            .context = &files[i],
            .name = path,
            .size_bytes = S_ISREG(about.st_mode) ? (uint64_t)about.st_size : 0};
    }
    return WEFT_OK;
}

static weft_status read_options(wf_cli *cli, const weft_city *city,
                                weft_import_options *ret, weft_error *error)
{
    const char *as_of = wf_cli_option(cli, "as-of");
    const char *keep = wf_cli_option(cli, "keep-until");
    const char *dates = wf_cli_option(cli, "dates");
    ret->mapping = wf_cli_option(cli, "map");
    ret->profile = wf_cli_option(cli, "profile");
    ret->remember = wf_cli_option(cli, "remember");
    ret->sheet = wf_cli_option(cli, "sheet");
    WF_TRY(wf_cli_number(cli, "header", 1, 1000, &ret->header_line, error));
    ret->rows_are_stated = wf_cli_option(cli, "rows") != NULL;
    WF_TRY(wf_cli_number(cli, "rows", 0, INT64_MAX, &ret->rows_stated, error));
    if (dates != NULL && strcmp(dates, "day-first") != 0 &&
        strcmp(dates, "month-first") != 0)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.dates", NULL);
    if (dates != NULL)
        ret->dates = dates[0] == 'd' ? WEFT_DATES_DAY_FIRST : WEFT_DATES_MONTH_FIRST;
    ret->join_cases = wf_cli_flag(cli, "join");
    ret->as_of = WEFT_TIME_NONE;
    if (as_of != NULL)
        WF_TRY(weft_city_time_parse(city, as_of, &ret->as_of, error));
    ret->keeps_until = keep != NULL;
    if (keep != NULL && !wf_day_parse(wf_text_of(keep), &ret->keep_until))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.time", "text", keep, NULL);
    return WEFT_OK;
}

static weft_status import_files(wf_cli *cli, weft_city *city, weft_import_kind kind,
                                weft_import_summary *ret, weft_error *error)
{
    size_t count = cli->arguments_count - 2;
    file_source *files = calloc(count, sizeof *files);
    weft_import_source *sources = calloc(count, sizeof *sources);
    weft_import_options how = {0};
    weft_status status =
        files == NULL || sources == NULL ? wf_fail_memory(error) : WEFT_OK;
    if (status == WEFT_OK)
        status = check_files(cli, files, sources, count, error);
    if (status == WEFT_OK)
        status = read_options(cli, city, &how, error);
    if (status == WEFT_OK) {
        wf_import_run_view view;
        wf_import_view_begin(&view, cli, &how);
        status = weft_import(city, kind, sources, count, &how, ret, error);
        wf_import_view_end(&view);
        if (status == WEFT_OK && ret->refused > view.told && view.told > 0)
            wf_cli_message(cli,
                           wf_cli_choose(cli, "… 还有 %llu 行被拒收",
                                         "… and %llu more refused rows"),
                           (unsigned long long)(ret->refused - view.told));
    }
    for (size_t i = 0; files != NULL && i < count; i++)
        if (files[i].cli != NULL)
            close_source(&files[i]);
    free(files);
    free(sources);
    return status;
}

// Of the first file: the others are read alike.
static weft_status preview_file(wf_cli *cli, weft_city *city, weft_import_kind kind,
                                int *ret_exit, weft_error *error)
{
    file_source file;
    weft_import_source source;
    weft_import_options how = {0};
    weft_preview preview;
    WF_TRY(check_files(cli, &file, &source, 1, error));
    WF_TRY(read_options(cli, city, &how, error));
    weft_status status = weft_import_preview(city, kind, &source, &how, &preview, error);
    close_source(&file);
    if (status == WEFT_OK)
        *ret_exit = wf_preview_say(cli, &preview);
    return status;
}

static weft_status import_outlines(wf_cli *cli, weft_city *city,
                                   const weft_outlines_options *how,
                                   weft_outlines_summary *ret, weft_error *error)
{
    file_source file;
    weft_import_source source;
    WF_TRY(check_files(cli, &file, &source, 1, error));
    wf_cli_mind_interrupts(cli);
    weft_status status = weft_outlines_import(city, &source, how, ret, error);
    close_source(&file);
    return status;
}

static int remove_outlines(wf_cli *cli)
{
    bool had = false;
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_import_outlines_only_remove(cli, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = weft_outlines_remove(city, &had, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? wf_import_outlines_say_removed(cli, had)
                             : wf_cli_fail(cli, &error);
}

static int run_outlines(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_outlines_options how = {0};
    weft_outlines_summary summary = {0};
    if (wf_cli_flag(cli, "remove"))
        return remove_outlines(cli);
    weft_status status = wf_import_outlines_options(cli, true, &how, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = import_outlines(cli, city, &how, &summary, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? wf_import_outlines_say(cli, &how, &summary)
                             : wf_cli_fail(cli, &error);
}

static int run(wf_cli *cli)
{
    int previewed = 0;
    weft_error error = {0};
    weft_city *city = NULL;
    weft_outlines_options none = {0};
    weft_import_kind kind = WEFT_IMPORT_VISITS;
    weft_import_summary summary = {0};
    if (wf_import_is_outlines(cli))
        return run_outlines(cli);
    weft_status status = wf_cli_arguments(cli, 3, WF_ARGUMENTS_MAX, &error);
    if (status == WEFT_OK)
        status = wf_import_outlines_options(cli, false, &none, &error);
    if (status == WEFT_OK && !weft_import_kind_parse(cli->arguments[1], &kind))
        status = wf_fail(&error, WEFT_BAD_USAGE, "import.unknown_word", "word",
                         cli->arguments[1], NULL);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    bool preview = wf_cli_flag(cli, "preview");
    if (status == WEFT_OK)
        status = preview ? preview_file(cli, city, kind, &previewed, &error)
                         : import_files(cli, city, kind, &summary, &error);
    wf_cli_close(cli, city);
    if (status != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (preview)
        return previewed;
    return wf_import_say(cli, &summary, wf_cli_flag(cli, "strict"));
}

const wf_verb wf_verb_import = {
    .name = "import",
    .arguments = "DIR KIND FILE…|- | DIR outlines --remove",
    .zh = "导入人员、场所、到访、接触记录、病例、接触者、随访、检测结果、事实、轮廓",
    .en = "import persons, places, visits, cases, contacts, facts and more",
    .about_zh =
        "KIND 为 "
        "persons、places、visits、encounters、cases、contacts、followups、results、tubes"
        "、"
        "facts、outlines "
        "之一；FILE "
        "为 CSV（UTF-8 "
        "或 GB18030，可用 gzip 压缩）或 xlsx 工作簿，- 为标准输入。\n"
        "  visits      person,place,start,end[,seat][,guessed]\n"
        "  encounters  a,b,start,end[,setting]\n"
        "  persons     person,name,sex,birth,grid,household[,phone][,id_number]"
        "[,occupation][,needs]\n"
        "  places      place,name,kind,grid[,parent][,lat,lon][,area_m2][,ventilation]\n"
        "  cases       case,person,reported[,onset][,onset_kind][,sampled]"
        "[,symptomatic][,isolated]\n"
        "              [,last_negative][,classification][,died][,buried]\n"
        "  contacts    case,person,level[,outbreak][,exposed_from][,exposed_until]"
        "[,place][,judgement]\n"
        "              [,confirmed][,reached,reached_by][,placed,placed_in]"
        "[,dismissed,dismissed_for[,dismissed_because]]\n"
        "  followups   person,at,outcome[,outbreak][,how][,symptomatic]\n"
        "  results     sample,person,collected[,site][,round][,received][,resulted]"
        "[,result][,lab]\n"
        "              [,ct][,outbreak]\n"
        "  tubes       tube,result,resulted[,received][,lab][,ct]\n"
        "  facts       每行一条 JSON（weft help facts）：\n"
        "              "
        "{\"device\":\"S-03-2\",\"seq\":118,\"kind\":\"tube.sealed\",\"at\":…,\"body\":{"
        "…}}\n"
        "  outlines    GeoJSON（Polygon、MultiPolygon；Point 为地名），要素属性 grid "
        "为网格代码，\n"
        "              name 为名称；须用 --datum 说明基准。一个文件取代前一个，--remove "
        "撤去。\n"
        "时间用 ISO 8601；没有时差的按本市时区；只有日期即整日。列不同的文件用 --map。\n"
        "一次导入要么全部可见，要么全不可见；同一文件导入两次不会重复。\n"
        "不合格的行整行密封保留，可用 weft refused 修补后重试。",
    .about_en =
        "KIND is one of persons, places, visits, encounters, cases, contacts, "
        "followups, results, tubes, facts, outlines; "
        "FILE "
        "is CSV\n(UTF-8 or GB18030, gzip or plain) or a workbook (xlsx), - standard "
        "input.\n"
        "  visits      person,place,start,end[,seat][,guessed]\n"
        "  encounters  a,b,start,end[,setting]\n"
        "  persons     person,name,sex,birth,grid,household[,phone][,id_number]"
        "[,occupation][,needs]\n"
        "  places      place,name,kind,grid[,parent][,lat,lon][,area_m2][,ventilation]\n"
        "  cases       case,person,reported[,onset][,onset_kind][,sampled]"
        "[,symptomatic][,isolated]\n"
        "              [,last_negative][,classification][,died][,buried]\n"
        "  contacts    case,person,level[,outbreak][,exposed_from][,exposed_until]"
        "[,place][,judgement]\n"
        "              [,confirmed][,reached,reached_by][,placed,placed_in]"
        "[,dismissed,dismissed_for[,dismissed_because]]\n"
        "  followups   person,at,outcome[,outbreak][,how][,symptomatic]\n"
        "  results     sample,person,collected[,site][,round][,received][,resulted]"
        "[,result][,lab]\n"
        "              [,ct][,outbreak]\n"
        "  tubes       tube,result,resulted[,received][,lab][,ct]\n"
        "  facts       one JSON object a line (weft help facts):\n"
        "              "
        "{\"device\":\"S-03-2\",\"seq\":118,\"kind\":\"tube.sealed\",\"at\":…,\"body\":{"
        "…}}\n"
        "  outlines    GeoJSON (Polygon, MultiPolygon; Point: a named place), property "
        "grid of a\n"
        "              feature is the grid's code, name its name; --datum has to be "
        "said. A file\n              takes the place of the one before; --remove takes "
        "them "
        "away.\n"
        "Times are ISO 8601, without an offset local to the city; a date alone is the "
        "whole day.\nOther files go with --map. An import becomes visible at once or not "
        "at all; the same file\ntwice changes nothing. Rows that are refused are kept "
        "whole and sealed: weft refused.",
    .options = options,
    .run = run,
};
