#include "cli/service.h"

enum { label_width = 12 };

static void label(wf_cli *cli, const char *zh, const char *en)
{
    wf_cli_cell(cli, wf_cli_choose(cli, zh, en), label_width);
}

// "3 d 04:05:06".
static const char *span_text(char buffer[32], double seconds)
{
    unsigned long long all = (unsigned long long)seconds;
    WF_IGNORE(snprintf(buffer, 32, "%llu d %02llu:%02llu:%02llu", all / 86400 % 100000,
                       all / 3600 % 24, all / 60 % 60, all % 60) < 0,
              "the numbers are short");
    return buffer;
}

void wf_service_say(wf_cli *cli)
{
    wf_server_figures now;
    char up[32], holds[WF_SANDBOX_TEXT_MAX];
    wf_server_read(cli->service->server, &now);
    label(cli, "服务", "service");
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "http://%s，已运行 %s，%zu 个请求正在处理，%zu 人已登录\n",
                      "http://%s, up %s, %zu requests under way, %zu logged in\n"),
        wf_server_address(cli->service->server), span_text(up, now.up_s), now.under_way,
        now.sessions);
    const char *field = wf_server_field_address(cli->service->server);
    if (field != NULL) {
        label(cli, "现场", "field");
        wf_cli_print(cli, "http://%s\n", field);
    }
    label(cli, "滞后", "lag");
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "%.3f 秒，%llu 条事实尚未记入\n",
                      "%.3f s, %llu facts are not in the rows yet\n"),
        now.lag_s,
        (unsigned long long)(now.ledger > now.position ? now.ledger - now.position : 0));
    for (size_t i = 0; i < WF_LANE_COUNT; i++) {
        label(cli, i == 0 ? "队列" : "", i == 0 ? "lanes" : "");
        wf_cli_cell(cli, now.lanes[i].name, label_width);
        wf_cli_print(cli,
                     wf_cli_choose(cli,
                                   "等待 %llu，处理中 %llu，已完成 %llu，拒绝 %llu\n",
                                   "%llu wait, %llu run, %llu done, %llu refused\n"),
                     (unsigned long long)now.lanes[i].waiting,
                     (unsigned long long)now.lanes[i].running,
                     (unsigned long long)now.lanes[i].done,
                     (unsigned long long)now.lanes[i].refused);
    }
    label(cli, "隔离", "shut in");
    wf_cli_print(cli, "%s\n", wf_sandbox_text(&cli->service->sandbox, holds));
}

json_t *wf_service_json(const wf_cli *cli)
{
    wf_server_figures now;
    char holds[WF_SANDBOX_TEXT_MAX];
    wf_server_read(cli->service->server, &now);
    json_t *lanes = json_object();
    for (size_t i = 0; i < WF_LANE_COUNT; i++)
        WF_IGNORE(
            json_object_set_new(lanes, now.lanes[i].name,
                                json_pack("{s:I, s:I, s:I, s:I}", "waiting",
                                          (json_int_t)now.lanes[i].waiting, "running",
                                          (json_int_t)now.lanes[i].running, "done",
                                          (json_int_t)now.lanes[i].done, "refused",
                                          (json_int_t)now.lanes[i].refused)) != 0,
            "without memory a lane is missing, and the next line fails");
    return json_pack("{s:s, s:s*, s:f, s:I, s:I, s:f, s:s, s:o}", "address",
                     wf_server_address(cli->service->server), "field_address",
                     wf_server_field_address(cli->service->server), "up_s", now.up_s,
                     "under_way", (json_int_t)now.under_way, "sessions",
                     (json_int_t)now.sessions, "lag_s", now.lag_s, "sandbox",
                     wf_sandbox_text(&cli->service->sandbox, holds), "lanes", lanes);
}
