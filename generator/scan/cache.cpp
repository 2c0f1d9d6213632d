#include "scan/cache.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <filesystem>
#include <functional>
#include <memory>
#include <system_error>
#include <type_traits>
#include <unordered_map>
#include <utility>

namespace schemagen::gen {
namespace {

// A changed layout of anything below needs a new word here.
constexpr std::string_view kMagic = "schemagen-scan-cache-6\n";

// One description of each type serves writing and reading: `Archive` is either
// a Writer or a Reader, and every field goes through it in the same order.

// Numbers take a byte for every seven bits. A text is written once and named
// by its number after that: most are file names, types and options. 0 is the
// empty one.

enum : std::uint8_t { kNoFile, kSameFile, kOtherFile };

class Writer {
 public:
  void number(std::uint64_t& value) {
    std::uint64_t rest = value;
    for (; rest >= 0x80; rest >>= 7U) {
      out_ += static_cast<char>(0x80U | (rest & 0x7fU));
    }
    out_ += static_cast<char>(rest);
  }
  void text(std::string& value) {
    if (value.empty()) {
      out_ += '\0';
      return;
    }
    std::uint64_t known = texts_.size() + 1;
    const auto [row, is_new] = texts_.emplace(value, known);
    number(row->second);
    if (!is_new) return;
    std::uint64_t size = value.size();
    number(size);
    out_ += value;
  }
  // A text that occurs once.
  void bytes(std::string& value) {
    std::uint64_t size = value.size();
    number(size);
    out_ += value;
  }
  // Most places are nowhere or in the file of the place before.
  void file(FileName& value) {
    const bool is_same = value == file_;
    out_ += static_cast<char>(value.empty() ? kNoFile
                              : is_same     ? kSameFile
                                            : kOtherFile);
    if (value.empty() || is_same) return;
    std::string name = value;
    text(name);
    file_ = value;
  }
  template <class T>
  std::uint64_t resize(std::vector<T>& list) {
    std::uint64_t size = list.size();
    number(size);
    return size;
  }
  std::string take() { return std::move(out_); }

 private:
  std::string out_;
  FileName file_;
  std::unordered_map<std::string, std::uint64_t> texts_;
};

class Reader {
 public:
  explicit Reader(std::string_view in) : in_(in) {}

  [[gnu::always_inline]] void number(std::uint64_t& value) {
    value = 0;
    if (at_ < in_.size() && static_cast<unsigned char>(in_[at_]) < 0x80) {
      value = static_cast<unsigned char>(in_[at_++]);  // nearly all of them
      return;
    }
    long_number(value);
  }
  void text(std::string& value) {
    std::uint64_t known = 0;
    number(known);
    if (known == 0) return value.clear();
    if (known > texts_.size()) {
      std::uint64_t size = 0;
      number(size);
      if (!has(size)) return;
      texts_.push_back(in_.substr(at_, size));
      at_ += size;
      known = texts_.size();
    }
    // Cheaper than assign(), which looks after what `value` held.
    value = std::string(texts_[known - 1]);
  }
  void bytes(std::string& value) {
    std::uint64_t size = 0;
    number(size);
    if (!has(size)) return;
    value.assign(in_.substr(at_, size));
    at_ += size;
  }
  void file(FileName& value) {
    std::uint64_t which = kNoFile;
    number(which);
    if (which == kNoFile) {
      value = {};
      return;
    }
    if (which == kOtherFile) {
      std::string name;
      text(name);
      file_ = std::move(name);
    }
    value = file_;
  }
  template <class T>
  std::uint64_t resize(std::vector<T>& list) {
    std::uint64_t size = 0;
    number(size);
    if (!has(size)) return 0;  // each element takes a byte or more
    list.resize(size);
    return size;
  }
  bool is_done() const { return is_good_ && at_ == in_.size(); }
  void fail() { is_good_ = false; }

 private:
  [[gnu::noinline]] void long_number(std::uint64_t& value) {
    for (unsigned shift = 0; shift < 64; shift += 7) {
      if (!has(1)) return;
      const auto byte = static_cast<unsigned char>(in_[at_++]);
      value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
      if (byte < 0x80) return;
    }
    fail();
  }

  bool has(std::uint64_t count) {
    is_good_ = is_good_ && count <= in_.size() - at_;
    return is_good_;
  }

  std::string_view in_;
  std::size_t at_ = 0;
  bool is_good_ = true;
  FileName file_;
  std::vector<std::string_view> texts_;
};

template <class Archive>
void pass(Archive& archive, std::string& value) {
  archive.text(value);
}

template <class Archive, class T,
          std::enable_if_t<std::is_integral_v<T> || std::is_enum_v<T>, int> = 0>
void pass(Archive& archive, T& value) {
  auto wide = static_cast<std::uint64_t>(value);
  archive.number(wide);
  value = static_cast<T>(wide);
}

template <class Archive, class T>
void pass(Archive& archive, std::vector<T>& list) {
  const std::uint64_t size = archive.resize(list);
  for (std::uint64_t i = 0; i < size; ++i) pass(archive, list[i]);
}

template <class Archive, class... Fields>
void pass_all(Archive& archive, Fields&... fields) {
  (pass(archive, fields), ...);
}

template <class Archive>
void pass(Archive& archive, SourceLocation& at) {
  archive.file(at.file);
  pass_all(archive, at.line, at.column, at.literal_end);
}

template <std::size_t Index, class Archive>
void pass_alternative(Archive& archive, OptionValue& value) {
  std::variant_alternative_t<Index, OptionValue> item{};
  if (auto* held = std::get_if<Index>(&value)) item = std::move(*held);
  pass(archive, item);
  value = std::move(item);
}

template <class Archive>
void pass(Archive& archive, OptionValue& value) {
  std::uint64_t index = value.index();
  archive.number(index);
  switch (index) {
    case 0:
      return pass_alternative<0>(archive, value);
    case 1:
      return pass_alternative<1>(archive, value);
    case 2:
      return pass_alternative<2>(archive, value);
    default:
      return pass_alternative<3>(archive, value);
  }
}

template <class Archive>
void pass(Archive& archive, Option& option) {
  pass_all(archive, option.name, option.value, option.at, option.element_at);
}

template <class Archive>
void pass(Archive& archive, Annotation& annotation) {
  pass_all(archive, annotation.kind, annotation.options, annotation.at);
}

template <class Archive>
void pass(Archive& archive, CppType& type) {
  pass_all(archive, type.kind, type.name, type.bits, type.is_signed, type.count,
           type.period_num, type.period_den, type.inner);
}

template <class Archive>
void pass(Archive& archive, Initializer& initializer) {
  pass(archive, initializer.kind);
  if (initializer.kind == Initializer::Kind::none) return;  // most have none
  pass_all(archive, initializer.value.kind, initializer.value.text,
           initializer.spelled, initializer.at);
}

template <class Archive>
void pass(Archive& archive, Member& member) {
  pass_all(archive, member.name, member.type, member.annotations,
           member.initializer, member.comment, member.at);
}

template <class Archive>
void pass(Archive& archive, Record& record) {
  pass_all(archive, record.name, record.annotations, record.members,
           record.hides_data, record.comment, record.at);
}

template <class Archive>
void pass(Archive& archive, EnumDeclaration::Value& value) {
  pass_all(archive, value.name, value.number, value.is_beyond,
           value.annotations, value.at);
}

template <class Archive>
void pass(Archive& archive, EnumDeclaration& declared) {
  pass_all(archive, declared.name, declared.annotations, declared.values,
           declared.at);
}

template <class Archive>
void pass(Archive& archive, TypeMapping& mapping) {
  pass_all(archive, mapping.type, mapping.options, mapping.at);
}

template <class Archive>
void pass(Archive& archive, Alias& alias) {
  pass_all(archive, alias.name, alias.entity, alias.at);
}

template <class Archive>
void pass(Archive& archive, FixIt& fix) {
  pass_all(archive, fix.from, fix.to, fix.text);
}

template <class Archive>
void pass(Archive& archive, Diagnostic& diagnostic) {
  pass_all(archive, diagnostic.severity, diagnostic.id, diagnostic.message,
           diagnostic.at, diagnostic.fixes, diagnostic.notes);
}

template <class Archive>
void pass(Archive& archive, FileStamp& stamp) {
  pass_all(archive, stamp.path, stamp.size, stamp.hash, stamp.untouched);
}

template <class Archive>
void pass(Archive& archive, Declarations& declarations) {
  pass_all(archive, declarations.records, declarations.enums,
           declarations.mappings, declarations.aliases);
}

template <class Archive>
void pass(Archive& archive, CacheEntry& entry) {
  pass_all(archive, entry.files, entry.absent, entry.diagnostics, entry.prelude,
           entry.traces);
  archive.bytes(entry.declarations);
}

template <class Archive>
void pass(Archive& archive, NamespaceTrace& trace) {
  pass_all(archive, trace.path, trace.name);
}

template <class Archive>
void pass(Archive& archive, FileTrace& trace) {
  pass_all(archive, trace.path, trace.shown, trace.says, trace.hears,
           trace.namespaces, trace.includes, trace.directives);
}

template <class Archive>
void pass(Archive& archive, Traces& traces) {
  pass_all(archive, traces.is_doubtful, traces.files);
}

// A file's bytes, in a buffer that serves all files of a run.
class FileReader {
 public:
  // False when it cannot be read whole.
  bool read(const std::string& path) {
    const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) return false;
    const bool is_whole =
        ::fstat(file, &status_) == 0 && S_ISREG(status_.st_mode) && fill(file);
    ::close(file);
    return is_whole;
  }

  std::string_view bytes() const { return {buffer_.get(), size_}; }
  const struct stat& status() const { return status_; }

 private:
  bool fill(int file) {
    const auto expected = static_cast<std::size_t>(status_.st_size);
    if (capacity_ < expected) {
      buffer_.reset(new char[expected]);  // a vector would write zeros first
      capacity_ = expected;
    }
    size_ = 0;
    while (size_ < expected) {
      const ssize_t got = ::read(file, buffer_.get() + size_, expected - size_);
      if (got <= 0) return false;
      size_ += static_cast<std::size_t>(got);
    }
    return true;
  }

  std::unique_ptr<char[]> buffer_;
  std::size_t capacity_ = 0;
  std::size_t size_ = 0;
  struct stat status_ = {};
};

std::uint64_t mixed(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a) * b;
  return static_cast<std::uint64_t>(product) ^
         static_cast<std::uint64_t>(product >> 64U);
}

std::int64_t nanoseconds(const timespec& time) {
  return std::int64_t{time.tv_sec} * 1000000000 + time.tv_nsec;
}

// File systems keep time in steps of up to two seconds; two edits within one
// step look alike.
constexpr std::int64_t kStep = 2'000'000'000;

std::uint64_t untouched_mark(const struct stat& status, std::int64_t now) {
  const std::int64_t changed = nanoseconds(status.st_ctim);
  if (changed > now - kStep) return 0;
  std::uint64_t mark = 0;
  for (const std::uint64_t part :
       {static_cast<std::uint64_t>(changed),
        static_cast<std::uint64_t>(nanoseconds(status.st_mtim)),
        static_cast<std::uint64_t>(status.st_ino),
        static_cast<std::uint64_t>(status.st_dev),
        static_cast<std::uint64_t>(status.st_size)}) {
    mark = mixed(mark ^ part, 0x9e3779b97f4a7c15U) + 0xd1b54a32d192ed03U;
  }
  return mark == 0 ? 1 : mark;
}

std::int64_t clock_now() {
  timespec time = {};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return nanoseconds(time);
}

bool is_untouched(const FileStamp& stamp, std::int64_t now) {
  struct stat status = {};
  return stamp.untouched != 0 && ::stat(stamp.path.c_str(), &status) == 0 &&
         untouched_mark(status, now) == stamp.untouched;
}

// What was written, behind a sum of it.
template <class Content>
std::string sealed(Content& content) {
  Writer writer;
  pass(writer, content);
  const std::string body = writer.take();
  const std::uint64_t check = hash_bytes(body);
  char head[sizeof check];
  std::memcpy(head, &check, sizeof check);
  return std::string(kMagic).append(head, sizeof check) + body;
}

template <class Content>
bool unsealed(std::string_view bytes, Content& content) {
  if (bytes.size() < kMagic.size() + 8 ||
      bytes.substr(0, kMagic.size()) != kMagic) {
    return false;
  }
  const std::string_view body = bytes.substr(kMagic.size() + 8);
  std::uint64_t check = 0;
  std::memcpy(&check, bytes.data() + kMagic.size(), 8);
  if (check != hash_bytes(body)) return false;
  Reader reader(body);
  pass(reader, content);
  return reader.is_done();
}

void write_file(const std::string& path, const std::string& bytes) {
  const std::string temporary = path + "." + std::to_string(::getpid());
  const int file =
      ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
  if (file < 0) return;
  const ssize_t written = ::write(file, bytes.data(), bytes.size());
  const bool is_whole = ::close(file) == 0 && written >= 0 &&
                        static_cast<std::size_t>(written) == bytes.size();
  std::error_code error;
  if (is_whole) {
    std::filesystem::rename(temporary, path, error);
  }
  if (!is_whole || error) std::filesystem::remove(temporary, error);
}

}  // namespace

// Multiply and fold, eight bytes at a time: a thousand headers are hashed
// before a person notices. Changes of files are accidents, not attacks.
std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed) {
  constexpr std::uint64_t kFirst = 0x9e3779b97f4a7c15U;
  constexpr std::uint64_t kSecond = 0xd1b54a32d192ed03U;
  std::uint64_t state = mixed(seed ^ kFirst, bytes.size() ^ kSecond);
  const char* at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, at, 8);
    state = mixed(state ^ word, kFirst) + kSecond;
  }
  std::uint64_t tail = 0;
  if (left > 0) std::memcpy(&tail, at, left);
  return mixed(state ^ tail ^ kSecond, kFirst);
}

std::optional<std::vector<FileStamp>> stamp_files(
    const std::vector<std::string>& paths, std::int64_t began) {
  std::vector<FileStamp> stamps;
  FileReader file;
  const std::int64_t now = clock_now();
  for (const std::string& path : paths) {
    if (!file.read(path) || nanoseconds(file.status().st_mtim) >= began) {
      return std::nullopt;
    }
    stamps.push_back({path, file.bytes().size(), hash_bytes(file.bytes()),
                      untouched_mark(file.status(), now)});
  }
  return stamps;
}

Freshness check_freshness(CacheEntry& entry, std::vector<std::string>* edited) {
  for (const std::string& path : entry.absent) {
    if (::access(path.c_str(), F_OK) == 0) return Freshness::stale;
  }
  bool is_renewed = false;
  std::vector<std::string> changed;
  FileReader file;
  const std::int64_t now = clock_now();
  for (FileStamp& stamp : entry.files) {
    if (is_untouched(stamp, now)) continue;
    if (!file.read(stamp.path)) return Freshness::stale;
    if (file.bytes().size() != stamp.size ||
        hash_bytes(file.bytes()) != stamp.hash) {
      if (edited == nullptr) return Freshness::stale;
      changed.push_back(stamp.path);
      continue;
    }
    const std::uint64_t mark = untouched_mark(file.status(), now);
    is_renewed = is_renewed || mark != stamp.untouched;
    stamp.untouched = mark;
  }
  if (!changed.empty()) {
    *edited = std::move(changed);
    return Freshness::stale;
  }
  return is_renewed ? Freshness::fresh_by_content : Freshness::fresh;
}

std::string pack(Declarations& declarations) {
  Writer writer;
  pass(writer, declarations);
  return writer.take();
}

bool unpack(std::string_view bytes, Declarations& declarations) {
  Reader reader(bytes);
  pass(reader, declarations);
  return reader.is_done();
}

std::string encode(CacheEntry& entry) { return sealed(entry); }

bool decode(std::string_view bytes, CacheEntry& entry) {
  return unsealed(bytes, entry);
}

std::optional<CacheEntry> read_cache(const std::string& path) {
  FileReader file;
  CacheEntry entry;
  if (!file.read(path) || !decode(file.bytes(), entry)) {
    return std::nullopt;
  }
  return entry;
}

void write_cache(const std::string& path, CacheEntry& entry) {
  write_file(path, encode(entry));
}

std::uint64_t write_traces(const std::string& path, Traces& traces) {
  const std::string bytes = sealed(traces);
  write_file(path, bytes);
  return hash_bytes(bytes);
}

std::optional<Traces> read_traces(const std::string& path, std::uint64_t name) {
  FileReader file;
  Traces traces;
  if (!file.read(path) || hash_bytes(file.bytes()) != name ||
      !unsealed(file.bytes(), traces)) {
    return std::nullopt;
  }
  return traces;
}

void prune_folder(const std::string& folder, std::string_view prefix,
                  std::string_view suffix, std::size_t most) {
  namespace fs = std::filesystem;
  std::error_code error;
  std::vector<std::pair<fs::file_time_type, fs::path>> found;
  for (fs::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code gone;
    const auto time = fs::last_write_time(at->path(), gone);
    if (!gone && name.size() >= prefix.size() + suffix.size() &&
        name.compare(0, prefix.size(), prefix) == 0 &&
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) == 0) {
      found.emplace_back(time, at->path());
    }
  }
  std::sort(found.begin(), found.end(), std::greater<>());
  for (std::size_t i = most; i < found.size(); ++i) {
    fs::remove(found[i].second, error);
  }
}

}  // namespace schemagen::gen
