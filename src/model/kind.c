#include "model/kind.h"

#include <string.h>

#include "model/order_kind.h"

static bool named(wf_text text, const char *name)
{
    return strlen(name) == text.size && memcmp(name, text.bytes, text.size) == 0;
}

const char *wf_keep_word(wf_keep keep)
{
    switch (keep) {
#define X(name, number, word, zh, en)                                                    \
    case name:                                                                           \
        return word;
        WF_KEEP_TABLE(X)
#undef X
    case WF_KEEP_END:
        break;
    }
    WF_BUG("a keeping class is one of the table");
}

const char *const wf_role_words[] = {
#define X(name, word, zh, en) word,
    WF_ROLE_TABLE(X)
#undef X
        NULL};

const char *const wf_order_kind_words[] = {
#define X(name, word, zh, en) word,
    WF_ORDER_KIND_TABLE(X)
#undef X
        NULL};

const wf_kind *wf_kinds_find(const wf_kinds *kinds, wf_text name)
{
    for (size_t i = 0; i < kinds->kinds_count; i++)
        if (named(name, kinds->kinds[i]->name))
            return kinds->kinds[i];
    return NULL;
}

const wf_kind *wf_kinds_numbered(const wf_kinds *kinds, uint16_t number)
{
    for (size_t i = 0; i < kinds->kinds_count; i++)
        if (kinds->kinds[i]->number == number)
            return kinds->kinds[i];
    return NULL;
}

const wf_table *wf_kinds_table(const wf_kinds *kinds, wf_text name)
{
    for (size_t i = 0; i < kinds->tables_count; i++)
        if (named(name, kinds->tables[i]->name))
            return kinds->tables[i];
    return NULL;
}

static size_t find(const wf_column *columns, size_t count, wf_text name)
{
    for (size_t i = 0; i < count; i++)
        if (named(name, columns[i].name))
            return i;
    return SIZE_MAX;
}

size_t wf_kind_field(const wf_kind *kind, wf_text name)
{
    return find(kind->fields, kind->fields_count, name);
}

size_t wf_table_column(const wf_table *table, wf_text name)
{
    return find(table->columns, table->columns_count, name);
}
