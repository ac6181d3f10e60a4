#include "cli/cli.h"

weft_status wf_cli_open(wf_cli *cli, weft_city **ret, weft_error *error)
{
    if (cli->arguments_count == 0)
        return wf_cli_arguments(cli, 1, WF_ARGUMENTS_MAX, error);
    WF_TRY(weft_city_open(cli->arguments[0], &cli->keys, ret, error));
    if (cli->threads > 0)
        weft_city_threads(*ret, cli->threads);
    if (!cli->json && weft_city_kind_of(*ret) == WEFT_CITY_DRILL)
        wf_cli_print(cli, "演练 DRILL\n");
    return WEFT_OK;
}
