// What CI runs: everything of check, and every script up, down and up again on
// scratch databases of every dialect that can be had.
#include <algorithm>
#include <utility>

#include "commands/check.hpp"
#include "commands/generate.hpp"
#include "commands/replay.hpp"
#include "commands/scratch.hpp"

namespace schemagen::gen {
namespace {

std::string result_text(const PreparedDialect& dialect) {
  const auto& all = dialect.migrations;
  const std::string head = dialect.dialect + ": ";
  std::string missing;
  std::size_t back = 0;
  for (const PreparedMigration& migration : all) {
    const bool is_tried = migration.is_code || migration.has_way_back();
    back += is_tried ? 1 : 0;
    if (is_tried) continue;
    missing += head +
               "not tried, because it has no down script: " + migration.id +
               "_" + migration.name + "\n";
  }
  const std::string up = head + std::to_string(all.size()) + " migrations up, ";
  if (back == all.size()) {
    return up + "down and up again, which is as wanted\n";
  }
  if (back == 0) return up + "which is as wanted\n" + missing;
  return up + std::to_string(back) +
         " of them down and up again, which is as wanted\n" + missing;
}

/// The snapshot written anew has to be the committed one, byte by byte (but
/// for the line ends of a checkout): what differs is a hand edit.
void check_bytes(const Project& project, const Folder& folder,
                 Diagnostics& diagnostics) {
  if (!folder.snapshot_text) return;
  const OutputFile anew = snapshot_file(
      folder, folder.snapshot.schema, folder.snapshot.before, project.dialects);
  std::string problem;
  const auto text = core::canonical_text(*folder.snapshot_text, &problem);
  if (text && *text == anew.content) return;
  diagnostics.error({anew.path, 0, 0}, "snapshot-not-canonical",
                    "is not as schemagen writes it; run `schemagen accept`, "
                    "which writes it anew");
}

bool contains(const std::vector<std::string>& all, const std::string& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

/// A flag that does nothing would look like a clean result.
void check_flags(const Project& project, const Arguments& arguments,
                 Diagnostics& diagnostics) {
  for (const std::string& name : arguments.skipped) {
    if (contains(project.dialects, name)) continue;
    diagnostics.error(
        {}, "bad-dialect",
        "--skip " + name + " is none of the target's DIALECTS; leave it out");
  }
  const std::string& url = arguments.url;
  const bool is_used =
      std::any_of(project.dialects.begin(), project.dialects.end(),
                  [&](const std::string& dialect) {
                    return !memory_scratch(dialect) &&
                           !contains(arguments.skipped, dialect);
                  });
  const bool is_server = url.find("://") != std::string::npos;
  if (url.empty() || (is_used && is_server)) return;
  diagnostics.error({}, "bad-url",
                    is_used ? "--url names no server; write "
                              "--url postgresql://USER@HOST/DATABASE"
                            : "--url is of no use, because the target's "
                              "DIALECTS need no server; leave it out");
}

void verify_dialect(const Project& project, const Checked& checked,
                    const PreparedDialect& dialect, const std::string& url,
                    const Environment& environment, Outcome& outcome) {
  Diagnostics& all = outcome.diagnostics;
  // Who runs verify relies on it: what was not tried is not as wanted.
  const ScratchServer server =
      open_scratch(dialect.dialect, {url, Severity::error}, environment, all);
  if (!server.scratch) return;
  const Schema* schema =
      project.has_entities ? &checked.folder.snapshot.schema : nullptr;
  Diagnostics found;
  replay(dialect, checked.folder, schema, Depth::all, server.scratch, found);
  if (!found.has_errors()) outcome.text += result_text(dialect);
  for (Diagnostic& diagnostic : found.sorted()) {
    all.add(std::move(diagnostic));
  }
}

}  // namespace

Outcome run_verify(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  auto project = open_project(arguments, environment, outcome.diagnostics);
  if (!project) return finish(std::move(outcome), kUsage);
  check_flags(*project, arguments, outcome.diagnostics);
  if (outcome.diagnostics.has_errors()) {
    return finish(std::move(outcome), kUsage);
  }
  // What a build may pass over with a warning, CI may not.
  if (project->on_drift == OnDrift::warn) project->on_drift = OnDrift::error;
  std::string url = arguments.url;
  if (url.empty()) {
    url = environment.variable("SCHEMAGEN_VERIFY_URL").value_or("");
  }
  const Checked checked =
      check_project(*project, environment, outcome.diagnostics);
  if (!outcome.diagnostics.has_errors()) {
    check_bytes(*project, checked.folder, outcome.diagnostics);
  }
  if (!outcome.diagnostics.has_errors() && project->replay) {
    for (const PreparedDialect& dialect : checked.prepared) {
      if (contains(arguments.skipped, dialect.dialect)) {
        outcome.text += dialect.dialect + ": not tried, as --skip asks\n";
      } else {
        verify_dialect(*project, checked, dialect, url, environment, outcome);
      }
    }
  }
  for (const std::string& object : checked.unmodelled) {
    outcome.text += "not compared: " + object + "\n";
  }
  if (!project->replay) {
    outcome.text += "the scripts were parsed, not run: there is no REPLAY\n";
  }
  return finish(std::move(outcome), checked.input_failed ? kUsage : kFindings);
}

}  // namespace schemagen::gen
