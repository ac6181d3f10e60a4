// Towns: the town of a person, asked once and kept until the refresh, so that source
// finding reads the rows of the people it meets, not of all; and how many people live in
// each, counted when it is first asked.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "model/ids.h"
#include "model/search.h"
#include "store/register/inside.h"
#include "store/register/sql.h"

enum { town_bytes = WF_TOWN_BYTES, of_person_bytes = WF_NUMBER_LIMIT * sizeof(uint32_t) };

typedef struct {
    char code[town_bytes];
    uint64_t people;
} town;

struct wf_town_book {
    uint32_t *of_person; // 0: not asked yet, else town + 1
    town *towns;         // [0]: not known
    size_t count;
    uint32_t *slots; // towns by code, open addressing; 0: free
    size_t slots_count;
    uint64_t seed;
    bool counted;
};

void wf_town_book_free(struct wf_town_book *book)
{
    if (book == NULL)
        return;
    wf_pages_free(book->of_person, of_person_bytes);
    free(book->towns);
    free(book->slots);
    free(book);
}

// ---- towns by code ----

static uint32_t *slot_of(const struct wf_town_book *book, const char *code)
{
    size_t mask = book->slots_count - 1;
    size_t at = wf_hash(code, town_bytes, book->seed) & mask;
    while (book->slots[at] != 0 &&
           memcmp(book->towns[book->slots[at]].code, code, town_bytes) != 0)
        at = (at + 1) & mask;
    return &book->slots[at];
}

// Room for one more town. False without memory.
static bool make_room(struct wf_town_book *book)
{
    if (2 * (book->count + 1) <= book->slots_count)
        return true;
    size_t slots_count = book->slots_count == 0 ? 256 : 2 * book->slots_count;
    town *towns = reallocarray(book->towns, slots_count / 2, sizeof *towns);
    if (towns == NULL)
        return false;
    book->towns = towns;
    uint32_t *slots = calloc(slots_count, sizeof *slots);
    if (slots == NULL)
        return false;
    free(book->slots);
    book->slots = slots;
    book->slots_count = slots_count;
    if (book->count == 0)
        book->towns[book->count++] = (town){0};
    for (size_t i = 1; i < book->count; i++)
        *slot_of(book, book->towns[i].code) = (uint32_t)i;
    return true;
}

// The town of a grid code, made when it is new; 0 for a code without a town.
static weft_status find_town(struct wf_town_book *book, wf_text grid, uint32_t *ret,
                             weft_error *error)
{
    *ret = 0;
    if (grid.size < town_bytes)
        return WEFT_OK;
    if (!make_room(book))
        return wf_fail_memory(error);
    uint32_t *slot = slot_of(book, grid.bytes);
    if (*slot == 0) {
        *slot = (uint32_t)book->count++;
        book->towns[*slot] = (town){0};
        memcpy(book->towns[*slot].code, grid.bytes, town_bytes);
    }
    *ret = *slot;
    return WEFT_OK;
}

static weft_status open_book(wf_register *reg, weft_error *error)
{
    if (reg->towns != NULL)
        return WEFT_OK;
    struct wf_town_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return wf_fail_memory(error);
    book->seed = wf_hash_seed();
    book->of_person = wf_pages_new(of_person_bytes);
    if (book->of_person == NULL) {
        free(book);
        return wf_fail_memory(error);
    }
    reg->towns = book;
    return WEFT_OK;
}

// ---- asking ----

static weft_status ask_town(wf_register *reg, wf_person person, uint32_t *ret,
                            weft_error *error)
{
    bool row = false;
    weft_status status =
        wf_register_ask_number(reg, reg->person, person.number, &row, error);
    if (status == WEFT_OK && row)
        status = find_town(reg->towns, wf_statement_text(reg->person, 0), ret, error);
    wf_statement_reset(reg->person);
    return status;
}

weft_status wf_register_town(wf_register *reg, wf_person person, uint32_t *ret,
                             weft_error *error)
{
    uint32_t found = 0;
    WF_TRY(open_book(reg, error));
    if (person.number < WF_NUMBER_LIMIT) {
        uint32_t *known = &reg->towns->of_person[person.number];
        if (*known == 0) {
            WF_TRY(ask_town(reg, person, &found, error));
            *known = found + 1;
        }
        found = *known - 1;
    }
    *ret = found;
    return WEFT_OK;
}

static weft_status count_everybody(wf_register *reg, weft_error *error)
{
    struct wf_town_book *book = reg->towns;
    wf_statement *all = NULL;
    bool row = false;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_GRIDS, &all, error));
    weft_status status;
    while ((status = wf_statement_step(all, &row, error)) == WEFT_OK && row) {
        uint32_t found = 0;
        status = find_town(book, wf_statement_text(all, 0), &found, error);
        if (status != WEFT_OK)
            break;
        // Codes too short for a town are counted nowhere.
        if (found != 0)
            book->towns[found].people++;
    }
    wf_statement_free(all);
    book->counted = status == WEFT_OK;
    for (size_t i = 0; !book->counted && i < book->count; i++)
        book->towns[i].people = 0; // half a count is none
    return status;
}

weft_status wf_register_residents(wf_register *reg, uint32_t number, uint64_t *ret,
                                  weft_error *error)
{
    WF_ASSERT(reg->towns != NULL && number > 0 && number < reg->towns->count);
    if (!reg->towns->counted)
        WF_TRY(count_everybody(reg, error));
    *ret = reg->towns->towns[number].people;
    return WEFT_OK;
}
