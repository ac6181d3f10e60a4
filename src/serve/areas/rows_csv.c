#include "serve/areas/rows_csv.h"

#include <stdlib.h>
#include <string.h>

#include "wire/csv_write.h"

enum { columns_max = 64, digits_max = 15 };

// A cell whose text is borrowed from the value, or has to be freed: *ret_made.
static bool cell_of(const json_t *value, wf_cell *ret, char **ret_made)
{
    *ret = (wf_cell){0};
    if (value == NULL || json_is_null(value))
        return true;
    if (json_is_string(value)) {
        ret->text = (wf_text){json_string_value(value), json_string_length(value)};
        return true;
    }
    if (json_is_boolean(value)) {
        ret->text = json_is_true(value) ? WF_TEXT("yes") : WF_TEXT("no");
        return true;
    }
    *ret_made = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY |
                                      JSON_REAL_PRECISION(digits_max));
    if (*ret_made == NULL)
        return false;
    ret->text = wf_text_of(*ret_made);
    ret->is_number = json_is_number(value) && ret->text.size <= digits_max;
    ret->number = json_number_value(value);
    return true;
}

bool wf_rows_csv_row(const json_t *row, const char *const *columns, wf_buffer *to)
{
    wf_cell cells[columns_max];
    char *made[columns_max] = {NULL};
    size_t count = 0;
    bool done = true;
    for (; done && columns[count] != NULL; count++) {
        WF_ASSERT(count < columns_max);
        done = cell_of(json_object_get(row, columns[count]), &cells[count], &made[count]);
    }
    done = done && wf_csv_put_row(cells, count, to);
    for (size_t i = 0; i < count; i++)
        free(made[i]);
    return done;
}

bool wf_rows_csv_head(const char *const *columns, wf_buffer *to)
{
    wf_cell cells[columns_max];
    size_t count = 0;
    for (; columns[count] != NULL; count++)
        cells[count] = (wf_cell){.text = wf_text_of(columns[count])};
    return wf_csv_put_mark(to) && wf_csv_put_row(cells, count, to);
}
