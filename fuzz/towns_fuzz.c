// The codes and names of towns that an invented city is laid over: refused with their
// line, or compounds that lie in codes of the file, no two the same. The first byte says
// how many compounds.
#include <string.h>

#include "city/grid.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void use(const wf_town_grid *grid, wf_text csv)
{
    for (uint32_t i = 0; i < grid->compounds_count; i++) {
        const char *code = grid->compounds[i];
        WF_ASSERT(strspn(code, "0123456789") == WF_GRID_COMPOUND &&
                  strlen(code) == WF_GRID_COMPOUND);
        WF_ASSERT(csv.size == 0 || memmem(csv.bytes, csv.size, code, 4) != NULL);
        WF_ASSERT(strlen(grid->names[i]) < sizeof grid->names[i]);
        WF_ASSERT(wf_text_is_utf8(wf_text_of(grid->names[i])));
        WF_ASSERT(i == 0 || strcmp(grid->compounds[i - 1], code) < 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    wf_arena arena;
    wf_town_grid grid;
    weft_error error = {0};
    if (size == 0)
        return 0;
    wf_text csv = {(const char *)data + 1, size - 1};
    wf_arena_init(&arena, (size_t)64 << 20);
    if (wf_town_grid_lay(csv, "fuzz", data[0], &arena, &grid, &error) == WEFT_OK)
        use(&grid, csv);
    else
        WF_ASSERT(error.status == WEFT_BAD_INPUT || error.status == WEFT_TOO_LARGE);
    wf_arena_done(&arena);
    return 0;
}
