// Who follows the rows of a made city so that the desks' SQL may ask: what is published,
// and which ids are one person.
//
//     desk_followers_begin(&of->followers, &of->city);
//     made_city_make(&of->city);
//     …
//     made_city_done(&of->city);
//     desk_followers_end(&of->followers);
#ifndef TEST_SUPPORT_DESK_FOLLOWERS_H
#define TEST_SUPPORT_DESK_FOLLOWERS_H

#include "desk/queries.h"
#include "desk/register/alias.h"
#include "support/made_city.h"

typedef struct {
    wf_alias *alias;
    wf_follower all[2];
} desk_followers;

// The visit store is made after them, and another one after a restart.
static inline wf_text desk_followers_text_of(void *context, wf_column_type type,
                                             uint32_t number)
{
    wf_numbers numbers = wf_numbers_of(((made_city *)context)->store.visits);
    return numbers.text_of(numbers.context, type, number);
}

static inline void desk_followers_begin(desk_followers *of, made_city *city)
{
    weft_error error = {0};
    wf_numbers numbers = {.text_of = desk_followers_text_of, .context = city};
    if (wf_alias_new(numbers, &of->alias, &error) != WEFT_OK)
        abort();
    of->all[0] = wf_alias_follower(of->alias);
    of->all[1] = wf_desk_publisher();
    city->followers = of->all;
    city->followers_count = 2;
}

static inline void desk_followers_end(desk_followers *of)
{
    wf_alias_free(of->alias);
}

#endif
