#include "desk/command/post.h"

#include <string.h>

wf_text wf_post_grid(wf_text post)
{
    const char *at = post.size > 0 ? memrchr(post.bytes, '@', post.size) : NULL;
    if (at == NULL)
        return WF_TEXT("");
    return (wf_text){at + 1, post.size - (size_t)(at + 1 - post.bytes)};
}

// Digits of a city, county, town, village, compound and building.
static const size_t level_digits[] = {
    WF_POST_CITY_DIGITS, WF_POST_COUNTY_DIGITS, 9, 12, 15, 18};

static size_t digits_above(size_t digits)
{
    size_t above = digits;
    for (size_t i = 0; i < sizeof level_digits / sizeof *level_digits; i++)
        if (level_digits[i] < digits)
            above = level_digits[i];
    return above;
}

wf_text wf_post_above(wf_text post, size_t steps, size_t top_digits, wf_arena *arena)
{
    size_t grid = wf_post_grid(post).size, above = grid;
    for (size_t i = 0; i < steps && digits_above(above) >= top_digits; i++)
        above = digits_above(above);
    return wf_arena_text(arena, (wf_text){post.bytes, post.size - (grid - above)});
}
