#include "city/grid.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    codes_max = 100000,
    name_bytes_max = 40,
    compounds_per_village = 3, // where villages are invented
    villages_per_town = 20,
    towns_per_county = 10,
    part_max = 999
};

typedef struct {
    char code[WF_GRID_COMPOUND + 1];
    char name[name_bytes_max + 8];
} grid_code;

static int compare_codes(const void *a, const void *b)
{
    return strcmp(((const grid_code *)a)->code, ((const grid_code *)b)->code);
}

static bool is_code(wf_text text)
{
    if (text.size != 4 && text.size != 6 && text.size != 9 && text.size != 12)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] < '0' || text.bytes[i] > '9')
            return false;
    return true;
}

// The next field of a line, without the quotes around it; *rest goes on behind it. A
// quote inside a name ends it: names of grid units have none.
static wf_text next_field(wf_text *rest)
{
    bool quoted = rest->size > 0 && rest->bytes[0] == '"';
    size_t from = quoted ? 1 : 0;
    size_t at = from;
    while (at < rest->size && rest->bytes[at] != (quoted ? '"' : ','))
        at++;
    wf_text field = {rest->bytes + from, at - from};
    while (at < rest->size && rest->bytes[at] != ',')
        at++;
    at = at < rest->size ? at + 1 : at;
    *rest = (wf_text){rest->bytes + at, rest->size - at};
    return wf_text_trim(field);
}

static wf_text next_line(wf_text *rest)
{
    const char *end = memchr(rest->bytes, '\n', rest->size);
    size_t size = end == NULL ? rest->size : (size_t)(end - rest->bytes);
    wf_text line = {rest->bytes, size};
    size_t past = end == NULL ? size : size + 1;
    *rest = (wf_text){rest->bytes + past, rest->size - past};
    if (line.size > 0 && line.bytes[line.size - 1] == '\r')
        line.size--;
    return line;
}

static bool is_name(wf_text text)
{
    if (text.size > name_bytes_max || !wf_text_is_utf8(text))
        return false;
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.bytes[i] < 0x20 || text.bytes[i] == '"')
            return false;
    return true;
}

static weft_status read_codes(wf_text csv, const char *file, wf_arena *arena,
                              grid_code **ret, size_t *ret_count, weft_error *error)
{
    grid_code *codes = wf_arena_array(arena, codes_max, sizeof *codes);
    if (codes == NULL)
        return wf_fail_memory(error);
    size_t count = 0;
    next_line(&csv); // the header
    for (uint64_t number = 2; csv.size > 0; number++) {
        wf_text line = next_line(&csv);
        if (line.size == 0)
            continue;
        wf_text code = next_field(&line);
        wf_text name = next_field(&line);
        wf_error_at(error, file, number, "");
        if (!is_code(code))
            return wf_fail(error, WEFT_BAD_INPUT, "city.grid_code", NULL);
        if (!is_name(name))
            return wf_fail(error, WEFT_BAD_INPUT, "city.grid_name", NULL);
        if (count == codes_max)
            return wf_fail(error, WEFT_TOO_LARGE, "city.grid_many", NULL);
        memcpy(codes[count].code, code.bytes, code.size);
        memcpy(codes[count].name, name.bytes, name.size);
        count++;
    }
    wf_error_clear(error);
    qsort(codes, count, sizeof *codes, compare_codes);
    *ret = codes;
    *ret_count = count;
    return WEFT_OK;
}

// Keeps the codes that the next one does not continue; of equal ones the last.
static size_t keep_finest(grid_code *codes, size_t count)
{
    size_t kept = 0;
    for (size_t i = 0; i < count; i++)
        if (i + 1 == count ||
            strncmp(codes[i].code, codes[i + 1].code, strlen(codes[i].code)) != 0)
            codes[kept++] = codes[i];
    return kept;
}

// The code of the k-th compound inside `code`; false when a part grows over 999 (or 99
// counties).
static bool compound_code(const char *code, uint32_t k, char ret[WF_GRID_COMPOUND + 1])
{
    size_t size = strlen(code);
    uint32_t village = k / compounds_per_village;
    uint32_t town = village / villages_per_town;
    uint32_t county = town / towns_per_county + 1;
    uint32_t compound = size == 12 ? k + 1 : k % compounds_per_village + 1;
    uint32_t village_part = size == 9 ? village + 1 : village % villages_per_town + 1;
    uint32_t town_part = size == 6 ? town + 1 : town % towns_per_county + 1;
    if (compound > part_max || village_part > part_max || town_part > part_max ||
        county > 99)
        return false;
    char tail[64];
    int printed = snprintf(tail, sizeof tail, "%02u%03u%03u%03u", county, town_part,
                           village_part, compound);
    WF_ASSERT(printed == 11);
    memcpy(ret, code, size);
    memcpy(ret + size, tail + (size - 4), WF_GRID_COMPOUND - size + 1);
    return true;
}

weft_status wf_town_grid_lay(wf_text csv, const char *file, uint32_t compounds,
                             wf_arena *arena, wf_town_grid *ret, weft_error *error)
{
    grid_code invented = {.code = "9901"};
    grid_code *codes = &invented;
    size_t count = 1;
    if (csv.size > 0) {
        WF_TRY(read_codes(csv, file, arena, &codes, &count, error));
        count = keep_finest(codes, count);
    }
    wf_error_at(error, file, 0, "");
    if (count == 0)
        return wf_fail(error, WEFT_BAD_INPUT, "city.grid_empty", NULL);
    wf_town_grid grid = {.compounds_count = compounds};
    grid.compounds = wf_arena_array(arena, compounds, sizeof grid.compounds[0]);
    grid.names = wf_arena_array(arena, compounds, sizeof grid.names[0]);
    if (grid.compounds == NULL || grid.names == NULL)
        return wf_fail_memory(error);
    uint64_t first = 0; // compound of the code at hand
    uint64_t before = UINT64_MAX;
    for (uint64_t i = 0; i < compounds; i++) {
        uint64_t at = i * count / compounds;
        first = at == before ? first : i;
        before = at;
        if (!compound_code(codes[at].code, (uint32_t)(i - first), grid.compounds[i]))
            return wf_fail(error, WEFT_BAD_INPUT, "city.grid_few", "code", codes[at].code,
                           NULL);
        memcpy(grid.names[i], codes[at].name, sizeof grid.names[0]);
    }
    wf_error_clear(error);
    *ret = grid;
    return WEFT_OK;
}
