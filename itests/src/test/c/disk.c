/*
 * A disk whose failures are switched on by a file, for LD_PRELOAD. The file CONTROL has a line for each fault:
 *
 *     sync|write ERRNO PART
 *
 * makes fsync and fdatasync, or every write, of files whose path contains PART fail with that number. No file: no fault.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

/* The error number for an operation on a file, or 0. Uses only system calls, since the functions below must not be called recursively. */
static int fault(const char *operation, int fd)
{
    char rules[4096], link[64], path[PATH_MAX];
    int control = (int) syscall(SYS_openat, AT_FDCWD, CONTROL, O_RDONLY | O_CLOEXEC);
    if (control < 0) {
        return 0;
    }
    ssize_t length = read(control, rules, sizeof rules - 1);
    close(control);
    if (length <= 0) {
        return 0;
    }
    rules[length] = 0;
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t end = readlink(link, path, sizeof path - 1);
    if (end < 0) {
        return 0;
    }
    path[end] = 0;
    char *rest = NULL;
    for (char *line = strtok_r(rules, "\n", &rest); line != NULL; line = strtok_r(NULL, "\n", &rest)) {
        char what[16], part[1024];
        int number;
        if (sscanf(line, "%15s %d %1023s", what, &number, part) == 3 && strcmp(what, operation) == 0 && strstr(path, part) != NULL) {
            return number;
        }
    }
    return 0;
}

static int failed(const char *operation, int fd)
{
    int before = errno;
    int number = fault(operation, fd);
    errno = number != 0 ? number : before;
    return number != 0;
}

#define REAL(name) ((__typeof__(&name)) dlsym(RTLD_NEXT, #name))

int fsync(int fd)
{
    return failed("sync", fd) ? -1 : REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    return failed("sync", fd) ? -1 : REAL(fdatasync)(fd);
}

ssize_t write(int fd, const void *bytes, size_t count)
{
    return failed("write", fd) ? -1 : REAL(write)(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    return failed("write", fd) ? -1 : REAL(writev)(fd, parts, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    return failed("write", fd) ? -1 : REAL(pwrite)(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    return failed("write", fd) ? -1 : REAL(pwrite64)(fd, bytes, count, at);
}
