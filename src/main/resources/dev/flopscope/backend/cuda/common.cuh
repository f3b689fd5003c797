// What the kernels share. Matrices are of float32, row by row without gaps. A block has whole warps of threads: as many as there are
// elements to share, since threads with nothing to do still wait at every barrier.

#define MOST_THREADS 512
#define WARP 32
// NVRTC has no header that defines it.
#undef INFINITY
#define INFINITY __int_as_float(0x7f800000)
#define WHOLE_WARP 0xffffffffu

typedef long long extent;

// The elements that a thread takes, one after the other: threads side by side take elements side by side, so that a warp reads
// whole lines of memory.
#define FOR_EACH(i, n)                                                                  \
    for (extent i = (extent)blockIdx.x * blockDim.x + threadIdx.x; i < (n); i += (extent)gridDim.x * blockDim.x)

// The rows that a block takes.
#define FOR_EACH_ROW(row, rows) for (extent row = blockIdx.x; row < (rows); row += gridDim.x)

struct Sum {
    static __device__ __forceinline__ float of(float a, float b) { return a + b; }
    static __device__ __forceinline__ float none() { return 0.0f; }
};

// NaN is larger than any number, so that it is not lost.
struct Maximum {
    static __device__ __forceinline__ float of(float a, float b) { return a >= b || a != a ? a : b; }
    static __device__ __forceinline__ float none() { return -INFINITY; }
};

// Puts together one value of each thread of a warp, and gives the result to all of them. Every thread of the warp must come here.
template <typename Operation>
__device__ __forceinline__ float over_warp(float value) {
    for (int distance = WARP / 2; distance > 0; distance /= 2) {
        value = Operation::of(value, __shfl_xor_sync(WHOLE_WARP, value, distance));
    }
    return value;
}

// The same of a block: first within each warp, then what the warps have. Every thread of the block must come here.
template <typename Operation>
__device__ __forceinline__ float over_block(float value) {
    __shared__ float of_warps[MOST_THREADS / WARP];
    value = over_warp<Operation>(value);
    // What was put together before may still be read.
    __syncthreads();
    if (threadIdx.x % WARP == 0) {
        of_warps[threadIdx.x / WARP] = value;
    }
    __syncthreads();
    float all = Operation::none();
    for (unsigned warp = 0; warp < blockDim.x / WARP; warp++) {
        all = Operation::of(all, of_warps[warp]);
    }
    return all;
}
