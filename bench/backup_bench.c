// Backup and restore of a city that store_bench left: how long a commit of 1,000 facts
// takes by itself, and while a backup is copied in steps between the commits; then how
// long a restore takes, with the rows made anew and everything checked.
//
//     build/bench/backup_bench FOLDER [STEP_KB]
//
// Writes FOLDER.backup, FOLDER.restored and FOLDER.keys, which must not exist. Prints a
// line of JSON a measure.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "access/city/city.h"
#include "base/clock.h"
#include "base/prng.h"
#include "desk/kinds.h"
#include "weft/backup.h"

enum { batch = 1000, alone = 300, commits_max = 100000, apply_each = 16 };

typedef struct {
    weft_city *city;
    wf_prng dice;
    const wf_kind *collected;
    size_t tube, person, site; // fields
    int64_t seq;
    uint64_t commits;
    char device[24];
    wf_fact sent[batch];
    wf_verdict verdicts[batch];
    char tubes[batch][24], persons[batch][16];
    double alone_ms[commits_max], beside_ms[commits_max];
} bench;

static double seconds_since(uint64_t begin_ns)
{
    return (double)(wf_clock_monotonic_ns() - begin_ns) / 1e9;
}

static void check(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s %s\n", error->code, error->params[0].value);
    exit(1);
}

static void note(const char *measure, double ours, const char *unit)
{
    printf("{\"measure\":\"%s\",\"ours\":%.6g,\"unit\":\"%s\"}\n", measure, ours, unit);
}

static void set(wf_fact *fact, size_t field, const char *text)
{
    fact->values[field] = (wf_value){.given = true, .text = wf_text_of(text)};
}

// One commit; the time that its reply takes. Rows follow every few, outside of it.
static double send_one(bench *on)
{
    weft_error error = {0};
    for (size_t i = 0; i < batch; i++) {
        wf_fact *fact = &on->sent[i];
        *fact = (wf_fact){.id = {wf_text_of(on->device), ++on->seq},
                          .kind = on->collected,
                          .at = {INT64_C(1639267200) * WF_US_PER_S}};
        snprintf(on->tubes[i], sizeof on->tubes[i], "U%010lld", (long long)on->seq / 10);
        snprintf(on->persons[i], sizeof on->persons[i], "P-%07u",
                 wf_prng_below(&on->dice, 7500000));
        set(fact, on->tube, on->tubes[i]);
        set(fact, on->person, on->persons[i]);
        set(fact, on->site, on->device);
    }
    uint64_t begin = wf_clock_monotonic_ns();
    check(wf_store_send(on->city->store, on->sent, batch, WF_TIME_NONE, on->verdicts,
                        &error),
          &error);
    double took = seconds_since(begin) * 1e3;
    if (on->verdicts[0].sent != WF_SENT_ACCEPTED) {
        fprintf(stderr, "a new fact was not accepted\n");
        exit(1);
    }
    if (++on->commits % apply_each == 0)
        check(wf_store_apply(on->city->store, 0, &error), &error);
    return took;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void note_commits(const char *which, double *all, size_t count)
{
    char name[64];
    qsort(all, count, sizeof *all, by_size);
    snprintf(name, sizeof name, "commit_median_%s", which);
    note(name, all[count / 2], "ms");
    snprintf(name, sizeof name, "commit_p99_%s", which);
    note(name, all[count * 99 / 100], "ms");
    snprintf(name, sizeof name, "commit_max_%s", which);
    note(name, all[count - 1], "ms");
}

static void back_up(bench *on, const char *file, uint64_t step)
{
    weft_error error = {0};
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    size_t count = 0;
    double copying = 0;
    uint64_t begin = wf_clock_monotonic_ns();
    check(weft_backup_begin(on->city, file, &job, &error), &error);
    note("backup_begin", seconds_since(begin) * 1e3, "ms");
    while (!progress.done && count < commits_max) {
        uint64_t at = wf_clock_monotonic_ns();
        check(weft_backup_step(job, step, &progress, &error), &error);
        copying += seconds_since(at);
        on->beside_ms[count++] = send_one(on);
    }
    note("backup_while_writing", seconds_since(begin), "s");
    note("backup_copying", copying, "s");
    note("backup_bytes", (double)progress.bytes_all / 1e6, "MB");
    weft_backup_end(job);
    note_commits("alone", on->alone_ms, alone);
    note_commits("during_backup", on->beside_ms, count);
    note("commit_median_during_backup_to_alone",
         on->beside_ms[count / 2] / on->alone_ms[alone / 2], "times");
    note("commit_p99_during_backup_to_alone",
         on->beside_ms[count * 99 / 100] / on->alone_ms[alone * 99 / 100], "times");
}

static void restore(const char *folder, const char *file, const char *to,
                    const char *keys)
{
    weft_error error = {0};
    weft_restore_summary summary;
    const weft_restore_options options = {.ring = folder, .keys = {.key_dir = keys}};
    uint64_t begin = wf_clock_monotonic_ns();
    check(weft_restore(file, to, &options, &summary, &error), &error);
    note("restore", seconds_since(begin), "s");
    note("restore_facts", (double)summary.backup.facts, "rows");
}

int main(int count, char **arguments)
{
    static bench on;
    weft_error error = {0};
    char file[512], to[512], keys[512];
    if (count < 2) {
        fprintf(stderr, "backup_bench FOLDER [STEP_KB]\n");
        return 2;
    }
    const char *folder = arguments[1];
    snprintf(file, sizeof file, "%s.backup", folder);
    snprintf(to, sizeof to, "%s.restored", folder);
    snprintf(keys, sizeof keys, "%s.keys", folder);
    on.dice = wf_prng_new(2);
    on.collected = wf_kinds_find(wf_desk_kinds(), WF_TEXT("sample.collected"));
    on.tube = wf_kind_field(on.collected, WF_TEXT("tube"));
    on.person = wf_kind_field(on.collected, WF_TEXT("person"));
    on.site = wf_kind_field(on.collected, WF_TEXT("site"));
    snprintf(on.device, sizeof on.device, "B-%llu",
             (unsigned long long)(wf_clock_now().us / WF_US_PER_S));
    check(weft_city_open(folder, NULL, &on.city, &error), &error);
    for (size_t i = 0; i < alone; i++)
        on.alone_ms[i] = send_one(&on);
    back_up(&on, file, (count > 2 ? strtoull(arguments[2], NULL, 10) : 2048) << 10);
    weft_city_close(on.city);
    restore(folder, file, to, keys);
    return 0;
}
