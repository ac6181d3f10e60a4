// Workbooks put together by hand, so that each part can be what no program would write.
#ifndef TEST_SUPPORT_MADE_BOOK_H
#define TEST_SUPPORT_MADE_BOOK_H

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#include "base/bytes.h"
#include "base/text.h"

typedef struct {
    const char *path;
    wf_text content;
    bool packed; // deflated; else stored
} made_part;

static inline void made_put(wf_buffer *to, const void *bytes, size_t size)
{
    WF_ASSERT(wf_buffer_append(to, bytes, size));
}

static inline void made_number(wf_buffer *to, uint64_t number, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        made_put(to, &(unsigned char){(unsigned char)(number >> (8 * i))}, 1);
}

// The content as it stands in the zip; freed by the caller.
static inline char *made_packed(const made_part *part, size_t *ret_size)
{
    size_t room = part->content.size + part->content.size / 1000 + 64;
    char *bytes = malloc(room);
    WF_ASSERT(bytes != NULL);
    if (!part->packed) {
        memcpy(bytes, part->content.bytes, part->content.size);
        *ret_size = part->content.size;
        return bytes;
    }
    z_stream stream = {.next_in = (unsigned char *)(uintptr_t)part->content.bytes,
                       .avail_in = (uInt)part->content.size,
                       .next_out = (unsigned char *)bytes,
                       .avail_out = (uInt)room};
    WF_ASSERT(deflateInit2(&stream, 9, Z_DEFLATED, -15, 9, Z_DEFAULT_STRATEGY) == Z_OK &&
              deflate(&stream, Z_FINISH) == Z_STREAM_END);
    *ret_size = stream.total_out;
    WF_ASSERT(deflateEnd(&stream) == Z_OK);
    return bytes;
}

// What the local header and the directory share.
static inline void made_about(wf_buffer *to, const made_part *part, size_t packed)
{
    uint32_t sum = (uint32_t)crc32(0, (const unsigned char *)part->content.bytes,
                                   (uInt)part->content.size);
    made_number(to, 20, 2);
    made_number(to, 0, 2);
    made_number(to, part->packed ? 8 : 0, 2);
    made_number(to, 0x00210000, 4); // 1980-01-01
    made_number(to, sum, 4);
    made_number(to, (uint32_t)packed, 4);
    made_number(to, (uint32_t)part->content.size, 4);
    made_number(to, (uint32_t)strlen(part->path), 2);
    made_number(to, 0, 2);
}

// Appends a zip of these parts.
static inline void made_zip(const made_part *parts, size_t count, wf_buffer *to)
{
    wf_buffer directory = {0};
    for (size_t i = 0; i < count; i++) {
        size_t packed;
        uint32_t offset = (uint32_t)to->size;
        char *bytes = made_packed(&parts[i], &packed);
        made_put(to, "PK\3\4", 4);
        made_about(to, &parts[i], packed);
        made_put(to, parts[i].path, strlen(parts[i].path));
        made_put(to, bytes, packed);
        free(bytes);
        made_put(&directory, "PK\1\2", 4);
        made_number(&directory, 20, 2);
        made_about(&directory, &parts[i], packed);
        made_number(&directory, 0, 2 + 2 + 2);
        made_number(&directory, 0, 4);
        made_number(&directory, offset, 4);
        made_put(&directory, parts[i].path, strlen(parts[i].path));
    }
    uint32_t at = (uint32_t)to->size;
    made_put(to, directory.bytes, directory.size);
    made_put(to, "PK\5\6", 4);
    made_number(to, 0, 4);
    made_number(to, (uint32_t)count, 2);
    made_number(to, (uint32_t)count, 2);
    made_number(to, (uint32_t)directory.size, 4);
    made_number(to, at, 4);
    made_number(to, 0, 2);
    wf_buffer_done(&directory);
}

#define MADE_SPACE "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define MADE_RELATIONS                                                                   \
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#define MADE_RELATION(id, kind, target)                                                  \
    "<Relationship Id=\"" id "\" Type=\"" MADE_RELATIONS "/" kind "\" Target=\"" target  \
    "\"/>"
#define MADE_RELATION_LIST(list)                                                         \
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/"             \
    "relationships\">" list "</Relationships>"
#define MADE_SHEET(data)                                                                 \
    "<worksheet xmlns=\"" MADE_SPACE "\"><sheetData>" data "</sheetData></worksheet>"

static const char made_whole[] =
    MADE_RELATION_LIST(MADE_RELATION("rId1", "officeDocument", "xl/workbook.xml"));
static const char made_relations[] = MADE_RELATION_LIST(
    MADE_RELATION("rId1", "worksheet", "worksheets/sheet1.xml")
        MADE_RELATION("rId2", "worksheet", "/xl/worksheets/sheet2.xml")
            MADE_RELATION("rId3", "styles", "styles.xml")
                MADE_RELATION("rId4", "sharedStrings", "sharedStrings.xml")
                    MADE_RELATION("rId5", "chartsheet", "chartsheets/sheet1.xml"));
// Inside <workbook>: one sheet; all that made_relations knows.
#define MADE_ONE_SHEET                                                                   \
    "<sheets><sheet name=\"病例\" sheetId=\"1\" r:id=\"rId1\"/></sheets>"
#define MADE_BOOK(inside)                                                                \
    "<workbook xmlns=\"" MADE_SPACE "\" xmlns:r=\"" MADE_RELATIONS "\">" inside          \
    "</workbook>"

// A book of one or two sheets; what is NULL is not in it.
typedef struct {
    const char *book, *sheet, *other_sheet, *texts, *styles;
} made_xml;

static inline void made_book(const made_xml *xml, wf_buffer *to)
{
    const struct {
        const char *path, *content;
    } all[] = {
        {"_rels/.rels", made_whole},
        {"xl/workbook.xml", xml->book != NULL ? xml->book : MADE_BOOK(MADE_ONE_SHEET)},
        {"xl/_rels/workbook.xml.rels", made_relations},
        {"xl/worksheets/sheet1.xml", xml->sheet},
        {"xl/worksheets/sheet2.xml", xml->other_sheet},
        {"xl/sharedStrings.xml", xml->texts},
        {"xl/styles.xml", xml->styles}};
    made_part parts[sizeof all / sizeof all[0]];
    size_t count = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        if (all[i].content != NULL)
            parts[count++] = (made_part){all[i].path, wf_text_of(all[i].content), true};
    made_zip(parts, count, to);
}

#endif
