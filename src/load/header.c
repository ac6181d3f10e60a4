#include "load/header.h"

// A list that a drill wrote begins with a row that says so. Invented people must not come
// among real ones.
static weft_status skip_mark(const wf_header_options *options, const wf_csv_block *block,
                             size_t *ret, weft_error *error)
{
    const wf_csv_row *row = block->rows;
    *ret = 0;
    if (block->rows_count == 0 || row->bad != NULL || row->fields_count == 0)
        return WEFT_OK;
    const wf_text *cells = block->fields + row->first_field;
    for (size_t i = 1; i < row->fields_count; i++)
        if (cells[i].size > 0)
            return WEFT_OK;
    if (!wf_text_equal(cells[0], WF_TEXT(WF_DRILL_MARK)))
        return WEFT_OK;
    *ret = 1;
    if (!options->real)
        return WEFT_OK;
    wf_error_at(error, options->name, row->line, NULL);
    return wf_fail(error, WEFT_BAD_INPUT, "import.drill", NULL);
}

static weft_status bind_row(const wf_header_options *options, const wf_csv_block *block,
                            size_t index, size_t *ret_header, wf_binding *ret,
                            weft_error *error)
{
    if (index >= block->rows_count || block->rows[index].bad != NULL) {
        wf_error_at(error, options->name, index + 1, NULL);
        return wf_fail(error, WEFT_BAD_INPUT, "import.no_header", NULL);
    }
    const wf_csv_row *row = &block->rows[index];
    *ret_header = index;
    weft_status status =
        wf_mapping_bind(options->mapping, options->target, options->zone,
                        block->fields + row->first_field, row->fields_count, ret, error);
    if (status != WEFT_OK && error->file[0] == '\0')
        wf_error_at(error, options->name, row->line, NULL);
    return status;
}

weft_status wf_header_bind(const wf_header_options *options, const wf_csv_block *block,
                           size_t *ret_header, size_t *ret_first_row, wf_binding *ret,
                           weft_error *error)
{
    const wf_mapping *mapping = options->mapping;
    size_t marked = 0, within = mapping == NULL ? 1 : mapping->header_within;
    WF_TRY(skip_mark(options, block, &marked, error));
    if (mapping != NULL && !mapping->header) {
        *ret_first_row = marked;
        return wf_mapping_bind(mapping, options->target, options->zone, NULL, 0, ret,
                               error);
    }
    for (size_t i = marked;; i++) {
        weft_status status = bind_row(options, block, i, ret_header, ret, error);
        *ret_first_row = i + 1;
        // What stands above the header of some systems has not its columns.
        if (status != WEFT_BAD_INPUT || i + 1 - marked == within ||
            i + 1 >= block->rows_count)
            return status;
        wf_error_clear(error);
    }
}

bool wf_header_fits(const wf_binding *binding, const wf_text *cells, size_t count)
{
    if (count < binding->columns_needed)
        return false;
    if (binding->columns_named == 0)
        return true;
    for (size_t i = binding->columns_named; i < count; i++)
        if (cells[i].size > 0)
            return false;
    return true;
}
