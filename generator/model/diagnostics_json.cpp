#include "model/diagnostics_json.hpp"

#include <map>
#include <string_view>

#include "core/checksum.hpp"
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

/// `"name": {"text": value}`
void append_message(std::string& out, const char* name,
                    const std::string& value) {
  append_json(out, name);
  out += ": {";
  append_text(out, "text", value);
  out += '}';
}

std::string file_name(const std::string& path) {
  return path.substr(path.rfind('/') + 1);
}

/// Equal findings of one file are told apart by their number, so that the
/// others keep theirs when lines move or text is added.
class Fingerprints {
 public:
  std::string of(const Diagnostic& entry) {
    const std::string about =
        entry.subject.empty() ? entry.message : entry.subject;
    std::string key = entry.id;
    key += '\n' + file_name(entry.at.file) + '\n' + about;
    return core::sha256(key + '\n' + std::to_string(++seen_[key]));
  }

 private:
  std::map<std::string, int> seen_;
};

void append_result(std::string& out, const Diagnostic& entry,
                   const std::map<std::string, std::size_t>& rules,
                   Fingerprints& fingerprints) {
  out += "\n      {";
  if (!entry.id.empty()) {
    append_text(out, "ruleId", entry.id);
    out += ", ";
    append_number(out, "ruleIndex", static_cast<int>(rules.at(entry.id)));
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
  out += ", \"partialFingerprints\": {";
  append_text(out, "schemagen/v1", fingerprints.of(entry));
  out += '}';
  if (!entry.allowed.empty()) {
    out += ", \"suppressions\": [{\"kind\": \"inSource\", ";
    append_text(out, "justification", entry.allowed);
    out += "}]";
  }
  out += '}';
}

void append_rule(std::string& out, const RuleText& rule) {
  out += "\n        {";
  append_text(out, "id", rule.id);
  if (!rule.summary.empty()) {
    out += ", ";
    append_message(out, "shortDescription", rule.summary);
    out += ", ";
    append_message(out, "fullDescription", rule.explanation);
    out += ", ";
    append_message(out, "help", rule.help);
    out += ", \"defaultConfiguration\": {";
    append_text(out, "level", rule.level);
    out += '}';
  }
  out += '}';
}

}  // namespace

std::string to_json(const std::vector<Diagnostic>& diagnostics) {
  std::string out = "[";
  for (const Diagnostic& entry : diagnostics) {
    if (!entry.allowed.empty()) continue;
    out += out.size() > 1 ? ",\n  " : "\n  ";
    append_entry(out, entry);
  }
  out += out.size() == 1 ? "]" : "\n]";
  return out;
}

std::string to_sarif(const std::vector<Diagnostic>& diagnostics,
                     const std::vector<RuleText>& rules) {
  std::vector<RuleText> listed = rules;
  std::map<std::string, std::size_t> index;
  for (const RuleText& rule : rules) index.emplace(rule.id, index.size());
  std::map<std::string, bool> others;
  for (const Diagnostic& entry : diagnostics) {
    if (!entry.id.empty() && index.count(entry.id) == 0)
      others[entry.id] = true;
  }
  for (const auto& [id, is_found] : others) {
    index.emplace(id, listed.size());
    listed.emplace_back();
    listed.back().id = id;
  }
  std::string out =
      "{\n  \"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\",\n"
      "  \"version\": \"2.1.0\",\n  \"runs\": [{\n"
      "    \"tool\": {\"driver\": {\"name\": \"schemagen\", \"rules\": ";
  append_array(out, listed, append_rule);
  out += "}},\n    \"columnKind\": \"unicodeCodePoints\",\n    \"results\": ";
  Fingerprints fingerprints;
  append_array(out, diagnostics, [&](std::string& to, const Diagnostic& entry) {
    append_result(to, entry, index, fingerprints);
  });
  return out + "\n  }]\n}\n";
}

}  // namespace schemagen::gen
