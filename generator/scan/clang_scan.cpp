#include "scan/clang_scan.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <iterator>
#include <limits>
#include <memory>
#include <numeric>
#include <optional>
#include <set>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

#include "clang/AST/ASTConsumer.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/DeclFriend.h"
#include "clang/AST/DeclTemplate.h"
#include "clang/AST/ExprCXX.h"
#include "clang/Basic/Version.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Frontend/Utils.h"
#include "clang/Lex/Lexer.h"
#include "clang/Lex/MacroArgs.h"
#include "clang/Lex/PPCallbacks.h"
#include "clang/Lex/Pragma.h"
#include "clang/Lex/Preprocessor.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/ConvertUTF.h"
#include "model/options.hpp"
#include "scan/cache.hpp"

namespace schemagen::gen {
namespace {

constexpr const char kMainFile[] = "schemagen-scan.cpp";
constexpr const char kPreludeFile[] = "schemagen-prelude.hpp";
constexpr const char kPlainFile[] = "schemagen-annotations.hpp";
constexpr const char kEnd[] = "schemagen_end_of_scan";

// The parts share one translation unit, because Clang's own headers cost more
// to compile than all of this. Each uses those before it.
// clang-format off
#include "scan/clang_types.ipp"
#include "scan/clang_plain.ipp"
#include "scan/clang_annotations.ipp"
#include "scan/clang_literals.ipp"
#include "scan/clang_values.ipp"
#include "scan/clang_records.ipp"
#include "scan/clang_slips.ipp"
#include "scan/clang_traces.ipp"
#include "scan/clang_front.ipp"
// clang-format on

}  // namespace

// "/lib/gcc/12/../../include" is not "/include" where /lib is a link to
// /usr/lib: what stands before the last ".." has to be resolved on the disk.
std::string normal_path(const std::string& path) {
  namespace fs = std::filesystem;
  if (path.find("/.") == std::string::npos &&
      path.find("//") == std::string::npos && path.rfind("./", 0) != 0) {
    return path;
  }
  const fs::path plain = fs::path(path).lexically_normal();
  if (path.find("..") == std::string::npos) return plain.string();
  // Behind a symlink, `..` is not the folder before it.
  std::error_code error;
  if (fs::equivalent(path, plain, error)) return plain.string();
  const fs::path real = fs::canonical(path, error);
  return error ? plain.string() : real.string();
}

int clang_major_version() { return CLANG_VERSION_MAJOR; }

std::string clang_version() { return CLANG_VERSION_STRING; }

ParseOutcome parse_headers(const ParseJob& job) {
  ParseOutcome outcome;
  DiagnosticCollector collector(job, outcome);
  run_clang(job, main_text(job), std::make_unique<ScanAction>(job, outcome),
            collector, outcome);
  collector.finish();
  const bool has_errors =
      std::any_of(outcome.diagnostics.begin(), outcome.diagnostics.end(),
                  [](const Diagnostic& diagnostic) {
                    return diagnostic.severity == Severity::error;
                  });
  outcome.complete = outcome.complete && !has_errors && outcome.slips.empty() &&
                     !outcome.is_refused;
  return outcome;
}

ParseOutcome write_prelude(const ParseJob& job, const std::string& text,
                           const std::string& path) {
  ParseOutcome outcome;
  DiagnosticCollector collector(job, outcome);
  const bool ran = run_clang(
      job, text, std::make_unique<PreludeAction>(path, job.directory, outcome),
      collector, outcome, {"-x", "c++-header"});
  collector.finish();
  outcome.complete =
      ran && outcome.diagnostics.empty() && std::filesystem::exists(path);
  return outcome;
}

}  // namespace schemagen::gen
