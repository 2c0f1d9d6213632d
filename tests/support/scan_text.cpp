#include "support/scan_text.hpp"

#include <gtest/gtest.h>

#include <sstream>
#include <utility>
#include <variant>

#include "scan/clang_scan.hpp"
#include "scan/flags.hpp"
#include "scan/partial.hpp"
#include "scan/resource_dir.hpp"

namespace schemagen::test {
namespace {

using gen::CppType;

std::string list_text(const std::vector<std::string>& items) {
  std::string text;
  for (const std::string& item : items) {
    text += (text.empty() ? "" : ", ") + ('"' + item + '"');
  }
  return "{" + text + "}";
}

struct ValueText {
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const {
    return std::to_string(value);
  }
  std::string operator()(const std::string& value) const {
    return '"' + value + '"';
  }
  std::string operator()(const std::vector<std::string>& value) const {
    return list_text(value);
  }
};

std::string place_text(const gen::SourceLocation& at) {
  return std::to_string(at.line) + ":" + std::to_string(at.column);
}

/// "~" marks what is written in other letters than its value.
std::string text_place(const gen::SourceLocation& at) {
  return place_text(at) + (at.literal_end == 0 ? "~" : "");
}

std::string options_text(const std::vector<gen::Option>& options) {
  std::string text;
  for (const gen::Option& option : options) {
    const bool is_text = std::holds_alternative<std::string>(option.value);
    text += (text.empty() ? "." : ", .") + option.name + "=" +
            std::visit(ValueText(), option.value) + "@" +
            (is_text ? text_place(option.at) : place_text(option.at));
    for (const auto& at : option.element_at) text += "/" + text_place(at);
  }
  return text;
}

std::string annotations_text(const std::vector<gen::Annotation>& annotations) {
  std::string text;
  for (const gen::Annotation& annotation : annotations) {
    text +=
        " " + annotation.kind + "(" + options_text(annotation.options) + ")";
  }
  return text;
}

std::string initializer_text(const gen::Initializer& initializer) {
  using Kind = gen::Initializer::Kind;
  if (initializer.kind == Kind::none) return "";
  if (initializer.kind == Kind::not_constant) {
    return " =? " + initializer.spelled;
  }
  static const char* const kNames[] = {"null", "bool", "int", "real",
                                       "text", "blob", "enum"};
  return std::string(" = ") + kNames[static_cast<int>(initializer.value.kind)] +
         " " + initializer.value.text;
}

std::string period_text(const CppType& type) {
  return " " + std::to_string(type.period_num) + "/" +
         std::to_string(type.period_den);
}

// Options read off their tokens are what Clang makes of them, or they are
// refused.
void expect_same_from_tokens(const gen::ScanRequest& request,
                             const Scanned& scanned) {
  const TokenReading found = read_off_tokens(request);
  if (found.is_refused) return;
  EXPECT_EQ(found.declarations, scanned.declarations);
  EXPECT_EQ(found.dependencies, scanned.result.dependencies);
}

}  // namespace

TokenReading read_off_tokens(const gen::ScanRequest& request) {
  gen::Diagnostics ignored;
  gen::ParseJob job;
  job.directory = request.directory;
  job.files = request.files;
  job.flags =
      gen::scanner_flags(request.flags, gen::clang_major_version(), ignored)
          .kept;
  job.resource_dir =
      gen::find_resource_dir("", gen::clang_major_version(), "", ignored);
  job.reads_plain = true;
  for (const std::string& header : request.headers) {
    job.headers.push_back(request.directory + "/" + header);
    job.shown.emplace(job.headers.back(), header);
  }
  gen::ParseOutcome outcome = gen::parse_headers(job);
  gen::arrange(outcome.declarations);
  return {!outcome.complete, to_text(outcome.declarations),
          outcome.dependencies};
}

std::string to_text(const CppType& type) {
  const std::string bits =
      (type.is_signed ? "" : "u") + std::to_string(type.bits);
  switch (type.kind) {
    case CppType::Kind::boolean:
      return "bool";
    case CppType::Kind::integer:
      return "int" + bits;
    case CppType::Kind::floating:
      return "float" + std::to_string(type.bits);
    case CppType::Kind::string:
      return "string";
    case CppType::Kind::char_array:
      return "chars " + std::to_string(type.count);
    case CppType::Kind::bytes:
      return "bytes " + std::to_string(type.count);
    case CppType::Kind::optional:
      return "optional " + to_text(type.inner.at(0));
    case CppType::Kind::enumeration:
      return "enum " + type.name;
    case CppType::Kind::time_point:
      return "time_point" + period_text(type);
    case CppType::Kind::local_time:
      return "local_time" + period_text(type);
    case CppType::Kind::duration:
      return "duration" + period_text(type) + " " + bits;
    case CppType::Kind::date:
      return "date";
    case CppType::Kind::time_of_day:
      return "time_of_day" + period_text(type);
    case CppType::Kind::path:
      return "path";
    case CppType::Kind::record:
      return "record " + type.name;
    case CppType::Kind::other:
      return "other " + type.name;
  }
  return "?";
}

std::string to_text(const gen::Declarations& declarations) {
  std::ostringstream out;
  for (const gen::Record& record : declarations.records) {
    out << record.name << annotations_text(record.annotations);
    if (!record.comment.empty()) out << " // " << record.comment;
    out << '\n';
    for (const gen::Member& member : record.members) {
      out << "  " << member.name << ": " << to_text(member.type)
          << annotations_text(member.annotations)
          << initializer_text(member.initializer);
      if (!member.comment.empty()) out << " // " << member.comment;
      out << '\n';
    }
  }
  for (const gen::EnumDeclaration& declared : declarations.enums) {
    out << "enum " << declared.name << annotations_text(declared.annotations)
        << ":";
    for (const auto& value : declared.values) {
      out << " " << value.name << "=" << value.number
          << annotations_text(value.annotations);
    }
    out << '\n';
  }
  for (const gen::Alias& alias : declarations.aliases) {
    out << "alias " << alias.name << " of " << alias.entity << ' '
        << place_text(alias.at) << '\n';
  }
  for (const gen::TypeMapping& mapping : declarations.mappings) {
    out << "map " << mapping.type << ": " << options_text(mapping.options)
        << '\n';
  }
  return out.str();
}

Scanned scan_headers(const std::map<std::string, std::string>& headers,
                     std::vector<std::string> flags,
                     std::vector<std::string> only) {
  gen::ScanRequest request;
  request.directory = "/memory";
  request.flags = std::move(flags);
  request.flags.insert(request.flags.end(), {"-I", SCHEMAGEN_RUNTIME_INCLUDE});
  request.headers = std::move(only);
  const bool all = request.headers.empty();
  for (const auto& [path, text] : headers) {
    if (all) request.headers.push_back(path);
    request.files.push_back({"/memory/" + path, text});
  }
  gen::Diagnostics diagnostics;
  Scanned scanned;
  scanned.result = gen::scan(request, diagnostics);
  scanned.declarations = to_text(scanned.result.declarations);
  scanned.found = diagnostics.sorted();
  scanned.diagnostics = gen::to_text(scanned.found, false);
  expect_same_from_tokens(request, scanned);
  return scanned;
}

Scanned scan_text(const std::string& text, std::vector<std::string> flags) {
  return scan_headers(
      {{"a.hpp", "#include <schemagen/annotations.hpp>\n" + text}},
      std::move(flags));
}

}  // namespace schemagen::test
