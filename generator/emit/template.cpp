#include "emit/template.hpp"

#include <kainjow/mustache.hpp>

namespace schemagen::gen {
namespace {

namespace mustache = kainjow::mustache;

mustache::data to_data(const TemplateValues& values) {
  mustache::data result{mustache::data::type::object};
  for (const auto& [name, value] : values.values) result.set(name, value);
  for (const auto& [name, rows] : values.lists) {
    mustache::data list{mustache::data::type::list};
    for (const TemplateValues& row : rows) list.push_back(to_data(row));
    result.set(name, list);
  }
  return result;
}

const char* find_template(std::string_view name) {
  for (const TemplateText* row = kTemplates; row->name != nullptr; ++row) {
    if (name == row->name) return row->text;
  }
  return "";
}

}  // namespace

std::vector<TemplateValues> template_lines(
    const std::vector<std::string>& lines) {
  std::vector<TemplateValues> rows;
  rows.reserve(lines.size());
  for (const std::string& line : lines) rows.push_back({{{"line", line}}, {}});
  return rows;
}

std::string render_template(std::string_view name,
                            const TemplateValues& values) {
  mustache::mustache engine{find_template(name)};
  engine.set_custom_escape([](const std::string& text) { return text; });
  return engine.render(to_data(values));
}

}  // namespace schemagen::gen
