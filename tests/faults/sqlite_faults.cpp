#include "faults/sqlite_faults.hpp"

#include <sqlite3.h>

#include <atomic>
#include <csignal>

namespace schemagen::faults {
namespace {

std::atomic<Fault> wanted{Fault::allocation};
std::atomic<long> fail_at{0};
std::atomic<long> calls{0};

/// Counts a call of this kind; true when it is the one to fail.
bool fails(Fault kind) {
  const bool dies = wanted == Fault::crash && kind == Fault::file_call;
  if ((kind != wanted && !dies) || ++calls != fail_at) return false;
  if (dies) std::raise(SIGKILL);
  return true;
}

// Allocator --------------------------------------------------------------

sqlite3_mem_methods real_memory;

void* failing_malloc(int size) {
  return fails(Fault::allocation) ? nullptr : real_memory.xMalloc(size);
}

void* failing_realloc(void* memory, int size) {
  return fails(Fault::allocation) ? nullptr
                                  : real_memory.xRealloc(memory, size);
}

// File system --------------------------------------------------------------

sqlite3_vfs* real_vfs = nullptr;
sqlite3_vfs faulty_vfs;

struct File {
  sqlite3_file base;
  // The real file lies behind it.
  sqlite3_file* real() { return reinterpret_cast<sqlite3_file*>(this + 1); }
};

File& file_of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

const sqlite3_io_methods& real_methods(sqlite3_file* file) {
  return *file_of(file).real()->pMethods;
}

int close_file(sqlite3_file* file) {
  return real_methods(file).xClose(file_of(file).real());
}

int read_file(sqlite3_file* file, void* data, int size, sqlite3_int64 offset) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_READ;
  return real_methods(file).xRead(file_of(file).real(), data, size, offset);
}

int write_file(sqlite3_file* file, const void* data, int size,
               sqlite3_int64 offset) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_WRITE;
  if (fails(Fault::full_disk)) return SQLITE_FULL;
  return real_methods(file).xWrite(file_of(file).real(), data, size, offset);
}

int truncate_file(sqlite3_file* file, sqlite3_int64 size) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_TRUNCATE;
  return real_methods(file).xTruncate(file_of(file).real(), size);
}

int sync_file(sqlite3_file* file, int flags) {
  if (fails(Fault::file_call) || fails(Fault::sync)) {
    return SQLITE_IOERR_FSYNC;
  }
  return real_methods(file).xSync(file_of(file).real(), flags);
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_FSTAT;
  return real_methods(file).xFileSize(file_of(file).real(), size);
}

int lock_file(sqlite3_file* file, int level) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_LOCK;
  return real_methods(file).xLock(file_of(file).real(), level);
}

// An unlock that fails leaves POSIX locks behind that no program could free;
// the system calls below it do not fail on a file that is open.
int unlock_file(sqlite3_file* file, int level) {
  return real_methods(file).xUnlock(file_of(file).real(), level);
}

int check_reserved_lock(sqlite3_file* file, int* result) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_CHECKRESERVEDLOCK;
  return real_methods(file).xCheckReservedLock(file_of(file).real(), result);
}

int control_file(sqlite3_file* file, int operation, void* argument) {
  return real_methods(file).xFileControl(file_of(file).real(), operation,
                                         argument);
}

int sector_size(sqlite3_file* file) {
  return real_methods(file).xSectorSize(file_of(file).real());
}

int device_characteristics(sqlite3_file* file) {
  return real_methods(file).xDeviceCharacteristics(file_of(file).real());
}

int map_shared(sqlite3_file* file, int page, int size, int extend,
               void volatile** out) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_SHMMAP;
  return real_methods(file).xShmMap(file_of(file).real(), page, size, extend,
                                    out);
}

int lock_shared(sqlite3_file* file, int offset, int count, int flags) {
  const bool locks = (flags & SQLITE_SHM_LOCK) != 0;
  if (locks && fails(Fault::file_call)) return SQLITE_IOERR_SHMLOCK;
  return real_methods(file).xShmLock(file_of(file).real(), offset, count,
                                     flags);
}

void order_shared(sqlite3_file* file) {
  real_methods(file).xShmBarrier(file_of(file).real());
}

int unmap_shared(sqlite3_file* file, int remove) {
  return real_methods(file).xShmUnmap(file_of(file).real(), remove);
}

constexpr sqlite3_io_methods kMethods = {2,
                                         close_file,
                                         read_file,
                                         write_file,
                                         truncate_file,
                                         sync_file,
                                         file_size,
                                         lock_file,
                                         unlock_file,
                                         check_reserved_lock,
                                         control_file,
                                         sector_size,
                                         device_characteristics,
                                         map_shared,
                                         lock_shared,
                                         order_shared,
                                         unmap_shared,
                                         nullptr,
                                         nullptr};

int open_file(sqlite3_vfs*, const char* name, sqlite3_file* file, int flags,
              int* out_flags) {
  file->pMethods = nullptr;
  if (fails(Fault::file_call)) return SQLITE_CANTOPEN;
  sqlite3_file* real = file_of(file).real();
  const int code = real_vfs->xOpen(real_vfs, name, real, flags, out_flags);
  if (real->pMethods != nullptr) file->pMethods = &kMethods;
  return code;
}

int delete_file(sqlite3_vfs*, const char* name, int sync_directory) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_DELETE;
  return real_vfs->xDelete(real_vfs, name, sync_directory);
}

int access_file(sqlite3_vfs*, const char* name, int flags, int* result) {
  if (fails(Fault::file_call)) return SQLITE_IOERR_ACCESS;
  return real_vfs->xAccess(real_vfs, name, flags, result);
}

}  // namespace

void install_failing_allocator() {
  sqlite3_config(SQLITE_CONFIG_GETMALLOC, &real_memory);
  sqlite3_mem_methods failing = real_memory;
  failing.xMalloc = failing_malloc;
  failing.xRealloc = failing_realloc;
  sqlite3_config(SQLITE_CONFIG_MALLOC, &failing);
  // A lookaside buffer would hide most allocations from the allocator.
  sqlite3_config(SQLITE_CONFIG_LOOKASIDE, 0, 0);
}

void install_failing_files() {
  sqlite3_initialize();
  real_vfs = sqlite3_vfs_find(nullptr);
  faulty_vfs = *real_vfs;
  faulty_vfs.zName = "faulty";
  faulty_vfs.szOsFile += static_cast<int>(sizeof(File));
  faulty_vfs.xOpen = open_file;
  faulty_vfs.xDelete = delete_file;
  faulty_vfs.xAccess = access_file;
  sqlite3_vfs_register(&faulty_vfs, 1);
}

void fail_sqlite(Fault fault, long at) {
  wanted = fault;
  calls = 0;
  fail_at = at;
}

long calls_so_far() { return calls; }

}  // namespace schemagen::faults
