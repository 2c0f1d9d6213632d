/* Preloaded into the tool, before each call of the C library that changes a
   file: kills the tool, as kill -9 would, at call number KILLED_AT, and waits for
   SLOWED_BY microseconds, so that others come in between. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <sys/types.h>
#include <unistd.h>

static int calls = 0;

static void* next(const char* name) {
  ++calls;
  const char* at = getenv("KILLED_AT");
  if (at != NULL && atoi(at) == calls) kill(getpid(), SIGKILL);
  const char* slowed = getenv("SLOWED_BY");
  if (slowed != NULL) usleep((useconds_t)atoi(slowed));
  return dlsym(RTLD_NEXT, name);
}

int rename(const char* from, const char* to) {
  return ((int (*)(const char*, const char*))next("rename"))(from, to);
}
int link(const char* from, const char* to) {
  return ((int (*)(const char*, const char*))next("link"))(from, to);
}
int symlink(const char* from, const char* to) {
  return ((int (*)(const char*, const char*))next("symlink"))(from, to);
}
int unlink(const char* path) {
  return ((int (*)(const char*))next("unlink"))(path);
}
int rmdir(const char* path) {
  return ((int (*)(const char*))next("rmdir"))(path);
}
int remove(const char* path) {
  return ((int (*)(const char*))next("remove"))(path);
}
int mkdir(const char* path, mode_t mode) {
  return ((int (*)(const char*, mode_t))next("mkdir"))(path, mode);
}
int fsync(int file) { return ((int (*)(int))next("fsync"))(file); }
int utimensat(int folder, const char* path, const struct timespec times[2],
              int flags) {
  return ((int (*)(int, const char*, const struct timespec*, int))next(
      "utimensat"))(folder, path, times, flags);
}
ssize_t write(int file, const void* bytes, size_t size) {
  return ((ssize_t (*)(int, const void*, size_t))next("write"))(file, bytes,
                                                               size);
}
int open(const char* path, int flags, ...) {
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) != 0 ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  int (*real)(const char*, int, ...) = (flags & O_CREAT) != 0
                                           ? next("open")
                                           : dlsym(RTLD_NEXT, "open");
  return real(path, flags, mode);
}
