#include "cli/view_cell.h"

#include <inttypes.h>
#include <string.h>

#include "cli/summary.h"

// Deadlines are spoken of in hours up to two days ("24 h", "48 h"); longer ones are read
// in days.
const char *wf_cli_span(const wf_cli *cli, int64_t us, char room[WF_CLI_CELL_MAX])
{
    enum { hour_min = 60, day_min = 24 * hour_min };
    bool zh = cli->language == WF_LANGUAGE_ZH;
    uint64_t minutes =
        (us < 0 ? 0 - (uint64_t)us : (uint64_t)us) / (60 * (uint64_t)WF_US_PER_S);
    bool in_days = minutes > 2 * day_min;
    const struct {
        uint64_t count;
        const char *zh, *en;
    } parts[] = {{in_days ? minutes / day_min : 0, "天", "d"},
                 {in_days ? minutes / hour_min % 24 : minutes / hour_min, "小时", "h"},
                 {in_days ? 0 : minutes % hour_min, "分", "min"}};
    size_t at = 0, last = sizeof parts / sizeof *parts - 1;
    room[0] = '\0';
    for (size_t i = 0; i <= last; i++) {
        if (parts[i].count == 0 && (i < last || minutes > 0))
            continue;
        int size = snprintf(room + at, WF_CLI_CELL_MAX - at,
                            zh ? "%s%" PRIu64 "%s" : "%s%" PRIu64 " %s",
                            at > 0 ? (zh ? "" : " ") : (us < 0 && minutes > 0 ? "−" : ""),
                            parts[i].count, zh ? parts[i].zh : parts[i].en);
        WF_ASSERT(size > 0 && at + (size_t)size < WF_CLI_CELL_MAX);
        at += (size_t)size;
    }
    return room;
}

const char *wf_cli_view_cell(const wf_cli *cli, const weft_city *city,
                             const weft_view_column *column, const weft_view_value *value,
                             char room[WF_CLI_CELL_MAX])
{
    _Static_assert(WF_CLI_CELL_MAX >= WF_TIME_TEXT_MAX, "a time fits");
    if (!value->given)
        return "";
    switch (column->type) {
    case WEFT_COLUMN_TEXT:
        return value->text;
    case WEFT_COLUMN_DATE:
        return wf_day_text(room, (weft_day){(int32_t)value->number});
    case WEFT_COLUMN_TIME:
        return wf_cli_when(city, (weft_time){value->number}, room);
    case WEFT_COLUMN_WHOLE:
        if (strcmp(column->unit, "µs") == 0)
            return wf_cli_span(cli, value->number, room);
        snprintf(room, WF_CLI_CELL_MAX, "%" PRId64, value->number);
        return room;
    case WEFT_COLUMN_REAL:
        snprintf(room, WF_CLI_CELL_MAX, "%.6g", value->real);
        return room;
    case WEFT_COLUMN_YESNO:
        return value->number != 0 ? wf_cli_choose(cli, "是", "yes")
                                  : wf_cli_choose(cli, "否", "no");
    }
    WF_BUG("a type is one of the list");
}
