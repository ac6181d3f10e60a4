#include "load/contradict.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/hash.h"

// Of a column that is empty the hash is one as well: two rows that both say no time speak
// of the same.
static uint64_t hash_value(const wf_column *column, const wf_value *value, uint64_t seed)
{
    bool is_text = column->type != WF_COLUMN_TIME;
    if (!value->given)
        return wf_hash("", 0, seed);
    return is_text ? wf_hash(value->text.bytes, value->text.size, seed)
                   : wf_hash(&value->number, sizeof value->number, seed);
}

bool wf_rows_said_add(wf_rows_said *said, const wf_fact_list *list,
                      const wf_value *values, size_t row)
{
    const wf_column *columns = list->table->columns;
    if (!list->contradicts)
        return true;
    wf_row_said *all = wf_grow(said->all, said->count, &said->capacity, sizeof *all);
    if (all == NULL)
        return false;
    said->all = all;
    uint64_t about[2];
    for (size_t i = 0; i < 2; i++)
        about[i] =
            hash_value(&columns[list->about[i]], &values[list->about[i]], said->seed);
    all[said->count++] = (wf_row_said){
        .about = wf_hash(about, sizeof about, said->seed),
        .says = hash_value(&columns[list->says], &values[list->says], said->seed),
        .row = row};
    return true;
}

static int compare_about(const void *a, const void *b)
{
    const wf_row_said *left = a, *right = b;
    return (left->about > right->about) - (left->about < right->about);
}

static int compare_row(const void *a, const void *b)
{
    const wf_row_said *left = a, *right = b;
    return (left->row > right->row) - (left->row < right->row);
}

void wf_rows_said_find(wf_rows_said *said)
{
    size_t left = 0;
    if (said->count == 0)
        return;
    qsort(said->all, said->count, sizeof *said->all, compare_about);
    for (size_t first = 0, end; first < said->count; first = end) {
        bool differ = false;
        for (end = first;
             end < said->count && said->all[end].about == said->all[first].about; end++)
            differ = differ || said->all[end].says != said->all[first].says;
        for (size_t i = first; differ && i < end; i++)
            said->all[left++] = said->all[i];
    }
    said->count = left;
    qsort(said->all, said->count, sizeof *said->all, compare_row);
}

bool wf_rows_said_has(const wf_rows_said *said, size_t row)
{
    const wf_row_said key = {.row = row};
    return said->count > 0 &&
           bsearch(&key, said->all, said->count, sizeof *said->all, compare_row) != NULL;
}

void wf_rows_said_done(wf_rows_said *said)
{
    free(said->all);
    *said = (wf_rows_said){.seed = said->seed};
}
