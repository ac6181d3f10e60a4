// weft serve: the one verb that stays.
#include <malloc.h>
#include <signal.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/io.h"
#include "cli/cli.h"
#include "cli/service.h"
#include "serve/owner/attend.h"
#include "serve/process/notify.h"

// What is under way has so long when the service is told to stop.
enum { stop_within_s = 10, messages_file = 2 };

// Blocked before any thread begins, so that it is this one that waits for them.
static void block_signals(sigset_t *ret)
{
    sigemptyset(ret);
    sigaddset(ret, SIGTERM);
    sigaddset(ret, SIGINT);
    sigaddset(ret, SIGHUP);
    WF_ASSERT(pthread_sigmask(SIG_BLOCK, ret, NULL) == 0);
}

static void say_ready(wf_cli *cli, const weft_city *city, const wf_server *server)
{
    const char *address = wf_server_address(server),
               *field = wf_server_field_address(server);
    if (wf_server_clock_ignored(server))
        wf_cli_message(cli, "%s",
                       wf_cli_choose(cli, "--clock 早于已到的时间，未采用",
                                     "--clock is earlier than the city's time, which "
                                     "stays as it is"));
    bool drill = weft_city_kind_of(city) == WEFT_CITY_DRILL;
    if (cli->json)
        wf_cli_json(cli,
                    json_pack("{s:s, s:s*, s:s}", "address", address, "field_address",
                              field, "kind", drill ? "drill" : "real"));
    else if (field == NULL)
        wf_cli_print(cli, wf_cli_choose(cli, "服务于 http://%s\n", "serving http://%s\n"),
                     address);
    else
        wf_cli_print(cli,
                     wf_cli_choose(cli, "服务于 http://%s，现场专用 http://%s\n",
                                   "serving http://%s, the field at http://%s\n"),
                     address, field);
    wf_cli_flush(cli);
}

// ---- verbs of the owner, over the socket ----

// What the owner does with the city is in the log: the verb, not its arguments.
static int run_for_guest(void *context, wf_guest *guest, int argc, char **argv)
{
    const wf_service *service = context;
    const wf_verb *verb = argc > 1 ? wf_verb_named(argv[1]) : NULL;
    uint64_t began_ns = wf_clock_monotonic_ns();
    int code = wf_cli_run_guest(guest, service, argc, argv);
    char rest[96];
    WF_IGNORE(
        snprintf(rest, sizeof rest, "name=%s exit=%d ms=%llu",
                 verb != NULL ? verb->name : "unknown", code,
                 (unsigned long long)(wf_clock_monotonic_ns() - began_ns) / 1000000) < 0,
        "a verb's name is short");
    wf_server_note(service->server, "verb", rest);
    return code;
}

static weft_status attend_owner(wf_cli *cli, wf_service *service, wf_attend **ret,
                                weft_error *error)
{
    const wf_attend_options options = {.city_dir = cli->arguments[0],
                                       .version = WEFT_VERSION,
                                       .run = run_for_guest,
                                       .context = service};
    return wf_attend_start(&options, ret, error);
}

// ---- shut in ----

static weft_status shut_files(wf_cli *cli, wf_service *service, weft_error *error)
{
    service->keys = cli->keys;
    service->without_sandbox = wf_cli_flag(cli, "without-sandbox");
    if (service->without_sandbox)
        return WEFT_OK;
    return wf_sandbox_files(cli->arguments[0], &cli->keys, &service->sandbox, error);
}

static weft_status shut_calls(weft_city *city, wf_service *service, weft_error *error)
{
    char holds[WF_SANDBOX_TEXT_MAX], rest[WF_SANDBOX_TEXT_MAX + 8];
    if (!service->without_sandbox)
        WF_TRY(wf_sandbox_calls(city, &service->sandbox, error));
    WF_IGNORE(snprintf(rest, sizeof rest, "holds=%s",
                       wf_sandbox_text(&service->sandbox, holds)) < 0,
              "the parts are short");
    wf_server_note(service->server, "sandbox", rest);
    return WEFT_OK;
}

// ---- the service ----

static weft_status serve_until_told(wf_cli *cli, weft_city *city, wf_service *service,
                                    const sigset_t *stopping, weft_error *error)
{
    wf_attend *attend = NULL;
    int told, manager = wf_notify_open();
    weft_status status = attend_owner(cli, service, &attend, error);
    if (status == WEFT_OK)
        status = shut_calls(city, service, error);
    if (status == WEFT_OK) {
        say_ready(cli, city, service->server);
        wf_notify_say(manager, "READY=1");
        while (sigwait(stopping, &told) != 0)
            continue;
        // Who is told twice ends at once.
        WF_ASSERT(pthread_sigmask(SIG_UNBLOCK, stopping, NULL) == 0);
        wf_notify_say(manager, "STOPPING=1");
    }
    wf_attend_stop(attend);
    if (manager >= 0)
        WF_IGNORE(wf_io_posix.close(&wf_io_posix, manager), "all was said");
    return status;
}

static weft_status serve(wf_cli *cli, weft_city *city, wf_service *service,
                         const sigset_t *stopping, weft_error *error)
{
    const char *field = wf_cli_option(cli, "listen-field");
    // A unit of systemd gives an empty word for what its settings leave empty.
    bool has_field = field != NULL && field[0] != '\0';
    wf_server_options options = {.listen = wf_cli_option(cli, "listen"),
                                 .listen_field = has_field ? field : NULL,
                                 .threads = cli->threads,
                                 .version = WEFT_VERSION,
                                 .keys = cli->keys,
                                 .clock = wf_cli_option(cli, "clock"),
                                 .io = &wf_io_posix,
                                 .log_file = messages_file};
    const char *speed = wf_cli_option(cli, "speed");
    if (speed != NULL &&
        !wf_parse_double(wf_text_of(speed), 0.001, 100000, &options.speed))
        return wf_fail(error, WEFT_BAD_USAGE, "usage.speed", NULL);
    WF_TRY(wf_server_start(city, &options, &service->server, error));
    weft_status status = serve_until_told(cli, city, service, stopping, error);
    wf_server_stop(service->server, stop_within_s);
    return status;
}

// Each answer takes memory and gives it back. Returned to the kernel at once, as glibc
// does with more than 128 KiB at a heap's end, it is fetched and zeroed anew, page by
// page, for the next one. What is kept at most: so much in each of the threads' heaps.
static void keep_memory(void)
{
    enum { kept_bytes = 16 << 20, mapped_bytes = 8 << 20 };
    WF_IGNORE(mallopt(M_TRIM_THRESHOLD, kept_bytes) == 0, "then as before");
    // Larger ones are returned.
    WF_IGNORE(mallopt(M_MMAP_THRESHOLD, mapped_bytes) == 0, "then as before");
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    sigset_t stopping;
    wf_service service = {0};
    char *real = NULL;
    block_signals(&stopping);
    keep_memory();
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    // Paths inside it are told from those of guests by how they begin.
    if (status == WEFT_OK && (real = realpath(cli->arguments[0], NULL)) != NULL)
        cli->arguments[0] = real;
    if (status == WEFT_OK)
        status = shut_files(cli, &service, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = serve(cli, city, &service, &stopping, &error);
    weft_city_close(city);
    free(real);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

static const wf_option options[] = {
    {"listen", WF_OPTION_TEXT, "ADDRESS:PORT", "监听地址（默认 127.0.0.1:8787）",
     "where to listen (default: 127.0.0.1:8787)"},
    {"listen-field", WF_OPTION_TEXT, "ADDRESS:PORT",
     "采样、检测、卡口专用的另一监听地址（默认没有，空也是没有）",
     "where those who sample, test and stand at gates come besides (default, and when "
     "empty: nowhere)"},
    {"clock", WF_OPTION_TEXT, "TIME",
     "演练：城市时钟由此时开始走；早于已到的时间则不采用",
     "drill: the city's clock goes on from here; not when it is earlier than what the "
     "city has reached"},
    {"speed", WF_OPTION_TEXT, "N", "演练：时钟的快慢（默认 1）",
     "drill: how fast its clock runs (default: 1)"},
    {"without-sandbox", WF_OPTION_FLAG, NULL, "不自我隔离（内核异常时用）",
     "do not shut itself in (for a kernel that misbehaves)"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

const wf_verb wf_verb_serve = {
    .name = "serve",
    .arguments = "DIR",
    .zh = "以 HTTP 提供城市服务",
    .en = "serve a city over HTTP",
    .about_zh =
        "就绪时打印一行地址，此后 /healthz 回答 200；SIGTERM 或 Ctrl-C 时不再接受请求，"
        "在 10 秒内做完手头的，然后结束。\n"
        "只在本机地址监听；他人经 nginx（TLS）连接，"
        "监听其他地址须在 weft.yaml 用 proxy 写明 nginx 的地址。\n"
        "--listen-field 另开一处，只收事实、答卡口核验、/v1/me 和 /healthz："
        "别处人多时，采样和检测不受影响；nginx 配置样本把这些路径引向它。\n"
        "其间各命令经城市目录中的 weft.sock 由服务执行，用法不变。\n"
        "日志每事一行，写到标准错误，不含个人信息。",
    .about_en =
        "Prints one line with its address when it is ready; from then on /healthz "
        "answers "
        "200. On\nSIGTERM or Ctrl-C it accepts nothing more, ends what is under way "
        "within 10 s, and ends.\nIt listens on this machine only: others come through "
        "nginx (TLS); to listen elsewhere, name\nnginx's address in weft.yaml (proxy).\n"
        "--listen-field opens a second address, which takes facts, answers gates, /v1/me "
        "and\n/healthz, and nothing else: a flood at the first does not reach those who "
        "sample and test.\nThe sample of nginx leads these paths to it.\n"
        "Verbs go through weft.sock in the city's folder meanwhile, and are used as "
        "ever.\n"
        "The log is one line an event on stderr, without personal data.",
    .options = options,
    .run = run,
    .alone = true,
};
