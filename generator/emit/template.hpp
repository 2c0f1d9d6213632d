// The texts of templates/, compiled in, and the filling of them. Values go in
// as they are; quoting is the business of whoever knows what the text will be.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace schemagen::gen {

struct TemplateText {
  const char* name;  ///< the file's name without ".mustache"
  const char* text;
};

/// Made at build time; the row after the last has no name.
extern const TemplateText kTemplates[];

/// What a template is filled with: values by name, and lists of the same.
struct TemplateValues {
  std::map<std::string, std::string> values;
  std::map<std::string, std::vector<TemplateValues>> lists;
};

/// One entry per line: a list whose rows have the single value "line".
std::vector<TemplateValues> template_lines(
    const std::vector<std::string>& lines);

/// The filled template; `name` is one of templates/.
std::string render_template(std::string_view name,
                            const TemplateValues& values);

}  // namespace schemagen::gen
