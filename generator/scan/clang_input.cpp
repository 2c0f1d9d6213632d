#include "scan/clang_input.hpp"

#include <utility>

#include "model/options.hpp"
#include "scan/paths.hpp"

namespace schemagen::gen {
namespace {

constexpr const char kMainFile[] = "schemagen-scan.cpp";
constexpr const char kPreludeFile[] = "schemagen-prelude.hpp";
constexpr const char kPlainFile[] = "schemagen-annotations.hpp";

std::string path_of(const ParseJob& job, const char* name) {
  return job.directory + "/" + name;
}

// SG_MAP_TYPE stays what it is.
std::string plain_macros() {
  std::string text;
  for (const std::string& macro : annotation_macros()) {
    if (macro == "SG_IGNORE" || macro == "SG_MAP_TYPE") continue;
    text += "#undef " + macro + "\n";
    text += "#define " + macro + "(...) [[clang::annotate(\"" + kPrefix +
            kind_of(macro) + "\")]]\n";
  }
  return text;
}

// One line per header, so that a line number of this file names a header; with
// plain options nobody asks.
std::string main_text(const ParseJob& job) {
  std::string text;
  if (job.reads_plain) {
    text += "#define SCHEMAGEN_PLAIN \"" + path_of(job, kPlainFile) + "\"\n";
  }
  for (const std::string& header : job.headers) {
    text += "#include \"" + header + "\"\n";
  }
  return text + "struct " + kEnd + ";\n";
}

std::vector<std::string> command_line(const ParseJob& job,
                                      const char* language) {
  // Where Clang thinks it is: it looks for the system's headers from there.
  std::vector<std::string> words = {"/usr/bin/clang++", "-fsyntax-only",
                                    "-fno-caret-diagnostics"};
  words.insert(words.end(), job.flags.begin(), job.flags.end());
  if (!job.resource_dir.empty()) {
    words.insert(words.end(), {"-resource-dir", job.resource_dir});
  }
  if (!job.prelude.empty()) {
    words.insert(words.end(), {"-include-pch", job.prelude});
  }
  words.insert(words.end(), {"-ferror-limit=0", "-Wno-everything", "-Xclang",
                             "-fretain-comments-from-system-headers",
                             "-DSCHEMAGEN_SCAN=1", "-x", language});
  return words;
}

ClangInput input(const ParseJob& job, VirtualFile main_file,
                 const char* language) {
  ClangInput made;
  made.command_line = command_line(job, language);
  made.command_line.push_back(main_file.path);
  made.files.push_back(std::move(main_file));
  // A prelude wants to see the text it was made of under its old name.
  if (!job.prelude.empty()) {
    made.files.push_back({path_of(job, kPreludeFile), job.prelude_text});
  }
  if (job.reads_plain) {
    made.files.push_back({path_of(job, kPlainFile), plain_macros()});
  }
  made.files.insert(made.files.end(), job.files.begin(), job.files.end());
  return made;
}

}  // namespace

ClangInput headers_input(const ParseJob& job) {
  return input(job, {path_of(job, kMainFile), main_text(job)}, "c++");
}

ClangInput prelude_input(const ParseJob& job, const std::string& text) {
  return input(job, {path_of(job, kPreludeFile), text}, "c++-header");
}

bool is_plain_macros(const std::string& name) { return name == kPlainFile; }

bool is_synthetic(const std::string& name) {
  return name == kMainFile || name == kPreludeFile || name == kPlainFile;
}

std::string macro_name(const std::string& kind) {
  std::string name = "SG_" + kind;
  for (char& c : name) {
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  }
  return name;
}

std::string kind_of(const std::string& macro) {
  std::string kind = macro.substr(sizeof("SG_") - 1);
  for (char& c : kind) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return kind;
}

}  // namespace schemagen::gen
