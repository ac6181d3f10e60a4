// A drill city of its own for a test: begun and ended around it.
#ifndef WF_TEST_OPEN_CITY_H
#define WF_TEST_OPEN_CITY_H

#include <string.h>

#include "access/city/city.h"
#include "support/scratch.h"
#include "weft/facts.h"

typedef struct {
    wf_path folder, keys;
    weft_city *city;
} open_city;

__attribute__((unused)) static void open_city_ok(weft_status status,
                                                 const weft_error *error)
{
    if (status != WEFT_OK)
        print_error("# %s\n", error->code != NULL ? error->code : "?");
    assert_int_equal(status, WEFT_OK);
}

__attribute__((unused)) static void open_city_again(open_city *of)
{
    weft_error error = {0};
    const weft_key_options options = {.key_dir = of->keys.text};
    weft_city_close(of->city);
    of->city = NULL;
    open_city_ok(weft_city_open(scratch_path(&of->folder, "city").text, &options,
                                &of->city, &error),
                 &error);
}

__attribute__((unused)) static void open_city_begin(open_city *of)
{
    weft_error error = {0};
    *of = (open_city){.city = NULL};
    scratch_new(&of->folder);
    scratch_new(&of->keys);
    weft_init_options options = {.kind = WEFT_CITY_DRILL, .keys.key_dir = of->keys.text};
    open_city_ok(weft_city_init(scratch_path(&of->folder, "city").text, &options, &error),
                 &error);
    open_city_again(of);
}

__attribute__((unused)) static void open_city_end(open_city *of)
{
    weft_city_close(of->city);
    scratch_remove(of->folder.text);
    scratch_remove(of->keys.text);
}

// Sends a fact with the owner's rights, its fields in one text parted by blanks.
__attribute__((unused)) static void open_city_send(open_city *of, const char *device,
                                                   const char *grid, const char *kind,
                                                   const char *text)
{
    enum { most = 12 };
    char room[512], *rest = room;
    const char *fields[most];
    size_t count = 0;
    weft_error error = {0};
    weft_fact_reply reply;
    const weft_fact_options options = {
        .device = device, .grid = grid, .at = {INT64_C(1639267200000000)}};
    assert_true(strlen(text) < sizeof room);
    memcpy(room, text, strlen(text) + 1);
    for (char *at; (at = strsep(&rest, " ")) != NULL && count < most;)
        fields[count++] = at;
    open_city_ok(weft_fact_send(of->city, kind, fields, count, &options, &reply, &error),
                 &error);
}

#endif
