// Files of refused rows read in their order, one chunk in memory.
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "load/refused.h"
#include "load/refused_file.h"

static weft_status damaged(const refused_chunks *in, weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "refused.damaged", "path", in->path.text, NULL);
}

// ---- chunks ----

static weft_status open_file(refused_chunks *in, const char *name, weft_error *error)
{
    wf_path path;
    const wf_io *io = in->folder->io;
    WF_TRY(wf_refused_folder_path(in->folder->city_dir, &path, error));
    if (!wf_refused_is_name(name))
        return wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL);
    WF_TRY(wf_path_join(path.text, name, &in->path, error));
    in->file = io->open(io, in->path.text, O_RDONLY | O_NOFOLLOW, 0);
    if (in->file >= 0)
        return WEFT_OK;
    return errno == ENOENT || errno == ELOOP
               ? wf_fail(error, WEFT_NOT_FOUND, "refused.unknown", NULL)
               : wf_fail_errno(error, errno, "io.open", in->path.text);
}

weft_status wf_refused_chunks_open(refused_chunks *in, const wf_refused_folder *folder,
                                   const char *name, weft_error *error)
{
    struct stat about;
    *in = (refused_chunks){.folder = folder, .file = -1};
    WF_TRY(open_file(in, name, error));
    if (fstat(in->file, &about) != 0)
        return wf_fail_errno(error, errno, "io.read", in->path.text);
    in->size = about.st_size;
    in->at = refused_head_bytes;
    if (in->size < refused_head_bytes)
        return damaged(in, error);
    WF_TRY(wf_io_pread_all(folder->io, in->file, in->head, sizeof in->head, 0,
                           in->path.text, error));
    return memcmp(in->head, refused_magic, sizeof refused_magic) == 0
               ? WEFT_OK
               : damaged(in, error);
}

void wf_refused_chunks_close(refused_chunks *in)
{
    if (in->file >= 0)
        WF_IGNORE(in->folder->io->close(in->folder->io, in->file), "only read");
    wf_buffer_done(&in->sealed);
}

weft_status wf_refused_chunks_next(refused_chunks *in, bool *ret_end, weft_error *error)
{
    const wf_io *io = in->folder->io;
    *ret_end = in->at == in->size;
    if (*ret_end)
        return WEFT_OK;
    if (in->size - in->at < refused_chunk_head_bytes)
        return damaged(in, error);
    in->chunk_at = in->at;
    WF_TRY(wf_io_pread_all(io, in->file, in->chunk_head, sizeof in->chunk_head, in->at,
                           in->path.text, error));
    in->chunk = refused_get_chunk(in->chunk_head);
    in->at += refused_chunk_head_bytes;
    size_t size = in->chunk.sealed_size;
    if (size > refused_sealed_bytes_max || (off_t)size > in->size - in->at)
        return damaged(in, error);
    wf_buffer_clear(&in->sealed);
    if (!wf_buffer_reserve(&in->sealed, size + 1))
        return wf_fail_memory(error);
    WF_TRY(wf_io_pread_all(io, in->file, in->sealed.bytes, size, in->at, in->path.text,
                           error));
    in->sealed.size = size;
    in->at += (off_t)size;
    return WEFT_OK;
}

static bool chunk_is_known(const refused_chunks *in)
{
    return in->chunk.key_class == WF_KEY_VISITS || in->chunk.key_class == WF_KEY_REFUSED;
}

bool wf_refused_chunk_is_forgotten(const refused_chunks *in)
{
    return chunk_is_known(in) &&
           wf_keys_is_forgotten(in->folder->keys, (wf_key_class)in->chunk.key_class,
                                (weft_day){in->chunk.day});
}

// ---- the reader ----

typedef struct {
    uint32_t key_class;
    int32_t day;
    const wf_key *key; // the ring's, which keeps it in its place
} met_key;

typedef struct {
    wf_text code, field;
    weft_error_param params[WEFT_ERROR_PARAMS_MAX];
    size_t params_count;
} reason;

struct wf_refused_reader {
    wf_refused_folder folder;
    refused_chunks in;
    off_t begins; // its first chunk; its end where the head is damaged
    wf_refused_about about;
    met_key *met; // ascending by class and day
    size_t met_count, met_capacity;
    bool only_met; // the ring is not looked at
    bool is_damaged, has_source, has_end;
    size_t source; // number of the last one
    wf_buffer plain;
    // Of the chunk of rows at hand.
    wf_text left;
    uint32_t rows_left;
    uint64_t line;
    reason reasons[refused_reasons_max];
    size_t reasons_count;
    reason why; // of the row at hand, where it has no number
};

weft_status wf_refused_reader_open(const wf_refused_folder *folder, const char *name,
                                   wf_refused_reader **ret, weft_error *error)
{
    wf_refused_reader *reader = calloc(1, sizeof *reader);
    if (reader == NULL)
        return wf_fail_memory(error);
    reader->folder = *folder;
    weft_error found = {0};
    weft_status status =
        wf_refused_chunks_open(&reader->in, &reader->folder, name, &found);
    if (status != WEFT_OK && status != WEFT_DAMAGED) {
        *error = found;
        wf_refused_reader_close(reader);
        return status;
    }
    const unsigned char *head = reader->in.head;
    uint32_t kind = wf_get_u32(head + 32);
    reader->begins = refused_head_bytes;
    if (status != WEFT_OK || kind >= WEFT_IMPORT_KIND_COUNT) {
        reader->is_damaged = true;
        reader->begins = reader->in.size; // nothing in it can be told from noise
        kind = WEFT_IMPORT_VISITS;
    }
    reader->in.at = reader->begins;
    reader->about.received.us = (int64_t)wf_get_u64(head + 24);
    reader->about.kind = (weft_import_kind)kind;
    memcpy(reader->about.name, name, strlen(name) + 1);
    *ret = reader;
    return WEFT_OK;
}

void wf_refused_reader_close(wf_refused_reader *reader)
{
    if (reader == NULL)
        return;
    wf_refused_chunks_close(&reader->in);
    wf_buffer_wipe(&reader->plain);
    free(reader->met);
    free(reader);
}

const wf_refused_about *wf_refused_reader_about(const wf_refused_reader *reader)
{
    return &reader->about;
}

void wf_refused_reader_rewind(wf_refused_reader *reader)
{
    reader->in.at = reader->begins;
    reader->only_met = true;
    reader->rows_left = 0;
    reader->source = 0;
    reader->has_source = false;
    reader->has_end = false;
    reader->about.rows = 0;
    reader->about.unreadable = 0;
}

// ---- keys ----

static size_t place_of_key(const wf_refused_reader *reader, const refused_chunk *chunk)
{
    size_t low = 0, high = reader->met_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        const met_key *met = &reader->met[middle];
        bool before = met->key_class != chunk->key_class
                          ? met->key_class < chunk->key_class
                          : met->day < chunk->day;
        low = before ? middle + 1 : low;
        high = before ? high : middle;
    }
    return low;
}

static weft_status remember_key(wf_refused_reader *reader, size_t at,
                                const refused_chunk *chunk, const wf_key *key,
                                weft_error *error)
{
    if (reader->met_count == reader->met_capacity) {
        size_t capacity = reader->met_capacity == 0 ? 32 : reader->met_capacity * 2;
        met_key *met = reallocarray(reader->met, capacity, sizeof *met);
        if (met == NULL)
            return wf_fail_memory(error);
        reader->met = met;
        reader->met_capacity = capacity;
    }
    memmove(reader->met + at + 1, reader->met + at,
            (reader->met_count++ - at) * sizeof *reader->met);
    reader->met[at] = (met_key){chunk->key_class, chunk->day, key};
    return WEFT_OK;
}

// NULL when there is none: forgotten, lost, or no class that rows are sealed under.
static weft_status key_of_chunk(wf_refused_reader *reader, const wf_key **ret,
                                weft_error *error)
{
    const refused_chunk *chunk = &reader->in.chunk;
    size_t at = place_of_key(reader, chunk);
    weft_error none = {0};
    *ret = NULL;
    if (at < reader->met_count && reader->met[at].key_class == chunk->key_class &&
        reader->met[at].day == chunk->day) {
        *ret = reader->met[at].key;
        return WEFT_OK;
    }
    if (reader->only_met || !chunk_is_known(&reader->in) ||
        wf_keys_find(reader->folder.keys, (wf_key_class)chunk->key_class,
                     (weft_day){chunk->day}, ret, &none) != WEFT_OK)
        return WEFT_OK;
    return remember_key(reader, at, chunk, *ret, error);
}

// *ret is false when the key is not there or the chunk does not authenticate.
static weft_status open_chunk(wf_refused_reader *reader, bool *ret, weft_error *error)
{
    const wf_key *key = NULL;
    refused_context context;
    weft_error found = {0};
    WF_TRY(key_of_chunk(reader, &key, error));
    wf_buffer_clear(&reader->plain);
    *ret = false;
    if (key == NULL)
        return WEFT_OK;
    weft_status status = wf_open_blob(
        key, refused_context_of(reader->in.head, reader->in.chunk_head, &context),
        wf_buffer_text(&reader->in.sealed), &reader->plain, &found);
    *ret = status == WEFT_OK;
    if (status == WEFT_OK || status == WEFT_DAMAGED)
        return WEFT_OK;
    *error = found;
    return status;
}

// ---- what a chunk holds ----

static bool take_number(wf_text *left, uint64_t *ret)
{
    uint64_t number = 0;
    for (unsigned shift = 0; shift < 64 && left->size > 0; shift += 7) {
        unsigned char byte = (unsigned char)*left->bytes++;
        left->size--;
        number |= (uint64_t)(byte & 0x7F) << shift;
        if ((byte & 0x80) != 0)
            continue;
        *ret = number;
        return true;
    }
    return false;
}

static bool take_text(wf_text *left, wf_text *ret)
{
    uint64_t size = 0;
    if (!take_number(left, &size) || size > left->size)
        return false;
    *ret = (wf_text){left->bytes, (size_t)size};
    left->bytes += size;
    left->size -= (size_t)size;
    return true;
}

static bool take_about(wf_refused_reader *reader, wf_refused_item *ret)
{
    wf_refused_about *about = &reader->about;
    wf_text left = wf_buffer_text(&reader->plain), name;
    ret->what = WF_REFUSED_ABOUT;
    if (!take_text(&left, &name) || !take_text(&left, &ret->mapping_yaml) ||
        left.size > 0)
        return false;
    size_t size =
        name.size < sizeof about->mapping ? name.size : sizeof about->mapping - 1;
    memcpy(about->mapping, name.bytes, size);
    about->mapping[size] = '\0';
    return true;
}

static bool take_source(wf_refused_reader *reader, wf_refused_item *ret)
{
    wf_text left = wf_buffer_text(&reader->plain);
    uint64_t number = 0;
    if (!take_number(&left, &number) || !take_text(&left, &ret->name) ||
        !take_text(&left, &ret->header) || left.size > 0)
        return false;
    ret->what = WF_REFUSED_SOURCE;
    ret->number = reader->source = (size_t)number;
    reader->has_source = true;
    return true;
}

// Into room that ends with NUL; false where it has no room for it.
static bool take_word(wf_text *left, char *to, size_t room)
{
    wf_text text;
    if (!take_text(left, &text) || text.size >= room)
        return false;
    memcpy(to, text.bytes, text.size);
    to[text.size] = '\0';
    return true;
}

static bool take_params(wf_text *left, reason *ret)
{
    uint64_t count = 0;
    if (!take_number(left, &count) || count > WEFT_ERROR_PARAMS_MAX)
        return false;
    for (ret->params_count = 0; ret->params_count < count; ret->params_count++) {
        weft_error_param *param = &ret->params[ret->params_count];
        if (!take_word(left, param->name, sizeof param->name) ||
            !take_word(left, param->value, sizeof param->value))
            return false;
    }
    return true;
}

static bool take_reason(wf_refused_reader *reader, const reason **ret)
{
    uint64_t number = 0;
    reason *why = &reader->why;
    if (!take_number(&reader->left, &number) || number > reader->reasons_count)
        return false;
    if (number > 0) {
        *ret = &reader->reasons[number - 1];
        return true;
    }
    why->params_count = 0;
    if (!take_text(&reader->left, &why->code) || !take_text(&reader->left, &why->field) ||
        (reader->in.chunk.type == CHUNK_ROWS && !take_params(&reader->left, why)))
        return false;
    if (reader->reasons_count < refused_reasons_max)
        reader->reasons[reader->reasons_count++] = *why;
    *ret = why;
    return true;
}

static bool take_row(wf_refused_reader *reader, wf_refused_item *ret)
{
    const reason *why = NULL;
    uint64_t step = 0;
    wf_text raw;
    if (!take_reason(reader, &why) || !take_number(&reader->left, &step) ||
        !take_text(&reader->left, &raw))
        return false;
    reader->line += (step & 1) != 0 ? ~(step >> 1) : step >> 1;
    *ret = (wf_refused_item){.what = WF_REFUSED_ROW,
                             .row = {.source = reader->source,
                                     .line = reader->line,
                                     .code = why->code,
                                     .field = why->field,
                                     .params = why->params,
                                     .params_count = why->params_count,
                                     .raw = raw,
                                     .dated = reader->in.chunk.key_class == WF_KEY_VISITS,
                                     .day = {reader->in.chunk.day}}};
    return --reader->rows_left > 0 || reader->left.size == 0;
}

// A chunk that could not be opened; true if *ret says something all the same.
static bool pass_over(wf_refused_reader *reader, wf_refused_item *ret)
{
    const refused_chunk *chunk = &reader->in.chunk;
    if (refused_chunk_has_rows(chunk))
        reader->about.unreadable += chunk->rows;
    reader->has_end = reader->has_end || chunk->type == CHUNK_END;
    reader->about.partly_gone = true;
    if (reader->only_met || !wf_refused_chunk_is_forgotten(&reader->in))
        reader->is_damaged = true;
    // The rows that follow must not be taken for those of the source before.
    reader->has_source = reader->has_source || chunk->type == CHUNK_SOURCE;
    *ret = (wf_refused_item){.what = WF_REFUSED_SOURCE, .number = ++reader->source};
    return chunk->type == CHUNK_SOURCE;
}

// Begins with the chunk that was read; *ret_given when *ret holds something of it.
static weft_status begin_chunk(wf_refused_reader *reader, wf_refused_item *ret,
                               bool *ret_given, weft_error *error)
{
    const refused_chunk *chunk = &reader->in.chunk;
    bool opened = false, whole = true;
    *ret = (wf_refused_item){0};
    WF_TRY(open_chunk(reader, &opened, error));
    if (refused_chunk_has_rows(chunk))
        reader->about.rows += chunk->rows;
    if (!opened) {
        *ret_given = pass_over(reader, ret);
        return WEFT_OK;
    }
    *ret_given = chunk->type == CHUNK_ABOUT || chunk->type == CHUNK_SOURCE;
    switch (chunk->type) {
    case CHUNK_ABOUT:
        whole = take_about(reader, ret);
        break;
    case CHUNK_SOURCE:
        whole = take_source(reader, ret);
        break;
    case CHUNK_ROWS:
    case CHUNK_ROWS_BARE:
        whole = reader->has_source; // rows stand under the header of one
        if (!whole)
            break;
        reader->left = wf_buffer_text(&reader->plain);
        reader->rows_left = chunk->rows;
        reader->line = 0;
        reader->reasons_count = 0;
        break;
    case CHUNK_END:
        reader->has_end = true;
        break;
    default:
        whole = false;
    }
    reader->is_damaged = reader->is_damaged || !whole;
    *ret_given = *ret_given && whole;
    return WEFT_OK;
}

weft_status wf_refused_next(wf_refused_reader *reader, wf_refused_item *ret,
                            weft_error *error)
{
    for (;;) {
        bool end = false, given = false;
        if (reader->rows_left > 0) {
            if (take_row(reader, ret))
                return WEFT_OK;
            reader->rows_left = 0; // sealed by us and yet not in our form
            reader->is_damaged = true;
        }
        WF_TRY(wf_refused_chunks_next(&reader->in, &end, error));
        if (end)
            break;
        WF_TRY(begin_chunk(reader, ret, &given, error));
        if (given)
            return WEFT_OK;
    }
    if (reader->is_damaged || !reader->has_end)
        return damaged(&reader->in, error);
    *ret = (wf_refused_item){.what = WF_REFUSED_END};
    return WEFT_OK;
}
