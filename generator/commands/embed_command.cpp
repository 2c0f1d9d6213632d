// The build's call: check everything, then put the migrations into C++. The
// stamp tells the build tool that it went well, the depfile on what it rests.
#include <filesystem>
#include <string>
#include <utility>

#include "commands/check.hpp"
#include "commands/generate.hpp"
#include "emit/depfile.hpp"
#include "emit/embed.hpp"
#include "emit/output.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

bool is_skipped(const Project& project, const Environment& environment) {
  const std::string asked =
      environment.variable("SCHEMAGEN_SKIP_CHECK").value_or("");
  return project.skip_check ||
         (!asked.empty() && asked != "0" && asked != "OFF");
}

/// What there is, unchecked: only what cannot be cut cannot be embedded.
Checked load_unchecked(const Project& project, Diagnostics& diagnostics) {
  diagnostics.warning({project.schema_dir, 0, 0}, "check-skipped",
                      "SCHEMAGEN_SKIP_CHECK is on, so drift and edited "
                      "scripts go unnoticed; switch it off again");
  Checked checked;
  checked.folder = view_folder(project.schema_dir, project.dialects,
                               /*with_snapshot=*/false, diagnostics);
  checked.prepared = prepare(checked.folder, project.dialects, diagnostics);
  checked.dependencies.push_back(project.schema_dir);
  return checked;
}

/// ON_DRIFT GENERATE: the next migration is written where the check found that
/// one is due.
void generate_first(const Project& project, const Arguments& arguments,
                    const Environment& environment, Outcome& outcome) {
  Arguments wanted = arguments;
  wanted.project.file = project.path;
  Outcome generated = run_generate(wanted, environment);
  outcome.text += generated.json.find("\"written\": true") != std::string::npos
                      ? generated.text
                      : "";
  for (Diagnostic& diagnostic : generated.diagnostics.sorted()) {
    outcome.diagnostics.add(std::move(diagnostic));
  }
}

/// The stamp is new each time: its time stamp is what counts.
bool touch(const std::string& path, Diagnostics& diagnostics) {
  std::error_code failure;
  if (fs::exists(path, failure)) {
    fs::last_write_time(path, fs::file_time_type::clock::now(), failure);
    if (!failure) return true;
  }
  return write_outputs({{{path, "checked\n"}}, {}}, diagnostics);
}

void write_embedded(const Project& project, const Arguments& arguments,
                    const Checked& checked, bool is_clean,
                    Diagnostics& diagnostics) {
  OutputSet outputs;
  sweep_outputs(project.output_dir);
  const std::string name =
      project.name_space.empty() ? project.target : project.name_space;
  outputs.files =
      embed(checked.prepared, project.target, name, project.output_dir);
  if (!arguments.depfile.empty()) {
    sweep_outputs(fs::path(arguments.depfile).parent_path().string());
    const fs::path links = fs::path(arguments.depfile).parent_path() / "links";
    const Depfile depfile =
        make_depfile(arguments.stamp, checked.dependencies, links.string());
    for (const Depfile::Link& link : depfile.links) {
      if (!write_link(link.path, link.file, diagnostics)) return;
    }
    outputs.files.push_back({arguments.depfile, depfile.text});
  }
  if (!write_outputs(outputs, diagnostics) || arguments.stamp.empty()) return;
  if (is_clean) {
    touch(arguments.stamp, diagnostics);
  } else {
    // Without a stamp the next build says it again.
    std::error_code failure;
    fs::remove(arguments.stamp, failure);
  }
}

}  // namespace

Outcome run_embed(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (!project) return finish(std::move(outcome), kUsage);
  const bool skipped = is_skipped(*project, environment);
  if (!skipped && project->on_drift == OnDrift::generate &&
      project->has_entities) {
    generate_first(*project, arguments, environment, outcome);
    if (outcome.diagnostics.has_errors()) {
      return finish(std::move(outcome), kUsage);
    }
  }
  const Checked checked =
      skipped ? load_unchecked(*project, outcome.diagnostics)
              : check_project(*project, environment, outcome.diagnostics);
  if (outcome.diagnostics.has_errors()) {
    return finish(std::move(outcome),
                  checked.input_failed ? kUsage : kFindings);
  }
  write_embedded(*project, arguments, checked, !skipped && !checked.has_drift,
                 outcome.diagnostics);
  return finish(std::move(outcome), kUsage);
}

}  // namespace schemagen::gen
