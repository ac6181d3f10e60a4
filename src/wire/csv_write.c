#include "wire/csv_write.h"

#include <string.h>

bool wf_cell_is_formula(const wf_cell *cell)
{
    return !cell->is_number && cell->text.size > 0 &&
           memchr("=+-@\t\r", cell->text.bytes[0], 6) != NULL;
}

bool wf_list_is_quoted(wf_text text)
{
    size_t at = 0;
    while (at < text.size && text.bytes[at] == '\'')
        at++;
    return wf_cell_is_formula(&(wf_cell){.text = {text.bytes + at, text.size - at}});
}

wf_text wf_list_text(wf_text cell)
{
    bool quoted = cell.size > 0 && cell.bytes[0] == '\'' && wf_list_is_quoted(cell);
    return quoted ? (wf_text){cell.bytes + 1, cell.size - 1} : cell;
}

bool wf_csv_put_mark(wf_buffer *to)
{
    return wf_buffer_append(to, "\xEF\xBB\xBF", 3);
}

static bool put(wf_buffer *to, const char *text)
{
    return wf_buffer_append(to, text, strlen(text));
}

static bool needs_quotes(wf_text text)
{
    for (size_t i = 0; i < text.size; i++)
        if (strchr(",\"\r\n", text.bytes[i]) != NULL)
            return true;
    // Blanks at the ends are part of the text.
    return text.size > 0 && (text.bytes[0] == ' ' || text.bytes[text.size - 1] == ' ');
}

// A quote within quotes is said twice.
static bool put_quoted(wf_text text, wf_buffer *to)
{
    bool done = true;
    while (done && text.size > 0) {
        const char *quote = memchr(text.bytes, '"', text.size);
        size_t size = quote == NULL ? text.size : (size_t)(quote - text.bytes) + 1;
        done = wf_buffer_append(to, text.bytes, size) && (quote == NULL || put(to, "\""));
        text = (wf_text){text.bytes + size, text.size - size};
    }
    return done;
}

static bool put_cell(const wf_cell *cell, wf_buffer *to)
{
    const char *before = wf_cell_is_formula(cell) ? "'" : "";
    if (!needs_quotes(cell->text))
        return put(to, before) && wf_buffer_append(to, cell->text.bytes, cell->text.size);
    return put(to, "\"") && put(to, before) && put_quoted(cell->text, to) &&
           put(to, "\"");
}

bool wf_csv_put_row(const wf_cell *cells, size_t count, wf_buffer *to)
{
    // A row of one empty cell would be an empty line, which is no row.
    if (count == 1 && cells[0].text.size == 0)
        return put(to, "\"\"\r\n");
    bool done = true;
    for (size_t i = 0; done && i < count; i++)
        done = put(to, i == 0 ? "" : ",") && put_cell(&cells[i], to);
    return done && put(to, "\r\n");
}
