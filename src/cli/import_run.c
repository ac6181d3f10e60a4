#include "cli/import_run.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"

enum { bar_width = 30 };

// "412", "3.2 k", "51.8 M".
static const char *short_number(char buffer[16], double number)
{
    const char *unit = "";
    if (number >= 999500) {
        number /= 1e6;
        unit = " M";
    } else if (number >= 10000) {
        number /= 1e3;
        unit = " k";
    }
    int size = snprintf(buffer, 16, unit[0] != '\0' ? "%.1f%s" : "%.0f%s", number, unit);
    return size < 0 ? "" : buffer;
}

static void draw_bar(wf_import_run_view *view, double share)
{
    char bar[bar_width + 1];
    size_t full = (size_t)(share * bar_width);
    memset(bar, '.', bar_width);
    memset(bar, '#', full < bar_width ? full : bar_width);
    bar[bar_width] = '\0';
    fprintf(view->cli->messages, "\r[%s] %3.0f %%", bar, share * 100);
}

static void draw_reading(wf_import_run_view *view, const weft_import_progress *progress)
{
    FILE *to = view->cli->messages;
    char rows[16], rate[16];
    double seconds = (double)(wf_clock_monotonic_ns() - view->began_ns) / 1e9;
    double share = 0;
    if (progress->size_bytes > 0) {
        share = (double)progress->bytes / (double)progress->size_bytes;
        draw_bar(view, share < 1 ? share : 1);
    } else {
        fputs("\r", to);
    }
    fprintf(to, "  %s %s  %s %s", short_number(rows, (double)progress->rows),
            wf_cli_choose(view->cli, "行", "rows"),
            short_number(rate, seconds > 0 ? (double)progress->rows / seconds : 0),
            wf_cli_choose(view->cli, "行/秒", "rows/s"));
    if (share > 0.01 && share < 1) {
        unsigned left = (unsigned)(seconds * (1 - share) / share + 0.5);
        fprintf(to, "  %s %u:%02u", wf_cli_choose(view->cli, "剩余", "left"), left / 60,
                left % 60);
    }
}

static bool on_progress(void *context, const weft_import_progress *progress)
{
    wf_import_run_view *view = context;
    if (wf_cli_shows_progress(view->cli)) {
        if (progress->days_all > 0) {
            draw_bar(view, (double)progress->days_done / (double)progress->days_all);
            fprintf(view->cli->messages, "  %s %zu/%zu",
                    wf_cli_choose(view->cli, "密封各日", "sealing days"),
                    progress->days_done, progress->days_all);
        } else {
            draw_reading(view, progress);
        }
        fputs("\x1B[K", view->cli->messages); // what an earlier, longer line left
        fflush(view->cli->messages);
        view->bar_shown = true;
    }
    return !wf_cli_interrupted(view->cli);
}

static void on_refused(void *context, const weft_error *why)
{
    wf_import_run_view *view = context;
    wf_import_view_end(view);
    view->told++;
    wf_cli_fail(view->cli, why);
}

static void on_warned(void *context, const weft_error *warning)
{
    wf_import_run_view *view = context;
    wf_import_view_end(view);
    wf_cli_warn(view->cli, warning);
}

void wf_import_view_begin(wf_import_run_view *view, wf_cli *cli,
                          weft_import_options *options)
{
    *view = (wf_import_run_view){.cli = cli, .began_ns = wf_clock_monotonic_ns()};
    options->progress = on_progress;
    options->refused = on_refused;
    options->warned = on_warned;
    options->context = view;
    wf_cli_mind_interrupts(cli);
}

void wf_import_view_end(wf_import_run_view *view)
{
    if (!view->bar_shown)
        return;
    fputs("\r\x1B[K", view->cli->messages);
    fflush(view->cli->messages);
    view->bar_shown = false;
}

static void say_to_people(wf_cli *cli, const weft_import_summary *summary)
{
    wf_cli_print(cli,
                 wf_cli_choose(cli, "共 %llu 行：接收 %llu，已有 %llu，拒收 %llu\n",
                               summary->rows == 1
                                   ? "%llu row: %llu accepted, %llu had already, %llu "
                                     "refused\n"
                                   : "%llu rows: %llu accepted, %llu had already, %llu "
                                     "refused\n"),
                 (unsigned long long)summary->rows, (unsigned long long)summary->accepted,
                 (unsigned long long)summary->had, (unsigned long long)summary->refused);
    if (summary->refused > 0)
        wf_cli_print(
            cli,
            wf_cli_choose(cli, "拒收的行密封在 %s\n", "refused rows are sealed in %s\n"),
            summary->refused_file);
    if (summary->warned > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "%llu 行已接收但须核对\n",
                                   "rows that were taken and look wrong: %llu\n"),
                     (unsigned long long)summary->warned);
    if (summary->unknown_kinds > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli,
                                   "%llu 个场所的类别不在表中，按其他场所（other）接收\n",
                                   "places of a kind that is not in the list, taken as "
                                   "other: %llu\n"),
                     (unsigned long long)summary->unknown_kinds);
    if (summary->two_places > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli,
                                   "同一人同一时刻在两处：%llu 人日（已保留，请核实）\n",
                                   "in two places at once: %llu person-days (kept; to be "
                                   "checked)\n"),
                     (unsigned long long)summary->two_places);
    if (summary->two_places_unknown)
        wf_cli_print(cli, "%s\n",
                     wf_cli_choose(cli, "同一人同一时刻在两处：内存不足，未统计",
                                   "in two places at once: not counted, memory ran out"));
}

// The counts of the contract, and what else there is to say.
static json_t *summary_json(const weft_import_summary *summary)
{
    bool any = summary->refused > 0;
    json_t *object = json_pack(
        "{s:I, s:I, s:I, s:I, s:s?}", "rows", (json_int_t)summary->rows, "accepted",
        (json_int_t)summary->accepted, "had", (json_int_t)summary->had, "refused",
        (json_int_t)summary->refused, "refused_file", any ? summary->refused_file : NULL);
    int failed = 0;
    if (summary->warned > 0)
        failed |= json_object_set_new(object, "warned",
                                      json_integer((json_int_t)summary->warned));
    if (summary->unknown_kinds > 0)
        failed |= json_object_set_new(object, "unknown_kinds",
                                      json_integer((json_int_t)summary->unknown_kinds));
    if (summary->two_places_unknown)
        failed |= json_object_set_new(object, "two_places", json_null());
    else if (summary->two_places > 0)
        failed |= json_object_set_new(object, "two_places",
                                      json_integer((json_int_t)summary->two_places));
    if (failed != 0) {
        json_decref(object);
        return NULL;
    }
    return object;
}

int wf_import_say(wf_cli *cli, const weft_import_summary *summary, bool strict)
{
    if (cli->json)
        wf_cli_json(cli, summary_json(summary));
    else
        say_to_people(cli, summary);
    return strict && summary->refused > 0 ? 1 : 0;
}
