/* Proves the signatures of OAuth 1.0a against RFC 5849, the test cases of oauth.net, OAuth Core 1.0a's appendix A and published examples
 * of services: encoding, sorting, base strings and every method. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

#include "base/buffer.h"
#include "base/error.h"
#include "http/url.h"
#include "oauth/oauth1_signature.h"
#include "oauth/private_key.h"

enum { MOST = 16 };

/* That of oauth.net's test case 9.3. */
static const char rsa_key[] =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIICdgIBADANBgkqhkiG9w0BAQEFAASCAmAwggJcAgEAAoGBALRiMLAh9iimur8V\n"
    "A7qVvdqxevEuUkW4K+2KdMXmnQbG9Aa7k7eBjK1S+0LYmVjPKlJGNXHDGuy5Fw/d\n"
    "7rjVJ0BLB+ubPK8iA/Tw3hLQgXMRRGRXXCn8ikfuQfjUS1uZSatdLB81mydBETlJ\n"
    "hI6GH4twrbDJCR2Bwy/XWXgqgGRzAgMBAAECgYBYWVtleUzavkbrPjy0T5FMou8H\n"
    "X9u2AC2ry8vD/l7cqedtwMPp9k7TubgNFo+NGvKsl2ynyprOZR1xjQ7WgrgVB+mm\n"
    "uScOM/5HVceFuGRDhYTCObE+y1kxRloNYXnx3ei1zbeYLPCHdhxRYW7T0qcynNmw\n"
    "rn05/KO2RLjgQNalsQJBANeA3Q4Nugqy4QBUCEC09SqylT2K9FrrItqL2QKc9v0Z\n"
    "zO2uwllCbg0dwpVuYPYXYvikNHHg+aCWF+VXsb9rpPsCQQDWR9TT4ORdzoj+Nccn\n"
    "qkMsDmzt0EfNaAOwHOmVJ2RVBspPcxt5iN4HI7HNeG6U5YsFBb+/GZbgfBT3kpNG\n"
    "WPTpAkBI+gFhjfJvRw38n3g/+UeAkwMI2TJQS4n8+hid0uus3/zOjDySH3XHCUno\n"
    "cn1xOJAyZODBo47E+67R4jV1/gzbAkEAklJaspRPXP877NssM5nAZMU0/O/NGCZ+\n"
    "3jPgDUno6WbJn5cqm8MqWhW1xGkImgRk+fkDBquiq4gPiT898jusgQJAd5Zrr6Q8\n"
    "AO/0isr/3aa6O6NLQxISLKcPDk2NOccAfS/xOtfOz4sJYM3+Bs4Io9+dZGSDCA54\n"
    "Lw03eHTNQghS0A==\n"
    "-----END PRIVATE KEY-----\n";

static void text_is_encoded_byte_by_byte(void **state)
{
    static const struct {
        const char *text, *encoded;
    } cases[] = {
        {"abcABC123", "abcABC123"}, {"-._~", "-._~"}, {"%", "%25"}, {"+", "%2B"}, {"&=*", "%26%3D%2A"}, {"\x0A", "%0A"},
        {" ", "%20"}, {"\x7F", "%7F"}, {"\xC2\x80", "%C2%80"}, {"\xE3\x80\x81", "%E3%80%81"},
        {"\xF0\x9F\x98\x80", "%F0%9F%98%80"}, {"!'()*", "%21%27%28%29%2A"}, {"/", "%2F"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        buffer_init(&out, 100);
        assert_true(url_encode(&out, cases[i].text, strlen(cases[i].text)));
        assert_string_equal(buffer_text(&out), cases[i].encoded);
        buffer_clear(&out);
    }
}

static size_t count_of(const struct oauth1_parameter *parameters)
{
    size_t count = 0;
    while (count < MOST && parameters[count].name)
        count++;
    return count;
}

static void parameters_are_sorted_in_their_encoded_form(void **state)
{
    static const struct {
        struct oauth1_parameter parameters[MOST];
        const char *normalized;
    } cases[] = {
        {{{"name", ""}}, "name="},
        {{{"a", "b"}}, "a=b"},
        {{{"a", "b"}, {"c", "d"}}, "a=b&c=d"},
        {{{"a", "x!y"}, {"a", "x y"}}, "a=x%20y&a=x%21y"},
        {{{"x!y", "a"}, {"x", "a"}}, "x=a&x%21y=a"},
        {{{"b5", "=%3D"}, {"a3", "a"}, {"c@", ""}, {"a2", "r b"}, {"oauth_consumer_key", "9djdj82h48djs9d2"},
          {"oauth_token", "kkk9d7dh3k39sjv7"}, {"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "137131201"},
          {"oauth_nonce", "7d8f3e4a"}, {"c2", ""}, {"a3", "2 q"}},
         "a2=r%20b&a3=2%20q&a3=a&b5=%3D%253D&c%40=&c2=&oauth_consumer_key=9djdj82h48djs9d2&oauth_nonce=7d8f3e4a&oauth_signature_m"
         "ethod=HMAC-SHA1&oauth_timestamp=137131201&oauth_token=kkk9d7dh3k39sjv7"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        struct error err;
        buffer_init(&out, 1000);
        assert_true(oauth1_normalize(cases[i].parameters, count_of(cases[i].parameters), &out, &err));
        assert_string_equal(buffer_text(&out), cases[i].normalized);
        buffer_clear(&out);
    }
}

static void the_uri_loses_its_query_and_usual_port(void **state)
{
    static const struct {
        const char *url, *uri;
    } cases[] = {
        {"HTTP://EXAMPLE.COM:80/r%20v/X?id=123", "http://example.com/r%20v/X"},
        {"https://www.example.net:8080/?q=1", "https://www.example.net:8080/"},
        {"http://example.com", "http://example.com/"},
        {"https://example.com:443/a", "https://example.com/a"},
        {"http://[::1]:8080/a", "http://[::1]:8080/a"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        struct error err;
        buffer_init(&out, 1000);
        assert_true(oauth1_base_uri(cases[i].url, &out, &err));
        assert_string_equal(buffer_text(&out), cases[i].uri);
        buffer_clear(&out);
    }
}

static void both_secrets_make_the_key_of_hmac(void **state)
{
    static const struct {
        const char *client_secret, *token_secret, *base_string, *signature;
    } cases[] = {
        {"cs", "", "bs", "egQqG5AJep5sJ7anhXju1unge2I="},
        {"cs", "ts", "bs", "VZVjXceV7JgPq/dOTnNmEfO0Fv8="},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer out;
        struct error err;
        const struct oauth1_secrets secrets = {cases[i].client_secret, cases[i].token_secret, NULL};
        buffer_init(&out, 1000);
        assert_true(oauth1_sign(OAUTH1_HMAC_SHA1, &secrets, cases[i].base_string, &out, &err));
        assert_string_equal(buffer_text(&out), cases[i].signature);
        buffer_clear(&out);
    }
}

/* The signature that RFC 5849 prints in its section 3.1 can not be reproduced by anybody; the base string of that request can. */
static void whole_requests_are_signed(void **state)
{
    static const struct {
        const char *name, *method, *url, *form;
        struct oauth1_parameter protocol[MOST];
        enum oauth1_method how;
        const char *client_secret, *token_secret, *base_string, *signature;
    } cases[] = {
        {"temporary credentials (RFC 5849 1.2)", "POST", "https://photos.example.net/initiate",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "137131200"},
          {"oauth_nonce", "wIjqoS"}, {"oauth_callback", "http://printer.example.com/ready"}},
         OAUTH1_HMAC_SHA1, "kd94hf93k423kf44", "",
         "POST&https%3A%2F%2Fphotos.example.net%2Finitiate&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252Fready%26oa"
         "uth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3DwIjqoS%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137"
         "131200",
         "74KNZJeDHnMBp0EMJ9ZHt/XKycU="},
        {"token credentials (RFC 5849 1.2)", "POST", "https://photos.example.net/token",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "hh5s93j4hdidpola"}, {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", "137131201"}, {"oauth_nonce", "walatlh"}, {"oauth_verifier", "hfdp7dh39dks9884"}},
         OAUTH1_HMAC_SHA1, "kd94hf93k423kf44", "hdhd0244k9j7ao03",
         "POST&https%3A%2F%2Fphotos.example.net%2Ftoken&oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3Dwalatlh%26oauth_sig"
         "nature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131201%26oauth_token%3Dhh5s93j4hdidpola%26oauth_verifier%3Dhfdp7dh39dk"
         "s9884",
         "gKgrFCywp7rO0OXSjdot/IHF7IU="},
        {"protected resource (RFC 5849 1.2)", "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "nnch734d00sl2jdk"}, {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", "137131202"}, {"oauth_nonce", "chapoH"}},
         OAUTH1_HMAC_SHA1, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00",
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%"
         "3DchapoH%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D137131202%26oauth_token%3Dnnch734d00sl2jdk%26size%3Do"
         "riginal",
         "MdpQcU8iPSUjWoN/UDMsK2sui9I="},
        {"base string with encodings, duplicate names, form body (RFC 5849 3.4.1.1 (base string as erratum 2550))", "POST", "http://EXAMPLE.COM:80/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b",
         "c2=&a3=2+q",
         {{"oauth_consumer_key", "9djdj82h48djs9d2"}, {"oauth_token", "kkk9d7dh3k39sjv7"}, {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", "137131201"}, {"oauth_nonce", "7d8f3e4a"}},
         OAUTH1_HMAC_SHA1, "j49sk3j29djd", "dh893hdasih9",
         "POST&http%3A%2F%2Fexample.com%2Frequest&a2%3Dr%2520b%26a3%3D2%2520q%26a3%3Da%26b5%3D%253D%25253D%26c%2540%3D%26c2%3D%26"
         "oauth_consumer_key%3D9djdj82h48djs9d2%26oauth_nonce%3D7d8f3e4a%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3"
         "D137131201%26oauth_token%3Dkkk9d7dh3k39sjv7",
         "r6/TJjbCOr97/+UU0NsvSne7s5g="},
        {"photos HMAC-SHA1 (OAuth Core 1.0a Appendix A)", "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "nnch734d00sl2jdk"}, {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", "1191242096"}, {"oauth_nonce", "kllo9940pd9333jh"}, {"oauth_version", "1.0"}},
         OAUTH1_HMAC_SHA1, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00",
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%"
         "3Dkllo9940pd9333jh%26oauth_signature_method%3DHMAC-SHA1%26oauth_timestamp%3D1191242096%26oauth_token%3Dnnch734d00sl2jdk"
         "%26oauth_version%3D1.0%26size%3Doriginal",
         "tR3+Ty81lMeYAr/Fid0kMTYa/WM="},
        {"photos HMAC-SHA256 (same request, SHA-256 (extension))", "GET", "http://photos.example.net/photos?file=vacation.jpg&size=original",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_token", "nnch734d00sl2jdk"},
          {"oauth_signature_method", "HMAC-SHA256"}, {"oauth_timestamp", "1191242096"}, {"oauth_nonce", "kllo9940pd9333jh"},
          {"oauth_version", "1.0"}},
         OAUTH1_HMAC_SHA256, "kd94hf93k423kf44", "pfkkdhi9sl3r4s00",
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacation.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%"
         "3Dkllo9940pd9333jh%26oauth_signature_method%3DHMAC-SHA256%26oauth_timestamp%3D1191242096%26oauth_token%3Dnnch734d00sl2j"
         "dk%26oauth_version%3D1.0%26size%3Doriginal",
         "WVPzl1j6ZsnkIjWr7e3OZ3jkenL57KwaLFhYsroX1hg="},
        {"request token PLAINTEXT (OAuth Core 1.0a Appendix A)", "POST", "https://photos.example.net/request_token",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_signature_method", "PLAINTEXT"}, {"oauth_timestamp", "1191242090"},
          {"oauth_nonce", "hsu94j3884jdopsl"}, {"oauth_version", "1.0"},
          {"oauth_callback", "http://printer.example.com/request_token_ready"}},
         OAUTH1_PLAINTEXT, "kd94hf93k423kf44", "",
         "POST&https%3A%2F%2Fphotos.example.net%2Frequest_token&oauth_callback%3Dhttp%253A%252F%252Fprinter.example.com%252Freque"
         "st_token_ready%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce%3Dhsu94j3884jdopsl%26oauth_signature_method%3DPLAI"
         "NTEXT%26oauth_timestamp%3D1191242090%26oauth_version%3D1.0",
         "kd94hf93k423kf44&"},
        {"PLAINTEXT secrets with reserved characters (made here)", "GET", "https://h.example/r",
         NULL,
         {{"oauth_consumer_key", "k"}, {"oauth_token", "t"}, {"oauth_signature_method", "PLAINTEXT"}, {"oauth_timestamp", "1"},
          {"oauth_nonce", "n"}},
         OAUTH1_PLAINTEXT, "kd94hf93k423kd44&%+", "a b/c",
         "GET&https%3A%2F%2Fh.example%2Fr&oauth_consumer_key%3Dk%26oauth_nonce%3Dn%26oauth_signature_method%3DPLAINTEXT%26oauth_t"
         "imestamp%3D1%26oauth_token%3Dt",
         "kd94hf93k423kd44%26%25%2B&a%20b%2Fc"},
        {"RSA-SHA1 vacaction (oauth.net TestCases 9.3)", "GET", "http://photos.example.net/photos?file=vacaction.jpg&size=original",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_signature_method", "RSA-SHA1"}, {"oauth_version", "1.0"},
          {"oauth_timestamp", "1196666512"}, {"oauth_nonce", "13917289812797014437"}},
         OAUTH1_RSA_SHA1, "", "",
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce"
         "%3D13917289812797014437%26oauth_signature_method%3DRSA-SHA1%26oauth_timestamp%3D1196666512%26oauth_version%3D1.0%26size"
         "%3Doriginal",
         "jvTp/wX1TYtByB1m+Pbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2/9n4s5wUmUl4aCI4BwpraNx4RtEXMe5qg5T1LVTGliMRpKasKsW//e+Rinhej"
         "gCuzoH26dyF8iY2ZZ/5D1ilgeijhV/vBka5twt399mXwaYdCwFYE="},
        {"RSA-SHA256 (same request, SHA-256 (extension))", "GET", "http://photos.example.net/photos?file=vacaction.jpg&size=original",
         NULL,
         {{"oauth_consumer_key", "dpf43f3p2l4k3l03"}, {"oauth_signature_method", "RSA-SHA256"}, {"oauth_version", "1.0"},
          {"oauth_timestamp", "1196666512"}, {"oauth_nonce", "13917289812797014437"}},
         OAUTH1_RSA_SHA256, "", "",
         "GET&http%3A%2F%2Fphotos.example.net%2Fphotos&file%3Dvacaction.jpg%26oauth_consumer_key%3Ddpf43f3p2l4k3l03%26oauth_nonce"
         "%3D13917289812797014437%26oauth_signature_method%3DRSA-SHA256%26oauth_timestamp%3D1196666512%26oauth_version%3D1.0%26si"
         "ze%3Doriginal",
         "kd2wjpiASoDx6BqAMHy/k8CqNdyZv4opl1U4bBN1EBi8vmSHRVfw4h72BDerCp7M8pNEZEAUtvTOhgGNPh04cMmTeB/89Ok8GxYqIqVeYfKK5buzrNoOOAh"
         "jRUFpTvNOChNbRnlE04/d3hAITJjjykQtIZ2FWxJ4JO0gOdfKY0c="},
        {"status update with form body (a service: 'Creating a signature')", "POST", "https://api.twitter.com/1.1/statuses/update.json?include_entities=true",
         "status=Hello+Ladies+%2B+Gentlemen%2C+a+signed+OAuth+request%21",
         {{"oauth_consumer_key", "xvz1evFS4wEEPTGEFPHBog"}, {"oauth_nonce", "kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg"},
          {"oauth_signature_method", "HMAC-SHA1"}, {"oauth_timestamp", "1318622958"},
          {"oauth_token", "370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb"}, {"oauth_version", "1.0"}},
         OAUTH1_HMAC_SHA1, "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw", "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
         "POST&https%3A%2F%2Fapi.twitter.com%2F1.1%2Fstatuses%2Fupdate.json&include_entities%3Dtrue%26oauth_consumer_key%3Dxvz1ev"
         "FS4wEEPTGEFPHBog%26oauth_nonce%3DkYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg%26oauth_signature_method%3DHMAC-SHA1%26oaut"
         "h_timestamp%3D1318622958%26oauth_token%3D370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb%26oauth_version%3D1.0%26sta"
         "tus%3DHello%2520Ladies%2520%252B%2520Gentlemen%252C%2520a%2520signed%2520OAuth%2520request%2521",
         "hCtSmYh+iHYCEqBWrE7C7hYmtUk="},
        {"UTF-8 and non-default port (made here, checked with oauthlib)", "GET", "http://127.0.0.1:9400/api/path%20with%20space?c%40=%E2%98%83&a=1&a=0&empty=&b=two%20words&q=a%2Bb",
         NULL,
         {{"oauth_consumer_key", "hmac-consumer"}, {"oauth_token", "tok"}, {"oauth_signature_method", "HMAC-SHA1"},
          {"oauth_timestamp", "1700000000"}, {"oauth_nonce", "n1"}},
         OAUTH1_HMAC_SHA1, "kd94hf93k423kd44&%+", "s/=",
         "GET&http%3A%2F%2F127.0.0.1%3A9400%2Fapi%2Fpath%2520with%2520space&a%3D0%26a%3D1%26b%3Dtwo%2520words%26c%2540%3D%25E2%25"
         "98%2583%26empty%3D%26oauth_consumer_key%3Dhmac-consumer%26oauth_nonce%3Dn1%26oauth_signature_method%3DHMAC-SHA1%26oauth"
         "_timestamp%3D1700000000%26oauth_token%3Dtok%26q%3Da%252Bb",
         "69sZOGPCeDRkmm24nurMSy3ViCA="},
    };
    struct private_key *key;
    struct error err;
    (void)state;
    assert_true(private_key_open(rsa_key, NULL, NULL, "Cert", &key, &err));
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct buffer base, signature, header, encoded;
        const struct oauth1_request request = {cases[i].method, cases[i].url, cases[i].form, cases[i].protocol, count_of(cases[i].protocol)};
        const struct oauth1_secrets secrets = {cases[i].client_secret, cases[i].token_secret, key};
        print_message("  %s\n", cases[i].name);
        buffer_init(&base, 4000);
        buffer_init(&signature, 4000);
        buffer_init(&header, 4000);
        buffer_init(&encoded, 4000);
        assert_true(oauth1_base_string(&request, &base, &err));
        assert_string_equal(buffer_text(&base), cases[i].base_string);
        assert_true(oauth1_sign(cases[i].how, &secrets, buffer_text(&base), &signature, &err));
        assert_string_equal(buffer_text(&signature), cases[i].signature);

        assert_true(oauth1_authorization(cases[i].how, &request, &secrets, &header, &err));
        assert_int_equal(strncmp(header.data, "OAuth oauth_", 12), 0);
        buffer_append_text(&encoded, ", oauth_signature=\"");
        url_encode(&encoded, cases[i].signature, strlen(cases[i].signature));
        buffer_append_char(&encoded, '"');
        assert_string_equal(strstr(header.data, ", oauth_signature="), encoded.data);
        assert_null(strpbrk(header.data, "\r\n"));
        buffer_clear(&base);
        buffer_clear(&signature);
        buffer_clear(&header);
        buffer_clear(&encoded);
    }
    private_key_close(key);
}

/* Pairs as they come in the wild: without '=', without a name, twice the same, badly encoded. */
static void odd_queries_are_signed_as_they_are_sent(void **state)
{
    static const struct {
        const char *url, *form, *normalized;
    } cases[] = {
        {"https://h.example/?a&b=&=c&&d=1", NULL, "%3Dc%26a%3D%26b%3D%26d%3D1"},
        {"https://h.example/?a=2&a=1&a=1", "a=0", "a%3D0%26a%3D1%26a%3D1%26a%3D2"},
        {"https://h.example/?a=b=c&x=%zz", NULL, "a%3Db%253Dc%26x%3D%2525zz"},
        {"https://h.example/?a+b=c+d&a%20b=c%2Bd", NULL, "a%2520b%3Dc%2520d%26a%2520b%3Dc%252Bd"},
        {"https://h.example/#part", "", ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const struct oauth1_request request = {"get", cases[i].url, cases[i].form, NULL, 0};
        struct buffer base;
        struct error err;
        buffer_init(&base, 4000);
        assert_true(oauth1_base_string(&request, &base, &err));
        assert_int_equal(strncmp(base.data, "GET&https%3A%2F%2Fh.example%2F&", 31), 0);
        assert_string_equal(base.data + 31, cases[i].normalized);
        buffer_clear(&base);
    }
}

static void methods_have_their_names(void **state)
{
    static const char *const names[] = {"HMAC-SHA1", "HMAC-SHA256", "RSA-SHA1", "RSA-SHA256", "PLAINTEXT"};
    enum oauth1_method method;
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        assert_true(oauth1_method_find(names[i], &method));
        assert_string_equal(oauth1_method_name(method), names[i]);
        assert_int_equal(oauth1_method_needs_key(method), strncmp(names[i], "RSA", 3) == 0);
    }
    assert_true(oauth1_method_find("hmac-sha1", &method));
    assert_false(oauth1_method_find("MD5", &method));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(text_is_encoded_byte_by_byte),
        cmocka_unit_test(parameters_are_sorted_in_their_encoded_form),
        cmocka_unit_test(the_uri_loses_its_query_and_usual_port),
        cmocka_unit_test(both_secrets_make_the_key_of_hmac),
        cmocka_unit_test(whole_requests_are_signed),
        cmocka_unit_test(odd_queries_are_signed_as_they_are_sent),
        cmocka_unit_test(methods_have_their_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
