#include "cli/import_outlines.h"

#include <string.h>

bool wf_import_is_outlines(const wf_cli *cli)
{
    return cli->arguments_count > 1 && strcmp(cli->arguments[1], "outlines") == 0;
}

static bool is_own(const char *name)
{
    static const char *const own[] = {"datum", "property", "remove"};
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (strcmp(name, own[i]) == 0)
            return true;
    return false;
}

// What is its own is for outlines, `preview` for both, all others for rows.
static weft_status check_options(const wf_cli *cli, bool is_outlines, weft_error *error)
{
    const wf_option *options = cli->verb->options;
    for (size_t i = 0; options[i].name != NULL; i++) {
        const char *name = options[i].name;
        if (cli->values[i] != NULL && is_own(name) != is_outlines &&
            strcmp(name, "preview") != 0)
            return wf_fail(error, WEFT_BAD_USAGE,
                           is_outlines ? "outlines.options" : "outlines.only", "option",
                           name, NULL);
    }
    return WEFT_OK;
}

weft_status wf_import_outlines_options(const wf_cli *cli, bool is_outlines,
                                       weft_outlines_options *ret, weft_error *error)
{
    weft_outlines_options how = {.property = wf_cli_option(cli, "property"),
                                 .only_look = wf_cli_flag(cli, "preview")};
    const char *datum = wf_cli_option(cli, "datum");
    WF_TRY(check_options(cli, is_outlines, error));
    if (is_outlines && cli->arguments_count != 3)
        return wf_fail(error, WEFT_BAD_USAGE, "outlines.one_file", NULL);
    if (is_outlines && (datum == NULL || !weft_datum_parse(datum, &how.datum)))
        return wf_fail(error, WEFT_BAD_USAGE, "outlines.datum", NULL);
    *ret = how;
    return WEFT_OK;
}

weft_status wf_import_outlines_only_remove(const wf_cli *cli, weft_error *error)
{
    const wf_option *options = cli->verb->options;
    WF_TRY(check_options(cli, true, error));
    bool alone = cli->arguments_count == 2;
    for (size_t i = 0; options[i].name != NULL; i++)
        alone =
            alone && (cli->values[i] == NULL || strcmp(options[i].name, "remove") == 0);
    return alone ? WEFT_OK
                 : wf_fail(error, WEFT_BAD_USAGE, "outlines.remove_alone", NULL);
}

int wf_import_outlines_say_removed(wf_cli *cli, bool had)
{
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:b}", "removed", (int)had));
    else
        wf_cli_print(
            cli, "%s\n",
            had ? wf_cli_choose(cli, "已撤去轮廓，值守墙不再有地图",
                                "the outlines are gone; the wall has no map")
                : wf_cli_choose(cli, "本来就没有轮廓", "there were no outlines"));
    return 0;
}

static void say_people(wf_cli *cli, const weft_outlines_options *how,
                       const weft_outlines_summary *summary)
{
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "%llu 个网格的轮廓、%llu 个地名，%llu 个点；基准 %s\n",
                      "outlines of %llu areas, %llu named points, %llu "
                      "positions; datum %s\n"),
        (unsigned long long)summary->outlines, (unsigned long long)summary->places,
        (unsigned long long)summary->positions, weft_datum_name(how->datum));
    if (summary->outside > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "%llu 个要素在本市网格之外，未取\n",
                                   "%llu features lie outside the city's grid and were "
                                   "left out\n"),
                     (unsigned long long)summary->outside);
    wf_cli_print(cli, "%s\n",
                 how->only_look
                     ? wf_cli_choose(cli, "什么都没有存下（--preview）",
                                     "nothing was stored (--preview)")
                     : wf_cli_choose(cli, "已取代原有轮廓；值守墙上按 M 看地图",
                                     "they took the place of what was there; M on the "
                                     "wall shows the map"));
}

int wf_import_outlines_say(wf_cli *cli, const weft_outlines_options *how,
                           const weft_outlines_summary *summary)
{
    if (!cli->json) {
        say_people(cli, how, summary);
        return 0;
    }
    wf_cli_json(cli, json_pack("{s:I, s:I, s:I, s:I, s:s, s:s}", "outlines",
                               (json_int_t)summary->outlines, "places",
                               (json_int_t)summary->places, "outside",
                               (json_int_t)summary->outside, "positions",
                               (json_int_t)summary->positions, "datum",
                               weft_datum_name(how->datum), "digest", summary->digest));
    return 0;
}
