#include "model/diagnostics_json.hpp"

#include <set>
#include <string_view>

#include "model/text.hpp"

namespace schemagen::gen {
namespace {

const char* word(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

/// `"name": "value"`; the caller has the commas.
void append_text(std::string& out, const char* name, const std::string& value) {
  append_json(out, name);
  out += ": ";
  append_json(out, value);
}

void append_number(std::string& out, const char* name, int value) {
  append_json(out, name);
  out += ": " + std::to_string(value);
}

template <class List, class Append>
void append_array(std::string& out, const List& list, Append append) {
  out += '[';
  bool first = true;
  for (const auto& entry : list) {
    if (!first) out += ", ";
    first = false;
    append(out, entry);
  }
  out += ']';
}

void append_place(std::string& out, const SourceLocation& at) {
  append_text(out, "file", at.file);
  out += ", ";
  append_number(out, "line", at.line);
  out += ", ";
  append_number(out, "column", at.column);
}

void append_fix(std::string& out, const FixIt& fix) {
  out += '{';
  append_place(out, fix.from);
  out += ", ";
  append_number(out, "end_line", fix.to.line);
  out += ", ";
  append_number(out, "end_column", fix.to.column);
  out += ", ";
  append_text(out, "text", fix.text);
  out += '}';
}

void append_entry(std::string& out, const Diagnostic& entry) {
  out += '{';
  append_text(out, "severity", word(entry.severity));
  out += ", ";
  append_text(out, "id", entry.id);
  out += ", ";
  append_text(out, "message", entry.message);
  out += ", ";
  append_place(out, entry.at);
  if (!entry.fixes.empty()) {
    out += ", \"fixes\": ";
    append_array(out, entry.fixes, append_fix);
  }
  if (!entry.notes.empty()) {
    out += ", \"notes\": ";
    append_array(out, entry.notes, append_entry);
  }
  out += '}';
}

/// A path as a URI: absolute ones get the scheme, odd bytes are escaped.
std::string uri_of(const std::string& path) {
  constexpr char kHex[] = "0123456789ABCDEF";
  constexpr std::string_view kPlain = "-._~/";
  std::string uri = !path.empty() && path[0] == '/' ? "file://" : "";
  for (char c : path) {
    auto byte = static_cast<unsigned char>(c);
    bool alnum = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') ||
                 (c >= 'A' && c <= 'Z');
    if (alnum || kPlain.find(c) != std::string_view::npos) {
      uri += c;
    } else {
      uri += '%';
      uri += kHex[byte >> 4];
      uri += kHex[byte & 15];
    }
  }
  return uri;
}

void append_region(std::string& out, const SourceLocation& from,
                   const SourceLocation* to) {
  out += '{';
  append_number(out, "startLine", from.line);
  if (from.column > 0) {
    out += ", ";
    append_number(out, "startColumn", from.column);
  }
  if (to) {
    out += ", ";
    append_number(out, "endLine", to->line);
    out += ", ";
    append_number(out, "endColumn", to->column);
  }
  out += '}';
}

void append_artifact(std::string& out, const std::string& file) {
  out += "\"artifactLocation\": {";
  append_text(out, "uri", uri_of(file));
  out += '}';
}

/// `"physicalLocation": {...}`.
void append_physical(std::string& out, const SourceLocation& at) {
  out += "\"physicalLocation\": {";
  append_artifact(out, at.file);
  if (at.line > 0) {
    out += ", \"region\": ";
    append_region(out, at, nullptr);
  }
  out += '}';
}

void append_sarif_fix(std::string& out, const FixIt& fix) {
  out += "{\"artifactChanges\": [{";
  append_artifact(out, fix.from.file);
  out += ", \"replacements\": [{\"deletedRegion\": ";
  append_region(out, fix.from, &fix.to);
  out += ", \"insertedContent\": {";
  append_text(out, "text", fix.text);
  out += "}}]}]}";
}

void append_related(std::string& out, const Diagnostic& note) {
  out += '{';
  if (!note.at.file.empty()) {
    append_physical(out, note.at);
    out += ", ";
  }
  out += "\"message\": {";
  append_text(out, "text", note.message);
  out += "}}";
}

void append_result(std::string& out, const Diagnostic& entry) {
  out += "\n      {";
  if (!entry.id.empty()) {
    append_text(out, "ruleId", entry.id);
    out += ", ";
  }
  append_text(out, "level", word(entry.severity));
  out += ", \"message\": {";
  append_text(out, "text", entry.message);
  out += '}';
  if (!entry.at.file.empty()) {
    out += ", \"locations\": [{";
    append_physical(out, entry.at);
    out += "}]";
  }
  if (!entry.notes.empty()) {
    out += ", \"relatedLocations\": ";
    append_array(out, entry.notes, append_related);
  }
  if (!entry.fixes.empty()) {
    out += ", \"fixes\": ";
    append_array(out, entry.fixes, append_sarif_fix);
  }
  out += '}';
}

}  // namespace

std::string to_json(const std::vector<Diagnostic>& diagnostics) {
  std::string out = "[";
  for (std::size_t i = 0; i < diagnostics.size(); ++i) {
    out += i > 0 ? ",\n  " : "\n  ";
    append_entry(out, diagnostics[i]);
  }
  out += diagnostics.empty() ? "]" : "\n]";
  return out;
}

std::string to_sarif(const std::vector<Diagnostic>& diagnostics) {
  std::set<std::string> rules;
  for (const Diagnostic& entry : diagnostics) {
    if (!entry.id.empty()) rules.insert(entry.id);
  }
  std::string out =
      "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
      "  \"version\": \"2.1.0\",\n  \"runs\": [{\n"
      "    \"tool\": {\"driver\": {\"name\": \"schemagen\", \"rules\": ";
  append_array(out, rules, [](std::string& to, const std::string& id) {
    to += '{';
    append_text(to, "id", id);
    to += '}';
  });
  out += "}},\n    \"results\": ";
  append_array(out, diagnostics, append_result);
  return out + "\n  }]\n}\n";
}

}  // namespace schemagen::gen
