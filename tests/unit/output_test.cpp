#include "emit/output.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>

#include "emit/depfile.hpp"
#include "model/diagnostics.hpp"
#include "support/scratch_folder.hpp"

namespace schemagen::gen {
namespace {

namespace fs = std::filesystem;

/// A folder of its own per test, and its whole content as a value.
class OutputTest : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return root_ / name; }

  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name)) << text;
  }

  std::map<std::string, std::string> tree() const {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::recursive_directory_iterator(root_)) {
      Diagnostics none;
      const std::string name = fs::relative(entry.path(), root_).string();
      files[name] = entry.is_directory()
                        ? "<folder>"
                        : read_file(entry.path().string(), none).value_or("?");
    }
    return files;
  }

  test::ScratchFolder scratch_;
  fs::path root_ = scratch_.path();
  Diagnostics diagnostics_;
};

using Tree = std::map<std::string, std::string>;

TEST_F(OutputTest, writes_new_files_and_the_folders_above_them) {
  EXPECT_TRUE(write_outputs({{{path("a/b/one"), "1"}, {path("two"), "2"}}, {}},
                            diagnostics_));
  EXPECT_EQ(tree(), (Tree{{"a", "<folder>"},
                          {"a/b", "<folder>"},
                          {"a/b/one", "1"},
                          {"two", "2"}}));
}

TEST_F(OutputTest, leaves_the_time_stamp_of_a_file_that_is_as_wanted) {
  write("same", "text");
  const auto before = fs::last_write_time(path("same")) - std::chrono::hours(1);
  fs::last_write_time(path("same"), before);
  EXPECT_TRUE(write_outputs({{{path("same"), "text"}}, {}}, diagnostics_));
  EXPECT_EQ(fs::last_write_time(path("same")), before);
}

TEST_F(OutputTest, removes_what_the_set_says) {
  write("old", "text");
  EXPECT_TRUE(
      write_outputs({{{path("new"), "text"}}, {path("old")}}, diagnostics_));
  EXPECT_EQ(tree(), (Tree{{"new", "text"}}));
}

TEST_F(OutputTest, changes_nothing_when_one_file_of_the_set_cannot_be_written) {
  write("one", "old");
  write("gone", "old");
  fs::create_directory(path("taken"));
  write("taken/inside", "x");
  const Tree before = tree();
  EXPECT_FALSE(write_outputs({{{path("one"), "new"},
                               {path("made/two"), "new"},
                               {path("taken"), "a folder is in the way"}},
                              {path("gone")}},
                             diagnostics_));
  EXPECT_EQ(tree(), before);
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            path("taken") +
                ": error: cannot be written: Is a directory; nothing was "
                "changed, free space or give write permission and run it "
                "again [cannot-write]\n");
}

TEST_F(OutputTest, leaves_the_tree_as_it_was_when_the_disk_takes_no_more) {
  write("one", "old");
  const Tree before = tree();
  ::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit tight{10, old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  const bool written = write_outputs(
      {{{path("one"), "new"}, {path("made/two"), std::string(100, 'x')}}, {}},
      diagnostics_);
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  EXPECT_FALSE(written);
  EXPECT_EQ(tree(), before);
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            path("made/two") +
                ": error: cannot be written: File too large; nothing was "
                "changed, free space or give write permission and run it "
                "again [cannot-write]\n");
}

TEST_F(OutputTest, writes_through_a_symbolic_link) {
  write("real", "old");
  fs::create_symlink("real", path("link"));
  EXPECT_TRUE(write_outputs({{{path("link"), "new"}}, {}}, diagnostics_));
  EXPECT_TRUE(fs::is_symlink(path("link")));
  EXPECT_EQ(tree()["real"], "new");
}

TEST_F(OutputTest, waits_for_no_pipe) {
  ASSERT_EQ(mkfifo(path("pipe").c_str(), 0600), 0);
  EXPECT_FALSE(read_file(path("pipe"), diagnostics_));
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            path("pipe") +
                ": error: cannot be read: it is a pipe; check the path and its "
                "permissions [cannot-read]\n");
}

/// Of /dev/zero as of this one; but that would be read until memory ends, where
/// it is not refused.
TEST_F(OutputTest, reads_no_device_but_the_empty_one) {
  fs::create_symlink("/dev/null", path("null"));
  EXPECT_EQ(read_file(path("null"), diagnostics_), "");
  EXPECT_TRUE(diagnostics_.empty());
  fs::create_symlink("/dev/ptmx", path("terminal"));
  EXPECT_FALSE(read_file(path("terminal"), diagnostics_));
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            path("terminal") +
                ": error: cannot be read: it is a device; check the path and "
                "its permissions [cannot-read]\n");
}

TEST_F(OutputTest, tells_a_missing_file_from_a_folder) {
  EXPECT_FALSE(read_file(path("none"), diagnostics_));
  EXPECT_FALSE(read_file(root_.string(), diagnostics_));
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            root_.string() +
                ": error: cannot be read: Is a directory; check the path and "
                "its permissions [cannot-read]\n" +
                path("none") +
                ": error: cannot be read: No such file or directory; check "
                "the path and its permissions [cannot-read]\n");
}

using Mode = FolderLock::Mode;

TEST_F(OutputTest, lets_one_writer_at_a_time_into_a_folder) {
  const auto first =
      FolderLock::acquire(root_.string(), Mode::exclusive, diagnostics_);
  ASSERT_TRUE(first);
  EXPECT_FALSE(
      FolderLock::acquire(root_.string(), Mode::exclusive, diagnostics_));
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            root_.string() +
                ": error: another schemagen command is at work on this "
                "folder; run this one again when that is done "
                "[folder-busy]\n");
}

TEST_F(OutputTest, lets_readers_in_together) {
  const auto first =
      FolderLock::acquire(root_.string(), Mode::shared, diagnostics_);
  EXPECT_TRUE(FolderLock::acquire(root_.string(), Mode::shared, diagnostics_));
}

TEST_F(OutputTest, takes_away_a_folder_that_was_made_for_nothing) {
  {
    const auto lock =
        FolderLock::acquire(path("a/b"), Mode::exclusive, diagnostics_);
    EXPECT_TRUE(lock);
    EXPECT_TRUE(fs::is_directory(path("a/b")));
  }
  EXPECT_EQ(tree(), Tree{});
}

TEST_F(OutputTest, has_nothing_to_share_where_there_is_no_folder) {
  EXPECT_TRUE(FolderLock::acquire(path("none"), Mode::shared, diagnostics_));
  EXPECT_EQ(tree(), Tree{});
}

/// Starts to write the set and is killed as soon as `sign` is there.
void write_and_die(const OutputSet& outputs, const std::string& folder,
                   const std::string& sign) {
  const pid_t child = ::fork();
  if (child == 0) {
    Diagnostics none;
    write_outputs(outputs, none, folder);
    ::_exit(0);
  }
  while (::access(sign.c_str(), F_OK) != 0) {
    if (::waitpid(child, nullptr, WNOHANG) == child) return;
  }
  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
}

TEST_F(OutputTest, the_next_writer_finishes_what_a_killed_one_began) {
  constexpr int kFiles = 60;
  OutputSet outputs;
  Tree wanted;
  for (int i = 0; i < kFiles; ++i) {
    const std::string name = "file" + std::to_string(100 + i);
    write(name, "old");
    outputs.files.push_back({path(name), "new"});
    wanted[name] = "new";
  }
  write("gone", "old");
  outputs.removed.push_back(path("gone"));
  const std::string middle = ".schemagen-unfinished";
  write_and_die(outputs, root_.string(), path(middle));
  if (fs::exists(path(middle))) {
    EXPECT_FALSE(
        FolderLock::acquire(root_.string(), Mode::shared, diagnostics_));
    EXPECT_EQ(to_text(diagnostics_.sorted(), false),
              root_.string() +
                  ": error: a command was killed while it wrote here; the "
                  "next `schemagen generate` or `schemagen new` finishes its "
                  "work [unfinished-write]\n");
  }
  // The folder may have moved in the meantime, as a checkout does.
  const fs::path before = root_;
  root_ += "-moved";
  fs::rename(before, root_);
  Diagnostics none;
  EXPECT_TRUE(FolderLock::acquire(root_.string(), Mode::exclusive, none));
  EXPECT_EQ(tree(), wanted);
  fs::rename(root_, before);
}

/// It may come from a disk that failed, or from a checkout.
TEST_F(OutputTest, a_journal_that_is_none_of_ours_moves_nothing) {
  using namespace std::string_literals;
  fs::create_directory(path("folder"));
  fs::create_directory(path("folder/sub"));
  fs::create_symlink("../linked", path("folder/link"));
  for (const char* name : {"other", "folder/.a.schemagen-new", "folder/sub/b",
                           "linked", ".linked.schemagen-new"}) {
    write(name, name);
  }
  const std::string outside = path("other");
  for (const std::string& text :
       {""s, "x"s, "\0"s, "\0x"s, ".a.schemagen-new\0"s, "\0\0"s, "\0..\0"s,
        "\0.\0"s, "\0../other\0"s, "\0sub/b\0"s, "\0sub/../../other\0"s,
        "\0"s + outside + "\0"s, ".a.schemagen-new\0../other\0"s,
        ".a.schemagen-new\0../linked\0"s, "../other\0x\0"s, "sub/b\0x\0"s,
        "\0x\0\0../other\0"s}) {
    write("folder/.schemagen-unfinished", text);
    const Tree before = tree();
    Diagnostics found;
    EXPECT_FALSE(FolderLock::acquire(path("folder"), Mode::exclusive, found));
    EXPECT_EQ(to_text(found.sorted(), false),
              path("folder/.schemagen-unfinished") +
                  ": error: a command was killed while it wrote here, and its "
                  "work cannot be finished: this is not what schemagen writes; "
                  "see what version control says of the folder, then delete "
                  "this file [unfinished-write]\n");
    EXPECT_EQ(tree(), before);
  }
  write("folder/.schemagen-unfinished",
        "../.linked.schemagen-new\0../linked\0.a.schemagen-new\0a\0"s);
  EXPECT_TRUE(
      FolderLock::acquire(path("folder"), Mode::exclusive, diagnostics_));
  EXPECT_EQ(tree(), (Tree{{"folder", "<folder>"},
                          {"folder/a", "folder/.a.schemagen-new"},
                          {"folder/sub", "<folder>"},
                          {"folder/sub/b", "folder/sub/b"},
                          {"linked", ".linked.schemagen-new"},
                          {"other", "other"}}));
}

TEST_F(OutputTest, the_next_writer_sweeps_what_a_killed_one_had_prepared) {
  write("one", "old");
  OutputSet outputs;
  for (int i = 0; i < 40; ++i) {
    outputs.files.push_back({path("new" + std::to_string(i)), "new"});
  }
  outputs.files.push_back({path("one"), std::string(1 << 20, 'x')});
  const pid_t child = ::fork();
  if (child == 0) {
    ::signal(SIGXFSZ, SIG_DFL);  // kills where the last file is too large
    const rlimit tight{1000, 1000};
    ::setrlimit(RLIMIT_FSIZE, &tight);
    Diagnostics none;
    write_outputs(outputs, none, root_.string());
    ::_exit(0);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_GT(tree().size(), 1u);
  EXPECT_TRUE(
      FolderLock::acquire(root_.string(), Mode::exclusive, diagnostics_));
  EXPECT_EQ(tree(), (Tree{{"one", "old"}}));
}

TEST_F(OutputTest, a_link_leads_to_its_file_and_is_turned_where_it_has_to_be) {
  write("odd#name", "text");
  EXPECT_TRUE(write_link(path("links/a"), path("odd#name"), diagnostics_));
  EXPECT_EQ(read_file(path("links/a"), diagnostics_).value_or("?"), "text");
  EXPECT_TRUE(write_link(path("links/a"), path("other"), diagnostics_));
  EXPECT_EQ(fs::read_symlink(path("links/a")), path("other"));
  EXPECT_FALSE(write_link(path("odd#name/b"), path("other"), diagnostics_));
  EXPECT_EQ(to_text(diagnostics_.sorted(), false),
            path("odd#name/b") + ": error: cannot be made a link to " +
                path("other") +
                ": Not a directory; give write permission and run it again "
                "[cannot-write]\n");
}

TEST(Depfile, names_plain_paths_as_they_are) {
  const Depfile depfile =
      make_depfile("/a b/o$ut", {"/x y", "/\xc3\xa9+(1)"}, "/a b/links");
  EXPECT_EQ(depfile.text, "/a\\ b/o$$ut: \\\n  /x\\ y \\\n  /\xc3\xa9+(1)\n");
  EXPECT_TRUE(depfile.links.empty());
}

TEST(Depfile, names_odd_paths_by_links) {
  for (const char* file : {"/x$y", "/#z", "/b\\c", "/it's", "/a*", "/q\"q",
                           "/a;b", "/a&b", "/a|b", "/a:b", "/a\tb"}) {
    const Depfile depfile = make_depfile("/out", {file, "/plain"}, "/links");
    ASSERT_EQ(depfile.links.size(), 1u) << file;
    const Depfile::Link& link = depfile.links[0];
    EXPECT_EQ(link.file, file);
    EXPECT_EQ(link.path.size(), std::string("/links/").size() + 16) << file;
    EXPECT_EQ(depfile.text, "/out: \\\n  " + link.path + " \\\n  /plain\n");
  }
}

}  // namespace
}  // namespace schemagen::gen
