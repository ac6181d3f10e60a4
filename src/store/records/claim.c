#include "store/records/claim.h"

#include <stdlib.h>
#include <string.h>

#include "model/ids.h"
#include "store/records/sought.h"

// ---- plans ----

typedef enum {
    FROM_FIELD,
    FROM_ITEM, // of the list that the projection goes through
    FROM_AT,
    FROM_GRID,
    FROM_FACT,
    FROM_DEVICE,
    FROM_KIND,
    FROM_DAY,
    FROM_CONSTANT,
    FROM_COUNT
} from_what;

typedef struct {
    size_t column;
    from_what from;
    size_t field;
    int64_t constant;
    size_t if_field; // SIZE_MAX: always
    wf_text if_word;
} source_plan;

typedef struct {
    size_t table;
    size_t each; // SIZE_MAX: one row
    const source_plan *sources;
    size_t sources_count;
    const source_plan *keys[WF_KEYS_MAX];
} projection_plan;

typedef struct {
    const projection_plan *projections;
} kind_plan;

struct wf_plans {
    const wf_kinds *kinds;
    const wf_zone *zone; // whose days
    kind_plan *of_kind;  // in the order of kinds->kinds
    wf_arena arena;
};

static size_t place_of_table(const wf_kinds *kinds, const wf_table *table)
{
    for (size_t i = 0; i < kinds->tables_count; i++)
        if (kinds->tables[i] == table)
            return i;
    WF_BUG("a projection names a table that is not among the tables");
}

static from_what from_of(const wf_kind *kind, const wf_projection *projection,
                         const wf_column_source *source, const wf_column *column,
                         size_t *ret_field)
{
    static const struct {
        const char *name;
        from_what from;
    } special[] = {{"@at", FROM_AT},         {"@grid", FROM_GRID}, {"@fact", FROM_FACT},
                   {"@device", FROM_DEVICE}, {"@kind", FROM_KIND}, {"@day", FROM_DAY}};
    if (source->field == NULL)
        return column->merge == WF_MERGE_COUNT ? FROM_COUNT : FROM_CONSTANT;
    for (size_t i = 0; i < sizeof special / sizeof *special; i++)
        if (strcmp(source->field, special[i].name) == 0)
            return special[i].from;
    *ret_field = wf_kind_field(kind, wf_text_of(source->field));
    WF_ASSERT(*ret_field != SIZE_MAX);
    return projection->each != NULL && strcmp(projection->each, source->field) == 0
               ? FROM_ITEM
               : FROM_FIELD;
}

static source_plan plan_source(const wf_kind *kind, const wf_projection *projection,
                               const wf_column_source *source)
{
    source_plan plan = {.constant = source->constant, .if_field = SIZE_MAX};
    plan.column = wf_table_column(projection->table, wf_text_of(source->column));
    WF_ASSERT(plan.column != SIZE_MAX);
    plan.from = from_of(kind, projection, source,
                        &projection->table->columns[plan.column], &plan.field);
    if (source->if_field != NULL) {
        plan.if_field = wf_kind_field(kind, wf_text_of(source->if_field));
        WF_ASSERT(plan.if_field != SIZE_MAX);
        plan.if_word = wf_text_of(source->if_word);
    }
    return plan;
}

static bool plan_projection(wf_plans *plans, const wf_kind *kind,
                            const wf_projection *projection, projection_plan *ret)
{
    source_plan *sources =
        wf_arena_array(&plans->arena, projection->sources_count, sizeof *sources);
    if (sources == NULL)
        return false;
    *ret = (projection_plan){.table = place_of_table(plans->kinds, projection->table),
                             .each = SIZE_MAX,
                             .sources = sources,
                             .sources_count = projection->sources_count};
    WF_ASSERT(projection->table->keys_count <= WF_KEYS_MAX);
    if (projection->each != NULL)
        ret->each = wf_kind_field(kind, wf_text_of(projection->each));
    for (size_t i = 0; i < projection->sources_count; i++) {
        sources[i] = plan_source(kind, projection, &projection->sources[i]);
        if (sources[i].column < projection->table->keys_count)
            ret->keys[sources[i].column] = &sources[i];
    }
    for (size_t i = 0; i < projection->table->keys_count; i++)
        WF_ASSERT(ret->keys[i] != NULL);
    return true;
}

static bool plan_kind(wf_plans *plans, const wf_kind *kind, kind_plan *ret)
{
    projection_plan *all =
        wf_arena_array(&plans->arena, kind->projections_count + 1, sizeof *all);
    if (all == NULL)
        return false;
    for (size_t i = 0; i < kind->projections_count; i++)
        if (!plan_projection(plans, kind, &kind->projections[i], &all[i]))
            return false;
    ret->projections = all;
    return true;
}

weft_status wf_plans_new(const wf_kinds *kinds, const wf_zone *zone, wf_plans **ret,
                         weft_error *error)
{
    char unsound[WF_SOUND_TEXT_MAX];
    WF_ASSERT(wf_kinds_sound(kinds, unsound));
    wf_plans *plans = calloc(1, sizeof *plans);
    if (plans == NULL)
        return wf_fail_memory(error);
    wf_arena_init(&plans->arena, 0);
    plans->kinds = kinds;
    plans->zone = zone;
    plans->of_kind =
        wf_arena_array(&plans->arena, kinds->kinds_count, sizeof *plans->of_kind);
    bool done = plans->of_kind != NULL;
    for (size_t i = 0; done && i < kinds->kinds_count; i++)
        done = plan_kind(plans, kinds->kinds[i], &plans->of_kind[i]);
    if (!done) {
        wf_plans_free(plans);
        return wf_fail_memory(error);
    }
    *ret = plans;
    return WEFT_OK;
}

void wf_plans_free(wf_plans *plans)
{
    if (plans == NULL)
        return;
    wf_arena_done(&plans->arena);
    free(plans);
}

static const kind_plan *plan_of(const wf_plans *plans, const wf_kind *kind)
{
    for (size_t i = 0; i < plans->kinds->kinds_count; i++)
        if (plans->kinds->kinds[i] == kind)
            return &plans->of_kind[i];
    WF_BUG("a fact's kind is not among the kinds");
}

// ---- values ----

static bool is_device_of(wf_text device, wf_text prefix)
{
    return device.size >= prefix.size &&
           memcmp(device.bytes, prefix.bytes, prefix.size) == 0;
}

static wf_text fact_text(wf_identity id, wf_fact_name *room)
{
    *room = wf_fact_name_of(id);
    return wf_text_of(room->text);
}

static wf_value as_column(const wf_value *value, bool is_fact, wf_fact_name *room)
{
    wf_value copy = *value;
    copy.items = NULL;
    if (is_fact && value->given)
        copy.text = fact_text(value->fact, room);
    return copy;
}

static wf_value value_of(const wf_plans *plans, const source_plan *source,
                         const wf_claim *claim, wf_fact_name *room)
{
    const wf_fact *fact = &claim->entry->fact;
    const wf_column *field = &fact->kind->fields[source->field];
    if (source->if_field != SIZE_MAX &&
        !(fact->values[source->if_field].given &&
          wf_text_equal(fact->values[source->if_field].text, source->if_word)))
        return (wf_value){0};
    switch (source->from) {
    case FROM_FIELD:
        return as_column(&fact->values[source->field], field->type == WF_COLUMN_FACT,
                         room);
    case FROM_ITEM:
        return as_column(&fact->values[source->field].items[claim->item],
                         field->type == WF_COLUMN_FACT, room);
    case FROM_AT:
        return (wf_value){.given = true, .number = fact->at.us};
    case FROM_GRID:
        return (wf_value){.given = fact->grid.size > 0, .text = fact->grid};
    case FROM_FACT:
        return (wf_value){.given = true, .text = fact_text(fact->id, room)};
    case FROM_DEVICE:
        return (wf_value){.given = true, .text = fact->id.device};
    case FROM_KIND:
        return (wf_value){.given = true, .text = wf_text_of(fact->kind->name)};
    case FROM_DAY:
        return (wf_value){.given = true,
                          .number = wf_zone_day_of(plans->zone, fact->at).number};
    default:
        return (wf_value){.given = true, .number = source->constant};
    }
}

// ---- claims ----

static bool put_number(int64_t number, wf_buffer *to)
{
    unsigned char bytes[8];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (unsigned char)((uint64_t)number >> (8 * i));
    return wf_buffer_append(to, bytes, sizeof bytes);
}

static bool put_sized(wf_text text, wf_buffer *to)
{
    return put_number((int64_t)text.size, to) &&
           wf_buffer_append(to, text.bytes, text.size);
}

static bool is_textual(const wf_column *column)
{
    return wf_record_is_text(column) || column->type == WF_COLUMN_PERSON ||
           column->type == WF_COLUMN_PLACE;
}

static void begin_row(const wf_table *table, wf_buffer *form)
{
    WF_ASSERT(wf_buffer_append(form, "row", 4) &&
              put_sized(wf_text_of(table->name), form));
}

// Compares as the key itself does, as far as it goes.
static uint64_t beginning_of(const wf_column *column, const wf_value *value)
{
    uint64_t bits = 0;
    if (!wf_record_is_text(column))
        return (uint64_t)value->number ^ UINT64_C(1) << 63;
    for (size_t i = 0; i < 8; i++)
        bits =
            bits << 8 | (i < value->text.size ? (unsigned char)value->text.bytes[i] : 0U);
    return bits;
}

// Names of facts are made here and copied into the arena; all other texts are the fact's.
static bool fill_keys(const wf_plans *plans, const projection_plan *plan,
                      const wf_index *index, wf_claim *claim, wf_arena *arena,
                      bool *ret_given)
{
    const wf_table *table = plans->kinds->tables[plan->table];
    char bytes[512];
    wf_buffer form = {.bytes = bytes, .capacity = sizeof bytes, .limit = sizeof bytes};
    wf_fact_name room;
    *ret_given = true;
    begin_row(table, &form);
    for (size_t i = 0; i < table->keys_count; i++) {
        wf_value value = value_of(plans, plan->keys[i], claim, &room);
        if (!value.given) {
            *ret_given = false;
            return true;
        }
        if (value.text.bytes == room.text)
            value.text = wf_arena_text(arena, value.text);
        if (is_textual(&table->columns[i]) && value.text.bytes == NULL)
            return false;
        claim->keys[i].text = value.text;
        claim->keys[i].number = value.number;
        if (i == 0)
            claim->beginning = beginning_of(&table->columns[i], &value);
        WF_ASSERT(is_textual(&table->columns[i]) ? put_sized(value.text, &form)
                                                 : put_number(value.number, &form));
    }
    claim->hash = wf_index_hash(index, wf_buffer_text(&form));
    return true;
}

uint64_t wf_claims_row(const wf_index *index, const wf_table *table, wf_text key)
{
    char bytes[512];
    wf_buffer form = {.bytes = bytes, .capacity = sizeof bytes, .limit = sizeof bytes};
    WF_ASSERT(table->keys_count == 1 && is_textual(&table->columns[0]));
    begin_row(table, &form);
    WF_ASSERT(put_sized(key, &form));
    return wf_index_hash(index, wf_buffer_text(&form));
}

// False when memory ran out.
static bool add_claim(const wf_plans *plans, const wf_index *index, const wf_claim *start,
                      wf_arena *arena, wf_buffer *ret)
{
    const projection_plan *plan =
        &plan_of(plans, start->entry->fact.kind)->projections[start->projection];
    wf_claim claim = *start;
    bool given = false;
    claim.table = (uint16_t)plan->table;
    if (!fill_keys(plans, plan, index, &claim, arena, &given))
        return false;
    return !given || wf_buffer_append(ret, &claim, sizeof claim);
}

static bool add_projection(const wf_plans *plans, const wf_index *index, wf_entry *entry,
                           size_t place, wf_arena *arena, wf_buffer *ret)
{
    const projection_plan *plan = &plan_of(plans, entry->fact.kind)->projections[place];
    wf_claim claim = {
        .projection = (uint16_t)place, .position = entry->position, .entry = entry};
    if (plan->each == SIZE_MAX)
        return add_claim(plans, index, &claim, arena, ret);
    const wf_value *list = &entry->fact.values[plan->each];
    for (size_t i = 0; list->given && i < list->items_count; i++) {
        claim.item = (uint32_t)i;
        if (!add_claim(plans, index, &claim, arena, ret))
            return false;
    }
    return true;
}

weft_status wf_claims_of(const wf_plans *plans, const wf_index *index, wf_entry *entry,
                         wf_arena *arena, wf_buffer *ret, weft_error *error)
{
    if (entry->forgotten || entry->fact.kind == NULL)
        return WEFT_OK;
    for (size_t i = 0; i < entry->fact.kind->projections_count; i++)
        if (!add_projection(plans, index, entry, i, arena, ret))
            return wf_fail_memory(error);
    return WEFT_OK;
}

void wf_claims_names(wf_entry *entry,
                     void (*each)(void *context, wf_column_type type, wf_value *value),
                     void *context)
{
    if (entry->forgotten || entry->fact.kind == NULL || entry->fact.kind->shows)
        return;
    for (size_t i = 0; i < entry->fact.kind->fields_count; i++) {
        const wf_column *field = &entry->fact.kind->fields[i];
        wf_value *value = &entry->fact.values[i];
        if (!value->given ||
            (field->type != WF_COLUMN_PERSON && field->type != WF_COLUMN_PLACE))
            continue;
        if (!field->list)
            each(context, field->type, value);
        // The items are the entry's own, only shared as borrowed: numbers go into them.
        for (size_t k = 0; field->list && k < value->items_count; k++)
            each(context, field->type, (wf_value *)(uintptr_t)&value->items[k]);
    }
}

// ---- hashes ----

uint64_t wf_claims_identity(const wf_index *index, wf_identity id)
{
    char bytes[4 + 8 + WF_DEVICE_BYTES_MAX + 8];
    wf_buffer form = {.bytes = bytes, .capacity = sizeof bytes, .limit = sizeof bytes};
    WF_ASSERT(wf_buffer_append(&form, "fact", 4) && put_sized(id.device, &form) &&
              put_number(id.seq, &form));
    return wf_index_hash(index, wf_buffer_text(&form));
}

static uint64_t person_hash(const wf_index *index, wf_text what, wf_text person)
{
    char bytes[8 + 8 + WF_ID_BYTES_MAX];
    wf_buffer form = {.bytes = bytes, .capacity = sizeof bytes, .limit = sizeof bytes};
    WF_ASSERT(wf_buffer_append(&form, what.bytes, what.size) && put_sized(person, &form));
    return wf_index_hash(index, wf_buffer_text(&form));
}

uint64_t wf_claims_person(const wf_index *index, wf_text person)
{
    return person_hash(index, WF_TEXT("person"), person);
}

uint64_t wf_claims_shown(const wf_index *index, wf_text person)
{
    return person_hash(index, WF_TEXT("shown"), person);
}

typedef struct {
    const wf_index *index;
    uint64_t position;
    wf_buffer *pairs;
    bool failed;
} person_pairs;

static void add_person(void *context, wf_column_type type, wf_value *value)
{
    person_pairs *to = context;
    if (type != WF_COLUMN_PERSON)
        return;
    wf_index_pair pair = {wf_claims_person(to->index, value->text), to->position};
    to->failed = to->failed || !wf_buffer_append(to->pairs, &pair, sizeof pair);
}

static weft_status put_shown(const wf_index *index, const wf_entry *entry, wf_buffer *ret,
                             weft_error *error)
{
    const wf_kind *kind = entry->fact.kind;
    if (entry->forgotten || kind == NULL || !kind->shows)
        return WEFT_OK;
    for (size_t i = 0; i < kind->fields_count; i++) {
        const wf_value *value = &entry->fact.values[i];
        if (kind->fields[i].type != WF_COLUMN_PERSON)
            continue;
        for (size_t k = 0; value->given && k < value->items_count; k++) {
            wf_index_pair pair = {wf_claims_shown(index, value->items[k].text),
                                  entry->position};
            if (!wf_buffer_append(ret, &pair, sizeof pair))
                return wf_fail_memory(error);
        }
    }
    return WEFT_OK;
}

weft_status wf_claims_pairs(const wf_plans *plans, const wf_index *index, wf_entry *entry,
                            wf_arena *arena, wf_buffer *ret, weft_error *error)
{
    wf_buffer claims = {0};
    wf_index_pair pair = {wf_claims_identity(index, entry->fact.id), entry->position};
    person_pairs persons = {.index = index, .position = entry->position, .pairs = ret};
    if (!wf_buffer_append(ret, &pair, sizeof pair))
        return wf_fail_memory(error);
    weft_status status = wf_claims_of(plans, index, entry, arena, &claims, error);
    const wf_claim *all = (const wf_claim *)(const void *)claims.bytes;
    for (size_t i = 0; status == WEFT_OK && i < claims.size / sizeof *all; i++) {
        pair.hash = all[i].hash;
        if (!wf_buffer_append(ret, &pair, sizeof pair))
            status = wf_fail_memory(error);
    }
    wf_buffer_done(&claims);
    wf_claims_names(entry, add_person, &persons);
    if (status == WEFT_OK && persons.failed)
        status = wf_fail_memory(error);
    if (status == WEFT_OK)
        status = put_shown(index, entry, ret, error);
    return status == WEFT_OK ? wf_sought_pairs(index, entry, ret, error) : status;
}

// ---- the fold ----

#define RULE_PREFIX WF_TEXT("rule/")

// Rows of the register stand for their seq: which line of which file said it does not
// matter. What lists say of the work (contacts, follow-ups, results) is ordered as it
// came: a result that a laboratory corrects is not of a greater word.
static bool is_register_row(wf_text device)
{
    return is_device_of(device, WF_TEXT("import/persons")) ||
           is_device_of(device, WF_TEXT("import/places")) ||
           is_device_of(device, WF_TEXT("import/cases"));
}

static wf_stamp stamp_of(const wf_fact *fact)
{
    if (is_register_row(fact->id.device))
        return (wf_stamp){.at_us = fact->at.us, .device = WF_TEXT("import")};
    return (wf_stamp){fact->at.us, fact->id.device, fact->id.seq};
}

static int compare_stamps(const wf_stamp *a, const wf_stamp *b)
{
    return wf_fact_order((weft_time){a->at_us}, (wf_identity){a->device, a->seq},
                         (weft_time){b->at_us}, (wf_identity){b->device, b->seq});
}

static int compare_values(const wf_column *column, const wf_value *a, const wf_value *b,
                          const wf_numbers *numbers)
{
    if (wf_record_is_text(column))
        return wf_text_compare(a->text, b->text);
    if (column->type == WF_COLUMN_NUMBER)
        return (a->real > b->real) - (a->real < b->real);
    if (a->number == b->number ||
        (column->type != WF_COLUMN_PERSON && column->type != WF_COLUMN_PLACE))
        return (a->number > b->number) - (a->number < b->number);
    // Their order, unlike that of the numbers, is the same in every city.
    return wf_text_compare(
        numbers->text_of(numbers->context, column->type, (uint32_t)a->number),
        numbers->text_of(numbers->context, column->type, (uint32_t)b->number));
}

// What a merge did: nothing, a newer stamp of the same value, another value.
static void merge(const wf_column *column, const wf_value *value, const wf_stamp *stamp,
                  const wf_numbers *numbers, wf_value *mine, wf_stamp *my_stamp,
                  wf_fold_change *change)
{
    int order = 1;
    if (column->merge == WF_MERGE_COUNT) {
        *mine = (wf_value){.given = true, .number = mine->given ? mine->number + 1 : 1};
        change->any = change->visible = true;
        return;
    }
    if (mine->given)
        order = compare_values(column, value, mine, numbers);
    if (column->merge == WF_MERGE_EARLIEST)
        order = mine->given ? -order : 1;
    if (column->merge == WF_MERGE_LAST) {
        int later = mine->given ? compare_stamps(stamp, my_stamp) : 1;
        if (later < 0 || (later == 0 && order <= 0))
            return;
        *my_stamp = *stamp;
        change->any = true;
        if (order == 0)
            return;
    } else if (order <= 0) {
        return;
    }
    *mine = *value;
    mine->real = value->real + 0.0; // −0 and 0 are one value
    change->any = change->visible = true;
}

bool wf_claim_fold(const wf_plans *plans, const wf_claim *claim,
                   const wf_numbers *numbers, wf_arena *arena, wf_record *row,
                   wf_fold_change *change)
{
    const wf_fact *fact = &claim->entry->fact;
    const projection_plan *plan =
        &plan_of(plans, fact->kind)->projections[claim->projection];
    const wf_table *table = plans->kinds->tables[plan->table];
    wf_stamp stamp = stamp_of(fact);
    for (size_t i = 0; i < plan->sources_count; i++) {
        const source_plan *source = &plan->sources[i];
        wf_fact_name room;
        wf_value value = value_of(plans, source, claim, &room);
        if (!value.given)
            continue;
        if (value.text.bytes == room.text)
            value.text = wf_arena_text(arena, value.text);
        if (value.text.bytes == NULL &&
            wf_record_is_text(&table->columns[source->column]))
            return false;
        // A time of the envelope is when it was said: no value that is seen.
        wf_fold_change said = {0};
        if (source->column < table->keys_count)
            row->values[source->column] = value;
        else
            merge(&table->columns[source->column], &value, &stamp, numbers,
                  &row->values[source->column], &row->stamps[source->column],
                  source->from == FROM_AT ? &said : change);
        change->any = change->any || said.any;
    }
    row->own = row->own || !is_device_of(fact->id.device, RULE_PREFIX);
    return true;
}
