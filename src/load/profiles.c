// Mappings by name: those that come with Weft, and those that a city remembers, in
// <city>/mappings/NAME-KIND.yaml, plain, since they say nothing of anybody.
#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "load/import.h"
#include "wire/mapping.h"

static const char remembered[] = "mappings";

static bool is_profile_name(const char *name)
{
    size_t size = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-");
    return size > 0 && size < 64 && name[size] == '\0';
}

static weft_status file_of(const char *folder, weft_import_kind kind, const char *profile,
                           wf_path *ret, weft_error *error)
{
    char file[128];
    int size =
        snprintf(file, sizeof file, "%s-%s.yaml", profile, weft_import_kind_name(kind));
    WF_ASSERT(size > 0 && (size_t)size < sizeof file);
    return wf_path_join(folder, file, ret, error);
}

// The city's own first, then one that comes with Weft.
static weft_status find_profile(const wf_import_city *city, weft_import_kind kind,
                                const char *profile, wf_path *ret, weft_error *error)
{
    wf_path folder;
    if (is_profile_name(profile)) {
        WF_TRY(wf_path_join(city->city_dir, remembered, &folder, error));
        WF_TRY(file_of(folder.text, kind, profile, ret, error));
        if (wf_io_exists(city->io, ret->text))
            return WEFT_OK;
        WF_TRY(file_of(city->profiles.text, kind, profile, ret, error));
        if (wf_io_exists(city->io, ret->text))
            return WEFT_OK;
    }
    return wf_fail(error, WEFT_NOT_FOUND, "import.no_profile", "kind",
                   weft_import_kind_name(kind), NULL);
}

static weft_status read_profile(const wf_import_city *city, weft_import_kind kind,
                                const char *profile, wf_arena *arena,
                                const char **ret_name, wf_text *ret_yaml,
                                weft_error *error)
{
    wf_path path;
    WF_TRY(find_profile(city, kind, profile, &path, error));
    const char *file = strrchr(path.text, '/') + 1;
    wf_text name = wf_arena_text(arena, (wf_text){file, strlen(file) + 1});
    if (name.bytes == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_io_read_file(city->io, path.text, WF_MAPPING_BYTES_MAX, arena, ret_yaml,
                           error));
    *ret_name = name.bytes;
    return WEFT_OK;
}

weft_status wf_import_mapping(const wf_import_city *city, weft_import_kind kind,
                              const char *mapping, const char *profile, wf_arena *arena,
                              const char **ret_name, wf_text *ret_yaml, weft_error *error)
{
    if (mapping != NULL && profile != NULL)
        return wf_fail(error, WEFT_BAD_USAGE, "import.two_mappings", NULL);
    *ret_name = mapping;
    if (profile != NULL)
        return read_profile(city, kind, profile, arena, ret_name, ret_yaml, error);
    return mapping == NULL ? WEFT_OK
                           : wf_io_read_file(city->outside, mapping, WF_MAPPING_BYTES_MAX,
                                             arena, ret_yaml, error);
}

// The order of dates becomes part of the mapping, so that refused rows are read alike
// when they are tried again.
static weft_status add_dates(weft_import_kind kind, weft_date_order dates,
                             wf_arena *arena, const char **name, wf_text *text,
                             weft_error *error)
{
    wf_buffer yaml = {.limit = WF_MAPPING_BYTES_MAX};
    if (dates == WEFT_DATES_ASK)
        return WEFT_OK;
    bool done = *name != NULL
                    ? wf_buffer_append(&yaml, text->bytes, text->size)
                    : wf_buffer_printf(&yaml, "kind: %s", weft_import_kind_name(kind));
    done = done &&
           wf_buffer_printf(&yaml, "\ndates: %s\n",
                            dates == WEFT_DATES_DAY_FIRST ? "day-first" : "month-first");
    *name = *name == NULL ? "--dates" : *name;
    *text = wf_arena_text(arena, wf_buffer_text(&yaml));
    wf_buffer_done(&yaml);
    return done && text->bytes != NULL ? WEFT_OK : wf_fail_memory(error);
}

weft_status wf_import_mapping_said(const wf_import_city *city, weft_import_kind kind,
                                   const weft_import_options *options, wf_arena *arena,
                                   const char **ret_name, wf_text *ret_yaml,
                                   weft_error *error)
{
    if (options->mapping_text == NULL) {
        WF_TRY(wf_import_mapping(city, kind, options->mapping, options->profile, arena,
                                 ret_name, ret_yaml, error));
    } else {
        if (options->mapping != NULL || options->profile != NULL)
            return wf_fail(error, WEFT_BAD_USAGE, "import.two_mappings", NULL);
        *ret_name = "columns";
        *ret_yaml = wf_text_of(options->mapping_text);
    }
    return add_dates(kind, options->dates, arena, ret_name, ret_yaml, error);
}

weft_status wf_import_remember_check(const weft_import_options *options,
                                     const char *mapping_name, weft_error *error)
{
    if (options->remember == NULL)
        return WEFT_OK;
    if (!is_profile_name(options->remember))
        return wf_fail(error, WEFT_BAD_USAGE, "import.profile_name", NULL);
    return mapping_name != NULL
               ? WEFT_OK
               : wf_fail(error, WEFT_BAD_USAGE, "import.nothing_to_remember", NULL);
}

weft_status wf_import_remember(const wf_import_city *city, weft_import_kind kind,
                               const char *profile, wf_text yaml, weft_error *error)
{
    wf_path folder, path;
    WF_TRY(wf_path_join(city->city_dir, remembered, &folder, error));
    WF_TRY(file_of(folder.text, kind, profile, &path, error));
    if (city->io->mkdir(city->io, folder.text, 0700) != 0 && errno != EEXIST)
        return wf_fail_errno(error, errno, "io.mkdir", folder.text);
    return wf_io_replace_file(city->io, path.text, yaml, 0600, error);
}

// ---- which there are ----

// "godata-cases.yaml" → "godata" of cases; false for all other names.
static bool is_profile_of(const char *file, weft_import_kind kind, char ret[64])
{
    char end[32];
    int end_size = snprintf(end, sizeof end, "-%s.yaml", weft_import_kind_name(kind));
    size_t size = strlen(file);
    if (size <= (size_t)end_size || size - (size_t)end_size >= 64 ||
        strcmp(file + size - end_size, end) != 0)
        return false;
    memcpy(ret, file, size - (size_t)end_size);
    ret[size - (size_t)end_size] = '\0';
    return is_profile_name(ret);
}

// A folder that is not there has none.
static weft_status profiles_in(const char *folder, weft_import_kind kind, bool is_own,
                               weft_status (*each)(void *context, const char *profile,
                                                   bool remembered, weft_error *error),
                               void *context, weft_error *error)
{
    char name[64];
    weft_status status = WEFT_OK;
    DIR *dir = opendir(folder);
    if (dir == NULL)
        return WEFT_OK;
    for (struct dirent *entry; status == WEFT_OK && (entry = readdir(dir)) != NULL;)
        if (is_profile_of(entry->d_name, kind, name))
            status = each(context, name, is_own, error);
    closedir(dir);
    return status;
}

weft_status wf_import_profiles(const wf_import_city *city, weft_import_kind kind,
                               weft_status (*each)(void *context, const char *profile,
                                                   bool remembered, weft_error *error),
                               void *context, weft_error *error)
{
    wf_path folder;
    WF_TRY(wf_path_join(city->city_dir, remembered, &folder, error));
    WF_TRY(profiles_in(folder.text, kind, true, each, context, error));
    return profiles_in(city->profiles.text, kind, false, each, context, error);
}

static bool is_remembered(const char *file)
{
    char name[64];
    for (int kind = 0; kind < WEFT_IMPORT_KIND_COUNT; kind++)
        if (is_profile_of(file, (weft_import_kind)kind, name))
            return true;
    return false;
}

weft_status wf_import_remembered(const wf_import_city *city,
                                 weft_status (*each)(void *context, const char *name,
                                                     weft_error *error),
                                 void *context, weft_error *error)
{
    wf_path folder;
    char name[sizeof remembered + 128];
    WF_TRY(wf_path_join(city->city_dir, remembered, &folder, error));
    weft_status status = WEFT_OK;
    DIR *dir = opendir(folder.text);
    if (dir == NULL)
        return errno == ENOENT ? WEFT_OK
                               : wf_fail_errno(error, errno, "io.open", folder.text);
    for (struct dirent *entry; status == WEFT_OK && (entry = readdir(dir)) != NULL;) {
        if (!is_remembered(entry->d_name))
            continue;
        int size = snprintf(name, sizeof name, "%s/%s", remembered, entry->d_name);
        WF_ASSERT(size > 0 && (size_t)size < sizeof name); // a profile's name is short
        status = each(context, name, error);
    }
    closedir(dir);
    return status;
}
