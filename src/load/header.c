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

static size_t filled_cells(const wf_csv_block *block, size_t index)
{
    const wf_csv_row *row = &block->rows[index];
    size_t filled = 0;
    for (size_t i = 0; row->bad == NULL && i < row->fields_count; i++)
        filled += wf_text_trim(block->fields[row->first_field + i]).size > 0;
    return filled;
}

// A title stands in one cell, sometimes in a few; what is below it in all of them.
static size_t looks_like_header(const wf_csv_block *block, size_t from, size_t upto)
{
    size_t most = 0, best = from;
    for (size_t i = from; i < upto; i++) {
        size_t filled = filled_cells(block, i);
        most = filled > most ? filled : most;
    }
    while (best + 1 < upto && filled_cells(block, best) * 4 <= most * 3)
        best++;
    return best;
}

// A sheet may be formatted beyond its last title.
static size_t titles_count(const wf_header_options *options, const wf_text *cells,
                           size_t count)
{
    if (options->mapping != NULL && !options->mapping->plain)
        return count; // whose columns may go by number
    while (count > 0 && wf_text_trim(cells[count - 1]).size == 0)
        count--;
    return count;
}

static weft_status bind_row(const wf_header_options *options, const wf_csv_block *block,
                            size_t index, size_t *ret_header, wf_binding *ret,
                            weft_error *error)
{
    if (index >= block->rows_count || block->rows[index].bad != NULL) {
        wf_error_at(error, options->name,
                    index < block->rows_count ? block->rows[index].line : index + 1,
                    NULL);
        return wf_fail(error, WEFT_BAD_INPUT, "import.no_header", NULL);
    }
    const wf_csv_row *row = &block->rows[index];
    const wf_text *cells = block->fields + row->first_field;
    *ret_header = index;
    weft_status status =
        wf_mapping_bind(options->mapping, options->target, options->zone, cells,
                        titles_count(options, cells, row->fields_count), ret, error);
    if (status != WEFT_OK && error->file[0] == '\0')
        wf_error_at(error, options->name, row->line, NULL);
    return status;
}

// The row of a line, SIZE_MAX: there is none among the first.
static size_t row_of(const wf_csv_block *block, uint64_t line)
{
    for (size_t i = 0; i < block->rows_count; i++)
        if (block->rows[i].line == line)
            return i;
    return SIZE_MAX;
}

static weft_status bind_said(const wf_header_options *options, const wf_csv_block *block,
                             size_t *ret_header, size_t *ret_first_row, wf_binding *ret,
                             weft_error *error)
{
    size_t row = row_of(block, options->line);
    if (row == SIZE_MAX) {
        wf_error_at(error, options->name, options->line, NULL);
        return wf_fail(error, WEFT_BAD_INPUT, "import.no_header", NULL);
    }
    *ret_first_row = row + 1;
    return bind_row(options, block, row, ret_header, ret, error);
}

static weft_status bind_first(const wf_header_options *options, const wf_csv_block *block,
                              size_t from, size_t within, size_t *ret_header,
                              size_t *ret_first_row, wf_binding *ret, weft_error *error)
{
    size_t upto = from + within < block->rows_count ? from + within : block->rows_count;
    for (size_t i = from; i < upto; i++) {
        weft_status status = bind_row(options, block, i, ret_header, ret, error);
        *ret_first_row = i + 1;
        if (status != WEFT_BAD_INPUT)
            return status;
        wf_error_clear(error);
    }
    size_t row = looks_like_header(block, from, upto);
    *ret_first_row = row + 1;
    return bind_row(options, block, row, ret_header, ret, error);
}

weft_status wf_header_bind(const wf_header_options *options, const wf_csv_block *block,
                           size_t *ret_header, size_t *ret_first_row, wf_binding *ret,
                           weft_error *error)
{
    const wf_mapping *mapping = options->mapping;
    size_t marked = 0;
    WF_TRY(skip_mark(options, block, &marked, error));
    if (mapping != NULL && !mapping->header) {
        *ret_first_row = marked;
        return wf_mapping_bind(mapping, options->target, options->zone, NULL, 0, ret,
                               error);
    }
    if (options->line > 0)
        return bind_said(options, block, ret_header, ret_first_row, ret, error);
    return bind_first(options, block, marked,
                      mapping == NULL ? WF_MAPPING_HEADER_ROWS_MAX
                                      : mapping->header_within,
                      ret_header, ret_first_row, ret, error);
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
