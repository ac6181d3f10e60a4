#include "access/city/city_file.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>

#include "base/yaml.h"

enum { file_bytes_max = 64 * 1024, word_bytes_max = 64, address_bytes_max = 2048 };

static const char file_name[] = "weft.yaml";
static const char *const kind_words[] = {"real", "drill"}; // by weft_city_kind

static bool is_grid(wf_text text)
{
    return text.size <= 32 && strspn(text.bytes, "0123456789") == text.size;
}

// ---- reading ----

static weft_status read_word(const wf_yaml *map, const char *key, const char *file,
                             bool may_be_empty, const char **ret, weft_error *error)
{
    const wf_yaml *node = wf_yaml_get(map, key);
    if (node == NULL)
        return wf_yaml_fail(map, file, error, "city.key_missing", "key", key, NULL);
    bool empty = node->kind == WF_YAML_SCALAR && node->scalar.size == 0;
    if (node->kind != WF_YAML_SCALAR || node->scalar.size > word_bytes_max ||
        (empty && !may_be_empty))
        return wf_yaml_fail(node, file, error, "city.key_wrong", "key", key, NULL);
    *ret = node->scalar.bytes; // the tree's texts end with NUL
    return WEFT_OK;
}

static weft_status read_kind(weft_city *city, const wf_yaml *map, const char *file,
                             weft_error *error)
{
    const char *word = "";
    WF_TRY(read_word(map, "kind", file, false, &word, error));
    for (size_t i = 0; i < sizeof kind_words / sizeof *kind_words; i++) {
        if (strcmp(word, kind_words[i]) == 0) {
            city->kind = (weft_city_kind)i;
            return WEFT_OK;
        }
    }
    return wf_yaml_fail(wf_yaml_get(map, "kind"), file, error, "city.key_wrong", "key",
                        "kind", NULL);
}

// Printable ASCII without blanks: the rest of an address is written with "%".
static bool is_address(wf_text text)
{
    static const char scheme[] = "postgres://";
    size_t scheme_size = sizeof scheme - 1;
    if (text.size <= scheme_size || text.size > address_bytes_max ||
        memcmp(text.bytes, scheme, scheme_size) != 0)
        return false;
    for (size_t i = 0; i < text.size; i++)
        if (text.bytes[i] <= ' ' || text.bytes[i] > '~')
            return false;
    return true;
}

// Where the rows are kept; without the key, in the folder. The address may hold a
// password: no error repeats it.
static weft_status read_records(weft_city *city, const wf_yaml *map, const char *file,
                                weft_error *error)
{
    const wf_yaml *node = wf_yaml_get(map, "records");
    if (node == NULL)
        return WEFT_OK;
    if (node->kind != WF_YAML_SCALAR || !is_address(node->scalar))
        return wf_yaml_fail(node, file, error, "city.records", NULL);
    city->records = node->scalar.bytes;
    return WEFT_OK;
}

// The one machine, beside this one, that requests of others come through (nginx, which
// speaks TLS): without it the service listens on loopback only.
static weft_status read_proxy(weft_city *city, const wf_yaml *map, const char *file,
                              weft_error *error)
{
    unsigned char address[sizeof(struct in6_addr)];
    const wf_yaml *node = wf_yaml_get(map, "proxy");
    if (node == NULL)
        return WEFT_OK;
    if (node->kind != WF_YAML_SCALAR ||
        (inet_pton(AF_INET, node->scalar.bytes, address) != 1 &&
         inet_pton(AF_INET6, node->scalar.bytes, address) != 1))
        return wf_yaml_fail(node, file, error, "city.proxy", NULL);
    city->proxy = node->scalar.bytes;
    return WEFT_OK;
}

static bool is_header(wf_text text)
{
    return text.size > 0 && text.size <= word_bytes_max &&
           strspn(text.bytes, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                              "0123456789-") == text.size;
}

// Single sign-on: both keys, or none, and a proxy in front, because nobody else is
// believed.
static weft_status read_sso(weft_city *city, const wf_yaml *map, const char *file,
                            weft_error *error)
{
    const wf_yaml *header = wf_yaml_get(map, "sso_header");
    const wf_yaml *secret = wf_yaml_get(map, "sso_secret");
    if (header == NULL && secret == NULL)
        return WEFT_OK;
    if (header == NULL || header->kind != WF_YAML_SCALAR || !is_header(header->scalar) ||
        secret == NULL || secret->kind != WF_YAML_SCALAR || secret->scalar.size == 0 ||
        secret->scalar.bytes[0] != '/' || city->proxy == NULL)
        return wf_yaml_fail(header != NULL ? header : secret, file, error, "city.sso",
                            NULL);
    city->sso_header = header->scalar.bytes;
    city->sso_secret = secret->scalar.bytes;
    return WEFT_OK;
}

// A grid that is no code would lie in no other and hold none: nobody would have rights.
static weft_status read_grid(weft_city *city, const wf_yaml *map, const char *file,
                             weft_error *error)
{
    WF_TRY(read_word(map, "grid", file, true, &city->grid, error));
    if (!is_grid(wf_yaml_get(map, "grid")->scalar))
        return wf_yaml_fail(wf_yaml_get(map, "grid"), file, error, "city.key_wrong",
                            "key", "grid", NULL);
    return WEFT_OK;
}

// Texts are used up to their NUL: one inside would hide what follows it.
static weft_status check_texts(const wf_yaml *map, const char *file, weft_error *error)
{
    for (size_t i = 0; i < map->count; i++) {
        const wf_yaml *node = map->items[i];
        if (node->kind == WF_YAML_SCALAR &&
            strlen(node->scalar.bytes) != node->scalar.size)
            return wf_yaml_fail(node, file, error, "city.key_wrong", "key", map->keys[i],
                                NULL);
    }
    return WEFT_OK;
}

static weft_status read_map(weft_city *city, const wf_yaml *map, const char *file,
                            weft_error *error)
{
    static const char *const keys[] = {"weft",     "city",       "kind",       "zone",
                                       "protocol", "law",        "grid",       "records",
                                       "proxy",    "sso_header", "sso_secret", NULL};
    const char *format = "";
    if (map->kind != WF_YAML_MAP)
        return wf_yaml_fail(map, file, error, "city.key_missing", "key", "weft", NULL);
    WF_TRY(read_word(map, "weft", file, false, &format, error));
    if (strcmp(format, "1") != 0)
        return wf_yaml_fail(wf_yaml_get(map, "weft"), file, error, "city.other_format",
                            "format", format, NULL);
    WF_TRY(wf_yaml_only_keys(map, file, keys, error));
    WF_TRY(check_texts(map, file, error));
    WF_TRY(read_word(map, "city", file, false, &city->id, error));
    WF_TRY(read_kind(city, map, file, error));
    WF_TRY(read_word(map, "zone", file, false, &city->zone_name, error));
    WF_TRY(read_word(map, "protocol", file, false, &city->protocol_name, error));
    WF_TRY(read_word(map, "law", file, false, &city->law, error));
    WF_TRY(read_grid(city, map, file, error));
    WF_TRY(read_records(city, map, file, error));
    WF_TRY(read_proxy(city, map, file, error));
    return read_sso(city, map, file, error);
}

weft_status wf_city_file_read(weft_city *city, weft_error *error)
{
    wf_path path;
    wf_text text;
    const wf_yaml *map = NULL;
    WF_TRY(wf_path_join(city->dir.text, file_name, &path, error));
    weft_status status =
        wf_io_read_file(city->io, path.text, file_bytes_max, &city->arena, &text, error);
    if (status == WEFT_NOT_FOUND)
        return wf_fail(error, WEFT_NOT_FOUND, "city.none", "path", city->dir.text, NULL);
    WF_TRY(status);
    wf_text name = wf_arena_text(&city->arena, wf_text_of(path.text));
    if (name.bytes == NULL)
        return wf_fail_memory(error);
    WF_TRY(wf_yaml_parse(text, name.bytes, &city->arena, &map, error));
    return read_map(city, map, name.bytes, error);
}

// ---- writing ----

// Words of weft.yaml are written without quotes: nothing else may be in them.
static bool is_word(const char *text)
{
    size_t size = strlen(text);
    return size > 0 && size <= word_bytes_max &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                        "0123456789-_/+.") == size;
}

weft_status wf_city_file_defaults(weft_init_options *options, weft_error *error)
{
    if (options->protocol == NULL)
        options->protocol = "nhc-covid-8";
    if (options->grid == NULL)
        options->grid = "";
    if (options->zone == NULL)
        options->zone = "Asia/Shanghai";
    if (options->law == NULL)
        options->law = "cn";
    const char *const words[] = {options->protocol, options->zone, options->law};
    static const char *const names[] = {"protocol", "zone", "law"};
    for (size_t i = 0; i < 3; i++)
        if (!is_word(words[i]))
            return wf_fail(error, WEFT_BAD_USAGE, "city.word", "option", names[i], NULL);
    if (!is_grid(wf_text_of(options->grid)))
        return wf_fail(error, WEFT_BAD_USAGE, "city.grid", NULL);
    if (options->clock != NULL && options->kind == WEFT_CITY_REAL)
        return wf_fail(error, WEFT_BAD_USAGE, "city.real_clock", NULL);
    return WEFT_OK;
}

weft_status wf_city_file_write(const wf_io *io, const char *dir, const char *id,
                               const weft_init_options *options, weft_error *error)
{
    wf_path path;
    wf_buffer text = {0};
    WF_TRY(wf_path_join(dir, file_name, &path, error));
    weft_status status = WEFT_OK;
    if (!wf_buffer_printf(&text,
                          "# 织网 Weft: one city. Made by weft init; the city's id names "
                          "its key and never changes.\n"
                          "weft: 1\ncity: %s\nkind: %s\nzone: %s\nprotocol: %s\nlaw: %s\n"
                          "grid: \"%s\"\n",
                          id, kind_words[options->kind], options->zone, options->protocol,
                          options->law, options->grid))
        status = wf_fail_memory(error);
    else
        status = wf_io_replace_file(io, path.text, wf_buffer_text(&text), 0600, error);
    wf_buffer_done(&text);
    return status;
}
