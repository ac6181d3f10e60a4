// Posts → one commit: every line is put or refused, what is refused is kept whole.
#include <string.h>

#include "access/shared/shared_inside.h"
#include "base/clock.h"
#include "base/hash.h"

enum {
    // Lines that were refused and kept since the start, by hash: a sender that repeats
    // one makes no second file of it. When there are more the memory begins again.
    kept_max = 1 << 20
};

// ---- lines that are refused ----

static weft_time received_at(const wf_group *group)
{
    return weft_time_is_none(group->now) ? wf_clock_now() : group->now;
}

static weft_status open_refused(wf_group *group, weft_error *error)
{
    const weft_city *city = group->shared->city;
    weft_time now = received_at(group);
    const wf_refused_options options = {.io = city->io,
                                        .city_dir = city->dir.text,
                                        .keys = city->keys,
                                        .received = wf_zone_day_of(city->zone, now),
                                        .now = now,
                                        .kind = WEFT_IMPORT_FACTS};
    group->before.registers = wf_ledger_now(wf_store_ledger(city->store)).commits;
    return wf_refused_new(&options, &group->refused, error);
}

static uint64_t hash_of(const wf_shared *shared, const wf_post_line *line)
{
    uint64_t code = wf_hash(line->why->code, strlen(line->why->code), shared->seed);
    return wf_hash(line->raw.bytes, line->raw.size, code);
}

// Whether there is room for it in its sender's day.
static bool has_room(wf_group *group, const wf_post *post, const wf_post_line *line,
                     bool first)
{
    return wf_room_take(group->shared, post->from,
                        line->raw.size + WF_QUOTA_LINE_BYTES +
                            (first ? WF_QUOTA_POST_BYTES : 0));
}

// Keeps the raw line, sealed, unless the same was kept before. `source` counts the posts
// of this commit that have such lines.
static weft_status keep_line(wf_group *group, wf_post *post, const wf_post_line *line,
                             size_t *source, bool *named, weft_error *error)
{
    uint64_t hash = hash_of(group->shared, line);
    if (line->raw.size == 0 || wf_hash_set_has(&group->shared->kept, hash))
        return WEFT_OK;
    if (!has_room(group, post, line, !*named)) {
        post->not_kept++;
        return WEFT_OK;
    }
    if (group->refused == NULL)
        WF_TRY(open_refused(group, error));
    if (!*named) {
        WF_TRY(wf_refused_source(group->refused, (*source)++, post->from, WF_TEXT(""),
                                 error));
        *named = true;
    }
    const wf_refused_row row = {.source = *source - 1,
                                .line = line->line,
                                .code = wf_text_of(line->why->code),
                                .field = wf_text_of(line->why->field),
                                .params = line->why->params,
                                .params_count = line->why->params_count,
                                .raw = line->raw};
    if (!wf_buffer_append(&group->kept, &hash, sizeof hash))
        return wf_fail_memory(error);
    return wf_refused_add(group->refused, &row, error);
}

// What was kept is durable: it need not be kept again.
static void note_kept(wf_group *group)
{
    wf_shared *shared = group->shared;
    const uint64_t *hashes = (const uint64_t *)(const void *)group->kept.bytes;
    if (shared->kept.count > kept_max)
        wf_hash_set_done(&shared->kept);
    for (size_t i = 0; i < group->kept.size / sizeof *hashes; i++)
        if (!wf_hash_set_add(&shared->kept, hashes[i]))
            return; // then it is kept twice
}

// ---- putting ----

// Of a line that was refused before it came here: its number is filled.
static weft_status put_refusal(const wf_group *group, const wf_post_line *line,
                               weft_error *error)
{
    weft_time at = group->now;
    if (weft_time_is_none(at))
        at = (weft_time){0};
    if (line->id.device.size == 0)
        return WEFT_OK;
    return wf_store_refuse(group->shared->city->store, line->id, line->why->code, at,
                           error);
}

static weft_status put_fact(const wf_group *group, wf_post *post, wf_post_line *line,
                            weft_error *error)
{
    wf_store *store = group->shared->city->store;
    wf_verdict verdict;
    if (line->fact->id.seq == 0)
        line->fact->id.seq =
            wf_senders_next(wf_store_senders(store), line->fact->id.device);
    WF_TRY(wf_store_put(store, line->fact, &verdict, error));
    line->sent = verdict.sent;
    line->why = NULL;
    if (verdict.sent != WF_SENT_CONFLICT && verdict.sent != WF_SENT_REFUSED)
        return WEFT_OK;
    line->why = wf_arena_new(post->arena, sizeof *line->why);
    if (line->why == NULL)
        return wf_fail_memory(error);
    *line->why = verdict.why;
    return WEFT_OK;
}

static weft_status put_line(const wf_group *group, wf_post *post, wf_post_line *line,
                            weft_error *error)
{
    if (line->fact != NULL)
        return put_fact(group, post, line, error);
    WF_ASSERT(line->why != NULL && line->why->code != NULL);
    line->sent = WF_SENT_REFUSED;
    return put_refusal(group, line, error);
}

static weft_status put_post(const wf_group *group, wf_post *post, weft_error *error)
{
    for (size_t i = 0; i < post->count; i++)
        WF_TRY(put_line(group, post, &post->lines[i], error));
    post->sender_next = wf_senders_next(wf_store_senders(group->shared->city->store),
                                        wf_text_of(post->from));
    return WEFT_OK;
}

static weft_status keep_refused(wf_group *group, weft_error *error)
{
    size_t source = 0;
    for (wf_post *post = group->posts; post != NULL; post = post->next) {
        bool named = false;
        post->not_kept = 0;
        for (size_t i = 0; post->failed == WEFT_OK && i < post->count; i++)
            if (post->lines[i].why != NULL)
                WF_TRY(keep_line(group, post, &post->lines[i], &source, &named, error));
    }
    wf_path unused;
    return group->refused != NULL
               ? wf_refused_finish(group->refused, &group->before, &unused, error)
               : WEFT_OK;
}

// ---- the group ----

// Puts all posts that have not failed. *ret_culprit: the one that ended it, NULL: none.
static weft_status put_all(wf_group *group, wf_post **ret_culprit, weft_error *error)
{
    *ret_culprit = NULL;
    wf_store_begin(group->shared->city->store, group->now);
    for (wf_post *post = group->posts; post != NULL; post = post->next) {
        if (post->failed != WEFT_OK)
            continue;
        weft_status status = put_post(group, post, error);
        if (status != WEFT_OK) {
            *ret_culprit = post;
            return status;
        }
    }
    return WEFT_OK;
}

static void drop_refused(wf_group *group)
{
    wf_refused_free(group->refused, false);
    wf_buffer_done(&group->kept);
    wf_quota_end(&group->shared->quota, false);
    group->refused = NULL;
}

// What one post is to blame for. Of all else the storage is.
static bool is_its_own(weft_status status)
{
    return status == WEFT_TOO_LARGE || status == WEFT_BAD_INPUT ||
           status == WEFT_FORGOTTEN || status == WEFT_CONFLICT;
}

weft_status wf_group_write(wf_group *group, weft_error *error)
{
    wf_store *store = group->shared->city->store;
    for (;;) {
        wf_post *culprit;
        weft_status status = put_all(group, &culprit, error);
        if (status == WEFT_OK)
            status = keep_refused(group, error);
        if (status == WEFT_OK) {
            status = wf_store_commit_write(store, error);
            if (status != WEFT_OK)
                drop_refused(group);
            return status;
        }
        wf_store_rollback(store);
        drop_refused(group);
        if (culprit == NULL || !is_its_own(status))
            return status;
        culprit->failed = status;
        culprit->error = *error;
        wf_error_clear(error);
    }
}

static void count(wf_group *group)
{
    for (const wf_post *post = group->posts; post != NULL; post = post->next) {
        group->not_kept += post->failed == WEFT_OK ? post->not_kept : 0;
        for (size_t i = 0; post->failed == WEFT_OK && i < post->count; i++) {
            wf_sent sent = post->lines[i].sent;
            group->accepted += sent == WF_SENT_ACCEPTED;
            group->had += sent == WF_SENT_HAD;
            group->refusals += sent == WF_SENT_CONFLICT || sent == WF_SENT_REFUSED;
        }
    }
}

void wf_group_end(wf_group *group, bool synced)
{
    wf_store_commit_end(group->shared->city->store, synced);
    if (synced)
        count(group);
    if (synced && group->refused != NULL) {
        wf_refused_show(group->refused);
        note_kept(group);
    }
    wf_quota_end(&group->shared->quota, synced);
    // Whether a commit whose sync failed stands is decided by the next opening.
    wf_refused_free(group->refused, !synced);
    wf_buffer_done(&group->kept);
    group->refused = NULL;
}
