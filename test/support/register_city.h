// A register in a folder of its own, with a ring and a stand-in for the dictionary
// (numbers 0 … 9 are "P-0000000" …, or the same names in another order).
#ifndef TEST_SUPPORT_REGISTER_CITY_H
#define TEST_SUPPORT_REGISTER_CITY_H

#include "store/register.h"
#include "support/scratch.h"

#define REGISTER_CITY_ID "00112233445566778899aabbccddeeff"

typedef struct {
    wf_path folder, city, key_dir, file;
    wf_keys_options options;
    wf_keys *keys;
    wf_register *reg;
    bool turned; // number n stands for name 9 − n
} register_city;

static inline void register_city_must(weft_status status, const weft_error *error)
{
    if (status == WEFT_OK)
        return;
    fprintf(stderr, "%s %s\n", error->code != NULL ? error->code : "?", error->field);
    abort();
}

static inline void register_city_open(register_city *c)
{
    weft_error error = {0};
    register_city_must(wf_keys_open(&c->options, REGISTER_CITY_ID, &c->keys, &error),
                       &error);
    register_city_must(wf_register_open(c->city.text, c->keys, &c->reg, &error), &error);
}

static inline void register_city_close(register_city *c)
{
    wf_register_close(c->reg);
    wf_keys_close(c->keys);
    c->reg = NULL;
    c->keys = NULL;
}

static inline void register_city_new(register_city *c)
{
    weft_error error = {0};
    *c = (register_city){0};
    scratch_new(&c->folder);
    c->city = scratch_path(&c->folder, "city");
    c->key_dir = scratch_path(&c->folder, "keys");
    c->file = scratch_path(&c->city, "records.db");
    c->options = (wf_keys_options){
        .io = &wf_io_posix, .city_dir = c->city.text, .key_dir = c->key_dir.text};
    register_city_must(wf_keys_create(&c->options, REGISTER_CITY_ID, &error), &error);
    register_city_open(c);
}

static inline void register_city_done(register_city *c)
{
    register_city_close(c);
    scratch_remove(c->folder.text);
}

// A wf_register_text_of.
static inline wf_text register_city_text(void *context, wf_column_type type,
                                         uint32_t number)
{
    static const char names[2][10][10] = {
        {"P-0000000", "P-0000001", "P-0000002", "P-0000003", "P-0000004", "P-0000005",
         "P-0000006", "P-0000007", "P-0000008", "P-0000009"},
        {"G-0000000", "G-0000001", "G-0000002", "G-0000003", "G-0000004", "G-0000005",
         "G-0000006", "G-0000007", "G-0000008", "G-0000009"}};
    const register_city *c = context;
    uint32_t at = c->turned ? 9 - number % 10 : number % 10;
    return wf_text_of(names[type == WF_COLUMN_PLACE][at]);
}

#endif
