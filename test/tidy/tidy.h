// The style rules as tests: they read the source tree and name file and line.
//
// A rule is a function over a tree in memory, so that each is also run on small made-up
// trees that break it (tidy_self.c): a rule that cannot fail is no rule.
#ifndef TEST_TIDY_H
#define TEST_TIDY_H

#include <stdbool.h>
#include <stddef.h>

typedef struct {
    char *path;  // from the top of the tree: "src/base/io.c"
    char *bytes; // ended by NUL
    size_t size;
    // As `bytes`, but comments, the insides of literals and whole directives are blanks
    // (line ends stay); of C files only, else NULL.
    char *code;
} tidy_file;

typedef struct {
    tidy_file *files; // by path
    size_t count, capacity;
} tidy_tree;

typedef struct {
    size_t count;
    bool quiet; // self-tests count only
} tidy_report;

typedef void tidy_rule(const tidy_tree *tree, tidy_report *report);

// ---- trees (tree.c) ----

// Reads the files below `root`; leaves out hidden folders, build folders and what is not
// text of ours. Aborts when it cannot.
void tidy_tree_read(tidy_tree *tree, const char *root);
void tidy_tree_add(tidy_tree *tree, const char *path, const char *bytes, size_t size);
void tidy_tree_done(tidy_tree *tree);
const tidy_file *tidy_tree_find(const tidy_tree *tree, const char *path);

void tidy_found(tidy_report *report, const tidy_file *file, size_t at, const char *format,
                ...) __attribute__((format(printf, 4, 5)));

// ---- text (tree.c) ----

bool tidy_starts(const char *text, const char *start);
bool tidy_ends(const char *text, const char *end);
bool tidy_is_c(const tidy_file *file); // .c or .h
bool tidy_is_word(char letter);        // of a name in C

// The next string literal that begins at or after *at in a C file: its inside in
// `room` (cut if longer), its place in *ret_at. *at moves behind it.
bool tidy_next_literal(const tidy_file *file, size_t *at, char *room, size_t room_size,
                       size_t *ret_at);
// The next #include "…": as above, the path.
bool tidy_next_include(const tidy_file *file, size_t *at, char *room, size_t room_size,
                       size_t *ret_at);

// ---- rules ----

tidy_rule tidy_layers;     // who may include whom
tidy_rule tidy_bans;       // calls that are not made
tidy_rule tidy_callers;    // no function that nothing calls
tidy_rule tidy_lengths;    // of functions and files
tidy_rule tidy_catalogue;  // codes and their sentences
tidy_rule tidy_references; // no file that nothing uses
tidy_rule tidy_links;      // in Markdown
tidy_rule tidy_words;      // no unfinished business, no machine's paths

#endif
