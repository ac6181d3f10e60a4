#include "cli/cli.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

enum { pending_bytes = 1 << 16 };

// ---- options and arguments ----

static size_t option_index(const wf_cli *cli, const char *name)
{
    const wf_option *options = cli->verb->options;
    for (size_t i = 0; options != NULL && options[i].name != NULL; i++)
        if (strcmp(options[i].name, name) == 0)
            return i;
    WF_BUG("the verb declares the option");
}

const char *wf_cli_option(const wf_cli *cli, const char *name)
{
    return cli->values[option_index(cli, name)];
}

bool wf_cli_flag(const wf_cli *cli, const char *name)
{
    return wf_cli_option(cli, name) != NULL;
}

weft_status wf_cli_number(const wf_cli *cli, const char *name, uint64_t min, uint64_t max,
                          uint64_t *ret, weft_error *error)
{
    WF_ASSERT(min <= max && max <= INT64_MAX);
    const char *text = wf_cli_option(cli, name);
    if (text == NULL)
        return WEFT_OK;
    int64_t value = 0;
    if (!wf_parse_i64(wf_text_of(text), (int64_t)min, (int64_t)max, &value)) {
        char low[WF_NUMBER_TEXT_MAX], high[WF_NUMBER_TEXT_MAX];
        return wf_fail(error, WEFT_BAD_USAGE, "usage.number", "option", name, "min",
                       wf_number_text(low, (int64_t)min), "max",
                       wf_number_text(high, (int64_t)max), NULL);
    }
    *ret = (uint64_t)value;
    return WEFT_OK;
}

weft_status wf_cli_arguments(const wf_cli *cli, size_t min, size_t max, weft_error *error)
{
    if (cli->arguments_count >= min && cli->arguments_count <= max)
        return WEFT_OK;
    return wf_fail(error, WEFT_BAD_USAGE,
                   cli->arguments_count < min ? "usage.missing" : "usage.too_many",
                   "verb", cli->verb->name, "arguments", cli->verb->arguments, NULL);
}

// ---- output ----

void wf_cli_flush(wf_cli *cli)
{
    if (cli->pending.size > 0 && !cli->out_failed) {
        size_t written = fwrite(cli->pending.bytes, 1, cli->pending.size, cli->out);
        if (written != cli->pending.size || fflush(cli->out) != 0) {
            cli->out_failed = true;
            cli->out_errno = errno;
        }
    }
    wf_buffer_clear(&cli->pending);
}

static void fail_memory(wf_cli *cli)
{
    cli->out_failed = true;
    cli->out_errno = ENOMEM;
}

void wf_cli_text(wf_cli *cli, wf_text text)
{
    if (!wf_buffer_append(&cli->pending, text.bytes, text.size))
        fail_memory(cli);
    if (cli->pending.size >= pending_bytes)
        wf_cli_flush(cli);
}

void wf_cli_print(wf_cli *cli, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    char *text = NULL;
    int size = vasprintf(&text, format, arguments);
    va_end(arguments);
    if (size < 0) {
        fail_memory(cli);
        return;
    }
    wf_cli_text(cli, (wf_text){text, (size_t)size});
    free(text);
}

static int append_dumped(const char *bytes, size_t size, void *context)
{
    return wf_buffer_append(context, bytes, size) ? 0 : -1;
}

void wf_cli_json(wf_cli *cli, json_t *object)
{
    size_t before = cli->pending.size;
    // 15 digits give back what a person wrote (1.142, not 1.1419999999999999).
    if (object == NULL ||
        json_dump_callback(object, append_dumped, &cli->pending,
                           JSON_COMPACT | JSON_REAL_PRECISION(15)) != 0) {
        cli->pending.size = before;
        fail_memory(cli);
    } else {
        wf_cli_text(cli, WF_TEXT("\n"));
    }
    json_decref(object);
}

void wf_cli_json_line(wf_cli *cli, bool made, wf_buffer *line)
{
    if (made && wf_buffer_append(line, "\n", 1))
        wf_cli_text(cli, wf_buffer_text(line));
    else
        fail_memory(cli);
    wf_buffer_wipe(line);
}

const char *wf_cli_choose(const wf_cli *cli, const char *zh, const char *en)
{
    return cli->language == WF_LANGUAGE_ZH ? zh : en;
}

void wf_cli_message(wf_cli *cli, const char *format, ...)
{
    // What was said before on stdout comes first on a screen that shows both.
    wf_cli_flush(cli);
    va_list arguments;
    va_start(arguments, format);
    if (vfprintf(cli->messages, format, arguments) >= 0)
        fputc('\n', cli->messages);
    va_end(arguments);
}

void wf_cli_message_text(wf_cli *cli, wf_text text)
{
    wf_cli_flush(cli);
    fwrite(text.bytes, 1, text.size, cli->messages);
    fflush(cli->messages);
}

int wf_cli_fail(wf_cli *cli, const weft_error *error)
{
    wf_cli_flush(cli);
    wf_buffer text = {0};
    if (wf_error_text(error, cli->language, &text))
        fwrite(text.bytes, 1, text.size, cli->messages);
    else
        fputs(weft_status_name(error->status), cli->messages);
    wf_buffer_done(&text);
    return weft_status_exit_code(error->status);
}

void wf_cli_warn(wf_cli *cli, const weft_error *warning)
{
    wf_cli_message(cli, "%s", wf_cli_choose(cli, "请核对：", "to be looked at again:"));
    WF_IGNORE(wf_cli_fail(cli, warning) == 0, "nothing has failed");
}

int wf_cli_end(wf_cli *cli, int code)
{
    wf_cli_flush(cli);
    wf_buffer_done(&cli->pending);
    // A reader that has seen enough (head, less) is no failure of ours.
    if (!cli->out_failed || cli->out_errno == EPIPE)
        return code;
    weft_error error = {0};
    weft_status status = wf_fail_errno(&error, cli->out_errno, "io.write", "stdout");
    int failed = wf_cli_fail(cli, &error);
    return code != 0 ? code : status == WEFT_OK ? 5 : failed;
}

// ---- columns ----

size_t wf_cli_width(const char *text)
{
    // main() sets LC_CTYPE to a UTF-8 locale; where there is none, bytes are counted.
    size_t width = 0;
    mbstate_t state = {0};
    size_t left = strlen(text);
    while (left > 0) {
        wchar_t wide;
        size_t size = mbrtowc(&wide, text, left, &state);
        if (size == 0 || size > left) {
            width += left;
            break;
        }
        int columns = wcwidth(wide);
        width += columns > 0 ? (size_t)columns : 0;
        text += size;
        left -= size;
    }
    return width;
}

void wf_cli_cell(wf_cli *cli, const char *text, size_t width)
{
    size_t used = wf_cli_width(text);
    wf_cli_text(cli, wf_text_of(text));
    // What is wider than its column is kept apart from the next.
    size_t wide = used < width ? width : width > 0 ? used + 2 : used;
    wf_cli_print(cli, "%*s", (int)(wide - used), "");
}

void wf_cli_head(wf_cli *cli, bool *headed, const wf_cli_column *columns)
{
    if (*headed)
        return;
    *headed = true;
    for (; columns->width > 0; columns++)
        wf_cli_cell(cli, wf_cli_choose(cli, columns->zh, columns->en), columns->width);
    wf_cli_print(cli, "%s\n", wf_cli_choose(cli, columns->zh, columns->en));
}

bool wf_cli_shows_progress(const wf_cli *cli)
{
    return cli->on_terminal;
}
