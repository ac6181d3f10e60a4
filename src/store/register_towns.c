// Towns: how many people live in each, kept count of by every delivery, and the town of a
// person, asked once and kept until the next commit. So source finding reads the rows of
// the people it meets, not of all.
//
// The counts stand in the table "about": 'towns' (no bytes) says that they are kept,
// 'town <code in hex>' holds 8 bytes, little endian. A file made before they were kept
// has none: the first delivery that changes a town counts everybody once, and until then
// the first answer after a commit does.
#include <stdlib.h>
#include <string.h>

#include "base/bytes.h"
#include "base/hash.h"
#include "base/pages.h"
#include "model/ids.h"
#include "store/register_inside.h"
#include "store/sql.h"

#define ASK_ABOUT "SELECT \"value\" FROM \"about\" WHERE \"name\" = ?1"
#define PUT_ABOUT                                                                        \
    "INSERT INTO \"about\" VALUES (?1, ?2)"                                              \
    " ON CONFLICT (\"name\") DO UPDATE SET \"value\" = excluded.\"value\""
#define ALL_TOWNS                                                                        \
    "SELECT \"name\", \"value\" FROM \"about\""                                          \
    " WHERE \"name\" > 'town ' AND \"name\" < 'town!'"

enum { name_head = 5, name_bytes = name_head + 2 * WF_TOWN_BYTES };

struct wf_town_book {
    uint32_t *of_person; // 0: not asked yet, else town + 1
    wf_town_list towns;
    bool counted; // everybody, because the file keeps no counts
};

enum { of_person_bytes = WF_NUMBER_LIMIT * sizeof(uint32_t) };

// ---- towns by code ----

wf_town_code wf_town_code_of(wf_text grid)
{
    wf_town_code code = {.known = grid.size >= WF_TOWN_BYTES};
    if (code.known)
        memcpy(code.bytes, grid.bytes, WF_TOWN_BYTES);
    return code;
}

static bool is_code(const wf_town *town, const wf_town_code *code)
{
    return memcmp(town->code.bytes, code->bytes, WF_TOWN_BYTES) == 0;
}

static size_t slot_of(const wf_town_list *list, const wf_town_code *code)
{
    size_t mask = list->slots_count - 1;
    size_t at = wf_hash(code->bytes, WF_TOWN_BYTES, list->seed) & mask;
    while (list->slots[at] != 0 && !is_code(&list->towns[list->slots[at]], code))
        at = (at + 1) & mask;
    return at;
}

// Room for one more town, number 0 made at first. False without memory.
static bool make_room(wf_town_list *list)
{
    if (2 * (list->count + 1) <= list->slots_count)
        return true;
    size_t slots_count = list->slots_count == 0 ? 256 : 2 * list->slots_count;
    wf_town *towns = reallocarray(list->towns, slots_count / 2, sizeof *towns);
    if (towns == NULL)
        return false;
    list->towns = towns;
    uint32_t *slots = calloc(slots_count, sizeof *slots);
    if (slots == NULL)
        return false;
    if (list->count == 0) {
        list->seed = wf_hash_seed();
        list->towns[list->count++] = (wf_town){0};
    }
    free(list->slots);
    list->slots = slots;
    list->slots_count = slots_count;
    for (size_t i = 1; i < list->count; i++)
        list->slots[slot_of(list, &list->towns[i].code)] = (uint32_t)i;
    return true;
}

// The town of a known code, added with nobody in it when it is new.
static weft_status find_town(wf_town_list *list, const wf_town_code *code, uint32_t *ret,
                             weft_error *error)
{
    // Neighbours come one after another.
    if (list->newest != 0 && is_code(&list->towns[list->newest], code)) {
        *ret = list->newest;
        return WEFT_OK;
    }
    if (!make_room(list))
        return wf_fail_memory(error);
    size_t at = slot_of(list, code);
    if (list->slots[at] == 0) {
        list->slots[at] = (uint32_t)list->count;
        list->towns[list->count++] = (wf_town){.code = *code};
    }
    *ret = list->newest = list->slots[at];
    return WEFT_OK;
}

void wf_town_list_done(wf_town_list *list)
{
    free(list->towns);
    free(list->slots);
    *list = (wf_town_list){0};
}

// Adds everybody to the towns of the list.
static weft_status count_everybody(sqlite3 *db, wf_town_list *list, weft_error *error)
{
    sqlite3_stmt *all = NULL;
    bool row = false;
    WF_TRY(wf_database_prepare(db, WF_SQL_GRIDS, &all, error));
    weft_status status;
    while ((status = wf_database_step(all, &row, error)) == WEFT_OK && row) {
        wf_town_code code = wf_town_code_of(wf_database_text(all, 0));
        uint32_t town = 0;
        if (!code.known)
            continue;
        status = find_town(list, &code, &town, error);
        if (status != WEFT_OK)
            break;
        list->towns[town].people++;
    }
    sqlite3_finalize(all);
    return status;
}

// ---- the counts of the file ----

static void name_of(const wf_town_code *code, char ret[name_bytes])
{
    static const char digits[] = "0123456789abcdef";
    memcpy(ret, "town ", name_head);
    for (size_t i = 0; i < WF_TOWN_BYTES; i++) {
        unsigned byte = (unsigned char)code->bytes[i];
        ret[name_head + 2 * i] = digits[byte >> 4];
        ret[name_head + 2 * i + 1] = digits[byte & 15];
    }
}

static weft_status bind_name(sqlite3_stmt *statement, wf_text name, weft_error *error)
{
    return sqlite3_bind_text(statement, 1, name.bytes, (int)name.size, SQLITE_STATIC) ==
                   SQLITE_OK
               ? WEFT_OK
               : wf_database_fail(sqlite3_db_handle(statement), error);
}

static weft_status count_at(sqlite3_stmt *row, int column, int64_t *ret,
                            weft_error *error)
{
    wf_text value = wf_database_blob(row, column);
    uint64_t count = value.size == 8 ? wf_get_u64((const unsigned char *)value.bytes) : 0;
    if (value.size != 8 || count > WF_NUMBER_LIMIT)
        return wf_database_damaged(sqlite3_db_handle(row), error);
    *ret = (int64_t)count;
    return WEFT_OK;
}

static weft_status are_kept(sqlite3 *db, bool *ret, weft_error *error)
{
    int64_t markers = 0;
    WF_TRY(wf_database_number(db,
                              "SELECT count(*) FROM \"about\" WHERE \"name\" = 'towns'",
                              0, &markers, error));
    *ret = markers > 0;
    return WEFT_OK;
}

// `ask` is ASK_ABOUT; 0 for a town without a row.
static weft_status read_count(sqlite3_stmt *ask, const wf_town_code *code, int64_t *ret,
                              weft_error *error)
{
    char name[name_bytes];
    int64_t count = 0;
    bool row = false;
    name_of(code, name);
    WF_TRY(bind_name(ask, (wf_text){name, name_bytes}, error));
    weft_status status = wf_database_step(ask, &row, error);
    if (status == WEFT_OK && row)
        status = count_at(ask, 0, &count, error);
    wf_database_reset(ask);
    if (status == WEFT_OK)
        *ret = count;
    return status;
}

static weft_status put_about(sqlite3_stmt *put, wf_text name, wf_text value,
                             weft_error *error)
{
    bool row = false;
    WF_TRY(bind_name(put, name, error));
    if (sqlite3_bind_blob(put, 2, value.bytes, (int)value.size, SQLITE_STATIC) !=
        SQLITE_OK)
        return wf_database_fail(sqlite3_db_handle(put), error);
    weft_status status = wf_database_step(put, &row, error);
    wf_database_reset(put);
    return status;
}

static weft_status put_count(sqlite3_stmt *put, const wf_town_code *code, int64_t count,
                             weft_error *error)
{
    char name[name_bytes];
    unsigned char bytes[8];
    if (count < 0) // the rows have fewer people than were counted
        return wf_database_damaged(sqlite3_db_handle(put), error);
    name_of(code, name);
    wf_put_u64(bytes, (uint64_t)count);
    return put_about(put, (wf_text){name, name_bytes},
                     (wf_text){(const char *)bytes, sizeof bytes}, error);
}

// ---- a delivery ----

weft_status wf_register_town_moved(wf_register *reg, const wf_town_code *before,
                                   const wf_town_code *after, weft_error *error)
{
    uint32_t town = 0;
    if (before->known == after->known &&
        memcmp(before->bytes, after->bytes, WF_TOWN_BYTES) == 0)
        return WEFT_OK;
    if (before->known) {
        WF_TRY(find_town(&reg->moved, before, &town, error));
        reg->moved.towns[town].people--;
    }
    if (after->known) {
        WF_TRY(find_town(&reg->moved, after, &town, error));
        reg->moved.towns[town].people++;
    }
    return WEFT_OK;
}

static weft_status put_counts(const wf_town_list *list, bool add, sqlite3_stmt *ask,
                              sqlite3_stmt *put, weft_error *error)
{
    for (size_t i = 1; i < list->count; i++) {
        const wf_town *town = &list->towns[i];
        int64_t stored = 0;
        if (town->people == 0)
            continue;
        if (add)
            WF_TRY(read_count(ask, &town->code, &stored, error));
        WF_TRY(put_count(put, &town->code, stored + town->people, error));
    }
    return WEFT_OK;
}

weft_status wf_register_towns_put(wf_register *reg, weft_error *error)
{
    sqlite3_stmt *ask = NULL, *put = NULL;
    bool kept = false;
    if (reg->moved.count == 0)
        return WEFT_OK;
    WF_TRY(are_kept(reg->write, &kept, error));
    if (!kept) {
        wf_town_list_done(&reg->moved);
        WF_TRY(count_everybody(reg->write, &reg->moved, error));
    }
    weft_status status = wf_database_prepare(reg->write, ASK_ABOUT, &ask, error);
    if (status == WEFT_OK)
        status = wf_database_prepare(reg->write, PUT_ABOUT, &put, error);
    if (status == WEFT_OK)
        status = put_counts(&reg->moved, kept, ask, put, error);
    if (status == WEFT_OK && !kept)
        status = put_about(put, WF_TEXT("towns"), WF_TEXT(""), error);
    sqlite3_finalize(ask);
    sqlite3_finalize(put);
    return status;
}

// ---- asking ----

void wf_town_book_free(struct wf_town_book *book)
{
    if (book == NULL)
        return;
    wf_town_list_done(&book->towns);
    wf_pages_free(book->of_person, of_person_bytes);
    free(book);
}

static weft_status open_book(wf_register *reg, weft_error *error)
{
    if (reg->towns != NULL)
        return WEFT_OK;
    struct wf_town_book *book = calloc(1, sizeof *book);
    if (book == NULL)
        return wf_fail_memory(error);
    book->of_person = wf_pages_new(of_person_bytes);
    if (book->of_person == NULL) {
        free(book);
        return wf_fail_memory(error);
    }
    reg->towns = book;
    return WEFT_OK;
}

static weft_status ask_town(wf_register *reg, wf_person person, uint32_t *ret,
                            weft_error *error)
{
    bool row = false;
    uint32_t town = 0;
    weft_status status =
        wf_register_ask_number(reg, reg->person, person.number, &row, error);
    if (status == WEFT_OK && row) {
        wf_town_code code = wf_town_code_of(wf_database_text(reg->person, 0));
        if (code.known)
            status = find_town(&reg->towns->towns, &code, &town, error);
    }
    wf_database_reset(reg->person);
    if (status == WEFT_OK)
        *ret = town;
    return status;
}

weft_status wf_register_town(wf_register *reg, wf_person person, uint32_t *ret,
                             weft_error *error)
{
    uint32_t town = 0;
    WF_TRY(open_book(reg, error));
    if (person.number < WF_NUMBER_LIMIT) {
        uint32_t *known = &reg->towns->of_person[person.number];
        if (*known == 0) {
            WF_TRY(ask_town(reg, person, &town, error));
            *known = town + 1;
        }
        town = *known - 1;
    }
    *ret = town;
    return WEFT_OK;
}

static weft_status read_residents(wf_register *reg, wf_town *town, weft_error *error)
{
    sqlite3_stmt *ask = NULL;
    WF_TRY(wf_database_prepare(reg->read, ASK_ABOUT, &ask, error));
    weft_status status = read_count(ask, &town->code, &town->people, error);
    sqlite3_finalize(ask);
    town->is_read = status == WEFT_OK;
    return status;
}

weft_status wf_register_residents(wf_register *reg, uint32_t town, uint64_t *ret,
                                  weft_error *error)
{
    struct wf_town_book *book = reg->towns;
    bool kept = false;
    WF_ASSERT(book != NULL && town > 0 && town < book->towns.count);
    if (!book->counted && !book->towns.towns[town].is_read) {
        WF_TRY(wf_register_read_begin(reg, error));
        WF_TRY(are_kept(reg->read, &kept, error));
        if (kept)
            WF_TRY(read_residents(reg, &book->towns.towns[town], error));
        else
            WF_TRY(count_everybody(reg->read, &book->towns, error));
        book->counted = !kept;
    }
    *ret = (uint64_t)book->towns.towns[town].people;
    return WEFT_OK;
}

// ---- verifying ----

// False for a name that name_of does not make.
static bool code_of_name(wf_text name, wf_town_code *ret)
{
    char again[name_bytes];
    wf_town_code code = {.known = true};
    if (name.size != name_bytes)
        return false;
    for (size_t i = 0; i < WF_TOWN_BYTES; i++) {
        const char *two = name.bytes + name_head + 2 * i;
        unsigned high = (unsigned)(two[0] <= '9' ? two[0] - '0' : two[0] - 'a' + 10);
        unsigned low = (unsigned)(two[1] <= '9' ? two[1] - '0' : two[1] - 'a' + 10);
        code.bytes[i] = (char)(unsigned char)((high & 15) << 4 | (low & 15));
    }
    name_of(&code, again);
    if (memcmp(again, name.bytes, name_bytes) != 0)
        return false;
    *ret = code;
    return true;
}

// True when each row of the file has the count of the list, and none is missing.
static weft_status compare_counts(sqlite3_stmt *all, wf_town_list *counted,
                                  bool *ret_same, weft_error *error)
{
    int64_t missing = 0;
    bool row = false, same = true;
    for (size_t i = 1; i < counted->count; i++)
        missing += counted->towns[i].people;
    weft_status status;
    while ((status = wf_database_step(all, &row, error)) == WEFT_OK && row) {
        wf_town_code code;
        int64_t stored = 0;
        uint32_t town = 0;
        WF_TRY(count_at(all, 1, &stored, error));
        if (!code_of_name(wf_database_text(all, 0), &code))
            return wf_database_damaged(sqlite3_db_handle(all), error);
        WF_TRY(find_town(counted, &code, &town, error));
        same = same && stored == counted->towns[town].people;
        missing -= stored;
    }
    *ret_same = same && missing == 0;
    return status;
}

weft_status wf_register_towns_check(wf_register *reg, bool *ret_right, weft_error *error)
{
    sqlite3_stmt *all = NULL;
    wf_town_list counted = {0};
    bool kept = false, same = true;
    WF_TRY(are_kept(reg->read, &kept, error));
    if (kept) {
        weft_status status = count_everybody(reg->read, &counted, error);
        if (status == WEFT_OK)
            status = wf_database_prepare(reg->read, ALL_TOWNS, &all, error);
        if (status == WEFT_OK)
            status = compare_counts(all, &counted, &same, error);
        sqlite3_finalize(all);
        wf_town_list_done(&counted);
        WF_TRY(status);
    }
    *ret_right = same;
    return WEFT_OK;
}
