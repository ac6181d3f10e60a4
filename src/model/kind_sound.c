// Whether declarations of kinds and tables contradict themselves.
#include <stdio.h>
#include <string.h>

#include "model/kind.h"

typedef struct {
    const wf_kinds *kinds;
    char *text;
    // Where in the declarations we are.
    const char *owner, *part;
} checker;

static bool unsound(const checker *in, const char *sentence)
{
    WF_IGNORE(snprintf(in->text, WF_SOUND_TEXT_MAX, "%s%s%s: %s", in->owner,
                       in->part[0] == '\0' ? "" : ".", in->part, sentence) < 0,
              "a sentence that is too long is cut");
    return false;
}

static bool is_text(wf_column_type type)
{
    return type == WF_COLUMN_ID || type == WF_COLUMN_PERSON || type == WF_COLUMN_PLACE ||
           type == WF_COLUMN_TEXT;
}

static bool is_name(const char *name)
{
    size_t size = strlen(name);
    return size >= 1 && size <= 63 && name[0] >= 'a' && name[0] <= 'z' &&
           strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == size;
}

// Words that PostgreSQL or SQLite take for their own where a table or column is named.
static bool is_reserved(const char *name)
{
    static const char *const words[] = {
        "all",       "analyse",   "analyze",    "and",        "any",       "array",
        "as",        "asc",       "between",    "both",       "by",        "case",
        "cast",      "check",     "collate",    "column",     "commit",    "constraint",
        "create",    "cross",     "default",    "deferrable", "delete",    "desc",
        "distinct",  "do",        "drop",       "else",       "end",       "escape",
        "except",    "exists",    "false",      "fetch",      "for",       "foreign",
        "freeze",    "from",      "full",       "grant",      "group",     "having",
        "if",        "ilike",     "in",         "index",      "initially", "inner",
        "insert",    "intersect", "into",       "is",         "isnull",    "join",
        "lateral",   "leading",   "left",       "like",       "limit",     "localtime",
        "natural",   "not",       "nothing",    "notnull",    "null",      "offset",
        "on",        "only",      "or",         "order",      "outer",     "overlaps",
        "placing",   "primary",   "references", "returning",  "right",     "row",
        "rowid",     "rows",      "select",     "set",        "similar",   "some",
        "symmetric", "table",     "then",       "to",         "trailing",  "transaction",
        "trigger",   "true",      "union",      "unique",     "update",    "user",
        "using",     "values",    "variadic",   "verbose",    "view",      "when",
        "where",     "window",    "with",       NULL};
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], name) == 0)
            return true;
    return false;
}

static bool has_texts(const char *zh, const char *en)
{
    return zh != NULL && en != NULL && zh[0] != '\0' && en[0] != '\0';
}

// ---- columns and fields ----

static bool check_column(checker *in, const wf_column *column)
{
    in->part = column->name;
    if (!is_name(column->name))
        return unsound(in, "a name is of small letters, digits and _");
    if (!has_texts(column->zh, column->en) || column->unit == NULL)
        return unsound(in, "has no sentence in both languages, or no unit");
    if (is_text(column->type) && (column->bytes_max == 0 || column->bytes_max > 65535))
        return unsound(in, "a text has a limit up to 65535 bytes");
    if (column->type == WF_COLUMN_WORD &&
        (column->words == NULL || column->words[0] == NULL))
        return unsound(in, "has no words");
    if ((column->type == WF_COLUMN_NUMBER || column->type == WF_COLUMN_INTEGER) &&
        column->min >= column->max)
        return unsound(in, "a number has a range");
    return true;
}

static bool check_names_once(checker *in, const wf_column *columns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        for (size_t j = 0; j < i; j++) {
            in->part = columns[i].name;
            if (strcmp(columns[i].name, columns[j].name) == 0)
                return unsound(in, "is there twice");
        }
    }
    return true;
}

static bool can_be_greater(wf_column_type type)
{
    return type == WF_COLUMN_TIME || type == WF_COLUMN_DATE ||
           type == WF_COLUMN_INTEGER || type == WF_COLUMN_NUMBER;
}

static bool check_table_column(checker *in, const wf_table *table, size_t place)
{
    const wf_column *column = &table->columns[place];
    if (!check_column(in, column))
        return false;
    bool is_key = place < table->keys_count;
    if (is_reserved(column->name))
        return unsound(in, "is a word that SQL reserves");
    if (is_key != (column->merge == WF_MERGE_KEY))
        return unsound(in, "keys come first, and only they have the merge KEY");
    if (column->list || column->type == WF_COLUMN_FACT)
        return unsound(in, "a column of a table is no list and no fact");
    if (is_key && wf_column_is_sealed(column))
        return unsound(in, "a key cannot be sealed");
    if (column->keyed && !wf_column_is_sealed(column))
        return unsound(in, "only what is sealed needs a keyed hash");
    if (column->indexed && !column->keyed && wf_column_is_sealed(column))
        return unsound(in, "what is sealed is found by its keyed hash only");
    if ((column->merge == WF_MERGE_EARLIEST || column->merge == WF_MERGE_LATEST) &&
        !can_be_greater(column->type))
        return unsound(in, "has no earliest and latest");
    if (column->merge == WF_MERGE_COUNT && column->type != WF_COLUMN_INTEGER)
        return unsound(in, "a count is a whole number");
    return true;
}

static bool check_table(checker *in, const wf_table *table)
{
    in->owner = table->name;
    in->part = "";
    if (!is_name(table->name) || is_reserved(table->name))
        return unsound(in, "is no name for a table");
    if (wf_kinds_table(in->kinds, wf_text_of(table->name)) != table)
        return unsound(in, "is there twice");
    if (!has_texts(table->zh, table->en))
        return unsound(in, "has no sentence in both languages");
    if (table->keys_count == 0 || table->keys_count > table->columns_count ||
        table->columns_count > WF_TABLE_COLUMNS_MAX)
        return unsound(in, "has no key, or too many columns");
    for (size_t i = 0; i < table->columns_count; i++)
        if (!check_table_column(in, table, i))
            return false;
    return check_names_once(in, table->columns, table->columns_count);
}

// ---- sources of columns ----

static bool is_one_of(const char *word, const char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

static bool words_fit(const wf_column *from, const wf_column *to)
{
    for (size_t i = 0; from->words[i] != NULL; i++)
        if (!is_one_of(from->words[i], to->words))
            return false;
    return true;
}

static bool field_fits(const wf_column *from, const wf_column *to)
{
    // What is said of a person stays sealed wherever it is copied to.
    if (wf_column_is_sealed(from) && !wf_column_is_sealed(to))
        return false;
    switch (from->type) {
    case WF_COLUMN_PERSON:
    case WF_COLUMN_PLACE:
        return to->type == from->type;
    case WF_COLUMN_ID:
    case WF_COLUMN_TEXT:
        return (to->type == WF_COLUMN_ID || to->type == WF_COLUMN_TEXT) &&
               to->bytes_max >= from->bytes_max;
    case WF_COLUMN_WORD:
        return to->type == WF_COLUMN_WORD && words_fit(from, to);
    case WF_COLUMN_NUMBER:
    case WF_COLUMN_INTEGER:
        return to->type == from->type && to->min <= from->min && to->max >= from->max;
    case WF_COLUMN_FACT:
        return to->type == WF_COLUMN_TEXT && to->bytes_max >= WF_FACT_TEXT_MAX;
    default:
        return to->type == from->type;
    }
}

static bool envelope_fits(const char *name, const wf_column *to)
{
    if (strcmp(name, "@at") == 0)
        return to->type == WF_COLUMN_TIME;
    if (strcmp(name, "@day") == 0)
        return to->type == WF_COLUMN_DATE;
    size_t size = strcmp(name, "@grid") == 0     ? WF_GRID_BYTES_MAX
                  : strcmp(name, "@fact") == 0   ? WF_FACT_TEXT_MAX
                  : strcmp(name, "@device") == 0 ? WF_DEVICE_BYTES_MAX
                  : strcmp(name, "@kind") == 0   ? WF_KIND_NAME_MAX
                                                 : SIZE_MAX;
    return to->type == WF_COLUMN_TEXT && to->bytes_max >= size;
}

static bool constant_fits(int64_t constant, const wf_column *to)
{
    return (to->type == WF_COLUMN_YESNO || to->type == WF_COLUMN_INTEGER) &&
           wf_column_takes_number(to, constant);
}

static bool check_condition(const checker *in, const wf_kind *kind,
                            const wf_column_source *source)
{
    if (source->if_field == NULL)
        return true;
    size_t place = wf_kind_field(kind, wf_text_of(source->if_field));
    if (place == SIZE_MAX || kind->fields[place].type != WF_COLUMN_WORD ||
        kind->fields[place].list || source->if_word == NULL ||
        !is_one_of(source->if_word, kind->fields[place].words))
        return unsound(in, "asks for a word that its field does not have");
    return true;
}

static bool check_source(checker *in, const wf_kind *kind, const wf_projection *to,
                         const wf_column_source *source)
{
    in->part = source->column;
    size_t column = wf_table_column(to->table, wf_text_of(source->column));
    if (column == SIZE_MAX)
        return unsound(in, "the table has no such column");
    const wf_column *target = &to->table->columns[column];
    bool is_key = target->merge == WF_MERGE_KEY;
    if (is_key && source->if_field != NULL)
        return unsound(in, "a key is always there");
    if (!check_condition(in, kind, source))
        return false;
    if (target->merge == WF_MERGE_COUNT)
        return source->field == NULL || unsound(in, "a count has no field");
    if (source->field == NULL)
        return constant_fits(source->constant, target) ||
               unsound(in, "the constant does not fit");
    if (source->field[0] == '@') {
        if (is_key && strcmp(source->field, "@grid") == 0)
            return unsound(in, "a key is always there");
        return envelope_fits(source->field, target) ||
               unsound(in, "the envelope has no such part, or it does not fit");
    }
    size_t place = wf_kind_field(kind, wf_text_of(source->field));
    if (place == SIZE_MAX)
        return unsound(in, "the kind has no such field");
    const wf_column *field = &kind->fields[place];
    bool is_item = to->each != NULL && strcmp(to->each, source->field) == 0;
    if (field->list != is_item)
        return unsound(in, "a list is taken item by item, another field as it is");
    if (is_key && !field->required && !is_item && !to->where_keyed)
        return unsound(in, "a key is always there");
    return field_fits(field, target) || unsound(in, "the field does not fit");
}

static bool check_projection(checker *in, const wf_kind *kind, const wf_projection *to)
{
    in->part = to->table->name;
    if (wf_kinds_table(in->kinds, wf_text_of(to->table->name)) != to->table)
        return unsound(in, "the table is not among the tables");
    if (to->each != NULL) {
        size_t each = wf_kind_field(kind, wf_text_of(to->each));
        if (each == SIZE_MAX || !kind->fields[each].list)
            return unsound(in, "goes over a field that is no list");
    }
    size_t keys = 0;
    for (size_t i = 0; i < to->sources_count; i++) {
        if (!check_source(in, kind, to, &to->sources[i]))
            return false;
        size_t column = wf_table_column(to->table, wf_text_of(to->sources[i].column));
        keys += column < to->table->keys_count;
        for (size_t j = 0; j < i; j++)
            if (strcmp(to->sources[i].column, to->sources[j].column) == 0 &&
                (to->sources[i].if_field == NULL || to->sources[j].if_field == NULL))
                return unsound(in, "has two sources");
    }
    in->part = to->table->name;
    return keys == to->table->keys_count || unsound(in, "a key has no source");
}

// ---- kinds ----

static bool check_field(checker *in, const wf_column *field)
{
    if (!check_column(in, field))
        return false;
    if (field->list && (field->items_max == 0 || field->items_max > WF_ITEMS_MAX))
        return unsound(in, "a list has a limit");
    return true;
}

static bool check_searched(checker *in, const wf_kind *kind, const wf_column *field)
{
    size_t person = wf_kind_field(kind, WF_TEXT("person"));
    size_t grid = wf_kind_field(kind, WF_TEXT("grid"));
    in->part = field->name;
    if (field->searched == WF_SEARCH_NONE)
        return true;
    if (field->type != WF_COLUMN_TEXT || field->list || !wf_column_is_sealed(field) ||
        field->bytes_max > WF_TEXT_BYTES_MAX)
        return unsound(in, "what is searched is a sealed text");
    if (person == SIZE_MAX || kind->fields[person].type != WF_COLUMN_PERSON ||
        kind->fields[person].list ||
        (grid != SIZE_MAX && kind->fields[grid].type != WF_COLUMN_TEXT))
        return unsound(in, "what is searched belongs to one person");
    // An old copy of the index could be asked about what was forgotten since.
    if (kind->keep != WF_KEEP_REGISTER)
        return unsound(in, "what is searched is kept while the city is");
    return true;
}

static bool check_rule(const checker *in, const wf_kind *kind, const wf_rule *rule)
{
    size_t first = wf_kind_field(kind, wf_text_of(rule->first));
    size_t second = wf_kind_field(kind, wf_text_of(rule->second));
    if (first == SIZE_MAX || second == SIZE_MAX)
        return unsound(in, "a rule names a field that is not there");
    if (rule->kind == WF_RULE_ONE_OF)
        return true;
    const wf_column *a = &kind->fields[first], *b = &kind->fields[second];
    if (a->type != b->type || a->list || b->list)
        return unsound(in, "a rule compares two fields of one type");
    if (rule->kind == WF_RULE_RISE && !can_be_greater(a->type))
        return unsound(in, "a rule needs what can be greater");
    return true;
}

static bool check_withdrawal(const checker *in, const wf_kind *kind)
{
    size_t device = wf_kind_field(kind, WF_TEXT("device"));
    size_t seq = wf_kind_field(kind, WF_TEXT("seq"));
    if (kind->withdraws &&
        (device == SIZE_MAX || kind->fields[device].type != WF_COLUMN_TEXT ||
         seq == SIZE_MAX || kind->fields[seq].type != WF_COLUMN_INTEGER))
        return unsound(in, "a withdrawal names a device and a seq");
    return true;
}

static bool check_where(const checker *in, const wf_kind *kind)
{
    if (kind->where == NULL)
        return true;
    size_t place = wf_kind_field(kind, wf_text_of(kind->where));
    if (place == SIZE_MAX || kind->fields[place].list ||
        (kind->fields[place].type != WF_COLUMN_PERSON &&
         kind->fields[place].type != WF_COLUMN_PLACE))
        return unsound(in, "`where` names no person and no place");
    return true;
}

// Who was only shown has no number that a row could hold.
static bool check_shows(const checker *in, const wf_kind *kind)
{
    if (!kind->shows)
        return true;
    if (kind->where != NULL)
        return unsound(in, "whoever is shown does not say where a fact lies");
    if (kind->heard_by == 0)
        return unsound(in, "that somebody was shown is not heard by all");
    for (size_t i = 0; i < kind->fields_count; i++)
        if (kind->fields[i].type == WF_COLUMN_PERSON && !kind->fields[i].list)
            return unsound(in, "whoever is shown stands in a list");
    for (size_t i = 0; i < kind->projections_count; i++)
        for (size_t k = 0; k < kind->projections[i].sources_count; k++) {
            const char *field = kind->projections[i].sources[k].field;
            size_t place =
                field == NULL ? SIZE_MAX : wf_kind_field(kind, wf_text_of(field));
            if (place != SIZE_MAX && (kind->fields[place].type == WF_COLUMN_PERSON ||
                                      kind->fields[place].type == WF_COLUMN_PLACE))
                return unsound(in, "whoever is shown stands in no row");
        }
    return true;
}

static bool check_kept_by(const checker *in, const wf_kind *kind)
{
    if (kind->kept_by == NULL)
        return true;
    size_t field = wf_kind_field(kind, wf_text_of(kind->kept_by));
    if (field == SIZE_MAX || kind->fields[field].type != WF_COLUMN_TIME ||
        kind->fields[field].list || !kind->fields[field].required)
        return unsound(in, "`kept_by` names no time that is always given");
    return true;
}

static bool check_elsewhere(const checker *in, const wf_kind *kind)
{
    if (kind->body_elsewhere && (kind->projections_count > 0 || kind->withdraws))
        return unsound(in, "rows are made from a body that stands elsewhere");
    return true;
}

static bool is_named_as(wf_column_type type, wf_named names)
{
    if (type == WF_COLUMN_PERSON || names == WF_NAMED_PERSON)
        return type == WF_COLUMN_PERSON && names == WF_NAMED_PERSON;
    if (type == WF_COLUMN_PLACE || names == WF_NAMED_PLACE)
        return type == WF_COLUMN_PLACE && names == WF_NAMED_PLACE;
    if (type == WF_COLUMN_FACT || names == WF_NAMED_FACT)
        return type == WF_COLUMN_FACT && names == WF_NAMED_FACT;
    return type == WF_COLUMN_ID || type == WF_COLUMN_TEXT;
}

// An id of which nobody says what its sender has to reach would be anybody's.
static bool check_naming(checker *in, const wf_kind *kind)
{
    for (size_t i = 0; i < kind->names_count; i++) {
        const wf_naming *naming = &kind->names[i];
        size_t place = wf_kind_field(kind, wf_text_of(naming->field));
        in->part = naming->field;
        if (place == SIZE_MAX || !is_named_as(kind->fields[place].type, naming->names))
            return unsound(in, "names what it cannot");
        for (size_t k = 0; k < i; k++)
            if (strcmp(kind->names[k].field, naming->field) == 0)
                return unsound(in, "is named twice");
    }
    for (size_t i = 0; kind->roles != 0 && i < kind->fields_count; i++) {
        wf_column_type type = kind->fields[i].type;
        bool named = type != WF_COLUMN_ID && type != WF_COLUMN_PERSON &&
                     type != WF_COLUMN_PLACE && type != WF_COLUMN_FACT;
        for (size_t k = 0; !named && k < kind->names_count; k++)
            named = strcmp(kind->names[k].field, kind->fields[i].name) == 0;
        in->part = kind->fields[i].name;
        if (!named)
            return unsound(in, "is an id, and nobody says what its sender has to reach");
    }
    in->part = "";
    return true;
}

static bool check_head(checker *in, const wf_kind *kind)
{
    if (wf_kinds_find(in->kinds, wf_text_of(kind->name)) != kind)
        return unsound(in, "is there twice");
    if (kind->number == 0 || wf_kinds_numbered(in->kinds, kind->number) != kind)
        return unsound(in, "its number is zero or used twice");
    if (strlen(kind->name) > WF_KIND_NAME_MAX || !has_texts(kind->zh, kind->en))
        return unsound(in, "its name is too long, or it has no sentences");
    if (kind->keep < WF_KEEP_REGISTER || kind->keep >= WF_KEEP_END)
        return unsound(in, "has no keeping class");
    if (kind->fields_count == 0 || kind->fields_count > WF_FIELDS_MAX)
        return unsound(in, "has no fields, or too many");
    if (kind->roles >> WF_ROLE_COUNT != 0)
        return unsound(in, "names a role that is not there");
    return true;
}

static bool check_kind(checker *in, const wf_kind *kind)
{
    in->owner = kind->name;
    in->part = "";
    if (!check_head(in, kind))
        return false;
    for (size_t i = 0; i < kind->fields_count; i++)
        if (!check_field(in, &kind->fields[i]) ||
            !check_searched(in, kind, &kind->fields[i]))
            return false;
    if (!check_names_once(in, kind->fields, kind->fields_count))
        return false;
    in->part = "";
    for (size_t i = 0; i < kind->rules_count; i++)
        if (!check_rule(in, kind, &kind->rules[i]))
            return false;
    if (!check_withdrawal(in, kind) || !check_where(in, kind) ||
        !check_kept_by(in, kind) || !check_elsewhere(in, kind) ||
        !check_shows(in, kind) || !check_naming(in, kind))
        return false;
    for (size_t i = 0; i < kind->projections_count; i++)
        if (!check_projection(in, kind, &kind->projections[i]))
            return false;
    return true;
}

bool wf_kinds_sound(const wf_kinds *kinds, char text[WF_SOUND_TEXT_MAX])
{
    checker in = {kinds, text, "", ""};
    for (size_t i = 0; i < kinds->tables_count; i++)
        if (!check_table(&in, kinds->tables[i]))
            return false;
    for (size_t i = 0; i < kinds->kinds_count; i++)
        if (!check_kind(&in, kinds->kinds[i]))
            return false;
    return true;
}
