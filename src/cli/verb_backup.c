#include <sys/resource.h>
#include <time.h>

#include "base/clock.h"
#include "cli/cli.h"
#include "cli/summary.h"
#include "weft/backup.h"

enum { piece_bytes = 512 << 10 };

// Every file of the city is held open, of which there may be more than programs get by
// themselves.
static void allow_files(void)
{
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0)
        return;
    files.rlim_cur = files.rlim_max;
    WF_IGNORE(setrlimit(RLIMIT_NOFILE, &files), "a small city needs no more");
}

static void draw(const wf_cli *cli, const weft_backup_progress *progress)
{
    if (!wf_cli_shows_progress(cli) || progress->bytes_all == 0)
        return;
    fprintf(cli->messages, "\r%3.0f %%  %.0f MB%s",
            100.0 * (double)progress->bytes_done / (double)progress->bytes_all,
            (double)progress->bytes_done / 1e6, progress->done ? "\n" : "");
    fflush(cli->messages);
}

// Beside others it leaves them half of the disk's time.
static void rest(const wf_cli *cli, uint64_t worked_ns)
{
    const struct timespec time = {(time_t)(worked_ns / 1000000000),
                                  (long)(worked_ns % 1000000000)};
    if (cli->guest != NULL)
        WF_IGNORE(nanosleep(&time, NULL), "a shorter rest only goes on sooner");
}

// A service goes on meanwhile: what is copied is held open.
static weft_status copy_all(wf_cli *cli, weft_backup *job, weft_error *error)
{
    weft_backup_progress progress = {0};
    do {
        uint64_t begin = wf_clock_monotonic_ns();
        if (wf_cli_interrupted(cli))
            return wf_fail(error, WEFT_INTERRUPTED, "backup.interrupted", NULL);
        WF_TRY(weft_backup_copy(job, piece_bytes, &progress, error));
        draw(cli, &progress);
        rest(cli, wf_clock_monotonic_ns() - begin);
    } while (!progress.copied);
    return WEFT_OK;
}

// The city is looked at once more; the service does not wait for the disk after that.
static weft_status put_in_place(wf_cli *cli, weft_backup *job, weft_error *error)
{
    weft_backup_progress progress = {0};
    WF_TRY(wf_cli_return(cli, error));
    while (!progress.placed)
        WF_TRY(weft_backup_step(job, piece_bytes, &progress, error));
    wf_cli_leave(cli);
    WF_TRY(weft_backup_copy(job, piece_bytes, &progress, error));
    draw(cli, &progress);
    return WEFT_OK;
}

static void say(wf_cli *cli, const weft_city *city, const weft_backup_summary *made)
{
    char at[WF_TIME_TEXT_MAX];
    if (cli->json) {
        wf_cli_json(cli,
                    json_pack("{s:s, s:o, s:I, s:I, s:s, s:I, s:I}", "backup", made->id,
                              "at", wf_cli_time_json(city, made->at), "commits",
                              (json_int_t)made->commits, "facts", (json_int_t)made->facts,
                              "link", made->link, "files", (json_int_t)made->files,
                              "bytes", (json_int_t)made->bytes));
        return;
    }
    wf_cli_print(cli,
                 wf_cli_choose(cli, "备份 %.8s，%s：%llu 条事实，%llu 个文件，%.1f MB\n",
                               "backup %.8s of %s: %llu facts, %llu files, %.1f MB\n"),
                 made->id, wf_cli_when(city, made->at, at),
                 (unsigned long long)made->facts, (unsigned long long)made->files,
                 (double)made->bytes / 1e6);
    wf_cli_print(cli, "%s %llu  %s\n", wf_cli_choose(cli, "账本链头", "chain head"),
                 (unsigned long long)made->commits, made->link);
    wf_cli_print(
        cli, "%s\n",
        wf_cli_choose(cli,
                      "备份里没有密钥：没有密钥环的副本（weft keys export）就打不开。",
                      "There are no keys in it: without a copy of the ring (weft keys "
                      "export) it does not open."));
}

static weft_status back_up(wf_cli *cli, weft_city *city, weft_error *error)
{
    weft_backup *job = NULL;
    WF_TRY(weft_backup_begin(city, cli->arguments[1], &job, error));
    wf_cli_leave(cli);
    weft_status status = copy_all(cli, job, error);
    if (status == WEFT_OK)
        status = put_in_place(cli, job, error);
    weft_backup_summary made = weft_backup_summary_of(job);
    weft_backup_end(job);
    if (status == WEFT_OK)
        say(cli, city, &made);
    return status;
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 2, 2, &error);
    allow_files();
    wf_cli_mind_interrupts(cli);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = back_up(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

const wf_verb wf_verb_backup = {
    .name = "backup",
    .arguments = "DIR FILE",
    .zh = "备份城市到一个文件（不含密钥）",
    .en = "copy a city into one file, without its keys",
    .about_zh =
        "账本、到访、拒收的行、weft.yaml 写进一个密封文件，先写在旁边，完整后才就位。\n"
        "备份里没有密钥：恢复时需要密钥环的副本（weft keys export），两者分开保管。\n"
        "每次清除（weft purge）之后要重新备份。做法见 docs/operating/backup.md。",
    .about_en =
        "Ledger, visits, refused rows and weft.yaml go into one sealed file, written "
        "beside its\nplace until it is whole. There are no keys in it: a restore needs a "
        "copy of the ring\n(weft keys export); keep the two apart. Make another after "
        "each weft purge.\nHow to: docs/operating/backup.md.",
    .run = run,
};
