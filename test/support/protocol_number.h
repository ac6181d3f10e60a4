// One number of a protocol, by its name.
#ifndef TEST_SUPPORT_PROTOCOL_NUMBER_H
#define TEST_SUPPORT_PROTOCOL_NUMBER_H

#include <string.h>

#include "model/protocol.h"

typedef struct {
    const char *name;
    wf_number found;
} number_search;

static inline void number_compare(void *context, const char *name,
                                  const wf_number *number)
{
    number_search *search = context;
    if (strcmp(name, search->name) == 0)
        search->found = *number;
}

// A number by the name that wf_protocol_each gives it; false when the edition has none.
// Profile days ("infectiousness[-2]") are numbers too.
static inline bool number_find(const wf_protocol *protocol, const char *name,
                               wf_number *ret)
{
    number_search search = {.name = name};
    wf_protocol_each(protocol, number_compare, &search);
    if (search.found.given)
        *ret = search.found;
    return search.found.given;
}

#endif
