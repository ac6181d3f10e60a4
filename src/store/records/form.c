#include "store/records/form.h"

#include <string.h>

static void add_part(wf_form *form, wf_part_kind kind, size_t column)
{
    WF_ASSERT(form->parts_count < WF_PARTS_MAX);
    form->parts[form->parts_count++] = (wf_part){kind, column};
}

void wf_form_init(wf_form *form, const wf_table *table)
{
    *form = (wf_form){.table = table};
    WF_ASSERT(table->columns_count <= WF_TABLE_COLUMNS_MAX);
    for (size_t i = 0; i < table->columns_count; i++) {
        const wf_column *column = &table->columns[i];
        form->has_indexes = form->has_indexes || column->indexed;
        if (i >= table->keys_count && column->merge == WF_MERGE_LAST)
            form->has_stamps = true;
        if (i >= table->keys_count && wf_column_is_sealed(column))
            form->has_sealed = true;
        else
            add_part(form, WF_PART_VALUE, i);
    }
    for (size_t i = table->keys_count; i < table->columns_count; i++)
        if (table->columns[i].keyed)
            add_part(form, WF_PART_KEYED, i);
    if (form->has_stamps)
        add_part(form, WF_PART_STAMPS, 0);
    add_part(form, WF_PART_OWN, 0);
    if (form->has_sealed)
        add_part(form, WF_PART_SEALED, 0);
}

// ---- pieces ----

typedef enum { SQL_TEXT, SQL_REAL, SQL_WHOLE, SQL_BYTES } sql_type;

static const char *type_name(wf_dialect dialect, sql_type type)
{
    // Texts are compared bytewise in both.
    static const char *const names[2][4] = {
        [WF_DIALECT_SQLITE] = {"TEXT", "REAL", "INTEGER", "BLOB"},
        [WF_DIALECT_POSTGRES] = {"TEXT COLLATE \"C\"", "DOUBLE PRECISION", "BIGINT",
                                 "BYTEA"},
    };
    return names[dialect][type];
}

static sql_type type_of(const wf_form *form, const wf_part *part)
{
    switch (part->kind) {
    case WF_PART_STAMPS:
    case WF_PART_SEALED:
        return SQL_BYTES;
    case WF_PART_KEYED:
    case WF_PART_OWN:
        return SQL_WHOLE;
    default:
        break;
    }
    switch (form->table->columns[part->column].type) {
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
    case WF_COLUMN_WORD:
    case WF_COLUMN_FACT:
        return SQL_TEXT;
    case WF_COLUMN_NUMBER:
        return SQL_REAL;
    default:
        return SQL_WHOLE;
    }
}

// The SQL name in quotes: "case" is a word of the language.
static bool put_name(const wf_form *form, const wf_part *part, wf_buffer *to)
{
    const char *name = form->table->columns[part->column].name;
    switch (part->kind) {
    case WF_PART_KEYED:
        return wf_buffer_printf(to, "\"%s_key\"", name);
    case WF_PART_STAMPS:
        return wf_buffer_printf(to, "\"stamps\"");
    case WF_PART_OWN:
        return wf_buffer_printf(to, "\"own\"");
    case WF_PART_SEALED:
        return wf_buffer_printf(to, "\"sealed\"");
    default:
        return wf_buffer_printf(to, "\"%s\"", name);
    }
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
    case WF_COLUMN_FACT:
        return "; device/seq of the fact";
    default:
        return "";
    }
}

static bool put_comment(const wf_form *form, const wf_part *part, wf_buffer *to)
{
    const wf_column *column = &form->table->columns[part->column];
    switch (part->kind) {
    case WF_PART_KEYED:
        return wf_buffer_printf(to, " -- keyed hash of the sealed %s\n", column->name);
    case WF_PART_STAMPS:
        return wf_buffer_printf(to, " -- when and by whom the values were said\n");
    case WF_PART_OWN:
        return wf_buffer_printf(to, " -- 1: a fact that no rule sent names the row\n");
    case WF_PART_SEALED:
        return wf_buffer_printf(to, " -- the identifying values, sealed\n");
    default:
        return wf_buffer_printf(to, " -- %s%s%s%s\n", column->en, unit_of(column),
                                column->unit[0] != '\0' ? "; " : "", column->unit);
    }
}

static bool is_key(const wf_form *form, const wf_part *part)
{
    return part->kind == WF_PART_VALUE && part->column < form->table->keys_count;
}

// "a", "b" of the key.
static bool put_key(const wf_form *form, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < form->table->keys_count; i++)
        done = wf_buffer_printf(to, "%s", i == 0 ? "" : ", ") &&
               put_name(form, &form->parts[i], to);
    return done;
}

static bool put_where(const wf_form *form, wf_buffer *to)
{
    bool done = wf_buffer_printf(to, " WHERE ");
    for (size_t i = 0; done && i < form->table->keys_count; i++)
        done = wf_buffer_printf(to, "%s", i == 0 ? "" : " AND ") &&
               put_name(form, &form->parts[i], to) && wf_buffer_printf(to, " = :p%zu", i);
    return done;
}

static weft_status finish(bool done, wf_buffer *ret, weft_error *error)
{
    if (!done || !wf_buffer_append(ret, "", 1))
        return wf_fail_memory(error);
    ret->size--;
    return WEFT_OK;
}

// ---- statements ----

// One whole number as key is SQLite's row number; every other key is the table itself.
static const char *table_end(const wf_form *form, wf_dialect dialect)
{
    if (dialect == WF_DIALECT_POSTGRES)
        return ")";
    bool row_number =
        form->table->keys_count == 1 && type_of(form, &form->parts[0]) == SQL_WHOLE;
    return row_number ? ") STRICT" : ") STRICT, WITHOUT ROWID";
}

weft_status wf_form_create(const wf_form *form, wf_dialect dialect, wf_buffer *ret,
                           weft_error *error)
{
    bool done = wf_buffer_printf(ret, "CREATE TABLE \"%s\" ( -- %s\n", form->table->name,
                                 form->table->en);
    for (size_t i = 0; done && i < form->parts_count; i++) {
        const wf_part *part = &form->parts[i];
        done = wf_buffer_printf(ret, "    ") && put_name(form, part, ret) &&
               wf_buffer_printf(
                   ret, " %s%s,", type_name(dialect, type_of(form, part)),
                   is_key(form, part) || part->kind == WF_PART_OWN ? " NOT NULL" : "") &&
               put_comment(form, part, ret);
    }
    done = done && wf_buffer_printf(ret, "    PRIMARY KEY (") && put_key(form, ret) &&
           wf_buffer_printf(ret, ")\n%s", table_end(form, dialect));
    return finish(done, ret, error);
}

// ---- indexes ----

static bool is_indexed(const wf_form *form, const wf_part *part)
{
    const wf_column *column = &form->table->columns[part->column];
    return column->indexed && (part->kind == WF_PART_KEYED ||
                               (part->kind == WF_PART_VALUE && !column->keyed));
}

static bool put_index(const wf_form *form, const wf_part *part, wf_buffer *to)
{
    return wf_buffer_printf(to, "\"%s_by_%s\"", form->table->name,
                            form->table->columns[part->column].name);
}

weft_status wf_form_make_indexes(const wf_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < form->parts_count; i++) {
        const wf_part *part = &form->parts[i];
        if (!is_indexed(form, part))
            continue;
        done = wf_buffer_printf(ret, "CREATE INDEX IF NOT EXISTS ") &&
               put_index(form, part, ret) &&
               wf_buffer_printf(ret, " ON \"%s\" (", form->table->name) &&
               put_name(form, part, ret) && wf_buffer_printf(ret, ") WHERE ") &&
               put_name(form, part, ret) && wf_buffer_printf(ret, " IS NOT NULL;\n");
    }
    return finish(done, ret, error);
}

weft_status wf_form_drop_indexes(const wf_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = true;
    for (size_t i = 0; done && i < form->parts_count; i++)
        if (is_indexed(form, &form->parts[i]))
            done = wf_buffer_printf(ret, "DROP INDEX IF EXISTS ") &&
                   put_index(form, &form->parts[i], ret) && wf_buffer_printf(ret, ";\n");
    return finish(done, ret, error);
}

// ---- rows ----

// "a", "b", "c" of all parts.
static bool put_names(const wf_form *form, wf_buffer *to)
{
    bool done = true;
    for (size_t i = 0; done && i < form->parts_count; i++)
        done = wf_buffer_printf(to, "%s", i == 0 ? "" : ", ") &&
               put_name(form, &form->parts[i], to);
    return done;
}

weft_status wf_form_select(const wf_form *form, bool by_key, wf_buffer *ret,
                           weft_error *error)
{
    bool done = wf_buffer_printf(ret, "SELECT ") && put_names(form, ret) &&
                wf_buffer_printf(ret, " FROM \"%s\"", form->table->name) &&
                (!by_key || put_where(form, ret));
    return finish(done, ret, error);
}

// "a" = excluded."a", … for what is not key.
static bool put_updates(const wf_form *form, wf_buffer *to)
{
    bool done = true;
    size_t keys = form->table->keys_count;
    for (size_t i = keys; done && i < form->parts_count; i++)
        done = wf_buffer_printf(to, "%s", i == keys ? "" : ", ") &&
               put_name(form, &form->parts[i], to) &&
               wf_buffer_printf(to, " = excluded.") &&
               put_name(form, &form->parts[i], to);
    return done;
}

weft_status wf_form_upsert(const wf_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = wf_buffer_printf(ret, "INSERT INTO \"%s\" (", form->table->name) &&
                put_names(form, ret) && wf_buffer_printf(ret, ") VALUES (");
    for (size_t i = 0; done && i < form->parts_count; i++)
        done = wf_buffer_printf(ret, "%s:p%zu", i == 0 ? "" : ", ", i);
    done = done && wf_buffer_printf(ret, ") ON CONFLICT (") && put_key(form, ret) &&
           wf_buffer_printf(ret, ") DO UPDATE SET ") && put_updates(form, ret);
    return finish(done, ret, error);
}

weft_status wf_form_delete(const wf_form *form, wf_buffer *ret, weft_error *error)
{
    bool done = wf_buffer_printf(ret, "DELETE FROM \"%s\"", form->table->name) &&
                put_where(form, ret);
    return finish(done, ret, error);
}
