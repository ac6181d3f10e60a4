#include <string.h>

#include "cli/help.h"
#include "desk/kinds.h"
#include "desk/page.h"
#include "desk/page_holes.h"
#include "desk/page_views.h"

enum { name_width = 12, option_width = 26 };

void wf_help_all(wf_cli *cli)
{
    wf_cli_print(cli, "%s\n\n",
                 wf_cli_choose(cli, "weft（织网）：城市疫情处置系统",
                               "weft: the system with which a city stops an outbreak"));
    for (size_t i = 0; wf_verbs[i] != NULL; i++) {
        wf_cli_print(cli, "  ");
        wf_cli_cell(cli, wf_verbs[i]->name, name_width);
        wf_cli_print(cli, "%s\n", wf_cli_choose(cli, wf_verbs[i]->zh, wf_verbs[i]->en));
    }
    wf_cli_print(cli, "\n%s\n",
                 wf_cli_choose(cli, "weft help 命令 查看一个命令的用法",
                               "weft help VERB shows how a verb is used"));
}

static void print_options(wf_cli *cli, const wf_option *options)
{
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
        char left[96];
        const wf_option *option = &options[i];
        int size =
            option->kind == WF_OPTION_TEXT
                ? snprintf(left, sizeof left, "  --%s %s", option->name, option->value)
                : snprintf(left, sizeof left, "  --%s", option->name);
        WF_ASSERT(size > 0 && (size_t)size < sizeof left);
        wf_cli_cell(cli, left, option_width);
        wf_cli_print(cli, " %s\n", wf_cli_choose(cli, option->zh, option->en));
    }
}

void wf_help_verb(wf_cli *cli, const wf_verb *verb)
{
    const char *about = wf_cli_choose(cli, verb->about_zh, verb->about_en);
    wf_cli_print(cli, "weft %s%s%s\n\n%s\n", verb->name,
                 verb->arguments[0] != '\0' ? " " : "", verb->arguments,
                 wf_cli_choose(cli, verb->zh, verb->en));
    if (about[0] != '\0')
        wf_cli_print(cli, "\n%s\n", about);
    wf_cli_print(cli, "\n");
    print_options(cli, verb->options);
    print_options(cli, wf_shared_options);
}

// `weft help facts`, `weft help facts all` and `weft help facts KIND`.
static int help_facts(wf_cli *cli)
{
    weft_error error = {0};
    wf_buffer text = {0};
    const wf_kinds *kinds = wf_desk_kinds();
    bool done;
    if (cli->arguments_count == 1) {
        done = wf_page_kinds(kinds, cli->language, &text);
    } else if (strcmp(cli->arguments[1], "all") == 0) {
        done = wf_page_reference(kinds, &text);
    } else {
        const wf_kind *kind = wf_kinds_find(kinds, wf_text_of(cli->arguments[1]));
        if (kind == NULL) {
            WF_IGNORE(wf_fail(&error, WEFT_BAD_INPUT, "fact.kind", NULL), "said below");
            return wf_cli_fail(cli, &error);
        }
        done = wf_page_kind(kind, cli->language, &text);
    }
    if (done)
        wf_cli_print(cli, "%.*s", (int)text.size, text.bytes);
    wf_buffer_done(&text);
    if (done)
        return 0;
    WF_IGNORE(wf_fail_memory(&error), "said below");
    return wf_cli_fail(cli, &error);
}

// `weft help holes`, behind the verb's own help; `weft help holes all` and
// `weft help holes KIND`.
static int help_holes(wf_cli *cli)
{
    weft_error error = {0};
    wf_buffer text = {0};
    bool done, known = true;
    if (cli->arguments_count == 1) {
        wf_help_verb(cli, wf_verb_named("holes"));
        wf_cli_print(cli, "\n");
        done = wf_page_holes(cli->language, &text);
    } else if (strcmp(cli->arguments[1], "all") == 0) {
        done = wf_page_holes_reference(&text);
    } else {
        done = wf_page_hole(cli->arguments[1], cli->language, &text, &known);
    }
    if (done && known)
        wf_cli_print(cli, "%.*s", (int)text.size, text.bytes);
    wf_buffer_done(&text);
    if (done && known)
        return 0;
    WF_IGNORE(done ? wf_fail(&error, WEFT_NOT_FOUND, "holes.kind", "kind",
                             cli->arguments[1], NULL)
                   : wf_fail_memory(&error),
              "said below");
    return wf_cli_fail(cli, &error);
}

// `weft help views`, `weft help views all` and `weft help views NAME`.
static int help_views(wf_cli *cli)
{
    weft_error error = {0};
    wf_buffer text = {0};
    bool done, known = true;
    if (cli->arguments_count == 1)
        done = wf_page_views(cli->language, &text);
    else if (strcmp(cli->arguments[1], "all") == 0)
        done = wf_page_views_reference(&text);
    else
        done = wf_page_view(wf_text_of(cli->arguments[1]), cli->language, &text, &known);
    if (done && known)
        wf_cli_text(cli, wf_buffer_text(&text));
    wf_buffer_done(&text);
    if (done && known)
        return 0;
    WF_IGNORE(done ? wf_fail(&error, WEFT_NOT_FOUND, "view.unknown", NULL)
                   : wf_fail_memory(&error),
              "said below");
    return wf_cli_fail(cli, &error);
}

static int run(wf_cli *cli)
{
    weft_error error = {0};
    if (wf_cli_arguments(cli, 0, 2, &error) != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (cli->arguments_count > 0 && strcmp(cli->arguments[0], "facts") == 0)
        return help_facts(cli);
    if (cli->arguments_count > 0 && strcmp(cli->arguments[0], "holes") == 0)
        return help_holes(cli);
    if (cli->arguments_count > 0 && strcmp(cli->arguments[0], "views") == 0)
        return help_views(cli);
    if (wf_cli_arguments(cli, 0, 1, &error) != WEFT_OK)
        return wf_cli_fail(cli, &error);
    if (cli->arguments_count == 0) {
        wf_help_all(cli);
        return 0;
    }
    const wf_verb *verb = wf_verb_named(cli->arguments[0]);
    if (verb == NULL) {
        weft_status status = wf_fail(&error, WEFT_BAD_USAGE, "usage.unknown_verb", "verb",
                                     cli->arguments[0], NULL);
        return status == WEFT_OK ? 2 : wf_cli_fail(cli, &error);
    }
    wf_help_verb(cli, verb);
    return 0;
}

const wf_verb wf_verb_help = {
    .name = "help",
    .arguments = "[VERB | facts [KIND | all] | views [NAME | all] | holes [KIND | all]]",
    .zh = "显示命令及其用法",
    .en = "show the verbs and how they are used",
    .about_zh =
        "weft help facts 列出所有事实的种类，weft help facts KIND "
        "说明其中一种，weft help facts all 说明全部；weft help views 同样用于视图。",
    .about_en =
        "weft help facts lists the kinds of facts, weft help facts KIND explains "
        "one, weft help facts all explains them all; weft help views does the same for "
        "views.",
    .run = run,
    .takes_no_city = true,
};
