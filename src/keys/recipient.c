#include "keys/recipient.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <string.h>
#include <sys/stat.h>

#include "base/bytes.h"
#include "keys/key.h"
#include "keys/seal.h"

enum {
    version = 1,
    flag_passphrase = 1,
    head_bytes = 48,
    kdf_bytes = 32, // salt, operations, memory
    secret_bytes = crypto_box_SECRETKEYBYTES,
    plain_file_bytes = head_bytes + secret_bytes,
    sealed_file_bytes = head_bytes + kdf_bytes + WF_SEAL_BLOB_OVERHEAD + secret_bytes,
    // Of a file that was made elsewhere: what opening it may cost.
    operations_max = 16,
    public_file_max = 512,
};
static const uint64_t memory_max = UINT64_C(1) << 30;

_Static_assert(crypto_box_PUBLICKEYBYTES == WF_KEYS_PUBLIC_BYTES, "X25519");
_Static_assert(crypto_box_SEALBYTES == WF_BOX_OVERHEAD, "a box is its key and its tag");
_Static_assert(crypto_pwhash_SALTBYTES == 16, "the salt of Argon2id");

struct wf_recipient_secret {
    unsigned char key[crypto_box_SECRETKEYBYTES];
    unsigned char public_key[crypto_box_PUBLICKEYBYTES];
};

static weft_status secret_new(wf_recipient_secret **ret, weft_error *error)
{
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    *ret = sodium_malloc(sizeof **ret);
    return *ret != NULL ? WEFT_OK : wf_fail_memory(error);
}

void wf_recipient_close(wf_recipient_secret *secret)
{
    sodium_free(secret); // wipes; NULL does nothing
}

// ---- names ----

static bool is_name(wf_text name)
{
    if (name.size == 0 || name.size >= WF_KEYS_NAME_BYTES || name.bytes[0] == '.')
        return false;
    for (size_t i = 0; i < name.size; i++) {
        char c = name.bytes[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
        if (!letter && !(c >= '0' && c <= '9') && c != '-' && c != '_' && c != '.')
            return false;
    }
    return true;
}

static weft_status take_name(const char *path, wf_recipient *to, weft_error *error)
{
    const char *slash = strrchr(path, '/');
    wf_text name = wf_text_of(slash != NULL ? slash + 1 : path);
    if (!is_name(name))
        return wf_fail(error, WEFT_BAD_USAGE, "keys.recipient_name", NULL);
    memset(to->name, 0, sizeof to->name);
    memcpy(to->name, name.bytes, name.size);
    return WEFT_OK;
}

// ---- the passphrase ----

typedef struct {
    unsigned char salt[crypto_pwhash_SALTBYTES];
    uint64_t operations, memory;
} kdf;

static weft_status stretch(wf_text passphrase, const kdf *how, wf_key *ret,
                           weft_error *error)
{
    if (crypto_pwhash(ret->bytes, sizeof ret->bytes, passphrase.bytes, passphrase.size,
                      how->salt, how->operations, (size_t)how->memory,
                      crypto_pwhash_ALG_ARGON2ID13) != 0)
        return wf_fail_memory(error);
    return WEFT_OK;
}

static void print_kdf(unsigned char to[kdf_bytes], const kdf *how)
{
    memcpy(to, how->salt, sizeof how->salt);
    wf_put_u64(to + 16, how->operations);
    wf_put_u64(to + 24, how->memory);
}

// ---- making ----

static weft_status append_secret(const wf_recipient_secret *secret, wf_text passphrase,
                                 wf_buffer *file, weft_error *error)
{
    wf_text plain = {(const char *)secret->key, sizeof secret->key};
    if (passphrase.size == 0)
        return wf_buffer_append(file, plain.bytes, plain.size) ? WEFT_OK
                                                               : wf_fail_memory(error);
    unsigned char printed[kdf_bytes];
    kdf how = {.operations = crypto_pwhash_OPSLIMIT_MODERATE,
               .memory = crypto_pwhash_MEMLIMIT_MODERATE};
    wf_random_bytes(how.salt, sizeof how.salt);
    print_kdf(printed, &how);
    wf_key *key = sodium_malloc(sizeof *key);
    if (key == NULL || !wf_buffer_append(file, printed, sizeof printed)) {
        sodium_free(key);
        return wf_fail_memory(error);
    }
    weft_status status = stretch(passphrase, &how, key, error);
    char context[head_bytes + kdf_bytes];
    memcpy(context, file->bytes, sizeof context);
    if (status == WEFT_OK)
        status =
            wf_seal_blob(key, (wf_text){context, sizeof context}, plain, file, error);
    sodium_free(key);
    return status;
}

static weft_status print_secret(const wf_recipient_secret *secret, wf_text passphrase,
                                wf_buffer *file, weft_error *error)
{
    unsigned char head[head_bytes];
    memcpy(head, "WEFTSKEY", 8);
    wf_put_u32(head + 8, version);
    wf_put_u32(head + 12, passphrase.size > 0 ? flag_passphrase : 0);
    memcpy(head + 16, secret->public_key, sizeof secret->public_key);
    // Room for all of it at once, so that no part of a secret is left in freed memory.
    if (!wf_buffer_reserve(file, sealed_file_bytes) ||
        !wf_buffer_append(file, head, sizeof head))
        return wf_fail_memory(error);
    return append_secret(secret, passphrase, file, error);
}

static weft_status print_public(const wf_recipient *to, wf_buffer *file,
                                weft_error *error)
{
    char hex[2 * WF_KEYS_PUBLIC_BYTES + 1];
    sodium_bin2hex(hex, sizeof hex, to->key, sizeof to->key);
    return wf_buffer_printf(file, "weft public key 1\nname: %s\nkey: %s\n", to->name, hex)
               ? WEFT_OK
               : wf_fail_memory(error);
}

typedef struct {
    wf_path secret, public;
} pair_paths;

static weft_status check_free(const wf_io *io, const pair_paths *paths, weft_error *error)
{
    const char *taken = wf_io_exists(io, paths->secret.text)   ? paths->secret.text
                        : wf_io_exists(io, paths->public.text) ? paths->public.text
                                                               : NULL;
    if (taken == NULL)
        return WEFT_OK;
    return wf_fail(error, WEFT_CONFLICT, "keys.recipient_exists", "path", taken, NULL);
}

static weft_status write_pair(const wf_io *io, const pair_paths *paths,
                              const wf_recipient *to, const wf_recipient_secret *secret,
                              wf_text passphrase, weft_error *error)
{
    wf_buffer file = {0};
    weft_status status = print_secret(secret, passphrase, &file, error);
    if (status == WEFT_OK)
        status = wf_io_replace_file(io, paths->secret.text, wf_buffer_text(&file), 0600,
                                    error);
    wf_buffer_wipe(&file);
    if (status == WEFT_OK)
        status = print_public(to, &file, error);
    if (status == WEFT_OK)
        status = wf_io_replace_file(io, paths->public.text, wf_buffer_text(&file), 0644,
                                    error);
    wf_buffer_done(&file);
    if (status != WEFT_OK) {
        WF_IGNORE(io->unlink(io, paths->secret.text), "a key nothing is sealed for");
        WF_IGNORE(io->unlink(io, paths->public.text), "the same");
    }
    return status;
}

static weft_status join_ending(const char *path, const char *ending, wf_path *ret,
                               weft_error *error)
{
    wf_buffer text = {0};
    weft_status status = WEFT_OK;
    if (!wf_buffer_printf(&text, "%s%s", path, ending) || !wf_buffer_append(&text, "", 1))
        status = wf_fail_memory(error);
    else if (text.size > sizeof ret->text)
        status = wf_fail(error, WEFT_BAD_INPUT, "io.path_too_long", "path", path, NULL);
    else
        memcpy(ret->text, text.bytes, text.size);
    wf_buffer_done(&text);
    return status;
}

weft_status wf_recipient_new(const wf_io *io, const char *path, wf_text passphrase,
                             wf_recipient *ret, weft_error *error)
{
    wf_recipient to;
    wf_recipient_secret *secret = NULL;
    pair_paths paths;
    WF_TRY(take_name(path, &to, error));
    WF_TRY(join_ending(path, ".key", &paths.secret, error));
    WF_TRY(join_ending(path, ".pub", &paths.public, error));
    WF_TRY(check_free(io, &paths, error));
    WF_TRY(secret_new(&secret, error));
    WF_IGNORE(crypto_box_keypair(secret->public_key, secret->key), "it always succeeds");
    memcpy(to.key, secret->public_key, sizeof to.key);
    weft_status status = write_pair(io, &paths, &to, secret, passphrase, error);
    wf_recipient_close(secret);
    if (status == WEFT_OK)
        *ret = to;
    return status;
}

// ---- reading ----

// Takes a line that begins with `label`; what follows it.
static bool take_line(wf_text *text, const char *label, wf_text *ret)
{
    const char *end = memchr(text->bytes, '\n', text->size);
    size_t label_size = strlen(label);
    if (end == NULL)
        return false;
    wf_text line = {text->bytes, (size_t)(end - text->bytes)};
    text->size -= line.size + 1;
    text->bytes = end + 1;
    if (line.size > 0 && line.bytes[line.size - 1] == '\r')
        line.size--; // it went through a mail
    if (line.size < label_size || memcmp(line.bytes, label, label_size) != 0)
        return false;
    *ret = (wf_text){line.bytes + label_size, line.size - label_size};
    return true;
}

bool wf_recipient_parse(wf_text text, wf_recipient *ret)
{
    wf_text rest, name, hex;
    wf_recipient to = {{0}, {0}};
    size_t size = 0;
    if (!take_line(&text, "weft public key 1", &rest) || rest.size != 0 ||
        !take_line(&text, "name: ", &name) || !take_line(&text, "key: ", &hex) ||
        text.size != 0 || !is_name(name) || hex.size != 2 * sizeof to.key ||
        sodium_hex2bin(to.key, sizeof to.key, hex.bytes, hex.size, NULL, &size, NULL) !=
            0 ||
        size != sizeof to.key)
        return false;
    memcpy(to.name, name.bytes, name.size);
    *ret = to;
    return true;
}

weft_status wf_recipient_read(const wf_io *io, const char *path, wf_recipient *ret,
                              weft_error *error)
{
    wf_arena arena;
    wf_text text;
    wf_arena_init(&arena, 0);
    weft_status status = wf_io_read_file(io, path, public_file_max, &arena, &text, error);
    if (status == WEFT_TOO_LARGE || (status == WEFT_OK && !wf_recipient_parse(text, ret)))
        status =
            wf_fail(error, WEFT_BAD_INPUT, "keys.recipient_damaged", "path", path, NULL);
    wf_arena_done(&arena);
    return status;
}

static weft_status fail_damaged(const char *path, weft_error *error)
{
    wf_error_clear(error);
    return wf_fail(error, WEFT_DAMAGED, "keys.secret_damaged", "path", path, NULL);
}

static weft_status fail_passphrase(const char *path, weft_error *error)
{
    wf_error_clear(error);
    return wf_fail(error, WEFT_NOT_ALLOWED, "keys.passphrase", "path", path, NULL);
}

static weft_status open_sealed(wf_text file, const char *path, wf_text passphrase,
                               wf_buffer *plain, weft_error *error)
{
    const unsigned char *from = (const unsigned char *)file.bytes + head_bytes;
    kdf how = {.operations = wf_get_u64(from + 16), .memory = wf_get_u64(from + 24)};
    memcpy(how.salt, from, sizeof how.salt);
    if (how.operations < crypto_pwhash_OPSLIMIT_MIN || how.operations > operations_max ||
        how.memory < crypto_pwhash_MEMLIMIT_MIN || how.memory > memory_max)
        return fail_damaged(path, error);
    if (passphrase.size == 0)
        return fail_passphrase(path, error);
    wf_key *key = sodium_malloc(sizeof *key);
    if (key == NULL)
        return wf_fail_memory(error);
    size_t at = head_bytes + kdf_bytes;
    weft_status status = stretch(passphrase, &how, key, error);
    if (status == WEFT_OK)
        status = wf_open_blob(key, (wf_text){file.bytes, at},
                              (wf_text){file.bytes + at, file.size - at}, plain, error);
    sodium_free(key);
    return status == WEFT_DAMAGED ? fail_passphrase(path, error) : status;
}

static weft_status open_secret(wf_text file, const char *path, wf_text passphrase,
                               wf_recipient_secret *secret, weft_error *error)
{
    const unsigned char *from = (const unsigned char *)file.bytes;
    if (file.size < plain_file_bytes || memcmp(from, "WEFTSKEY", 8) != 0 ||
        wf_get_u32(from + 8) != version || wf_get_u32(from + 12) > flag_passphrase)
        return fail_damaged(path, error);
    bool sealed = wf_get_u32(from + 12) == flag_passphrase;
    if (file.size != (sealed ? sealed_file_bytes : plain_file_bytes))
        return fail_damaged(path, error);
    wf_buffer plain = {0};
    weft_status status = WEFT_OK;
    if (sealed)
        status = open_sealed(file, path, passphrase, &plain, error);
    if (status == WEFT_OK)
        memcpy(secret->key, sealed ? (const void *)plain.bytes : from + head_bytes,
               sizeof secret->key);
    wf_buffer_wipe(&plain);
    WF_TRY(status);
    // The public key that belongs to it must be the one that the head says.
    if (crypto_scalarmult_base(secret->public_key, secret->key) != 0 ||
        memcmp(secret->public_key, from + 16, sizeof secret->public_key) != 0)
        return fail_damaged(path, error);
    return WEFT_OK;
}

static weft_status check_private(const wf_io *io, const char *path, weft_error *error)
{
    struct stat about;
    WF_TRY(wf_io_look(io, path, &about, error));
    if ((about.st_mode & (S_IRWXG | S_IRWXO)) != 0)
        return wf_fail(error, WEFT_NOT_ALLOWED, "keys.readable_by_others", "path", path,
                       NULL);
    return WEFT_OK;
}

weft_status wf_recipient_open(const wf_io *io, const char *path, wf_text passphrase,
                              wf_recipient_secret **ret, weft_error *error)
{
    char bytes[sealed_file_bytes + 1];
    wf_recipient_secret *secret = NULL;
    WF_TRY(check_private(io, path, error));
    WF_TRY(secret_new(&secret, error));
    int file = io->open(io, path, O_RDONLY | O_CLOEXEC, 0);
    weft_status status = WEFT_OK;
    ssize_t size = file < 0 ? -1 : io->pread(io, file, bytes, sizeof bytes, 0);
    if (size < 0)
        status = wf_fail_errno(error, errno, file < 0 ? "io.open" : "io.read", path);
    if (file >= 0)
        WF_IGNORE(io->close(io, file), "a file only read loses nothing in closing");
    if (status == WEFT_OK)
        status =
            open_secret((wf_text){bytes, (size_t)size}, path, passphrase, secret, error);
    sodium_memzero(bytes, sizeof bytes);
    if (status == WEFT_OK)
        *ret = secret;
    else
        wf_recipient_close(secret);
    return status;
}

// ---- sealed boxes ----

weft_status wf_recipient_seal(const wf_recipient *to, wf_text plain, wf_buffer *ret,
                              weft_error *error)
{
    if (sodium_init() < 0)
        return wf_fail(error, WEFT_STORAGE, "keys.no_sodium", NULL);
    if (plain.size > SIZE_MAX - WF_BOX_OVERHEAD ||
        !wf_buffer_reserve(ret, plain.size + WF_BOX_OVERHEAD))
        return wf_fail_memory(error);
    if (crypto_box_seal((unsigned char *)ret->bytes + ret->size,
                        (const unsigned char *)plain.bytes, plain.size, to->key) != 0)
        return wf_fail(error, WEFT_BAD_INPUT, "keys.recipient_damaged", "path", to->name,
                       NULL); // a point of small order
    ret->size += plain.size + WF_BOX_OVERHEAD;
    return WEFT_OK;
}

weft_status wf_recipient_unseal(const wf_recipient_secret *secret, wf_text sealed,
                                wf_buffer *ret, weft_error *error)
{
    if (sealed.size < WF_BOX_OVERHEAD)
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", NULL);
    size_t size = sealed.size - WF_BOX_OVERHEAD;
    if (!wf_buffer_reserve(ret, size + 1))
        return wf_fail_memory(error);
    if (crypto_box_seal_open((unsigned char *)ret->bytes + ret->size,
                             (const unsigned char *)sealed.bytes, sealed.size,
                             secret->public_key, secret->key) != 0)
        return wf_fail(error, WEFT_DAMAGED, "seal.damaged", NULL);
    ret->size += size;
    return WEFT_OK;
}
