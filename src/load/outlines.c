#include "load/outlines.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdlib.h>
#include <string.h>

#include "model/grid.h"
#include "wire/geojson.h"

enum {
    digest_bytes = wf_outlines_digest_size / 2,
    read_bytes = 256 * 1024,
    kept_bytes_max = 64 << 20, // what the largest file that is taken becomes is less
    arena_bytes_max = 128 << 20
};

static const char head[] = "{\"digest\":\"", after_digest[] = "\",\n";
enum {
    head_bytes = sizeof head - 1,
    line_bytes = head_bytes + wf_outlines_digest_size + sizeof after_digest - 1
};

static const char *const datum_names[] = {
    [WEFT_DATUM_ASK] = "", [WEFT_DATUM_WGS84] = "wgs84", [WEFT_DATUM_GCJ02] = "gcj02"};

bool weft_datum_parse(const char *word, weft_datum *ret)
{
    for (weft_datum datum = WEFT_DATUM_WGS84; datum <= WEFT_DATUM_GCJ02; datum++)
        if (strcmp(word, datum_names[datum]) == 0) {
            *ret = datum;
            return true;
        }
    return false;
}

const char *weft_datum_name(weft_datum datum)
{
    return datum_names[datum];
}

// ---- reading the source ----

static weft_status read_source(const weft_import_source *source, wf_buffer *to,
                               weft_error *error)
{
    char limit[WF_NUMBER_TEXT_MAX];
    for (ssize_t got = 1; got > 0;) {
        if (to->size > wf_geojson_bytes_max)
            return wf_fail(error, WEFT_TOO_LARGE, "geojson.too_large", "limit",
                           wf_number_text(limit, wf_geojson_bytes_max >> 20), NULL);
        if (!wf_buffer_reserve(to, read_bytes))
            return wf_fail_memory(error);
        got = source->read(source->context, to->bytes + to->size, read_bytes);
        if (got < 0 && errno == EINTR)
            return wf_fail(error, WEFT_INTERRUPTED, "wire.interrupted", NULL);
        if (got < 0)
            return wf_fail_errno(error, errno, "io.read", source->name);
        to->size += (size_t)got;
    }
    return WEFT_OK;
}

// ---- what the features mean ----

typedef struct {
    const wf_outlines_city *city;
    const char *property;
    wf_geojson read;
    const wf_geo_feature **kept; // in the order of the file
    size_t kept_count;
    weft_outlines_summary summary;
} judging;

static weft_status wrong(const wf_geo_feature *feature, const char *code,
                         weft_error *error)
{
    char number[WF_NUMBER_TEXT_MAX];
    return wf_fail(error, WEFT_BAD_INPUT, code, "feature",
                   wf_number_text(number, (int64_t)feature->number), NULL);
}

// As the grids of the register: digits, in the widths of the national codes and of what
// is below them.
static bool is_code(wf_text code)
{
    static const unsigned char widths[] = {4, 6, 9, 12, 15, 18};
    for (size_t i = 0; i < code.size; i++)
        if (code.bytes[i] < '0' || code.bytes[i] > '9')
            return false;
    return memchr(widths, (int)code.size, sizeof widths) != NULL;
}

static weft_status judge(judging *all, const wf_geo_feature *feature, weft_error *error)
{
    if (feature->is_point && feature->name.size == 0)
        return wrong(feature, "outlines.place", error);
    if (!feature->is_point && feature->code.size == 0) {
        char number[WF_NUMBER_TEXT_MAX];
        return wf_fail(error, WEFT_BAD_INPUT, "outlines.no_grid", "feature",
                       wf_number_text(number, (int64_t)feature->number), "property",
                       all->property, NULL);
    }
    if (feature->code.size > 0 && !is_code(feature->code))
        return wrong(feature, "outlines.grid", error);
    if (feature->code.size > 0 &&
        !wf_grid_is_inside(feature->code, wf_text_of(all->city->grid))) {
        all->summary.outside++;
        return WEFT_OK;
    }
    all->kept[all->kept_count++] = feature;
    *(feature->is_point ? &all->summary.places : &all->summary.outlines) += 1;
    all->summary.positions += feature->is_point ? 1 : 0;
    for (size_t i = 0; !feature->is_point && i < feature->count; i++)
        all->summary.positions += all->read.rings[feature->first + i].count;
    return WEFT_OK;
}

static int compare(const void *a, const void *b)
{
    const wf_geo_feature *const *left = a, *const *right = b;
    int order = wf_text_compare((*left)->code, (*right)->code);
    return order != 0 ? order
                      : ((*left)->number > (*right)->number) -
                            ((*left)->number < (*right)->number);
}

// An area that lies in parts is one MultiPolygon.
static weft_status check_once(const judging *all, wf_arena *arena, weft_error *error)
{
    char first[WF_NUMBER_TEXT_MAX], second[WF_NUMBER_TEXT_MAX];
    const wf_geo_feature **sorted =
        wf_arena_array(arena, all->kept_count + 1, sizeof *sorted);
    size_t count = 0;
    if (sorted == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < all->kept_count; i++)
        if (!all->kept[i]->is_point)
            sorted[count++] = all->kept[i];
    qsort(sorted, count, sizeof *sorted, compare);
    for (size_t i = 1; i < count; i++)
        if (wf_text_equal(sorted[i - 1]->code, sorted[i]->code))
            return wf_fail(error, WEFT_BAD_INPUT, "outlines.twice", "first",
                           wf_number_text(first, (int64_t)sorted[i - 1]->number),
                           "feature", wf_number_text(second, (int64_t)sorted[i]->number),
                           NULL);
    return WEFT_OK;
}

static weft_status judge_all(judging *all, wf_arena *arena, weft_error *error)
{
    all->kept = wf_arena_array(arena, all->read.features_count, sizeof *all->kept);
    if (all->kept == NULL)
        return wf_fail_memory(error);
    for (size_t i = 0; i < all->read.features_count; i++)
        WF_TRY(judge(all, &all->read.features[i], error));
    if (all->summary.outlines == 0)
        return wf_fail(error, WEFT_BAD_INPUT, "outlines.nothing", "grid", all->city->grid,
                       NULL);
    return check_once(all, arena, error);
}

// ---- what is kept ----

static void digest_text(const unsigned char digest[digest_bytes],
                        char ret[wf_outlines_digest_size + 1])
{
    sodium_bin2hex(ret, wf_outlines_digest_size + 1, digest, digest_bytes);
}

static bool write_about(const judging *all, weft_datum datum, wf_buffer *to)
{
    char loaded[WF_TIME_TEXT_MAX];
    return wf_buffer_printf(
        to,
        "%s%*s%s\"type\":\"FeatureCollection\",\"datum\":\"%s\",\"loaded\":\"%s\",\n"
        "\"outlines\":%llu,\"places\":%llu,\"features\":[\n",
        head, wf_outlines_digest_size, "", after_digest, weft_datum_name(datum),
        wf_time_text(loaded, all->city->now, all->city->zone),
        (unsigned long long)all->summary.outlines,
        (unsigned long long)all->summary.places);
}

static bool write_all(judging *all, weft_datum datum, wf_buffer *to)
{
    unsigned char digest[digest_bytes];
    bool done = write_about(all, datum, to);
    for (size_t i = 0; done && i < all->kept_count; i++)
        done = (i == 0 || wf_buffer_append(to, ",\n", 2)) &&
               wf_geojson_write(&all->read, all->kept[i], to);
    if (!done || !wf_buffer_append(to, "\n]}\n", 4))
        return false;
    WF_ASSERT(crypto_generichash(digest, sizeof digest,
                                 (const unsigned char *)to->bytes + line_bytes,
                                 to->size - line_bytes, NULL, 0) == 0);
    digest_text(digest, all->summary.digest);
    memcpy(to->bytes + head_bytes, all->summary.digest, wf_outlines_digest_size);
    return true;
}

static weft_status keep(judging *all, weft_datum datum, weft_error *error)
{
    wf_path path;
    wf_buffer text = {.limit = kept_bytes_max};
    WF_TRY(wf_path_join(all->city->city_dir, WF_OUTLINES_NAME, &path, error));
    weft_status status = write_all(all, datum, &text)
                             ? wf_io_replace_file(all->city->io, path.text,
                                                  wf_buffer_text(&text), 0600, error)
                             : wf_fail_memory(error);
    wf_buffer_done(&text);
    return status;
}

static weft_status import_text(wf_text text, const wf_outlines_city *city,
                               const weft_outlines_options *options, wf_arena *arena,
                               weft_outlines_summary *ret, weft_error *error)
{
    judging all = {.city = city,
                   .property = options->property != NULL ? options->property : "grid"};
    WF_TRY(wf_geojson_read(text, all.property, arena, &all.read, error));
    WF_TRY(judge_all(&all, arena, error));
    if (!options->only_look)
        WF_TRY(keep(&all, options->datum, error));
    *ret = all.summary;
    return WEFT_OK;
}

weft_status wf_outlines_import(const wf_outlines_city *city,
                               const weft_import_source *source,
                               const weft_outlines_options *options,
                               weft_outlines_summary *ret, weft_error *error)
{
    wf_arena arena;
    wf_buffer text = {.limit = wf_geojson_bytes_max + read_bytes};
    if (options->datum == WEFT_DATUM_ASK)
        return wf_fail(error, WEFT_BAD_USAGE, "outlines.datum", NULL);
    wf_error_at(error, source->name, 0, NULL);
    wf_arena_init(&arena, arena_bytes_max);
    weft_status status = read_source(source, &text, error);
    if (status == WEFT_OK)
        status = import_text(wf_buffer_text(&text), city, options, &arena, ret, error);
    wf_buffer_done(&text);
    wf_arena_done(&arena);
    return status;
}

// Plain and of nobody: its bytes need no overwriting.
weft_status wf_outlines_remove(const wf_io *io, const char *city_dir, bool *ret_had,
                               weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(city_dir, WF_OUTLINES_NAME, &path, error));
    bool had = io->unlink(io, path.text) == 0;
    if (!had && errno != ENOENT)
        return wf_fail_errno(error, errno, "io.unlink", path.text);
    if (had && io->sync_dir(io, city_dir) != 0)
        return wf_fail_errno(error, errno, "io.sync", city_dir);
    *ret_had = had;
    return WEFT_OK;
}

// ---- reading what is kept ----

// By its name alone: the service says it, too, and no folder of the machine.
static weft_status damaged(weft_error *error)
{
    return wf_fail(error, WEFT_DAMAGED, "outlines.damaged", "path", WF_OUTLINES_NAME,
                   NULL);
}

static weft_status hash_rest(const wf_io *io, const char *path,
                             const wf_outlines_file *file,
                             unsigned char ret[digest_bytes], weft_error *error)
{
    crypto_generichash_state state;
    char *bytes = malloc(read_bytes);
    if (bytes == NULL)
        return wf_fail_memory(error);
    weft_status status = WEFT_OK;
    WF_ASSERT(crypto_generichash_init(&state, NULL, 0, digest_bytes) == 0);
    for (uint64_t at = line_bytes; at < file->size && status == WEFT_OK;) {
        uint64_t left = file->size - at;
        size_t part = left < read_bytes ? (size_t)left : read_bytes;
        status = wf_io_pread_all(io, file->file, bytes, part, (off_t)at, path, error);
        if (status == WEFT_OK)
            WF_ASSERT(crypto_generichash_update(&state, (unsigned char *)bytes, part) ==
                      0);
        at += part;
    }
    WF_ASSERT(crypto_generichash_final(&state, ret, digest_bytes) == 0);
    free(bytes);
    return status;
}

static weft_status look_through(const wf_io *io, const char *path, wf_outlines_file *file,
                                weft_error *error)
{
    struct stat about;
    char line[line_bytes], found[wf_outlines_digest_size + 1];
    unsigned char digest[digest_bytes];
    if (fstat(file->file, &about) != 0)
        return wf_fail_errno(error, errno, "io.open", path);
    if (!S_ISREG(about.st_mode) || about.st_size <= line_bytes ||
        about.st_size > kept_bytes_max)
        return damaged(error);
    file->size = (uint64_t)about.st_size;
    WF_TRY(wf_io_pread_all(io, file->file, line, sizeof line, 0, path, error));
    WF_TRY(hash_rest(io, path, file, digest, error));
    digest_text(digest, found);
    if (memcmp(line, head, head_bytes) != 0 ||
        memcmp(line + head_bytes, found, wf_outlines_digest_size) != 0 ||
        memcmp(line + head_bytes + wf_outlines_digest_size, after_digest,
               sizeof after_digest - 1) != 0)
        return damaged(error);
    memcpy(file->digest, found, sizeof found);
    return WEFT_OK;
}

weft_status wf_outlines_open(const wf_io *io, const char *city_dir, wf_outlines_file *ret,
                             weft_error *error)
{
    wf_path path;
    WF_TRY(wf_path_join(city_dir, WF_OUTLINES_NAME, &path, error));
    wf_outlines_file file = {
        .file = io->open(io, path.text, O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0)};
    if (file.file < 0 && errno == ENOENT)
        return wf_fail(error, WEFT_NOT_FOUND, "outlines.none", NULL);
    if (file.file < 0)
        return wf_fail_errno(error, errno, "io.open", path.text);
    weft_status status = look_through(io, path.text, &file, error);
    if (status == WEFT_OK)
        *ret = file;
    else
        WF_IGNORE(io->close(io, file.file), "it was only read");
    return status;
}
