// Where something stands that a user wrote: every value that can be at fault
// carries such a place, from the scan to the message.
#pragma once

#include <memory>
#include <string>
#include <utility>

namespace schemagen::gen {

/// The name of a file. Copies share it: a target has tens of thousands of
/// places in a few files.
class FileName {
 public:
  FileName() = default;
  FileName(std::string name)
      : name_(name.empty()
                  ? nullptr
                  : std::make_shared<const std::string>(std::move(name))) {}
  FileName(const char* name) : FileName(std::string(name)) {}

  const std::string& text() const {
    static const std::string kNone;
    return name_ ? *name_ : kNone;
  }
  operator const std::string&() const { return text(); }
  bool empty() const { return name_ == nullptr; }

  friend bool operator==(const FileName& a, const FileName& b) {
    return a.name_ == b.name_ || a.text() == b.text();
  }
  friend bool operator!=(const FileName& a, const FileName& b) {
    return !(a == b);
  }
  friend bool operator<(const FileName& a, const FileName& b) {
    return a.name_ != b.name_ && a.text() < b.text();
  }

 private:
  std::shared_ptr<const std::string> name_;  // none: ""
};

/// A place in a file that the user wrote. Line and column count from 1; line 0
/// means "the whole file", an empty file "no place".
struct SourceLocation {
  FileName file;
  int line = 0;
  int column = 0;
  /// Column behind a string literal that begins here and says in plain letters
  /// what it stands for; 0 = anything else, which no fix may touch.
  int literal_end = 0;
};

}  // namespace schemagen::gen
