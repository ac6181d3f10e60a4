#include "cli/view_cell.h"

#include <inttypes.h>
#include <string.h>

#include "cli/summary.h"

static const char *duration(int64_t us, char room[WF_CLI_CELL_MAX])
{
    const char *sign = us < 0 ? "−" : "";
    uint64_t minutes =
        (us < 0 ? 0 - (uint64_t)us : (uint64_t)us) / (60 * (uint64_t)WF_US_PER_S);
    snprintf(room, WF_CLI_CELL_MAX, "%s%" PRIu64 " h %02" PRIu64 " min", sign,
             minutes / 60, minutes % 60);
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
            return duration(value->number, room);
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
