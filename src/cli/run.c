// From argv to a verb.
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli/cli.h"
#include "cli/help.h"
#include "cli/remote.h"
#include "serve/owner/guest.h"

// Options that every verb has.
typedef enum {
    SHARED_JSON,
    SHARED_LANG,
    SHARED_KEY_DIR,
    SHARED_CREDENTIAL,
    SHARED_THREADS,
    SHARED_HELP,
    SHARED_COUNT
} shared_option;

const wf_option wf_shared_options[] = {
    {"json", WF_OPTION_FLAG, NULL, "每行一个 JSON 对象", "one JSON object a line"},
    {"lang", WF_OPTION_TEXT, "zh|en", "输出语言", "language of the output"},
    {"key-dir", WF_OPTION_TEXT, "DIR", "城市密钥所在目录", "folder of the city's key"},
    {"credential", WF_OPTION_TEXT, "FILE", "凭据文件", "credential file"},
    {"threads", WF_OPTION_TEXT, "N", "线程数（默认全部处理器）",
     "threads (default: all processors)"},
    {"help", WF_OPTION_FLAG, NULL, "显示说明", "show the help"},
    {NULL, WF_OPTION_FLAG, NULL, NULL, NULL},
};

const wf_verb *wf_verb_named(const char *name)
{
    for (size_t i = 0; wf_verbs[i] != NULL; i++)
        if (strcmp(wf_verbs[i]->name, name) == 0)
            return wf_verbs[i];
    return NULL;
}

static bool starts_zh(const char *text)
{
    return text != NULL && strncmp(text, "zh", 2) == 0;
}

// As the C library chooses: the first of these that is set decides.
static wf_language language_of_environment(void)
{
    static const char *const names[] = {"WEFT_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);
        if (value != NULL && value[0] != '\0')
            return starts_zh(value) ? WF_LANGUAGE_ZH : WF_LANGUAGE_EN;
    }
    return WF_LANGUAGE_EN;
}

static const wf_option *find_option(const wf_option *options, const char *name,
                                    size_t size, size_t *ret_index)
{
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++) {
        if (strlen(options[i].name) == size && memcmp(options[i].name, name, size) == 0) {
            *ret_index = i;
            return &options[i];
        }
    }
    return NULL;
}

static weft_status take_shared(wf_cli *cli, size_t which, const char *value, bool *help,
                               weft_error *error)
{
    int64_t threads = 0;
    switch ((shared_option)which) {
    case SHARED_JSON:
        cli->json = true;
        return WEFT_OK;
    case SHARED_LANG:
        if (strcmp(value, "zh") != 0 && strcmp(value, "en") != 0)
            return wf_fail(error, WEFT_BAD_USAGE, "usage.language", NULL);
        cli->language = starts_zh(value) ? WF_LANGUAGE_ZH : WF_LANGUAGE_EN;
        return WEFT_OK;
    case SHARED_KEY_DIR:
        cli->keys.key_dir = value;
        return WEFT_OK;
    case SHARED_CREDENTIAL:
        cli->keys.credential = value;
        return WEFT_OK;
    case SHARED_THREADS:
        if (!wf_parse_i64(wf_text_of(value), 1, 64, &threads))
            return wf_fail(error, WEFT_BAD_USAGE, "usage.number", "option", "threads",
                           "min", "1", "max", "64", NULL);
        cli->threads = (unsigned)threads;
        return WEFT_OK;
    case SHARED_HELP:
        *help = true;
        return WEFT_OK;
    case SHARED_COUNT:
        break;
    }
    WF_BUG("every shared option has its case");
}

// Takes argv[*at], which begins with "--", and its value.
static weft_status take_option(wf_cli *cli, int argc, char **argv, int *at, bool *help,
                               weft_error *error)
{
    const char *name = argv[*at] + 2;
    const char *equals = strchr(name, '=');
    size_t size = equals != NULL ? (size_t)(equals - name) : strlen(name), index = 0;
    const wf_option *own = find_option(cli->verb->options, name, size, &index);
    const wf_option *option =
        own != NULL ? own : find_option(wf_shared_options, name, size, &index);
    if (option == NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.unknown_option", "option", name,
                       "verb", cli->verb->name, NULL);
    const char *value = "";
    if (option->kind == WF_OPTION_TEXT) {
        if (equals == NULL && *at + 1 >= argc)
            return wf_fail(error, WEFT_BAD_USAGE, "usage.no_value", "option",
                           option->name, "value", option->value, NULL);
        value = equals != NULL ? equals + 1 : argv[++*at];
    } else if (equals != NULL) {
        return wf_fail(error, WEFT_BAD_USAGE, "usage.flag_value", "option", option->name,
                       NULL);
    }
    if (own == NULL)
        return take_shared(cli, index, value, help, error);
    if (cli->values[index] != NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "usage.twice", "option", option->name,
                       NULL);
    cli->values[index] = value;
    return WEFT_OK;
}

static weft_status parse(wf_cli *cli, int argc, char **argv, bool *help,
                         weft_error *error)
{
    bool only_arguments = false;
    for (int at = 2; at < argc; at++) {
        if (!only_arguments && strcmp(argv[at], "--") == 0) {
            only_arguments = true;
        } else if (!only_arguments && strncmp(argv[at], "--", 2) == 0) {
            WF_TRY(take_option(cli, argc, argv, &at, help, error));
        } else {
            if (cli->arguments_count == WF_ARGUMENTS_MAX)
                return wf_fail(error, WEFT_BAD_USAGE, "usage.too_many", "verb",
                               cli->verb->name, "arguments", cli->verb->arguments, NULL);
            cli->arguments[cli->arguments_count++] = argv[at];
        }
    }
    return WEFT_OK;
}

static int run_verb(wf_cli *cli, int argc, char **argv)
{
    weft_error error = {0};
    bool help = false;
    if (parse(cli, argc, argv, &help, &error) != WEFT_OK)
        return wf_cli_end(cli, wf_cli_fail(cli, &error));
    if (help) {
        wf_help_verb(cli, cli->verb);
        return wf_cli_end(cli, 0);
    }
    int code = 0;
    if (cli->guest == NULL && wf_remote_run(cli, argc, argv, &code))
        return wf_cli_end(cli, code);
    if (cli->guest != NULL && (cli->verb->takes_no_city || cli->verb->alone)) {
        WF_IGNORE(
            wf_fail(&error, WEFT_BUSY, "remote.alone", "verb", cli->verb->name, NULL),
            "it is what is said");
        return wf_cli_end(cli, wf_cli_fail(cli, &error));
    }
    return wf_cli_end(cli, cli->verb->run(cli));
}

static int run_named(wf_cli *cli, int argc, char **argv)
{
    const char *name = argc < 2 || strcmp(argv[1], "--help") == 0 ? "help" : argv[1];
    cli->verb =
        strcmp(name, "--version") == 0 ? wf_verb_named("version") : wf_verb_named(name);
    if (cli->verb != NULL)
        return run_verb(cli, argc, argv);
    weft_error error = {0};
    WF_IGNORE(wf_fail(&error, WEFT_BAD_USAGE, "usage.unknown_verb", "verb", name, NULL),
              "it is said here");
    return wf_cli_end(cli, wf_cli_fail(cli, &error));
}

int wf_cli_run(int argc, char **argv, FILE *out, FILE *messages)
{
    // Written at 64 KiB a time by flush(): the library's own buffer would only copy.
    wf_cli *cli = calloc(1, sizeof *cli);
    if (cli == NULL)
        return weft_status_exit_code(WEFT_NO_MEMORY);
    cli->language = language_of_environment();
    cli->out = out;
    cli->messages = messages;
    cli->input = STDIN_FILENO;
    cli->io = &wf_io_posix;
    cli->on_terminal = fileno(messages) >= 0 && isatty(fileno(messages)) == 1;
    int code = run_named(cli, argc, argv);
    free(cli);
    return code;
}

// ---- for a guest ----

// 0 and errno say that it failed, as the C library wants it.
static ssize_t say_out(void *guest, const char *bytes, size_t size)
{
    ssize_t said = wf_guest_say(guest, WF_GUEST_OUT, bytes, size);
    return said < 0 ? 0 : said;
}

static ssize_t say_message(void *guest, const char *bytes, size_t size)
{
    ssize_t said = wf_guest_say(guest, WF_GUEST_MESSAGES, bytes, size);
    return said < 0 ? 0 : said;
}

int wf_cli_run_guest(wf_guest *guest, const wf_service *service, int argc, char **argv)
{
    wf_cli *cli = calloc(1, sizeof *cli);
    FILE *out = fopencookie(guest, "w", (cookie_io_functions_t){.write = say_out});
    FILE *messages =
        fopencookie(guest, "w", (cookie_io_functions_t){.write = say_message});
    int code = weft_status_exit_code(WEFT_NO_MEMORY);
    if (cli != NULL && out != NULL && messages != NULL) {
        setvbuf(out, NULL, _IONBF, 0);
        setvbuf(messages, NULL, _IOLBF, BUFSIZ);
        cli->language = wf_guest_language(guest);
        cli->out = out;
        cli->messages = messages;
        cli->input = wf_guest_input(guest);
        cli->io = wf_guest_io(guest);
        cli->on_terminal = wf_guest_on_terminal(guest);
        cli->guest = guest;
        cli->service = service;
        code = run_named(cli, argc, argv);
    }
    if (messages != NULL)
        WF_IGNORE(fclose(messages), "the guest has gone, then nobody reads it");
    if (out != NULL)
        WF_IGNORE(fclose(out), "it holds nothing back");
    free(cli);
    return code;
}
