#include "cli/cli.h"
#include "weft/react.h"

static void print_lacks(wf_cli *cli, const weft_reaction *reaction)
{
    wf_buffer why = {0};
    if (wf_error_part_text(reaction->lacks, WF_PART_MESSAGE, cli->language, &why) &&
        wf_buffer_append(&why, "", 1))
        wf_cli_print(cli, "%s  %s\n", reaction->rule, why.bytes);
    wf_buffer_done(&why);
}

static void print_reaction(void *context, const weft_reaction *reaction)
{
    wf_cli *cli = context;
    if (cli->json) {
        wf_cli_json(cli, json_pack("{s:s, s:s?, s:I, s:I, s:I, s:I, s:I}", "rule",
                                   reaction->rule, "lacks",
                                   reaction->lacks != NULL ? reaction->lacks->code : NULL,
                                   "facts", (json_int_t)reaction->facts, "issued",
                                   (json_int_t)reaction->issued, "lifted",
                                   (json_int_t)reaction->lifted, "refused",
                                   (json_int_t)reaction->refused, "upto",
                                   (json_int_t)reaction->upto));
        return;
    }
    if (reaction->lacks != NULL) {
        print_lacks(cli, reaction);
        return;
    }
    wf_cli_print(
        cli,
        wf_cli_choose(cli, "%s  查看事实 %llu 条，作出措施 %llu 项，解除 %llu 项\n",
                      "%s  facts looked at: %llu; orders issued: %llu, lifted: %llu\n"),
        reaction->rule, (unsigned long long)reaction->facts,
        (unsigned long long)reaction->issued, (unsigned long long)reaction->lifted);
    if (reaction->refused > 0)
        wf_cli_print(cli,
                     wf_cli_choose(cli, "%s  另有 %llu 项不合法律依据或现状，未作出\n",
                                   "%s  %llu more were not allowed by the law or by what "
                                   "stands\n"),
                     reaction->rule, (unsigned long long)reaction->refused);
}

static weft_status react(wf_cli *cli, weft_city *city, weft_error *error)
{
    return weft_react(city, print_reaction, cli, error);
}

static int run(wf_cli *cli)
{
    return wf_cli_ask_city(cli, react);
}

const wf_verb wf_verb_react = {
    .name = "react",
    .arguments = "DIR",
    .zh = "执行到期的自动反应",
    .en = "run what facts call for",
    .about_zh =
        "规则 pool：混检管最新结果为阳性时，管内人员原地等待，到期自行结束；\n"
        "结果更正或撤回时解除。依据条款见法律依据的 reactions.pool_hold，时长见方案的\n"
        "durations.pool_hold_h。从上次停下的地方继续；重复执行不会重复作出措施。",
    .about_en =
        "The rule pool: while the newest result of a tube is positive its people are "
        "held "
        "where they are, for a\ntime; a correction or withdrawal lifts it. The clause is "
        "reactions.pool_hold of the law profile, the\ntime durations.pool_hold_h of the "
        "protocol. It goes on where it stopped; running it again does nothing twice.",
    .run = run,
};
