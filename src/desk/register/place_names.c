#include "desk/register/place_names.h"

#include <stdlib.h>
#include <string.h>

#include "base/pages.h"
#include "desk/register/sql.h"
#include "model/ids.h"
#include "store/ahead.h"

enum {
    columns_count = 4,
    rows_between_looks = 4096,
    changes_max = 100000, // of a transaction, and while the rows are read
    dead_max = 64         // names that are kept though nobody has them any more
};

// In the order of the watch, of places_named.sql and of the view's columns.
enum { column_place, column_name, column_kind, column_grid };

// A place that is no home. Its name lies in `plain` as it is and in `small` with small
// letters, at the same byte; grid and kind in `more`.
typedef struct {
    uint32_t place;
    uint32_t name_at, more_at;
    uint16_t name_size;
    uint8_t grid_size, kind_size;
    bool dead; // the place has another record, or none
} record;

// Between names: in no text of UTF-8.
static const char border = '\xff';

typedef struct {
    wf_buffer records; // of record, by rising name_at
    wf_buffer plain, small, more;
    uint32_t *record_of; // by number of place: one more than its place; 0: none
    size_t dead;
} book;

// What a place is now. Texts are borrowed.
typedef struct {
    uint32_t place;
    bool is; // a place that is listed
    wf_text name, grid, kind;
} told;

// The same, kept: its texts follow it.
typedef struct {
    uint32_t place;
    bool is;
    uint8_t grid_size, kind_size;
    uint16_t name_size;
} kept_change;

struct wf_place_names {
    pthread_rwlock_t lock; // of the next four
    book *book;            // NULL: they are not read
    bool reading;          // somebody reads, and `since` is what was changed since
    wf_buffer since;       // of kept_change
    bool lost;             // not all of it, or the rows are others
    pthread_mutex_t one;   // who reads; before `lock`
    wf_ahead ahead;        // its lock goes before both

    // Of the thread that writes: what its transaction has changed.
    wf_buffer changed;
    size_t changed_count;
    bool too_many;
};

enum { record_of_bytes = WF_NUMBER_LIMIT * sizeof(uint32_t) };

// ---- the names ----

static void book_free(book *of)
{
    if (of == NULL)
        return;
    wf_buffer_done(&of->records);
    wf_buffer_done(&of->plain);
    wf_buffer_done(&of->small);
    wf_buffer_done(&of->more);
    wf_pages_free(of->record_of, record_of_bytes);
    free(of);
}

static book *book_new(void)
{
    book *made = calloc(1, sizeof *made);
    if (made == NULL)
        return NULL;
    made->record_of = wf_pages_new(record_of_bytes);
    if (made->record_of == NULL) {
        book_free(made);
        return NULL;
    }
    wf_pages_small(made->record_of, record_of_bytes);
    return made;
}

static record *records_of(const book *of)
{
    return (record *)(void *)of->records.bytes;
}

static size_t records_count(const book *of)
{
    return of->records.size / sizeof(record);
}

static char small_letter(char letter)
{
    return letter >= 'A' && letter <= 'Z' ? (char)(letter - 'A' + 'a') : letter;
}

static bool append_small(wf_buffer *to, wf_text text)
{
    size_t at = to->size;
    if (!wf_buffer_append(to, text.bytes, text.size))
        return false;
    for (size_t i = 0; i < text.size; i++)
        to->bytes[at + i] = small_letter(text.bytes[i]);
    return true;
}

static bool append(book *to, const told *place)
{
    record made = {.place = place->place,
                   .name_at = (uint32_t)to->plain.size,
                   .more_at = (uint32_t)to->more.size,
                   .name_size = (uint16_t)place->name.size,
                   .grid_size = (uint8_t)place->grid.size,
                   .kind_size = (uint8_t)place->kind.size};
    if (to->plain.size > UINT32_MAX - UINT16_MAX ||
        to->more.size > UINT32_MAX - UINT16_MAX)
        return false;
    if (!wf_buffer_append(&to->plain, place->name.bytes, place->name.size) ||
        !wf_buffer_append(&to->plain, &border, 1) ||
        !append_small(&to->small, place->name) ||
        !wf_buffer_append(&to->small, &border, 1) ||
        !wf_buffer_append(&to->more, place->grid.bytes, place->grid.size) ||
        !wf_buffer_append(&to->more, place->kind.bytes, place->kind.size) ||
        !wf_buffer_append(&to->records, &made, sizeof made))
        return false;
    to->record_of[place->place] = (uint32_t)records_count(to);
    return true;
}

// False: without memory, and the book is of no use any more.
static bool put(book *to, const told *place)
{
    if (place->place >= WF_NUMBER_LIMIT)
        return false;
    uint32_t before = to->record_of[place->place];
    if (before != 0) {
        records_of(to)[before - 1].dead = true;
        to->record_of[place->place] = 0;
        to->dead++;
    }
    return !place->is || append(to, place);
}

static told told_of(const book *of, const record *at)
{
    const char *more = of->more.bytes + at->more_at;
    return (told){.place = at->place,
                  .is = true,
                  .name = {of->plain.bytes + at->name_at, at->name_size},
                  .grid = {more, at->grid_size},
                  .kind = {more + at->grid_size, at->kind_size}};
}

// Without those that nobody has any more; as it was where memory runs out.
static book *without_dead(book *of)
{
    book *fresh = book_new();
    for (size_t i = 0; fresh != NULL && i < records_count(of); i++) {
        const record *at = &records_of(of)[i];
        told place = told_of(of, at);
        if (at->dead || put(fresh, &place))
            continue;
        book_free(fresh);
        fresh = NULL;
    }
    if (fresh == NULL)
        return of;
    book_free(of);
    return fresh;
}

static bool is_home(wf_text kind)
{
    return wf_text_equal(kind, WF_TEXT("household")) ||
           wf_text_equal(kind, WF_TEXT("room"));
}

// ---- life ----

static void read_ahead(void *context, wf_database *db, const atomic_bool *stop);

weft_status wf_place_names_new(wf_place_names **ret, weft_error *error)
{
    wf_place_names *names = calloc(1, sizeof *names);
    pthread_rwlockattr_t writers_first;
    if (names == NULL)
        return wf_fail_memory(error);
    WF_ASSERT(pthread_rwlockattr_init(&writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_setkind_np(
                  &writers_first, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP) == 0);
    WF_ASSERT(pthread_rwlock_init(&names->lock, &writers_first) == 0);
    WF_ASSERT(pthread_rwlockattr_destroy(&writers_first) == 0);
    WF_ASSERT(pthread_mutex_init(&names->one, NULL) == 0);
    wf_ahead_init(&names->ahead, read_ahead, names);
    *ret = names;
    return WEFT_OK;
}

void wf_place_names_free(wf_place_names *names)
{
    if (names == NULL)
        return;
    wf_ahead_done(&names->ahead);
    book_free(names->book);
    wf_buffer_done(&names->since);
    wf_buffer_done(&names->changed);
    WF_ASSERT(pthread_rwlock_destroy(&names->lock) == 0);
    WF_ASSERT(pthread_mutex_destroy(&names->one) == 0);
    free(names);
}

static void lock_alone(wf_place_names *names)
{
    WF_ASSERT(pthread_rwlock_wrlock(&names->lock) == 0);
}

static void unlock(wf_place_names *names)
{
    WF_ASSERT(pthread_rwlock_unlock(&names->lock) == 0);
}

// ---- following the rows ----

static bool keep_change(wf_buffer *to, const told *place)
{
    kept_change kept = {.place = place->place,
                        .is = place->is,
                        .grid_size = (uint8_t)place->grid.size,
                        .kind_size = (uint8_t)place->kind.size,
                        .name_size = (uint16_t)place->name.size};
    return wf_buffer_append(to, &kept, sizeof kept) &&
           wf_buffer_append(to, place->name.bytes, place->name.size) &&
           wf_buffer_append(to, place->grid.bytes, place->grid.size) &&
           wf_buffer_append(to, place->kind.bytes, place->kind.size);
}

static bool put_changes(book *to, const wf_buffer *changes)
{
    for (size_t at = 0; at < changes->size;) {
        kept_change kept;
        memcpy(&kept, changes->bytes + at, sizeof kept);
        const char *texts = changes->bytes + at + sizeof kept;
        const told place = {
            .place = kept.place,
            .is = kept.is,
            .name = {texts, kept.name_size},
            .grid = {texts + kept.name_size, kept.grid_size},
            .kind = {texts + kept.name_size + kept.grid_size, kept.kind_size}};
        if (!put(to, &place))
            return false;
        at += sizeof kept + kept.name_size + kept.grid_size + kept.kind_size;
    }
    return true;
}

static wf_text text_of(const wf_value *value)
{
    return value->given ? value->text : WF_TEXT("");
}

// What follows the rows never fails them: what is lost is read again.
static weft_status place_changed(void *context, const wf_value *before,
                                 const wf_value *after, weft_error *error)
{
    wf_place_names *names = context;
    const wf_value *row = after != NULL ? after : before;
    told place = {.place = (uint32_t)row[column_place].number};
    (void)error;
    if (after != NULL && !is_home(text_of(&row[column_kind]))) {
        place.is = true;
        place.name = text_of(&row[column_name]);
        place.grid = text_of(&row[column_grid]);
        place.kind = text_of(&row[column_kind]);
    }
    if (names->changed_count++ >= changes_max || !keep_change(&names->changed, &place))
        names->too_many = true;
    return WEFT_OK;
}

// Alone.
static void forget(wf_place_names *names)
{
    book_free(names->book);
    names->book = NULL;
}

static void put_transaction(wf_place_names *names)
{
    lock_alone(names);
    if (names->book != NULL &&
        (names->too_many || !put_changes(names->book, &names->changed)))
        forget(names);
    if (names->book != NULL && names->book->dead > dead_max &&
        names->book->dead > records_count(names->book) / 2)
        names->book = without_dead(names->book);
    if (names->reading &&
        (names->too_many ||
         !wf_buffer_append(&names->since, names->changed.bytes, names->changed.size)))
        names->lost = true;
    unlock(names);
}

static void ended(void *context, bool committed)
{
    wf_place_names *names = context;
    if (committed && names->changed_count > 0)
        put_transaction(names);
    wf_buffer_done(&names->changed);
    names->changed_count = 0;
    names->too_many = false;
}

static void closing(void *context)
{
    wf_place_names *names = context;
    wf_ahead_end(&names->ahead);
}

// The rows may be others than before.
static weft_status opened(void *context, wf_database *db, weft_error *error)
{
    wf_place_names *names = context;
    (void)db;
    (void)error;
    wf_ahead_again(&names->ahead);
    lock_alone(names);
    forget(names);
    names->lost = true;
    unlock(names);
    return WEFT_OK;
}

wf_follower wf_place_names_follower(wf_place_names *names)
{
    static const wf_watch watches[] = {
        {"place", {"place", "name", "kind", "grid"}, place_changed, NULL}};
    return (wf_follower){.watches = watches,
                         .watches_count = 1,
                         .opened = opened,
                         .closing = closing,
                         .ended = ended,
                         .context = names};
}

// ---- reading the rows ----

static wf_text column_text(const wf_statement *row, int column)
{
    return wf_statement_is_null(row, column) ? WF_TEXT("")
                                             : wf_statement_text(row, column);
}

static weft_status read_place(book *to, const wf_statement *row, wf_database *db,
                              weft_error *error)
{
    int64_t number = wf_statement_i64(row, column_place);
    told place = {.is = true,
                  .name = column_text(row, column_name),
                  .grid = column_text(row, column_grid),
                  .kind = column_text(row, column_kind)};
    if (number < 0 || number >= WF_NUMBER_LIMIT || place.name.size > UINT16_MAX ||
        place.grid.size > UINT8_MAX || place.kind.size > UINT8_MAX)
        return wf_database_damaged(db, error);
    place.place = (uint32_t)number;
    return put(to, &place) ? WEFT_OK : wf_fail_memory(error);
}

static weft_status read_places(book *to, wf_database *db, const atomic_bool *stop,
                               weft_error *error)
{
    wf_statement *rows = NULL;
    bool row = false;
    uint64_t count = 0;
    WF_TRY(wf_database_prepare(db, WF_SQL_PLACES_NAMED, &rows, error));
    weft_status status;
    while ((status = wf_statement_step(rows, &row, error)) == WEFT_OK && row) {
        if (stop != NULL && ++count % rows_between_looks == 0 && atomic_load(stop))
            status = WEFT_INTERRUPTED;
        else
            status = read_place(to, rows, db, error);
        if (status != WEFT_OK)
            break;
    }
    wf_statement_free(rows);
    return status;
}

// Alone. What was read is kept with what was changed since; where that is not known it is
// left with the caller.
static book *keep_book(wf_place_names *names, book *read)
{
    bool keeps = !names->lost && names->book == NULL;
    if (keeps && !put_changes(read, &names->since)) {
        book_free(read);
        read = NULL;
    } else if (keeps) {
        names->book = read;
        read = NULL;
    }
    return read;
}

// Of an open transaction that has read nothing, by who has `one`. A transaction that has
// committed and not said so yet is seen and told once more, which does no harm: what a
// place is now is said whole. *ret_rest: what was read and could not be kept.
static weft_status read_all(wf_place_names *names, wf_database *db,
                            const atomic_bool *stop, book **ret_rest, weft_error *error)
{
    book *read = book_new();
    if (read == NULL)
        return wf_fail_memory(error);
    lock_alone(names);
    names->reading = true;
    names->lost = false;
    unlock(names);
    weft_status status = read_places(read, db, stop, error);
    lock_alone(names);
    if (status == WEFT_OK)
        read = keep_book(names, read);
    names->reading = false;
    wf_buffer_done(&names->since);
    unlock(names);
    if (status == WEFT_OK)
        *ret_rest = read;
    else
        book_free(read);
    return status;
}

static bool are_read(wf_place_names *names)
{
    WF_ASSERT(pthread_rwlock_rdlock(&names->lock) == 0);
    bool are = names->book != NULL;
    unlock(names);
    return are;
}

static void read_ahead(void *context, wf_database *db, const atomic_bool *stop)
{
    wf_place_names *names = context;
    weft_error error = {0};
    book *rest = NULL;
    WF_ASSERT(pthread_mutex_lock(&names->one) == 0);
    if (!are_read(names))
        WF_IGNORE(read_all(names, db, stop, &rest, &error), "the first question reads");
    WF_ASSERT(pthread_mutex_unlock(&names->one) == 0);
    book_free(rest);
}

void wf_place_names_allow(wf_place_names *names, bool ahead)
{
    wf_ahead_allow(&names->ahead, ahead);
}

void wf_place_names_begin(wf_place_names *names, wf_store *store)
{
    wf_ahead_begin(&names->ahead, store);
}

static weft_status read_in(wf_place_names *names, wf_store *store, book **ret_rest,
                           weft_error *error)
{
    wf_database *db = NULL;
    WF_TRY(wf_store_reader(store, &db, error));
    weft_status status = wf_database_begin(db, error);
    if (status == WEFT_OK) {
        status = read_all(names, db, NULL, ret_rest, error);
        wf_database_rollback(db);
    }
    wf_database_close(db);
    return status;
}

// ---- asking ----

typedef struct {
    wf_view_sink *sink;
    wf_text small;   // what is asked for, in small letters
    uint32_t number; // of the place whose id it is; WF_NUMBER_NONE
} asked;

static wf_value value_of(wf_text text)
{
    return (wf_value){.given = text.size > 0, .text = text};
}

static weft_status give(const book *of, const record *at, wf_view_sink *sink,
                        weft_error *error)
{
    told place = told_of(of, at);
    const wf_value values[columns_count] = {
        [column_place] = {.given = true, .number = place.place},
        [column_name] = value_of(place.name),
        [column_kind] = value_of(place.kind),
        [column_grid] = value_of(place.grid)};
    return wf_view_give(sink, values, error);
}

// The record in whose name a byte lies.
static const record *record_at(const book *of, size_t byte)
{
    size_t from = 0, upto = records_count(of);
    while (upto - from > 1) {
        size_t middle = from + (upto - from) / 2;
        if (records_of(of)[middle].name_at <= byte)
            from = middle;
        else
            upto = middle;
    }
    return &records_of(of)[from];
}

// A character of UTF-8 begins nowhere within another, so bytes that are found are
// letters.
static weft_status give_found(const book *of, const asked *ask, weft_error *error)
{
    const char *begin = of->small.bytes, *end = begin + of->small.size, *hit;
    for (const char *from = begin; from < end;) {
        hit = memmem(from, (size_t)(end - from), ask->small.bytes, ask->small.size);
        if (hit == NULL)
            break;
        const record *at = record_at(of, (size_t)(hit - begin));
        if (!at->dead && at->place != ask->number)
            WF_TRY(give(of, at, ask->sink, error));
        from = begin + at->name_at + at->name_size + 1;
    }
    if (ask->number >= WF_NUMBER_LIMIT || of->record_of[ask->number] == 0)
        return WEFT_OK;
    return give(of, &records_of(of)[of->record_of[ask->number] - 1], ask->sink, error);
}

// From what is kept; *ret_read false: nothing is.
static weft_status ask_kept(wf_place_names *names, const asked *ask, bool *ret_read,
                            weft_error *error)
{
    WF_ASSERT(pthread_rwlock_rdlock(&names->lock) == 0);
    *ret_read = names->book != NULL;
    weft_status status = *ret_read ? give_found(names->book, ask, error) : WEFT_OK;
    unlock(names);
    return status;
}

// Reads them where they are not read, one at a time: who waited for another finds them.
static weft_status ask_rows(wf_place_names *names, wf_store *store, const asked *ask,
                            bool *ret_read, weft_error *error)
{
    book *rest = NULL;
    WF_ASSERT(pthread_mutex_lock(&names->one) == 0);
    weft_status status = are_read(names) ? WEFT_OK : read_in(names, store, &rest, error);
    WF_ASSERT(pthread_mutex_unlock(&names->one) == 0);
    WF_TRY(status);
    if (rest == NULL)
        return ask_kept(names, ask, ret_read, error);
    *ret_read = true;
    status = give_found(rest, ask, error);
    book_free(rest);
    return status;
}

static weft_status rows(void *context, const wf_view_call *call, wf_view_sink *sink,
                        weft_error *error)
{
    wf_place_names *names = context;
    wf_text text = call->question->parameters[0].text;
    asked ask = {.sink = sink};
    wf_buffer small = {0};
    bool read = false;
    WF_ASSERT(call->file->columns_count == columns_count);
    if (text.size == 0 || memchr(text.bytes, border, text.size) != NULL)
        return WEFT_OK;
    if (!append_small(&small, text))
        return wf_fail_memory(error);
    ask.small = wf_buffer_text(&small);
    ask.number = call->numbers.find(call->numbers.context, WF_COLUMN_PLACE, text);
    weft_status status = ask_kept(names, &ask, &read, error);
    while (status == WEFT_OK && !read)
        status = ask_rows(names, call->store, &ask, &read, error);
    wf_buffer_done(&small);
    return status;
}

wf_view_computed wf_place_names_view(wf_place_names *names)
{
    return (wf_view_computed){"register/places_named", rows, names};
}
