// Which sheets a workbook has, and where in the zip its parts lie.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/grow.h"
#include "wire/workbook_inside.h"

// "xl/" and "worksheets/sheet1.xml", or "/xl/worksheets/sheet1.xml" → a path in the zip.
static bool resolve(const char *folder, const char *target, char *ret, size_t size)
{
    char part[512];
    size_t made = 0;
    if (strlen(target) >= sizeof part)
        return false;
    const char *from = target[0] == '/' ? target + 1 : target;
    int written = snprintf(ret, size, "%s", target[0] == '/' ? "" : folder);
    if (written < 0 || (size_t)written >= size)
        return false;
    made = (size_t)written;
    while (strncmp(from, "./", 2) == 0 || strncmp(from, "../", 3) == 0) {
        bool up = from[1] == '.';
        from += up ? 3 : 2;
        if (!up)
            continue;
        // The folder above: "xl/" → "".
        if (made > 0)
            ret[--made] = '\0';
        while (made > 0 && ret[made - 1] != '/')
            ret[--made] = '\0';
    }
    written = snprintf(ret + made, size - made, "%s", from);
    return written > 0 && (size_t)written < size - made;
}

static bool ends_in(const char *text, const char *end)
{
    size_t size = strlen(text), end_size = strlen(end);
    return size >= end_size && strcmp(text + size - end_size, end) == 0;
}

// ---- relations: what a part calls its others ----

typedef struct {
    char id[64];
    char type[24]; // "/worksheet"
    char path[512];
} relation;
typedef struct {
    const char *folder; // of the part that has them
    relation *all;
    size_t count, capacity;
} relations;

static void copy(char *to, size_t size, const char *from)
{
    size_t length = strnlen(from, size - 1);
    memcpy(to, from, length);
    to[length] = '\0';
}

static void begin_relation(wf_part *part, void *context, const char *name,
                           const char **attributes)
{
    relations *in = context;
    if (strcmp(name, "Relationship") != 0)
        return;
    const char *id = wf_part_attribute(attributes, "Id");
    const char *type = wf_part_attribute(attributes, "Type");
    const char *target = wf_part_attribute(attributes, "Target");
    const char *mode = wf_part_attribute(attributes, "TargetMode");
    relation made = {0};
    if (id == NULL || type == NULL || target == NULL || strlen(id) >= sizeof made.id ||
        (mode != NULL && strcmp(mode, "External") == 0) ||
        !resolve(in->folder, target, made.path, sizeof made.path))
        return;
    const char *kind = strrchr(type, '/');
    copy(made.id, sizeof made.id, id);
    copy(made.type, sizeof made.type, kind == NULL ? type : kind);
    relation *all = wf_grow(in->all, in->count, &in->capacity, sizeof *all);
    if (all == NULL) {
        wf_part_stop(part, NULL);
        return;
    }
    in->all = all;
    all[in->count++] = made;
    if (in->count > 4 * WF_WORKBOOK_SHEETS_MAX)
        wf_part_stop(part, "wire.xlsx_too_large");
}

// The relations of the part at `path`; "": of the whole.
static weft_status read_relations(zip_t *zip, const char *path, const char *folder,
                                  const char *name, relations *ret, weft_error *error)
{
    static const wf_part_handlers handlers = {begin_relation, NULL, NULL};
    const char *slash = strrchr(path, '/');
    char where[600];
    bool found;
    int size = snprintf(where, sizeof where, "%s_rels/%s.rels", folder,
                        slash == NULL ? path : slash + 1);
    ret->folder = folder;
    if (size < 0 || (size_t)size >= sizeof where)
        return wf_workbook_fails("wire.xlsx_damaged", name, error);
    return wf_part_read(zip, where, name, &handlers, ret, &found, error);
}

static const relation *find(const relations *in, const char *id, const char *type)
{
    for (size_t i = 0; i < in->count; i++)
        if ((id == NULL || strcmp(in->all[i].id, id) == 0) &&
            strcmp(in->all[i].type, type) == 0)
            return &in->all[i];
    return NULL;
}

// ---- the book ----

typedef struct {
    wf_book_about *about;
    size_t capacity;
    const relations *parts;
} book_reader;

static void add_sheet(wf_part *part, book_reader *in, const char **attributes)
{
    const char *name = wf_part_attribute(attributes, "name");
    const char *id = wf_part_attribute(attributes, "id");
    const char *state = wf_part_attribute(attributes, "state");
    // A sheet that only holds a chart is no table.
    const relation *where = id == NULL ? NULL : find(in->parts, id, "/worksheet");
    wf_book_about *about = in->about;
    if (name == NULL || where == NULL)
        return;
    if (strlen(name) >= sizeof about->sheets->name) {
        wf_part_stop(part, "wire.xlsx_damaged");
        return;
    }
    wf_sheet_about *sheets =
        wf_grow(about->sheets, about->count, &in->capacity, sizeof *sheets);
    if (sheets == NULL) {
        wf_part_stop(part, NULL);
        return;
    }
    about->sheets = sheets;
    wf_sheet_about *sheet = &sheets[about->count++];
    *sheet = (wf_sheet_about){.hidden = state != NULL && ends_in(state, "idden")};
    copy(sheet->name, sizeof sheet->name, name);
    copy(sheet->path, sizeof sheet->path, where->path);
    if (about->count > WF_WORKBOOK_SHEETS_MAX)
        wf_part_stop(part, "wire.xlsx_too_large");
}

static void begin_book(wf_part *part, void *context, const char *name,
                       const char **attributes)
{
    book_reader *in = context;
    if (strcmp(name, "workbookPr") == 0) {
        const char *calendar = wf_part_attribute(attributes, "date1904");
        in->about->is_1904 = calendar != NULL && (strcmp(calendar, "1") == 0 ||
                                                  strcmp(calendar, "true") == 0);
    } else if (strcmp(name, "sheet") == 0) {
        add_sheet(part, in, attributes);
    }
}

static weft_status read_book(zip_t *zip, const char *path, const char *name,
                             relations *parts, wf_book_about *ret, weft_error *error)
{
    static const wf_part_handlers handlers = {begin_book, NULL, NULL};
    char folder[512] = "";
    const char *slash = strrchr(path, '/');
    book_reader in = {.about = ret, .parts = parts};
    bool found;
    if (slash != NULL)
        memcpy(folder, path, (size_t)(slash - path) + 1);
    WF_TRY(read_relations(zip, path, folder, name, parts, error));
    const relation *texts = find(parts, NULL, "/sharedStrings");
    const relation *styles = find(parts, NULL, "/styles");
    copy(ret->texts_path, sizeof ret->texts_path, texts == NULL ? "" : texts->path);
    copy(ret->styles_path, sizeof ret->styles_path, styles == NULL ? "" : styles->path);
    WF_TRY(wf_part_read(zip, path, name, &handlers, &in, &found, error));
    return found ? WEFT_OK : wf_workbook_fails("wire.xlsx_none", name, error);
}

weft_status wf_book_about_read(zip_t *zip, const char *name, wf_book_about *ret,
                               weft_error *error)
{
    relations whole = {0}, parts = {0};
    wf_book_about about = {0};
    weft_status status = read_relations(zip, "", "", name, &whole, error);
    const relation *book = find(&whole, NULL, "/officeDocument");
    if (status == WEFT_OK)
        status = read_book(zip, book == NULL ? "xl/workbook.xml" : book->path, name,
                           &parts, &about, error);
    free(whole.all);
    free(parts.all);
    if (status != WEFT_OK) {
        wf_book_about_done(&about);
        return status;
    }
    *ret = about;
    return WEFT_OK;
}

void wf_book_about_done(wf_book_about *about)
{
    free(about->sheets);
    *about = (wf_book_about){0};
}
