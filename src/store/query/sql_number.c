#include "store/query/sql_number.h"

#include <math.h>
#include <string.h>

#include "base/time.h"

typedef struct {
    const wf_sql_file *file;
    wf_sql_number *numbers;
} search;

// 0: no duration.
static double unit_s(const char *unit)
{
    static const struct {
        const char *unit;
        double s;
    } units[] = {{"d", 24 * 3600}, {"h", 3600}, {"min", 60}, {"s", 1}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (strcmp(units[i].unit, unit) == 0)
            return units[i].s;
    return 0;
}

static wf_sql_number number_of(const wf_number *number)
{
    wf_sql_number made = {.given = number->given, .real = number->value};
    double s = unit_s(number->unit);
    made.is_duration = s > 0;
    if (made.given && made.is_duration)
        made.number = (int64_t)llround(number->value * s * (double)WF_US_PER_S);
    return made;
}

static void look(void *context, const char *name, const wf_number *number)
{
    const search *s = context;
    for (size_t i = 0; i < s->file->numbers_count; i++)
        if (strcmp(s->file->numbers[i].number, name) == 0)
            s->numbers[i] = number_of(number);
}

void wf_sql_numbers_of(const wf_sql_file *file, const wf_protocol *protocol,
                       wf_sql_number ret[WF_SQL_LIST_MAX])
{
    search s = {file, ret};
    memset(ret, 0, WF_SQL_LIST_MAX * sizeof *ret);
    wf_protocol_each(protocol, look, &s);
}

void wf_sql_numbers_bind(const wf_sql_file *file,
                         const wf_sql_number numbers[WF_SQL_LIST_MAX],
                         wf_statement *statement)
{
    for (size_t i = 0; i < file->numbers_count; i++) {
        int at = wf_statement_parameter(statement, file->numbers[i].name);
        if (numbers[i].given && numbers[i].is_duration)
            wf_statement_bind_i64(statement, at, numbers[i].number);
        else if (numbers[i].given)
            wf_statement_bind_real(statement, at, numbers[i].real);
    }
}
