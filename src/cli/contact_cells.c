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
