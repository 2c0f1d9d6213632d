#include "cases/case_scan.hpp"

namespace schemagen::test {
namespace {

constexpr const char* kPrelude = R"cpp(
#include <schemagen/annotations.hpp>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>
)cpp";

}  // namespace

gen::ScanRequest case_request(const CaseFile& file, const std::string& name) {
  const std::string* standard = file.find("standard");
  gen::ScanRequest request;
  request.directory = "/case";
  request.headers = {name};
  request.flags = {standard ? "-std=" + *standard : "-std=c++17",
                   "-I" SCHEMAGEN_PUBLIC_HEADERS, "-include",
                   "/case/prelude.hpp"};
  request.files = {{"/case/prelude.hpp", kPrelude},
                   {"/case/" + name, *file.find(name)}};
  return request;
}

}  // namespace schemagen::test
