/*
 * accel, as `make aot` installs it: starts the build for the highest x86-64 level that this processor and its operating system support,
 * from a folder beside this program that is named after the level. Levels: x86-64 psABI 1.0, table 3.1; glibc reads them from CPUID and XGETBV.
 */
#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/platform/x86.h>
#include <unistd.h>

enum { kFailed = 3 };

static bool supports_v3(void) {
  return CPU_FEATURE_ACTIVE(AVX) && CPU_FEATURE_ACTIVE(AVX2) && CPU_FEATURE_ACTIVE(BMI1) && CPU_FEATURE_ACTIVE(BMI2) && CPU_FEATURE_ACTIVE(F16C) &&
         CPU_FEATURE_ACTIVE(FMA) && CPU_FEATURE_ACTIVE(LZCNT) && CPU_FEATURE_ACTIVE(MOVBE);
}

static bool supports_v4(void) {
  return supports_v3() && CPU_FEATURE_ACTIVE(AVX512F) && CPU_FEATURE_ACTIVE(AVX512BW) && CPU_FEATURE_ACTIVE(AVX512CD) &&
         CPU_FEATURE_ACTIVE(AVX512DQ) && CPU_FEATURE_ACTIVE(AVX512VL);
}

/* Returns only when there is no build of this level, or on an error; errno says which. */
static void start(const char* folder, const char* level, char** arguments) {
  char path[PATH_MAX];
  int length = snprintf(path, sizeof path, "%s/%s/accel", folder, level);
  if (length < 0 || (size_t)length >= sizeof path) {
    errno = ENAMETOOLONG;
    return;
  }
  execv(path, arguments);
}

int main(int count, char** arguments) {
  (void)count;
  char folder[PATH_MAX];
  ssize_t length = readlink("/proc/self/exe", folder, sizeof folder - 1);
  if (length < 0) {
    perror("accel: /proc/self/exe");
    return kFailed;
  }
  folder[length] = '\0';
  *strrchr(folder, '/') = '\0';

  const struct {
    const char* name;
    bool supported;
  } levels[] = {{"x86-64-v4", supports_v4()}, {"x86-64-v3", supports_v3()}, {"x86-64-v2", true}};
  for (size_t i = 0; i < sizeof levels / sizeof levels[0]; ++i) {
    if (!levels[i].supported) { continue; }
    start(folder, levels[i].name, arguments);
    if (errno != ENOENT) {
      fprintf(stderr, "accel: %s/%s/accel: %s\n", folder, levels[i].name, strerror(errno));
      return kFailed;
    }
  }
  fprintf(stderr, "accel: no build for this processor in %s: run `make aot`\n", folder);
  return kFailed;
}
