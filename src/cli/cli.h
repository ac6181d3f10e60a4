// The command line: one small file a verb (verb_….c), each a row of a table.
//
// Contract (DESIGN §7): data to stdout, messages to stderr; --json gives one object a
// line without blanks; exit 0 done, 1 found something wrong, 2 bad input or usage, 3
// not allowed, 4 not found, 5 storage or resource, 130 interrupted. Verbs use
// include/weft only.
#ifndef WF_CLI_CLI_H
#define WF_CLI_CLI_H

#include <jansson.h>
#include <stdio.h>

#include "base/io.h"
#include "base/text.h"
#include "model/catalogue.h"
#include "serve/owner/turns.h"
#include "weft/city.h"

// ---- what a verb is ----

typedef enum { WF_OPTION_FLAG, WF_OPTION_TEXT } wf_option_kind;

// An option "--name", with a value when it is TEXT ("--name VALUE" or "--name=VALUE").
typedef struct {
    const char *name;
    wf_option_kind kind;
    const char *value; // what the value is called in the help: "DATE"
    const char *zh, *en;
} wf_option;

#define WF_OPTIONS_MAX 24
#define WF_ARGUMENTS_MAX 4096

typedef struct wf_cli wf_cli;
typedef struct wf_service wf_service; // cli/service.h

typedef struct wf_verb {
    const char *name;
    const char *arguments;           // "DIR KIND FILE…"
    const char *zh, *en;             // one line
    const char *about_zh, *about_en; // some paragraphs; may be ""
    const wf_option *options;        // of its own, ended by a NULL name; NULL: none
    // Ends with the exit code. Everything is parsed: cli->… below.
    int (*run)(wf_cli *cli);
    bool takes_no_city; // does not open one: no banner, no key options in its help
    bool alone;         // needs the city for itself: not while a server has it
    size_t city_at;     // which argument names the city
    bool asks;          // changes nothing: may run beside others on a server's city
} wf_verb;

// ---- what a verb gets ----

struct wf_cli {
    const wf_verb *verb;
    wf_language language;
    bool json;             // --json
    weft_key_options keys; // --key-dir, --credential
    unsigned threads;      // --threads, 0: all processors
    const char *arguments[WF_ARGUMENTS_MAX];
    size_t arguments_count;
    const char *values[WF_OPTIONS_MAX]; // of verb->options; NULL: not given
    FILE *out, *messages;               // stdout and stderr; tests give their own
    int input;                          // descriptor of standard input
    const wf_io *io;                    // the files that arguments name
    bool on_terminal;                   // messages go to one
    wf_guest *guest;                    // for whom a server runs the verb; NULL: here
    const wf_service *service;          // that it runs in
    wf_turn turn;                       // what it has of that service's city
    wf_buffer pending;                  // output not written yet
    bool out_failed; // stdout is gone: the reader closed it, or a full disk
    int out_errno;
};

// The value of an option of the verb, NULL when not given ("" for a flag given).
const char *wf_cli_option(const wf_cli *cli, const char *name);
bool wf_cli_flag(const wf_cli *cli, const char *name);
// Option as a number in [min, max]; not given: *ret untouched. Anything else:
// WEFT_BAD_USAGE ("usage.number").
weft_status wf_cli_number(const wf_cli *cli, const char *name, uint64_t min, uint64_t max,
                          uint64_t *ret, weft_error *error) WEFT_MUST_CHECK;
// WEFT_BAD_USAGE unless there are between min and max arguments.
weft_status wf_cli_arguments(const wf_cli *cli, size_t min, size_t max,
                             weft_error *error) WEFT_MUST_CHECK;

// The options "from" and "to" of a verb that has them, as the city's zone reads them; not
// given: untouched. Anything but a time: WEFT_BAD_USAGE ("usage.time").
weft_status wf_cli_times(const wf_cli *cli, const weft_city *city, weft_time *ret_from,
                         weft_time *ret_to, weft_error *error) WEFT_MUST_CHECK;

// Opens the city named by the first argument and prints the drill banner (people's
// output only).
weft_status wf_cli_open(wf_cli *cli, weft_city **ret, weft_error *error) WEFT_MUST_CHECK;
// The same without the banner, for verbs whose output is a file.
weft_status wf_cli_open_silently(wf_cli *cli, weft_city **ret,
                                 weft_error *error) WEFT_MUST_CHECK;
// On a server's city: others go on with it, until the verb returns to it, the same city.
// Here: does nothing. When it cannot return wf_cli_close does nothing.
void wf_cli_leave(wf_cli *cli);
weft_status wf_cli_return(wf_cli *cli, weft_error *error) WEFT_MUST_CHECK;
// Gives back what wf_cli_open gave; NULL does nothing.
void wf_cli_close(wf_cli *cli, weft_city *city);

// What most verbs do: takes DIR alone, opens the city, asks, closes. The exit code.
int wf_cli_ask_city(wf_cli *cli,
                    weft_status (*ask)(wf_cli *cli, weft_city *city, weft_error *error));

// ---- what a verb hears ----

// From now on SIGINT and SIGTERM do not end the program: the verb asks now and then
// whether one came, undoes what it began and fails with WEFT_INTERRUPTED.
void wf_cli_mind_interrupts(wf_cli *cli);
bool wf_cli_interrupted(const wf_cli *cli);

// Reads from a descriptor as read() does, in parts, so that an interrupt is noticed while
// a pipe stands still (−1 and EINTR).
ssize_t wf_cli_read(const wf_cli *cli, int file, void *bytes, size_t size);

// ---- what a verb says ----

// Data to stdout. After a failure of stdout they do nothing.
void wf_cli_print(wf_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void wf_cli_text(wf_cli *cli, wf_text text);
// One JSON object a line, compact, UTF-8; takes the reference over. NULL (jansson out of
// memory) ends in exit code 5 at wf_cli_end.
void wf_cli_json(wf_cli *cli, json_t *object);
// The same of an object that is written already, unless it could not be made; empties
// it.
void wf_cli_json_line(wf_cli *cli, bool made, wf_buffer *line);
// What was printed leaves now: for who waits for it.
void wf_cli_flush(wf_cli *cli);
// Chooses by language.
const char *wf_cli_choose(const wf_cli *cli, const char *zh, const char *en);
// A message to stderr, with a line end.
void wf_cli_message(wf_cli *cli, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
// The same for bytes that are as they are to be.
void wf_cli_message_text(wf_cli *cli, wf_text text);
// The error to stderr; the exit code of its status.
int wf_cli_fail(wf_cli *cli, const weft_error *error);
// Says what was taken and looks wrong.
void wf_cli_warn(wf_cli *cli, const weft_error *warning);
// Flushes; the exit code `code`, or 5 when stdout could not be written (0 when its
// reader closed a pipe, as `head` does).
int wf_cli_end(wf_cli *cli, int code);

// Columns for people: display width of UTF-8 text (CJK counts two), and text padded to
// it; text that fills its column, or more, is followed by two blanks.
size_t wf_cli_width(const char *text);
void wf_cli_cell(wf_cli *cli, const char *text, size_t width);

// A column of a table for people.
typedef struct {
    size_t width; // of its cells; 0: it is the last, as wide as it comes
    const char *zh, *en;
} wf_cli_column;

// The line of heads, the first time it is called with this `headed`, which is false
// before. `columns` end with the last, whose width is 0.
void wf_cli_head(wf_cli *cli, bool *headed, const wf_cli_column *columns);

// True when stderr is a terminal: progress is shown.
bool wf_cli_shows_progress(const wf_cli *cli);

// ---- the table of verbs ----

// Ended by NULL, in the order of the help.
extern const wf_verb *const wf_verbs[];
const wf_verb *wf_verb_named(const char *name);

// Parses and runs; what main() returns.
int wf_cli_run(int argc, char **argv, FILE *out, FILE *messages);
// The same for a guest of a server, with the city of that server.
int wf_cli_run_guest(wf_guest *guest, const wf_service *service, int argc, char **argv);

#endif
