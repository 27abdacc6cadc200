/* A minimal OpenCL driver whose one device is the simulated card, found by the system's loader through OCL_ICD_VENDORS. It has the entry points that
   OpenClCardTransport calls and refuses every other with CL_INVALID_OPERATION. host/docs/opencl.md describes the two kernels of a card's program.

   A program binary is a text that names a build of the simulated card and its options, as accel_sim_create takes them:
     accel-card 1
     library=libaccel_sim.so
     options=latency=100
   The library lies beside this one. Building the program powers the card up; releasing it switches the card off.

   A queue is a thread that carries out commands in the order in which they were enqueued, which an out-of-order queue is free to do. */
#define CL_TARGET_OPENCL_VERSION 300
#include <CL/cl.h>
#include <CL/cl_icd.h>
#include <dlfcn.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <tuple>
#include <type_traits>
#include <vector>

#include "accel_sim.h"

namespace {

constexpr cl_ulong kMemoryBytes = 4ull << 30;
constexpr const char *kName = "Accel simulated card";

/* What accel_register does, and what either kernel stores in front of its results. */
enum Opcode : cl_uint { kRead = 0, kWrite = 1, kWait = 2, kReset = 3 };
enum Direction : cl_uint { kToCard = 0, kFromCard = 1 };

struct Simulation {
  void *library = nullptr;
  accel_sim *sim = nullptr;
  std::mutex turn;
  decltype(&accel_sim_destroy) destroy = nullptr;
  decltype(&accel_sim_reset) reset = nullptr;
  decltype(&accel_sim_read_register) read_register = nullptr;
  decltype(&accel_sim_write_register) write_register = nullptr;
  decltype(&accel_sim_write_memory) write_memory = nullptr;
  decltype(&accel_sim_read_memory) read_memory = nullptr;
  decltype(&accel_sim_run) run = nullptr;

  ~Simulation() {
    if (sim) destroy(sim);
  }
};

template <typename Function>
bool find(void *library, const char *name, Function &function) {
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

/* The card that a binary's text describes; null and the reason when it cannot be. */
std::shared_ptr<Simulation> power_up(const std::string &text, std::string &log) {
  std::istringstream lines(text);
  std::string line, library, options;
  std::getline(lines, line);
  while (std::getline(lines, line)) {
    if (line.rfind("library=", 0) == 0) library = line.substr(8);
    else if (line.rfind("options=", 0) == 0) options = line.substr(8);
    else if (!line.empty()) { log = "the binary says '" + line + "', which is neither library= nor options="; return nullptr; }
  }
  Dl_info self;
  if (!dladdr(reinterpret_cast<void *>(&power_up), &self)) { log = "this driver's own folder is not known"; return nullptr; }
  std::string folder(self.dli_fname);
  folder.erase(folder.find_last_of('/') + 1);
  if (library.empty() || library.find('/') != std::string::npos) { log = "the binary names no library beside this driver"; return nullptr; }
  auto card = std::make_shared<Simulation>();
  card->library = dlopen((folder + library).c_str(), RTLD_NOW | RTLD_LOCAL);
  if (!card->library) { log = dlerror(); return nullptr; }
  decltype(&accel_sim_abi) abi;
  decltype(&accel_sim_create) create;
  void *found = card->library;
  if (!find(found, "accel_sim_abi", abi) || abi() != ACCEL_SIM_ABI) { log = library + " has another interface version: run `make sim`"; return nullptr; }
  if (!find(found, "accel_sim_create", create) || !find(found, "accel_sim_destroy", card->destroy) || !find(found, "accel_sim_reset", card->reset) ||
      !find(found, "accel_sim_read_register", card->read_register) || !find(found, "accel_sim_write_register", card->write_register) ||
      !find(found, "accel_sim_write_memory", card->write_memory) || !find(found, "accel_sim_read_memory", card->read_memory) ||
      !find(found, "accel_sim_run", card->run)) {
    log = library + " lacks a function of accel_sim.h";
    return nullptr;
  }
  char error[256];
  card->sim = create(options.c_str(), error, sizeof error);
  if (!card->sim) { log = error; return nullptr; }
  return card;
}

cl_icd_dispatch table;

/* What the loader and the user share: a dispatch table first, then a count of references. */
struct Object {
  const cl_icd_dispatch *dispatch = &table;
  std::atomic<int> references{1};
};

template <typename T>
cl_int retain(T *object, cl_int invalid) {
  if (!object) return invalid;
  object->references++;
  return CL_SUCCESS;
}

template <typename T>
cl_int release(T *object, cl_int invalid) {
  if (!object) return invalid;
  if (--object->references == 0) delete object;
  return CL_SUCCESS;
}

}  // namespace

struct _cl_platform_id : Object {};
struct _cl_device_id : Object {};
struct _cl_context : Object {};
struct _cl_mem : Object {
  std::vector<unsigned char> bytes;
};
struct _cl_program : Object {
  std::string binary, log;
  std::shared_ptr<Simulation> card;
};
struct _cl_kernel : Object {
  std::shared_ptr<Simulation> card;
  bool is_copy = false;
  std::map<cl_uint, std::vector<unsigned char>> arguments;
};
struct _cl_event : Object {
  std::mutex lock;
  std::condition_variable changed;
  cl_int status = CL_QUEUED;

  void end(cl_int result) {
    std::lock_guard<std::mutex> hold(lock);
    status = result;
    changed.notify_all();
  }
  cl_int wait() {
    std::unique_lock<std::mutex> hold(lock);
    changed.wait(hold, [this] { return status <= CL_COMPLETE; });
    return status;
  }
};
struct _cl_command_queue : Object {
  std::mutex lock;
  std::condition_variable changed;
  std::deque<std::function<void()>> commands;
  bool is_closing = false, is_working = false;
  std::thread worker{[this] { work(); }};

  ~_cl_command_queue() {
    {
      std::lock_guard<std::mutex> hold(lock);
      is_closing = true;
      changed.notify_all();
    }
    worker.join();
  }
  void work() {
    std::unique_lock<std::mutex> hold(lock);
    for (;;) {
      changed.wait(hold, [this] { return is_closing || !commands.empty(); });
      if (commands.empty()) return;
      std::function<void()> command = std::move(commands.front());
      commands.pop_front();
      is_working = true;
      hold.unlock();
      command();
      hold.lock();
      is_working = false;
      changed.notify_all();
    }
  }
  void finish() {
    std::unique_lock<std::mutex> hold(lock);
    changed.wait(hold, [this] { return commands.empty() && !is_working; });
  }
};

namespace {

_cl_platform_id platform;
_cl_device_id device;

cl_int answer(const void *value, size_t bytes, size_t room, void *out, size_t *out_bytes) {
  if (out_bytes) *out_bytes = bytes;
  if (!out) return CL_SUCCESS;
  if (room < bytes) return CL_INVALID_VALUE;
  std::memcpy(out, value, bytes);
  return CL_SUCCESS;
}
cl_int answer(const char *text, size_t room, void *out, size_t *out_bytes) { return answer(text, std::strlen(text) + 1, room, out, out_bytes); }
template <typename T>
cl_int answer_value(T value, size_t room, void *out, size_t *out_bytes) { return answer(&value, sizeof value, room, out, out_bytes); }
template <typename T>
T *created(T *object, cl_int *error) {
  if (error) *error = CL_SUCCESS;
  return object;
}
template <typename T>
T *refused(cl_int reason, cl_int *error) {
  if (error) *error = reason;
  return nullptr;
}

cl_int CL_API_CALL get_platforms(cl_uint room, cl_platform_id *platforms, cl_uint *count) {
  if (count) *count = 1;
  if (platforms && room > 0) platforms[0] = &platform;
  return CL_SUCCESS;
}

cl_int CL_API_CALL get_platform_info(cl_platform_id, cl_platform_info what, size_t room, void *out, size_t *out_bytes) {
  switch (what) {
    case CL_PLATFORM_PROFILE: return answer("EMBEDDED_PROFILE", room, out, out_bytes);
    case CL_PLATFORM_VERSION: return answer("OpenCL 1.2 Accel", room, out, out_bytes);
    case CL_PLATFORM_NAME: return answer("Accel simulation", room, out, out_bytes);
    case CL_PLATFORM_VENDOR: return answer("Accel", room, out, out_bytes);
    case CL_PLATFORM_EXTENSIONS: return answer("cl_khr_icd", room, out, out_bytes);
    case CL_PLATFORM_ICD_SUFFIX_KHR: return answer("ACCEL", room, out, out_bytes);
    default: return CL_INVALID_VALUE;
  }
}

cl_int CL_API_CALL get_devices(cl_platform_id, cl_device_type type, cl_uint room, cl_device_id *devices, cl_uint *count) {
  if (!(type & (CL_DEVICE_TYPE_ACCELERATOR | CL_DEVICE_TYPE_DEFAULT))) return CL_DEVICE_NOT_FOUND;
  if (count) *count = 1;
  if (devices && room > 0) devices[0] = &device;
  return CL_SUCCESS;
}

cl_int CL_API_CALL get_device_info(cl_device_id, cl_device_info what, size_t room, void *out, size_t *out_bytes) {
  switch (what) {
    case CL_DEVICE_TYPE: return answer_value<cl_device_type>(CL_DEVICE_TYPE_ACCELERATOR, room, out, out_bytes);
    case CL_DEVICE_PLATFORM: return answer_value<cl_platform_id>(&platform, room, out, out_bytes);
    case CL_DEVICE_NAME: return answer(kName, room, out, out_bytes);
    case CL_DEVICE_VENDOR: return answer("Accel", room, out, out_bytes);
    case CL_DEVICE_VERSION: return answer("OpenCL 1.2 Accel", room, out, out_bytes);
    case CL_DRIVER_VERSION: return answer("1", room, out, out_bytes);
    case CL_DEVICE_PROFILE: return answer("EMBEDDED_PROFILE", room, out, out_bytes);
    case CL_DEVICE_EXTENSIONS: return answer("", room, out, out_bytes);
    case CL_DEVICE_ENDIAN_LITTLE:
    case CL_DEVICE_AVAILABLE: return answer_value<cl_bool>(CL_TRUE, room, out, out_bytes);
    case CL_DEVICE_COMPILER_AVAILABLE: return answer_value<cl_bool>(CL_FALSE, room, out, out_bytes);
    case CL_DEVICE_MAX_COMPUTE_UNITS: return answer_value<cl_uint>(1, room, out, out_bytes);
    case CL_DEVICE_GLOBAL_MEM_SIZE:
    case CL_DEVICE_MAX_MEM_ALLOC_SIZE: return answer_value<cl_ulong>(kMemoryBytes, room, out, out_bytes);
    case CL_DEVICE_LOCAL_MEM_SIZE: return answer_value<cl_ulong>(0, room, out, out_bytes);
    case CL_DEVICE_MAX_WORK_GROUP_SIZE: return answer_value<size_t>(1, room, out, out_bytes);
    default: return CL_INVALID_VALUE;
  }
}

cl_context CL_API_CALL create_context(const cl_context_properties *, cl_uint count, const cl_device_id *devices,
                                      void(CL_CALLBACK *)(const char *, const void *, size_t, void *), void *, cl_int *error) {
  if (count != 1 || devices[0] != &device) return refused<_cl_context>(CL_INVALID_DEVICE, error);
  return created(new _cl_context, error);
}
cl_int CL_API_CALL retain_context(cl_context context) { return retain(context, CL_INVALID_CONTEXT); }
cl_int CL_API_CALL release_context(cl_context context) { return release(context, CL_INVALID_CONTEXT); }

cl_command_queue CL_API_CALL create_queue(cl_context, cl_device_id, cl_command_queue_properties, cl_int *error) { return created(new _cl_command_queue, error); }
cl_int CL_API_CALL retain_queue(cl_command_queue queue) { return retain(queue, CL_INVALID_COMMAND_QUEUE); }
cl_int CL_API_CALL release_queue(cl_command_queue queue) { return release(queue, CL_INVALID_COMMAND_QUEUE); }
cl_int CL_API_CALL flush(cl_command_queue queue) { return queue ? CL_SUCCESS : CL_INVALID_COMMAND_QUEUE; }
cl_int CL_API_CALL finish(cl_command_queue queue) {
  if (!queue) return CL_INVALID_COMMAND_QUEUE;
  queue->finish();
  return CL_SUCCESS;
}

cl_mem CL_API_CALL create_buffer(cl_context, cl_mem_flags flags, size_t bytes, void *, cl_int *error) {
  if (flags & (CL_MEM_USE_HOST_PTR | CL_MEM_COPY_HOST_PTR)) return refused<_cl_mem>(CL_INVALID_OPERATION, error);
  if (bytes == 0 || bytes > kMemoryBytes) return refused<_cl_mem>(CL_INVALID_BUFFER_SIZE, error);
  auto *buffer = new _cl_mem;
  buffer->bytes.resize(bytes);
  return created(buffer, error);
}
cl_int CL_API_CALL retain_buffer(cl_mem buffer) { return retain(buffer, CL_INVALID_MEM_OBJECT); }
cl_int CL_API_CALL release_buffer(cl_mem buffer) { return release(buffer, CL_INVALID_MEM_OBJECT); }

cl_program CL_API_CALL create_program(cl_context, cl_uint count, const cl_device_id *, const size_t *lengths, const unsigned char **binaries, cl_int *status,
                                      cl_int *error) {
  constexpr char kMagic[] = "accel-card 1\n";
  if (count != 1) return refused<_cl_program>(CL_INVALID_VALUE, error);
  std::string text(reinterpret_cast<const char *>(binaries[0]), lengths[0]);
  bool is_card = text.rfind(kMagic, 0) == 0;
  if (status) *status = is_card ? CL_SUCCESS : CL_INVALID_BINARY;
  if (!is_card) return refused<_cl_program>(CL_INVALID_BINARY, error);
  auto *program = new _cl_program;
  program->binary = text;
  return created(program, error);
}
cl_int CL_API_CALL build_program(cl_program program, cl_uint, const cl_device_id *, const char *, void(CL_CALLBACK *)(cl_program, void *), void *) {
  if (!program) return CL_INVALID_PROGRAM;
  if (!program->card) program->card = power_up(program->binary, program->log);
  return program->card ? CL_SUCCESS : CL_BUILD_PROGRAM_FAILURE;
}
cl_int CL_API_CALL get_build_info(cl_program program, cl_device_id, cl_program_build_info what, size_t room, void *out, size_t *out_bytes) {
  return what == CL_PROGRAM_BUILD_LOG ? answer(program->log.c_str(), room, out, out_bytes) : CL_INVALID_VALUE;
}
cl_int CL_API_CALL retain_program(cl_program program) { return retain(program, CL_INVALID_PROGRAM); }
cl_int CL_API_CALL release_program(cl_program program) { return release(program, CL_INVALID_PROGRAM); }

cl_kernel CL_API_CALL create_kernel(cl_program program, const char *name, cl_int *error) {
  bool is_copy = std::strcmp(name, "accel_copy") == 0;
  if (!program || !program->card) return refused<_cl_kernel>(CL_INVALID_PROGRAM_EXECUTABLE, error);
  if (!is_copy && std::strcmp(name, "accel_register") != 0) return refused<_cl_kernel>(CL_INVALID_KERNEL_NAME, error);
  auto *kernel = new _cl_kernel;
  kernel->card = program->card;
  kernel->is_copy = is_copy;
  return created(kernel, error);
}
cl_int CL_API_CALL retain_kernel(cl_kernel kernel) { return retain(kernel, CL_INVALID_KERNEL); }
cl_int CL_API_CALL release_kernel(cl_kernel kernel) { return release(kernel, CL_INVALID_KERNEL); }
cl_int CL_API_CALL set_argument(cl_kernel kernel, cl_uint index, size_t bytes, const void *value) {
  if (index >= 5) return CL_INVALID_ARG_INDEX;
  if (!value) return CL_INVALID_ARG_VALUE;
  auto *first = static_cast<const unsigned char *>(value);
  kernel->arguments[index].assign(first, first + bytes);
  return CL_SUCCESS;
}

template <typename T>
bool argument(const _cl_kernel &kernel, cl_uint index, T &value) {
  auto found = kernel.arguments.find(index);
  if (found == kernel.arguments.end() || found->second.size() != sizeof value) return false;
  std::memcpy(&value, found->second.data(), sizeof value);
  return true;
}

/* Adds a command to a queue; its event ends with what the command returns, or with -14 when something that it waits for failed. */
cl_int enqueue(cl_command_queue queue, cl_uint count, const cl_event *after, cl_event *out, std::function<cl_int()> command) {
  if (!queue) return CL_INVALID_COMMAND_QUEUE;
  std::vector<cl_event> waits(after, after + count);
  for (cl_event event : waits) event->references++;
  auto *done = new _cl_event;
  if (out) {
    done->references++;
    *out = done;
  }
  std::lock_guard<std::mutex> hold(queue->lock);
  queue->commands.push_back([waits, done, command = std::move(command)] {
    cl_int failed = CL_SUCCESS;
    for (cl_event event : waits) {
      if (event->wait() < CL_COMPLETE) failed = CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
      release(event, CL_INVALID_EVENT);
    }
    done->end(failed ? failed : command());
    release(done, CL_INVALID_EVENT);
  });
  queue->changed.notify_all();
  return CL_SUCCESS;
}

cl_int transfer(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, size_t offset, size_t bytes, void *host, bool is_read, cl_uint count,
                const cl_event *after, cl_event *out) {
  if (is_blocking) return CL_INVALID_OPERATION;
  if (!buffer) return CL_INVALID_MEM_OBJECT;
  if (offset > buffer->bytes.size() || bytes > buffer->bytes.size() - offset) return CL_INVALID_VALUE;
  buffer->references++;
  return enqueue(queue, count, after, out, [=] {
    if (is_read) std::memcpy(host, buffer->bytes.data() + offset, bytes);
    else std::memcpy(buffer->bytes.data() + offset, host, bytes);
    return release(buffer, CL_INVALID_MEM_OBJECT);
  });
}
cl_int CL_API_CALL enqueue_read(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, size_t offset, size_t bytes, void *host, cl_uint count,
                                const cl_event *after, cl_event *out) {
  return transfer(queue, buffer, is_blocking, offset, bytes, host, true, count, after, out);
}
cl_int CL_API_CALL enqueue_write(cl_command_queue queue, cl_mem buffer, cl_bool is_blocking, size_t offset, size_t bytes, const void *host, cl_uint count,
                                 const cl_event *after, cl_event *out) {
  return transfer(queue, buffer, is_blocking, offset, bytes, const_cast<void *>(host), false, count, after, out);
}

/* accel_register(uint opcode, uint offset, uint value, ulong cycles, __global uint *out) */
cl_int start_register(cl_command_queue queue, cl_kernel kernel, cl_uint count, const cl_event *after, cl_event *done) {
  cl_uint opcode, offset, value;
  cl_ulong cycles;
  cl_mem out;
  if (!argument(*kernel, 0, opcode) || !argument(*kernel, 1, offset) || !argument(*kernel, 2, value) || !argument(*kernel, 3, cycles) ||
      !argument(*kernel, 4, out) || out->bytes.size() < 16) {
    return CL_INVALID_KERNEL_ARGS;
  }
  out->references++;
  return enqueue(queue, count, after, done, [=, card = kernel->card] {
    cl_uint results[4] = {};
    uint64_t ran = 0;
    {
      std::lock_guard<std::mutex> turn(card->turn);
      switch (opcode) {
        case kRead: results[0] = card->read_register(card->sim, offset, &results[1]); break;
        case kWrite: results[0] = card->write_register(card->sim, offset, value); break;
        case kWait: results[0] = card->run(card->sim, offset, value, cycles, &ran); break;
        case kReset: card->reset(card->sim); break;
        default: results[0] = kAccelSimBadArgument;
      }
    }
    std::memcpy(&results[2], &ran, sizeof ran);
    std::memcpy(out->bytes.data(), results, sizeof results);
    return release(out, CL_INVALID_MEM_OBJECT);
  });
}

/* accel_copy(uint direction, ulong address, ulong bytes, __global uchar *chunk, __global uint *out) */
cl_int start_copy(cl_command_queue queue, cl_kernel kernel, cl_uint count, const cl_event *after, cl_event *done) {
  cl_uint direction;
  cl_ulong address, bytes;
  cl_mem chunk, out;
  if (!argument(*kernel, 0, direction) || !argument(*kernel, 1, address) || !argument(*kernel, 2, bytes) || !argument(*kernel, 3, chunk) ||
      !argument(*kernel, 4, out) || out->bytes.size() < 16 || chunk->bytes.size() < bytes) {
    return CL_INVALID_KERNEL_ARGS;
  }
  chunk->references++;
  out->references++;
  return enqueue(queue, count, after, done, [=, card = kernel->card] {
    cl_uint results[4] = {};
    {
      std::lock_guard<std::mutex> turn(card->turn);
      results[0] = direction == kToCard     ? card->write_memory(card->sim, address, chunk->bytes.data(), bytes)
                   : direction == kFromCard ? card->read_memory(card->sim, address, chunk->bytes.data(), bytes)
                                            : kAccelSimBadArgument;
    }
    std::memcpy(out->bytes.data(), results, sizeof results);
    release(chunk, CL_INVALID_MEM_OBJECT);
    return release(out, CL_INVALID_MEM_OBJECT);
  });
}

cl_int CL_API_CALL enqueue_kernel(cl_command_queue queue, cl_kernel kernel, cl_uint dimensions, const size_t *, const size_t *global, const size_t *,
                                  cl_uint count, const cl_event *after, cl_event *done) {
  for (cl_uint i = 0; i < dimensions; i++) {
    if (global[i] != 1) return CL_INVALID_WORK_ITEM_SIZE;
  }
  return kernel->is_copy ? start_copy(queue, kernel, count, after, done) : start_register(queue, kernel, count, after, done);
}

cl_int CL_API_CALL wait_for_events(cl_uint count, const cl_event *events) {
  cl_int failed = CL_SUCCESS;
  for (cl_uint i = 0; i < count; i++) {
    if (events[i]->wait() < CL_COMPLETE) failed = CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST;
  }
  return failed;
}
cl_int CL_API_CALL get_event_info(cl_event event, cl_event_info what, size_t room, void *out, size_t *out_bytes) {
  std::lock_guard<std::mutex> hold(event->lock);
  return what == CL_EVENT_COMMAND_EXECUTION_STATUS ? answer_value<cl_int>(event->status, room, out, out_bytes) : CL_INVALID_VALUE;
}
cl_int CL_API_CALL retain_event(cl_event event) { return retain(event, CL_INVALID_EVENT); }
cl_int CL_API_CALL release_event(cl_event event) { return release(event, CL_INVALID_EVENT); }

cl_int unsupported() { return CL_INVALID_OPERATION; }

/* Gives an entry that makes an object a function that makes none and says why. */
template <typename Result, typename... Arguments>
void refuse(Result(CL_API_CALL *&entry)(Arguments...)) {
  entry = [](Arguments... arguments) -> Result {
    auto last = std::get<sizeof...(Arguments) - 1>(std::make_tuple(arguments...));
    if constexpr (std::is_same_v<decltype(last), cl_int *>) {
      if (last) *last = CL_INVALID_OPERATION;
    }
    return nullptr;
  };
}

void fill_table() {
  static_assert(sizeof table % sizeof(void *) == 0, "the table holds pointers alone");
  std::fill_n(reinterpret_cast<void **>(&table), sizeof table / sizeof(void *), reinterpret_cast<void *>(&unsupported));
  refuse(table.clCreateContextFromType);
  refuse(table.clCreateImage2D);
  refuse(table.clCreateImage3D);
  refuse(table.clCreateSampler);
  refuse(table.clCreateProgramWithSource);
  refuse(table.clEnqueueMapBuffer);
  refuse(table.clEnqueueMapImage);
  refuse(table.clCreateSubBuffer);
  refuse(table.clCreateUserEvent);
  refuse(table.clCreateImage);
  refuse(table.clCreateProgramWithBuiltInKernels);
  refuse(table.clLinkProgram);
  refuse(table.clCreateCommandQueueWithProperties);
  refuse(table.clCreatePipe);
  refuse(table.clSVMAlloc);
  refuse(table.clCreateSamplerWithProperties);
  refuse(table.clCloneKernel);
  refuse(table.clCreateProgramWithIL);
  refuse(table.clCreateBufferWithProperties);
  refuse(table.clCreateImageWithProperties);
  table.clGetPlatformIDs = get_platforms;
  table.clGetPlatformInfo = get_platform_info;
  table.clGetDeviceIDs = get_devices;
  table.clGetDeviceInfo = get_device_info;
  table.clCreateContext = create_context;
  table.clRetainContext = retain_context;
  table.clReleaseContext = release_context;
  table.clCreateCommandQueue = create_queue;
  table.clRetainCommandQueue = retain_queue;
  table.clReleaseCommandQueue = release_queue;
  table.clFlush = flush;
  table.clFinish = finish;
  table.clCreateBuffer = create_buffer;
  table.clRetainMemObject = retain_buffer;
  table.clReleaseMemObject = release_buffer;
  table.clCreateProgramWithBinary = create_program;
  table.clBuildProgram = build_program;
  table.clGetProgramBuildInfo = get_build_info;
  table.clRetainProgram = retain_program;
  table.clReleaseProgram = release_program;
  table.clCreateKernel = create_kernel;
  table.clRetainKernel = retain_kernel;
  table.clReleaseKernel = release_kernel;
  table.clSetKernelArg = set_argument;
  table.clEnqueueReadBuffer = enqueue_read;
  table.clEnqueueWriteBuffer = enqueue_write;
  table.clEnqueueNDRangeKernel = enqueue_kernel;
  table.clWaitForEvents = wait_for_events;
  table.clGetEventInfo = get_event_info;
  table.clRetainEvent = retain_event;
  table.clReleaseEvent = release_event;
}

}  // namespace

#define ACCEL_EXPORT extern "C" __attribute__((visibility("default")))

ACCEL_EXPORT cl_int CL_API_CALL clIcdGetPlatformIDsKHR(cl_uint room, cl_platform_id *platforms, cl_uint *count) {
  static std::once_flag filled;
  std::call_once(filled, fill_table);
  return get_platforms(room, platforms, count);
}

ACCEL_EXPORT void *CL_API_CALL clGetExtensionFunctionAddress(const char *name) {
  return std::strcmp(name, "clIcdGetPlatformIDsKHR") == 0 ? reinterpret_cast<void *>(&clIcdGetPlatformIDsKHR) : nullptr;
}

ACCEL_EXPORT cl_int CL_API_CALL clGetPlatformInfo(cl_platform_id id, cl_platform_info what, size_t room, void *out, size_t *out_bytes) {
  return get_platform_info(id, what, room, out, out_bytes);
}
