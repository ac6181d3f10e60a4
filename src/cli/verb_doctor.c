#include "base/io.h"
#include "cli/service.h"
#include "serve/owner/packet.h"
#include "weft/doctor.h"

enum { level_width = 8, name_width = 16 };

static const struct {
    const char *word, *zh;
} levels[] = {[WEFT_CHECK_OK] = {"ok", "正常"},
              [WEFT_CHECK_LOOK] = {"look", "留意"},
              [WEFT_CHECK_BAD] = {"bad", "异常"}};

enum { levels_count = sizeof levels / sizeof *levels };

typedef struct {
    wf_cli *cli;
    uint64_t counts[levels_count];
} examination;

static void print_part(wf_cli *cli, const weft_check *check, wf_error_part part)
{
    wf_buffer text = {0};
    bool done = wf_error_part_text(&check->what, part, cli->language, &text);
    if (part == WF_PART_MESSAGE) {
        wf_cli_text(cli, done ? wf_buffer_text(&text) : wf_text_of(check->what.code));
        wf_cli_print(cli, "\n");
    } else if (done && text.size > 0) {
        wf_cli_cell(cli, "", level_width + name_width);
        wf_cli_text(cli, wf_buffer_text(&text));
        wf_cli_print(cli, "\n");
    }
    wf_buffer_done(&text);
}

static void print_line(wf_cli *cli, const weft_check *check)
{
    wf_cli_cell(cli,
                wf_cli_choose(cli, levels[check->level].zh, levels[check->level].word),
                level_width);
    wf_cli_cell(cli, check->name, name_width);
    print_part(cli, check, WF_PART_MESSAGE);
    if (check->level == WEFT_CHECK_OK)
        return;
    print_part(cli, check, WF_PART_DETAIL);
    print_part(cli, check, WF_PART_HINT);
}

static void print_json(wf_cli *cli, const weft_check *check)
{
    wf_buffer message = {0}, hint = {0};
    bool done =
        wf_error_part_text(&check->what, WF_PART_MESSAGE, cli->language, &message) &&
        (check->level == WEFT_CHECK_OK ||
         wf_error_part_text(&check->what, WF_PART_HINT, cli->language, &hint));
    wf_cli_json(cli,
                done ? json_pack("{s:s, s:s, s:s, s:s%, s:s%}", "check", check->name,
                                 "level", levels[check->level].word, "code",
                                 check->what.code, "message", message.bytes, message.size,
                                 "hint", hint.size > 0 ? hint.bytes : "", hint.size)
                     : NULL);
    wf_buffer_done(&message);
    wf_buffer_done(&hint);
}

static void print_check(void *context, const weft_check *check)
{
    examination *all = context;
    all->counts[check->level]++;
    if (all->cli->json)
        print_json(all->cli, check);
    else
        print_line(all->cli, check);
}

// The last line, so that a program can tell "all is well" from "was cut off".
static void print_summary(wf_cli *cli, const examination *all)
{
    unsigned long long ok = all->counts[WEFT_CHECK_OK],
                       look = all->counts[WEFT_CHECK_LOOK],
                       bad = all->counts[WEFT_CHECK_BAD];
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:{s:I, s:I, s:I}}", "summary", "ok", (json_int_t)ok,
                                   "look", (json_int_t)look, "bad", (json_int_t)bad));
    else
        wf_cli_print(cli,
                     wf_cli_choose(cli, "%llu 项正常，%llu 项留意，%llu 项异常\n",
                                   "%llu ok, %llu to look at, %llu bad\n"),
                     ok, look, bad);
}

// ---- the service ----

static void say_service(examination *all, weft_check_level level, const char *code,
                        const char *holds)
{
    weft_check check = {.name = "service", .level = level};
    WF_IGNORE(wf_fail(&check.what, WEFT_FOUND_WRONG, code, "holds", holds, NULL),
              "a sentence, not an end");
    print_check(all, &check);
}

// Where a service answers, the verb runs there and not here.
static void look_for_socket(examination *all)
{
    wf_path path;
    weft_error unused = {0};
    bool left =
        wf_path_join(all->cli->arguments[0], WF_SOCKET_NAME, &path, &unused) == WEFT_OK &&
        wf_io_exists(&wf_io_posix, path.text);
    say_service(all, left ? WEFT_CHECK_LOOK : WEFT_CHECK_OK,
                left ? "doctor.service_left" : "doctor.service_none", "");
}

static void look_at_service(examination *all)
{
    const wf_sandbox *sandbox = &all->cli->service->sandbox;
    char holds[WF_SANDBOX_TEXT_MAX];
    bool whole = sandbox->process && sandbox->files > 0 && sandbox->calls;
    say_service(all, whole ? WEFT_CHECK_OK : WEFT_CHECK_LOOK,
                whole ? "doctor.service" : "doctor.service_open",
                wf_sandbox_text(sandbox, holds));
}

static weft_status examine_here(examination *all, weft_error *error)
{
    wf_cli *cli = all->cli;
    weft_status status =
        weft_doctor(cli->arguments[0], &cli->keys, print_check, all, error);
    if (status == WEFT_OK || status == WEFT_FOUND_WRONG)
        look_for_socket(all);
    return status;
}

static weft_status examine_service(examination *all, weft_error *error)
{
    wf_cli *cli = all->cli;
    weft_city *city = NULL;
    WF_TRY(wf_cli_open_silently(cli, &city, error));
    weft_status status =
        weft_doctor_inside(city, &cli->service->keys, print_check, all, error);
    wf_cli_close(cli, city);
    look_at_service(all);
    return status;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    examination all = {.cli = cli};
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = cli->guest != NULL ? examine_service(&all, &error)
                                    : examine_here(&all, &error);
    if (status != WEFT_OK && status != WEFT_FOUND_WRONG)
        return wf_cli_fail(cli, &error);
    print_summary(cli, &all);
    return weft_status_exit_code(status);
}

const wf_verb wf_verb_doctor = {
    .name = "doctor",
    .arguments = "DIR",
    .zh = "检查机器与城市有无隐患",
    .en = "look for what could end badly",
    .about_zh =
        "逐项检查：磁盘空间与文件系统、时钟、交换区、可锁定内存、崩溃转储、文件权限；城市"
        "能"
        "否打开、密钥、到期未清的数据、被拒行、缺口、记录库、数据库服务器。每项一行：正常"
        "、"
        "留意（白天看一下）、异常（数据或保密正有危险），后两种附处理办法。有异常时退出码"
        "为"
        " 1。不改动任何东西。适合每天定时运行。\n"
        "--json 每项一行，最后一行总是 {\"summary\":{\"ok\":…,\"look\":…,\"bad\":…}}。",
    .about_en =
        "Looks at room on the disk and its mount, clock, swap, locked memory, core "
        "dumps, "
        "modes of\nfiles; whether the city opens, its keys, what is due to be forgotten, "
        "refused lines, gaps,\nrows, the database server. A line a check: ok, look (by "
        "day), bad (data or its secrecy is\nin danger now), and what to do. The exit "
        "code "
        "is 1 when something is bad. Nothing is\nchanged. Made to run every day. With "
        "--json each check is a line, and the last is always\n"
        "{\"summary\":{\"ok\":…,\"look\":…,\"bad\":…}}.",
    .run = run,
};
