#include "cli/account.h"

#include <string.h>

#include "weft/facts.h"

enum { fields_max = 8 };

int wf_cli_run_deed(wf_cli *cli, const wf_cli_deed *deeds, size_t count)
{
    weft_error error = {0};
    weft_city *city = NULL;
    size_t place = 0;
    weft_status status = wf_cli_arguments(cli, 2, 4, &error);
    while (status == WEFT_OK && place < count &&
           strcmp(deeds[place].name, cli->arguments[1]) != 0)
        place++;
    if (status == WEFT_OK && place == count)
        status = wf_fail(&error, WEFT_BAD_USAGE, "usage.deed", "deed", cli->arguments[1],
                         NULL);
    if (status == WEFT_OK)
        status =
            wf_cli_arguments(cli, 2 + deeds[place].min, 2 + deeds[place].max, &error);
    if (status == WEFT_OK)
        status = wf_cli_open(cli, &city, &error);
    if (status == WEFT_OK)
        status = deeds[place].run(cli, city, &error);
    wf_cli_close(cli, city);
    return status == WEFT_OK ? 0 : wf_cli_fail(cli, &error);
}

static bool put(wf_buffer *to, const char *field, const char *value)
{
    return wf_buffer_printf(to, "%s=%s", field, value) && wf_buffer_append(to, "", 1);
}

static void print_reply(wf_cli *cli, const char *first_field, const char *name,
                        const weft_fact_reply *reply)
{
    const char *word = reply->result == WEFT_FACT_HAD ? "had" : "accepted";
    if (cli->json)
        wf_cli_json(cli, json_pack("{s:s, s:s}", first_field, name, "result", word));
    else
        wf_cli_print(cli, "%s  %s\n", name, wf_cli_choose(cli, "已记录", "recorded"));
}

static weft_status send_fields(weft_city *city, const char *kind, const wf_buffer *texts,
                               weft_fact_reply *ret, weft_error *error)
{
    const weft_fact_options options = {.at = WEFT_TIME_NONE};
    const char *fields[fields_max];
    size_t count = 0;
    for (size_t at = 0; at < texts->size; at += strlen(texts->bytes + at) + 1)
        fields[count++] = texts->bytes + at;
    return weft_fact_send(city, kind, fields, count, &options, ret, error);
}

weft_status wf_cli_send_account(wf_cli *cli, weft_city *city, const char *kind,
                                const char *first_field, const char *name,
                                const wf_cli_field *fields, size_t count,
                                weft_error *error)
{
    wf_buffer texts = {0};
    weft_fact_reply reply;
    WF_ASSERT(count < fields_max);
    bool fits = put(&texts, first_field, name);
    for (size_t i = 0; i < count; i++) {
        const char *value = wf_cli_option(cli, fields[i].option);
        if (value != NULL)
            fits = fits && put(&texts, fields[i].field, value);
    }
    weft_status status =
        fits ? send_fields(city, kind, &texts, &reply, error) : wf_fail_memory(error);
    wf_buffer_done(&texts);
    if (status == WEFT_OK)
        print_reply(cli, first_field, name, &reply);
    return status;
}
