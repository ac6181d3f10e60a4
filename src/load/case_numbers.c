#include "load/case_numbers.h"

#include <stdlib.h>

#include "base/grow.h"
#include "base/hash.h"

enum {
    numbers_bytes_max = 1 << 30,
    heads_least = 1024,
    others_max = 2, // of a case
    none = UINT32_MAX
};

// GONE: a number that a case had until it said another in its place.
typedef enum { OWN_ID, OTHER_NUMBER, OF_CONTACTS, GONE } said_by;

typedef struct {
    wf_text number, of; // `of`: the case; of OF_CONTACTS the number again
    said_by by;
    bool stands;                          // in the city, and the list did not say it
    enum { UNASKED, SEEN, HIDDEN } sight; // of what stands, to who imports
    uint32_t next;                        // of the same head
    uint32_t contacts;                    // of OF_CONTACTS: how many
    bool told;                            // and whether somebody was told of them
    uint32_t others[others_max];          // of an OWN_ID: entries of its other numbers
} entry;

static const char *const others_fields[others_max] = {"known_as", "known_as_too"};

struct wf_case_numbers {
    wf_arena arena;
    entry *entries;
    size_t count, capacity;
    uint32_t *heads; // a power of two of them, by the hash of the number
    size_t heads_count;
    uint64_t seed;
    const wf_table *table;        // while one is read; NULL from then on
    const wf_import_scope *scope; // of the import; NULL: they see all
};

// ---- entries ----

static uint32_t *head_of(const wf_case_numbers *numbers, wf_text number)
{
    uint64_t hash = wf_hash(number.bytes, number.size, numbers->seed);
    return &numbers->heads[hash & (numbers->heads_count - 1)];
}

static bool make_heads(wf_case_numbers *numbers, size_t count)
{
    uint32_t *heads = reallocarray(NULL, count, sizeof *heads);
    if (heads == NULL)
        return false;
    free(numbers->heads);
    numbers->heads = heads;
    numbers->heads_count = count;
    for (size_t i = 0; i < count; i++)
        heads[i] = none;
    for (size_t i = 0; i < numbers->count; i++) {
        uint32_t *head = head_of(numbers, numbers->entries[i].number);
        numbers->entries[i].next = *head;
        *head = (uint32_t)i;
    }
    return true;
}

static const entry *first_of(const wf_case_numbers *numbers, wf_text number, uint32_t at)
{
    while (at != none && (numbers->entries[at].by == GONE ||
                          !wf_text_equal(numbers->entries[at].number, number)))
        at = numbers->entries[at].next;
    return at == none ? NULL : &numbers->entries[at];
}

static const entry *find(const wf_case_numbers *numbers, wf_text number)
{
    return first_of(numbers, number, *head_of(numbers, number));
}

static const entry *next_of(const wf_case_numbers *numbers, const entry *found)
{
    return first_of(numbers, found->number, found->next);
}

// ---- who sees what ----

static bool sees_case(const wf_case_numbers *numbers, wf_text of)
{
    const wf_import_scope *scope = numbers->scope;
    return scope == NULL || scope->sees_case(scope->context, of);
}

// A case elsewhere is as one that nobody reported. Contacts that are not seen are no
// entries.
static bool is_seen(const wf_case_numbers *numbers, const entry *one)
{
    if (numbers->scope == NULL || !one->stands || one->by == OF_CONTACTS)
        return true;
    if (one->sight == UNASKED)
        numbers->entries[one - numbers->entries].sight =
            sees_case(numbers, one->of) ? SEEN : HIDDEN;
    return one->sight == SEEN;
}

// Two cases of a number are as many as a thousand: nobody can tell them apart. Those that
// are not seen hide none that are. others: how many there are, not seen and seen.
static bool is_one_more(const wf_case_numbers *numbers, wf_text of,
                        const size_t others[2])
{
    if (others[false] < 2 && others[true] < 2)
        return false;
    bool seen = numbers->table == NULL || numbers->scope == NULL ||
                (others[true] >= 2) == (others[false] >= 2) || sees_case(numbers, of);
    return others[seen] >= 2;
}

// *ret: the entry, which may have been there; `none` where it would be one more.
static weft_status add(wf_case_numbers *numbers, said_by by, wf_text number, wf_text of,
                       uint32_t *ret, weft_error *error)
{
    size_t others[2] = {0};
    for (const entry *one = find(numbers, number); one != NULL;
         one = next_of(numbers, one)) {
        if (one->by == by && wf_text_equal(one->of, of)) {
            *ret = (uint32_t)(one - numbers->entries);
            numbers->entries[*ret].stands &= numbers->table != NULL;
            return WEFT_OK;
        }
        if (by == OTHER_NUMBER && one->by == by && !wf_text_equal(one->of, number))
            others[is_seen(numbers, one)]++;
    }
    *ret = none;
    if (is_one_more(numbers, of, others))
        return WEFT_OK;
    if (numbers->count == none)
        return wf_fail_memory(error);
    entry *entries =
        wf_grow(numbers->entries, numbers->count, &numbers->capacity, sizeof *entries);
    if (entries == NULL)
        return wf_fail_memory(error);
    numbers->entries = entries;
    if (numbers->count == numbers->heads_count &&
        !make_heads(numbers, numbers->heads_count * 2))
        return wf_fail_memory(error);
    entry made = {.number = wf_arena_text(&numbers->arena, number),
                  .by = by,
                  .stands = numbers->table != NULL,
                  .others = {none, none}};
    made.of = by == OTHER_NUMBER ? wf_arena_text(&numbers->arena, of) : made.number;
    if (made.number.bytes == NULL || made.of.bytes == NULL)
        return wf_fail_memory(error);
    uint32_t *head = head_of(numbers, number);
    made.next = *head;
    entries[numbers->count] = made;
    *ret = *head = (uint32_t)numbers->count++;
    return WEFT_OK;
}

// A case and what it says of its other numbers: a number takes the place of the one that
// stood in its field.
static weft_status add_case(wf_case_numbers *numbers, wf_text of,
                            const wf_value *const others[others_max], weft_error *error)
{
    uint32_t own = none, made = none;
    WF_TRY(add(numbers, OWN_ID, of, of, &own, error));
    for (size_t i = 0; i < others_max; i++) {
        if (!others[i]->given)
            continue;
        uint32_t before = numbers->entries[own].others[i];
        uint32_t beside = numbers->entries[own].others[others_max - 1 - i];
        if (before != none && before != beside &&
            !wf_text_equal(numbers->entries[before].number, others[i]->text))
            numbers->entries[before].by = GONE;
        WF_TRY(add(numbers, OTHER_NUMBER, others[i]->text, of, &made, error));
        numbers->entries[own].others[i] = made;
    }
    return WEFT_OK;
}

// ---- what stands ----

static const wf_value *column_of(const wf_case_numbers *numbers, const wf_value *values,
                                 const char *name)
{
    size_t at = wf_table_column(numbers->table, wf_text_of(name));
    WF_ASSERT(at != SIZE_MAX);
    return &values[at];
}

static weft_status take_case(void *context, const wf_value *values, weft_error *error)
{
    wf_case_numbers *numbers = context;
    const wf_value *others[others_max];
    for (size_t i = 0; i < others_max; i++)
        others[i] = column_of(numbers, values, others_fields[i]);
    return add_case(numbers, column_of(numbers, values, "case_id")->text, others, error);
}

// Those of a case wait for none, wherever it lies; of whom nobody is a contact any more,
// nobody waits for.
static weft_status take_contact(void *context, const wf_value *values, weft_error *error)
{
    wf_case_numbers *numbers = context;
    const wf_value *confirmed = column_of(numbers, values, "last_confirmed_at");
    const wf_value *dismissed = column_of(numbers, values, "dismissed_at");
    wf_text of = column_of(numbers, values, "case_id")->text;
    const wf_value *grid = column_of(numbers, values, "grid");
    const wf_import_scope *scope = numbers->scope;
    uint32_t made;
    if (!confirmed->given || (dismissed->given && dismissed->number >= confirmed->number))
        return WEFT_OK;
    for (const entry *one = find(numbers, of); one != NULL; one = next_of(numbers, one))
        if (one->by == OWN_ID)
            return WEFT_OK;
    if (scope != NULL &&
        !scope->sees_contact(scope->context, grid->given ? grid->text : WF_TEXT(""),
                             column_of(numbers, values, "person")->text))
        return WEFT_OK;
    WF_TRY(add(numbers, OF_CONTACTS, of, of, &made, error));
    numbers->entries[made].contacts++;
    return WEFT_OK;
}

static weft_status read_table(const wf_import_city *city, wf_database *db,
                              const char *name,
                              weft_status (*take)(void *, const wf_value *, weft_error *),
                              wf_case_numbers *to, weft_error *error)
{
    to->table = wf_kinds_table(city->kinds, wf_text_of(name));
    WF_ASSERT(to->table != NULL);
    return wf_records_each(wf_store_records(city->store), db, to->table, take, to, error);
}

weft_status wf_case_numbers_read(const wf_import_city *city, wf_case_numbers **ret,
                                 weft_error *error)
{
    wf_database *db = NULL;
    wf_case_numbers *numbers = calloc(1, sizeof *numbers);
    if (numbers == NULL)
        return wf_fail_memory(error);
    wf_arena_init(&numbers->arena, numbers_bytes_max);
    numbers->seed = wf_hash_seed();
    numbers->scope = city->scope;
    weft_status status =
        make_heads(numbers, heads_least) ? WEFT_OK : wf_fail_memory(error);
    if (status == WEFT_OK)
        status = wf_store_reader(city->store, &db, error);
    if (status == WEFT_OK)
        status = read_table(city, db, "cases", take_case, numbers, error);
    if (status == WEFT_OK)
        status = read_table(city, db, "contact", take_contact, numbers, error);
    wf_database_close(db);
    numbers->table = NULL;
    if (status == WEFT_OK)
        *ret = numbers;
    else
        wf_case_numbers_free(numbers);
    return status;
}

void wf_case_numbers_free(wf_case_numbers *numbers)
{
    if (numbers == NULL)
        return;
    free(numbers->entries);
    free(numbers->heads);
    wf_arena_done(&numbers->arena);
    free(numbers);
}

// ---- asking ----

wf_case_named wf_case_numbers_find(const wf_case_numbers *numbers, wf_text number,
                                   wf_text *ret_case)
{
    const entry *other = NULL;
    bool own = false, several = false;
    for (const entry *one = find(numbers, number); one != NULL;
         one = next_of(numbers, one)) {
        own |= one->by == OWN_ID && is_seen(numbers, one);
        // A case that says its own id once more says nothing.
        if (one->by != OTHER_NUMBER || wf_text_equal(one->of, number) ||
            !is_seen(numbers, one))
            continue;
        several |= other != NULL;
        other = one;
    }
    *ret_case = number;
    if (own)
        return other != NULL ? WF_CASE_SHARED : WF_CASE_OWN;
    if (other == NULL)
        return WF_CASE_UNKNOWN;
    if (several)
        return WF_CASE_SEVERAL;
    *ret_case = other->of;
    return WF_CASE_OTHER;
}

const char *wf_case_named_doubt(wf_case_named named)
{
    return named == WF_CASE_SHARED    ? "import.case_shared"
           : named == WF_CASE_UNKNOWN ? "import.case_unknown"
                                      : NULL;
}

bool wf_case_numbers_join(const wf_case_numbers *numbers, wf_value *of, wf_value *person)
{
    wf_text number = of->text, found;
    if (wf_case_numbers_find(numbers, number, &found) != WF_CASE_OTHER)
        return false;
    of->text = found;
    if (person->given && wf_text_equal(person->text, number))
        *person = (wf_value){.given = false, .text = {"", 0}};
    return true;
}

static const wf_value *value_of(const wf_fact *report, const char *field)
{
    size_t at = wf_kind_field(report->kind, wf_text_of(field));
    WF_ASSERT(at != SIZE_MAX);
    return &report->values[at];
}

// Whether another case than `of` goes by the number.
static bool is_of_others(const wf_case_numbers *numbers, wf_text number, wf_text of)
{
    for (const entry *one = find(numbers, number); one != NULL;
         one = next_of(numbers, one))
        if (one->by != OF_CONTACTS && !wf_text_equal(one->of, of) &&
            is_seen(numbers, one))
            return true;
    return false;
}

static bool has_contacts(const wf_case_numbers *numbers, wf_text number)
{
    for (const entry *one = find(numbers, number); one != NULL;
         one = next_of(numbers, one))
        if (one->by == OF_CONTACTS)
            return true;
    return false;
}

uint64_t wf_case_numbers_waiting(wf_case_numbers *numbers, const wf_fact *report)
{
    wf_text of = value_of(report, "case")->text;
    uint64_t waiting = 0;
    for (size_t i = 0; i < others_max; i++) {
        const wf_value *other = value_of(report, others_fields[i]);
        bool own = false;
        entry *found = NULL;
        if (!other->given || wf_text_equal(other->text, of))
            continue;
        for (const entry *one = find(numbers, other->text); one != NULL;
             one = next_of(numbers, one)) {
            own |= one->by == OWN_ID && is_seen(numbers, one);
            if (one->by == OF_CONTACTS)
                found = &numbers->entries[one - numbers->entries];
        }
        if (own || found == NULL || found->told)
            continue;
        found->told = true;
        waiting += found->contacts;
    }
    return waiting;
}

weft_status wf_case_numbers_note(wf_case_numbers *numbers, const wf_fact *report,
                                 const char **ret_code, const char **ret_field,
                                 weft_error *error)
{
    const char *shared = NULL, *waits = NULL;
    const wf_value *others[others_max];
    wf_text of = value_of(report, "case")->text, first;
    bool second = wf_case_numbers_find(numbers, of, &first) == WF_CASE_OTHER;
    if (is_of_others(numbers, of, of))
        shared = "case";
    for (size_t i = 0; i < others_max; i++) {
        others[i] = value_of(report, others_fields[i]);
        if (!others[i]->given || wf_text_equal(others[i]->text, of))
            continue;
        if (shared == NULL && is_of_others(numbers, others[i]->text, of))
            shared = others_fields[i];
        if (waits == NULL && has_contacts(numbers, others[i]->text))
            waits = others_fields[i];
    }
    WF_TRY(add_case(numbers, of, others, error));
    *ret_code = second           ? "case.number_second"
                : shared != NULL ? "case.number_shared"
                : waits != NULL  ? "case.contacts_wait"
                                 : NULL;
    *ret_field = shared != NULL ? shared : waits;
    return WEFT_OK;
}
