// What the columns of others carry of a list: each row that is written is read back by
// the same mapping. What comes back as nothing is lost, what comes back as something else
// is changed; both are told, and a row that would say that somebody was reached who was
// not stays out.
#include <string.h>

#include "access/asked/lists_inside.h"

void wf_listing_bind(wf_listing *list, const wf_mapping *mapping)
{
    wf_text header[WF_BACK_COLUMNS_MAX];
    weft_error none = {0};
    if (mapping == NULL)
        return;
    for (size_t i = 0; i < list->back.columns_count; i++)
        header[i] = list->back.columns[i].name;
    list->reads_back =
        wf_mapping_bind(mapping, list->kind, list->city->zone, header,
                        list->back.columns_count, &list->binding, &none) == WEFT_OK;
}

typedef enum { CARRIED, LOST, CHANGED } carried;

static carried compare(const wf_listing *list, size_t field, const wf_back_value *value,
                       wf_text back)
{
    weft_time at;
    wf_iso_kind kind;
    wf_text trimmed = wf_text_trim(back);
    if (trimmed.size == 0)
        return LOST;
    if (!value->timed)
        return wf_text_equal(wf_text_trim(value->text), trimmed) ? CARRIED : CHANGED;
    bool read = wf_binding_time(&list->binding, field, trimmed, &at, &kind) ||
                wf_binding_date(&list->binding, trimmed, &at, &kind) == WF_DATE_READ;
    // A date whose order has to be said is carried.
    return !read || at.us == value->at.us ? CARRIED : CHANGED;
}

// Whoever was not spoken to must not come out as reached.
static bool is_untrue(const wf_listing *list, size_t field, const wf_back_value *value,
                      wf_text back)
{
    return strcmp(list->kind->name, "followups") == 0 &&
           strcmp(list->kind->fields[field].name, "outcome") == 0 &&
           wf_text_equal(back, WF_TEXT("reached")) && !wf_text_equal(value->text, back);
}

bool wf_listing_carries(wf_listing *list, const wf_back_value *values,
                        const wf_text *cells, bool *ret_out)
{
    *ret_out = false;
    if (!list->reads_back)
        return true;
    bool any = wf_binding_records(&list->binding, cells) > 0;
    carried each[WF_MAPPING_FIELDS_MAX] = {CARRIED};
    for (size_t f = 0; f < list->binding.fields_count; f++) {
        wf_text back = {"", 0};
        if (!values[f].given)
            continue;
        bool reads = any || f != list->binding.split_field; // which is then empty
        if (reads && !wf_binding_text(&list->binding, f, cells, 0, &list->arena, &back))
            return false;
        if (is_untrue(list, f, &values[f], back)) {
            list->rows_out++;
            *ret_out = true;
            return true;
        }
        each[f] = compare(list, f, &values[f], back);
    }
    for (size_t f = 0; f < list->binding.fields_count; f++) {
        list->lost[f] += each[f] == LOST;
        list->changed[f] += each[f] == CHANGED;
    }
    return true;
}

void wf_listing_tell(const wf_listing *list, const weft_list_options *options)
{
    if (options->not_carried == NULL || options->is_template)
        return;
    for (size_t f = 0; f < list->binding.fields_count; f++)
        if (list->lost[f] + list->changed[f] > 0)
            options->not_carried(options->context, list->kind->fields[f].name,
                                 list->lost[f], list->changed[f]);
    if (list->rows_out > 0)
        options->not_carried(options->context, "", list->rows_out, 0);
}
