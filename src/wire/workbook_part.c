// A file of the zip, unpacked and parsed as XML within limits.
#include <stdlib.h>
#include <string.h>

#include "wire/workbook_inside.h"

enum {
    // What comes of one step is bounded by this: a cell of 30 bytes may stand for a
    // shared
    // text of 100 kB.
    chunk_bytes = 8 << 10,
    depth_max = 64,
    // A single name, attribute or comment may not be longer: the parser looks at what it
    // has of it again with each chunk.
    quiet_bytes_max = 1 << 20,
    ratio_max = 200,
    ratio_free_bytes = 4 << 20 // small files may be packed better
};

struct wf_part {
    zip_file_t *file;
    XML_Parser parser;
    const wf_part_handlers *handlers;
    void *context;
    const char *name;     // of the book, for messages
    size_t packed, total; // of the file: bytes in the zip; unpacked so far
    size_t quiet;         // bytes since the parser last gave anything
    unsigned depth;
    bool stopped;
    const char *code; // why; NULL: no memory
    char range[64];
};

weft_status wf_workbook_fails(const char *code, const char *name, weft_error *error)
{
    return wf_fail(error, WEFT_BAD_INPUT, code, "path", name, NULL);
}

void wf_part_stop(wf_part *part, const char *code)
{
    if (part->stopped)
        return;
    part->stopped = true;
    part->code = code;
    WF_IGNORE(XML_StopParser(part->parser, XML_FALSE), "it may have ended by itself");
}

void wf_part_stop_at(wf_part *part, const char *code, const char *range)
{
    if (part->stopped)
        return;
    size_t size = strnlen(range, sizeof part->range - 1);
    memcpy(part->range, range, size);
    part->range[size] = '\0';
    wf_part_stop(part, code);
}

const char *wf_part_attribute(const char **attributes, const char *name)
{
    for (size_t i = 0; attributes[i] != NULL; i += 2) {
        const char *local = strrchr(attributes[i], '|');
        if (strcmp(local == NULL ? attributes[i] : local + 1, name) == 0)
            return attributes[i + 1];
    }
    return NULL;
}

// ---- what the parser gives ----

static const char *local_name(const char *name)
{
    const char *local = strrchr(name, '|');
    return local == NULL ? name : local + 1;
}

static void on_begin(void *context, const char *name, const char **attributes)
{
    wf_part *part = context;
    part->quiet = 0;
    if (part->stopped)
        return;
    if (++part->depth > depth_max) {
        wf_part_stop(part, "wire.xlsx_damaged");
        return;
    }
    part->handlers->begin(part, part->context, local_name(name), attributes);
}

static void on_end(void *context, const char *name)
{
    wf_part *part = context;
    part->quiet = 0;
    part->depth--;
    if (!part->stopped && part->handlers->end != NULL)
        part->handlers->end(part, part->context, local_name(name));
}

static void on_text(void *context, const char *bytes, int size)
{
    wf_part *part = context;
    part->quiet = 0;
    if (!part->stopped && part->handlers->text != NULL)
        part->handlers->text(part, part->context, bytes, (size_t)size);
}

// Comments and the like.
static void on_other(void *context, const char *bytes, int size)
{
    wf_part *part = context;
    (void)bytes;
    (void)size;
    part->quiet = 0;
}

// The format has no document types; they are where entities come from.
static void on_document_type(void *context, const char *name, const char *system,
                             const char *public, int has_internal)
{
    (void)name;
    (void)system;
    (void)public;
    (void)has_internal;
    wf_part_stop(context, "wire.xlsx_entities");
}

static bool make_parser(wf_part *part)
{
    part->parser = XML_ParserCreateNS(NULL, '|');
    if (part->parser == NULL)
        return false;
    XML_SetUserData(part->parser, part);
    XML_SetElementHandler(part->parser, on_begin, on_end);
    XML_SetCharacterDataHandler(part->parser, on_text);
    XML_SetDefaultHandler(part->parser, on_other);
    XML_SetStartDoctypeDeclHandler(part->parser, on_document_type);
    return true;
}

// ---- reading ----

static weft_status open_fails(zip_t *zip, const char *name, weft_error *error)
{
    switch (zip_error_code_zip(zip_get_error(zip))) {
    case ZIP_ER_MEMORY:
        return wf_fail_memory(error);
    case ZIP_ER_NOPASSWD:
    case ZIP_ER_ENCRNOTSUPP:
        return wf_workbook_fails("wire.xlsx_locked", name, error);
    default:
        return wf_workbook_fails("wire.xlsx_damaged", name, error);
    }
}

weft_status wf_part_open(zip_t *zip, const char *path, const char *name,
                         const wf_part_handlers *handlers, void *context, wf_part **ret,
                         weft_error *error)
{
    zip_stat_t about;
    // Programs differ in the case of names, and the format says that it means nothing.
    zip_int64_t index = zip_name_locate(zip, path, ZIP_FL_NOCASE);
    *ret = NULL;
    if (index < 0)
        return WEFT_OK;
    if (zip_stat_index(zip, (zip_uint64_t)index, 0, &about) != 0 ||
        (about.valid & ZIP_STAT_COMP_SIZE) == 0)
        return wf_workbook_fails("wire.xlsx_damaged", name, error);
    wf_part *part = calloc(1, sizeof *part);
    if (part == NULL)
        return wf_fail_memory(error);
    part->handlers = handlers;
    part->context = context;
    part->name = name;
    // More than the whole book cannot be read: the rest of what is claimed is a lie.
    part->packed = about.comp_size < WF_WORKBOOK_BYTES_MAX ? (size_t)about.comp_size
                                                           : WF_WORKBOOK_BYTES_MAX;
    part->file = zip_fopen_index(zip, (zip_uint64_t)index, 0);
    weft_status status = part->file == NULL  ? open_fails(zip, name, error)
                         : make_parser(part) ? WEFT_OK
                                             : wf_fail_memory(error);
    if (status != WEFT_OK) {
        wf_part_close(part);
        return status;
    }
    *ret = part;
    return WEFT_OK;
}

void wf_part_close(wf_part *part)
{
    if (part == NULL)
        return;
    if (part->parser != NULL)
        XML_ParserFree(part->parser);
    if (part->file != NULL)
        WF_IGNORE(zip_fclose(part->file), "it was only read");
    free(part);
}

static weft_status within_limits(const wf_part *part, weft_error *error)
{
    bool too_dense =
        part->total > ratio_free_bytes && part->total / ratio_max > part->packed;
    if (part->total > WF_WORKBOOK_XML_BYTES_MAX || too_dense)
        return wf_workbook_fails("wire.xlsx_too_large", part->name, error);
    if (part->quiet > quiet_bytes_max)
        return wf_workbook_fails("wire.xlsx_damaged", part->name, error);
    return WEFT_OK;
}

static weft_status stopped(const wf_part *part, weft_error *error)
{
    if (part->code == NULL)
        return wf_fail_memory(error);
    return wf_fail(error, WEFT_BAD_INPUT, part->code, "path", part->name, "range",
                   part->range, NULL);
}

weft_status wf_part_step(wf_part *part, bool *ret_ended, weft_error *error)
{
    char chunk[chunk_bytes];
    zip_int64_t got = zip_fread(part->file, chunk, sizeof chunk);
    if (got < 0)
        return wf_workbook_fails("wire.xlsx_damaged", part->name, error);
    part->total += (size_t)got;
    part->quiet += (size_t)got;
    WF_TRY(within_limits(part, error));
    enum XML_Status done = XML_Parse(part->parser, chunk, (int)got, got == 0);
    if (part->stopped)
        return stopped(part, error);
    if (done != XML_STATUS_OK)
        return XML_GetErrorCode(part->parser) == XML_ERROR_NO_MEMORY
                   ? wf_fail_memory(error)
                   : wf_workbook_fails("wire.xlsx_damaged", part->name, error);
    *ret_ended = got == 0;
    return WEFT_OK;
}

weft_status wf_part_read(zip_t *zip, const char *path, const char *name,
                         const wf_part_handlers *handlers, void *context, bool *ret_found,
                         weft_error *error)
{
    wf_part *part = NULL;
    weft_status status = wf_part_open(zip, path, name, handlers, context, &part, error);
    bool ended = part == NULL;
    *ret_found = part != NULL;
    while (status == WEFT_OK && !ended)
        status = wf_part_step(part, &ended, error);
    wf_part_close(part);
    return status;
}
