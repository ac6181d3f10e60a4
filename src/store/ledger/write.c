#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "keys/seal.h"
#include "store/ledger/inside.h"

enum { body_bytes_max = 8 << 20 };

static weft_status fail_stopped(const wf_ledger *ledger, weft_error *error)
{
    return wf_fail(error, WEFT_STORAGE, "ledger.stopped", "path", ledger->folder.text,
                   NULL);
}

// ---- what is still taken ----

static weft_status fail_forgotten(weft_day day, weft_error *error)
{
    char text[WF_DAY_TEXT_MAX];
    return wf_fail(error, WEFT_FORGOTTEN, "fact.forgotten", "day", wf_day_text(text, day),
                   NULL);
}

weft_status wf_ledger_takes(const wf_ledger *ledger, wf_keep keep, weft_time at,
                            weft_error *error)
{
    weft_day day = wf_zone_day_of(ledger->options.zone, at);
    if (wf_keys_is_forgotten(ledger->options.keys, wf_key_class_of(keep), day))
        return fail_forgotten(day, error);
    return WEFT_OK;
}

// ---- digests ----

// Secrets of forgotten days are not used, and their places soon taken by others.
weft_status wf_ledger_secret_of(wf_ledger *ledger, wf_keep keep, weft_day day,
                                const wf_ledger_secret **ret, weft_error *error)
{
    wf_key_class key_class = wf_key_class_of(keep);
    if (wf_keys_is_forgotten(ledger->options.keys, key_class, day))
        return fail_forgotten(day, error);
    uint32_t place = (uint32_t)day.number * 8 + (uint32_t)keep;
    wf_ledger_secret *slot = &ledger->secrets[place % wf_ledger_secrets];
    if (!slot->known || slot->keep != keep || slot->day.number != day.number) {
        const wf_key *key;
        unsigned char derived[WF_SEAL_SECRET_BYTES];
        pthread_mutex_lock(&ledger->state);
        weft_status status =
            wf_keys_make(ledger->options.keys, key_class, day, &key, error);
        pthread_mutex_unlock(&ledger->state);
        WF_TRY(status);
        wf_seal_derive(key, WF_TEXT("weft ledger digest"), derived);
        *slot = (wf_ledger_secret){.known = true, .keep = keep, .day = day};
        memcpy(slot->secret, derived, sizeof slot->secret);
        sodium_memzero(derived, sizeof derived);
    }
    *ret = slot;
    return WEFT_OK;
}

uint64_t wf_ledger_digest_of(const wf_ledger_secret *secret, wf_text body)
{
    _Static_assert(crypto_shorthash_BYTES == sizeof(uint64_t), "a digest is 64 bits");
    _Static_assert(crypto_shorthash_KEYBYTES == wf_ledger_secret_bytes,
                   "secrets are keys of SipHash-2-4");
    unsigned char hash[crypto_shorthash_BYTES];
    uint64_t digest = 0;
    int failed = crypto_shorthash(hash, (const unsigned char *)body.bytes, body.size,
                                  secret->secret);
    WF_ASSERT(failed == 0);
    for (size_t i = 0; i < sizeof hash; i++)
        digest |= (uint64_t)hash[i] << (8 * i);
    return digest;
}

weft_status wf_ledger_digest(wf_ledger *ledger, wf_keep keep, weft_time at, wf_text body,
                             uint64_t *ret, weft_error *error)
{
    const wf_ledger_secret *secret;
    weft_day day = wf_zone_day_of(ledger->options.zone, at);
    WF_TRY(wf_ledger_secret_of(ledger, keep, day, &secret, error));
    *ret = wf_ledger_digest_of(secret, body);
    return WEFT_OK;
}

// ---- files ----

static weft_status make_folder(wf_ledger *ledger, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    if (io->mkdir(io, ledger->folder.text, 0700) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", ledger->folder.text);
    if (io->sync_dir(io, ledger->options.city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", ledger->options.city_dir);
    return WEFT_OK;
}

static weft_status open_new(wf_ledger *ledger, const wf_path *path, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    int file = io->open(io, path->text, O_RDWR | O_CLOEXEC, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path->text);
    wf_ledger_file *files = ledger->files;
    size_t capacity = ledger->files_capacity;
    pthread_mutex_lock(&ledger->state);
    if (ledger->files_count == capacity) {
        capacity = capacity == 0 ? 8 : capacity * 2;
        files = reallocarray(files, capacity, sizeof *files);
    }
    if (files != NULL) {
        ledger->files = files;
        ledger->files_capacity = capacity;
        files[ledger->files_count++] =
            (wf_ledger_file){.before = ledger->head, .end = wf_ledger_file_head_bytes};
    }
    pthread_mutex_unlock(&ledger->state);
    if (files == NULL) {
        WF_IGNORE(io->close(io, file), "nothing was written to it");
        return wf_fail_memory(error);
    }
    if (ledger->file >= 0)
        WF_IGNORE(io->close(io, ledger->file), "what was acknowledged is synced");
    ledger->file = file;
    ledger->path = *path;
    ledger->blank_end = 0;
    return WEFT_OK;
}

static wf_ledger_file *newest(wf_ledger *ledger)
{
    return &ledger->files[ledger->files_count - 1];
}

// ---- zeroes ahead ----

void wf_ledger_write_ahead(wf_ledger *ledger, uint64_t bytes)
{
    ledger->ahead_bytes = bytes;
}

// Cuts off what is behind `end`; false: it could not be.
static bool cut(wf_ledger *ledger, uint64_t end)
{
    const wf_io *io = ledger->options.io;
    if (io->truncate(io, ledger->file, (off_t)end) != 0)
        return false;
    ledger->blank_end = end;
    return true;
}

weft_status wf_ledger_cut_ahead(wf_ledger *ledger, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    if (ledger->files_count == 0 || ledger->stopped ||
        ledger->blank_end <= newest(ledger)->end)
        return WEFT_OK;
    uint64_t blank_end = ledger->blank_end;
    if (!cut(ledger, newest(ledger)->end))
        return wf_fail_errno(error, errno, "io.write", ledger->path.text);
    if (io->sync(io, ledger->file) == 0)
        return WEFT_OK;
    ledger->blank_end = blank_end; // for all that the disk knows
    return wf_fail_errno(error, errno, "io.sync", ledger->path.text);
}

// They are durable with the commit that reached the end. Without room for them nothing is
// lost: the file grows by what is written.
static void write_zeroes(wf_ledger *ledger)
{
    static const unsigned char zeroes[64 * 1024];
    const wf_io *io = ledger->options.io;
    uint64_t at = ledger->write_at, end = at + ledger->ahead_bytes;
    while (at < end) {
        size_t part = end - at < sizeof zeroes ? (size_t)(end - at) : sizeof zeroes;
        ssize_t done = io->pwrite(io, ledger->file, zeroes, part, (off_t)at);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            break;
        at += (uint64_t)done;
    }
    ledger->blank_end = at;
    if (at == end)
        return;
    ledger->ahead_bytes = 0;
    ledger->stopped = !cut(ledger, ledger->write_at);
}

// ---- the next file ----

// Begins the next file. Before it, the ring learns where the last one ends, so that a
// file that goes missing is noticed. Can be repeated when it failed.
static weft_status begin_file(wf_ledger *ledger, weft_error *error)
{
    unsigned char head[wf_ledger_file_head_bytes];
    uint64_t number = ledger->files_count + 1;
    wf_path path;
    WF_TRY(wf_ledger_file_path(ledger->options.city_dir, number, &path, error));
    if (number == 1)
        WF_TRY(make_folder(ledger, error));
    if (number > 1) {
        WF_TRY(wf_ledger_cut_ahead(ledger, error)); // it is read to its end from now on
        wf_ledger_mark(ledger);
        WF_TRY(wf_keys_commit(ledger->options.keys, error));
    }
    wf_ledger_print_file_head(head, number, &ledger->head);
    WF_TRY(wf_io_replace_file(ledger->options.io, path.text,
                              (wf_text){(const char *)head, sizeof head}, 0600, error));
    return open_new(ledger, &path, error);
}

static weft_status begin_writing(wf_ledger *ledger, weft_error *error)
{
    if (ledger->under_way)
        return WEFT_OK;
    if (ledger->files_count == 0 || newest(ledger)->end >= ledger->file_bytes)
        WF_TRY(begin_file(ledger, error));
    ledger->under_way = true;
    ledger->write_at = newest(ledger)->end;
    ledger->write_state = ledger->head;
    ledger->spots_count = 0;
    return WEFT_OK;
}

// ---- records ----

// Keys are durable before anything that is sealed under them.
static weft_status ready_keys(wf_ledger *ledger, weft_error *error)
{
    const wf_key *key;
    pthread_mutex_lock(&ledger->state);
    weft_status status =
        wf_keys_make(ledger->options.keys, WF_KEY_LEDGER, (weft_day){0}, &key, error);
    if (status == WEFT_OK && wf_keys_commit_due(ledger->options.keys))
        status = wf_keys_commit(ledger->options.keys, error);
    pthread_mutex_unlock(&ledger->state);
    return status;
}

static weft_status write_record(wf_ledger *ledger, bool more, weft_time received,
                                weft_error *error)
{
    const wf_ledger_file *file = newest(ledger);
    wf_ledger_record_head head = {.more = more, .received = received};
    WF_TRY(wf_ledger_draft_seal(&ledger->draft, ledger->options.keys,
                                &ledger->write_state, &head, &ledger->record, error));
    uint64_t last_at = file->spots_count == 0 ? 0 : file->spots[file->spots_count - 1].at;
    if (!wf_ledger_note_spot(&ledger->spots, &ledger->spots_count,
                             &ledger->spots_capacity, last_at, ledger->write_at,
                             &ledger->write_state))
        return wf_fail_memory(error);
    uint64_t at = ledger->write_at;
    ledger->write_at += head.size; // so far it may reach when it fails
    weft_status status =
        wf_io_pwrite_all(ledger->options.io, ledger->file, ledger->record.bytes,
                         ledger->record.size, (off_t)at, ledger->path.text, error);
    // A full disk is no broken one: what was written is cut off again.
    if (status != WEFT_OK && status != WEFT_DISK_FULL)
        ledger->stopped = true;
    WF_TRY(status);
    if (ledger->ahead_bytes > 0 && ledger->write_at > ledger->blank_end)
        write_zeroes(ledger);
    if (ledger->stopped)
        return fail_stopped(ledger, error);
    wf_ledger_state_pass(&ledger->write_state, &head);
    wf_ledger_draft_clear(&ledger->draft);
    return WEFT_OK;
}

static weft_status write_out(wf_ledger *ledger, bool more, weft_time received,
                             weft_error *error)
{
    WF_TRY(ready_keys(ledger, error));
    WF_TRY(begin_writing(ledger, error));
    return write_record(ledger, more, received, error);
}

// ---- adding ----

// A commit that lost a fact must not become one without it.
static weft_status spoil(wf_ledger *ledger, weft_status status, const weft_error *error)
{
    ledger->spoiled = status;
    ledger->spoiled_by = *error;
    return status;
}

static weft_status fail_spoiled(const wf_ledger *ledger, weft_error *error)
{
    *error = ledger->spoiled_by;
    return ledger->spoiled;
}

static weft_status add_envelope(wf_ledger *ledger, const wf_ledger_envelope *envelope,
                                weft_error *error)
{
    size_t after = wf_ledger_draft_bytes(&ledger->draft) + envelope->body.size;
    if (ledger->draft.count > 0 && after > ledger->record_bytes)
        WF_TRY(write_out(ledger, true, WF_TIME_NONE, error));
    return wf_ledger_draft_add(&ledger->draft, envelope, error);
}

weft_status wf_ledger_add(wf_ledger *ledger, const wf_fact *fact, uint64_t *ret_position,
                          weft_error *error)
{
    const wf_ledger_secret *secret;
    if (ledger->stopped)
        return fail_stopped(ledger, error);
    if (ledger->spoiled != WEFT_OK)
        return fail_spoiled(ledger, error);
    wf_ledger_envelope envelope = {
        .kind_number = fact->kind->number,
        .keep = fact->kind->keep,
        .day = wf_zone_day_of(ledger->options.zone, wf_fact_kept_at(fact)),
        .id = fact->id,
        .amends = fact->amends,
        .at = fact->at,
        .grid = fact->grid,
        .elsewhere = fact->kind->body_elsewhere && ledger->options.bodies_elsewhere};
    WF_TRY(wf_ledger_secret_of(ledger, envelope.keep, envelope.day, &secret, error));
    wf_buffer_clear(&ledger->body);
    WF_TRY(wf_fact_encode(fact, &ledger->body, error));
    envelope.body = wf_buffer_text(&ledger->body);
    if (envelope.body.size > body_bytes_max)
        return wf_fail(error, WEFT_TOO_LARGE, "ledger.fact_too_large", NULL);
    envelope.digest = wf_ledger_digest_of(secret, envelope.body);
    if (envelope.elsewhere)
        envelope.body = WF_TEXT("");
    weft_status status = add_envelope(ledger, &envelope, error);
    if (status != WEFT_OK)
        return spoil(ledger, status, error);
    uint64_t before =
        ledger->under_way ? ledger->write_state.positions : ledger->head.positions;
    *ret_position = before + ledger->draft.count;
    return WEFT_OK;
}

// ---- ending a commit ----

bool wf_ledger_is_stopped(const wf_ledger *ledger)
{
    return ledger->stopped;
}

static void forget_commit(wf_ledger *ledger)
{
    wf_ledger_draft_clear(&ledger->draft);
    ledger->under_way = false;
    ledger->written = false;
    ledger->spoiled = WEFT_OK;
    wf_error_clear(&ledger->spoiled_by);
}

void wf_ledger_abandon(wf_ledger *ledger)
{
    const wf_io *io = ledger->options.io;
    if (ledger->under_way && !ledger->stopped && ledger->write_at > newest(ledger)->end) {
        // Also the cut is synced before anything is written in its place: else a torn
        // append could be patched with what stood there before.
        ledger->stopped =
            !cut(ledger, newest(ledger)->end) || io->sync(io, ledger->file) != 0;
    }
    forget_commit(ledger);
}

// Readers see the commit from here on. Room for its spots is made before the sync.
static bool reserve_spots(wf_ledger *ledger)
{
    wf_ledger_file *file = newest(ledger);
    size_t count = file->spots_count + ledger->spots_count;
    if (count <= file->spots_capacity)
        return true;
    pthread_mutex_lock(&ledger->state);
    wf_ledger_spot *spots = reallocarray(file->spots, count * 2, sizeof *spots);
    if (spots != NULL) {
        file->spots = spots;
        file->spots_capacity = count * 2;
    }
    pthread_mutex_unlock(&ledger->state);
    return spots != NULL;
}

static void publish(wf_ledger *ledger)
{
    pthread_mutex_lock(&ledger->state);
    wf_ledger_file *file = newest(ledger);
    for (size_t i = 0; i < ledger->spots_count; i++)
        file->spots[file->spots_count++] = ledger->spots[i];
    file->end = ledger->write_at;
    ledger->head = ledger->write_state;
    pthread_mutex_unlock(&ledger->state);
    forget_commit(ledger);
}

static weft_status end_writing(wf_ledger *ledger, weft_status status, weft_error *error)
{
    if (status == WEFT_OK && !reserve_spots(ledger))
        status = wf_fail_memory(error);
    ledger->written = status == WEFT_OK;
    if (status != WEFT_OK)
        wf_ledger_abandon(ledger);
    return status;
}

weft_status wf_ledger_commit_write(wf_ledger *ledger, weft_time received,
                                   weft_error *error)
{
    if (ledger->stopped)
        return fail_stopped(ledger, error);
    if (ledger->draft.count == 0 && ledger->spoiled == WEFT_OK)
        return WEFT_OK;
    weft_status status = ledger->spoiled != WEFT_OK
                             ? fail_spoiled(ledger, error)
                             : write_out(ledger, false, received, error);
    return end_writing(ledger, status, error);
}

// Each draft takes the place of the ledger's own, which is empty.
weft_status wf_ledger_ready_write(wf_ledger *ledger, wf_ledger_ready *ready,
                                  weft_time received, weft_error *error)
{
    weft_status status = WEFT_OK;
    if (ledger->stopped)
        return fail_stopped(ledger, error);
    WF_ASSERT(ledger->draft.count == 0 && !ledger->under_way &&
              ledger->spoiled == WEFT_OK);
    if (ready->drafts_count == 0)
        return WEFT_OK;
    for (size_t i = 0; status == WEFT_OK && i < ready->drafts_count; i++) {
        bool more = i + 1 < ready->drafts_count;
        wf_ledger_draft own = ledger->draft;
        ledger->draft = ready->drafts[i];
        status = write_out(ledger, more, more ? WF_TIME_NONE : received, error);
        ready->drafts[i] = ledger->draft;
        ledger->draft = own;
    }
    return end_writing(ledger, status, error);
}

weft_status wf_ledger_commit_sync(const wf_ledger *ledger, weft_error *error)
{
    const wf_io *io = ledger->options.io;
    if (ledger->written && io->sync(io, ledger->file) != 0)
        return wf_fail_errno(error, errno, "io.sync", ledger->path.text);
    return WEFT_OK;
}

void wf_ledger_commit_end(wf_ledger *ledger, bool synced)
{
    if (!ledger->written)
        return;
    if (synced) {
        publish(ledger);
    } else {
        ledger->stopped = true;
        wf_ledger_abandon(ledger);
    }
}

weft_status wf_ledger_commit(wf_ledger *ledger, weft_time received, weft_error *error)
{
    WF_TRY(wf_ledger_commit_write(ledger, received, error));
    weft_status status = wf_ledger_commit_sync(ledger, error);
    wf_ledger_commit_end(ledger, status == WEFT_OK);
    return status;
}
