// The small files of a city as hostile bytes, by the readers that opening one has. The
// first byte says which: weft.yaml, with the zone, protocol and law that it names; the
// clock of a drill; days that are kept longer. What is read is of the form that it is
// written in.
#include <arpa/inet.h>
#include <string.h>

#include "access/city/city.h"
#include "access/city/clock.h"
#include "load/keep.h"
#include "support/memory_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { as_city, as_clock, as_keep, ways };

// The city's own files are the one in memory, protocols and laws those of the program.
static bool is_of_city(const char *path)
{
    return strncmp(path, "city/", 5) == 0;
}

static int look_either(const wf_io *io, const char *path, bool follow, struct stat *ret)
{
    return is_of_city(path) ? memory_file_look(io, path, follow, ret) : stat(path, ret);
}

static int open_either(const wf_io *io, const char *path, int flags, mode_t mode)
{
    if (is_of_city(path))
        return memory_file_again(io, path, flags, mode);
    return wf_io_posix.open(&wf_io_posix, path, flags, mode);
}

static bool is_word(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= 64;
}

static void use_city(const weft_city *city)
{
    unsigned char address[sizeof(struct in6_addr)];
    WF_ASSERT(city->kind == WEFT_CITY_REAL || city->kind == WEFT_CITY_DRILL);
    WF_ASSERT(is_word(city->id) && is_word(city->zone_name) && is_word(city->law));
    WF_ASSERT(strspn(city->protocol_name, "abcdefghijklmnopqrstuvwxyz0123456789-") ==
              strlen(city->protocol_name));
    WF_ASSERT(strspn(city->grid, "0123456789") == strlen(city->grid));
    WF_ASSERT(city->zone != NULL && city->protocol != NULL && city->law_profile != NULL);
    WF_ASSERT(city->records == NULL || strncmp(city->records, "postgres://", 11) == 0);
    WF_ASSERT(city->proxy == NULL || inet_pton(AF_INET, city->proxy, address) == 1 ||
              inet_pton(AF_INET6, city->proxy, address) == 1);
    WF_ASSERT((city->sso_header == NULL) == (city->sso_secret == NULL));
    WF_ASSERT(city->sso_header == NULL || city->proxy != NULL);
}

static void read_city(weft_city *city)
{
    weft_error error = {0};
    weft_status status = wf_city_read_words(city, &error);
    if (status == WEFT_OK)
        use_city(city);
    else
        WF_ASSERT(error.code != NULL);
}

static void read_clock(weft_city *city)
{
    char text[WF_TIME_TEXT_MAX];
    wf_iso_kind kind;
    weft_time again;
    weft_error error = {0};
    city->kind = WEFT_CITY_DRILL;
    WF_ASSERT(wf_zone_open("Asia/Shanghai", &city->zone, &error) == WEFT_OK);
    weft_status status = wf_clock_read(city, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED || status == WEFT_TOO_LARGE);
    if (status == WEFT_OK)
        WF_ASSERT(
            wf_time_parse(wf_text_of(wf_time_text(text, city->kept_clock, city->zone)),
                          city->zone, &again, &kind));
}

static void read_keep(weft_city *city)
{
    wf_keep_entry *entries = NULL;
    size_t count = 0;
    char day[WF_DAY_TEXT_MAX], until[WF_DAY_TEXT_MAX];
    weft_error error = {0};
    wf_text file;
    WF_ASSERT(wf_io_read_file(city->io, "city/keep", SIZE_MAX, &city->arena, &file,
                              &error) == WEFT_OK);
    weft_status status =
        wf_keep_read(city->io, "city", &city->arena, &entries, &count, &error);
    WF_ASSERT(status == WEFT_OK || status == WEFT_DAMAGED);
    if (status != WEFT_OK)
        return;
    WF_ASSERT(file.size == 22 * count);
    for (size_t i = 0; i < count; i++) {
        const char *line = file.bytes + 22 * i;
        WF_ASSERT(memcmp(line, wf_day_text(day, entries[i].day), 10) == 0 &&
                  memcmp(line + 11, wf_day_text(until, entries[i].until), 10) == 0);
        WF_ASSERT(i == 0 || entries[i - 1].day.number < entries[i].day.number);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static void (*const read[ways])(weft_city *) = {read_city, read_clock, read_keep};
    memory_file file;
    weft_city *city = NULL;
    weft_error error = {0};
    if (size == 0)
        return 0;
    memory_file_open(&file, data + 1, size - 1);
    file.io.open = open_either;
    file.io.look = look_either;
    WF_ASSERT(wf_city_new(&file.io, "city", &city, &error) == WEFT_OK);
    read[data[0] % ways](city);
    weft_city_close(city);
    memory_file_close(&file);
    return 0;
}
