#include "cli/contact_cells.h"

#include <string.h>

const char *wf_cli_level(const wf_cli *cli, weft_level level)
{
    return level == WEFT_LEVEL_CLOSE       ? wf_cli_choose(cli, "密接", "close")
           : level == WEFT_LEVEL_SECONDARY ? wf_cli_choose(cli, "次密接", "secondary")
                                           : wf_cli_choose(cli, "一般", "general");
}

const char *wf_cli_chance(const weft_contact *row, char room[wf_cli_chance_max])
{
    static const double least = 0.005; // percent; less would be printed as 0.00
    double chance = row->probability * 100, low = row->low * 100, high = row->high * 100;
    char range[32] = "";
    int size = 0;
    if (low >= least)
        size = snprintf(range, sizeof range, " (%.2f–%.2f)", low, high);
    else if (high >= least)
        size = snprintf(range, sizeof range, " (<0.01–%.2f)", high);
    WF_ASSERT(size >= 0 && (size_t)size < sizeof range);
    if (chance <= 0)
        size = snprintf(room, wf_cli_chance_max, "0%%");
    else if (chance < least)
        size = snprintf(room, wf_cli_chance_max, "<0.01%%%s", range);
    else
        size = snprintf(room, wf_cli_chance_max, "%.2f%%%s", chance, range);
    WF_ASSERT(size > 0 && size < wf_cli_chance_max);
    return room;
}

const char *wf_cli_minute(const weft_city *city, weft_time at,
                          char room[WF_TIME_TEXT_MAX])
{
    wf_cli_when(city, at, room);
    room[strnlen(room, sizeof "2021-12-11 07:41" - 1)] = '\0';
    return room;
}

// U+061C, U+200E, U+200F, U+2028 to U+202E, U+2066 to U+2069: its bytes; 0: none of them.
static size_t turning(wf_text text)
{
    if (text.size >= 2 && memcmp(text.bytes, "\xD8\x9C", 2) == 0)
        return 2;
    if (text.size < 3 || (unsigned char)text.bytes[0] != 0xE2)
        return 0;
    unsigned char second = (unsigned char)text.bytes[1];
    unsigned char third = (unsigned char)text.bytes[2];
    bool is_one = second == 0x80
                      ? third == 0x8E || third == 0x8F || (third >= 0xA8 && third <= 0xAE)
                      : second == 0x81 && third >= 0xA6 && third <= 0xA9;
    return is_one ? 3 : 0;
}

void wf_cli_print_words(wf_cli *cli, const char *words)
{
    wf_text left = wf_text_of(words);
    size_t plain = 0;
    while (plain < left.size) {
        size_t size = turning((wf_text){left.bytes + plain, left.size - plain});
        if (size == 0) {
            plain++;
            continue;
        }
        wf_cli_text(cli, (wf_text){left.bytes, plain});
        wf_cli_text(cli, WF_TEXT("\xEF\xBF\xBD"));
        left = (wf_text){left.bytes + plain + size, left.size - plain - size};
        plain = 0;
    }
    wf_cli_text(cli, left);
}

void wf_cli_print_reason(wf_cli *cli, const weft_contact *row)
{
    size_t more = row->reasons_count - 1 + row->reasons_left_out;
    const weft_reason *first = &row->reasons[0];
    wf_cli_print(cli, "%s", wf_cli_choose(cli, first->text_zh, first->text_en));
    if (row->via != NULL)
        wf_cli_print(cli, wf_cli_choose(cli, "；经 %s", "; through %s"), row->via);
    if (more > 0)
        wf_cli_print(cli, wf_cli_choose(cli, "（另有 %zu 条）", " (+%zu more)"), more);
}
