#include "cli/cli.h"
#include "cli/service.h"

static weft_status take_turn(wf_cli *cli, weft_error *error)
{
    return wf_turn_take(wf_server_shared(cli->service->server), cli->guest,
                        cli->verb->asks, &cli->turn, error);
}

void wf_cli_leave(wf_cli *cli)
{
    if (cli->guest != NULL)
        wf_turn_give_back(&cli->turn);
}

weft_status wf_cli_return(wf_cli *cli, weft_error *error)
{
    return cli->guest != NULL ? take_turn(cli, error) : WEFT_OK;
}

weft_status wf_cli_open_silently(wf_cli *cli, weft_city **ret, weft_error *error)
{
    if (cli->arguments_count == 0)
        return wf_cli_arguments(cli, 1, WF_ARGUMENTS_MAX, error);
    if (cli->guest != NULL) { // with the keys and threads that the server has
        WF_TRY(take_turn(cli, error));
        *ret = cli->turn.city;
        return WEFT_OK;
    }
    WF_TRY(weft_city_open(cli->arguments[0], &cli->keys, ret, error));
    if (cli->threads > 0)
        weft_city_threads(*ret, cli->threads);
    return WEFT_OK;
}

void wf_cli_close(wf_cli *cli, weft_city *city)
{
    if (cli->guest == NULL)
        weft_city_close(city);
    else
        wf_turn_give_back(&cli->turn);
}

weft_status wf_cli_open(wf_cli *cli, weft_city **ret, weft_error *error)
{
    WF_TRY(wf_cli_open_silently(cli, ret, error));
    if (!cli->json && weft_city_kind_of(*ret) == WEFT_CITY_DRILL)
        wf_cli_print(cli, "演练 DRILL\n");
    return WEFT_OK;
}

weft_status wf_cli_times(const wf_cli *cli, const weft_city *city, weft_time *ret_from,
                         weft_time *ret_to, weft_error *error)
{
    const char *from = wf_cli_option(cli, "from"), *to = wf_cli_option(cli, "to");
    weft_time start = *ret_from, end = *ret_to;
    if (from != NULL)
        WF_TRY(weft_city_time_parse(city, from, &start, error));
    if (to != NULL)
        WF_TRY(weft_city_time_parse(city, to, &end, error));
    *ret_from = start;
    *ret_to = end;
    return WEFT_OK;
}

int wf_cli_ask_city(wf_cli *cli,
                    weft_status (*ask)(wf_cli *cli, weft_city *city, weft_error *error))
{
    weft_error error = {0};
    weft_city *city = NULL;
    weft_status status = wf_cli_arguments(cli, 1, 1, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = ask(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}
