// weft_error: why something failed, in a form that can be said in any language.
//
// An error carries a code ("import.end_before_start") and named parameters; the
// sentences (message, detail, hint; 中文 and English) live in one catalogue,
// src/model/texts/, and are composed when a person reads them. Parameters never
// hold a person's name, number or phone: an error may be logged.
#ifndef WEFT_ERROR_H
#define WEFT_ERROR_H

#include <stddef.h>
#include <stdint.h>

#include "weft/status.h"

#define WEFT_ERROR_PARAMS_MAX 6

typedef struct {
    char name[24];
    char value[200]; // cut at a character boundary when longer
} weft_error_param;

// Plain value in the caller's storage; zero-initialised means "no error".
typedef struct {
    weft_status status;
    const char *code; // static string, key of the catalogue; NULL: no error
    char file[256];   // file the input came from, or ""
    char field[96];   // field or column, or ""
    uint64_t line;    // 1-based line in file; 0: unknown
    size_t params_count;
    weft_error_param params[WEFT_ERROR_PARAMS_MAX];
} weft_error;

#endif
