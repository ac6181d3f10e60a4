#include "store/ledger/ledger.h"

#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "store/ledger/inside.h"

enum { file_bytes_default = 256 << 20, record_bytes_default = 1 << 20 };

// ---- opening and closing ----

static weft_status ledger_init(wf_ledger *ledger, weft_error *error)
{
    const wf_ledger_options *options = &ledger->options;
    ledger->file_bytes =
        options->file_bytes != 0 ? options->file_bytes : file_bytes_default;
    ledger->record_bytes =
        options->record_bytes != 0 ? options->record_bytes : record_bytes_default;
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    ledger->secrets = sodium_allocarray(wf_ledger_secrets, sizeof *ledger->secrets);
    if (ledger->secrets == NULL)
        return wf_fail_memory(error);
    memset(ledger->secrets, 0, wf_ledger_secrets * sizeof *ledger->secrets);
    WF_TRY(wf_path_join(options->city_dir, "ledger", &ledger->folder, error));
    return wf_ledger_find_end(ledger, error);
}

weft_status wf_ledger_open(const wf_ledger_options *options, wf_ledger **ret,
                           weft_error *error)
{
    wf_ledger *ledger = calloc(1, sizeof *ledger);
    if (ledger == NULL)
        return wf_fail_memory(error);
    ledger->options = *options;
    ledger->file = -1;
    ledger->head = wf_ledger_state_first();
    bool locks = pthread_mutex_init(&ledger->state, NULL) == 0 &&
                 pthread_mutex_init(&ledger->reading, NULL) == 0;
    WF_ASSERT(locks); // of the default kind: nothing to run out of
    weft_status status = ledger_init(ledger, error);
    if (status != WEFT_OK) {
        wf_ledger_close(ledger);
        return status;
    }
    *ret = ledger;
    return WEFT_OK;
}

void wf_ledger_close(wf_ledger *ledger)
{
    if (ledger == NULL)
        return;
    weft_error unused = {0};
    wf_ledger_abandon(ledger);
    WF_IGNORE(wf_ledger_cut_ahead(ledger, &unused), "the next opening cuts them off");
    if (ledger->file >= 0)
        WF_IGNORE(ledger->options.io->close(ledger->options.io, ledger->file),
                  "what was acknowledged is synced");
    for (size_t i = 0; i < ledger->files_count; i++)
        free(ledger->files[i].spots);
    free(ledger->files);
    free(ledger->spots);
    sodium_free(ledger->secrets);
    wf_ledger_draft_done(&ledger->draft);
    wf_buffer_wipe(&ledger->body);
    wf_buffer_done(&ledger->record);
    wf_ledger_drop_cache(ledger);
    wf_ledger_walk_close(&ledger->walk);
    pthread_mutex_destroy(&ledger->state);
    pthread_mutex_destroy(&ledger->reading);
    free(ledger);
}

// ---- where it stands ----

wf_ledger_head wf_ledger_now(const wf_ledger *ledger)
{
    // A lock is no part of what the ledger holds.
    pthread_mutex_t *lock = (pthread_mutex_t *)&ledger->state;
    wf_ledger_head now;
    pthread_mutex_lock(lock);
    now.commits = ledger->head.commits;
    now.positions = ledger->head.positions;
    now.received = ledger->head.received;
    memcpy(now.link, ledger->head.link, WF_LINK_BYTES);
    pthread_mutex_unlock(lock);
    return now;
}

void wf_ledger_mark(wf_ledger *ledger)
{
    wf_keys_ledger mark = {.commits = ledger->head.commits};
    memcpy(mark.link, ledger->head.link, sizeof mark.link);
    pthread_mutex_lock(&ledger->state);
    wf_keys_mark_ledger(ledger->options.keys, &mark);
    pthread_mutex_unlock(&ledger->state);
}

// ---- keys ----

weft_status wf_ledger_envelope_key(wf_ledger *ledger, const wf_key **ret,
                                   weft_error *error)
{
    pthread_mutex_lock(&ledger->state);
    weft_status status =
        wf_keys_find(ledger->options.keys, WF_KEY_LEDGER, (weft_day){0}, ret, error);
    pthread_mutex_unlock(&ledger->state);
    return status;
}

weft_status wf_ledger_group_key(wf_ledger *ledger, const wf_ledger_group *group,
                                const wf_key **ret, bool *ret_forgotten,
                                weft_error *error)
{
    wf_key_class key_class = wf_key_class_of(group->keep);
    weft_status status = WEFT_OK;
    pthread_mutex_lock(&ledger->state);
    bool forgotten = wf_keys_is_forgotten(ledger->options.keys, key_class, group->day);
    if (!forgotten)
        status = wf_keys_find(ledger->options.keys, key_class, group->day, ret, error);
    pthread_mutex_unlock(&ledger->state);
    if (status == WEFT_OK)
        *ret_forgotten = forgotten;
    return status;
}

bool wf_ledger_note_spot(wf_ledger_spot **spots, size_t *count, size_t *capacity,
                         uint64_t last_at, uint64_t at, const wf_ledger_state *state)
{
    if (*count > 0)
        last_at = (*spots)[*count - 1].at;
    if (at - last_at < wf_ledger_stride_bytes && last_at != 0)
        return true;
    if (*count == *capacity) {
        size_t more = *capacity == 0 ? 16 : *capacity * 2;
        wf_ledger_spot *made = reallocarray(*spots, more, sizeof *made);
        if (made == NULL)
            return false;
        *spots = made;
        *capacity = more;
    }
    (*spots)[(*count)++] = (wf_ledger_spot){at, *state};
    return true;
}
