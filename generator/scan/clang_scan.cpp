#include "scan/clang_scan.hpp"

#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
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
#include "clang/Sema/Sema.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/Support/ConvertUTF.h"
#include "model/options.hpp"
#include "scan/clang_input.hpp"
#include "scan/error_log.hpp"
#include "scan/exact_literals.hpp"
#include "scan/paths.hpp"
#include "scan/slips.hpp"
#include "scan/trace_book.hpp"

namespace schemagen::gen {
namespace {

// The parts share one translation unit, because Clang's own headers cost more
// to compile than all of this. Each uses those before it.
// clang-format off
#include "scan/clang_types.ipp"
#include "scan/clang_plain.ipp"
#include "scan/clang_annotations.ipp"
#include "scan/clang_values.ipp"
#include "scan/clang_records.ipp"
#include "scan/clang_words.ipp"
#include "scan/clang_traces.ipp"
#include "scan/clang_front.ipp"
// clang-format on

}  // namespace

int clang_major_version() { return CLANG_VERSION_MAJOR; }

std::string clang_version() { return CLANG_VERSION_STRING; }

ParseOutcome parse_headers(const ParseJob& job) {
  ParseOutcome outcome;
  DiagnosticCollector collector(job, outcome);
  run_clang(job, headers_input(job), std::make_unique<ScanAction>(job, outcome),
            collector, outcome);
  collector.finish();
  for (const Diagnostic& diagnostic : outcome.diagnostics) {
    if (diagnostic.severity == Severity::error) outcome.complete = false;
  }
  if (!outcome.slips.empty() || outcome.is_refused) outcome.complete = false;
  return outcome;
}

ParseOutcome write_prelude(const ParseJob& job, const std::string& text,
                           const std::string& path) {
  ParseOutcome outcome;
  DiagnosticCollector collector(job, outcome);
  const bool ran =
      run_clang(job, prelude_input(job, text),
                std::make_unique<PreludeAction>(path, job.directory, outcome),
                collector, outcome);
  collector.finish();
  outcome.complete = ran && outcome.diagnostics.empty();
  return outcome;
}

}  // namespace schemagen::gen
