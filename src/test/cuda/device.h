// Makes a file of CUDA C compile as C++, so that a processor runs it: the double of NVRTC puts this before every kernel.
// A block's threads run one after the other, each on a stack of its own; double.cpp switches between them where they wait.

#pragma once

#include <math.h>
#include <string.h>
#include <utility>

// NVRTC has the functions of this header and not its macros.
#undef INFINITY
#undef NAN
#undef M_PI

struct uint3 {
    unsigned x, y, z;
};

struct float4 {
    float x, y, z, w;
};

static inline float __int_as_float(int bits) {
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline float4 make_float4(float x, float y, float z, float w) { return float4{x, y, z, w}; }

/** What the double tells a kernel, and does for it. */
struct Runtime {
    uint3 thread_index, block_index, block_dim, grid_dim;
    void (*barrier)();
    unsigned (*shuffle)(unsigned mask, unsigned bits, int lane_mask);
};

static Runtime *runtime;

extern "C" void double_attach(Runtime *of_double) { runtime = of_double; }

#define __global__
#define __device__
#define __forceinline__ inline
#define __restrict__
#define __launch_bounds__(...)
// One block runs at a time, so that one place is enough for all.
#define __shared__ static
#define threadIdx (runtime->thread_index)
#define blockIdx (runtime->block_index)
#define blockDim (runtime->block_dim)
#define gridDim (runtime->grid_dim)

static inline void __syncthreads() { runtime->barrier(); }

static inline float __shfl_xor_sync(unsigned mask, float value, int lane_mask) {
    unsigned bits;
    memcpy(&bits, &value, sizeof bits);
    bits = runtime->shuffle(mask, bits, lane_mask);
    memcpy(&value, &bits, sizeof value);
    return value;
}

/** Calls a kernel with arguments as cuLaunchKernel gets them: an address of each. */
template <typename... Arguments, size_t... I>
static void double_invoke(void (*kernel)(Arguments...), void **addresses, std::index_sequence<I...>) {
    kernel(*(Arguments *)addresses[I]...);
}

template <typename... Arguments>
static void double_invoke(void (*kernel)(Arguments...), void **addresses) {
    double_invoke(kernel, addresses, std::index_sequence_for<Arguments...>{});
}

template <typename... Arguments>
static void double_sizes(void (*)(Arguments...), int *count, size_t *sizes) {
    size_t of_all[] = {sizeof(Arguments)..., 0};
    *count = sizeof...(Arguments);
    memcpy(sizes, of_all, sizeof of_all);
}
