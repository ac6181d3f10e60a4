#include "keys/city_key.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "keys/seal.h"

enum { credential_bytes_max = 64 * 1024 };

static weft_status folder_from_home(wf_path *ret, weft_error *error)
{
    const char *state = getenv("XDG_STATE_HOME");
    // The XDG rules: a relative path there is to be ignored.
    if (state != NULL && state[0] == '/')
        return wf_path_join(state, "weft", ret, error);
    const char *home = getenv("HOME");
    if (home == NULL || home[0] != '/')
        return wf_fail(error, WEFT_BAD_USAGE, "keys.no_home", NULL);
    return wf_path_join(home, ".local/state/weft", ret, error);
}

static weft_status copy_path(const char *from, wf_path *ret, weft_error *error)
{
    size_t size = strlen(from);
    if (size >= sizeof ret->text)
        return wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", from, NULL);
    memcpy(ret->text, from, size + 1);
    return WEFT_OK;
}

weft_status wf_keys_default_dir(wf_path *ret, weft_error *error)
{
    const char *named = getenv("WEFT_KEY_DIR");
    if (named != NULL && named[0] != '\0')
        return copy_path(named, ret, error);
    return folder_from_home(ret, error);
}

static weft_status read_credential(wf_city_key *key, const char *path, weft_error *error)
{
    wf_arena arena;
    wf_arena_init(&arena, credential_bytes_max + 4096);
    wf_text text;
    weft_status status =
        wf_io_read_file(key->io, path, credential_bytes_max, &arena, &text, error);
    if (status == WEFT_OK && text.size == 0)
        status =
            wf_fail(error, WEFT_BAD_INPUT, "keys.credential_empty", "path", path, NULL);
    if (status == WEFT_OK) {
        crypto_generichash(key->credential, WF_KEY_BYTES,
                           (const unsigned char *)text.bytes, text.size, NULL, 0);
        // The bytes lie in our own arena: nobody else's text is changed.
        sodium_memzero((char *)(uintptr_t)text.bytes, text.size);
        key->has_credential = true;
    }
    wf_arena_done(&arena);
    return status;
}

static bool is_city_id(const char *city_id)
{
    return strlen(city_id) == 32 && strspn(city_id, "0123456789abcdef") == 32;
}

static weft_status resolve_paths(wf_city_key *key, const wf_keys_options *options,
                                 const char *city_id, weft_error *error)
{
    if (!is_city_id(city_id))
        return wf_fail(error, WEFT_BAD_INPUT, "keys.city_id", NULL);
    if (options->key_dir != NULL)
        WF_TRY(copy_path(options->key_dir, &key->folder, error));
    else
        WF_TRY(wf_keys_default_dir(&key->folder, error));
    char next_name[32 + sizeof ".next"];
    memcpy(next_name, city_id, 32);
    memcpy(next_name + 32, ".next", sizeof ".next");
    WF_TRY(wf_path_join(key->folder.text, city_id, &key->share_path, error));
    return wf_path_join(key->folder.text, next_name, &key->next_path, error);
}

weft_status wf_city_key_init(wf_city_key *key, const wf_keys_options *options,
                             const char *city_id, weft_error *error)
{
    *key = (wf_city_key){.io = options->io};
    WF_TRY(resolve_paths(key, options, city_id, error));
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    // Locks what it can and goes on where the limit of locked memory is reached.
    enum { bytes = 2 * sizeof(wf_city_secret) + WF_KEY_BYTES };
    key->current = sodium_malloc(bytes);
    if (key->current == NULL)
        return wf_fail_memory(error);
    memset(key->current, 0, bytes);
    key->next = key->current + 1;
    key->credential = (unsigned char *)(key->current + 2);
    if (options->credential == NULL)
        return WEFT_OK;
    weft_status status = read_credential(key, options->credential, error);
    if (status != WEFT_OK)
        wf_city_key_done(key);
    return status;
}

void wf_city_key_done(wf_city_key *key)
{
    sodium_free(key->current); // wipes; NULL does nothing
    key->current = NULL;
    key->next = NULL;
    key->credential = NULL;
}

static void make_wrap(const wf_city_key *key, wf_city_secret *secret)
{
    if (key->has_credential)
        crypto_generichash(secret->wrap.bytes, WF_KEY_BYTES, secret->share, WF_KEY_BYTES,
                           key->credential, WF_KEY_BYTES);
    else
        memcpy(secret->wrap.bytes, secret->share, WF_KEY_BYTES);
}

static weft_status check_private(const char *path, weft_error *error)
{
    struct stat about;
    if (stat(path, &about) != 0) {
        if (errno == ENOENT || errno == ENOTDIR)
            return wf_fail(error, WEFT_KEYLESS, "keys.no_city_key", "path", path, NULL);
        return wf_fail_errno(error, errno, "io.open", path);
    }
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return wf_fail(error, WEFT_NOT_ALLOWED, "keys.readable_by_others", "path", path,
                       NULL);
    if (!S_ISREG(about.st_mode) || about.st_size != WF_KEY_BYTES)
        return wf_fail(error, WEFT_DAMAGED, "keys.city_key_damaged", "path", path, NULL);
    return WEFT_OK;
}

weft_status wf_city_key_load(wf_city_key *key, const wf_path *path, weft_error *error)
{
    WF_TRY(check_private(path->text, error));
    int file = key->io->open(key->io, path->text, O_RDONLY | O_CLOEXEC, 0);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path->text);
    weft_status status = wf_io_pread_all(key->io, file, key->current->share, WF_KEY_BYTES,
                                         0, path->text, error);
    WF_IGNORE(key->io->close(key->io, file), "a file only read loses nothing in closing");
    if (status == WEFT_OK)
        make_wrap(key, key->current);
    return status;
}

static weft_status write_share(const wf_io *io, int file, const wf_city_secret *secret,
                               const char *path, weft_error *error)
{
    WF_TRY(wf_io_pwrite_all(io, file, secret->share, WF_KEY_BYTES, 0, path, error));
    if (io->sync(io, file) != 0)
        return wf_fail_errno(error, errno, "io.sync", path);
    return WEFT_OK;
}

// Draws `secret` and writes its share to a file that must not exist yet.
static weft_status draw(const wf_city_key *key, wf_city_secret *secret, const char *path,
                        weft_error *error)
{
    const wf_io *io = key->io;
    int file = io->open(io, path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file < 0 && errno == EEXIST)
        return wf_fail(error, WEFT_CONFLICT, "keys.exists", "path", path, NULL);
    if (file < 0)
        return wf_fail_errno(error, errno, "io.open", path);
    wf_random_bytes(secret->share, WF_KEY_BYTES);
    make_wrap(key, secret);
    weft_status status = write_share(io, file, secret, path, error);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    if (status == WEFT_OK && io->sync_dir(io, key->folder.text) != 0)
        status = wf_fail_errno(error, errno, "io.sync", key->folder.text);
    if (status != WEFT_OK)
        WF_IGNORE(io->unlink(io, path), "a share nothing is sealed under is no secret");
    return status;
}

weft_status wf_city_key_create(wf_city_key *key, weft_error *error)
{
    return draw(key, key->current, key->share_path.text, error);
}

weft_status wf_city_key_draw_next(wf_city_key *key, weft_error *error)
{
    // Left over from an attempt that failed before its commit.
    WF_TRY(wf_city_key_shred(key->io, key->next_path.text, error));
    return draw(key, key->next, key->next_path.text, error);
}

void wf_city_key_adopt_next(wf_city_key *key)
{
    memcpy(key->current, key->next, sizeof *key->current);
    sodium_memzero(key->next, sizeof *key->next);
}

// Puts noise over a file in place. A missing file is fine.
static weft_status overwrite(const wf_io *io, const char *path, weft_error *error)
{
    int file = io->open(io, path, O_WRONLY | O_CLOEXEC, 0);
    if (file < 0)
        return errno == ENOENT ? WEFT_OK : wf_fail_errno(error, errno, "io.open", path);
    unsigned char noise[WF_KEY_BYTES];
    wf_random_bytes(noise, sizeof noise);
    weft_status status = wf_io_pwrite_all(io, file, noise, sizeof noise, 0, path, error);
    if (status == WEFT_OK && io->sync(io, file) != 0)
        status = wf_fail_errno(error, errno, "io.sync", path);
    if (io->close(io, file) != 0 && status == WEFT_OK)
        status = wf_fail_errno(error, errno, "io.write", path);
    return status;
}

weft_status wf_city_key_promote(const wf_city_key *key, weft_error *error)
{
    const wf_io *io = key->io;
    // Once .next has taken the name there is nothing left to do but to sync it.
    if (wf_io_exists(io, key->next_path.text)) {
        WF_TRY(overwrite(io, key->share_path.text, error));
        if (io->rename(io, key->next_path.text, key->share_path.text) != 0)
            return wf_fail_errno(error, errno, "io.rename", key->next_path.text);
    }
    if (io->sync_dir(io, key->folder.text) != 0)
        return wf_fail_errno(error, errno, "io.sync", key->folder.text);
    return WEFT_OK;
}

weft_status wf_city_key_shred(const wf_io *io, const char *path, weft_error *error)
{
    if (!wf_io_exists(io, path))
        return WEFT_OK;
    WF_TRY(overwrite(io, path, error));
    if (io->unlink(io, path) != 0 && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path);
    return WEFT_OK;
}
