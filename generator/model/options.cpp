#include "model/options.hpp"

#include <algorithm>

#include "model/names.hpp"
#include "model/text.hpp"

namespace schemagen::gen {
namespace {

constexpr AnnotationRow kAnnotations[] = {
    {"table", "SG_TABLE", Place::record, false},
    {"index", "SG_INDEX", Place::record, true},
    {"unique", "SG_UNIQUE", Place::record, true},
    {"primary_key", "SG_PRIMARY_KEY", Place::record, false},
    {"check", "SG_CHECK", Place::record, true},
    {"foreign_key", "SG_FOREIGN_KEY", Place::record, true},
    {"column", "SG_COLUMN", Place::member, false},
    {"embed", "SG_EMBED", Place::member, false},
    {"ignore", "SG_IGNORE", Place::member, false},
    {"enum", "SG_ENUM", Place::enumeration, false},
    {"value", "SG_VALUE", Place::enumerator, false},
    {"map_type", "SG_MAP_TYPE", Place::type, true},
};

using K = OptionKind;

constexpr OptionRow kOptions[] = {
    {"table", "name", K::name, "", false},
    {"table", "renamed_from", K::name, "", false},
    {"table", "schema", K::name, "postgres", false},
    {"table", "comment", K::text, "", false},
    {"table", "without_rowid", K::flag, "sqlite", false},
    {"table", "strict", K::flag, "sqlite", false},
    {"index", "columns", K::members, "", false},
    {"index", "unique", K::flag, "", false},
    {"index", "name", K::name, "", false},
    {"index", "where", K::sql, "", false},
    {"index", "method", K::name, "postgres", false},
    {"index", "descending", K::members, "", false},
    {"index", "expression", K::sql, "", false},
    {"unique", "columns", K::members, "", false},
    {"unique", "name", K::name, "", false},
    {"primary_key", "columns", K::members, "", false},
    {"check", "sql", K::sql, "", false},
    {"check", "name", K::name, "", false},
    {"foreign_key", "columns", K::members, "", false},
    {"foreign_key", "references", K::entity, "", false},
    {"foreign_key", "to", K::members, "", false},
    {"foreign_key", "on_delete", K::action, "", false},
    {"foreign_key", "on_update", K::action, "", false},
    {"foreign_key", "name", K::name, "", false},
    {"column", "name", K::name, "", false},
    {"column", "sql_type", K::sql, "", true},
    // An override names its own engine, so it is no error elsewhere.
    {"column", "sqlite_type", K::sql, "", true},
    {"column", "postgres_type", K::sql, "", true},
    {"column", "max_length", K::size, "", true},
    {"column", "precision", K::size, "", true},
    {"column", "scale", K::size, "", true},
    {"column", "primary_key", K::flag, "", false},
    {"column", "autoincrement", K::flag, "", false},
    {"column", "unique", K::flag, "", false},
    {"column", "index", K::flag, "", false},
    {"column", "default_sql", K::sql, "", true},
    {"column", "check", K::sql, "", false},
    {"column", "references", K::entity, "", false},
    {"column", "on_delete", K::action, "", false},
    {"column", "on_update", K::action, "", false},
    {"column", "collate", K::collation, "", true},
    {"column", "comment", K::text, "", false},
    {"column", "generated", K::sql, "", false},
    {"column", "stored", K::flag, "", false},
    {"column", "renamed_from", K::name, "", false},
    {"column", "backfill", K::sql, "", false},
    {"column", "using_sql", K::sql, "", false},
    {"embed", "prefix", K::text, "", false},
    {"enum", "storage", K::storage, "", false},
    {"enum", "name", K::name, "", false},
    {"value", "name", K::name, "", false},
};

bool is_control(char c) {
  auto byte = static_cast<unsigned char>(c);
  return byte < 0x20 || byte == 0x7F;
}

bool has_type(const OptionValue& value, OptionKind kind) {
  switch (kind) {
    case K::flag:
      return std::holds_alternative<bool>(value);
    case K::size:
    case K::action:
    case K::storage:
      return std::holds_alternative<std::int64_t>(value);
    case K::members:
      return std::holds_alternative<std::vector<std::string>>(value);
    case K::name:
    case K::collation:
    case K::sql:
    case K::text:
    case K::entity:
      break;
  }
  return std::holds_alternative<std::string>(value);
}

/// The last value of a closed set that travels as its number.
std::int64_t last_number(OptionKind kind) {
  if (kind == K::action) return static_cast<std::int64_t>(Action::set_default);
  if (kind == K::storage) {
    return static_cast<std::int64_t>(EnumStorage::native);
  }
  return 1'000'000'000;
}

/// Judges one option; every fault is one message at the value.
class Judge {
 public:
  Judge(const std::vector<std::string>& dialects, Diagnostics& diagnostics)
      : dialects_(dialects), diagnostics_(diagnostics) {}

  bool accept(const Option& option, const OptionRow* row,
              const std::string& macro) {
    shown_ = '.' + option.name;
    if (!row) {
      return report(option.at, "unknown-option",
                    macro + " has no option " + shown_ +
                        "; remove it, or update schemagen");
    }
    if (!has_type(option.value, row->kind)) {
      return report(option.at, "option-value",
                    shown_ +
                        " has a value of another type; give it the type "
                        "that annotations.hpp shows");
    }
    return accept_engine(option, *row) && accept_value(option, *row);
  }

 private:
  bool report(const SourceLocation& at, const char* id,
              const std::string& message) {
    diagnostics_.error(at, id, message);
    return false;
  }

  static std::string engine_of(const Option& option, const OptionRow& row) {
    if (row.kind != K::collation) return row.engine;
    const auto& name = std::get<std::string>(option.value);
    if (name.empty()) return "";  // told as an empty name
    return is_sqlite_collation(name) ? "sqlite" : "postgres";
  }

  bool accept_engine(const Option& option, const OptionRow& row) {
    const std::string engine = engine_of(option, row);
    const bool* flag = std::get_if<bool>(&option.value);
    if (engine.empty() || (flag && !*flag) ||
        std::count(dialects_.begin(), dialects_.end(), engine) > 0) {
      return true;
    }
    const bool is_collation = row.kind == K::collation;
    const std::string value =
        is_collation ? " = " + std::get<std::string>(option.value) : "";
    return report(option.at, "unusable-option",
                  shown_ + value + " works on " + engine +
                      " only, and this target has no such dialect; remove it, "
                      "or add " +
                      engine + " to DIALECTS");
  }

  bool accept_value(const Option& option, const OptionRow& row) {
    if (auto* list = std::get_if<std::vector<std::string>>(&option.value)) {
      return accept_list(option, *list);
    }
    if (auto* number = std::get_if<std::int64_t>(&option.value)) {
      return accept_number(option, row, *number);
    }
    if (auto* text = std::get_if<std::string>(&option.value)) {
      return accept_text(option, row, *text);
    }
    return true;
  }

  bool accept_number(const Option& option, const OptionRow& row,
                     std::int64_t number) {
    if (number >= 0 && number <= last_number(row.kind)) return true;
    return report(option.at, "option-value",
                  shown_ + " is " + std::to_string(number) +
                      "; give a number from 0 to " +
                      std::to_string(last_number(row.kind)));
  }

  bool accept_text(const Option& option, const OptionRow& row,
                   const std::string& text) {
    if (row.kind == K::name || row.kind == K::collation) {
      return check_name(text, shown_, option.at, diagnostics_);
    }
    if (row.kind != K::text && text.empty()) {
      return report(option.at, "empty-option",
                    shown_ + " is empty; give it a value, or remove it");
    }
    return accept_bytes(option.at, text);
  }

  bool accept_bytes(const SourceLocation& at, const std::string& text) {
    if (text.find('\0') != std::string::npos) {
      return report(at, "nul-byte",
                    shown_ + " holds a NUL character; remove it");
    }
    if (find_broken_utf8(text) == std::string::npos) return true;
    return report(at, "not-utf8",
                  shown_ + " is not UTF-8; save the header as UTF-8");
  }

  bool accept_list(const Option& option, const std::vector<std::string>& list) {
    if (list.empty()) {
      return report(option.at, "empty-option",
                    shown_ + " is empty; name at least one member");
    }
    bool good = true;
    for (std::size_t i = 0; i < list.size(); ++i) {
      const SourceLocation& at =
          i < option.element_at.size() ? option.element_at[i] : option.at;
      if (list[i].empty()) {
        good = report(at, "empty-option",
                      "a name in " + shown_ + " is empty; name a member");
      } else {
        good = accept_bytes(at, list[i]) && good;
      }
    }
    return good;
  }

  const std::vector<std::string>& dialects_;
  Diagnostics& diagnostics_;
  std::string shown_;
};

void add_all(const std::vector<Option>& options, const AnnotationRow& row,
             bool mapping, Judge& judge, Options& into,
             Diagnostics& diagnostics) {
  for (const Option& option : options) {
    const OptionRow* known =
        find_option(mapping ? "column" : row.kind, option.name);
    if (mapping && known && !known->mapping) {
      diagnostics.error(option.at, "unusable-option",
                        "SG_MAP_TYPE cannot take ." + option.name +
                            ", which is about one column; write it on the "
                            "members");
      continue;
    }
    if (!judge.accept(option, known, row.macro)) continue;
    if (const Option* other = into.add(option)) {
      diagnostics
          .error(option.at, "contradicting-options",
                 "." + option.name + " is given twice; keep one")
          .notes.push_back(
              {Severity::note, "", "the other one is here", other->at, {}, {}});
    }
  }
}

}  // namespace

bool is_sqlite_collation(const std::string& name) {
  const std::string folded = fold_case(name);
  return folded == "binary" || folded == "nocase" || folded == "rtrim";
}

std::vector<std::string> annotation_macros() {
  std::vector<std::string> macros;
  for (const AnnotationRow& row : kAnnotations) macros.emplace_back(row.macro);
  return macros;
}

const AnnotationRow* find_annotation(const std::string& kind) {
  for (const AnnotationRow& row : kAnnotations) {
    if (kind == row.kind) return &row;
  }
  return nullptr;
}

const OptionRow* find_option(const std::string& annotation,
                             const std::string& name) {
  for (const OptionRow& row : kOptions) {
    if (annotation == row.annotation && name == row.name) return &row;
  }
  return nullptr;
}

const Option* Options::find(const std::string& name) const {
  for (const Option& option : options_) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

std::string Options::text(const std::string& name) const {
  const Option* option = find(name);
  return option ? std::get<std::string>(option->value) : "";
}

bool Options::flag(const std::string& name) const {
  const Option* option = find(name);
  return option && std::get<bool>(option->value);
}

std::int64_t Options::number(const std::string& name) const {
  const Option* option = find(name);
  return option ? std::get<std::int64_t>(option->value) : 0;
}

std::vector<std::string> Options::list(const std::string& name) const {
  const Option* option = find(name);
  return option ? std::get<std::vector<std::string>>(option->value)
                : std::vector<std::string>{};
}

SourceLocation Options::at(const std::string& name,
                           const SourceLocation& otherwise) const {
  const Option* option = find(name);
  return option ? option->at : otherwise;
}

const Option* Options::add(const Option& option) {
  if (const Option* known = find(option.name)) {
    return known->value == option.value ? nullptr : known;
  }
  options_.push_back(option);
  return nullptr;
}

void Options::replace(const Option& option) {
  for (Option& known : options_) {
    if (known.name == option.name) known = option;
  }
}

Options read_options(const std::vector<Annotation>& annotations,
                     const std::string& kind,
                     const std::vector<std::string>& dialects,
                     Diagnostics& diagnostics) {
  Options options;
  const AnnotationRow* row = find_annotation(kind);
  if (!row) return options;
  Judge judge(dialects, diagnostics);
  for (const Annotation& annotation : annotations) {
    if (annotation.kind != kind) continue;
    add_all(annotation.options, *row, false, judge, options, diagnostics);
  }
  return options;
}

Options read_options(const TypeMapping& mapping,
                     const std::vector<std::string>& dialects,
                     Diagnostics& diagnostics) {
  Options options;
  Judge judge(dialects, diagnostics);
  add_all(mapping.options, *find_annotation("map_type"), true, judge, options,
          diagnostics);
  return options;
}

bool has_annotation(const std::vector<Annotation>& annotations,
                    const std::string& kind) {
  return std::any_of(annotations.begin(), annotations.end(),
                     [&](const Annotation& a) { return a.kind == kind; });
}

bool check_name(const std::string& name, const std::string& what,
                const SourceLocation& at, Diagnostics& diagnostics) {
  auto report = [&](const char* id, const std::string& message) {
    diagnostics.error(at, id, what + message);
    return false;
  };
  if (name.empty()) {
    return report("empty-name", " is an empty name; give at least one letter");
  }
  if (std::any_of(name.begin(), name.end(), is_control)) {
    return report("bad-name", " holds a control character; use printable ones");
  }
  if (find_broken_utf8(name) != std::string::npos) {
    return report("not-utf8", " is not UTF-8; save the header as UTF-8");
  }
  if (name.size() <= kMaxNameBytes) return true;
  return report("long-name", " '" + name + "' has " +
                                 std::to_string(name.size()) +
                                 " bytes, PostgreSQL keeps 63; choose a "
                                 "shorter .name");
}

}  // namespace schemagen::gen
