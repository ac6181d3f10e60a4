#include "store/database/postgres_sql.h"

#include <stdlib.h>
#include <string.h>

#include "base/text.h"

static bool is_name_letter(char letter)
{
    return letter == '_' || (letter >= 'a' && letter <= 'z') ||
           (letter >= 'A' && letter <= 'Z') || (letter >= '0' && letter <= '9');
}

// Bytes from `at` that are copied as they are: a string, a quoted name, a comment, a
// cast, or one letter.
static size_t plain_size(const char *at)
{
    const char *end = NULL;
    if (*at == '\'' || *at == '"')
        // A doubled quote reads as two strings side by side.
        end = strchr(at + 1, *at);
    else if (at[0] == '-' && at[1] == '-')
        end = strchr(at, '\n');
    else if (at[0] == '/' && at[1] == '*') {
        end = strstr(at + 2, "*/");
        end = end != NULL ? end + 1 : NULL;
    } else
        return at[0] == ':' && at[1] == ':' ? 2 : 1;
    return end != NULL ? (size_t)(end - at) + 1 : strlen(at);
}

static int find(const wf_postgres_sql *sql, const char *name, size_t size)
{
    for (size_t i = 0; i < sql->names_count; i++)
        if (strlen(sql->names[i]) == size && memcmp(sql->names[i], name, size) == 0)
            return (int)i;
    return -1;
}

static bool add(wf_postgres_sql *sql, const char *name, size_t size)
{
    char **names = realloc(sql->names, (sql->names_count + 1) * sizeof *names);
    if (names == NULL)
        return false;
    sql->names = names;
    char *copy = strndup(name, size);
    if (copy == NULL)
        return false;
    names[sql->names_count++] = copy;
    return true;
}

static bool put_parameter(wf_postgres_sql *sql, const char *name, size_t size,
                          wf_buffer *text)
{
    int number = find(sql, name, size);
    if (number < 0) {
        number = (int)sql->names_count;
        if (!add(sql, name, size))
            return false;
    }
    return wf_buffer_printf(text, "$%d", number + 1);
}

static bool put_all(const char *sql, wf_postgres_sql *ret, wf_buffer *text)
{
    while (*sql != '\0') {
        size_t size = 0;
        if (*sql == ':')
            while (is_name_letter(sql[1 + size]))
                size++;
        if (size > 0) {
            if (!put_parameter(ret, sql + 1, size, text))
                return false;
            sql += 1 + size;
            continue;
        }
        size = plain_size(sql);
        if (!wf_buffer_append(text, sql, size))
            return false;
        sql += size;
    }
    return wf_buffer_append(text, "", 1);
}

bool wf_postgres_sql_read(const char *sql, wf_postgres_sql *ret)
{
    wf_postgres_sql read = {0};
    wf_buffer text = {0};
    if (!put_all(sql, &read, &text)) {
        wf_postgres_sql_done(&read);
        wf_buffer_done(&text);
        return false;
    }
    read.text = text.bytes;
    *ret = read;
    return true;
}

void wf_postgres_sql_done(wf_postgres_sql *sql)
{
    for (size_t i = 0; i < sql->names_count; i++)
        free(sql->names[i]);
    free(sql->names);
    free(sql->text);
    *sql = (wf_postgres_sql){0};
}

int wf_postgres_sql_find(const wf_postgres_sql *sql, const char *name)
{
    return find(sql, name, strlen(name));
}
