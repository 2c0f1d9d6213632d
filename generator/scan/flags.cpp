#include "scan/flags.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string_view>
#include <utility>

namespace schemagen::gen {
namespace {

enum class Form {
  exact,     // the whole flag
  joined,    // -std=VALUE
  separate,  // -include FILE
  either,    // -DNAME or -D NAME
};

struct Row {
  std::string_view name;
  Form form;
};

// Longer names first where one is the beginning of another.
constexpr std::array<Row, 91> kKept = {{
    {"-isystem-after", Form::separate},
    {"-isystem", Form::either},
    {"-isysroot", Form::either},
    {"-iquote", Form::either},
    {"-idirafter", Form::either},
    {"-iframework", Form::either},
    {"-imacros", Form::either},
    {"-include", Form::either},
    {"--include=", Form::joined},
    {"--include", Form::separate},
    {"--imacros=", Form::joined},
    {"--imacros", Form::separate},
    {"--define-macro=", Form::joined},
    {"--define-macro", Form::separate},
    {"--undefine-macro=", Form::joined},
    {"--undefine-macro", Form::separate},
    {"--include-directory=", Form::joined},
    {"--include-directory", Form::separate},
    {"-D", Form::either},
    {"-U", Form::either},
    {"-I", Form::either},
    {"-F", Form::either},
    {"--sysroot=", Form::joined},
    {"--sysroot", Form::separate},
    {"--target=", Form::joined},
    {"-target", Form::separate},
    {"--gcc-toolchain=", Form::joined},
    {"--gcc-install-dir=", Form::joined},
    {"--gcc-triple=", Form::joined},
    {"-stdlib=", Form::joined},
    {"-stdlib++-isystem", Form::either},
    {"-nostdinc", Form::exact},
    {"-nostdinc++", Form::exact},
    {"-nostdlibinc", Form::exact},
    {"-m32", Form::exact},
    {"-m64", Form::exact},
    {"-mx32", Form::exact},
    {"-pthread", Form::exact},
    {"-fopenmp", Form::exact},
    {"-fexceptions", Form::exact},
    {"-fno-exceptions", Form::exact},
    {"-frtti", Form::exact},
    {"-fno-rtti", Form::exact},
    {"-fchar8_t", Form::exact},
    {"-fno-char8_t", Form::exact},
    {"-fshort-enums", Form::exact},
    {"-fno-short-enums", Form::exact},
    {"-fshort-wchar", Form::exact},
    {"-fno-short-wchar", Form::exact},
    {"-fsigned-char", Form::exact},
    {"-fno-signed-char", Form::exact},
    {"-funsigned-char", Form::exact},
    {"-fno-unsigned-char", Form::exact},
    {"-fms-extensions", Form::exact},
    {"-fno-ms-extensions", Form::exact},
    {"-ansi", Form::exact},
    {"-undef", Form::exact},
    {"-trigraphs", Form::exact},
    {"-fpack-struct", Form::exact},
    {"-fpack-struct=", Form::joined},
    {"-ftemplate-depth=", Form::joined},
    {"-fconstexpr-depth=", Form::joined},
    {"-fconstexpr-steps=", Form::joined},
    {"-mfloat-abi=", Form::joined},
    {"-march=native", Form::exact},
    {"-march=x86-64", Form::exact},
    {"-march=x86-64-v2", Form::exact},
    {"-march=x86-64-v3", Form::exact},
    {"-march=x86-64-v4", Form::exact},
    {"-msse3", Form::exact},
    {"-mssse3", Form::exact},
    {"-msse4", Form::exact},
    {"-msse4.1", Form::exact},
    {"-msse4.2", Form::exact},
    {"-mavx", Form::exact},
    {"-mno-avx", Form::exact},
    {"-mavx2", Form::exact},
    {"-mno-avx2", Form::exact},
    {"-mavx512f", Form::exact},
    {"-mavx512bw", Form::exact},
    {"-mavx512cd", Form::exact},
    {"-mavx512dq", Form::exact},
    {"-mavx512vl", Form::exact},
    {"-mfma", Form::exact},
    {"-mf16c", Form::exact},
    {"-mbmi", Form::exact},
    {"-mbmi2", Form::exact},
    {"-mlzcnt", Form::exact},
    {"-mpopcnt", Form::exact},
    {"-maes", Form::exact},
    {"-mpclmul", Form::exact},
}};

// Dropped together with the word after them.
constexpr std::array<std::string_view, 24> kDroppedPairs = {{
    "-o",    "-x",        "-MF",         "-MT",          "-MQ",
    "-MJ",   "-Xclang",   "-mllvm",      "--param",      "-L",
    "-l",    "-T",        "-u",          "-z",           "-e",
    "-arch", "-aux-info", "-dumpbase",   "-dumpdir",     "-Xlinker",
    "-G",    "-wrapper",  "-Xassembler", "-include-pch",
}};

// They change code, but hardly what a header declares.
constexpr std::array<std::string_view, 30> kHarmless = {{
    "-O",
    "-W",
    "-g",
    "-M",
    "-c",
    "-o",
    "-pipe",
    "-save-temps",
    "-Xpreprocessor",
    "-mtune",
    "-fPI",
    "-fpi",
    "-fno-pi",
    "-fno-plt",
    "-fvisibility",
    "-fdiagnostics",
    "-fcolor",
    "-flto",
    "-fno-lto",
    "-ffat-lto",
    "-fsanitize",
    "-fno-sanitize",
    "-fstack",
    "-fcf-protection",
    "-fomit",
    "-fno-omit",
    "-fprofile",
    "-ftest-coverage",
    "-ffile-prefix-map",
    "-fmacro-prefix-map",
}};

bool starts_with(std::string_view text, std::string_view beginning) {
  return text.substr(0, beginning.size()) == beginning;
}

// Splits as a shell would, quotes and backslashes included.
std::vector<std::string> shell_words(std::string_view text) {
  std::vector<std::string> words;
  bool is_open = false;  // a word has begun, if only by a quote
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool is_blank = c == ' ' || c == '\t' || c == '\n';
    if (quote == '\0' && is_blank) {
      is_open = false;
      continue;
    }
    if (!is_open) words.emplace_back();
    is_open = true;
    if (quote == '\0' ? (c == '"' || c == '\'') : c == quote) {
      quote = quote == '\0' ? c : '\0';
    } else if (c == '\\' && quote != '\'' && at + 1 < text.size()) {
      words.back() += text[++at];
    } else {
      words.back() += c;
    }
  }
  return words;
}

// CMake keeps "SHELL:-include a.hpp" in one piece until it writes a command.
std::vector<std::string> without_shell_groups(
    const std::vector<std::string>& raw) {
  std::vector<std::string> flags;
  for (const std::string& flag : raw) {
    if (!starts_with(flag, "SHELL:")) {
      flags.push_back(flag);
      continue;
    }
    for (std::string& word : shell_words(std::string_view(flag).substr(6))) {
      flags.push_back(std::move(word));
    }
  }
  return flags;
}

// CMake tells the -I folders, and beside them which of these the compiler gets
// as -isystem, to be searched after all others.
std::vector<std::string> with_system_folders(
    const std::vector<std::string>& raw) {
  constexpr std::string_view kMark = "--system-folder=";
  std::set<std::string> marked;
  std::vector<std::string> flags;
  for (const std::string& flag : raw) {
    if (starts_with(flag, kMark)) {
      marked.insert("-I" + flag.substr(kMark.size()));
    } else {
      flags.push_back(flag);
    }
  }
  for (std::string& flag : flags) {
    if (marked.count(flag) > 0) flag.replace(0, 2, "-isystem");
  }
  return flags;
}

std::string known_standard(const std::string& flag, int clang_major,
                           Diagnostics& diagnostics) {
  const std::string value = flag.substr(5);
  const bool is_gnu = starts_with(value, "gnu++");
  if (!is_gnu && !starts_with(value, "c++")) return "";  // a C standard
  const std::string year = value.substr(is_gnu ? 5 : 3);
  const std::string family = is_gnu ? "-std=gnu++" : "-std=c++";
  static constexpr std::array<std::string_view, 11> kAlways = {
      {"98", "03", "0x", "11", "1y", "14", "1z", "17", "2a", "20", "2b"}};
  if (std::find(kAlways.begin(), kAlways.end(), year) != kAlways.end()) {
    return flag;
  }
  if (year == "23") return family + (clang_major >= 17 ? "23" : "2b");
  const std::string newest = clang_major >= 17 ? "2c" : "2b";
  if (clang_major >= 17 && (year == "26" || year == "2c")) {
    return family + newest;
  }
  diagnostics.note({}, "unknown-standard",
                   "Clang " + std::to_string(clang_major) + " has no " + flag +
                       "; the headers are read as " + family + newest);
  return family + newest;
}

// -Wp,-DNAME,-UNAME hides preprocessor flags in a warning flag's clothes.
void keep_preprocessor_part(const std::string& flag,
                            std::vector<std::string>& kept) {
  std::size_t begin = 4;
  while (begin <= flag.size()) {
    const std::size_t end = std::min(flag.find(',', begin), flag.size());
    const std::string part = flag.substr(begin, end - begin);
    if (part.size() > 2 &&
        (starts_with(part, "-D") || starts_with(part, "-U") ||
         starts_with(part, "-I"))) {
      kept.push_back(part);
    }
    begin = end + 1;
  }
}

// Keeps raw[at] (and its value) when a row allows it; returns how many words
// it took, 0 when no row knows the flag.
std::size_t keep_known(const std::vector<std::string>& raw, std::size_t at,
                       std::vector<std::string>& kept) {
  const std::string& flag = raw[at];
  const bool has_next = at + 1 < raw.size();
  for (const Row& row : kKept) {
    if (flag == row.name && row.form == Form::exact) {
      kept.push_back(flag);
      return 1;
    }
    if (flag == row.name && row.form != Form::joined) {
      if (!has_next) return 1;
      kept.push_back(flag);
      kept.push_back(raw[at + 1]);
      return 2;
    }
    if ((row.form == Form::joined || row.form == Form::either) &&
        flag.size() > row.name.size() && starts_with(flag, row.name)) {
      kept.push_back(flag);
      return 1;
    }
  }
  return 0;
}

bool is_pair(const std::string& flag) {
  return std::find(kDroppedPairs.begin(), kDroppedPairs.end(), flag) !=
         kDroppedPairs.end();
}

bool is_harmless(const std::string& flag) {
  return is_pair(flag) || flag[0] != '-' ||
         std::any_of(kHarmless.begin(), kHarmless.end(),
                     [&](std::string_view beginning) {
                       return starts_with(flag, beginning);
                     });
}

}  // namespace

ScannerFlags scanner_flags(const std::vector<std::string>& written,
                           int clang_major, Diagnostics& diagnostics) {
  constexpr std::string_view kSteps = "-fconstexpr-ops-limit=";
  const std::vector<std::string> raw =
      with_system_folders(without_shell_groups(written));
  // As far as GCC computes unasked.
  ScannerFlags result{{"-fconstexpr-steps=33554432"}, {}};
  std::vector<std::string>& kept = result.kept;
  for (std::size_t at = 0; at < raw.size();) {
    const std::string& flag = raw[at];
    if (is_pair(flag)) {
      at += 2;
    } else if (starts_with(flag, "-std=") || starts_with(flag, "--std=")) {
      const std::string standard = known_standard(
          flag[1] == '-' ? flag.substr(1) : flag, clang_major, diagnostics);
      if (!standard.empty()) kept.push_back(standard);
      ++at;
    } else if (starts_with(flag, "-Wp,")) {
      keep_preprocessor_part(flag, kept);
      ++at;
    } else if (starts_with(flag, kSteps)) {
      kept.push_back("-fconstexpr-steps=" + flag.substr(kSteps.size()));
      ++at;
    } else if (const std::size_t taken = keep_known(raw, at, kept)) {
      at += taken;
    } else {
      if (!is_harmless(flag)) result.left_out.push_back(flag);
      ++at;
    }
  }
  return result;
}

}  // namespace schemagen::gen
