/* Proves providers/odata/payload.c, atom.c, atom_value.c and reader.c: rows in every form that the versions have. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/warnings.h"
#include "providers/odata/reader.h"
#include "opened.h"

static const char address[] = "https://shop.example/svc/Products?$top=5";

struct read {
    struct buffer rows;              /* "ID=1 Name=a\nID=2 …": NULL cells are left out */
    struct buffer inner;             /* "address (parent's cells)" */
    char next[300], delta[300];
    int64_t count;
    bool failure;
    size_t warnings;
    struct error err;
};

static void print_cells(const struct table *table, const struct value *const *cells, size_t row, struct buffer *out)
{
    bool first = true;

    for (size_t i = 0; i < table->column_count; i++) {
        const struct value *cell = cells[i] ? &cells[i][row] : NULL;
        char scratch[VALUE_SCRATCH];
        size_t length;
        if (!cell || value_is_null(cell))
            continue;
        const char *text = value_as_text(cell, scratch, &length);
        buffer_printf(out, "%s%s=%.*s", first ? "" : " ", table->columns[i].name, (int)length, text);
        first = false;
    }
}

static void read_page(struct opened *opened, const char *table_name, enum odata_page_kind kind, const char *body, struct read *read)
{
    const struct odata_table *table = opened_table(opened, table_name);
    struct value echo[64];
    struct warnings warnings = {0};
    struct odata_reader *reader;
    struct odata_page_facts facts;
    bool needed[64], found = true;

    *read = (struct read){0};
    buffer_init(&read->rows, 1 << 16);
    buffer_init(&read->inner, 1 << 16);
    for (size_t i = 0; i < table->table.column_count; i++) {
        needed[i] = true;
        echo[i] = value_null();
    }
    assert_true(odata_reader_open(&opened->context, table, needed, &warnings, &reader, &read->err));
    bool done = odata_reader_page(reader, kind, body, strlen(body), address, echo, &facts, &read->err);
    if (done && !facts.failure)
        for (size_t row = 0; (done = odata_reader_next(reader, row, &found, &read->err)) && found; row++) {
            buffer_append_text(&read->rows, row ? "\n" : "");
            print_cells(&table->table, (const struct value *const *)odata_reader_cells(reader), row, &read->rows);
        }
    if (done) {
        snprintf(read->next, sizeof read->next, "%s", facts.next ? facts.next : "");
        snprintf(read->delta, sizeof read->delta, "%s", facts.delta ? facts.delta : "");
        read->count = facts.count;
        read->failure = facts.failure;
        const char *more;
        const struct value *parent;
        while (odata_reader_inner(reader, &more, &parent)) {
            const struct value *cells[64] = {0};
            for (size_t i = 0; i < table->parent_count; i++)
                cells[i] = &parent[i];
            buffer_printf(&read->inner, "%s%s (", read->inner.length ? " " : "", more);
            print_cells(&table->table, cells, 0, &read->inner);
            buffer_append_char(&read->inner, ')');
        }
    }
    read->warnings = warnings.count;
    odata_reader_close(reader);
    warnings_clear(&warnings);
}

static void read_clear(struct read *read)
{
    buffer_clear(&read->rows);
    buffer_clear(&read->inner);
}

struct page {
    const char *table;
    enum odata_page_kind kind;
    const char *body, *rows;         /* rows: or the error's message */
    const char *next;                /* NULL: none */
    int64_t count;
};

static void check(struct opened *opened, const struct page *pages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct read read;
        read_page(opened, pages[i].table, pages[i].kind, pages[i].body, &read);
        const char *got = read.err.sqlstate[0] ? read.err.message : read.failure ? "failure" : buffer_text(&read.rows);
        if (strcmp(got, pages[i].rows) != 0)
            fail_msg("page %zu:\n%s\ninstead of\n%s", i, got, pages[i].rows);
        if (!read.err.sqlstate[0] && (strcmp(read.next, pages[i].next ? pages[i].next : "") != 0 || read.count != (pages[i].count ? pages[i].count : -1)))
            fail_msg("page %zu: next %s, count %lld", i, read.next, (long long)read.count);
        read_clear(&read);
    }
}

static void v4_json(void **state)
{
    static const struct page pages[] = {
        /* metadata=minimal, and a link that is relative to the context */
        {"Products", PAGE_ROWS,
         "{\"@odata.context\":\"https://shop.example/svc/$metadata#Products\",\"@odata.count\":23,\"value\":[{\"ID\":1,\"Name\":\"a\",\"Weight\":1.25,"
         "\"Color\":\"Red\",\"Rights\":\"Read, Write\",\"Tags\":[\"x\",\"y\"],\"Maker\":{\"City\":\"Köln\",\"Home\":{\"City\":\"B\"}},\"Since\":\"2024-02-29\","
         "\"Changed\":\"2024-02-29T12:00:00.5+02:00\",\"Opens\":\"08:30:00.0000000\",\"Lasts\":\"P1DT2H\",\"Place\":{\"type\":\"Point\",\"coordinates\":[1,2]},"
         "\"Ratio\":\"INF\",\"CategoryID\":null,\"Extra\":1},{\"ID\":2,\"Name\":\"b\",\"@odata.type\":\"#Shop.Model.Car\",\"Doors\":4,\"Maker\":null}],"
         "\"@odata.nextLink\":\"Products?%24skiptoken=5\"}",
         "ID=1 Name=a Weight=1.250 Color=Red Rights=Read,Write Tags=[\"x\",\"y\"] Maker_City=Köln Maker_Home={\"City\":\"B\"} Since=2024-02-29 "
         "Changed=2024-02-29 10:00:00.5 Opens=08:30:00 Lasts=P1DT2H Place={\"type\":\"Point\",\"coordinates\":[1,2]} Ratio=inf\n"
         "ID=2 Name=b Doors=4",
         "https://shop.example/svc/Products?%24skiptoken=5", 23},
        /* IEEE754Compatible, 4.01 without "odata.", numbers for members, metadata=none */
        {"Products", PAGE_ROWS,
         "{\"@count\":\"1\",\"value\":[{\"ID\":\"9223372036854775807\",\"Name\":\"a\",\"Weight\":\"1.5\",\"Color\":4,\"Rights\":3,\"Ratio\":0.1}],"
         "\"@nextLink\":\"https://shop.example/svc/Products?$skiptoken='a%20b'\"}",
         "ID=9223372036854775807 Name=a Weight=1.500 Color=Green Rights=Read,Write Ratio=0.1",
         "https://shop.example/svc/Products?$skiptoken='a%20b'", 1},
        /* metadata=full, with files and remarks */
        {"Products", PAGE_ROWS,
         "{\"@odata.context\":\"$metadata#Products\",\"value\":[{\"@odata.id\":\"Products(1)\",\"@odata.etag\":\"W/\\\"1\\\"\",\"@odata.mediaReadLink\":\"Products(1)/$value\","
         "\"@odata.mediaContentType\":\"image/png\",\"Photo@odata.mediaEditLink\":\"Products(1)/Edit\",\"Photo@odata.mediaReadLink\":\"Products(1)/Photo\","
         "\"Photo@odata.mediaContentType\":\"image/gif\",\"ID@odata.type\":\"#Int64\",\"ID\":1,\"Name\":\"a\",\"Category@odata.navigationLink\":\"x\"}]}",
         "ID=1 Name=a Photo=https://shop.example/svc/Products(1)/Photo Photo_ContentType=image/gif MediaReadLink=https://shop.example/svc/Products(1)/$value "
         "MediaContentType=image/png", NULL, 0},
        {"Categories", PAGE_ROWS,
         "\xEF\xBB\xBF{\"value\":[{\"ID\":1,\"Name\":\"a\",\"Age\":5,\"Age@odata.type\":\"#Int16\",\"More\":{\"b\":[1]},\"Products\":[]}]}",
         "ID=1 Name=a DynamicProperties={\"Age\":5,\"More\":{\"b\":[1]}}", NULL, 0},
        {"Categories", PAGE_ROWS, "{\"value\":[],\"@odata.nextLink\":\"next\"}", "", "https://shop.example/svc/next", 0},
        {"Categories", PAGE_ROWS, "{\"@odata.context\":\"https://shop.example/svc/$metadata#Categories(ID,Name)/x\",\"value\":[],\"@odata.nextLink\":\"Categories?a=/b\"}", "",
         "https://shop.example/svc/Categories?a=/b", 0},
        {"Categories", PAGE_ROW, "{\"@odata.context\":\"c\",\"ID\":7,\"Name\":\"one\",\"error\":{\"b\":1}}", "ID=7 Name=one DynamicProperties={\"error\":{\"b\":1}}",
         NULL, 0},
        /* What is no page. */
        {"Categories", PAGE_ROWS, "{\"error\":{\"code\":\"5\",\"message\":\"m\"}}", "failure", NULL, 0},
        {"Categories", PAGE_ROW, "{\"error\":{\"code\":\"5\",\"message\":\"m\"}}", "failure", NULL, 0},
        {"Categories", PAGE_ROWS, "{\"items\":[{\"ID\":1}]}", "Table Categories: https://shop.example/svc/Products answered with JSON that is no page of this service. "
                                                            "Is the URL property right?", NULL, 0},
        {"Categories", PAGE_ROWS, "{\"value\":[{\"ID\":1}", "Table Categories: The JSON ends too early, at byte 18: expected ',' or ']'", NULL, 0},
        {"Categories", PAGE_ROWS, "[{\"ID\":1}]", "Table Categories: https://shop.example/svc/Products answered with JSON that is no page of this service. "
                                                "Is the URL property right?", NULL, 0},
        /* A row without its key is told of, not an error. */
        {"Categories", PAGE_ROWS, "{\"value\":[{\"Name\":\"a\"}]}", "Name=a", NULL, 0},
        {"Categories", PAGE_ROWS, "{\"value\":[{\"ID\":\"x\",\"Name\":\"a\"}]}",
         "Column ID of table Categories: the service sent \"x\", which is no value of type bigint", NULL, 0},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    check(&opened, pages, sizeof pages / sizeof pages[0]);
    opened_close(&opened);
}

static void v2_json(void **state)
{
    static const char row[] = "ID=5 Name=a Price=1.50 Since=2011-03-19 Changed=2011-03-19 19:06:00.123 Opens=08:01:00 Maker_City=K Maker_Land_Code=DE";
    static const struct page pages[] = {
        {"Products", PAGE_ROWS,
         "{\"d\":{\"results\":[{\"__metadata\":{\"uri\":\"u\",\"type\":\"Shop.Product\",\"media_src\":\"Products(5L)/$value\",\"content_type\":\"image/png\"},\"ID\":\"5\","
         "\"Name\":\"a\",\"Price\":\"1.50\",\"Since\":\"\\/Date(1300561560123)\\/\",\"Changed\":\"/Date(1300561560123+0060)/\",\"Opens\":\"PT08H01M00S\",\"Code\":null,"
         "\"Maker\":{\"__metadata\":{\"type\":\"Shop.Address\"},\"City\":\"K\",\"Land\":{\"Code\":\"DE\"}},\"Category\":{\"__deferred\":{\"uri\":\"u\"}}}],"
         "\"__count\":\"42\",\"__next\":\"https://shop.example/svc/Products?$skiptoken=5L\"}}",
         "ID=5 Name=a Price=1.50 Since=2011-03-19 Changed=2011-03-19 19:06:00.123 Opens=08:01:00 Maker_City=K Maker_Land_Code=DE "
         "MediaReadLink=https://shop.example/svc/Products(5L)/$value MediaContentType=image/png",
         "https://shop.example/svc/Products?$skiptoken=5L", 42},
        /* V1 has an array, some servers no envelope. */
        {"Categories", PAGE_ROWS, "{\"d\":[{\"ID\":1,\"Name\":\"a\"},{\"ID\":2}]}", "ID=1 Name=a\nID=2", NULL, 0},
        {"Categories", PAGE_ROWS, "{\"results\":[{\"ID\":1}],\"__next\":\"n\"}", "ID=1", "https://shop.example/svc/n", 0},
        {"Categories", PAGE_ROWS, "{\"d\":{\"results\":[]}}", "", NULL, 0},
        {"Categories", PAGE_ROW, "{\"d\":{\"ID\":1,\"Name\":\"a\"}}", "ID=1 Name=a", NULL, 0},
        {"Categories", PAGE_ROW, "{\"ID\":1,\"Name\":\"a\"}", "ID=1 Name=a", NULL, 0},
        /* V3 light from a service of which the metadata says V2. */
        {"Products", PAGE_ROWS,
         "{\"odata.metadata\":\"m\",\"odata.count\":\"1\",\"value\":[{\"ID\":\"5\",\"Name\":\"a\",\"Price\":\"1.5\",\"Since\":\"2011-03-19T00:00:00\","
         "\"Changed\":\"2011-03-19T19:06:00.123\",\"Opens\":\"PT8H1M\",\"Maker\":{\"City\":\"K\",\"Land\":{\"Code\":\"DE\"}}}],\"odata.nextLink\":\"Products?$skip=1\"}",
         row, "https://shop.example/svc/Products?$skip=1", 1},
        {"Categories", PAGE_ROWS, "{\"odata.error\":{\"code\":\"\",\"message\":{\"value\":\"m\"}}}", "failure", NULL, 0},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v2.xml", &plain_options);
    check(&opened, pages, sizeof pages / sizeof pages[0]);
    opened_close(&opened);
}

#define ATOM " xmlns='http://www.w3.org/2005/Atom' xmlns:m='http://schemas.microsoft.com/ado/2007/08/dataservices/metadata'" \
             " xmlns:d='http://schemas.microsoft.com/ado/2007/08/dataservices'"

static void v2_atom(void **state)
{
    static const struct page pages[] = {
        {"Products", PAGE_ROWS,
         "<?xml version='1.0'?><feed xml:base='https://shop.example/other/'" ATOM "><title>Products</title><m:count>42</m:count><link rel='self' href='Products'/>"
         "<entry><id>x</id><category term='Shop.Product'/><link rel='edit' href='Products(5L)'/><content type='image/png' src='Products(5L)/$value'/>"
         "<m:properties><d:ID m:type='Edm.Int64'>5</d:ID><d:Name>a &amp; b</d:Name><d:Price m:type='Edm.Decimal'>1.5</d:Price>"
         "<d:Since m:type='Edm.DateTime'>2011-03-19T00:00:00</d:Since><d:Changed m:type='Edm.DateTime'>2011-03-19T19:06:00.1234567</d:Changed>"
         "<d:Opens m:type='Edm.Time'>PT8H1M</d:Opens><d:Code m:type='Edm.Guid' m:null='true'/><d:Maker m:type='Shop.Address'><d:City></d:City>"
         "<d:Land><d:Code>DE</d:Code></d:Land></d:Maker></m:properties></entry>"
         "<entry><content type='application/xml'><m:properties><d:ID m:type='Edm.Int64'>6</d:ID><d:Maker m:null='true'/></m:properties></content></entry>"
         "<link rel='next' href='Products?$skiptoken=6L'/></feed>",
         "ID=5 Name=a & b Price=1.50 Since=2011-03-19 Changed=2011-03-19 19:06:00.1234567 Opens=08:01:00 Maker_City= Maker_Land_Code=DE "
         "MediaReadLink=https://shop.example/other/Products(5L)/$value MediaContentType=image/png\nID=6",
         "https://shop.example/other/Products?$skiptoken=6L", 42},
        {"Categories", PAGE_ROW, "<entry" ATOM "><content><m:properties><d:ID>1</d:ID><d:Name>a</d:Name></m:properties></content></entry>", "ID=1 Name=a", NULL, 0},
        {"Categories", PAGE_ROWS, "<feed" ATOM "/>", "", NULL, 0},
        {"Categories", PAGE_ROWS, "<m:error" ATOM "><m:code/><m:message>no</m:message></m:error>", "failure", NULL, 0},
        {"Categories", PAGE_ROWS, "<feed" ATOM "><entry><content><m:properties><d:ID>1</d:ID></m:properties></content><m:error><m:message>x</m:message></m:error>",
         "failure", NULL, 0},
        {"Categories", PAGE_ROWS, "<feed" ATOM "><entry>", "Table Categories: the service sent malformed XML in line 1: ", NULL, 0},
        {"Categories", PAGE_ROWS, "<service xmlns='http://www.w3.org/2007/app'/>",
         "Table Categories: https://shop.example/svc/Products answered with XML that is no feed of this service", NULL, 0},
        {"Categories", PAGE_ROWS, "<feed" ATOM "><entry><content><m:properties><d:ID>x</d:ID></m:properties></content></entry></feed>",
         "Column ID of table Categories: the service sent \"x\", which is no value of type integer", NULL, 0},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v2.xml", &plain_options);
    for (size_t i = 0; i < sizeof pages / sizeof pages[0]; i++) {
        struct read read;
        if (strncmp(pages[i].body, "<feed" ATOM "><entry>", sizeof "<feed" ATOM "><entry>") == 0) {
            read_page(&opened, pages[i].table, pages[i].kind, pages[i].body, &read);
            assert_int_equal(strncmp(read.err.message, pages[i].rows, strlen(pages[i].rows)), 0); /* the parser's own words follow */
            read_clear(&read);
            continue;
        }
        check(&opened, &pages[i], 1);
    }
    opened_close(&opened);
}

/* V3: collections, open types, streams, geography, properties that stand outside of the properties. */
static void v3_atom(void **state)
{
    static const char *const document =
        "<edmx:Edmx Version='1.0' xmlns:edmx='e'><edmx:DataServices xmlns:m='m' m:DataServiceVersion='3.0'><Schema Namespace='S'>"
        "<EntityType Name='T' OpenType='true'><Key><PropertyRef Name='I'/></Key><Property Name='I' Type='Edm.Int32' Nullable='false'/>"
        "<Property Name='Name' Type='Edm.String' m:FC_TargetPath='SyndicationTitle' m:FC_KeepInContent='false'/>"
        "<Property Name='By' Type='Edm.String' m:FC_TargetPath='SyndicationAuthorName' m:FC_KeepInContent='false'/>"
        "<Property Name='L' Type='Collection(Edm.Int32)'/><Property Name='A' Type='Collection(S.A)'/><Property Name='F' Type='Edm.Stream'/>"
        "<Property Name='P' Type='Edm.GeographyPoint'/><Property Name='G' Type='Edm.GeometryPolygon'/><Property Name='B' Type='Edm.Binary'/>"
        "<Property Name='D' Type='Edm.Double'/></EntityType>"
        "<ComplexType Name='A'><Property Name='X' Type='Edm.String'/></ComplexType>"
        "<EntityContainer Name='C'><EntitySet Name='Ts' EntityType='S.T'/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
    static const struct page pages[] = {
        {"Ts", PAGE_ROWS,
         "<feed" ATOM " xmlns:g='http://www.opengis.net/gml'><entry><title>T\"1</title><author><name>me</name></author>"
         "<link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/edit-media/F' type='image/*' href='Ts(1)/E'/>"
         "<link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/mediaresource/F' type='image/png' href='Ts(1)/F'/>"
         "<content><m:properties><d:I m:type='Edm.Int32'>1</d:I><d:L m:type='Collection(Edm.Int32)'><d:element m:type='Edm.Int32'>1</d:element>"
         "<d:element m:type='Edm.Int32'>-2</d:element></d:L><d:A m:type='Collection(S.A)'><d:element><d:X>\"a\\</d:X></d:element><d:element><d:X m:null='true'/>"
         "</d:element></d:A><d:P m:type='Edm.GeographyPoint'><g:Point g:srsName='http://www.opengis.net/def/crs/EPSG/0/4326'><g:pos>51.65 178.7</g:pos></g:Point></d:P>"
         "<d:G m:type='Edm.GeometryPolygon'><g:Polygon><g:exterior><g:LinearRing><g:pos>5 15</g:pos><g:pos>10 40</g:pos></g:LinearRing></g:exterior></g:Polygon></d:G>"
         "<d:B m:type='Edm.Binary'>AP8=</d:B><d:D m:type='Edm.Double'>-INF</d:D><d:More m:type='Edm.Int16'>5</d:More><d:Yes m:type='Edm.Boolean'>true</d:Yes>"
         "<d:Deep><d:In>x</d:In></d:Deep></m:properties></content></entry></feed>",
         "I=1 Name=T\"1 By=me L=[1,-2] A=[{\"X\":\"\\\"a\\\\\"},{\"X\":null}] F=https://shop.example/svc/Ts(1)/F F_ContentType=image/png "
         "P={\"type\":\"Point\",\"coordinates\":[178.7,51.65],\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"EPSG:4326\"}}} "
         "G={\"type\":\"Polygon\",\"coordinates\":[[[5,15],[10,40]]]} B=00FF D=-inf DynamicProperties={\"More\":5,\"Yes\":true,\"Deep\":{\"In\":\"x\"}}", NULL, 0},
        {"Ts", PAGE_ROWS,
         "<feed" ATOM "><entry><title/><author><name/></author><content><m:properties><d:I>2</d:I><d:L m:type='Collection(Edm.Int32)'/><d:Name>kept</d:Name>"
         "</m:properties></content></entry></feed>",
         "I=2 Name=kept L=[]", NULL, 0},
    };
    struct opened opened;
    (void)state;

    opened_text(&opened, document, strlen(document), &plain_options);
    check(&opened, pages, sizeof pages / sizeof pages[0]);
    opened_close(&opened);
}

/* Every primitive type in JSON: at its bounds, exact, and as lax services write it. NaN is NULL. */
static void every_type_in_json(void **state)
{
    static const char format[] =
        "<edmx:Edmx Version='%s' xmlns:edmx='e'><edmx:DataServices xmlns:m='m' m:DataServiceVersion='%s'><Schema Namespace='S'>"
        "<EntityType Name='T'><Key><PropertyRef Name='I'/></Key><Property Name='I' Type='Edm.Int64' Nullable='false'/><Property Name='Sm' Type='Edm.Int16'/>"
        "<Property Name='By' Type='Edm.Byte'/><Property Name='Sb' Type='Edm.SByte'/><Property Name='De' Type='Edm.Decimal' Precision='28' Scale='9'/>"
        "<Property Name='Do' Type='Edm.Double'/><Property Name='Si' Type='Edm.Single'/><Property Name='Bo' Type='Edm.Boolean'/>"
        "<Property Name='Gu' Type='Edm.Guid'/><Property Name='Bi' Type='Edm.Binary'/><Property Name='Ti' Type='%s'/><Property Name='Mo' Type='%s'/>"
        "<Property Name='St' Type='Edm.String'/>%s</EntityType>"
        "<EntityContainer Name='C'><EntitySet Name='Ts' EntityType='S.T'/></EntityContainer></Schema></edmx:DataServices></edmx:Edmx>";
    static const struct page v4[] = {
        {"Ts", PAGE_ROWS,
         "{\"value\":[{\"I\":-9223372036854775808,\"Sm\":-32768,\"By\":255,\"Sb\":-128,\"De\":1234567890123456789.123456789,\"Do\":\"-INF\",\"Si\":0.5,\"Bo\":true,"
         "\"Gu\":\"6F9619FF-8B86-D011-B42D-00CF4FC964FF\",\"Bi\":\"-_8\",\"Ti\":\"23:59:59.9999999\",\"Mo\":\"2024-02-29T23:30:00-01:00\",\"St\":\"\\u00e4\\n\","
         "\"Du\":\"-P1DT0.5S\"},"
         "{\"I\":\"9223372036854775807\",\"De\":\"-0.000000001\",\"Do\":\"NaN\",\"Bi\":\"+/8=\",\"Ti\":\"08:00\",\"Mo\":\"0001-01-01T00:00:00Z\",\"Du\":\"PT36H\"},"
         "{\"I\":1,\"De\":1e3,\"Do\":1.7976931348623157e308,\"Bi\":\"\",\"St\":\"\"}]}",
         "I=-9223372036854775808 Sm=-32768 By=255 Sb=-128 De=1234567890123456789.123456789 Do=-inf Si=0.5 Bo=1 Gu=6f9619ff-8b86-d011-b42d-00cf4fc964ff Bi=FBFF "
         "Ti=23:59:59.9999999 Mo=2024-03-01 00:30:00 St=ä\n Du=-P1DT0.5S\n"
         "I=9223372036854775807 De=-0.000000001 Bi=FBFF Ti=08:00:00 Mo=0001-01-01 00:00:00 Du=PT36H\n"
         "I=1 De=1000.000000000 Do=1.7976931348623157e+308 Bi= St=", NULL, 0},
    };
    static const struct page v2[] = {
        {"Ts", PAGE_ROWS,
         "{\"d\":{\"results\":[{\"I\":\"-9223372036854775808\",\"Sm\":-32768,\"By\":255,\"Sb\":-128,\"De\":\"1234567890123456789.123456789\",\"Do\":\"1.5\",\"Si\":\"0.5\",\"Bo\":false,"
         "\"Gu\":\"6f9619ff-8b86-d011-b42d-00cf4fc964ff\",\"Bi\":\"+/8=\",\"Ti\":\"PT23H59M59.5S\",\"Mo\":\"/Date(-62135596800000)/\",\"St\":null},"
         "{\"I\":\"1\",\"Do\":\"INF\",\"Ti\":\"PT0S\",\"Mo\":\"/Date(253402300799999)/\"}]}}",
         "I=-9223372036854775808 Sm=-32768 By=255 Sb=-128 De=1234567890123456789.123456789 Do=1.5 Si=0.5 Bo=0 Gu=6f9619ff-8b86-d011-b42d-00cf4fc964ff Bi=FBFF "
         "Ti=23:59:59.5 Mo=0001-01-01 00:00:00\nI=1 Do=inf Ti=00:00:00 Mo=9999-12-31 23:59:59.999", NULL, 0},
        /* More than a day is no time of one: NULL, with a warning. */
        {"Ts", PAGE_ROWS, "{\"d\":{\"results\":[{\"I\":\"1\",\"Ti\":\"P1DT1H\"}]}}", "I=1", NULL, 0},
    };
    static const struct page v3[] = {
        {"Ts", PAGE_ROWS,
         "{\"odata.metadata\":\"m\",\"value\":[{\"odata.type\":\"S.T\",\"odata.id\":\"u\",\"I@odata.type\":\"Edm.Int64\",\"I\":\"9223372036854775807\",\"De\":\"0.100000000\",\"Do\":\"NaN\","
         "\"Bi\":\"AP8=\",\"Ti\":\"PT12H\",\"Mo\":\"2011-03-19T19:06:00.1234567\",\"Li@odata.type\":\"Collection(Edm.Int32)\",\"Li\":[1,2],"
         "\"F@odata.mediaReadLink\":\"T(1)/F\",\"F@odata.mediaContentType\":\"image/png\"}]}",
         "I=9223372036854775807 De=0.100000000 Bi=00FF Ti=12:00:00 Mo=2011-03-19 19:06:00.1234567 Li=[1,2] F=https://shop.example/svc/T(1)/F F_ContentType=image/png",
         NULL, 0},
    };
    static const struct { const char *edmx, *version, *time, *moment, *more; const struct page *pages; size_t count; } versions[] = {
        {"4.0", "4.0", "Edm.TimeOfDay", "Edm.DateTimeOffset", "<Property Name='Du' Type='Edm.Duration'/>", v4, sizeof v4 / sizeof v4[0]},
        {"1.0", "2.0", "Edm.Time", "Edm.DateTime", "", v2, sizeof v2 / sizeof v2[0]},
        {"1.0", "3.0", "Edm.Time", "Edm.DateTime", "<Property Name='Li' Type='Collection(Edm.Int32)'/><Property Name='F' Type='Edm.Stream'/>", v3, sizeof v3 / sizeof v3[0]},
    };
    (void)state;
    for (size_t i = 0; i < sizeof versions / sizeof versions[0]; i++) {
        struct opened opened;
        char document[3000];
        int length = snprintf(document, sizeof document, format, versions[i].edmx, versions[i].version, versions[i].time, versions[i].moment, versions[i].more);
        opened_text(&opened, document, (size_t)length, &plain_options);
        check(&opened, versions[i].pages, versions[i].count);
        opened_close(&opened);
    }
}

static void rows_inside_of_others(void **state)
{
    static const struct { const char *file, *table, *body, *rows, *inner; } cases[] = {
        {"shop_v4.xml", "Products_Parts",
         "{\"value\":[{\"ID\":1,\"Parts\":[{\"Number\":\"a\",\"Where\":{\"City\":\"K\"}},{\"Number\":\"b\",\"Where\":{\"City\":\"L\"}}],\"Parts@odata.nextLink\":\"Products(1)/Parts?x=1\"},"
         "{\"ID\":2,\"Parts\":[]},{\"ID\":3,\"Parts\":[],\"Parts@odata.nextLink\":\"m\"},{\"ID\":4,\"Parts\":[{\"Number\":\"c\",\"Where\":{\"City\":\"M\"}}]},{\"ID\":5}]}",
         "Products_ID=1 Number=a Where_City=K\nProducts_ID=1 Number=b Where_City=L\nProducts_ID=4 Number=c Where_City=M",
         "https://shop.example/svc/Products(1)/Parts?x=1 (Products_ID=1) https://shop.example/svc/m (Products_ID=3)"},
        {"shop_v4.xml", "Products_Category",
         "{\"value\":[{\"ID\":1,\"Category\":{\"ID\":7,\"Name\":\"c\"}},{\"ID\":2,\"Category\":null},{\"ID\":3,\"Category\":{\"ID\":8,\"Name\":\"d\",\"X\":1}}]}",
         "Products_ID=1 ID=7 Name=c\nProducts_ID=3 ID=8 Name=d DynamicProperties={\"X\":1}", ""},
        {"shop_v4.xml", "Best_Parts", "{\"ID\":1,\"Parts\":[{\"Number\":\"a\",\"Where\":{\"City\":\"K\"}}]}", "Number=a Where_City=K", ""},
        {"shop_v2.xml", "Categories_Products",
         "{\"d\":{\"results\":[{\"ID\":1,\"Products\":{\"results\":[{\"ID\":\"5\",\"Name\":\"a\"}],\"__next\":\"https://shop.example/svc/Categories(1)/Products?s\"}},"
         "{\"ID\":2,\"Products\":[{\"ID\":\"6\",\"Name\":\"b\"}]}]}}",
         "Categories_ID=1 ID=5 Name=a\nCategories_ID=2 ID=6 Name=b", "https://shop.example/svc/Categories(1)/Products?s (Categories_ID=1)"},
        {"shop_v2.xml", "Categories_Products",
         "<feed" ATOM "><entry><link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/related/Other' title='Other'><m:inline><feed><entry/></feed></m:inline></link>"
         "<link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/related/Products' title='Products'><m:inline><feed>"
         "<entry><content><m:properties><d:ID>5</d:ID><d:Name>a</d:Name></m:properties></content></entry><entry><content><m:properties><d:ID>6</d:ID></m:properties></content></entry>"
         "<link rel='next' href='Categories(1)/Products?s'/></feed></m:inline></link><content><m:properties><d:ID>1</d:ID></m:properties></content></entry>"
         "<entry><link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/related/Products'><m:inline/></link><content><m:properties><d:ID>2</d:ID></m:properties></content></entry>"
         "</feed>",
         "Categories_ID=1 ID=5 Name=a\nCategories_ID=1 ID=6", "https://shop.example/svc/Categories(1)/Products?s (Categories_ID=1)"},
        {"shop_v2.xml", "Products_Category",
         "<feed" ATOM "><entry><link rel='http://schemas.microsoft.com/ado/2007/08/dataservices/related/Category'><m:inline><entry><content><m:properties><d:ID>9</d:ID>"
         "</m:properties></content></entry></m:inline></link><content type='x' src='y'/><m:properties><d:ID>1</d:ID></m:properties></entry></feed>",
         "Products_ID=1 ID=9", ""},
        {"shop_v2.xml", "Categories_Products", "{\"d\":{\"results\":[{\"ID\":1,\"Products\":{\"__deferred\":{\"uri\":\"u\"}}}]}}",
         "Table Categories_Products: the service does not put Products inside of its entities although it was asked to: set SupportsExpand=false", ""},
    };
    (void)state;

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct opened opened;
        struct read read;
        opened_file(&opened, cases[i].file, &plain_options);
        read_page(&opened, cases[i].table, PAGE_PARENTS, cases[i].body, &read);
        const char *got = read.err.sqlstate[0] ? read.err.message : buffer_text(&read.rows);
        if (strcmp(got, cases[i].rows) != 0 || strcmp(buffer_text(&read.inner), cases[i].inner) != 0)
            fail_msg("case %zu:\n%s\n%s", i, got, buffer_text(&read.inner));
        read_clear(&read);
        opened_close(&opened);
    }
}

static void a_byte_order_mark_is_passed_over(void **state)
{
    static const struct page pages[] = {
        {"Products", PAGE_ROWS, "\xEF\xBB\xBF{\"value\":[{\"ID\":1}]}", "ID=1", NULL, 0},
        {"Products", PAGE_ROWS, "\xEF\xBB\xBF \n{\"value\":[{\"ID\":1}]}", "ID=1", NULL, 0},
        {"Products", PAGE_ROWS, "\xEF", "Table Products: The JSON ends too early, at byte 1: expected a value", NULL, 0},
        {"Products", PAGE_ROWS, "\xEF" "2", "Table Products: The JSON is malformed at byte 1: expected a value but found '2'", NULL, 0},
    };
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    check(&opened, pages, sizeof pages / sizeof *pages);
    opened_close(&opened);
}

static void columns_outside_of_the_page_are_repeated(void **state)
{
    static const char body[] = "{\"value\":[{\"Number\":\"a\",\"Where\":{\"City\":\"K\"}},{\"Number\":\"b\",\"Where\":{\"City\":\"L\"}}]}";
    struct opened opened;
    (void)state;

    opened_file(&opened, "shop_v4.xml", &plain_options);
    const struct odata_table *table = opened_table(&opened, "Products_Parts");
    bool needed[8] = {true, true, false, false}, found;
    struct value echo[8] = {value_integer(77)};
    struct odata_reader *reader;
    struct odata_page_facts facts;
    struct error err = {0};
    assert_true(odata_reader_open(&opened.context, table, needed, NULL, &reader, &err));
    assert_true(odata_reader_page(reader, PAGE_ROWS, body, sizeof body - 1, address, echo, &facts, &err));
    for (size_t row = 0; row < 2; row++) {
        assert_true(odata_reader_next(reader, row, &found, &err) && found);
        assert_int_equal(odata_reader_cells(reader)[0][row].integer, 77);
        assert_string_equal(odata_reader_cells(reader)[1][row].text, row ? "b" : "a");
        assert_null(odata_reader_cells(reader)[2]);
    }
    odata_reader_close(reader);
    opened_close(&opened);
}

static void the_services_offset_is_taken_off(void **state)
{
    struct opened opened;
    struct read read;
    (void)state;

    opened_file(&opened, "shop_v2.xml", &plain_options);
    opened.context.form.zone_known = true;
    opened.context.form.zone = 120;
    read_page(&opened, "Products", PAGE_ROWS, "{\"d\":{\"results\":[{\"ID\":\"1\",\"Changed\":\"/Date(1300561560123)/\",\"Since\":\"/Date(1300561560123)/\"}]}}", &read);
    assert_string_equal(buffer_text(&read.rows), "ID=1 Since=2011-03-19 Changed=2011-03-19 17:06:00.123");
    read_clear(&read);
    opened_close(&opened);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(v4_json),
        cmocka_unit_test(v2_json),
        cmocka_unit_test(v2_atom),
        cmocka_unit_test(v3_atom),
        cmocka_unit_test(every_type_in_json),
        cmocka_unit_test(rows_inside_of_others),
        cmocka_unit_test(a_byte_order_mark_is_passed_over),
        cmocka_unit_test(columns_outside_of_the_page_are_repeated),
        cmocka_unit_test(the_services_offset_is_taken_off),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
