// scan and diff: what the headers say, and what that changes. Both only look.
#include <utility>

#include "commands/compare.hpp"
#include "commands/generate.hpp"
#include "commands/workspace.hpp"
#include "model/snapshot.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

bool has_entities(const Project& project, Diagnostics& diagnostics) {
  if (project.has_entities) return true;
  diagnostics.error({project.schema_dir, 0, 0}, "no-entities",
                    "holds hand-written migrations only; there is no model to "
                    "look at");
  return false;
}

/// The plan as far as it can be told without the user's consents: what asks
/// for one is a finding, not a failure.
std::string describe_all(const Plan& plan, std::string& json) {
  std::string text;
  for (const Change& change : plan.changes) {
    const std::string line = describe(change);
    text += line + "\n";
    if (!json.empty()) json += ", ";
    append_json(json, line);
  }
  json = "\"changes\": [" + json + "]";
  return text;
}

}  // namespace

Outcome run_scan(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (!project || !has_entities(*project, outcome.diagnostics)) {
    return finish(std::move(outcome), kUsage);
  }
  const auto model = read_model(*project, environment, outcome.diagnostics);
  if (model) outcome.text = scan_json(model->schema);
  return finish(std::move(outcome), kUsage);
}

Outcome run_diff(const Arguments& arguments, const Environment& environment) {
  Outcome outcome;
  const auto project =
      open_project(arguments, environment, outcome.diagnostics);
  if (project && !arguments.database.empty()) {
    return compare_database(*project, arguments, environment);
  }
  if (!project || !has_entities(*project, outcome.diagnostics)) {
    return finish(std::move(outcome), kUsage);
  }
  const Folder folder = view_folder(*project, outcome.diagnostics);
  if (outcome.diagnostics.has_errors()) {
    return finish(std::move(outcome), kUsage);
  }
  const auto model = read_model(*project, environment, outcome.diagnostics);
  if (!model) return finish(std::move(outcome), kUsage);
  const Plan plan = make_plan(folder.snapshot.schema, model->schema,
                              arguments.consents, outcome.diagnostics);
  outcome.text = describe_all(plan, outcome.json);
  const bool differs = folder.snapshot.schema != model->schema;
  if (differs) outcome.code = kFindings;
  return finish(std::move(outcome), kFindings);
}

}  // namespace schemagen::gen
