// Towns of all people, numbered, so that a count of many of them is a table look-up.
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/pages.h"
#include "store/register_inside.h"
#include "store/sql.h"

enum {
    town_width = 9, // DESIGN §3: city 4, county 6, town 9
    towns_max = UINT16_MAX,
    slots_count = 1 << 17 // twice the towns, a power of two
};

struct wf_town_book {
    uint16_t *of_person;
    size_t of_person_bytes;
    uint32_t people;
    uint32_t residents[towns_max + 1];
    uint64_t stamps[towns_max + 1]; // of town codes, by town
    uint16_t slots[slots_count];    // towns by stamp; 0: empty
    size_t count;                   // of towns, the unknown one among them
};

void wf_town_book_free(struct wf_town_book *book)
{
    if (book == NULL)
        return;
    wf_pages_free(book->of_person, book->of_person_bytes);
    wf_pages_free(book, sizeof *book);
}

static struct wf_town_book *book_new(uint32_t people)
{
    struct wf_town_book *book = wf_pages_new(sizeof *book);
    if (book == NULL)
        return NULL;
    book->count = 1;
    book->people = people;
    book->of_person_bytes = ((size_t)people + 1) * sizeof *book->of_person;
    book->of_person = wf_pages_new(book->of_person_bytes);
    if (book->of_person == NULL) {
        wf_pages_free(book, sizeof *book);
        return NULL;
    }
    return book;
}

// The number of a town; two codes of one stamp (a chance of 2⁻⁶⁴ a pair) would be one
// town.
static uint16_t town_of(struct wf_town_book *book, wf_text grid)
{
    if (grid.size < town_width)
        return 0;
    uint64_t stamp = wf_hash(grid.bytes, town_width, 0);
    for (size_t at = stamp & (slots_count - 1);; at = (at + 1) & (slots_count - 1)) {
        uint16_t town = book->slots[at];
        if (town != 0 && book->stamps[town] == stamp)
            return town;
        if (town != 0)
            continue;
        if (book->count > towns_max)
            return 0;
        town = (uint16_t)book->count++;
        book->slots[at] = town;
        book->stamps[town] = stamp;
        return town;
    }
}

static weft_status read_towns(wf_register *reg, struct wf_town_book *book,
                              weft_error *error)
{
    wf_statement *all = NULL;
    bool row = false;
    WF_TRY(wf_register_read_begin(reg, error));
    WF_TRY(wf_database_prepare(reg->db, WF_SQL_GRIDS, &all, error));
    weft_status status;
    while ((status = wf_statement_step(all, &row, error)) == WEFT_OK && row) {
        int64_t number = wf_statement_i64(all, 0);
        if (number < 0 || number >= book->people)
            continue;
        uint16_t town = town_of(book, wf_statement_text(all, 1));
        book->of_person[number] = town;
        book->residents[town]++;
    }
    wf_statement_free(all);
    return status;
}

weft_status wf_register_towns(wf_register *reg, uint32_t people, wf_towns *ret,
                              weft_error *error)
{
    if (reg->towns == NULL || reg->towns->people != people) {
        struct wf_town_book *book = book_new(people);
        if (book == NULL)
            return wf_fail_memory(error);
        weft_status status = read_towns(reg, book, error);
        if (status != WEFT_OK) {
            wf_town_book_free(book);
            return status;
        }
        wf_town_book_free(reg->towns);
        reg->towns = book;
    }
    *ret = (wf_towns){reg->towns->of_person, reg->towns->residents, people,
                      reg->towns->count};
    return WEFT_OK;
}
