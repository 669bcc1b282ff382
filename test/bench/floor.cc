// What reading the pages costs at least: libcurl and simdjson, the same ten members of each row taken, nothing kept. floor URL
#include <curl/curl.h>
#include <simdjson.h>

#include <chrono>
#include <cstdio>
#include <string>

static size_t take(char *bytes, size_t size, size_t count, void *context)
{
    static_cast<std::string *>(context)->append(bytes, size * count);
    return size * count;
}

int main(int count, char **arguments)
{
    if (count != 2)
        return 2;
    auto begun = std::chrono::steady_clock::now();
    CURL *curl = curl_easy_init();
    simdjson::ondemand::parser parser;
    std::string body, url;
    unsigned long long rows = 0, sum = 0;
    bool more = true;

    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &body);
    for (int page = 1; more; page++) {
        url = std::string(arguments[1]) + "?page=" + std::to_string(page);
        body.clear();
        curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
        if (curl_easy_perform(curl) != CURLE_OK)
            return 1;
        body.reserve(body.size() + simdjson::SIMDJSON_PADDING);
        auto document = parser.iterate(body.data(), body.size(), body.capacity());
        for (auto entry : document["results"]["timesheets"].get_object()) {
            auto row = entry.value().get_object().value();
            sum += uint64_t(row["id"]) + uint64_t(row["user_id"]) + uint64_t(row["jobcode_id"]);
            sum += std::string_view(row["start"]).size();
            sum += uint64_t(row["duration"]);
            sum += std::string_view(row["date"]).size() + std::string_view(row["tz_str"]).size() + std::string_view(row["type"]).size();
            sum += bool(row["on_the_clock"]);
            sum += std::string_view(row["notes"]).size();
            rows++;
        }
        more = bool(document["more"]);
    }
    std::printf("%llu rows sum %llu %.4f s\n", rows, sum, std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
}
