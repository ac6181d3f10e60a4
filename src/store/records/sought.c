#include "store/records/sought.h"

static bool put_sized(wf_text text, wf_buffer *to)
{
    unsigned char size[2] = {(unsigned char)text.size, (unsigned char)(text.size >> 8)};
    return wf_buffer_append(to, size, sizeof size) &&
           wf_buffer_append(to, text.bytes, text.size);
}

static uint64_t hash_of(const wf_index *index, const char *what, wf_text field,
                        wf_text town, wf_text term)
{
    char bytes[6 + 3 * 2 + 64 + WF_TOWN_BYTES + WF_TEXT_BYTES_MAX];
    wf_buffer form = {.bytes = bytes, .capacity = sizeof bytes, .limit = sizeof bytes};
    WF_ASSERT(wf_buffer_append(&form, what, 6) && put_sized(field, &form) &&
              put_sized(town, &form) && put_sized(term, &form));
    return wf_index_hash(index, wf_buffer_text(&form));
}

uint64_t wf_sought_whole(const wf_index *index, wf_text field, wf_text whole)
{
    return hash_of(index, "whole\0", field, WF_TEXT(""), whole);
}

uint64_t wf_sought_part(const wf_index *index, wf_text field, wf_text town, wf_text part)
{
    return hash_of(index, "part\0\0", field, town, part);
}

uint64_t wf_sought_home(const wf_index *index, wf_text field, wf_text town)
{
    return hash_of(index, "home\0\0", field, town, WF_TEXT(""));
}

static weft_status put_pair(uint64_t hash, const wf_entry *entry, wf_buffer *ret,
                            weft_error *error)
{
    wf_index_pair pair = {hash, entry->position};
    return wf_buffer_append(ret, &pair, sizeof pair) ? WEFT_OK : wf_fail_memory(error);
}

static weft_status put_field(const wf_index *index, const wf_entry *entry, size_t place,
                             wf_text town, wf_buffer *ret, weft_error *error)
{
    const wf_column *field = &entry->fact.kind->fields[place];
    const wf_value *value = &entry->fact.values[place];
    wf_text name = wf_text_of(field->name);
    wf_search_terms terms;
    if (!value->given && town.size > 0 && field->searched == WF_SEARCH_NAME)
        return put_pair(wf_sought_home(index, name, town), entry, ret, error);
    if (!value->given)
        return WEFT_OK;
    wf_search_terms_of(field->searched, value->text, &terms);
    for (size_t i = 0; i < terms.count; i++) {
        const wf_search_term *term = &terms.terms[i];
        uint64_t hash = term->is_part ? wf_sought_part(index, name, town, term->text)
                                      : wf_sought_whole(index, name, term->text);
        WF_TRY(put_pair(hash, entry, ret, error));
    }
    return WEFT_OK;
}

// Where the person lives, if the fact says so.
static wf_text town_of(const wf_fact *fact)
{
    size_t grid = wf_kind_field(fact->kind, WF_TEXT("grid"));
    if (grid == SIZE_MAX || !fact->values[grid].given)
        return WF_TEXT("");
    return wf_search_town(fact->values[grid].text);
}

weft_status wf_sought_pairs(const wf_index *index, const wf_entry *entry, wf_buffer *ret,
                            weft_error *error)
{
    const wf_fact *fact = &entry->fact;
    wf_text town = WF_TEXT("");
    bool any = false;
    if (entry->forgotten || fact->kind == NULL)
        return WEFT_OK;
    for (size_t i = 0; i < fact->kind->fields_count; i++) {
        if (fact->kind->fields[i].searched == WF_SEARCH_NONE)
            continue;
        if (!any)
            town = town_of(fact);
        any = true;
        WF_TRY(put_field(index, entry, i, town, ret, error));
    }
    return WEFT_OK;
}
