// A drill city of a test's own that is backed up and restored: through the public
// functions, with facts and visits of invented people.
#ifndef TEST_SUPPORT_BACKED_CITY_H
#define TEST_SUPPORT_BACKED_CITY_H

#include "access/city/city.h"
#include "access/copies/restore.h"
#include "support/made_store.h"
#include "weft/backup.h"
#include "weft/care.h"
#include "weft/facts.h"
#include "weft/keys.h"

typedef struct {
    wf_path base;    // all of it
    wf_path dir;     // the city
    wf_path key_dir; // of its key
    wf_path recipient, secret, public;
    weft_city *city;
} backed_city;

static inline void backed_ok(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s: %s %s\n", weft_status_name(status),
            error->code != NULL ? error->code : "?", error->params[0].value);
    abort();
}

static inline void backed_open(backed_city *b)
{
    weft_error error = {0};
    const weft_key_options keys = {.key_dir = b->key_dir.text};
    backed_ok(weft_city_open(b->dir.text, &keys, &b->city, &error), &error);
}

static inline void backed_new(backed_city *b)
{
    weft_error error = {0};
    weft_recipient made;
    *b = (backed_city){0};
    scratch_new(&b->base);
    b->dir = scratch_path(&b->base, "city");
    b->key_dir = scratch_path(&b->base, "keys");
    b->recipient = scratch_path(&b->base, "officer");
    b->secret = scratch_path(&b->base, "officer.key");
    b->public = scratch_path(&b->base, "officer.pub");
    const weft_init_options options = {.kind = WEFT_CITY_DRILL,
                                       .clock = "2021-12-12T08:00+08:00",
                                       .keys.key_dir = b->key_dir.text};
    backed_ok(weft_city_init(b->dir.text, &options, &error), &error);
    backed_ok(weft_recipient_new(b->recipient.text, NULL, &made, &error), &error);
    backed_open(b);
}

static inline void backed_done(backed_city *b)
{
    weft_city_close(b->city);
    scratch_remove(b->base.text);
}

// A sealed tube, on a day of 2021 ("12-11").
static inline void backed_tube(backed_city *b, const char *tube, const char *date)
{
    char named[64], at[32];
    weft_error error = {0};
    weft_fact_reply reply;
    weft_fact_options how = {.at = WEFT_TIME_NONE};
    const char *fields[] = {named, "count=10"};
    if (snprintf(named, sizeof named, "tube=%s", tube) >= (int)sizeof named ||
        snprintf(at, sizeof at, "2021-%s 07:41", date) >= (int)sizeof at)
        abort();
    backed_ok(weft_city_time_parse(b->city, at, &how.at, &error), &error);
    backed_ok(weft_fact_send(b->city, "tube.sealed", fields, 2, &how, &reply, &error),
              &error);
}

static inline void backed_visit(backed_city *b, const char *person, const char *place,
                                weft_day day)
{
    const made_row row = {person, place, day, 420, 450, NULL, 0, false, 0};
    weft_error error = {0};
    wf_visits_batch_count count;
    backed_ok(made_deliver(b->city->visits, &row, 1, 1 << 30, &count, &error), &error);
}

// Stated on the day before 12 December; `start` as "2021-12-11 08:00".
static inline void backed_stated(backed_city *b, const char *person, const char *start)
{
    char named[64], began[64];
    weft_error error = {0};
    weft_fact_reply reply;
    weft_fact_options how = {.at = WEFT_TIME_NONE};
    const char *fields[] = {named, "place=PL-0000001", began};
    if (snprintf(named, sizeof named, "person=%s", person) >= (int)sizeof named ||
        snprintf(began, sizeof began, "start=%s", start) >= (int)sizeof began)
        abort();
    backed_ok(weft_city_time_parse(b->city, "2021-12-11 23:00", &how.at, &error), &error);
    backed_ok(weft_fact_send(b->city, "visit.stated", fields, 3, &how, &reply, &error),
              &error);
}

// 10 and 11 December 2021.
#define BACKED_OLD ((weft_day){18971})
#define BACKED_NEW ((weft_day){18972})

// Something of everything, of two days.
static inline void backed_fill(backed_city *b)
{
    backed_tube(b, "T0000001", "12-10");
    backed_tube(b, "T0000002", "12-11");
    backed_visit(b, "P-0000001", "PL-0000001", BACKED_OLD);
    backed_visit(b, "P-0000002", "PL-0000001", BACKED_NEW);
    backed_visit(b, "P-0000003", "PL-0000002", BACKED_NEW);
    backed_stated(b, "P-0000001", "2021-12-10 07:10");
    backed_stated(b, "P-0000003", "2021-12-11 07:10");
}

// ---- backups ----

static inline weft_status backed_try_backup(backed_city *b, const char *file,
                                            weft_error *error)
{
    weft_backup *job = NULL;
    weft_backup_progress progress = {0};
    WF_TRY(weft_backup_begin(b->city, file, &job, error));
    weft_status status = WEFT_OK;
    while (status == WEFT_OK && !progress.done)
        status = weft_backup_step(job, 1000, &progress, error);
    weft_backup_end(job);
    return status;
}

static inline wf_path backed_backup(backed_city *b, const char *name)
{
    wf_path file = scratch_path(&b->base, name);
    weft_error error = {0};
    backed_ok(backed_try_backup(b, file.text, &error), &error);
    return file;
}

static inline wf_path backed_export(backed_city *b, const char *name)
{
    wf_path file = scratch_path(&b->base, name);
    weft_error error = {0};
    weft_key_copy copy;
    const weft_day until = {40000};
    backed_ok(weft_keys_export(b->city, b->public.text, until, file.text, &copy, &error),
              &error);
    return file;
}

// ---- restoring ----

// Where a restored city goes: its folder and its key folder.
typedef struct {
    wf_path dir, key_dir;
} backed_place;

static inline backed_place backed_place_of(const backed_city *b, const char *name)
{
    wf_path top = scratch_path(&b->base, name);
    if (mkdir(top.text, 0700) != 0)
        abort();
    return (backed_place){scratch_path(&top, "city"), scratch_path(&top, "keys")};
}

static inline weft_status backed_try_restore(const backed_city *b, const wf_io *io,
                                             const wf_path *file, const wf_path *ring,
                                             const backed_place *to, bool without_visits,
                                             weft_restore_summary *ret, weft_error *error)
{
    const weft_restore_options options = {.ring = ring->text,
                                          .key = b->secret.text,
                                          .keys = {.key_dir = to->key_dir.text},
                                          .threads = 1,
                                          .without_visits = without_visits};
    return wf_restore(io, file->text, to->dir.text, &options, ret, error);
}

// Without syncs.
static inline weft_city *backed_open_at(const backed_place *at)
{
    static wf_io quick;
    weft_error error = {0};
    weft_city *city = NULL;
    wf_path line = scratch_path(&at->dir, WF_CITY_RESTORING);
    const weft_key_options keys = {.key_dir = at->key_dir.text};
    quick = made_io();
    if (wf_io_exists(&quick, line.text))
        abort();
    backed_ok(wf_city_open_restoring(&quick, at->dir.text, &keys, &city, &error), &error);
    return city;
}

static inline weft_city *backed_restore(const backed_city *b, const wf_path *file,
                                        const wf_path *ring, const char *name,
                                        bool without_visits)
{
    weft_error error = {0};
    weft_restore_summary summary;
    backed_place to = backed_place_of(b, name);
    const wf_io quick = made_io();
    backed_ok(
        backed_try_restore(b, &quick, file, ring, &to, without_visits, &summary, &error),
        &error);
    return backed_open_at(&to);
}

// ---- comparing ----

typedef struct {
    char total[65];
    char tables[8192]; // names and sums of all tables
} backed_digest;

static inline void backed_keep_line(void *context, const weft_digest_line *line)
{
    backed_digest *to = context;
    size_t size = strlen(to->tables);
    if (strcmp(line->name, "total") == 0)
        memcpy(to->total, line->hex, sizeof to->total);
    else if (line->name[0] > '9' &&
             snprintf(to->tables + size, sizeof to->tables - size, "%s %s\n", line->name,
                      line->hex) >= (int)(sizeof to->tables - size))
        abort();
}

static inline backed_digest backed_digest_of(weft_city *city)
{
    backed_digest all = {{0}, {0}};
    weft_error error = {0};
    backed_ok(weft_digest(city, backed_keep_line, &all, &error), &error);
    return all;
}

static inline void backed_say_found(void *context, const weft_error *what)
{
    (void)context;
    fprintf(stderr, "found: %s %s\n", what->code, what->params[0].value);
}

static inline bool backed_is_whole(weft_city *city)
{
    weft_error error = {0};
    return weft_verify(city, backed_say_found, NULL, &error) == WEFT_OK;
}

#endif
