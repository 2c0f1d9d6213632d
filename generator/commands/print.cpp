#include "commands/print.hpp"

#include <cstdio>
#include <string>

#include "model/diagnostics_json.hpp"

namespace schemagen::gen {
namespace {

void write(std::FILE* stream, const std::string& text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

std::string escaped(const std::string& text, bool is_property) {
  std::string result;
  for (char c : text) {
    switch (c) {
      case '%':
        result += "%25";
        break;
      case '\n':
        result += "%0A";
        break;
      case '\r':
        result += "%0D";
        break;
      case ':':
        result += is_property ? "%3A" : ":";
        break;
      case ',':
        result += is_property ? "%2C" : ",";
        break;
      default:
        result += c;
    }
  }
  return result;
}

const char* github_word(Severity severity) {
  switch (severity) {
    case Severity::error:
      return "error";
    case Severity::warning:
      return "warning";
    case Severity::note:
      return "notice";
  }
  return "notice";
}

/// An annotation has one place: what notes say of others goes into its text.
std::string with_notes(const Diagnostic& diagnostic) {
  std::string text = diagnostic.message;
  for (const Diagnostic& note : diagnostic.notes) {
    const bool is_elsewhere =
        note.at.line > 0 || note.at.file != diagnostic.at.file;
    text += "\n";
    if (is_elsewhere)
      text += note.at.file.text() + ":" + std::to_string(note.at.line) + ": ";
    text += note.message;
  }
  return text;
}

std::string json_document(const Outcome& outcome,
                          const std::vector<Diagnostic>& sorted) {
  std::string text = "{\"diagnostics\": " + to_json(sorted);
  if (!outcome.json.empty()) text += ",\n" + outcome.json;
  return text + "}\n";
}

}  // namespace

std::string to_github(const std::vector<Diagnostic>& diagnostics) {
  std::string text;
  for (const Diagnostic& d : diagnostics) {
    if (!d.allowed.empty()) continue;
    text += std::string("::") + github_word(d.severity);
    std::string place;
    if (!d.at.file.empty()) place = " file=" + escaped(d.at.file, true);
    if (d.at.line > 0) place += ",line=" + std::to_string(d.at.line);
    if (d.at.column > 0) place += ",col=" + std::to_string(d.at.column);
    text += place + (place.empty() ? " " : ",") +
            "title=" + escaped(d.id, true) +
            "::" + escaped(with_notes(d), false) + "\n";
  }
  return text;
}

int print_outcome(const Outcome& outcome, const Arguments& arguments,
                  bool colour) {
  const auto sorted = outcome.diagnostics.sorted();
  // What scan prints is JSON already; without a model its errors are.
  const bool is_model = arguments.command == "scan" && !outcome.text.empty();
  if (arguments.format == "sarif") {
    write(stdout, to_sarif(sorted, outcome.rules));
  } else if ((arguments.json && !is_model) || arguments.format == "json") {
    write(stdout, json_document(outcome, sorted));
  } else {
    write(stderr, arguments.format == "github" ? to_github(sorted)
                                               : to_text(sorted, colour));
    write(stdout, outcome.text);
  }
  const bool is_written = std::fflush(stdout) == 0 && std::ferror(stdout) == 0;
  if (!is_written) {
    write(stderr,
          outcome.wrote_files
              ? "schemagen: error: standard output cannot be written, but the "
                "command's files were; see what has changed, and free space or "
                "check the pipe [cannot-write]\n"
              : "schemagen: error: standard output cannot be written; free "
                "space or check the pipe [cannot-write]\n");
    return kUsage;
  }
  return outcome.code;
}

}  // namespace schemagen::gen
