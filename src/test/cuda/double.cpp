// A double of an NVIDIA GPU for machines without one: the functions of the CUDA driver, of NVRTC and of cuBLAS that the engine
// uses, on a processor. Kernels are the very text that NVRTC would get, compiled by g++.
//
// As on a device, nothing is done when it is asked for: launches, products and copies wait in a queue until somebody waits for
// them, so that a host that reads too early, or overwrites what is still to be copied, gets wrong values. Memory of the device
// lies between pages that nobody may touch. A kernel that touches them fails, and so does everything after it, as on a device.
//
// It cannot show how long anything takes, how tensor cores round, or what depends on threads that run at the same time.

#include <dlfcn.h>
#include <setjmp.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <ucontext.h>
#include <unistd.h>

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <regex>
#include <string>
#include <vector>

#include "device.h"

typedef unsigned long long address;

enum {
    SUCCESS = 0,
    INVALID_VALUE = 1,
    OUT_OF_MEMORY = 2,
    INVALID_IMAGE = 200,
    NOT_FOUND = 500,
    ILLEGAL_ADDRESS = 700,
    LAUNCH_FAILED = 719,
    STATUS_INVALID_VALUE = 7,
    STATUS_EXECUTION_FAILED = 13,
    COMPILATION_FAILED = 6
};

static std::recursive_mutex mutex;
#define LOCKED std::lock_guard<std::recursive_mutex> locked(mutex)

// ---------------------------------------------------------------------------------------------------------------- controls

struct Failure {
    long long after;
    int code;
};

static std::map<std::string, Failure> failures;
static std::map<std::string, long long> calls;
static std::map<std::string, long long> live;
static std::string last_error;
static size_t device_bytes = 1ull << 30;
static size_t used_bytes = 0;
static int sticky = SUCCESS;
static int driver_version = 13000;
static int devices = 1;
static int capability = 90;

/** Counts a call, and says what it must fail with, if it must. */
static int called(const char *function) {
    long long number = ++calls[function];
    ++calls["*"];
    for (const char *key : {function, "*"}) {
        auto failure = failures.find(key);
        if (failure != failures.end() && (key[0] == '*' ? calls["*"] : number) == failure->second.after) {
            int code = failure->second.code;
            failures.erase(failure);
            return code;
        }
    }
    return SUCCESS;
}

#define CALLED(function)                      \
    LOCKED;                                   \
    {                                         \
        int code = called(function);          \
        if (code != SUCCESS) return code;     \
        if (sticky != SUCCESS) return sticky; \
    }

// ------------------------------------------------------------------------------------------------------------------ memory

struct Allocation {
    char *mapping;
    size_t mapped;
    size_t bytes;
};

static std::map<address, Allocation> allocations;
static const unsigned char CANARY = 0xA5;

static size_t rounded(size_t bytes, size_t to) { return (bytes + to - 1) / to * to; }

/** The end of an allocation is the end of a page, but for what keeps its beginning aligned as vectors of four floats need it. */
static int allocate(address *pointer, size_t bytes) {
    size_t page = sysconf(_SC_PAGESIZE);
    size_t inner = rounded(rounded(bytes, 16), page);
    char *mapping = (char *)mmap(0, inner + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (mapping == MAP_FAILED) return OUT_OF_MEMORY;
    mprotect(mapping + page, inner, PROT_READ | PROT_WRITE);
    char *first = mapping + page + inner - rounded(bytes, 16);
    // What was in this memory before is anything but zeros.
    memset(first, 0xFF, bytes);
    memset(first + bytes, CANARY, rounded(bytes, 16) - bytes);
    *pointer = (address)first;
    allocations[*pointer] = {mapping, inner + 2 * page, bytes};
    return SUCCESS;
}

static bool intact(address pointer, const Allocation &allocation) {
    for (size_t i = allocation.bytes; i < rounded(allocation.bytes, 16); i++) {
        if (((unsigned char *)pointer)[i] != CANARY) return false;
    }
    return true;
}

/** Whether so many bytes are in one allocation. */
static bool inside(address pointer, size_t bytes) {
    auto next = allocations.upper_bound(pointer);
    if (next == allocations.begin()) return false;
    auto own = std::prev(next);
    return pointer + bytes <= own->first + own->second.bytes;
}

// ------------------------------------------------------------------------------------------------------------------ fibers

static const size_t STACK_BYTES = 16 << 10;
static const int MOST_THREADS = 1024;
static const int WARP = 32;

enum State { READY, AT_BARRIER, AT_SHUFFLE, DONE };

struct Fiber {
    State state;
    void *stack_pointer;
    ucontext_t context;
    char *stack;
    unsigned bits;
    int lane_mask;
};

static std::vector<Fiber> fibers;
/** A kernel that has no barrier is run thread by thread, without stacks of their own. */
static bool straight;
static Fiber scheduler;
static int running;
static Runtime of_threads;
static void (*kernel)(void **);
static void **kernel_arguments;

static void body() {
    kernel(kernel_arguments);
    fibers[running].state = DONE;
}

#if defined(__x86_64__)
// Saves what a called function must keep, and goes on where the other stack was left.
extern "C" void double_switch(void **save, void *load);
__asm__(
    ".text\n"
    ".type double_switch, @function\n"
    "double_switch:\n"
    "  pushq %rbp\n  pushq %rbx\n  pushq %r12\n  pushq %r13\n  pushq %r14\n  pushq %r15\n"
    "  movq %rsp, (%rdi)\n"
    "  movq %rsi, %rsp\n"
    "  popq %r15\n  popq %r14\n  popq %r13\n  popq %r12\n  popq %rbx\n  popq %rbp\n"
    "  ret\n");

static void leave() { double_switch(&fibers[running].stack_pointer, scheduler.stack_pointer); }

static void begin() {
    body();
    leave();
    abort();
}

static void make(Fiber &fiber) {
    // Tops of stacks a whole number of pages apart would share the same few lines of a cache.
    size_t colour = (&fiber - fibers.data()) % 32 * 192;
    void **top = (void **)(fiber.stack + STACK_BYTES - 16 - colour);
    *--top = 0;
    *--top = (void *)begin;
    top -= 6;
    memset(top, 0, 6 * sizeof(void *));
    fiber.stack_pointer = top;
}

static void enter(int thread) {
    running = thread;
    double_switch(&scheduler.stack_pointer, fibers[thread].stack_pointer);
}
#else
static void leave() { swapcontext(&fibers[running].context, &scheduler.context); }

static void begin() {
    body();
    leave();
}

static void make(Fiber &fiber) {
    getcontext(&fiber.context);
    fiber.context.uc_stack.ss_sp = fiber.stack;
    fiber.context.uc_stack.ss_size = STACK_BYTES;
    fiber.context.uc_link = 0;
    makecontext(&fiber.context, begin, 0);
}

static void enter(int thread) {
    running = thread;
    swapcontext(&scheduler.context, &fibers[thread].context);
}
#endif

static thread_local sigjmp_buf out_of_kernel;

static void refuse_to_wait() {
    if (straight) {
        last_error = "a barrier or a shuffle in a kernel whose text seemed to have none";
        siglongjmp(out_of_kernel, 2);
    }
}

static void barrier() {
    refuse_to_wait();
    fibers[running].state = AT_BARRIER;
    leave();
}

static unsigned shuffle(unsigned mask, unsigned bits, int lane_mask) {
    refuse_to_wait();
    Fiber &fiber = fibers[running];
    fiber.state = AT_SHUFFLE;
    fiber.bits = bits;
    fiber.lane_mask = mask == 0xffffffffu ? lane_mask : -1;
    leave();
    return fiber.bits;
}

/** Runs the threads of one warp until all wait at the barrier, or all are done. */
static bool run_warp(int first, int end) {
    for (;;) {
        for (int thread = first; thread < end; thread++) {
            if (fibers[thread].state == READY) {
                of_threads.thread_index = {(unsigned)thread, 0, 0};
                enter(thread);
            }
        }
        int at_shuffle = 0, at_barrier = 0;
        for (int thread = first; thread < end; thread++) {
            at_shuffle += fibers[thread].state == AT_SHUFFLE;
            at_barrier += fibers[thread].state == AT_BARRIER;
        }
        if (at_shuffle == 0) {
            if (at_barrier != 0 && at_barrier != end - first) {
                last_error = "a divergent barrier: some threads of a warp wait at __syncthreads and others are done";
                return false;
            }
            return true;
        }
        if (at_shuffle != WARP) {
            last_error = "a divergent shuffle: " + std::to_string(at_shuffle) + " of 32 lanes came to it";
            return false;
        }
        unsigned given[WARP];
        for (int lane = 0; lane < WARP; lane++) given[lane] = fibers[first + lane].bits;
        for (int lane = 0; lane < WARP; lane++) {
            Fiber &fiber = fibers[first + lane];
            if (fiber.lane_mask != fibers[first].lane_mask || fiber.lane_mask < 0) {
                last_error = "lanes of a warp shuffle in different ways";
                return false;
            }
            fiber.bits = given[(lane ^ fiber.lane_mask) % WARP];
            fiber.state = READY;
        }
    }
}

static bool run_straight(int threads) {
    for (int thread = 0; thread < threads; thread++) {
        of_threads.thread_index = {(unsigned)thread, 0, 0};
        kernel(kernel_arguments);
    }
    return true;
}

static bool run_block(int threads) {
    if (straight) return run_straight(threads);
    for (int thread = 0; thread < threads; thread++) {
        fibers[thread].state = READY;
        make(fibers[thread]);
    }
    for (;;) {
        int at_barrier = 0;
        for (int first = 0; first < threads; first += WARP) {
            int end = first + WARP < threads ? first + WARP : threads;
            if (!run_warp(first, end)) return false;
            at_barrier += fibers[first].state == AT_BARRIER ? end - first : 0;
        }
        if (at_barrier == 0) return true;
        if (at_barrier != threads) {
            last_error = "a divergent barrier: some warps wait at __syncthreads and others are done";
            return false;
        }
        for (int thread = 0; thread < threads; thread++) fibers[thread].state = READY;
    }
}

static thread_local bool in_kernel = false;
static struct sigaction before_segv, before_bus;

/** Leaves a kernel that touched what it may not; faults of others go to whoever handled them before, which is Java. */
static void on_fault(int number, siginfo_t *info, void *context) {
    if (in_kernel) {
        char text[96];
        snprintf(text, sizeof text, "block %u, thread %u touched %p", of_threads.block_index.x, of_threads.thread_index.x,
                 info->si_addr);
        last_error = text;
        siglongjmp(out_of_kernel, 1);
    }
    struct sigaction &before = number == SIGSEGV ? before_segv : before_bus;
    if (before.sa_flags & SA_SIGINFO) {
        before.sa_sigaction(number, info, context);
    } else if (before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN) {
        before.sa_handler(number);
    } else {
        signal(number, SIG_DFL);
        raise(number);
    }
}

/** All stacks lie side by side in large pages, since going from one to the next is most of the work. */
static void make_stacks() {
    if (!fibers.empty()) return;
    size_t large = 2 << 20;
    char *stacks = (char *)mmap(0, MOST_THREADS * STACK_BYTES + large, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    stacks = (char *)rounded((size_t)stacks, large);
    madvise(stacks, MOST_THREADS * STACK_BYTES, MADV_HUGEPAGE);
    fibers.resize(MOST_THREADS);
    for (int thread = 0; thread < MOST_THREADS; thread++) fibers[thread].stack = stacks + thread * STACK_BYTES;
}

struct Function {
    void (*call)(void **);
    void (*attach)(Runtime *);
    int count;
    size_t sizes[32];
    bool waits;
    std::string name;
};

static int run(Function *function, uint3 grid, int threads, std::vector<std::vector<char>> &values) {
    std::vector<void *> pointers;
    for (auto &value : values) pointers.push_back(value.data());
    make_stacks();
    straight = !function->waits;
    of_threads.barrier = barrier;
    of_threads.shuffle = shuffle;
    of_threads.grid_dim = grid;
    of_threads.block_dim = {(unsigned)threads, 1, 1};
    kernel = function->call;
    kernel_arguments = pointers.data();
    function->attach(&of_threads);

    // Java's handlers are put back after every kernel.
    struct sigaction own = {};
    own.sa_sigaction = on_fault;
    own.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
    sigaction(SIGSEGV, &own, &before_segv);
    sigaction(SIGBUS, &own, &before_bus);
    volatile int result = SUCCESS;
    if (sigsetjmp(out_of_kernel, 1) == 0) {
        in_kernel = true;
        for (unsigned block = 0; block < grid.x && result == SUCCESS; block++) {
            of_threads.block_index = {block, 0, 0};
            if (!run_block(threads)) result = LAUNCH_FAILED;
        }
    } else {
        result = ILLEGAL_ADDRESS;
    }
    in_kernel = false;
    sigaction(SIGSEGV, &before_segv, 0);
    sigaction(SIGBUS, &before_bus, 0);
    if (result == SUCCESS) {
        for (auto &entry : allocations) {
            if (!intact(entry.first, entry.second)) {
                last_error = "written behind the end of an allocation of " + std::to_string(entry.second.bytes) + " bytes";
                result = ILLEGAL_ADDRESS;
            }
        }
    }
    if (result != SUCCESS) last_error = function->name + ": " + last_error;
    if (result != SUCCESS) fprintf(stderr, "%s\n", last_error.c_str());
    return result;
}

// ------------------------------------------------------------------------------------------------------------------- queue

static std::deque<std::function<int()>> queue;

/** Does what was asked for, in its order. */
static int flush() {
    while (!queue.empty()) {
        std::function<int()> work = queue.front();
        queue.pop_front();
        int result = sticky == SUCCESS ? work() : sticky;
        if (result != SUCCESS) {
            sticky = result;
            queue.clear();
        }
    }
    return sticky;
}

static int ask(std::function<int()> work) {
    queue.push_back(work);
    return queue.size() > 4096 ? flush() : SUCCESS;
}

static double now() {
    timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1e3 + time.tv_nsec / 1e6;
}

struct Event {
    double milliseconds;
    bool recorded;
};

// ------------------------------------------------------------------------------------------------------------------ driver

#define API extern "C" __attribute__((visibility("default")))

API int cuInit(unsigned) {
    CALLED("cuInit");
    return SUCCESS;
}

API int cuDriverGetVersion(int *version) {
    CALLED("cuDriverGetVersion");
    *version = driver_version;
    return SUCCESS;
}

API int cuDeviceGetCount(int *count) {
    CALLED("cuDeviceGetCount");
    *count = devices;
    return SUCCESS;
}

API int cuDeviceGet(int *device, int ordinal) {
    CALLED("cuDeviceGet");
    if (ordinal >= devices) return 101;
    *device = ordinal;
    return SUCCESS;
}

API int cuDeviceGetName(char *name, int length, int) {
    CALLED("cuDeviceGetName");
    snprintf(name, length, "Double of a GPU");
    return SUCCESS;
}

API int cuDeviceTotalMem_v2(size_t *bytes, int) {
    CALLED("cuDeviceTotalMem");
    *bytes = device_bytes;
    return SUCCESS;
}

API int cuDeviceGetAttribute(int *value, int attribute, int) {
    CALLED("cuDeviceGetAttribute");
    *value = attribute == 16 ? 4 : attribute == 75 ? capability / 10 : attribute == 76 ? capability % 10 : 0;
    return SUCCESS;
}

API int cuDevicePrimaryCtxRetain(void **context, int) {
    CALLED("cuDevicePrimaryCtxRetain");
    *context = (void *)1;
    live["context"]++;
    return SUCCESS;
}

API int cuDevicePrimaryCtxRelease_v2(int) {
    LOCKED;
    live["context"]--;
    return called("cuDevicePrimaryCtxRelease");
}

API int cuCtxSetCurrent(void *) {
    CALLED("cuCtxSetCurrent");
    return SUCCESS;
}

API int cuMemGetInfo_v2(size_t *free, size_t *total) {
    CALLED("cuMemGetInfo");
    *free = device_bytes - used_bytes;
    *total = device_bytes;
    return SUCCESS;
}

API int cuMemAlloc_v2(address *pointer, size_t bytes) {
    CALLED("cuMemAlloc");
    if (bytes == 0) return INVALID_VALUE;
    if (bytes > device_bytes - used_bytes) return OUT_OF_MEMORY;
    int result = allocate(pointer, bytes);
    if (result == SUCCESS) {
        used_bytes += bytes;
        live["memory"]++;
    }
    return result;
}

API int cuMemFree_v2(address pointer) {
    LOCKED;
    flush();
    auto own = allocations.find(pointer);
    if (own == allocations.end()) return INVALID_VALUE;
    munmap(own->second.mapping, own->second.mapped);
    used_bytes -= own->second.bytes;
    allocations.erase(own);
    live["memory"]--;
    int code = called("cuMemFree");
    return code != SUCCESS ? code : sticky;
}

API int cuMemHostAlloc(void **pointer, size_t bytes, unsigned) {
    CALLED("cuMemHostAlloc");
    *pointer = malloc(bytes);
    live["host memory"]++;
    return SUCCESS;
}

API int cuMemFreeHost(void *pointer) {
    LOCKED;
    free(pointer);
    live["host memory"]--;
    int code = called("cuMemFreeHost");
    return code != SUCCESS ? code : sticky;
}

API int cuMemcpyHtoDAsync_v2(address destination, const void *source, size_t bytes, void *) {
    CALLED("cuMemcpyHtoDAsync");
    if (!inside(destination, bytes)) return INVALID_VALUE;
    return ask([=] {
        memcpy((void *)destination, source, bytes);
        return SUCCESS;
    });
}

API int cuMemcpyDtoHAsync_v2(void *destination, address source, size_t bytes, void *) {
    CALLED("cuMemcpyDtoHAsync");
    if (!inside(source, bytes)) return INVALID_VALUE;
    return ask([=] {
        memcpy(destination, (void *)source, bytes);
        return SUCCESS;
    });
}

API int cuMemsetD32Async(address destination, unsigned value, size_t count, void *) {
    CALLED("cuMemsetD32Async");
    if (!inside(destination, 4 * count)) return INVALID_VALUE;
    return ask([=] {
        for (size_t i = 0; i < count; i++) ((unsigned *)destination)[i] = value;
        return SUCCESS;
    });
}

API int cuStreamCreate(void **stream, unsigned) {
    CALLED("cuStreamCreate");
    *stream = malloc(1);
    live["stream"]++;
    return SUCCESS;
}

API int cuStreamDestroy_v2(void *stream) {
    LOCKED;
    flush();
    free(stream);
    live["stream"]--;
    int code = called("cuStreamDestroy");
    return code != SUCCESS ? code : sticky;
}

API int cuStreamSynchronize(void *) {
    CALLED("cuStreamSynchronize");
    return flush();
}

API int cuEventCreate(void **event, unsigned) {
    CALLED("cuEventCreate");
    *event = new Event{0, false};
    live["event"]++;
    return SUCCESS;
}

API int cuEventDestroy_v2(void *event) {
    LOCKED;
    flush();
    delete (Event *)event;
    live["event"]--;
    int code = called("cuEventDestroy");
    return code != SUCCESS ? code : sticky;
}

API int cuEventRecord(void *event, void *) {
    CALLED("cuEventRecord");
    ((Event *)event)->recorded = false;
    return ask([=] {
        *(Event *)event = {now(), true};
        return SUCCESS;
    });
}

API int cuEventSynchronize(void *) {
    CALLED("cuEventSynchronize");
    return flush();
}

API int cuEventElapsedTime(float *milliseconds, void *start, void *end) {
    CALLED("cuEventElapsedTime");
    // Not ready: nobody has waited for it.
    if (!((Event *)start)->recorded || !((Event *)end)->recorded) return 600;
    *milliseconds = (float)(((Event *)end)->milliseconds - ((Event *)start)->milliseconds);
    return SUCCESS;
}

API int cuModuleLoadData(void **module, const void *image) {
    CALLED("cuModuleLoadData");
    // The image begins with its own length, as a cubin does in its header.
    size_t bytes;
    memcpy(&bytes, image, sizeof bytes);
    char file[] = "/tmp/flopscope-double-XXXXXX";
    int descriptor = mkstemp(file);
    if (descriptor < 0 || write(descriptor, (const char *)image + sizeof bytes, bytes) != (ssize_t)bytes) return INVALID_IMAGE;
    close(descriptor);
    void *library = dlopen(file, RTLD_NOW | RTLD_LOCAL);
    if (!library) last_error = dlerror();
    unlink(file);
    if (!library) return INVALID_IMAGE;
    *module = library;
    live["module"]++;
    return SUCCESS;
}

static std::map<std::pair<void *, std::string>, Function> functions;

API int cuModuleUnload(void *module) {
    LOCKED;
    flush();
    for (auto entry = functions.begin(); entry != functions.end();) {
        entry = entry->first.first == module ? functions.erase(entry) : std::next(entry);
    }
    dlclose(module);
    live["module"]--;
    int code = called("cuModuleUnload");
    return code != SUCCESS ? code : sticky;
}

API int cuModuleGetFunction(void **function, void *module, const char *name) {
    CALLED("cuModuleGetFunction");
    std::string text = name;
    void *call = dlsym(module, ("double_call_" + text).c_str());
    void *sizes = dlsym(module, ("double_sizes_" + text).c_str());
    void *attach = dlsym(module, "double_attach");
    if (!call || !sizes || !attach) return NOT_FOUND;
    Function &own = functions[{module, text}];
    bool waits = dlsym(module, ("double_waits_" + text).c_str()) != 0;
    own = {(void (*)(void **))call, (void (*)(Runtime *))attach, 0, {}, waits, text};
    ((void (*)(int *, size_t *))sizes)(&own.count, own.sizes);
    *function = &own;
    return SUCCESS;
}

API int cuLaunchKernel(void *handle, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                       unsigned, void *, void **parameters, void **) {
    CALLED("cuLaunchKernel");
    if (gx == 0 || gy != 1 || gz != 1 || bx == 0 || bx > 1024 || by != 1 || bz != 1) return INVALID_VALUE;
    Function *function = (Function *)handle;
    std::vector<std::vector<char>> values;
    for (int i = 0; i < function->count; i++) {
        const char *value = (const char *)parameters[i];
        values.emplace_back(value, value + function->sizes[i]);
    }
    return ask([=]() mutable { return run(function, uint3{gx, gy, gz}, bx, values); });
}

API int cuGetErrorName(int error, const char **name) {
    switch (error) {
        case INVALID_VALUE: *name = "CUDA_ERROR_INVALID_VALUE"; break;
        case OUT_OF_MEMORY: *name = "CUDA_ERROR_OUT_OF_MEMORY"; break;
        case 100: *name = "CUDA_ERROR_NO_DEVICE"; break;
        case 600: *name = "CUDA_ERROR_NOT_READY"; break;
        case ILLEGAL_ADDRESS: *name = "CUDA_ERROR_ILLEGAL_ADDRESS"; break;
        case LAUNCH_FAILED: *name = "CUDA_ERROR_LAUNCH_FAILED"; break;
        default: *name = 0; return INVALID_VALUE;
    }
    return SUCCESS;
}

API int cuGetErrorString(int error, const char **words) {
    *words = error == ILLEGAL_ADDRESS ? "an illegal memory access was encountered" : error == 100 ? "no CUDA-capable device is detected" : 0;
    return *words ? SUCCESS : INVALID_VALUE;
}

// ------------------------------------------------------------------------------------------------------------------- NVRTC

struct Program {
    std::string source, name, log, image;
    std::map<std::string, std::string> headers;
};

API int nvrtcVersion(int *major, int *minor) {
    LOCKED;
    *major = 13;
    *minor = 0;
    return called("nvrtcVersion");
}

API int nvrtcGetNumSupportedArchs(int *count) {
    LOCKED;
    *count = 2;
    return called("nvrtcGetNumSupportedArchs");
}

API int nvrtcGetSupportedArchs(int *architectures) {
    LOCKED;
    architectures[0] = 80;
    architectures[1] = 90;
    return called("nvrtcGetSupportedArchs");
}

API int nvrtcCreateProgram(void **program, const char *source, const char *name, int count, const char **headers,
                           const char **names) {
    LOCKED;
    int code = called("nvrtcCreateProgram");
    if (code) return code;
    Program *made = new Program{source, name, "", "", {}};
    for (int i = 0; i < count; i++) made->headers[names[i]] = headers[i];
    *program = made;
    live["program"]++;
    return SUCCESS;
}

static void put(const std::string &file, const std::string &text) {
    FILE *stream = fopen(file.c_str(), "wb");
    fwrite(text.data(), 1, text.size(), stream);
    fclose(stream);
}

static std::string get(const std::string &file) {
    std::string text;
    FILE *stream = fopen(file.c_str(), "rb");
    if (!stream) return text;
    char part[65536];
    size_t count;
    while ((count = fread(part, 1, sizeof part, stream)) > 0) text.append(part, count);
    fclose(stream);
    return text;
}

static const std::string device_header =
#include "device.inc"
    ;

API int nvrtcCompileProgram(void *handle, int count, const char **options) {
    LOCKED;
    int code = called("nvrtcCompileProgram");
    if (code) return code;
    bool known = false;
    for (int i = 0; i < count; i++) known |= strncmp(options[i], "--gpu-architecture=sm_", 22) == 0;
    if (!known) return 5;
    Program *program = (Program *)handle;
    char folder[] = "/tmp/flopscope-double-XXXXXX";
    if (!mkdtemp(folder)) return 11;
    std::string place = folder;
    std::string text = "#include \"device.h\"\n#line 1 \"" + program->name + "\"\n" + program->source + "\n";
    std::regex kernels("extern \"C\" __global__ void (?:__launch_bounds__\\([A-Z_0-9, ]+\\) )?([a-z_0-9]+)\\(");
    for (std::sregex_iterator match(program->source.begin(), program->source.end(), kernels), none; match != none; ++match) {
        std::string name = (*match)[1];
        text += "extern \"C\" void double_call_" + name + "(void **arguments) { double_invoke(" + name + ", arguments); }\n";
        std::string body = match->suffix();
        body = body.substr(0, body.find("extern \"C\""));
        if (std::regex_search(body, std::regex("\\b(over_block|over_warp|weigh_row|__syncthreads|__shfl_xor_sync)\\b"))) {
            text += "extern \"C\" void double_waits_" + name + "() {}\n";
        }
        text += "extern \"C\" void double_sizes_" + name + "(int *count, size_t *sizes) { double_sizes(" + name + ", count, sizes); }\n";
    }
    put(place + "/device.h", device_header);
    for (auto &header : program->headers) put(place + "/" + header.first, header.second);
    put(place + "/kernel.cpp", text);
    // Multiply-adds are fused on a device; here they are not, which is within the bounds of rounding.
    std::string command = "cd " + place + " && g++ -std=c++17 -O2 -fno-strict-aliasing -w -shared -fPIC -o kernel.so kernel.cpp 2>log";
    int status = system(command.c_str());
    program->log = get(place + "/log");
    if (status == 0) {
        std::string library = get(place + "/kernel.so");
        size_t bytes = library.size();
        program->image = std::string((const char *)&bytes, sizeof bytes) + library;
    }
    if (system(("rm -rf " + place).c_str()) != 0) return 11;
    return status == 0 ? SUCCESS : COMPILATION_FAILED;
}

API int nvrtcGetProgramLogSize(void *program, size_t *bytes) {
    LOCKED;
    *bytes = ((Program *)program)->log.size() + 1;
    return called("nvrtcGetProgramLogSize");
}

API int nvrtcGetProgramLog(void *program, char *log) {
    LOCKED;
    strcpy(log, ((Program *)program)->log.c_str());
    return called("nvrtcGetProgramLog");
}

API int nvrtcGetCUBINSize(void *program, size_t *bytes) {
    LOCKED;
    *bytes = ((Program *)program)->image.size();
    return called("nvrtcGetCUBINSize");
}

API int nvrtcGetCUBIN(void *program, char *image) {
    LOCKED;
    memcpy(image, ((Program *)program)->image.data(), ((Program *)program)->image.size());
    return called("nvrtcGetCUBIN");
}

API int nvrtcDestroyProgram(void **program) {
    LOCKED;
    delete (Program *)*program;
    *program = 0;
    live["program"]--;
    return called("nvrtcDestroyProgram");
}

API const char *nvrtcGetErrorString(int result) {
    return result == COMPILATION_FAILED ? "NVRTC_ERROR_COMPILATION" : "NVRTC_ERROR";
}

// ------------------------------------------------------------------------------------------------------------------ cuBLAS

API int cublasCreate_v2(void **handle) {
    CALLED("cublasCreate");
    *handle = malloc(1);
    live["cublas"]++;
    return SUCCESS;
}

API int cublasDestroy_v2(void *handle) {
    LOCKED;
    free(handle);
    live["cublas"]--;
    return called("cublasDestroy");
}

API int cublasGetVersion_v2(void *, int *version) {
    LOCKED;
    *version = 130000;
    return called("cublasGetVersion");
}

API int cublasSetStream_v2(void *, void *) {
    LOCKED;
    return called("cublasSetStream");
}

API int cublasSetMathMode(void *, int) {
    LOCKED;
    return called("cublasSetMathMode");
}

API int cublasSetWorkspace_v2(void *, void *workspace, size_t bytes) {
    LOCKED;
    int code = called("cublasSetWorkspace");
    return code ? code : inside((address)workspace, bytes) ? SUCCESS : STATUS_INVALID_VALUE;
}

struct Operand {
    address pointer;
    long long leading, stride;
};

/** The bytes from the first element of the first matrix to the last of the last. */
static size_t span(long long rows, long long columns, const Operand &operand, int batch) {
    return 4 * ((size_t)(batch - 1) * operand.stride + (columns - 1) * operand.leading + rows);
}

/** The nearest number with so many fewer bits of a fraction, the even one of two. */
static float rounded(float value, int dropped) {
    unsigned bits;
    memcpy(&bits, &value, 4);
    if (dropped && (bits & 0x7f800000u) != 0x7f800000u) {
        bits += (1u << (dropped - 1)) - 1 + (bits >> dropped & 1);
        bits &= ~0u << dropped;
    }
    memcpy(&value, &bits, 4);
    return value;
}

static int multiply(int ta, int tb, int m, int n, int k, const float *alpha, Operand a, Operand b, const float *beta, Operand c,
                    int batch, int dropped) {
    if (m < 0 || n < 0 || k < 0 || batch < 0) return STATUS_INVALID_VALUE;
    long long a_rows = ta ? k : m, a_columns = ta ? m : k, b_rows = tb ? n : k, b_columns = tb ? k : n;
    if (a.leading < a_rows || b.leading < b_rows || c.leading < m) return STATUS_INVALID_VALUE;
    if (m == 0 || n == 0 || batch == 0) return SUCCESS;
    if (!inside(a.pointer, span(a_rows, a_columns, a, batch)) || !inside(b.pointer, span(b_rows, b_columns, b, batch)) ||
        !inside(c.pointer, span(m, n, c, batch))) {
        last_error = "an operand of a product is not in memory of the device";
        return STATUS_EXECUTION_FAILED;
    }
    float factor = *alpha, kept = *beta;
    return ask([=] {
        for (int matrix = 0; matrix < batch; matrix++) {
            const float *left = (const float *)a.pointer + matrix * a.stride;
            const float *right = (const float *)b.pointer + matrix * b.stride;
            float *result = (float *)c.pointer + matrix * c.stride;
            for (long long column = 0; column < n; column++) {
                for (long long row = 0; row < m; row++) {
                    double sum = 0;
                    for (long long i = 0; i < k; i++) {
                        sum += (double)rounded(left[ta ? row * a.leading + i : i * a.leading + row], dropped) *
                               rounded(right[tb ? i * b.leading + column : column * b.leading + i], dropped);
                    }
                    float &target = result[column * c.leading + row];
                    target = (float)(factor * sum + (kept == 0 ? 0 : kept * target));
                }
            }
        }
        return SUCCESS;
    });
}

/** How many bits operands lose: CUBLAS_COMPUTE_32F, _FAST_TF32 and _FAST_16BF. Negative if cuBLAS would refuse. */
static int dropped_bits(int type_a, int type_b, int type_c, int compute) {
    if (type_a != 0 || type_b != 0 || type_c != 0) return -1;
    switch (compute) {
        case 68: return 0;
        case 77: ++calls["tf32"]; return 13;
        case 75: ++calls["bf16"]; return 16;
        default: return -1;
    }
}

API int cublasGemmEx(void *, int ta, int tb, int m, int n, int k, const void *alpha, address a, int type_a, int lda, address b,
                     int type_b, int ldb, const void *beta, address c, int type_c, int ldc, int compute, int) {
    CALLED("cublasGemmEx");
    int dropped = dropped_bits(type_a, type_b, type_c, compute);
    if (dropped < 0) return 15;
    return multiply(ta, tb, m, n, k, (const float *)alpha, {a, lda, 0}, {b, ldb, 0}, (const float *)beta, {c, ldc, 0}, 1,
                    dropped);
}

API int cublasGemmStridedBatchedEx(void *, int ta, int tb, int m, int n, int k, const void *alpha, address a, int type_a, int lda,
                                   long long stride_a, address b, int type_b, int ldb, long long stride_b, const void *beta,
                                   address c, int type_c, int ldc, long long stride_c, int batch, int compute, int) {
    CALLED("cublasGemmStridedBatchedEx");
    int dropped = dropped_bits(type_a, type_b, type_c, compute);
    if (dropped < 0) return 15;
    return multiply(ta, tb, m, n, k, (const float *)alpha, {a, lda, stride_a}, {b, ldb, stride_b}, (const float *)beta,
                    {c, ldc, stride_c}, batch, dropped);
}

API const char *cublasGetStatusString(int status) {
    return status == STATUS_INVALID_VALUE ? "CUBLAS_STATUS_INVALID_VALUE"
           : status == STATUS_EXECUTION_FAILED ? "CUBLAS_STATUS_EXECUTION_FAILED"
                                               : "CUBLAS_STATUS";
}

// ------------------------------------------------------------------------------------------------------- controls for tests

/** Forgets faults, errors and counts of calls; what is alive stays. */
API void double_reset() {
    LOCKED;
    queue.clear();
    failures.clear();
    calls.clear();
    last_error.clear();
    sticky = SUCCESS;
    device_bytes = 1ull << 30;
    driver_version = 13000;
    devices = 1;
    capability = 90;
}

/** The `nth` call of a function from now on, or of all functions if it is "*", returns `code` and does nothing. */
API void double_fail(const char *function, long long nth, int code) {
    LOCKED;
    failures[function] = {calls[function] + nth, code};
}

/** How many of something there are: context, memory, host memory, stream, event, module, program, cublas; or of all together. */
API long long double_live(const char *what) {
    LOCKED;
    long long sum = 0;
    for (auto &entry : live) {
        if (!strcmp(what, "all") || entry.first == what) sum += entry.second;
    }
    return sum;
}

API void double_memory(size_t bytes) {
    LOCKED;
    device_bytes = bytes;
}

API void double_machine(int version, int count, int of_compute) {
    LOCKED;
    driver_version = version;
    devices = count;
    capability = of_compute;
}

API long long double_calls(const char *function) {
    LOCKED;
    return calls[function];
}

API const char *double_last_error() { return last_error.c_str(); }
