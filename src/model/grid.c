#include "model/grid.h"

#include <string.h>

// The characters of UTF-8, each as a number, rise as their bytes do.
static size_t read_last(const char *bytes, size_t size, uint32_t *ret)
{
    static const unsigned char masks[] = {0x7F, 0x7F, 0x1F, 0x0F, 0x07};
    size_t length = 1;
    while (((unsigned char)bytes[size - length] & 0xC0) == 0x80)
        length++;
    *ret = (unsigned char)bytes[size - length] & masks[length];
    for (size_t i = 1; i < length; i++)
        *ret = *ret << 6 | ((unsigned char)bytes[size - length + i] & 0x3F);
    return length;
}

static size_t write_character(uint32_t character, char *to)
{
    static const unsigned char marks[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = character < 0x80      ? 1
                    : character < 0x800   ? 2
                    : character < 0x10000 ? 3
                                          : 4;
    for (size_t i = length; i > 1; i--, character >>= 6)
        to[i - 1] = (char)(0x80 | (character & 0x3F));
    to[0] = (char)(marks[length] | character);
    return length;
}

bool wf_grid_area_of(wf_text grid, wf_grid_area *ret)
{
    if (grid.size == 0 || grid.size > WF_GRID_BYTES_MAX || !wf_text_is_utf8(grid))
        return false;
    // The first text that begins otherwise: its last character is the next one.
    for (size_t size = grid.size; size > 0;) {
        uint32_t character;
        size -= read_last(grid.bytes, size, &character);
        if (character == 0x10FFFF)
            continue; // there is no next one: that of the character before
        *ret = (wf_grid_area){.from = grid};
        memcpy(ret->to, grid.bytes, size);
        character = character == 0xD7FF ? 0xE000 : character + 1;
        ret->to_size = size + write_character(character, ret->to + size);
        return true;
    }
    return false;
}

bool wf_grid_is_inside(wf_text grid, wf_text area)
{
    return area.size == 0 ||
           (grid.size >= area.size && memcmp(grid.bytes, area.bytes, area.size) == 0);
}
