// A city of one test's own that has keys and nothing else, for tests of the index.
#ifndef TEST_SUPPORT_INDEX_CITY_H
#define TEST_SUPPORT_INDEX_CITY_H

#include <inttypes.h>

#include "store/index/inside.h"
#include "support/scratch.h"

typedef struct {
    wf_path folder, city;
    wf_keys *keys;
    wf_io io; // of the keys
} index_city;

static inline int index_city_sync(const wf_io *io, int file)
{
    (void)io;
    (void)file;
    return 0;
}

static inline int index_city_sync_dir(const wf_io *io, const char *path)
{
    (void)io;
    (void)path;
    return 0;
}

// The keys are not waited for: a test makes many cities.
static inline void index_city_new(index_city *c)
{
    static const char id[] = "00112233445566778899aabbccddeeff";
    weft_error error = {0};
    c->io = wf_io_posix;
    c->io.sync = index_city_sync;
    c->io.sync_dir = index_city_sync_dir;
    scratch_new(&c->folder);
    c->city = scratch_path(&c->folder, "city");
    wf_path keys = scratch_path(&c->folder, "keys");
    wf_keys_options options = {
        .io = &c->io, .city_dir = c->city.text, .key_dir = keys.text};
    const wf_key *key = NULL;
    if (wf_keys_create(&options, id, &error) != WEFT_OK ||
        wf_keys_open(&options, id, &c->keys, &error) != WEFT_OK ||
        wf_keys_make(c->keys, WF_KEY_LEDGER, (weft_day){0}, &key, &error) != WEFT_OK ||
        wf_keys_commit(c->keys, &error) != WEFT_OK)
        abort();
}

static inline void index_city_done(index_city *c)
{
    wf_keys_close(c->keys);
    scratch_remove(c->folder.text);
}

// The path of a run by its number.
static inline wf_path index_city_run(const index_city *c, uint64_t number)
{
    char name[64];
    int size = snprintf(name, sizeof name, "ledger/%010" PRIu64 ".index", number);
    if (size < 0 || (size_t)size >= sizeof name)
        abort();
    return scratch_path(&c->city, name);
}

#endif
