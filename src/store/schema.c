#include "store/schema.h"

#include <string.h>

#include "model/ids.h"

const char wf_schema_about[] = "CREATE TABLE \"about\" (\n"
                               "    \"name\" TEXT NOT NULL PRIMARY KEY, -- 'key': the "
                               "value opens with the right key\n"
                               "    \"value\" BLOB NOT NULL\n"
                               ") STRICT, WITHOUT ROWID";

static void add_slot(wf_table_form *form, wf_slot_kind kind, size_t column)
{
    form->slots[form->slots_count++] = (wf_slot){kind, column};
}

void wf_table_form_init(wf_table_form *form, wf_register_kind kind)
{
    const wf_register_table *table = wf_register_table_of(kind);
    *form = (wf_table_form){.table = table, .kind = kind};
    add_slot(form, WF_SLOT_KEY, 0);
    for (size_t i = 1; i < table->columns_count; i++) {
        if (wf_column_is_sealed(&table->columns[i]))
            form->has_sealed = true;
        else
            add_slot(form, WF_SLOT_PLAIN, i);
    }
    for (size_t i = 1; i < table->columns_count; i++)
        if (table->columns[i].keyed)
            add_slot(form, WF_SLOT_KEYED, i);
    add_slot(form, WF_SLOT_AS_OF, 0);
    add_slot(form, WF_SLOT_OLDER, 0);
    if (form->has_sealed)
        add_slot(form, WF_SLOT_SEALED, 0);
}

// ---- pieces ----

static const char *type_of(const wf_column *column)
{
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
        return "TEXT";
    case WF_COLUMN_NUMBER:
        return "REAL";
    default:
        return "INTEGER";
    }
}

// The SQL name in quotes: "case" is a word of the language.
static bool put_name(const wf_table_form *form, const wf_slot *slot, wf_buffer *to)
{
    const char *name = form->table->columns[slot->column].name;
    switch (slot->kind) {
    case WF_SLOT_KEYED:
        return wf_buffer_printf(to, "\"%s_key\"", name);
    case WF_SLOT_AS_OF:
        return wf_buffer_printf(to, "\"as_of\"");
    case WF_SLOT_OLDER:
        return wf_buffer_printf(to, "\"older\"");
    case WF_SLOT_SEALED:
        return wf_buffer_printf(to, "\"sealed\"");
    default:
        return wf_buffer_printf(to, "\"%s\"", name);
    }
}

// A chain of comparisons: for a list of more than two SQLite would build a tree anew
// for every row.
static bool put_words(const wf_column *column, wf_buffer *to)
{
    for (size_t i = 0; column->words[i] != NULL; i++)
        if (!wf_buffer_printf(to, "%s\"%s\" = '%s'", i == 0 ? "" : " OR ", column->name,
                              column->words[i]))
            return false;
    return true;
}

static bool put_check(const wf_column *column, wf_buffer *to)
{
    const char *name = column->name;
    int64_t min, max;
    bool done = wf_buffer_printf(to, " CHECK (");
    switch (column->type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
        done = done && wf_buffer_printf(to, "\"%s\" <> ''", name);
        break;
    case WF_COLUMN_WORD:
        done = done && put_words(column, to);
        break;
    case WF_COLUMN_NUMBER:
        done = done && wf_buffer_printf(to, "\"%s\" BETWEEN %lld AND %lld", name,
                                        (long long)column->min, (long long)column->max);
        break;
    default:
        wf_column_range(column, &min, &max);
        done = done && wf_buffer_printf(to, "\"%s\" BETWEEN %lld AND %lld", name,
                                        (long long)min, (long long)max);
        break;
    }
    return done && wf_buffer_printf(to, ")");
}

static const char *unit_of(const wf_column *column)
{
    switch (column->type) {
    case WF_COLUMN_TIME:
        return "; µs UTC";
    case WF_COLUMN_DATE:
        return "; days since 1970-01-01";
    case WF_COLUMN_YESNO:
        return "; 1 yes, 0 no";
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        return "; number in the dictionary of ids";
    default:
        return "";
    }
}

static bool is_numbered(const wf_table_form *form)
{
    return form->kind != WF_REGISTER_CASES;
}

static bool put_type(const wf_table_form *form, const wf_slot *slot, wf_buffer *to)
{
    const wf_column *column = &form->table->columns[slot->column];
    switch (slot->kind) {
    case WF_SLOT_KEY:
        if (is_numbered(form))
            return wf_buffer_printf(
                to, " INTEGER PRIMARY KEY CHECK (\"%s\" BETWEEN 0 AND %lu)", column->name,
                (unsigned long)WF_NUMBER_LIMIT - 1);
        return wf_buffer_printf(to, " TEXT NOT NULL PRIMARY KEY") &&
               put_check(column, to);
    case WF_SLOT_PLAIN:
        return wf_buffer_printf(to, " %s", type_of(column)) && put_check(column, to);
    case WF_SLOT_KEYED:
    case WF_SLOT_AS_OF:
        return wf_buffer_printf(to, " INTEGER");
    default:
        return wf_buffer_printf(to, " BLOB");
    }
}

static bool put_comment(const wf_table_form *form, const wf_slot *slot, wf_buffer *to)
{
    const wf_column *column = &form->table->columns[slot->column];
    switch (slot->kind) {
    case WF_SLOT_KEY:
        return wf_buffer_printf(to, " -- %s%s\n", column->en,
                                is_numbered(form) ? "; number in the dictionary of ids"
                                                  : "");
    case WF_SLOT_PLAIN:
        return wf_buffer_printf(to, " -- %s%s%s%s\n", column->en, unit_of(column),
                                column->unit[0] != '\0' ? "; " : "", column->unit);
    case WF_SLOT_KEYED:
        return wf_buffer_printf(to, " -- keyed hash of the sealed %s\n", column->name);
    case WF_SLOT_AS_OF:
        return wf_buffer_printf(to, " -- greatest as-of of the row's values; µs UTC\n");
    case WF_SLOT_OLDER:
        return wf_buffer_printf(to, " -- (column, as-of) of values older than that\n");
    default:
        return wf_buffer_printf(to, " -- the identifying values, sealed\n");
    }
}

static weft_status finish(bool done, wf_buffer *ret, weft_error *error)
{
    if (!done || !wf_buffer_append(ret, "", 1))
        return wf_fail_memory(error);
    ret->size--;
    return WEFT_OK;
}

// ---- statements ----

weft_status wf_schema_create(const wf_table_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = wf_buffer_printf(ret, "CREATE TABLE \"%s\" (\n", form->table->name);
    for (size_t i = 0; done && i < form->slots_count; i++) {
        const wf_slot *slot = &form->slots[i];
        const char *end = i + 1 < form->slots_count ? "," : "";
        done = wf_buffer_printf(ret, "    ") && put_name(form, slot, ret) &&
               put_type(form, slot, ret) && wf_buffer_printf(ret, "%s", end) &&
               put_comment(form, slot, ret);
    }
    done = done && wf_buffer_printf(ret, ") STRICT%s",
                                    is_numbered(form) ? "" : ", WITHOUT ROWID");
    return finish(done, ret, error);
}

// "a, b, c"
static bool put_names(const wf_table_form *form, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < form->slots_count; i++)
        done = wf_buffer_printf(to, "%s", i == 0 ? "" : ", ") &&
               put_name(form, &form->slots[i], to);
    return done;
}

weft_status wf_schema_select(const wf_table_form *form, bool by_key, wf_buffer *ret,
                             weft_error *error)
{
    bool done = wf_buffer_printf(ret, "SELECT ") && put_names(form, ret) &&
                wf_buffer_printf(ret, " FROM \"%s\" ", form->table->name) &&
                wf_buffer_printf(ret, by_key ? "WHERE " : "ORDER BY ") &&
                put_name(form, &form->slots[0], ret) &&
                (!by_key || wf_buffer_printf(ret, " = ?1"));
    return finish(done, ret, error);
}

weft_status wf_schema_upsert(const wf_table_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = wf_buffer_printf(ret, "INSERT INTO \"%s\" (", form->table->name) &&
                put_names(form, ret) && wf_buffer_printf(ret, ") VALUES (");
    for (size_t i = 0; done && i < form->slots_count; i++)
        done = wf_buffer_printf(ret, "%s?%zu", i == 0 ? "" : ", ", i + 1);
    done = done && wf_buffer_printf(ret, ") ON CONFLICT (") &&
           put_name(form, &form->slots[0], ret) &&
           wf_buffer_printf(ret, ") DO UPDATE SET ");
    for (size_t i = 1; done && i < form->slots_count; i++)
        done = wf_buffer_printf(ret, "%s", i == 1 ? "" : ", ") &&
               put_name(form, &form->slots[i], ret) &&
               wf_buffer_printf(ret, " = excluded.") &&
               put_name(form, &form->slots[i], ret);
    return finish(done, ret, error);
}

weft_status wf_schema_touch(const wf_table_form *form, wf_buffer *ret, weft_error *error)
{
    bool done =
        wf_buffer_printf(ret, "UPDATE \"%s\" SET \"as_of\" = ?2, \"older\" = ?3 WHERE ",
                         form->table->name) &&
        put_name(form, &form->slots[0], ret) && wf_buffer_printf(ret, " = ?1");
    return finish(done, ret, error);
}
