#include "store/query/sql_closer.h"

#include <string.h>

// The text before the first `mark`, which *rest goes on behind; all of it without one.
static wf_text cut(wf_text *rest, char mark)
{
    const char *at = rest->size > 0 ? memchr(rest->bytes, mark, rest->size) : NULL;
    size_t size = at != NULL ? (size_t)(at - rest->bytes) : rest->size;
    size_t past = at != NULL ? size + 1 : size;
    wf_text before = {rest->bytes, size};
    *rest = (wf_text){rest->bytes + past, rest->size - past};
    return wf_text_trim(before);
}

static const char *word_of(const wf_column *field, wf_text word)
{
    for (size_t i = 0; field->words[i] != NULL; i++)
        if (wf_text_equal(wf_text_of(field->words[i]), word))
            return field->words[i];
    return NULL;
}

bool wf_sql_closer_read(wf_text said, const wf_kinds *kinds, wf_sql_closer *ret)
{
    wf_sql_closer made = {.kind = wf_kinds_find(kinds, cut(&said, ' ')),
                          .field = SIZE_MAX};
    const size_t room = sizeof made.words / sizeof *made.words - 1;
    said = wf_text_trim(said);
    if (made.kind == NULL)
        return false;
    if (said.size > 0) {
        made.field = wf_kind_field(made.kind, cut(&said, '='));
        if (made.field == SIZE_MAX ||
            made.kind->fields[made.field].type != WF_COLUMN_WORD || said.size == 0)
            return false;
    }
    for (size_t count = 0; said.size > 0; count++) {
        if (count == room)
            return false;
        made.words[count] = word_of(&made.kind->fields[made.field], cut(&said, ','));
        if (made.words[count] == NULL)
            return false;
    }
    *ret = made;
    return true;
}

static bool is_meant(const wf_sql_closer *closer, const wf_fact *fact)
{
    if (closer->kind != fact->kind)
        return false;
    if (closer->field == SIZE_MAX)
        return true;
    for (size_t i = 0; closer->words[i] != NULL; i++)
        if (wf_text_equal(fact->values[closer->field].text, wf_text_of(closer->words[i])))
            return true;
    return false;
}

bool wf_sql_closes(const wf_sql_file *file, const wf_fact *fact)
{
    for (size_t i = 0; i < file->closers_count; i++)
        if (is_meant(&file->closers[i], fact))
            return true;
    return false;
}
