#include "access/asked/one_person.h"

#include <stdlib.h>

#include "access/asked/views.h"
#include "desk/register/alias.h"

static weft_status keep_others(wf_person person, const wf_buffer *members,
                               wf_arena *arena, wf_own_ids *ret, weft_error *error)
{
    const uint32_t *all = (const uint32_t *)(const void *)members->bytes;
    size_t count = members->size / sizeof *all, others = 0;
    wf_person *kept = wf_arena_array(arena, count + 1, sizeof *kept);
    if (kept == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < count; i++)
        if (all[i] != person.number)
            kept[others++] = (wf_person){all[i]};
    *ret = (wf_own_ids){.as = person, .others = kept, .count = others};
    return WEFT_OK;
}

weft_status wf_person_own_ids(weft_city *city, wf_person person, wf_arena *arena,
                              wf_own_ids *ret, weft_error *error)
{
    wf_references *references;
    wf_buffer members = {0};
    WF_TRY(wf_city_references(city, &references, error));
    weft_status status =
        wf_alias_members(wf_references_rows(references), person.number, &members, error);
    if (status == WEFT_OK)
        status = keep_others(person, &members, arena, ret, error);
    wf_buffer_done(&members);
    return status;
}

typedef struct {
    const wf_buffer *aliases; // of wf_alias_shown
    uint32_t index;           // under the id that is shown
    bool *given;              // by place in the aliases
} joining;

static size_t place_of(const joining *to, const wf_alias_shown *one)
{
    return (size_t)(one - (const wf_alias_shown *)(const void *)to->aliases->bytes);
}

// Puts the row's person under the id that is shown; false: there was one of theirs.
static bool is_first(const joining *to, wf_contact *row)
{
    const wf_alias_shown *one = wf_alias_find_shown(to->aliases, row->person.number);
    if (one == NULL)
        return true;
    const wf_alias_shown *shown = wf_alias_find_shown(to->aliases, one->shown);
    WF_ASSERT(shown != NULL);
    bool *given = &to->given[place_of(to, shown)];
    if (one->shown == to->index || *given)
        return false;
    *given = true;
    row->person.number = one->shown;
    return true;
}

static size_t leave_out(const joining *to, wf_contacts *found)
{
    size_t kept = 0, all = found->contacts_count;
    for (size_t i = 0; i < all; i++) {
        wf_contact *row = &found->contacts[i];
        if (is_first(to, row))
            found->contacts[kept++] = *row;
        else
            found->found[row->level]--;
    }
    found->contacts_count = kept;
    return all - kept;
}

weft_status wf_contacts_join_ids(weft_city *city, wf_person index, wf_contacts *found,
                                 size_t *ret_left_out, weft_error *error)
{
    wf_references *references;
    wf_buffer aliases = {0};
    *ret_left_out = 0;
    if (found->contacts_count == 0)
        return WEFT_OK;
    WF_TRY(wf_city_references(city, &references, error));
    weft_status status =
        wf_alias_read_shown(wf_references_rows(references), &aliases, error);
    if (status == WEFT_OK && aliases.size > 0) {
        const wf_alias_shown *own = wf_alias_find_shown(&aliases, index.number);
        joining to = {.aliases = &aliases,
                      .index = own == NULL ? index.number : own->shown,
                      .given = calloc(aliases.size / sizeof *own, sizeof(bool))};
        if (to.given == NULL)
            status = wf_fail_memory(error);
        else
            *ret_left_out = leave_out(&to, found);
        free(to.given);
    }
    wf_buffer_done(&aliases);
    return status;
}
