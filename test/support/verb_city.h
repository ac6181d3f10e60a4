// A drill city in a folder of the test's own, on which verbs are tried.
#ifndef TEST_SUPPORT_VERB_CITY_H
#define TEST_SUPPORT_VERB_CITY_H

#include <string.h>

#include "support/run_verb.h"
#include "support/scratch.h"

// The scratch folder, and the city's in it.
static wf_path folder, city;

// Runs to its end, which is 0.
static inline void verb_ends_well(outcome ended)
{
    if (ended.code != 0)
        print_error("%s%s", ended.out, ended.messages);
    assert_int_equal(ended.code, 0);
    outcome_done(&ended);
}

// A city without anything in it, whose clock stands at `now`.
static inline void verb_city_make(const char *now)
{
    scratch_new(&folder);
    city = scratch_path(&folder, "city");
    wf_path keys = scratch_path(&folder, "keys");
    assert_int_equal(setenv("WEFT_KEY_DIR", keys.text, 1), 0);
    verb_ends_well(RUN("weft", "init", city.text, "--kind", "drill", "--clock", now));
}

// Every row must be good.
static inline void verb_city_import(const char *kind, const char *text)
{
    wf_path path = scratch_path(&folder, kind);
    scratch_write(&path, text, strlen(text));
    verb_ends_well(RUN("weft", "import", city.text, kind, path.text, "--strict"));
}

static inline int remove_city(void **state)
{
    (void)state;
    scratch_remove(folder.text);
    return 0;
}

#endif
