#include "scan/slips.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/options.hpp"

namespace schemagen::gen {
namespace {

using Kind = Word::Kind;
using Words = std::vector<Word>;

// The `)` that ends what the word calls, else the word itself.
std::size_t last_of_call(const Words& words, std::size_t word) {
  int depth = 0;
  for (std::size_t at = word + 1; at < words.size(); ++at) {
    if (words[at].kind == Kind::open_paren) ++depth;
    if (words[at].kind == Kind::close_paren) --depth;
    if (depth == 0) return words[at].kind == Kind::close_paren ? at : word;
  }
  return word;
}

bool is_unclosed(const Words& words, std::size_t word, std::size_t last) {
  return last == word && word + 1 < words.size() &&
         words[word + 1].kind == Kind::open_paren;
}

// Where the parenthesis was meant to be closed: after the last value before
// the declaration goes on.
std::size_t last_option(const Words& words, std::size_t word) {
  std::size_t last = word + 1;
  for (std::size_t at = last; at < words.size(); ++at) {
    const Kind kind = words[at].kind;
    const bool is_list = words[at - 1].kind == Kind::equal;
    if (kind == Kind::semicolon) break;
    if (kind == Kind::open_brace && !is_list) break;
    if (kind == Kind::text || kind == Kind::close_brace ||
        kind == Kind::number || (is_list && kind == Kind::name)) {
      last = at;
    }
  }
  return last;
}

// A string in the options that does not end on its line.
const Word* open_text(const Words& words, std::size_t word, std::size_t last) {
  for (std::size_t at = word + 1; at < words.size(); ++at) {
    const Word& here = words[at];
    if (at > last && last != word) return nullptr;
    if (here.kind == Kind::unknown &&
        here.spelled.find('"') != std::string::npos) {
      return &here;
    }
    if (here.kind == Kind::semicolon ||
        (here.kind == Kind::open_brace && words[at - 1].kind != Kind::equal)) {
      return nullptr;
    }
  }
  return nullptr;
}

// One that no parenthesis before the word has opened.
bool is_extra(const Words& words, std::size_t word, std::size_t last) {
  if (last == word || last + 1 >= words.size() ||
      words[last + 1].kind != Kind::close_paren) {
    return false;
  }
  int depth = 0;
  for (std::size_t at = word; at > 0 && depth >= 0; --at) {
    const Kind kind = words[at - 1].kind;
    if (kind == Kind::semicolon || kind == Kind::open_brace) break;
    if (kind == Kind::close_paren) ++depth;
    if (kind == Kind::open_paren) --depth;
  }
  return depth >= 0;
}

std::size_t end_of_fault(const Words& words, std::size_t word,
                         std::size_t last) {
  if (const Word* text = open_text(words, word, last)) {
    // What was meant to be behind the annotation is still of use.
    const std::size_t close = text->spelled.find(')');
    if (close != std::string::npos) return text->begin + close + 1;
    return last == word ? text->end : words[last].end;
  }
  if (is_unclosed(words, word, last)) last = last_option(words, word);
  if (is_extra(words, word, last)) ++last;
  return words[last].end;
}

// Between the word and the end of the declaration that it stands in.
bool is_near_error(const Words& words, std::size_t word, std::size_t last,
                   const std::set<int>& lines) {
  while (last + 1 < words.size() && words[last].kind != Kind::open_brace &&
         words[last].kind != Kind::close_brace &&
         words[last].kind != Kind::semicolon) {
    ++last;
  }
  const auto first = lines.lower_bound(words[word].line);
  return first != lines.end() && *first <= words[last].line;
}

class SlipFinder {
 public:
  SlipFinder(FaultyFile file, ParseOutcome& outcome)
      : file_(std::move(file)),
        macros_(annotation_macros()),
        outcome_(outcome) {}

  void find() {
    const std::size_t known = outcome_.slips.size();
    blank_all(&SlipFinder::report);
    // A misspelt one spoils its neighbours, whose errors count only without it.
    if (outcome_.slips.size() == known) blank_all(&SlipFinder::take_errors);
    if (outcome_.slips.size() == known || file_.path.empty()) return;
    outcome_.mended.push_back({file_.path, std::move(file_.text)});
  }

 private:
  using Judge = bool (SlipFinder::*)(std::size_t word, std::size_t last);

  void blank_all(Judge is_faulty) {
    const Words& words = file_.words;
    for (std::size_t at = 0; at < words.size(); ++at) {
      if (words[at].kind != Kind::name ||
          !looks_like_annotation(words[at].spelled)) {
        continue;
      }
      const std::size_t last = last_of_call(words, at);
      if (!is_near_error(words, at, last, file_.error_lines)) continue;
      if (!(this->*is_faulty)(at, last)) continue;
      const bool is_known = is_faulty == &SlipFinder::take_errors;
      blank(is_known ? words[at + 1].end : words[at].begin,
            is_known ? words[last].begin : end_of_fault(words, at, last));
    }
  }

  // Lines and columns stay what they are.
  void blank(std::size_t begin, std::size_t end) {
    for (std::size_t at = begin; at < end; ++at) {
      if (file_.text[at] != '\n') file_.text[at] = ' ';
    }
  }

  bool is_ours(const std::string& name) const {
    return std::find(macros_.begin(), macros_.end(), name) != macros_.end();
  }

  bool report(std::size_t word, std::size_t last) {
    const Words& words = file_.words;
    const std::string& name = words[word].spelled;
    if (words[word].macro == Word::Macro::none) {
      return is_ours(name) ? report_include(words[word])
                           : report_name(words[word], last != word);
    }
    if (!is_ours(name)) return false;
    if (const Word* open = open_text(words, word, last)) {
      add(*open, "annotation-string",
          "this string is never closed; write \" behind its last character");
      return true;
    }
    return report_parentheses(word, last);
  }

  bool report_parentheses(std::size_t word, std::size_t last) {
    const Words& words = file_.words;
    const std::string& name = words[word].spelled;
    const bool is_call = last != word;
    const bool takes_arguments =
        words[word].macro == Word::Macro::takes_arguments;
    constexpr const char kId[] = "annotation-parentheses";
    if (takes_arguments && is_extra(words, word, last)) {
      const Word& extra = words[last + 1];
      Diagnostic& slip =
          add(extra, kId,
              "one ) too many behind the options of " + name + "; remove it");
      slip.fixes.push_back({slip.at, end_of(extra), ""});
      return true;
    }
    if (takes_arguments == is_call) return false;
    if (takes_arguments && is_unclosed(words, word, last)) {
      add(words[word + 1], kId,
          "the parenthesis after " + name +
              " is never closed; write ) behind the last option");
      return true;
    }
    const SourceLocation from = end_of(words[word]);
    add(words[word], kId,
        is_call ? name + " has no parentheses; remove them"
                : name + " without parentheses; write " + name + "()")
        .fixes.push_back(
            {from, is_call ? end_of(words[last]) : from, is_call ? "" : "()"});
    return true;
  }

  // What Clang says of the options of an annotation.
  bool take_errors(std::size_t word, std::size_t last) {
    const std::string& name = file_.words[word].spelled;
    if (!is_ours(name)) return false;
    const SourceLocation begin = place_of(file_.words[word]);
    const SourceLocation end = end_of(file_.words[last]);
    std::vector<Diagnostic>& all = outcome_.diagnostics;
    const auto inside = std::stable_partition(
        all.begin(), all.end(), [&](const Diagnostic& diagnostic) {
          const SourceLocation& at = diagnostic.at;
          return at.file != begin.file || is_before(at, begin) ||
                 !is_before(at, end);
        });
    // An option that Clang cannot read is not constant either.
    const bool is_reason_known = std::any_of(
        inside, all.end(),
        [](const Diagnostic& diagnostic) { return diagnostic.id == "clang"; });
    if (is_reason_known) {
      all.erase(std::remove_if(inside, all.end(),
                               [](const Diagnostic& diagnostic) {
                                 return diagnostic.id ==
                                        "annotation-not-constant";
                               }),
                all.end());
    }
    // Without a mapping the members of its type would seem wrong.
    if (inside == all.end() || name == "SG_MAP_TYPE") return false;
    std::move(inside, all.end(), std::back_inserter(outcome_.slips));
    all.erase(inside, all.end());
    return true;
  }

  // Every annotation of the file is unknown then, for one reason.
  bool report_include(const Word& word) {
    if (!is_include_told_) {
      add(word, "missing-include",
          word.spelled +
              " is not known here; add #include <schemagen/annotations.hpp>");
    }
    is_include_told_ = true;
    return true;
  }

  bool report_name(const Word& word, bool is_call) {
    std::vector<std::string> candidates;
    for (const std::string& macro : macros_) {
      // Without parentheses it may be a word of the vocabulary, SG_CASCAD.
      if (is_call || macro == "SG_IGNORE")
        candidates.push_back(macro.substr(3));
    }
    std::string near = closest(word.spelled.substr(3), candidates);
    if (near.empty()) return false;
    near = "SG_" + near;
    Diagnostic& slip = add(word, "unknown-annotation",
                           "there is no annotation '" + word.spelled +
                               "'; did you mean '" + near + "'?");
    slip.fixes.push_back({slip.at, end_of(word), near});
    return true;
  }

  Diagnostic& add(const Word& word, const char* id, std::string message) {
    Diagnostic slip;
    slip.id = id;
    slip.at = place_of(word);
    slip.message = std::move(message);
    outcome_.slips.push_back(std::move(slip));
    return outcome_.slips.back();
  }

  SourceLocation place_of(const Word& word) const {
    return {file_.shown, word.line, word.column};
  }
  SourceLocation end_of(const Word& word) const {
    return {file_.shown, word.end_line, word.end_column};
  }

  FaultyFile file_;
  const std::vector<std::string> macros_;
  ParseOutcome& outcome_;
  bool is_include_told_ = false;
};

}  // namespace

bool looks_like_annotation(const std::string& name) {
  return name.size() >= 3 && (name[0] == 'S' || name[0] == 's') &&
         (name[1] == 'G' || name[1] == 'g') && name[2] == '_';
}

void find_slips(FaultyFile file, ParseOutcome& outcome) {
  SlipFinder(std::move(file), outcome).find();
}

}  // namespace schemagen::gen
